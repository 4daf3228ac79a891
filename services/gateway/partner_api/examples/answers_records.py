"""Examples of records as somebody sees them, one of each kind."""

from services.gateway.partner_api.examples.ids import (
    ATTACHMENT,
    COMMITMENT,
    ENGAGEMENT,
    ORGANISATION,
    OTHER_ORGANISATION,
    PERSON,
    PLACE,
    POST,
    Json,
)

_LABEL: Json = {"level": "unclassified", "releasable_to": [["un"], ["mil"]]}


def _record(record_id: str, title: str, **more: object) -> Json:
    return {
        "id": record_id,
        "kind": record_id.partition("_")[0],
        "version": "v7Kq2",
        "label": _LABEL,
        "tags": [],
        "title": {"text": title, "lang": "en"},
        "owner": ORGANISATION,
        "recorded_at": "2030-01-01T08:00:00Z",
        "updated_at": "2030-01-01T08:00:00Z",
        **more,
    }


ENGAGEMENT_SHOWN = _record(
    ENGAGEMENT,
    "Cattle corridor talks",
    status="planned",
    engagement_type="routine_liaison",
    starts_at="2030-01-02T09:00:00Z",
    ends_at="2030-01-02T10:00:00Z",
    place={"text": "Malakal", "place_id": PLACE, "area": "SS0707"},
    participants=[{"side": "counterpart", "person_id": PERSON}],
    withheld=["own_side", "source"],
)
VIEWS: dict[str, Json] = {
    "OrganisationView": _record(
        OTHER_ORGANISATION, "Invented Relief Committee", status="active", organisation_kind="ngo"
    ),
    "PlaceView": _record(
        PLACE,
        "Malakal",
        status="active",
        level="admin2",
        pcode="SS0707",
        point={"lat": 9.53, "lon": 31.65},
    ),
    "PersonView": _record(
        PERSON,
        "Paramount chief, Akobo",
        status="active",
        withheld=["identity", "protocol", "private"],
    ),
    "PostView": _record(
        POST,
        "County commissioner, Akobo",
        status="active",
        area="SS0303",
        identity={"holders": [{"person_id": PERSON, "since": "2030-01-02"}]},
    ),
    "EngagementView": ENGAGEMENT_SHOWN,
    "CommitmentView": _record(
        COMMITMENT,
        "Escort the vaccination team to Akobo",
        status="open",
        direction="by_us",
        by={"organisation_id": ORGANISATION},
        to={"organisation_id": OTHER_ORGANISATION},
        due_at="2030-02-01T16:00:00Z",
        overdue=False,
    ),
    "AttachmentView": _record(
        ATTACHMENT, "minutes.pdf", of=COMMITMENT, media_type="application/pdf", size_bytes=48213
    ),
    "RecordView": ENGAGEMENT_SHOWN,
}
