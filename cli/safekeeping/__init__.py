"""The parts of `./parley backup` and `./parley restore`."""
