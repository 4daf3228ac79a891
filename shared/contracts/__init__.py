"""Every event of the platform, once, with the group of each field: what can happen."""
