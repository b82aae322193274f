"""One realistic day of the province as records of every kind, so that every panel has something to show."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from clickhouse.rollups import QUERIES, Rollups
from clickhouse.sink import Store
from clickhouse.verdicts import Subject, verdict_on
from ioc.catalog.model import Catalog
from ioc.packs import group_by_kind
from ioc.records import Alert, Anomaly, CyberEvent, DeadLetter, Freshness, Reading, Record, Verdict, event_id
from ioc.settings import Settings
from tests.clickhouse.samples import table_of
from tests.grafana.other_systems import other_systems
from tests.grafana.province_office import dossiers, indicator_story, press

LEVEL = {"pm25": 28, "pm10": 61, "so2": 18, "no2": 34, "temperature": 27, "humidity": 78}
LEVEL |= {"ph": 7.2, "cod": 96, "tss": 58, "nh4": 4.1, "flow_out": 212}
STRANGE = ("env-stations", "TH_NGHISON_KK01", "pm25")


def fill(settings: Settings, catalog: Catalog, now: datetime) -> None:
    """Insert everything into a database that is migrated, with its sums."""
    store = Store(settings)
    for kind, records in group_by_kind(everything(catalog, now)).items():
        store.insert(kind, table_of(records))
    store.close()
    sums = Rollups(settings.model_copy(update={"keep_minutes_days": 40}))
    for kind in QUERIES:
        list(sums.rebuild(kind, now - timedelta(days=40), now + timedelta(days=1)))
    sums.close()


def everything(catalog: Catalog, now: datetime) -> Iterator[Record]:
    """Records of every kind up to `now` (aware UTC); the same for the same `now`."""
    chance = random.Random(36)
    yield from readings(catalog, now, chance)
    yield from over_limits(now)
    yield from anomalies(now)
    yield from verdicts(now)
    yield from alerts(now)
    yield from dossiers(catalog, now, chance)
    yield from press(now)
    for indicator in catalog.indicators.values():
        yield from indicator_story(indicator, now, chance)
    yield from contacts(catalog, now, chance)
    yield from refusals(now)
    yield cyber_event(now)
    yield from other_systems(now)


def readings(catalog: Catalog, now: datetime, chance: random.Random) -> Iterator[Reading]:
    """25 hours of ten-minute values; PM2.5 at Nghi Sơn leaves its habit in the last forty minutes."""
    source = catalog.sources["env-stations"]
    for station in source.stations:
        shift = chance.uniform(0.8, 1.2)
        for metric in station.metrics:
            for ago in range(150, -1, -1):
                at = now - timedelta(minutes=10 * ago + 2)
                daily = 1 + 0.18 * math.sin(2 * math.pi * (at.hour + at.minute / 60) / 24)
                value = LEVEL[metric] * (shift * daily if metric != "ph" else 1) * chance.gauss(1, 0.02)
                if (source.id, station.code, metric) == STRANGE and ago < 5:
                    value *= 3.4
                yield reading(station.code, metric, at, round(value, 3), now, station.area)


def over_limits(now: datetime) -> Iterator[Reading]:
    """Six days ago: two hours of waste water, and two days of dust, beyond what is allowed."""
    for n in range(48):
        at = now - timedelta(days=6, hours=n)
        yield reading("TH_SAMSON_KK01", "pm25", at, 90.0, now)
        if n < 2:
            yield reading("TH_LEMON_NT01", "cod", at, 400.0, now)


def reading(station: str, metric: str, at: datetime, value: float, now: datetime, area: str = "") -> Reading:
    """One valid reading of an environment station."""
    unit = {"ph": "-", "temperature": "°C", "humidity": "%", "flow_out": "m3/h"}.get(metric, "µg/Nm3")
    return Reading(
        event_id=event_id("env-stations", station, metric, at), received_at=now, source="env-stations", station=station,
        metric=metric, observed_at=at, value=value, unit=unit, agency="so-nnmt", area=area,
    )  # fmt: skip


def anomaly(n: int, now: datetime, what: tuple[str, str, str], severity: str, reason: str) -> Anomaly:
    """The n-th anomaly: `what` is source, station, metric."""
    at = now - timedelta(minutes=12 + 47 * n)
    return Anomaly(
        event_id=event_id("anomaly", *what, at), received_at=now, source=what[0], station=what[1], metric=what[2],
        observed_at=at, since=at - timedelta(minutes=20), value=96.4, expected=28.1, low=14.0, high=43.0,
        unit="µg/Nm3", score=9.2 - n, one_in=20_000, severity=severity, detector="seasonal", reason=reason,
        evidence=[], agency="so-nnmt", area="16654",
    )  # fmt: skip  # type: ignore[arg-type]


def anomalies(now: datetime) -> Iterator[Anomaly]:
    """From grave to small, with reasons as long as the detectors write them."""
    stories = [
        (STRANGE, "critical", "Bụi mịn PM2.5 96,4 µg/Nm3, cao hơn hẳn mức thường thấy lúc 14 giờ (14–43); 20.000 lần đo mới gặp một lần như vậy. Kéo dài 40 phút."),
        (("env-stations", "TH_LEMON_NT01", "cod"), "critical", "COD 168 mg/L, vượt giới hạn 150 mg/L của QCVN 40:2011/BTNMT cột B, tăng 71 mg/L trong 30 phút."),
        (("env-stations", "TH_BIMSON_KK01", "so2"), "warning", "SO2 đứng yên ở 18,0 µg/Nm3 suốt 3 giờ: nhiều khả năng thiết bị treo, không phải không khí."),
        (("env-stations", "TH_HOANGLONG_NT01", "flow_out"), "warning", "Lưu lượng xả 12 m3/h, thấp bất thường so với 170–260 m3/h cùng giờ các ngày trước."),
        (("env-stations", "TH_SAMSON_KK01", "no2"), "info", "NO2 nhích lên 52 µg/Nm3 đúng giờ cao điểm, hơi cao so với thói quen (24–47)."),
        (("series-csv", "luu_luong_ql1a", "value"), "info", "Lưu lượng xe trên quốc lộ 1A thấp bất thường so với cùng giờ thứ Ba các tuần trước."),
        (("env-stations", "TH_NGHISON_NT01", "ph"), "info", "pH 8,4 cao hơn mức thường thấy (6,9–7,6) nhưng vẫn trong giới hạn."),
    ]  # fmt: skip
    for n, (what, severity, reason) in enumerate(stories):
        yield anomaly(n, now, what, severity, reason)


def verdicts(now: datetime) -> Iterator[Verdict]:
    """What operators said of the second to the fourth anomaly, one of them twice, and an event that nobody told of."""
    stories = [
        (1, "false", "mai", ""),
        (1, "true", "lan", ""),
        (2, "false", "lan", "Đang bảo trì."),
        (3, "unsure", "lan", ""),
    ]
    told = list(anomalies(now))
    for minutes, (n, verdict, by, note) in enumerate(stories):
        yield verdict_on(
            Subject(told[n].source, told[n].station, told[n].metric, told[n].observed_at, told[n].agency, told[n].area, told[n].event_id, told[n].detector),
            verdict, by=by, now=now - timedelta(minutes=9 - minutes), note=note,
        )  # fmt: skip  # type: ignore[arg-type]
    missed = Subject("env-stations", "TH_SAMSON_KK01", "pm25", now - timedelta(days=6), "so-nnmt")
    yield verdict_on(missed, "missed", by="mai", now=now - timedelta(minutes=3), note="Bụi suốt hai ngày, không báo.")


def alerts(now: datetime) -> Iterator[Alert]:
    """Three open, one taken on, one closed."""
    stories = [
        ("Bụi mịn PM2.5 bất thường tại Không khí KKT Nghi Sơn", "critical", "open"),
        ("COD bất thường tại Nước thải KCN Lễ Môn", "critical", "open"),
        ("Báo chí phê bình Sở Giáo dục và Đào tạo", "warning", "open"),
        ("Lưu lượng xả bất thường tại Nước thải KCN Hoàng Long", "warning", "acknowledged"),
        ("Lưu huỳnh điôxít SO2 bất thường tại Không khí Bỉm Sơn", "warning", "closed"),
    ]
    for n, (title, severity, state) in enumerate(stories):
        at = now - timedelta(minutes=9 + 52 * n)
        yield Alert(
            event_id=event_id("alert", n), received_at=now, fingerprint=event_id("fp", n), raised_at=at,
            severity=severity, topic="anomaly", title=title, agency="so-nnmt", source="env-stations", state=state,
            message="Cao hơn hẳn mức thường thấy cùng giờ; xem biểu đồ và lý do ở bảng Môi trường.",
        )  # fmt: skip  # type: ignore[arg-type]


def contacts(catalog: Catalog, now: datetime, chance: random.Random) -> Iterator[Freshness]:
    """A day of contacts of all sources but one that failed, one that fell silent and one never heard of."""
    for source in catalog.sources.values():
        if source.id in {"syslog", "series-csv"}:
            continue
        for n in range(24):
            at = now - timedelta(hours=n, seconds=3, minutes=600 if source.id == "suricata" else 0)
            failed = source.id == "press-truyenhinh" and n == 0
            yield Freshness(
                event_id=event_id("contact", source.id, at), received_at=now, source=source.id, checked_at=at,
                newest_at=at - timedelta(minutes=1), records=0 if failed else chance.randint(40, 400),
                rejects=chance.choice([0, 0, 0, 3]), state="failed" if failed else "ok",
                message="Không kết nối được máy chủ: hết thời gian chờ 10 giây" if failed else "",
            )  # fmt: skip


def refusals(now: datetime) -> Iterator[DeadLetter]:
    """What was refused, with field and reason."""
    stories = [
        ("env-stations", "unit", "đơn vị mg/kg không dùng cho COD (mg/L)", "TH_LEMON_NT01_20261124101500.txt"),
        (
            "env-stations",
            "station",
            "trạm TH_KHONGCO_KK09 không có trong danh mục",
            "TH_KHONGCO_KK09_20261124101500.txt",
        ),
        ("one-stop-dossiers", "submitted_at", "thời điểm 2091-01-01 ở tương lai xa", "POST /nguon/one-stop-dossiers"),
        ("press-baothanhhoa", "", "XML bị cắt cụt ở dòng 24", "rss.xml"),
    ]
    for n, (source, field, reason, origin) in enumerate(stories):
        at = now - timedelta(minutes=14 + 95 * n)
        yield DeadLetter(
            event_id=event_id("dead", n), received_at=at, source=source, rejected_at=at, field=field, reason=reason,
            origin=origin, position=n + 1, raw=b"...",
        )  # fmt: skip


def cyber_event(now: datetime) -> CyberEvent:
    """One alert of a network sensor."""
    return CyberEvent(
        event_id=event_id("cyber", 1), received_at=now, source="suricata", sensor="ids-1", occurred_at=now - timedelta(hours=1),
        event_type="alert", severity=1, signature="ET SCAN Potential SSH Scan", src_ip="203.0.113.7", dest_ip="10.36.0.5",
    )  # fmt: skip
