"""Weekly posting times, and which of them are free."""
