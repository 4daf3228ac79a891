"""Emergency access (break-glass): named caveats opened for hours, with a reason, loudly, every read noted."""
