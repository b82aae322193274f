"""What neighbours saw is asked of a real store; what they see later is told later, under the same identity."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
import pytest
from msgspec import structs

from clickhouse.client import connect
from clickhouse.sink import Store
from ioc.catalog.load import load_catalog
from ioc.errors import StoreUnavailable
from ioc.packs import batch_of
from ioc.records import Anomaly, Reading, event_id
from ioc.settings import Settings
from models.packed import series_in
from streams.agents.causes import Causes
from streams.agents.together import Together
from tests.clickhouse.samples import table_of
from tests.models.made import FIVE_MINUTES, START, reading
from tests.models.test_neighbours import HAC_THANH, SAM_SON, SOURCE, anomaly

DAYS = 8
AT = START + timedelta(days=DAYS, hours=9)
CATALOG = load_catalog()


def usual(station: str, metric: str, until: datetime, seed: int) -> list[Reading]:
    """Readings around 30, with a daily course, up to a moment."""
    rng, n = np.random.default_rng(seed), int((until - START) / FIVE_MINUTES) + 1
    course = 30 + 10 * np.sin(np.arange(n) / 288 * 2 * np.pi) + rng.normal(0, 2, n)
    return [reading(START + i * FIVE_MINUTES, float(v), station, metric, SOURCE) for i, v in enumerate(course)]


@pytest.fixture
def settings(shared_store_settings: Settings) -> Iterator[Settings]:
    """The neighbour is known until five minutes before, the station until now; its PM2.5 has jumped."""
    own = usual(HAC_THANH, "pm25", AT - FIVE_MINUTES, 3)
    rows = [*usual(SAM_SON, "pm25", AT - FIVE_MINUTES, 1), *usual(HAC_THANH, "pm10", AT, 2), *own]
    rows.append(reading(AT, 90.0, HAC_THANH, "pm25", SOURCE))
    Store(shared_store_settings).insert("readings", table_of(rows))
    yield shared_store_settings
    for table in ("readings", "anomalies"):
        connect(shared_store_settings).command(f"TRUNCATE TABLE {table}")


def at(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def insert(settings: Settings, metric: str, moment: datetime, value: float, station: str = SAM_SON) -> None:
    Store(settings).insert("readings", table_of([reading(moment, value, station, metric, SOURCE)]))


def departed(**changes: object) -> Anomaly:
    found = structs.replace(anomaly(), event_id=event_id(AT), observed_at=AT, since=AT)
    return structs.replace(found, **changes)


@pytest.mark.parametrize(("value", "cause"), [(95.0, "event"), (36.0, "sensor")])
def test_neighbours_say_what_it_is(settings: Settings, value: float, cause: str) -> None:
    insert(settings, "pm25", AT, value)
    (found,) = Causes(settings, CATALOG).explain([departed()], at(AT))
    assert found.cause == cause
    assert found.reason.startswith("R. ")
    assert structs.replace(found, cause="", reason="R.") == departed()


def test_a_neighbour_that_was_not_heard_of_yet_says_nothing(settings: Settings) -> None:
    (found,) = Causes(settings, CATALOG).explain([departed()], at(AT))
    assert found == departed()


def test_what_a_neighbour_sees_later_is_told_later_and_once(settings: Settings) -> None:
    causes = Causes(settings, CATALOG)
    insert(settings, "pm25", AT, 36.0)
    (first,) = causes.explain([departed()], at(AT))
    assert first.cause == "sensor"
    later = AT + 2 * FIVE_MINUTES
    for minutes, value in ((5, 37.0), (10, 90.0)):
        insert(settings, "pm25", AT + timedelta(minutes=minutes), value)
        insert(settings, "pm10", AT + timedelta(minutes=minutes), 36.0, HAC_THANH)
        insert(settings, "pm25", AT + timedelta(minutes=minutes), 91.0, HAC_THANH)
    assert causes.explain([], at(AT)) == [], "not before its time"
    assert causes.explain([], at(AT + FIVE_MINUTES)) == [], "nothing new"
    (again,) = causes.explain([], at(later))
    assert (again.event_id, again.cause) == (first.event_id, "event")
    assert "lỗi thiết bị" not in again.reason
    assert causes.explain([], at(later + FIVE_MINUTES)) == []


def keep(settings: Settings, *anomalies: Anomaly) -> None:
    Store(settings).insert("anomalies", table_of(list(anomalies)))


HERE = [(SOURCE, HAC_THANH)]


@pytest.mark.parametrize(("value", "cause"), [(None, ""), (36.0, "sensor")])
@pytest.mark.parametrize("moved", [False, True])
def test_another_worker_asks_again_what_was_asked_before(
    settings: Settings, value: float | None, cause: str, moved: bool
) -> None:
    if value is not None:
        insert(settings, "pm25", AT, value)
    before = Causes(settings, CATALOG)
    (first,) = before.explain([departed(reason="R: 90.0 trạm.")], at(AT))
    assert first.cause == cause
    keep(settings, first)
    before.clear()
    insert(settings, "pm25", AT + FIVE_MINUTES, 95.0)
    again = before if moved else Causes(settings, CATALOG)
    again.go_on(HERE, at(AT + FIVE_MINUTES))
    (told,) = again.explain([], at(AT + FIVE_MINUTES))
    assert (told.event_id, told.cause) == (first.event_id, "event")
    assert told.reason.startswith("R: 90.0 trạm. Trạm lân cận cũng tăng")
    assert structs.replace(told, cause="", reason="", received_at=AT) == departed(reason="", received_at=AT)
    keep(settings, told)
    later = Causes(settings, CATALOG)
    later.go_on(HERE, at(AT + FIVE_MINUTES))
    assert later.explain([], at(AT + 2 * FIVE_MINUTES)) == [], "it is known"


def test_a_pack_after_a_restart_brings_the_cause(settings: Settings) -> None:
    keep(settings, departed())
    insert(settings, "pm25", AT + FIVE_MINUTES, 95.0)
    pack = batch_of([reading(AT + FIVE_MINUTES, 91.0, HAC_THANH, "pm25", SOURCE)])
    (told,) = Together(settings, CATALOG).take(pack, series_in(pack), [])
    assert (told.event_id, told.cause) == (departed().event_id, "event")


def test_a_station_is_looked_for_once_and_only_for_an_hour(settings: Settings) -> None:
    keep(settings, departed())
    insert(settings, "pm25", AT + timedelta(minutes=65), 95.0)
    late = Causes(settings, CATALOG)
    late.go_on(HERE, at(AT + timedelta(minutes=65)))
    assert late.explain([], at(AT + timedelta(minutes=65))) == []
    late._store = Causes(_away(settings), CATALOG)._store
    late.go_on(HERE, at(AT + timedelta(minutes=70)))
    with pytest.raises(StoreUnavailable):
        late.go_on([*HERE, (SOURCE, SAM_SON)], at(AT + timedelta(minutes=70)))
    late.clear()
    with pytest.raises(StoreUnavailable):
        late.go_on(HERE, at(AT + timedelta(minutes=70)))
    late.go_on([("nguon-la", "TRAM_1")], at(AT))  # has no neighbours in the catalogue


def test_after_an_hour_nobody_looks_again(settings: Settings) -> None:
    causes = Causes(settings, CATALOG)
    assert causes.explain([departed()], at(AT))[0].cause == ""
    assert causes.explain([], at(AT + timedelta(minutes=61))) == []
    insert(settings, "pm25", AT + timedelta(minutes=70), 95.0)
    assert causes.explain([], at(AT + timedelta(minutes=70))) == []


def test_a_pack_that_comes_again_is_explained_the_same(settings: Settings) -> None:
    insert(settings, "pm25", AT, 95.0)
    causes = Causes(settings, CATALOG)
    assert causes.explain([departed()], at(AT)) == causes.explain([departed()], at(AT))


def test_a_store_that_is_away_is_told_and_nothing_is_forgotten(settings: Settings) -> None:
    causes = Causes(settings, CATALOG)
    causes.explain([departed()], at(AT))
    working, causes._store = causes._store, Causes(_away(settings), CATALOG)._store
    with pytest.raises(StoreUnavailable):
        causes.explain([], at(AT + FIVE_MINUTES))
    causes._store = working
    insert(settings, "pm25", AT + FIVE_MINUTES, 95.0)
    assert [a.cause for a in causes.explain([], at(AT + FIVE_MINUTES))] == ["event"]


def _away(settings: Settings) -> Settings:
    """Nobody listens there."""
    return settings.model_copy(update={"clickhouse": "http://127.0.0.1:9"})


def test_the_store_is_not_asked_where_nobody_can_know(settings: Settings) -> None:
    nowhere = Causes(_away(settings), CATALOG)
    stuck = departed(detector="stuck")
    found = nowhere.explain([stuck, departed(station="TH_BIMSON_KK01", event_id="b")], at(AT))
    assert [a.cause for a in found] == ["sensor", ""]


def test_a_store_that_refuses_for_good_costs_the_cause_only(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.agents.causes.BAND_DAYS", "no number")
    assert Causes(settings, CATALOG).explain([departed()], at(AT)) == [departed()]
