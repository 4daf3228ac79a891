"""What each service may do on the bus. Nobody may purge or change a stream; its writer may make it anew."""

from dataclasses import dataclass

DECIDING = ("contacts", "engagements", "gateway")
# Whose streams a service reads.
READS = {
    "contacts": (),
    "engagements": ("contacts",),
    "reporting": DECIDING,
    "gateway": (),
}

# Who stores files.
KEEPS_OBJECTS = ("engagements",)


@dataclass(frozen=True, slots=True)
class Permissions:
    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def permissions_of(service: str, mission: str, site: str) -> Permissions:
    """Every subject `service` may use at this mission and site."""
    publish: list[str] = []
    subscribe = [f"_INBOX_{service}.>"]
    if service in DECIDING:
        publish += _writes(service, mission, site)
    if service in KEEPS_OBJECTS:
        publish += _keeps(f"parley-{mission}-{site}-{service}")
    for source in READS[service]:
        publish += _reads(f"parley-{mission}-{site}-{source}")
    wake = f"parley.{mission}.{site}.wake.reporting"
    if service == "reporting":
        publish.append(wake)
    if service == "gateway":
        subscribe.append(wake)
    return Permissions(tuple(dict.fromkeys(publish)), tuple(subscribe))


def _writes(service: str, mission: str, site: str) -> list[str]:
    """Its own events, and making its stream, looking at it, and making it anew (shared/stream.py)."""
    stream = f"parley-{mission}-{site}-{service}"
    return [
        f"parley.{mission}.{site}.{service}.>",
        f"$JS.API.STREAM.CREATE.{stream}",
        f"$JS.API.STREAM.DELETE.{stream}",
        f"$JS.API.STREAM.INFO.{stream}",
        f"$JS.API.STREAM.MSG.GET.{stream}",
    ]


def _keeps(stream: str) -> list[str]:
    """Its own files: making their stream, writing, and reading one by its name (shared/object_store.py)."""
    objects = f"{stream}-objects"
    return [
        f"{objects}.>",
        f"$JS.API.STREAM.CREATE.{objects}",
        f"$JS.API.STREAM.INFO.{objects}",
        f"$JS.API.STREAM.MSG.GET.{objects}",
    ]


def _reads(stream: str) -> list[str]:
    """A consumer of its own without acknowledgements (shared/consumer.py)."""
    return [
        f"$JS.API.STREAM.INFO.{stream}",
        f"$JS.API.CONSUMER.CREATE.{stream}.*",
        f"$JS.API.CONSUMER.INFO.{stream}.*",
        f"$JS.API.CONSUMER.MSG.NEXT.{stream}.*",
    ]
