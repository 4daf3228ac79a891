"""What reporting needs to know at start."""

from shared.bus import Address as StreamAddress
from shared.key_ring import KeyRing
from shared.settings import Address, ServiceSettings


class ReportingSettings(ServiceSettings):
    """`read_url`: the reading role, under forced row security; `projector_url`: the writing one."""

    read_url: Address
    projector_url: Address

    def stream(self, service: str) -> StreamAddress:
        """The stream of `service` at this site."""
        return StreamAddress(self.mission, self.site, service)

    def wrapping(self, service: str) -> KeyRing:
        """With which the keys of `service` are wrapped."""
        return KeyRing(self.secrets_dir / f"kek-{service}.key")
