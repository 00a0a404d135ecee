"""Clips that are too big for the messenger: links to the upload page, and what comes in over it."""
