"""Examples of what callers are told of jobs."""

from services.gateway.partner_api.examples.ids import Json

_ID = "3f2a9c0d5b1e4f6788aa10c2d4e6f809"
_JOB: Json = {
    "id": _ID,
    "work": "export",
    "records": "engagements",
    "format": "csv",
    "state": "done",
    "progress": {"rows": 1240},
    "file": f"/v1/jobs/{_ID}/file",
    "asked_at": "2030-01-02T09:00:00Z",
    "ended_at": "2030-01-02T09:00:02Z",
    "expires_at": "2030-01-03T09:00:00Z",
}
_REJECTED: Json = {
    "row": 17,
    "line": 18,
    "status": 422,
    "code": "invalid",
    "detail": "Some fields are not right; nothing was changed.",
    "errors": [{"pointer": "/name", "code": "required", "detail": "This field is required."}],
}

JOBS: dict[str, Json] = {
    "JobView": _JOB,
    "JobsShown": {"items": [_JOB], "next_cursor": None},
    "RejectedRows": {"items": [_REJECTED], "next_cursor": None},
}
