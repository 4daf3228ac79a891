"""The path of every write."""
