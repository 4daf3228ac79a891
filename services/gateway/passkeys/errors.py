"""Why a device was not believed. The words are for the log: they hold nothing it told."""


class NotProvenError(Exception):
    """Its answer does not hold. Whoever sent it hears the same whatever was wrong."""
