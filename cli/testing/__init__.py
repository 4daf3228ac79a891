"""How `./parley test` runs the suite: in parts side by side, each told of by a plugin."""
