"""The `clipcue` command line: one module a command, each with a `COMMAND`."""
