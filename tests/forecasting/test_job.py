"""The job: what is forecast, what is left alone, what a failure stops."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import msgspec
import numpy as np
import pytest

from forecasting import job
from forecasting.job import Memory, Outcome, Row, Target
from forecasting.periods import horizon
from ioc.catalog.load import load_catalog
from ioc.packs import batch_of, decode, encode, records_of
from ioc.records import KINDS
from tests.forecasting.making import NOW, RECEIVED, forecast, rows, seasonal
from tests.forecasting.poison import predicted_or_dead

CATALOG = load_catalog(None)
SHORT = rows([5.0] * 4, indicator="ngan", area="")
NAN = float("nan")


def one(values: list[Row], targets: job.Targets | None = None, **more: object) -> Outcome:
    (found,) = forecast(values, targets or {}, CATALOG, NOW, **more)  # type: ignore[arg-type]
    return found


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    """Exports of the province until October 2026."""
    return one(rows(seasonal(82), date(2020, 1, 1)))


def test_a_catalogue_indicator_gets_forecast_and_outlook(outcome: Outcome) -> None:
    assert outcome.error == ""
    assert [f.period for f in outcome.forecasts][:2] == [date(2026, 11, 1), date(2026, 12, 1)]
    assert len(outcome.forecasts) == horizon(date(2026, 10, 1), "M")
    assert outcome.outlook is not None
    assert (outcome.outlook.year, outcome.outlook.target) == (2026, 8600.0)
    assert 0.0 <= outcome.outlook.probability <= 1.0  # type: ignore[operator]
    assert outcome.outlook.low80 < outcome.outlook.expected < outcome.outlook.high80
    assert outcome.outlook.actual == pytest.approx(seasonal(82)[72:].sum())


def test_intervals_of_the_records_are_nested(outcome: Outcome) -> None:
    for f in outcome.forecasts:
        assert 0.0 <= f.low95 <= f.low80 <= f.value <= f.high80 <= f.high95


def test_a_repeat_gives_the_same_records(outcome: Outcome) -> None:
    again = one(rows(seasonal(82), date(2020, 1, 1)))
    assert msgspec.json.encode(again.records) == msgspec.json.encode(outcome.records)
    assert len({r.event_id for r in outcome.records}) == len(outcome.records)


def test_records_travel_as_packs(outcome: Outcome) -> None:
    for records in (list(outcome.forecasts), [outcome.outlook]):
        kind = records[0].kind  # type: ignore[union-attr]
        assert isinstance(records[0], KINDS[kind])
        assert records_of(decode(encode(batch_of(records)), kind), kind) == records  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("constant", np.full(40, 7.0)),
        ("zero", np.zeros(40)),
        ("mostly zero", np.array([0.0, 0, 0, 0, 3, 0, 0] * 8)),
        ("one spike", np.concatenate([np.full(39, 1.0), [1e9], np.full(8, 1.0)])),
        ("tiny", seasonal(48) * 1e-9),
        ("huge", seasonal(48) * 1e12),
        ("gaps", np.where(np.arange(60) % 5 == 2, NAN, seasonal(60))),
        ("a long gap", np.concatenate([seasonal(40), np.full(21, NAN), seasonal(30)])),
        ("shortest", seasonal(24)),
        ("falls to nothing", np.maximum(50.0 - np.arange(60.0), 0.0)),
    ],
)
def test_odd_series_get_possible_forecasts(name: str, values: np.ndarray) -> None:  # type: ignore[type-arg]
    found = one(rows(values, date(2020, 1, 1), indicator=f"la {name}", area=""), only=f"la {name}")
    assert found.error == ""
    numbers = np.array([[f.low95, f.low80, f.value, f.high80, f.high95] for f in found.forecasts])
    assert np.isfinite(numbers).all()
    assert (np.diff(numbers, axis=1) >= 0).all()
    assert numbers.min() >= 0.0
    assert found.outlook is not None
    assert np.isfinite([found.outlook.expected, found.outlook.low80, found.outlook.high80]).all()
    assert found.outlook.explanation


def test_a_constant_is_forecast_as_it_is() -> None:
    found = one(rows(np.full(40, 7.0), indicator="hang", area=""))
    assert [f.value for f in found.forecasts] == pytest.approx([7.0] * len(found.forecasts))
    assert found.forecasts[0].model.startswith("seasonal-naive")


def test_what_can_be_negative_is() -> None:
    values = np.tile([-5.0, 3.0, 1.0, -2.0], 12)
    found = one(rows(values, indicator="can-can", area="", frequency="Q", start=date(2012, 1, 1)))
    assert min(f.value for f in found.forecasts) < 0.0


def test_percentages_stay_within_a_hundred() -> None:
    values = [r._replace(unit="%") for r in rows(np.linspace(60.0, 99.5, 60), indicator="ty-le", area="")]
    found = one(values)
    assert max(f.high95 for f in found.forecasts) <= 100.0
    assert found.outlook is not None
    assert found.outlook.high80 <= 100.0


@pytest.mark.parametrize(("frequency", "count", "ahead"), [("Q", 40, 4), ("Y", 20, 2), ("W", 160, 26)])
def test_other_frequencies(frequency: str, count: int, ahead: int) -> None:
    found = one(rows(seasonal(count), date(2015, 1, 5), frequency, indicator="khac", area=""))  # type: ignore[arg-type]
    assert found.error == ""
    assert len(found.forecasts) >= ahead
    assert all(a.period < b.period for a, b in pairwise(found.forecasts))


def test_days_of_an_office() -> None:
    """Closed at weekends and on holidays; the coming Sundays and the first day of Tết are forecast closed."""
    from forecasting.calendar import day_kind
    from forecasting.periods import first_days

    first = date(2026, 3, 2).toordinal()
    days = first_days(range(first, date(2026, 11, 24).toordinal() + 2), "D")
    rng = np.random.default_rng(5)
    closed = [d.weekday() >= 5 or day_kind(d) in {"holiday", "tet_off"} for d in days]
    values = [0.0 if shut else float(rng.poisson(800)) for shut in closed]
    found = one(rows(values, days[0], "D", indicator="ho-so-tiep-nhan"))
    assert found.error == ""
    assert found.forecasts[0].period == date(2026, 11, 25)  # the 25th has only begun
    working = [f.value for f in found.forecasts if f.period.weekday() < 5 and not day_kind(f.period)]
    sundays = [f.value for f in found.forecasts if f.period.weekday() == 6]
    assert np.mean(working) == pytest.approx(800, rel=0.06)
    assert max(sundays) < 40
    assert next(f.value for f in found.forecasts if f.period == date(2027, 1, 1)) < 200


def test_a_failing_series_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    real = job.predict

    def breaks(history: object, ahead: int) -> object:
        if len(history) == 30:  # type: ignore[arg-type]
            raise RuntimeError("no convergence")
        return real(history, ahead)  # type: ignore[arg-type]

    monkeypatch.setattr(job, "predict", breaks)
    three = rows(seasonal(30), indicator="a", area="") + rows(seasonal(26), indicator="b", area="") + SHORT
    a, b, short = forecast(three, {}, CATALOG, NOW)
    assert a.error == "Không dự báo được: RuntimeError: no convergence"
    assert a.records == []
    assert (b.error, len(b.forecasts)) == ("", horizon(date(2022, 2, 1), "M"))
    assert short.error == "Chưa đủ số liệu để dự báo: có 4 kỳ, cần ít nhất 24."


def test_processes_give_the_same_records_an_indicator_at_a_time(outcome: Outcome) -> None:
    """Two areas of one indicator among others: forecast apart, given out together, and as one process would."""
    values = rows(seasonal(82), date(2020, 1, 1)) + rows(seasonal(26, seed=4), date(2024, 1, 1), area="38001")
    values += rows([5.0] * 3, indicator="b", area="") + rows([6.0] * 5, indicator="c", area="")
    found = job.tasks(values + SHORT, {}, CATALOG, NOW)
    alone = {o.key: o for o in job.outcomes(found[::-1], NOW)}
    order = list(job.outcomes(found, NOW, 2, apart=True))
    assert [o.key[1] for o in order if o.key[0] == "xuat-khau"] == ["38", "38001"]
    assert abs(order.index(alone_in(order, "38")) - order.index(alone_in(order, "38001"))) == 1
    assert len(order) == len(alone) == 5
    for one in order:
        assert msgspec.json.encode([one.records, one.error]) == msgspec.json.encode(
            [alone[one.key].records, alone[one.key].error]
        )
    assert alone_in(order, "38").records == outcome.records


def alone_in(found: list[Outcome], area: str) -> Outcome:
    (one,) = (o for o in found if o.key[1] == area)
    return one


def test_a_dying_process_takes_only_its_series_along_which_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "predicted", predicted_or_dead)
    values = [row for name in ("a", "b", "c", "giet", "z") for row in rows([5.0] * 4, indicator=name, area="")]
    found = {o.key[0]: o for o in job.outcomes(job.tasks(values, {}, CATALOG, NOW), NOW, 1, apart=True)}
    assert found["giet"].error == "Không dự báo được: its process died (exit code -9)"
    assert [name for name, o in found.items() if o.again] == ["giet"]
    assert all("Chưa đủ số liệu" in found[name].error for name in ("a", "b", "c", "z"))


def names(found: Iterator[Outcome]) -> list[str]:
    return [outcome.key[0] for outcome in found]


def test_only_changed_series_are_forecast_again() -> None:
    memory = Memory()
    two = SHORT + rows([6.0] * 4, indicator="khac", area="")
    assert names(forecast(two, {}, CATALOG, NOW, memory=memory)) == ["khac", "ngan"]
    assert names(forecast(two, {}, CATALOG, NOW + timedelta(hours=1), memory=memory)) == []
    revised = two + rows([NAN, 9.0], indicator="ngan", area="", received_at=RECEIVED + timedelta(hours=1))
    assert names(forecast(revised, {}, CATALOG, NOW, memory=memory)) == ["ngan"]
    plan = {("khac", "", 2020): Target(5.0, RECEIVED)}
    assert names(forecast(revised, plan, CATALOG, NOW, memory=memory)) == ["khac"]


def test_a_series_whose_outcome_was_not_taken_comes_again() -> None:
    memory = Memory()
    first = forecast(SHORT, {}, CATALOG, NOW, memory=memory)
    next(first)  # its taker fails now
    assert names(forecast(SHORT, {}, CATALOG, NOW, memory=memory)) == ["ngan"]


@pytest.mark.parametrize(("issued_after", "again"), [(timedelta(hours=1), []), (timedelta(minutes=1), ["ngan"])])
def test_after_a_restart_the_store_says_what_is_done(issued_after: timedelta, again: list[str]) -> None:
    issued = {("ngan", ""): RECEIVED + issued_after}
    assert names(forecast(SHORT, {}, CATALOG, NOW, memory=Memory(), issued=issued)) == again
    assert names(forecast(SHORT, {}, CATALOG, NOW, issued=issued)) == ["ngan"]  # without memory: everything


def test_one_indicator_alone() -> None:
    two = SHORT + rows([6.0] * 4, indicator="khac", area="")
    assert names(forecast(two, {}, CATALOG, NOW, "khac")) == ["khac"]


@pytest.mark.parametrize(
    ("area", "imported", "target"),
    [
        ("38", {}, 8600.0),
        ("38", {"38": 9000.0}, 9000.0),
        ("380", {}, None),
        ("380", {"380": 70.0}, 70.0),
        ("", {}, 8600.0),
    ],
)
def test_imported_plans_go_before_the_catalogues(area: str, imported: dict[str, float], target: float | None) -> None:
    plans = {("xuat-khau", a, 2026): Target(value, RECEIVED) for a, value in imported.items()}
    (task,) = job.tasks(rows(seasonal(30), area=area), plans, CATALOG, NOW)
    assert task.targets.get(2026) == target


def test_a_task_may_go_to_another_process() -> None:
    import pickle

    (task,) = job.tasks(SHORT, {}, CATALOG, NOW)
    assert pickle.loads(pickle.dumps(task)).fingerprint == task.fingerprint  # noqa: S301 - our own
    assert job.outcome(pickle.loads(pickle.dumps(task)), NOW).error  # noqa: S301
