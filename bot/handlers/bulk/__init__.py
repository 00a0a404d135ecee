"""Many posts at once: clips sent together, and sheets."""
