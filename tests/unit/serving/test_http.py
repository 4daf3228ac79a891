"""How a service answers over HTTP: who is let in, what a wrong request is told, its health."""

import hashlib
from typing import Any

import orjson
import pytest

from shared.http import create_service
from shared.http_edge import BODY_LIMIT_BYTES
from shared.ids import Kind, RecordId
from shared.json_shape import is_no_text, nesting_exceeds
from shared.principal_signing import HEADER, Signer
from shared.settings import ServiceSettings
from tests.unit.serving.service import PLAN, Service, fails, lifespan, serving, works


async def test_a_signed_caller_is_let_in(service: Service) -> None:
    answer = await service.call("GET", "/who")

    assert answer.json == {"subject": "user:1", "language": "fr"}


async def test_what_is_sent_where_nobody_reads_it_means_nothing(service: Service) -> None:
    answer = await service.call("GET", "/who", b"--part 1e400")

    assert answer.status == 200


async def test_nobody_else_is_let_in(service: Service) -> None:
    answer = await service.call("GET", "/who", headers={HEADER: "invented.header"})

    assert answer.status == 401
    assert answer.json["code"] == "unauthenticated"


async def test_the_signature_covers_an_encoded_path_and_query(service: Service) -> None:
    target = f"/records/{RecordId.new(Kind.ENGAGEMENT)}?page_size=20&q=a%20b%2Fc"

    answer = await service.call("GET", target)

    assert answer.status == 200


async def test_a_write_carries_its_headers_into_the_command(service: Service) -> None:
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    answer = await service.plan(
        PLAN,
        Parley_Expected_Version="7",
        Parley_Validate_Only="true",
        traceparent=f"00-{trace_id}-00f067aa0ba902b7-01",
    )

    command = answer.json
    assert command["route"] == "POST /engagements"
    assert command["key"] == "k-1"
    assert command["digest"] == hashlib.sha256(orjson.dumps(PLAN)).hexdigest()
    assert command["expected_version"] == 7
    assert command["validate_only"] is True
    assert command["traceparent"].split("-")[1] == trace_id
    assert command["traceparent"].split("-")[2] != "00f067aa0ba902b7"


async def test_a_write_without_idempotency_key_is_malformed(service: Service) -> None:
    answer = await service.call("POST", "/engagements", orjson.dumps(PLAN))

    assert (answer.status, answer.json["code"]) == (400, "idempotency_key_required")


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"purpos": "x"}, "/purpos", "unknown_field"),
        ({"starts_at": "2030-01-02T09:00:00"}, "/starts_at", "zone_required"),
        ({"ends_at": "2030-01-01T09:00:00Z"}, "/ends_at", "invalid"),
        ({"place": {"place_id": None, "name": None}}, "/place/place_id", "invalid"),
        ({"type": "party"}, "/type", "not_one_of"),
        ({"purpose": ""}, "/purpose", "too_short"),
        ({"purpose": {"text": "x"}}, "/purpose/lang", "required"),
        ({"purpose": "x" * 10_001}, "/purpose", "too_long"),
        ({"purpose": None}, "/purpose", "wrong_type"),
        ({"participants": [{"side": "ours"}]}, "/participants/0", "invalid"),
        ({"participants": [{"side": "ours", "nam": "x"}]}, "/participants/0/nam", "unknown_field"),
        ({"label": {"level": "confidential", "to": []}}, "/label/to", "unknown_field"),
        ({"group_labels": {"no_such": {}}}, "/group_labels/no_such", "unknown_field"),
    ],
)
async def test_a_wrong_field_is_named(
    service: Service, change: dict[str, Any], pointer: str, code: str
) -> None:
    answer = await service.plan(PLAN | change)

    assert answer.status == 422
    assert answer.wrong_fields[pointer] == code


async def test_a_problem_has_the_whole_shape(service: Service) -> None:
    answer = await service.plan(
        PLAN | {"a/b": 1}, traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    )

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json == {
        "type": "urn:parley:problem:invalid",
        "title": "Some fields are not right",
        "status": 422,
        "detail": "Some fields are not right; nothing was changed.",
        "instance": "/engagements",
        "code": "invalid",
        "request_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "errors": [
            {
                "pointer": "/a~1b",
                "code": "unknown_field",
                "detail": "There is no such field, or it may not be set by you.",
            }
        ],
    }


async def test_our_own_errors_keep_their_code_and_field(service: Service) -> None:
    answer = await service.call("GET", "/invalid")

    assert (answer.status, answer.wrong_fields) == (422, {"/place/name": "ambiguous"})


async def test_a_rule_that_says_no_is_a_conflict(service: Service) -> None:
    answer = await service.call("GET", "/rejects")

    assert (answer.status, answer.json["detail"]) == (409, "This engagement is already held.")


async def test_an_impossible_id_and_an_unknown_path_are_both_not_found(service: Service) -> None:
    impossible = await service.call("GET", "/records/engagement_nonsense")
    unknown = await service.call("GET", "/no/such/path")

    assert impossible.status == unknown.status == 404
    assert impossible.json["detail"] == unknown.json["detail"]


async def test_a_wrong_query_parameter_is_named(service: Service) -> None:
    answer = await service.call("GET", f"/records/{RecordId.new(Kind.ENGAGEMENT)}?page_size=many")

    assert list(answer.wrong_fields) == ["?page_size"]


async def test_a_fault_of_ours_is_a_500_that_tells_nothing(
    service: Service, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = await service.call("GET", "/breaks")

    assert (answer.status, answer.json["code"]) == (500, "internal")
    assert b"Canary-7" not in answer.body


async def test_an_outage_that_will_pass_is_a_503_that_says_when_to_come_back(
    service: Service,
) -> None:
    answer = await service.call("GET", "/meets-an-outage")

    assert (answer.status, answer.json["code"]) == (503, "busy")
    assert answer.headers["Retry-After"] == "1"
    assert b"Canary-7" not in answer.body


async def test_a_body_that_is_not_json_is_malformed(service: Service) -> None:
    answer = await service.call("POST", "/engagements", b"{", {"Idempotency-Key": "k-1"})

    assert (answer.status, answer.json["code"]) == (400, "malformed")


async def test_a_body_over_the_limit_is_too_large(service: Service) -> None:
    answer = await service.call("POST", "/engagements", b" " * (BODY_LIMIT_BYTES + 1))

    assert (answer.status, answer.json["code"]) == (413, "too_large")


async def test_a_body_nested_too_deep_is_malformed(service: Service) -> None:
    answer = await service.call("POST", "/engagements", b"[" * 33 + b"]" * 33)

    assert (answer.status, answer.json["code"]) == (400, "malformed")


NO_TEXT = {
    "half": rb'{"purpose": "\ud83d"}',
    "halves turned round": rb'{"purpose": "\ude00\ud83d"}',
    "half as bytes": b'{"purpose": "\xed\xa0\xbd"}',
    "half in a name": rb'{"\uDFFF": 1}',
    "another encoding": '{"purpose": "Talks"}'.encode("utf-16-le"),
}


@pytest.mark.parametrize("body", NO_TEXT.values(), ids=NO_TEXT)
async def test_a_body_that_holds_what_is_no_character_is_malformed(
    service: Service, body: bytes
) -> None:
    answer = await service.call("POST", "/engagements", body, {"Idempotency-Key": "k-1"})

    assert (answer.status, answer.json["code"]) == (400, "malformed")


@pytest.mark.parametrize("text", [r"\ud83d\ude00", r"\\ud83d", r"\u00e9\"\\\\", "\U0001f600"])
def test_a_text_may_hold_any_character_and_name_what_is_none(text: str) -> None:
    assert not is_no_text(f'{{"purpose": "{text}"}}'.encode())


def test_brackets_inside_text_are_not_depth() -> None:
    body = orjson.dumps({"purpose": '[{"' * 100, "next": "\\"})

    assert not nesting_exceeds(body, 32)


async def test_a_method_nobody_offers_is_405(service: Service) -> None:
    answer = await service.call("DELETE", "/who")

    assert (answer.status, answer.json["code"]) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET"


MULTIPART = {"Content-Type": "multipart/form-data; boundary=part"}


@pytest.mark.parametrize("body", [b"--part 1e400", b"[" * 33 + b"]" * 33], ids=["number", "depth"])
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
async def test_a_method_nobody_offers_is_405_whatever_came_along(
    service: Service, method: str, body: bytes
) -> None:
    answer = await service.call(method, "/who", body, MULTIPART)

    assert (answer.status, answer.json["code"]) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET"


async def test_an_address_that_is_none_is_not_found_whatever_came_along(service: Service) -> None:
    answer = await service.call("POST", "/nowhere", b"1e400")

    assert answer.status == 404


async def test_a_service_whose_checks_pass_is_ready(service: Service) -> None:
    answer = await service.call("GET", "/health/ready")

    assert answer.json == {"status": "ready", "checks": {"database": "ok"}}


async def test_a_service_with_a_failing_check_lives_but_is_not_ready(
    settings: ServiceSettings, signer: Signer
) -> None:
    app = create_service(settings, [], lifespan, {"database": fails, "bus": works})
    async with serving(app, signer) as service:
        live = await service.call("GET", "/health/live")
        ready = await service.call("GET", "/health/ready")

    assert live.status == 200
    assert ready.status == 503
    assert ready.json["checks"] == {"database": "failing", "bus": "ok"}
