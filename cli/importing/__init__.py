"""`./parley import`: organisations or places from a file, through the gateway."""

from cli.importing.command import main

__all__ = ["main"]
