"""How `./parley test` runs the suite: in lanes side by side, each told of by a plugin."""
