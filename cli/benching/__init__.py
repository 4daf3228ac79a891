"""The parts of `./parley bench`."""
