"""TikTok accounts of creators: connected, reconnected, renewed."""
