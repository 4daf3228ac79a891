"""What reporting needs to know at start."""

from shared.bus import Address as StreamAddress
from shared.settings import Address, ServiceSettings


class ReportingSettings(ServiceSettings):
    """`read_url`: the reading role, under forced row security; `projector_url`: the writing one."""

    read_url: Address
    projector_url: Address

    def stream(self, service: str) -> StreamAddress:
        """The stream of `service` at this site."""
        return StreamAddress(self.mission, self.site, service)

    def key_encryption_key(self, service: str) -> bytes:
        """With which the keys of `service` are wrapped."""
        return self.secret(f"kek-{service}.key")
