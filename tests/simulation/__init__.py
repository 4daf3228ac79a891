"""Deterministic simulation: append, relay and projection over fakes, under a seeded scheduler."""
