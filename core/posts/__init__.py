"""Posts before they are due: written, agreed to, changed, undone."""
