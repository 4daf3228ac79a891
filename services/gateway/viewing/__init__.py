"""Viewing as others: what an audience sees, as far as whoever looks reads it himself. Nothing is ordered."""
