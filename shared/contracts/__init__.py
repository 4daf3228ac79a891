"""Every event of the platform, once, with the group of each field. "What can happen?" is answered here."""
