"""The chaos soak: a private installation under load while its processes are killed, then every checker."""
