"""The usual value by hour and day, held against river's own means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from river import stats

from models.profile import LEAN, FadingMeans, Level, Profile

RATE = 0.05


def test_a_fading_mean_is_rivers_mean_and_then_its_ewmean() -> None:
    ours, values = FadingMeans(3, RATE), np.random.default_rng(1).normal(10, 3, 200).tolist()
    plain, fading = stats.Mean(), stats.EWMean(RATE)
    for n, value in enumerate(values, 1):
        ours.update(1, value)
        if n <= 20:
            plain.update(value)
            assert ours.mean[1] == pytest.approx(plain.get())
            if n == 20:
                fading.update(plain.get())
        else:
            fading.update(value)
            assert ours.mean[1] == pytest.approx(fading.get())
    assert ours.mean[0] == ours.mean[2] == 0.0


def test_little_evidence_leans_on_the_parent() -> None:
    means = FadingMeans(1, RATE)
    assert means.shrunk(0, 40.0) == 40.0
    means.update(0, 10.0)
    assert means.shrunk(0, 40.0) == pytest.approx((10.0 + LEAN * 40.0) / (1 + LEAN))


def weeks(profile: Profile, count: int = 6) -> None:
    """Hourly: 10 on working days, 50 on Saturdays and Sundays, 90 at 18:00 local on Fridays."""
    start = datetime(2026, 1, 4, 17, tzinfo=UTC)  # Monday 00:00 in the province
    for hour in range(count * 168):
        moment = start + timedelta(hours=hour)
        weekend, friday_evening = hour % 168 >= 120, hour % 168 == 4 * 24 + 18
        profile.learn(moment, 90.0 if friday_evening else 50.0 if weekend else 10.0)


def test_hours_and_days_are_those_of_the_province() -> None:
    profile = Profile(kinds=7)
    weeks(profile, 30)
    friday_18 = datetime(2026, 8, 7, 11, tzinfo=UTC)
    assert profile.expected(friday_18) > profile.expected(friday_18 + timedelta(hours=7)) > 30
    assert profile.expected(friday_18 - timedelta(days=1)) < 25


def test_working_days_and_weekends_apart() -> None:
    profile = Profile()
    weeks(profile)
    saturday = datetime(2026, 2, 14, 3, tzinfo=UTC)
    assert profile.expected(saturday) > profile.expected(saturday - timedelta(days=1)) + 15


def test_the_first_value_counts_and_later_ones_win() -> None:
    level = Level(rate=0.1)
    for value in [5.0] * 3 + [20.0] * 60:
        level.learn(datetime(2026, 1, 1, tzinfo=UTC), value)
    assert level.expected(datetime(2026, 1, 2, tzinfo=UTC)) == pytest.approx(20.0, abs=0.2)
