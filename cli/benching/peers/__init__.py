"""Other libraries doing the same work, each in an environment of its own. Nothing here is imported by us."""
