"""Many organisations in one request: each stands alone."""

from typing import Any


def an_item(key: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "action": "create", "body": {"name": f"Organisation {key}"}} | more


async def test_every_item_is_answered_alone_and_in_order(contacts):
    answers = await contacts.batch(
        "organisations",
        an_item("a"),
        an_item("b", body={}),
        an_item("c", action="invent"),
        an_item("d", action="retire", body={}),
        an_item("e"),
    )
    assert [(one["key"], one["status"]) for one in answers] == [
        ("a", 201), ("b", 422), ("c", 422), ("d", 422), ("e", 201),
    ]  # fmt: skip
    wrong = [one["problem"]["errors"][0] for one in answers if one["status"] == 422]
    assert [(one["pointer"], one["code"]) for one in wrong] == [
        ("/name", "required"), ("/action", "not_one_of"), ("/id", "required"),
    ]  # fmt: skip


async def test_a_batch_sent_again_is_answered_the_same(contacts):
    items = [an_item(f"k{n}") for n in range(100)]
    first = await contacts.batch("organisations", *items)
    again = await contacts.batch("organisations", *items)
    assert [one["id"] for one in first] == [one["id"] for one in again]
    assert {one["replayed"] for one in again} == {True}


async def test_a_key_used_for_something_else_is_refused(contacts):
    await contacts.batch("organisations", an_item("a"))
    answers = await contacts.batch("organisations", an_item("a", body={"name": "Another"}))
    assert answers[0]["problem"]["code"] == "idempotency_key_reused"


async def test_items_on_one_record_run_in_order(contacts, installed):
    answers = await contacts.batch(
        "organisations",
        an_item("a"),
        an_item("b", action="alias", id="@a", body={"alias": "One"}),
        an_item("c", action="alias", id="@b", body={"alias": "Two"}),
        an_item("d", action="retire", id="@a", body={}),
    )
    assert [one["status"] for one in answers] == [201, 200, 200, 200]
    assert await installed.events("contacts", answers[0]["id"]) == [
        "registered", "alias_added", "alias_added", "retired",
    ]  # fmt: skip


async def test_an_item_names_only_what_came_before_it(contacts):
    answers = await contacts.batch(
        "organisations", an_item("a", action="retire", id="@b", body={}), an_item("b")
    )
    assert [one["status"] for one in answers] == [422, 201]


async def test_two_puts_of_one_external_id_in_a_batch_make_one_record(contacts):
    put = {"action": "put_external", "system": "ocha", "external_id": "7"}
    answers = await contacts.batch("organisations", an_item("a", **put), an_item("b", **put))
    assert [one["status"] for one in answers] == [201, 200]
    assert answers[0]["id"] == answers[1]["id"]


async def test_an_external_item_without_its_id_names_the_field(contacts):
    answers = await contacts.batch(
        "organisations", an_item("a", action="put_external", system="ocha")
    )
    assert answers[0]["status"] == 422


async def test_the_scenarios_clock_is_the_loaders_alone(contacts, installed):
    item = an_item("a", scenario_time="2029-01-01T00:00:00Z")
    answers = await contacts.batch("organisations", item)
    assert answers[0]["status"] == 201  # the officer is no loader: the real clock holds
