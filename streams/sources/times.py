"""The spellings of time that departments use, all read into aware UTC at the millisecond that tables keep."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from ioc.catalog.model import Source
from ioc.errors import BadInput
from streams.sources.base import Arrival, time_fault

_VIETNAMESE = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:[ ,T-]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)
_GMT_OFFSET = re.compile(r"\b(?:GMT|UTC)\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?\s*$", re.IGNORECASE | re.ASCII)
_RFC822 = re.compile(r"(?:[A-Za-z]{3,9},?\s+)?\d{1,2}\s+[A-Za-z]{3,9}\s+\d{2,4}\s", re.ASCII)
_LONGEST = 64
_window: tuple[Source, Arrival, datetime, datetime] | None = None


def to_utc(moment: datetime, zone: ZoneInfo) -> datetime:
    """An aware UTC time, cut to milliseconds; naive times are local to `zone`.

    Raises:
        ValueError: outside of what UTC can hold.
    """
    if moment.tzinfo is None:
        if zone.key == "UTC":
            return _cut(moment.replace(tzinfo=UTC))
        moment = moment.replace(tzinfo=zone)
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("time outside of the calendar") from None
    return _cut(moment)


def _cut(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000) if moment.microsecond else moment


@lru_cache(maxsize=4096)
def compact(text: str, zone: ZoneInfo) -> datetime:
    """``yyyyMMddHHmmss``, as environment and insurance systems write.

    Raises:
        ValueError: it is not.
    """
    if len(text) != 14 or not (text.isascii() and text.isdigit()):
        raise ValueError("not yyyyMMddHHmmss")
    return to_utc(datetime.fromisoformat(f"{text[:8]}T{text[8:]}"), zone)


def iso(text: str, zone: ZoneInfo) -> datetime:
    """ISO 8601 with or without offset, with a date at least.

    Raises:
        ValueError: it is not.
    """
    if len(text) < 10 or not text.isascii():
        raise ValueError("not ISO 8601")
    return to_utc(datetime.fromisoformat(text), zone)


def vietnamese(text: str, zone: ZoneInfo) -> datetime:
    """``dd/MM/yyyy``, ``dd/MM/yyyy HH:mm`` or ``dd/MM/yyyy HH:mm:ss``.

    Raises:
        ValueError: it is not.
    """
    found = _VIETNAMESE.fullmatch(text)
    if not found:
        raise ValueError("not dd/MM/yyyy HH:mm")
    day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
    return to_utc(datetime(year, month, day, hour, minute, second, tzinfo=zone), zone)


def rfc822(text: str, zone: ZoneInfo) -> datetime:
    """RFC 822 as feeds use it, with the local ``GMT+7`` that Vietnamese sites send.

    Raises:
        ValueError: it is not.
    """
    if not _RFC822.match(text):
        raise ValueError("not RFC 822")
    text = _GMT_OFFSET.sub(lambda m: f"{m[1]}{int(m[2]):02d}{m[3] or '00'}", text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, IndexError, OverflowError):
        raise ValueError("not RFC 822") from None
    if moment.tzinfo is None and text.endswith("-0000"):
        moment = moment.replace(tzinfo=UTC)
    return to_utc(moment, zone)


def any_time(text: str, zone: ZoneInfo) -> datetime:
    """Any of the spellings above.

    Raises:
        ValueError: none fits.
    """
    text = text.strip()
    for spelling in _candidates(text) if len(text) <= _LONGEST else ():
        try:
            return spelling(text, zone)
        except ValueError:
            continue
    raise ValueError("no spelling of time that we know")


def _candidates(text: str) -> tuple[Callable[[str, ZoneInfo], datetime], ...]:
    if text[4:5] == "-":
        return (iso,)
    return (vietnamese,) if "/" in text[1:3] else (compact, iso, vietnamese, rfc822)


def plausible(moment: datetime, field: str, source: Source, arrival: Arrival) -> datetime:
    """The time itself, when it can be.

    Raises:
        BadInput: too far in the future or older than the source's memory.
    """
    global _window  # noqa: PLW0603 - the last window seen, which is that of all records of one payload
    window = _window
    if window is None or window[0] is not source or window[1] is not arrival:
        earliest, latest = arrival.received_at - source.max_age, arrival.received_at + source.max_future
        _window = window = (source, arrival, earliest, latest)
    if window[2] <= moment <= window[3]:
        return moment
    if fault := time_fault(moment, source, arrival):
        raise BadInput(source.id, field, fault)
    return moment
