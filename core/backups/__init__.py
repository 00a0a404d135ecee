"""Backups: everything in one file, and back from it without publishing anything twice."""
