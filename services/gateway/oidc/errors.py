"""Why nobody was let in by a provider's word. The words are for the log: they hold nothing it told."""


class ProviderError(Exception):
    """`code`: what the sign-in page says of it."""

    code = "provider"


class ProviderAwayError(ProviderError):
    """It does not answer, or not as a provider should."""

    code = "provider_away"


class NotBelievedError(ProviderError):
    """What it says, or what somebody says in its name, does not hold."""

    code = "provider_refused"


class UnknownIdentityError(ProviderError):
    """It knows the person, and no account here is linked to him."""

    code = "provider_unknown"
