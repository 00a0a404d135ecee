"""Images: what TikTok takes, made so and drawn by processes of their own."""
