"""Tests of the `clipcue` command line."""
