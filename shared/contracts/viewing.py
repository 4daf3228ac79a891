"""What can happen to a viewing: somebody looked at what others see, and went back to his own view."""

from typing import Literal

from shared.contracts.event import DomainEvent, Labelled
from shared.ids import RecordId
from shared.values import Moment, Word


class ViewingBegan(Labelled):
    """`account_id` looks as somebody of `audience` until `until`, and sees nothing he does not read himself.

    `audience`: a community, or `org:` and the id of an organisation's record.
    """

    type: Literal["viewing.began.v1"] = "viewing.began.v1"
    account_id: Word
    organisation_id: RecordId
    audience: Word
    began_at: Moment
    until: Moment


class ViewingLeft(DomainEvent):
    """Before its time was over."""

    type: Literal["viewing.left.v1"] = "viewing.left.v1"
    left_at: Moment


ViewingEvent = ViewingBegan | ViewingLeft
