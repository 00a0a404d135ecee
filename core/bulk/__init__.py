"""Many posts at once: batches of clips, and sheets."""
