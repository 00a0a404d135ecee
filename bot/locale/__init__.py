"""The catalogs: each message of the code, in the languages that creators read."""
