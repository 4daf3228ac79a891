"""What can keep an installation from starting; each message is a sentence its user can act on."""


class LocalError(Exception):
    """One clear sentence for the person at the keyboard."""
