"""Posts looked through: lists by pages, months by days."""
