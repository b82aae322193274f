"""One realistic day of the province as records of every kind, so that every panel has something to show."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ioc.catalog.model import Catalog, Indicator
from ioc.records import (
    Alert,
    Anomaly,
    CyberEvent,
    DeadLetter,
    Dossier,
    Forecast,
    Freshness,
    IndicatorTarget,
    IndicatorValue,
    Outlook,
    Post,
    Reading,
    Record,
    Stance,
    event_id,
)

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LEVEL = {"pm25": 28, "pm10": 61, "so2": 18, "no2": 34, "temperature": 27, "humidity": 78}
LEVEL |= {"ph": 7.2, "cod": 96, "tss": 58, "nh4": 4.1, "flow_out": 212}
STRANGE = ("env-stations", "TH_NGHISON_KK01", "pm25")
FAULT = "Nghẽn đường truyền FTP giữa trạm và Sở Nông nghiệp và Môi trường"


def everything(catalog: Catalog, now: datetime) -> Iterator[Record]:
    """Records of every kind up to `now` (aware UTC); the same for the same `now`."""
    chance = random.Random(36)  # noqa: S311 - a seeded province, no secret
    yield from readings(catalog, now, chance)
    yield from anomalies(now)
    yield from alerts(now)
    yield from dossiers(catalog, now, chance)
    yield from press(now)
    for indicator in catalog.indicators.values():
        yield from indicator_story(indicator, now, chance)
    yield from contacts(catalog, now, chance)
    yield from refusals(now)
    yield cyber_event(now)


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


def dossiers(catalog: Catalog, now: datetime, chance: random.Random) -> Iterator[Dossier]:
    """Forty days of dossiers of nine agencies; the later in the list, the less punctual."""
    agencies = ["tt-hcc", "so-yte", "so-tc", "so-nnmt", "so-xd", "so-gddt", "so-ct", "cong-an", "ubnd-sam-son"]
    for n in range(720):
        agency = agencies[n % len(agencies)]
        submitted = now - timedelta(days=40 * chance.random())
        due = submitted + timedelta(days=chance.choice([3, 5, 10, 15]))
        late = chance.random() < 0.015 * agencies.index(agency)
        finished = due + timedelta(days=chance.uniform(0.1, 3) if late else -chance.uniform(0.2, 2))
        done = finished < now and chance.random() < 0.985
        status = chance.choice([9, 10]) if done else chance.choice([2, 2, 4, 5])
        yield Dossier(
            event_id=event_id("dossier", n), received_at=now, source="one-stop-dossiers",
            dossier_code=f"H56.{n % 30:02d}-{submitted:%y%m%d}-{n:04d}", procedure_code="1.000908",
            procedure_name="Cấp Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài sản khác gắn liền với đất",
            field="Đất đai", agency=agency, area="14797", channel="online", service_level="4",
            submitted_at=submitted, due_at=due, finished_at=finished if done else None, status=status,
            status_at=finished if done else submitted + timedelta(hours=2),
        )  # fmt: skip


STORIES = [
    ("so-gddt", "negative", "Phụ huynh bức xúc vì Sở Giáo dục và Đào tạo chậm công khai khoản thu đầu năm của 41 trường, dù UBND tỉnh đã hai lần có văn bản đôn đốc.", "Lạm thu đầu năm: 41 trường chưa công khai, phụ huynh bức xúc"),
    ("so-nnmt", "negative", "Người dân xã Nghi Sơn phản ánh Sở Nông nghiệp và Môi trường chưa trả lời về khói bụi suốt hai tháng qua.", "Khói bụi ở Nghi Sơn: dân kêu, ngành chức năng chậm trả lời"),
    ("so-gddt", "negative", "Ngành giáo dục Thanh Hóa bị chê trách vì thiếu 2.300 giáo viên ngay trước thềm năm học.", "Năm học mới, thiếu 2.300 giáo viên"),
    ("so-yte", "positive", "Sở Y tế được người bệnh khen ngợi vì rút thời gian chờ khám từ 3 giờ xuống còn 40 phút.", "Bệnh viện tuyến tỉnh: chờ khám còn 40 phút"),
    ("cong-an", "positive", "Công an tỉnh Thanh Hóa phá chuyên án lừa đảo qua mạng, trả lại cho người dân 12 tỷ đồng.", "Phá đường dây lừa đảo, trả lại 12 tỷ đồng"),
    ("so-vhttdl", "positive", "Lễ hội biển do Sở Văn hóa, Thể thao và Du lịch tổ chức thu hút hơn 300.000 lượt khách, được đánh giá cao.", "Sầm Sơn đón 300.000 lượt khách dịp lễ"),
    ("so-xd", "neutral", "Sở Xây dựng cho biết dự án đường ven biển sẽ thông xe kỹ thuật vào cuối quý IV.", "Đường ven biển thông xe kỹ thuật cuối năm"),
    ("so-tc", "neutral", "Theo Sở Tài chính, thu ngân sách 10 tháng ước đạt 92% dự toán.", "Thu ngân sách 10 tháng đạt 92% dự toán"),
    ("tt-hcc", "positive", "Trung tâm Phục vụ hành chính công tỉnh dẫn đầu về tỷ lệ hồ sơ trực tuyến toàn trình.", "Hồ sơ trực tuyến toàn trình vượt 80%"),
    ("ubnd-sam-son", "negative", "Chính quyền Sầm Sơn bị nhắc tên vì để hàng quán lấn chiếm vỉa hè trở lại.", "Vỉa hè Sầm Sơn lại bị lấn chiếm"),
]  # fmt: skip


def press(now: datetime) -> Iterator[Record]:
    """Ten articles over six days, each with the sentence that shows its stance."""
    for n, (agency, stance, sentence, title) in enumerate(STORIES):
        at = now - timedelta(hours=1.5 + 13 * n)
        url, post = f"https://baothanhhoa.vn/bai-{n}.htm", event_id("post", n)
        yield Post(
            event_id=post, received_at=now, source="press-baothanhhoa", outlet="Báo Thanh Hóa", url=url, title=title,
            text=sentence, published_at=at,
        )  # fmt: skip
        yield Stance(
            event_id=event_id("stance", n), received_at=now, post_id=post, agency=agency, stance=stance, confidence=0.91 - 0.03 * n,
            evidence=sentence, title=title, url=url, outlet="Báo Thanh Hóa", model="linear", published_at=at,
        )  # fmt: skip  # type: ignore[arg-type]


def indicator_story(indicator: Indicator, now: datetime, chance: random.Random) -> Iterator[Record]:
    """Four years of values (or 120 days), the forecast of what follows, and where the year ends against its plan."""
    today = now.astimezone(ZONE).date()
    mean = indicator.aggregate == "mean"
    periods = 365 if indicator.frequency == "D" else 12
    target = indicator.targets.get(str(today.year)) or 12_000.0
    level = target if mean else target / periods
    past, ahead = _periods(indicator, today)
    for n, period in enumerate(past):
        season = 1 + 0.12 * math.sin(2 * math.pi * period.month / 12)
        value = (
            level
            * (0.86 + 0.14 * n / len(past))
            * (season if not mean else 1)
            * chance.gauss(1, 0.05 if not mean else 0.01)
        )
        yield IndicatorValue(
            event_id=event_id("value", indicator.id, period), received_at=now, source="indicators", indicator=indicator.id,
            area="38", frequency=indicator.frequency, period=period, value=round(value, 3), unit=indicator.unit,
        )  # fmt: skip
    issued = now - timedelta(minutes=20)
    for n, period in enumerate(ahead):
        season = 1 + 0.12 * math.sin(2 * math.pi * period.month / 12)
        middle, wide = level * (season if not mean else 1), level * (0.03 + 0.006 * n)
        yield Forecast(
            event_id=event_id("forecast", indicator.id, period), received_at=now, indicator=indicator.id, area="38",
            frequency=indicator.frequency, period=period, issued_at=issued, value=middle, low80=middle - wide,
            high80=middle + wide, low95=middle - 1.6 * wide, high95=middle + 1.6 * wide, unit=indicator.unit, model="prophet",
        )  # fmt: skip
    odds = {"thu-ngan-sach": 0.86, "giai-ngan-dau-tu-cong": 0.18, "iip": 0.55, "ban-le": None}.get(indicator.id, 0.74)
    yield IndicatorTarget(
        event_id=event_id("target", indicator.id), received_at=now, source="indicators", indicator=indicator.id, area="38",
        period=date(today.year, 1, 1), target=target, unit=indicator.unit,
    )  # fmt: skip
    share = 0.82 + 0.3 * (odds or 0.5)
    yield Outlook(
        event_id=event_id("outlook", indicator.id), received_at=now, indicator=indicator.id, area="38", year=today.year, issued_at=issued,
        target=None if odds is None else target, actual=target * (share if mean else share * 0.8), expected=target * share,
        low80=target * (share - 0.04), high80=target * (share + 0.04), probability=odds, needed_per_period=level, unit=indicator.unit,
        explanation="Dự kiến cả năm so với kế hoạch.", model="prophet",
    )  # fmt: skip


def _periods(indicator: Indicator, today: date) -> tuple[list[date], list[date]]:
    if indicator.frequency == "D":
        return [today - timedelta(days=n) for n in range(120, 0, -1)], [today + timedelta(days=n) for n in range(30)]
    months = [date(today.year + (today.month - 1 + n) // 12, (today.month - 1 + n) % 12 + 1, 1) for n in range(-48, 9)]
    return months[:48], months[48:]


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


def utc_minute(now: datetime | None = None) -> datetime:
    """The clock cut to the minute, aware UTC."""
    return (now or datetime.now(UTC)).replace(second=0, microsecond=0)
