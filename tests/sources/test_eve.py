"""Suricata EVE: every event type is an event, alerts keep their numbers, faults are named, and nobody is."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest


def event(**changes: Any) -> bytes:
    base = {
        "timestamp": "2026-11-24T09:15:00.123456+0700",
        "flow_id": 1977154220000001,
        "in_iface": "ens192",
        "src_ip": "10.38.1.20",
        "src_port": 51000,
        "dest_ip": "203.0.113.9",
        "dest_port": 443,
        "proto": "TCP",
        "event_type": "flow",
    }
    return json.dumps({**base, **changes}).encode()


ALERT = {"action": "blocked", "signature_id": 2027865, "signature": "ET INFO x", "category": "Bad", "severity": 2}


def test_an_alert(parse) -> None:
    (found,) = parse("suricata", event(event_type="alert", alert=ALERT)).records
    assert found.occurred_at == datetime(2026, 11, 24, 2, 15, 0, 123000, tzinfo=UTC)
    assert (found.sensor, found.severity, found.signature_id, found.action) == ("ens192", 2, 2027865, "blocked")
    assert (found.src_ip, found.dest_port, found.protocol, found.message) == ("10.38.1.20", 443, "TCP", "ET INFO x")


@pytest.mark.parametrize(
    ("event_type", "nested", "hostname", "message"),
    [
        (
            "http",
            {"hostname": "a.vn", "url": "/x", "http_method": "GET", "protocol": "HTTP/1.1", "status": "200"},
            "a.vn",
            "GET a.vn /x HTTP/1.1 200",
        ),
        (
            "dns",
            {"type": "answer", "rrname": "a.vn", "rrtype": "A", "rcode": "NOERROR"},
            "a.vn",
            "answer A a.vn NOERROR",
        ),
        (
            "dns",
            {"version": 3, "type": "request", "queries": [{"rrname": "a.vn", "rrtype": "A"}]},
            "a.vn",
            "request A a.vn",
        ),
        ("tls", {"sni": "a.vn", "version": "TLS 1.3"}, "a.vn", "TLS 1.3 a.vn"),
        (
            "ssh",
            {"client": {"software_version": "libssh"}, "server": {"software_version": "OpenSSH"}},
            "",
            "libssh OpenSSH",
        ),
        ("flow", {"state": "new", "reason": "timeout", "bytes_toserver": 180}, "", "new timeout bytes_toserver 180"),
        ("fileinfo", {"filename": "/a.exe", "state": "CLOSED", "size": 3}, "", "/a.exe CLOSED 3"),
        ("anomaly", {"type": "stream", "event": "e", "layer": None}, "", "stream e"),
        ("http", [1, 2], "", ""),
        ("http", "text", "", ""),
        ("http", {"url": {"nested": 1}, "hostname": 5}, "", "5"),
    ],
)
def test_details_make_host_and_message(parse, event_type: str, nested: Any, hostname: str, message: str) -> None:
    (found,) = parse("suricata", event(event_type=event_type, **{event_type: nested})).records
    assert (found.hostname, found.message) == (hostname, message)


@pytest.mark.parametrize("event_type", ["stats", "smtp", "krb5", "something-new"])
def test_any_other_type_is_an_event_too(parse, event_type: str) -> None:
    assert parse("suricata", event(event_type=event_type)).records[0].event_type == event_type


def test_alerts_are_known_by_their_numbers_and_others_by_their_line(parse) -> None:
    same = [event(event_type="alert", alert=ALERT), event(event_type="alert", alert=ALERT, payload="x")]
    assert len({r.event_id for r in parse("suricata", b"\n".join(same)).records}) == 1
    other = [event(), event(flow={"state": "new"})]
    assert len({r.event_id for r in parse("suricata", b"\n".join(other)).records}) == 2


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"timestamp": "yesterday"}, "timestamp", "is not ISO 8601"),
        ({"timestamp": "2026-11-24T24:15:00Z"}, "timestamp", "is not ISO 8601"),
        ({"timestamp": "2099-01-01T00:00:00Z"}, "timestamp", "is in the future (more than 600 s ahead)"),
        ({"timestamp": "1999-01-01T00:00:00Z"}, "timestamp", "is older than 7300 days"),
        ({"timestamp": 1795478400}, "timestamp", "got `int`"),
        ({"src_port": 99999}, "src_port", "<= 65535"),
        ({"dest_port": -1}, "dest_port", ">= 0"),
        ({"src_ip": 5}, "src_ip", "got `int`"),
        ({"alert": {"severity": "high"}}, "alert.severity", "got `str`"),
        ({"alert": {"signature_id": 2**60}}, "alert.signature_id", "<"),
        ({"event_type": ""}, "event_type", "is empty"),
    ],
)
def test_faults_are_named_and_cost_no_neighbour(parse, changes: dict[str, Any], field: str, words: str) -> None:
    found = parse("suricata", event(tx_id=1) + b"\n" + event(**changes) + b"\r\n" + event(tx_id=2) + b"\n")
    assert len(found.records) == 2
    ((position, where, reason),) = found.faults
    assert (position, where) == (2, field)
    assert words in reason
    assert json.loads(found.rejects[0].raw) == json.loads(event(**changes))
    assert [f[1:] for f in parse("suricata", found.rejects[0].raw).faults] == [(field, reason)]


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        (b'{"event_type": "alert"}', "timestamp", "is missing"),
        (event()[:-9], "", "not a JSON object"),
        (event().replace(b"443", b"NaN"), "", "not a JSON object"),
        (b"[1,2]", "", "got `array`"),
        (b"null", "", "got `null`"),
        (event().replace(b"ens192", b"\xff"), "", "invalid UTF-8"),
        (b'{"a":' * 50_000, "", "not a JSON object"),
        (event().replace(b"ens192", b"\\ud800"), "", "not a JSON object"),
    ],
)
def test_lines_that_are_no_event(parse, line: bytes, field: str, words: str) -> None:
    found = parse("suricata", line + b"\n" + event())
    assert len(found.records) == 1
    ((position, where, reason),) = found.faults
    assert (position, where) == (1, field)
    assert words in reason


def test_nobody_is_named(parse) -> None:
    people = {
        "smtp": {"mail_from": "<nguyenvana@thanhhoa.gov.vn>", "rcpt_to": ["tranthib@x.vn"]},
        "http": {"url": "/tra-cuu?cccd=038199001234&sdt=0912.345.678", "http_user_agent": "nguyenvana"},
        "username": "nguyenvana",
    }
    for changes in ({"event_type": "http"}, {"event_type": "smtp", "src_port": 99999}, {"event_type": ""}):
        found = parse("suricata", event(**people, **changes) + b"\n" + event(**people)[:-3])
        told = repr(found.records) + "".join(r.reason for r in found.rejects)
        raw = b"".join(r.raw for r in found.rejects)
        for secret in ("nguyenvana", "tranthib"):
            assert secret not in told
            assert secret.encode() not in raw
        for secret in ("038199001234", "0912.345.678"):
            assert secret not in told  # of rejects `dead_letter` masks the numbers, see test_base
