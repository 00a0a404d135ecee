"""Posts that are due: claimed, brought to TikTok, asked about."""
