"""Numbers, periods and lists as Vietnamese people write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ioc.records import Frequency

PERIOD: dict[Frequency, str] = {"D": "ngày", "W": "tuần", "M": "tháng", "Q": "quý", "Y": "năm"}


def number(value: float, decimals: int) -> str:
    """A number with dots between thousands and a decimal comma: 1.234,5."""
    text = f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))
    return text if float(f"{value:.{decimals}f}") else text.removeprefix("-")  # no minus before a zero


def percent(share: float, decimals: int = 1) -> str:
    """A share as a percentage: 0.123 is 12,3 %."""
    return f"{number(100 * share, decimals)} %"


def amount(value: float, decimals: int, unit: str) -> str:
    """A number with its unit, if it has one."""
    return f"{number(value, decimals)} {unit}".strip()


def period(day: date, frequency: Frequency, *, year: bool = True) -> str:
    """A period by its first day: tháng 2/2026."""
    match frequency:
        case "M":
            return f"tháng {day.month}" + (f"/{day.year}" if year else "")
        case "Q":
            return f"quý {(day.month + 2) // 3}" + (f"/{day.year}" if year else "")
        case "Y":
            return f"năm {day.year}"
        case _:
            return f"{PERIOD[frequency]} {day:%d/%m}" + (f"/{day.year}" if year else "")


def listed(parts: Sequence[str]) -> str:
    """A, b và c."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " và " + parts[-1]
