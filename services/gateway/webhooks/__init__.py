"""Webhooks: what changes for a client, brought to an address of its own."""
