"""What the detectors beside the main one see, what they leave alone, and what people are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import pytest

from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog, Metric, Source
from models.bank import Bank
from models.base import Detector, Score
from models.drift import Drift
from models.gap import Gap
from models.reasons import Names, reason
from models.shift import Shift
from models.spike import Spike
from tests.models.made import DAY, FIVE_MINUTES, KINDS, START, WEEK, packs, reading, times, values

N = 2 * WEEK
NAMES = Names("Độ đục", "Trạm Sông Mã", 1, " NTU")
HOUR = timedelta(hours=1)


def told(
    detector: Detector, series: Sequence[float], moments: Sequence[datetime] | None = None
) -> list[tuple[int, Score]]:
    """The alerts with the rows they are at."""
    found = []
    for row, (moment, value) in enumerate(zip(moments or times(len(series)), series, strict=True)):
        score = detector.score_one(moment, value)
        if score is not None and score.alert:
            found.append((row, score))
        detector.learn_one(moment, value)
    return found


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("kind", KINDS)
def test_a_spike_is_told_when_it_is_over(kind: str, sign: int) -> None:
    series = values(N, 11, kind)
    series[3000] += sign * 60.0
    ((row, score),) = [hit for hit in told(Spike(), series) if 2990 < hit[0] < 3010]
    assert row == 3001
    assert score.since == START + 3000 * FIVE_MINUTES
    assert score.parts == {"spike": series[3000]}


def test_a_level_that_stays_and_a_slow_rise_are_no_spikes() -> None:
    series = values(N, 12)
    series[3000:] = [v + 60.0 for v in series[3000:]]
    series[3400:3500] = [v + 60.0 * (1 - abs(at - 50) / 50) for at, v in enumerate(series[3400:3500])]
    assert [row for row, _ in told(Spike(), series) if row >= 3000] == []


def test_after_a_pause_nobody_knows_where_a_point_should_have_been() -> None:
    series, moments = values(N, 13), times(N)
    series[3000] += 60.0
    moments[3000:] = [m + timedelta(hours=5) for m in moments[3000:]]
    assert [row for row, _ in told(Spike(), series, moments) if 2990 < row < 3010] == []


def test_a_spike_in_words() -> None:
    series = values(N, 11)
    series[3000], series[3001] = 97.0, 31.0
    row, score = next(hit for hit in told(Spike(), series) if hit[0] == 3001)
    text = reason(NAMES, START + row * FIVE_MINUTES, 31.0, Spike(), score)
    assert text.startswith("Độ đục vọt lên 97,0 NTU lúc 17:00 rồi trở lại 31,0 ngay số đo sau; quanh đó thường ")
    assert text.endswith("Bộ phát hiện: vọt rồi trở lại ngay.")
    assert "Có thể thiết bị đo bị nhiễu" in text


@pytest.mark.parametrize("by", [9.0, -9.0, 25.0])
@pytest.mark.parametrize("kind", ["gaussian", "counts"])
def test_a_change_of_level_is_told_once_with_before_and_after(kind: str, by: float) -> None:
    """Of three standard deviations or more; when the level goes back, that is a change, too."""
    series = values(N, 21, kind)
    series[2500:3500] = [v + by for v in series[2500:3500]]
    hits = [(row, score) for row, score in told(Shift(), series) if row >= 2500]
    assert len(hits) <= 3  # a chance one among them
    there, score = next(hit for hit in hits if hit[0] >= 2505)
    back, again = next(hit for hit in hits if hit[0] >= 3505)
    assert there < 2500 + DAY // 3
    assert back < 3500 + DAY // 3
    assert float(score.parts["after"]) - float(score.parts["before"]) == pytest.approx(by, abs=8.0)
    assert float(again.parts["before"]) - float(again.parts["after"]) == pytest.approx(by, abs=8.0)
    assert abs((score.since - START) / FIVE_MINUTES - 2500) <= 3


def test_a_few_wild_points_are_no_level() -> None:
    series = values(N, 22)
    series[2500:2504] = [300.0] * 4
    assert [row for row, _ in told(Shift(), series) if 2500 <= row < 2600] == []


def test_a_change_of_level_in_words() -> None:
    parts: dict[str, str | float] = {"before": 31.24, "after": 46.87, "points": 14}
    score = Score(12.0, 31.0, 25.0, 37.0, 30_000.0, START, alert=True, parts=parts)
    assert reason(NAMES, START + 2 * HOUR, 47.0, Shift(), score) == (
        "Độ đục tăng từ mức 31,2 lên mức 46,9 NTU kể từ 07:00 (trung bình 14 số đo); hiếm cỡ 1 trong 30.000 số đo. "
        "Trạm Sông Mã, 09:00 ngày 05/01/2026. Bộ phát hiện: đổi mức kéo dài."
    )


def hourly(weeks: int, seed: int, drift: float = 0.0, wider: float = 0.0) -> list[float]:
    """A daily course with noise of 3; after half of the time the sensor goes off, in units and shares a week."""
    n, rng = weeks * 168, np.random.default_rng(seed)
    late = np.maximum(np.arange(n) - n // 2, 0) / 168
    noise = rng.normal(0, 3, n) * (1 + wider * late)
    return [float(v) for v in 30 + 10 * np.sin(np.arange(n) / 24 * 2 * np.pi) + noise + drift * late]


@pytest.mark.parametrize(
    ("aspect", "of"), [("level", {"drift": 2.0}), ("level", {"drift": -2.0}), ("spread", {"wider": 0.6})]
)
def test_a_sensor_that_fouls_is_told_within_weeks(aspect: str, of: dict[str, float]) -> None:
    """Two units a week where the noise is three: no single point is strange."""
    weeks = 20
    hits = told(Drift(), hourly(weeks, 31, **of), times(weeks * 168, step=HOUR))
    assert hits
    row, score = hits[0]
    assert weeks // 2 * 168 < row < (weeks // 2 + 5) * 168
    assert len(hits) <= 3
    assert score.parts["drift"] == aspect
    assert (float(score.parts["after"]) > float(score.parts["before"])) == (of.get("drift", 1.0) > 0)
    assert score.since < START + row * HOUR
    text = reason(NAMES, START + row * HOUR, 30.0, Drift(), score)
    assert "trôi dần khỏi nếp thường" in text if aspect == "level" else "dao động khác dần" in text


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_sensor_that_is_well_does_not_drift(seed: int) -> None:
    assert told(Drift(), hourly(40, seed), times(40 * 168, step=HOUR)) == []


def test_one_bad_day_is_no_drift() -> None:
    series = hourly(20, 33)
    series[2000:2024] = [v + 60.0 for v in series[2000:2024]]
    assert told(Drift(), series, times(len(series), step=HOUR)) == []


def test_a_gap_in_a_regular_series_is_told_by_the_point_that_ends_it() -> None:
    moments = times(1000)
    moments[700:] = [m + timedelta(minutes=10) for m in moments[700:]]  # two points missing: nothing
    moments[900:] = [m + timedelta(minutes=55) for m in moments[900:]]
    ((row, score),) = told(Gap(), values(1000, 41), moments)
    assert row == 900
    assert score.since == moments[899]
    assert score.parts["gap_s"] == 3600.0
    assert reason(NAMES, moments[900], 30.0, Gap(), score).startswith(
        "Độ đục không có số đo suốt 1 giờ, từ 10:05 đến 11:05 ngày 08/01/2026; thường cứ 5 phút có một số đo; "
    )


@pytest.mark.parametrize("seed", range(3))
def test_an_irregular_rhythm_is_learnt(seed: int) -> None:
    """Points by chance, ten minutes apart in the mean: an hour without one is nothing, half a day is."""
    waits = np.random.default_rng(seed).exponential(600.0, 5000)
    waits[4500] = 12 * 3600.0
    moments = [START + timedelta(seconds=float(s)) for s in np.cumsum(waits)]
    assert [row for row, _ in told(Gap(), [1.0] * 5000, moments) if row > 1000] == [4500]


def test_a_series_that_sleeps_at_night_has_no_gap_every_morning() -> None:
    moments = [m for m in times(6 * WEEK) if 1 <= m.hour < 11]
    assert len(told(Gap(), [1.0] * len(moments), moments)) <= 1
    moments = [m for m in moments if not (m.month == 2 and 2 <= m.day <= 5)]  # and for four days it did not wake up
    hits = [moments[row] for row, _ in told(Gap(), [1.0] * len(moments), moments)]
    assert (hits[-1].month, hits[-1].day) == (2, 6)


def test_the_bank_runs_what_the_catalogue_puts_beside() -> None:
    """With the pair that is compiled, and the states of all carried to another bank."""
    beside = ["gap", "spike", "shift", "drift", "stuck"]
    metric = Metric(id="do_la", name="Đo", names=["x"], units=["u"], detector="seasonal", beside=beside)
    source = Source(
        id="nguon-la", name="N", plan_row="0", agency="a", adapter="x", transport="import", metrics=[metric]
    )
    catalog = Catalog([], [], [], [source])
    series, moments = values(N, 51), times(N)
    series[2600] += 60.0
    series[3000:] = [v + 25.0 for v in series[3000:]]
    moments[2800:] = [m + 3 * HOUR for m in moments[2800:]]
    readings = [reading(m, v) for m, v in zip(moments, series, strict=True)]
    whole = [a for pack in packs(readings) for a in Bank(catalog).process(pack, START)]
    bank, other = Bank(catalog), Bank(catalog)
    found = [a for pack in packs(readings) for a in bank.process(pack, START)]
    assert {a.detector for a in found} >= {"seasonal", "spike", "shift", "gap"}
    spike = next(a for a in found if a.detector == "spike" and a.observed_at == moments[2601])
    assert spike.evidence == [readings[2600].event_id, readings[2601].event_id]
    first = Bank(catalog)
    before = [a for pack in packs(readings[:2700]) for a in first.process(pack, START)]
    assert other.restore(first.save()) == [("nguon-la", "TRAM_1", "do_la")]
    after = [a for pack in packs(readings[2700:]) for a in other.process(pack, START)]
    assert [a.event_id for a in before + after] == [a.event_id for a in found]
    assert whole != found


def test_the_shipped_sources_name_what_is_missing_where_there_is_a_limit() -> None:
    metrics = load_catalog().metrics.values()
    assert all("gap" in m.beside for m in metrics if m.limits)
