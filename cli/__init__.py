"""The command line: one file per command, and `bootstrap`, which makes the environment they run in."""
