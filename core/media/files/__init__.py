"""Clip and photo files on this machine: where they are kept, written, and handed over."""
