"""How people call a series, and how numbers, moments and rarities are written in Vietnamese."""

from __future__ import annotations

import math
from datetime import datetime
from typing import NamedTuple

from ioc.catalog.model import Metric, Station
from models.base import PROVINCE_ZONE, RAREST

_SWAPPED = str.maketrans(",.", ".,")


class Names(NamedTuple):
    """How people call a series.

    Attributes:
        decimals: of the metric; None where nobody said: as many as the value needs.
        unit: with a leading space, or empty.
    """

    metric: str
    station: str
    decimals: int | None = None
    unit: str = ""

    @classmethod
    def of(cls, series: tuple[str, str, str], metric: Metric | None, station: Station | None) -> Names:
        """From the catalogue, or the ids where it says nothing."""
        place = station.name if station else series[1]
        return cls(metric.name, place, metric.decimals) if metric else cls(series[2], place)

    def measured_in(self, unit: str) -> Names:
        """With the unit of a reading."""
        return self._replace(unit="" if unit in {"", "-"} else f" {unit.replace('m3', 'm³')}")


def number(value: float, decimals: int | None) -> str:
    """As Vietnamese write it: 1.234,5; small values keep two significant digits, and None four at most."""
    if decimals is None:
        text = f"{value:,.{_digits_after(value, 4)}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        if value != 0.0 and abs(value) < 10.0**-decimals:
            decimals = _digits_after(value, 2)
        text = f"{value:,.{decimals}f}"
    text = text.translate(_SWAPPED)
    return text if text.strip("-0,") else text.removeprefix("-")


def _digits_after(value: float, significant: int) -> int:
    """Decimals that show so many significant digits, 0 to 12."""
    return max(0, min(significant - 1 - math.floor(math.log10(abs(value))), 12)) if value != 0.0 else 0


def rarity(one_in: float) -> str:
    """How rare, as in `hiếm cỡ 1 trong 12.000 số đo`: two significant digits, no more is known."""
    if one_in >= RAREST:
        return f"hiếm hơn 1 trong {number(RAREST / 1e6, 0)} triệu số đo"
    rounded = float(f"{max(one_in, 1.0):.2g}")
    if rounded >= 1e6:
        return f"hiếm cỡ 1 trong {number(rounded / 1e6, 1).removesuffix(',0')} triệu số đo"
    return f"hiếm cỡ 1 trong {number(rounded, 0)} số đo"


def at(moment: datetime) -> str:
    """A moment in the province's time, as in `14:25 ngày 25/11/2026`."""
    local = moment.astimezone(PROVINCE_ZONE)
    return f"{_clock(local)} ngày {local:%d/%m/%Y}"


def _clock(local: datetime) -> str:
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def since(begun: datetime, moment: datetime) -> str:
    """When something began, with the day where it is not the moment's."""
    start, end = begun.astimezone(PROVINCE_ZONE), moment.astimezone(PROVINCE_ZONE)
    return _clock(start) if start.date() == end.date() else at(begun)


def decimals_of(width: float, decimals: int | None) -> int:
    """So many that the width of the band has two significant digits, and no more than the metric has."""
    wanted = _digits_after(width, 2)
    return wanted if decimals is None or 0.0 < width < 10.0**-decimals else min(wanted, decimals)


def lasted(seconds: float) -> str:
    """As in `2 giờ 5 phút`: the two largest units that count."""
    whole, told = round(seconds), []
    for length, unit in ((86_400, "ngày"), (3_600, "giờ"), (60, "phút"), (1, "giây")):
        count, whole = divmod(whole, length)
        if count:
            told.append(f"{count} {unit}")
    return " ".join(told[:2]) or "chưa đến 1 giây"
