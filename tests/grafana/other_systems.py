"""Records of the plan's other systems for the sample province: tasks, field reports, positions, cameras, fires, health."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ioc.records import CameraEvent, FieldReport, HealthCase, Hotspot, Incident, Position, Record, Task, event_id

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SAMSON, MUONGLAT = "16531", "14845"


def other_systems(now: datetime) -> Iterator[Record]:
    """A handful of each kind up to `now` (aware UTC)."""
    yield from tasks(now)
    yield from field_reports(now)
    yield from positions(now)
    yield from traffic(now)
    yield from fires(now)
    yield from cases(now)
    yield from incidents(now)


def tasks(now: datetime) -> Iterator[Task]:
    """One done in time, one late, one overdue, one not begun."""
    for n, (status, due_days, done_days) in enumerate(
        [("done", -2, -3), ("done", -5, -1), ("in_progress", -4, None), ("assigned", 20, None)]
    ):
        yield Task(
            event_id=event_id("task", n), received_at=now, source="tasks", task_code=f"NV-2026-{n}", document_no=f"{120 + n}/UBND-VX",
            title="Rà soát, báo cáo kết quả thực hiện Kế hoạch chuyển đổi số", agency=("so-khcn", "so-yte")[n % 2], assigned_by="van-phong-ubnd",
            assigned_at=now - 30 * DAY, due_at=now + due_days * DAY, finished_at=None if done_days is None else now + done_days * DAY,
            progress=100.0 if done_days else 40.0, status=status, status_at=now - DAY,  # type: ignore[arg-type]
        )  # fmt: skip


def field_reports(now: datetime) -> Iterator[FieldReport]:
    """A road with holes that was repaired, a street light that still waits beyond its day."""
    for n, (state, title) in enumerate([("new", "Ổ gà trên đường Trần Phú"), ("answered", "Ổ gà trên đường Trần Phú"), ("assigned", "Đèn đường không sáng")]):  # fmt: skip
        code = "PA-1" if n < 2 else "PA-2"
        yield FieldReport(
            event_id=event_id("report", n), received_at=now, source="citizens", report_code=code, category="Hạ tầng đô thị", title=title,
            text="Ông Bình ở số 5 báo", channel="app", reporter="9f2c", lat=19.74, lon=105.9, area=SAMSON, agency="so-xd", photos=2,
            reported_at=now - 5 * DAY, due_at=now - DAY, state=state, state_at=now - (4 - n) * DAY, answer="Đã vá" if n == 1 else "",
            rating=5 if n == 1 else None,
        )  # type: ignore[arg-type]  # fmt: skip


def positions(now: datetime) -> Iterator[Position]:
    """A coach on its way, a vessel that was last heard of seven hours ago."""
    for n in range(4):
        yield Position(
            event_id=event_id("bus", n), received_at=now, source="gps", object_type="vehicle", object_id="36B12345", operator="HTX Vận tải",
            observed_at=now - n * timedelta(seconds=30), lat=19.8 + n / 1000, lon=105.77, speed_kmh=52.0, heading=180.0, driver="a1", agency="so-xd",
        )  # fmt: skip
        yield Position(
            event_id=event_id("ship", n), received_at=now, source="vms", object_type="vessel", object_id="TH-90123-TS", operator="Nguyễn Văn A",
            observed_at=now - 7 * HOUR - n * 2 * HOUR, lat=19.6, lon=106.4 + n / 100, speed_kmh=9.3, heading=75.0, zone="khơi", agency="so-nnmt",
        )  # fmt: skip


def traffic(now: datetime) -> Iterator[CameraEvent]:
    """A camera that counts, and a jam."""
    for n in range(6):
        yield CameraEvent(
            event_id=event_id("camera", n), received_at=now, source="cameras", camera="CAM-01", occurred_at=now - n * 10 * timedelta(minutes=1),
            event_type="count" if n else "congestion", vehicles=120 - n, speed_kmh=34.5, confidence=0.9, area=SAMSON, agency="so-xd",
        )  # fmt: skip


def fires(now: datetime) -> Iterator[Hotspot]:
    """Two fires in the west."""
    for n in range(2):
        yield Hotspot(
            event_id=event_id("fire", n), received_at=now, source="firms", satellite="N20", instrument="VIIRS", observed_at=now - n * HOUR,
            lat=20.1, lon=104.9, brightness_k=340.5, power_mw=12.5, confidence="high", daytime=True, area=MUONGLAT, agency="so-nnmt",
        )  # fmt: skip


def cases(now: datetime) -> Iterator[HealthCase]:
    """Dengue: one or two cases in this week of the years before, six this year."""
    for years in range(6):
        for n in range(1 + years % 2 if years else 6):
            onset = now - years * 364 * DAY
            yield HealthCase(
                event_id=event_id("case", years, n), received_at=now, source="health", case_ref=f"{years}-{n}", disease="dengue", icd10="A90",
                onset_at=onset, reported_at=onset + DAY, age_band="15-49", confirmed=True, area=SAMSON, agency="so-yte",
            )  # fmt: skip


def incidents(now: datetime) -> Iterator[Incident]:
    """A flood that is being handled."""
    for state, ago in (("open", 3 * HOUR), ("handling", HOUR)):
        yield Incident(
            event_id=event_id("incident", state), received_at=now, source="ioc", incident_code="SC-1", incident_type="flood",
            title="Ngập cục bộ phường Sầm Sơn", severity="warning", opened_at=now - 3 * HOUR, state=state, state_at=now - ago,
            area=SAMSON, agency="so-nnmt", alerts=["x"],
        )  # type: ignore[arg-type]  # fmt: skip
