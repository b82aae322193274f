"""Syslog lines, RFC 5424 and RFC 3164, also octet-counted (RFC 6587) or gzipped; user names become pseudonyms."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b

from ioc.catalog.model import Source
from ioc.errors import BadInput
from ioc.records import CyberEvent, Record, event_id
from streams.sources._numbers import masked_numbers
from streams.sources._text import LONGEST_LINE, decoded, lines, oversized, shown
from streams.sources._users import masked
from streams.sources.base import Arrival, Reject
from streams.sources.times import iso, plausible, to_utc

_FRAME = re.compile(rb"(\d{1,7}) (?=<\d)")
_RFC5424 = re.compile(
    r"<(?P<pri>\d{1,3})>1 (?P<time>\S+) (?P<host>\S{1,255}) (?P<app>\S{1,48}) (?P<pid>\S{1,128}) \S{1,32}"
    r" (?:-|(?:\[(?:[^\]\\]|\\.)*\])+)(?: \ufeff?(?P<message>.*))?",
    re.DOTALL,
)
_RFC3164 = re.compile(
    r"(?:<(?P<pri>\d{1,3})>)?(?P<time>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) (?P<host>\S{1,255}) "
    r"(?:(?P<app>[^\s:\[]{1,64})(?:\[(?P<pid>[^\]\s]{1,64})\])?: ?)?(?P<message>.*)",
    re.DOTALL,
)
_MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
_SEVERITY = (1, 1, 1, 2, 3, 0, 0, 0)  # emergency … debug on the sensors' scale: 1 highest, 0 none
_FACILITIES = [
    "kern",
    "user",
    "mail",
    "daemon",
    "auth",
    "syslog",
    "lpr",
    "news",
    "uucp",
    "cron",
    "authpriv",
    "ftp",
    "ntp",
    "audit",
    "alert",
    "clock",
    "local0",
    "local1",
    "local2",
    "local3",
    "local4",
    "local5",
    "local6",
    "local7",
]
_PEER = re.compile(r"(?:from|by|for) (?P<ip>[0-9A-Fa-f.:]{3,45})(?: port (?P<port>\d{1,5}))?\b")
_SSHD = re.compile(r"(?P<verb>Failed|Accepted) \S+ for |(?P<invalid>[Ii]nvalid user )")
_LEAP_CYCLE = 9
_MOST_TWINS = 100_000  # distinct lines remembered to number the equal ones


def parse(payload: bytes, source: Source, arrival: Arrival) -> Iterator[Record | Reject]:
    """Cyber events of type ``auth`` (sshd: failed, accepted, invalid-user) or ``syslog``.

    RFC 3164 times have no year: the latest that is not in the future. Equal lines in one payload are told apart by
    their order.
    """
    if refused := oversized(payload, source, personal=True):
        yield refused
        return
    twins: dict[str, int] = {}
    for item in _frames(payload, source):
        if isinstance(item, Reject):
            yield Reject(item.field, item.reason, _scrubbed(item.raw, arrival), item.position)
            continue
        position, line = item
        try:
            text = decoded(line, source)
            found = _match(text, source)
            if len(twins) >= _MOST_TWINS:
                twins.clear()
            twins[text] = twins.get(text, -1) + 1
            yield _record(found, twins[text], source, arrival)
        except BadInput as error:
            yield Reject(error.field, error.reason, _scrubbed(line, arrival), position)


def _frames(payload: bytes, source: Source) -> Iterator[tuple[int, bytes] | Reject]:
    """Messages by octet count where the payload starts so, else lines."""
    at, position = 0, 0
    while found := _FRAME.match(payload, at):
        position += 1
        start, length = found.end(), int(found[1])
        if length > min(LONGEST_LINE, len(payload) - start):
            line, _, payload = payload[at:].partition(b"\n")
            yield Reject("", f"a frame of {length} bytes is cut off or too long", line[:LONGEST_LINE], position)
            at = 0
            break
        yield position, payload[start : start + length].rstrip(b"\r\n")
        at = start + length
        while payload[at : at + 1] in (b"\n", b"\r"):
            at += 1
    for item in lines(payload[at:] if at else payload, source):
        yield item if isinstance(item, Reject) else (item[0] + position, item[1])


def _match(text: str, source: Source) -> re.Match[str]:
    found = _RFC5424.fullmatch(text) or _RFC3164.fullmatch(text)
    if not found:
        raise BadInput(source.id, "", "neither RFC 5424 nor RFC 3164")
    if found["pri"] and int(found["pri"]) > 191:
        raise BadInput(source.id, "pri", f"{found['pri']} is beyond 191")
    return found


def _record(found: re.Match[str], twin: int, source: Source, arrival: Arrival) -> CyberEvent:
    app, message = found["app"] or "", found["message"] or ""
    host = "" if found["host"] == "-" else found["host"]
    sensor = host or source.options.get("sensor") or source.id
    action = _action(message) if app == "sshd" else ""
    peer = _PEER.search(message) if app == "sshd" else None
    message = masked(message, app, arrival.key)
    facility, level = divmod(int(found["pri"] or 13), 8)
    return CyberEvent(
        event_id=event_id(source.id, sensor, found["time"], app, found["pid"] or "", _digest(message), twin),
        received_at=arrival.received_at,
        source=source.id,
        sensor=sensor,
        occurred_at=_time(found["time"], source, arrival),
        event_type="auth" if action else "syslog",
        severity=_SEVERITY[level],
        signature=app,
        category=_FACILITIES[facility] if found["pri"] else "",
        action=action,
        src_ip=peer["ip"] if peer else "",
        src_port=_port(peer),
        protocol="TCP" if peer else "",
        app_protocol="ssh" if app == "sshd" else "",
        hostname=host,
        message=masked_numbers(message),
    )


def _digest(message: str) -> str:
    return blake2b(message.encode(), digest_size=16).hexdigest()


def _port(peer: re.Match[str] | None) -> int:
    port = int(peer["port"] or 0) if peer else 0
    return port if port <= 65535 else 0


def _action(message: str) -> str:
    found = _SSHD.search(message)
    if not found:
        return ""
    return (
        found["verb"].lower()
        if found["verb"]
        else ("" if message.startswith("input_userauth_request") else "invalid-user")
    )


def _time(text: str, source: Source, arrival: Arrival) -> datetime:
    try:
        moment = _yearless(text, source, arrival) if text[0].isalpha() else iso(text, source.zone)
    except ValueError:
        raise BadInput(source.id, "timestamp", f"{shown(text)} is not a time") from None
    return plausible(moment, "timestamp", source, arrival)


def _yearless(text: str, source: Source, arrival: Arrival) -> datetime:
    month, day = _MONTHS.get(text[:3], 0), int(text[4:6])
    hour, minute, second = int(text[7:9]), int(text[10:12]), min(int(text[13:15]), 59)
    latest = arrival.received_at + source.max_future
    for year in range(latest.year + 1, latest.year - _LEAP_CYCLE, -1):
        try:
            moment = to_utc(datetime(year, month, day, hour, minute, second, tzinfo=source.zone), source.zone)
        except ValueError:
            continue
        if moment <= latest:
            return moment
    raise ValueError("no such day")


def _scrubbed(line: bytes, arrival: Arrival) -> bytes:
    """A rejected line without user names, whatever program it names."""
    text = line.decode("utf-8", "surrogateescape")
    return masked(text, "", arrival.key).encode("utf-8", "surrogateescape")
