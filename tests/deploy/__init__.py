"""Deployment by compose: what its files promise, and a run of it on a real engine."""
