"""Memory of a process that is about to serve."""

import gc
from typing import TypeVar

T = TypeVar("T")


def settled(made: T) -> T:
    """`made`; the collector of garbage never again looks through what is there by now.

    Modules and models are some hundred thousand objects: to go through them takes as long as many requests.
    """
    gc.collect()
    gc.freeze()
    return made
