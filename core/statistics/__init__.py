"""How posts did, and when they do well."""
