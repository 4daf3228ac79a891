"""The command line: a file per command, and `bootstrap`, which makes their environment."""
