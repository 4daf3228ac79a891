"""Figures of benchmarks: ratios of pairs measured in turn, and a table that says what was met."""

from cli.benching import pairing
from cli.benching.pairing import Figure, compared
from cli.benching.result import Result, table


async def test_a_ratio_is_the_median_of_pairs_measured_in_turn(monkeypatch) -> None:
    told: list[str] = []
    rates = iter([1.0, 10.0, 40.0, 20.0, 30.0, 20.0])

    async def ours(seconds: float) -> float:
        told.append("ours")
        return next(rates)

    async def other(seconds: float) -> float:
        told.append("other")
        return 10.0

    monkeypatch.setattr(pairing, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(pairing, "QUIET", 2.0)
    result = await compared(Figure("it", "events/s", 2), ours, other)
    assert told == ["ours", "other"] * 6
    assert (result.ratio, result.spread, result.met) == (2.0, (1.0, 4.0), True)


async def test_a_noisy_pair_is_repeated_twice_and_then_told(monkeypatch) -> None:
    runs: list[float] = []

    async def side(seconds: float) -> float:
        runs.append(seconds)
        return 1.0

    monkeypatch.setattr(pairing, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(pairing, "QUIET", -1.0)
    result = await compared(Figure("it", "events/s", None), side, side)
    assert result.noisy == 5
    assert len(runs) == 2 * (1 + 5 * 3)


def test_a_goal_is_met_from_below_or_from_above() -> None:
    low = Result("low", 1, 2, "s", goal=1.5, lower_is_better=True, ratio=1.4)
    high = Result("high", 1, 2, "s", goal=1.5, ratio=1.4)
    assert (low.met, high.met) == (True, False)
    assert "NOT MET" in table([high])
    assert "NOT MET" not in table([low])
