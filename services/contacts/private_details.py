"""Private details of a person, shown to whoever has just recorded that he reads them."""

from pydantic import BaseModel, ConfigDict

from services.contacts.person import person as people
from shared.commands_kit import Kit, Outcome
from shared.contracts.event import Group
from shared.contracts.people import ContactDetail
from shared.errors import NotFoundError
from shared.http_commands import Accepted
from shared.labels import reads
from shared.principal import Principal
from shared.record_state import effective, fold
from shared.values import Text


class PrivateDetails(BaseModel):
    model_config = ConfigDict(frozen=True)
    contact_details: tuple[ContactDetail, ...] = ()
    private_note: Text | None = None


class PrivateAnswer(Accepted):
    """What came of a reading, with what was read; without it when it was only validated."""

    private: PrivateDetails | None = None


async def details_as_read(kit: Kit, outcome: Outcome, principal: Principal) -> PrivateAnswer:
    """What stood there when `outcome`'s reading was recorded, for whoever still reads the group.

    Raises NotFoundError for a caller who lost it since. A repeated request so shows what its one recorded
    reading covers, and nothing newer.
    """
    if outcome.validated:
        return PrivateAnswer(**Accepted.of(outcome).model_dump())
    opened = await kit.vault.open_all(await kit.store.load(str(outcome.id)))
    labels = fold(people, outcome.id, opened).labels
    if not reads(principal.clearance, effective(labels, Group.PRIVATE)):
        raise NotFoundError
    before = [one for one in opened if one.recorded.version <= outcome.version]
    content = fold(people, outcome.id, before).state.content
    noted = content.private if content else None
    shown = PrivateDetails.model_validate(noted.model_dump(exclude={"type"}) if noted else {})
    return PrivateAnswer(**Accepted.of(outcome).model_dump(), private=shown)
