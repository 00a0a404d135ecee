"""Clips as files: where they are kept, what they are, and what TikTok allows of them."""
