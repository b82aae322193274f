"""Dossiers, articles and indicators of the realistic day of `tests.grafana.province`."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ioc.catalog.model import Catalog, Indicator
from ioc.records import Dossier, Forecast, IndicatorTarget, IndicatorValue, Outlook, Post, Record, Stance, event_id

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


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
    yield from _track(indicator, past, level, now)
    for period in past[-3:]:  # what was forecast a hundred days ago, and came
        yield Forecast(
            event_id=event_id("forecast", indicator.id, period), received_at=now, indicator=indicator.id, area="38",
            frequency=indicator.frequency, period=period, issued_at=now - timedelta(days=100), value=level, low80=level * 0.9,
            high80=level * 1.1, low95=level * 0.85, high95=level * 1.15, unit=indicator.unit, model="prophet",
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


def _track(indicator: Indicator, past: list[date], level: float, now: datetime) -> Iterator[Forecast]:
    """A year of forecasts one period ahead: one indicator's band is far too narrow, another's is worse than last year."""
    off, wide = {"iip": (1.0, 0.0004), "tai-nan-giao-thong": (1.5, 0.7)}.get(indicator.id, (1.0, 0.09))
    mean = indicator.aggregate == "mean"
    for n in range(len(past) - 15, len(past) - 3):
        season = 1.0 if mean else 1 + 0.12 * math.sin(2 * math.pi * past[n].month / 12)
        value = level * (0.86 + 0.14 * n / len(past)) * season * off
        issued = datetime(past[n].year, past[n].month, past[n].day, tzinfo=ZONE) - timedelta(hours=6)
        yield Forecast(
            event_id=event_id("forecast", indicator.id, past[n], issued), received_at=now, indicator=indicator.id, area="38",
            frequency=indicator.frequency, period=past[n], issued_at=issued, value=value, low80=value * (1 - wide),
            high80=value * (1 + wide), low95=value * (1 - 1.6 * wide), high95=value * (1 + 1.6 * wide), unit=indicator.unit,
            model="combined@3",
        )  # fmt: skip


def _periods(indicator: Indicator, today: date) -> tuple[list[date], list[date]]:
    if indicator.frequency == "D":
        return [today - timedelta(days=n) for n in range(120, 0, -1)], [today + timedelta(days=n) for n in range(30)]
    months = [date(today.year + (today.month - 1 + n) // 12, (today.month - 1 + n) % 12 + 1, 1) for n in range(-48, 9)]
    return months[:48], months[48:]
