"""Posts over time: gaps are told, what overlaps stands in lanes, and everything fits on the strip."""

from datetime import date

from services.gateway.web.holdings import WIDTH, bars, now, of_person, of_post, with_gaps

TODAY = date(2026, 11, 23)


def _post(id_: str, *holders: tuple[str, str, str | None]) -> dict[str, object]:
    held = [{"person_id": who, "since": since, "until": until} for who, since, until in holders]
    return {"id": id_, "identity": {"holders": held}}


CHAIR = _post("chair", ("a", "2019-02-01", "2020-06-30"), ("b", "2020-07-01", "2020-12-31"),
              ("c", "2022-01-10", None))  # fmt: skip


def test_a_gap_stands_between_the_last_day_of_one_and_the_first_of_the_next() -> None:
    shown = with_gaps(of_post(CHAIR), TODAY)
    assert [one.person_id for one in shown] == ["a", "b", None, "c"]
    assert (shown[2].since, shown[2].until) == (date(2021, 1, 1), date(2022, 1, 9))


def test_a_post_that_was_left_is_vacant_to_this_day() -> None:
    shown = with_gaps(of_post(_post("x", ("a", "2020-01-01", "2021-01-01"))), TODAY)
    assert (shown[-1].is_gap, shown[-1].until) == (True, None)


def test_a_person_is_found_under_every_id_the_records_were_merged_from() -> None:
    posts = [CHAIR, _post("other", ("d", "2018-01-01", None))]
    assert [one.post_id for one in of_person(posts, {"a", "d"})] == ["other", "chair"]


def test_who_leaves_today_still_holds_it_today() -> None:
    held = of_post(_post("x", ("a", "2020-01-01", "2026-11-23"), ("b", "2026-11-24", None)))
    assert [one.person_id for one in now(held, TODAY)] == ["a"]


def test_bars_that_overlap_stand_in_lanes_and_all_end_on_the_strip() -> None:
    posts = [_post("x", ("a", "2015-05-01", None)), _post("y", ("a", "2022-01-10", None))]
    found = bars(of_person(posts, {"a"}), TODAY)
    assert [bar.lane for bar in found] == [0, 1]
    assert all(bar.x + bar.width <= WIDTH + 0.01 for bar in found)


def test_nobody_is_told_of_holders_that_are_withheld() -> None:
    assert of_post({"id": "x", "identity": None}) == []
