"""One event is told once."""

from __future__ import annotations

from datetime import timedelta

from models.silence import AT_LEAST_POINTS, AT_MOST, POINTS, Silence
from tests.models.made import FIVE_MINUTES, START


def test_nothing_is_silent_before_the_first_alert() -> None:
    assert not Silence().holds(0, START)


def test_fifty_points_at_first_and_a_share_later() -> None:
    for seen, silent in ((300, POINTS), (10_000, 350)):
        silence = Silence()
        silence.begin(seen, START)
        assert silence.holds(seen + silent - 1, START + FIVE_MINUTES)
        assert not silence.holds(seen + silent, START + FIVE_MINUTES)


def test_two_days_at_most_but_some_points_at_least() -> None:
    silence = Silence()
    silence.begin(100_000, START)
    assert silence.holds(100_500, START + AT_MOST - FIVE_MINUTES)
    assert not silence.holds(100_577, START + AT_MOST)
    daily = Silence()
    daily.begin(400, START)
    assert daily.holds(400 + AT_LEAST_POINTS - 1, START + timedelta(days=AT_LEAST_POINTS - 1))
    assert not daily.holds(400 + AT_LEAST_POINTS, START + timedelta(days=AT_LEAST_POINTS))
