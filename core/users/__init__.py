"""Creators, how they want to be spoken to, and what is held of them."""
