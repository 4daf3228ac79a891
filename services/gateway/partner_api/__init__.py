"""The public API: one implementation for every kind of record."""
