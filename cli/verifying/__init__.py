"""The parts of `./parley verify` and `./parley export-log`."""
