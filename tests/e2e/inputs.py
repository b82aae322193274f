"""What departments send, for end-to-end tests: station files with a known spike, dossiers, articles about an agency."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
STATION = "TH_NGHISON_KK01"


def local(moment: datetime, pattern: str = "%Y%m%d%H%M%S") -> str:
    """A time as stations write it."""
    return moment.astimezone(ZONE).strftime(pattern)


def grid(days: float, end: datetime) -> list[datetime]:
    """Five-minute steps that end at or before a time."""
    last = end.replace(second=0, microsecond=0, minute=end.minute // 5 * 5)
    return [last - timedelta(minutes=5 * n) for n in range(int(days * 288), -1, -1)]


def line(name: str, value: float, unit: str, moment: datetime, status: str = "00") -> str:
    """One line of a TT 10/2021 file."""
    return f"{name}\t{value:.1f}\t{unit}\t{local(moment)}\t{status}\r\n"


def calm(moment: datetime, random: Random) -> float:
    """PM2.5 of an ordinary day."""
    hour = moment.astimezone(ZONE).hour + moment.minute / 60
    return 30 + 8 * math.sin(2 * math.pi * (hour - 3) / 12) + random.gauss(0, 2)


def station_history(days: float, end: datetime, seed: int = 1) -> tuple[str, int]:
    """One file with days of calm PM2.5, and how many readings it holds."""
    random, moments = Random(seed), grid(days, end)
    return "".join(line("PM2.5", calm(m, random), "ug/Nm3", m) for m in moments), len(moments)


def dossiers(count: int, now: datetime | None = None) -> tuple[bytes, list[str]]:
    """A POST of new dossiers and their codes."""
    now = now or datetime.now(UTC)
    submitted = now - timedelta(hours=3)
    codes = [f"000.00.01.H56-{now:%y%m%d}-{n:05d}" for n in range(count)]
    items = [
        {
            "ma_ho_so": code, "ma_thu_tuc": "1.000683", "ten_thu_tuc": "Cấp giấy phép hành nghề", "co_quan": "Sở Y tế",
            "kenh_nop": "truc_tuyen", "muc_do": "toan_trinh", "trang_thai": 2, "ngay_tiep_nhan": submitted.isoformat(),
            "thoi_diem": now.isoformat(), "ngay_hen_tra": (now + timedelta(days=5)).isoformat(),
            "nguoi_nop": "Nguyễn Văn Bí Mật", "so_dien_thoai": "0912345678",
        }
        for code in codes
    ]  # fmt: skip
    return json.dumps(items, ensure_ascii=False).encode(), codes


def rss(now: datetime) -> bytes:
    """A feed in which one article criticises the health department."""
    text = (
        "Nhiều người dân phản ánh Sở Y tế Thanh Hóa chậm trễ trong giải quyết hồ sơ, gây bức xúc kéo dài. "
        "UBND tỉnh phê bình Sở Y tế vì thiếu trách nhiệm, để hồ sơ quá hạn nhiều tháng."
    )
    when = now.astimezone(ZONE).strftime("%a, %d %b %Y %H:%M:%S +0700")
    return f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Báo</title><link>http://localhost/</link>
<description>d</description><item><title>UBND tỉnh phê bình Sở Y tế vì để hồ sơ quá hạn</title>
<link>http://localhost/bai/1</link><guid>http://localhost/bai/1</guid><pubDate>{when}</pubDate>
<description>{text}</description></item></channel></rss>""".encode()
