"""The business: accounts, clips, posts and their way to TikTok. Knows no Telegram."""
