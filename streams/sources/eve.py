"""Suricata EVE: one JSON object a line, plain or gzipped, every event type (FACTS 9)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b
from typing import Annotated, Any

import msgspec

from ioc.catalog.model import Source
from ioc.errors import BadInput
from ioc.records import CyberEvent, Record, event_id
from streams.sources._numbers import masked_numbers
from streams.sources._personal import scrubbed_item, scrubbed_text
from streams.sources._text import lines, oversized, shown
from streams.sources.base import Arrival, Reject
from streams.sources.times import iso, plausible

_MISSING = re.compile(r"missing required field `(\w+)`")
_Port = Annotated[int, msgspec.Meta(ge=0, le=65535)] | None
_Id = Annotated[int, msgspec.Meta(ge=0, lt=2**53)] | None
_Text = str | None
_NONE = msgspec.Raw()


class _Alert(msgspec.Struct):
    action: _Text = None
    signature_id: _Id = None
    signature: _Text = None
    category: _Text = None
    severity: Annotated[int, msgspec.Meta(ge=0, le=255)] | None = None


class _Event(msgspec.Struct):
    """The fields we keep; what only describes is left raw, so that a sensor's new version never costs an event."""

    timestamp: str
    event_type: str
    flow_id: int | str | None = None
    tx_id: int | None = None
    host: _Text = None
    in_iface: _Text = None
    src_ip: _Text = None
    src_port: _Port = None
    dest_ip: _Text = None
    dest_port: _Port = None
    proto: _Text = None
    app_proto: _Text = None
    alert: _Alert | None = None
    http: msgspec.Raw = _NONE
    dns: msgspec.Raw = _NONE
    tls: msgspec.Raw = _NONE
    fileinfo: msgspec.Raw = _NONE
    ssh: msgspec.Raw = _NONE
    smb: msgspec.Raw = _NONE
    anomaly: msgspec.Raw = _NONE
    flow: msgspec.Raw = _NONE


class _Details(msgspec.Struct):
    """The members of nested objects that name the host or make the message."""

    hostname: Any = None
    sni: Any = None
    rrname: Any = None
    rrtype: Any = None
    rcode: Any = None
    queries: Any = None
    http_method: Any = None
    url: Any = None
    protocol: Any = None
    status: Any = None
    type: Any = None
    version: Any = None
    filename: Any = None
    state: Any = None
    size: Any = None
    client: Any = None
    server: Any = None
    dialect: Any = None
    command: Any = None
    event: Any = None
    layer: Any = None
    reason: Any = None
    bytes_toserver: Any = None
    bytes_toclient: Any = None


_decode = msgspec.json.Decoder(_Event).decode
_decode_details = msgspec.json.Decoder(_Details).decode

# The members of the nested object that make the message, by event type.
_NESTED = {
    "http": ("http_method", "hostname", "url", "protocol", "status"),
    "dns": ("type", "rrtype", "rrname", "rcode"),
    "tls": ("version", "sni"),
    "fileinfo": ("filename", "state", "size"),
    "ssh": ("client", "server"),
    "smb": ("dialect", "command", "status", "filename"),
    "anomaly": ("type", "event", "layer"),
    "flow": ("state", "reason", "bytes_toserver", "bytes_toclient"),
}
_KNOWN = frozenset(
    name for model in (_Alert, _Event, _Details) for name in (*model.__struct_fields__, "software_version")
)
_PLAIN = (str, int, float)
_HOST = {"http": "hostname", "tls": "sni", "dns": "rrname"}


def parse(payload: bytes, source: Source, arrival: Arrival) -> Iterator[Record | Reject]:
    """Cyber events, one a line; the sensor is ``host``, else ``in_iface``, else the source's option ``sensor``.

    Of rejects the members we read are kept: what else a sensor writes (mail, logins) may name people.
    """
    if refused := oversized(payload, source, personal=True):
        yield refused
        return
    for item in lines(payload, source):
        if isinstance(item, Reject):
            yield Reject(item.field, item.reason, scrubbed_text(item.raw, _KNOWN), item.position)
            continue
        position, line = item
        try:
            yield _record(line, source, arrival)
        except BadInput as error:
            yield Reject(error.field, error.reason, scrubbed_item(line, _KNOWN), position)


def _record(line: bytes, source: Source, arrival: Arrival) -> CyberEvent:
    event = _event(line, source)
    alert = event.alert or _Alert()
    sensor = event.host or event.in_iface or source.options.get("sensor") or source.id
    details = _details(event)
    return CyberEvent(
        event_id=_identity(event, alert, sensor, line, source),
        received_at=arrival.received_at,
        source=source.id,
        sensor=sensor,
        occurred_at=_time(event.timestamp, source, arrival),
        event_type=event.event_type,
        severity=alert.severity or 0,
        signature_id=alert.signature_id or 0,
        signature=alert.signature or "",
        category=alert.category or "",
        action=alert.action or "",
        src_ip=event.src_ip or "",
        src_port=event.src_port or 0,
        dest_ip=event.dest_ip or "",
        dest_port=event.dest_port or 0,
        protocol=event.proto or "",
        app_protocol=event.app_proto or "",
        hostname=_hostname(details),
        message=alert.signature or _message(event.event_type, details),
    )


def _event(line: bytes, source: Source) -> _Event:
    try:
        event = _decode(line)
    except msgspec.ValidationError as error:
        reason, _, place = str(error).partition(" - at `$.")
        if missing := _MISSING.search(reason):
            raise BadInput(source.id, missing[1], "is missing") from None
        raise BadInput(source.id, place.rstrip("`"), reason) from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadInput(source.id, "", f"not a JSON object: {error}") from None
    except UnicodeDecodeError as error:
        raise BadInput(source.id, "", f"invalid UTF-8 at byte {error.start + 1}") from None
    if not event.event_type:
        raise BadInput(source.id, "event_type", "is empty")
    return event


def _identity(event: _Event, alert: _Alert, sensor: str, line: bytes, source: Source) -> str:
    """An alert's numbers identify it; other types share flow, time and transaction, so the line tells them apart."""
    key = (source.id, sensor, event.flow_id, event.timestamp, event.event_type, alert.signature_id, event.tx_id)
    if event.event_type == "alert" and event.flow_id is not None:
        return event_id(*key)
    return event_id(*key, blake2b(line, digest_size=16).hexdigest())


def _time(text: str, source: Source, arrival: Arrival) -> datetime:
    try:
        return plausible(iso(text, source.zone), "timestamp", source, arrival)
    except ValueError:
        raise BadInput(source.id, "timestamp", f"{shown(text)} is not ISO 8601") from None


def _details(event: _Event) -> dict[str, _Details]:
    """The nested objects that host name and message come from."""
    found: dict[str, _Details] = {}
    for name in _NESTED:
        if (name in _HOST or name == event.event_type) and (raw := getattr(event, name)):
            try:
                found[name] = _first_query(_decode_details(raw))
            except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
                continue
    return found


def _first_query(nested: _Details) -> _Details:
    """DNS events of version 3 hold a list of queries."""
    if isinstance(nested.queries, list) and nested.queries and isinstance(nested.queries[0], dict):
        nested.rrname, nested.rrtype = nested.queries[0].get("rrname"), nested.queries[0].get("rrtype")
    return nested


def _hostname(details: dict[str, _Details]) -> str:
    for name, member in _HOST.items():
        if name in details and isinstance(host := getattr(details[name], member), str):
            return host
    return ""


def _message(event_type: str, details: dict[str, _Details]) -> str:
    nested = details.get(event_type)
    if nested is None:
        return ""
    parts = []
    for member in _NESTED[event_type]:
        value = getattr(nested, member)
        if value is None:
            continue
        if isinstance(value, dict):
            value = value.get("software_version")
        if isinstance(value, _PLAIN):
            parts.append(f"{member} {value}" if member.startswith("bytes") else str(value))
    return masked_numbers(" ".join(parts))
