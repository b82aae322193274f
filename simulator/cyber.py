"""Network and host sensors: Suricata EVE and auth logs at a low rate, with port scans and password guessing in them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from simulator.chance import between, key, pick, uniform
from simulator.files import File
from simulator.incidents import Incident, Schedule
from simulator.kinds import SURICATA, SYSLOG
from simulator.province import Province, moment
from simulator.workdays import ZONE

SENSORS = {"ids-ttdl": "Cảm biến Trung tâm dữ liệu tỉnh", "ids-wan": "Cảm biến mạng diện rộng"}
HOSTS = {"web01": "Máy chủ cổng thông tin", "dvc01": "Máy chủ dịch vụ công", "mail01": "Máy chủ thư điện tử"}
HISTORY = timedelta(days=1)

_FILE_S = 300
_DNS = (
    "dichvucong.thanhhoa.gov.vn",
    "thanhhoa.gov.vn",
    "mail.thanhhoa.gov.vn",
    "time.example.net",
    "update.example.org",
)
_URLS = ("/", "/portal/tin-tuc", "/api/ho-so", "/dang-nhap", "/van-ban")
_ALERTS = (
    (2027865, "ET INFO Observed DNS Query to .cloud TLD", "Potentially Bad Traffic", 2),
    (2013028, "ET POLICY curl User-Agent Outbound", "Attempted Information Leak", 2),
    (2210020, "SURICATA STREAM ESTABLISHED packet out of window", "Generic Protocol Command Decode", 3),
)
_SCAN = (2009582, "ET SCAN NMAP -sS window 1024", "Attempted Information Leak", 2)
_USERS = ("quantri", "vanthu", "saoluu", "giamsat")
_GUESSES = ("root", "admin", "test", "oracle", "postgres", "ubuntu")


class Cyber:
    """All files of the sensors: a file of each kind every five minutes."""

    def __init__(self, province: Province, schedule: Schedule) -> None:
        self._seed, self._schedule = province.seed, schedule
        sources = province.catalog.sources
        self._writers: list[Callable[[int, datetime, Sequence[Incident]], File]] = []
        self._writers += [self._eve] if SURICATA in sources else []
        self._writers += [self._auth] if SYSLOG in sources else []

    def between(self, after: datetime, until: datetime) -> list[File]:
        """Files finished in (after, until]."""
        files = []
        first, last = int(after.timestamp()) // _FILE_S, int(until.timestamp()) // _FILE_S
        incidents = self._schedule.between(after - timedelta(seconds=_FILE_S), until, "cyber")
        for number in range(first, last):
            at = moment((number + 1) * _FILE_S)
            files += [write(number, at, incidents) for write in self._writers]
        return files

    def _eve(self, number: int, at: datetime, incidents: Sequence[Incident]) -> File:
        events = [e for second in range(_FILE_S) for e in self._events(number * _FILE_S + second, incidents)]
        text = "".join(json.dumps(event, separators=(",", ":")) + "\n" for event in events)
        return File(at, SURICATA, f"eve-{at.astimezone(ZONE):%Y%m%d%H%M}.json", text.encode())

    def _events(self, second: int, incidents: Sequence[Incident]) -> Iterator[dict[str, Any]]:
        chance = (self._seed, "eve", second)
        if second % _FILE_S == 0:
            for sensor in SENSORS:
                head = {"timestamp": _stamp(second, 0), "host": sensor, "event_type": "stats"}
                yield head | {"stats": {"uptime": second % 10**7}}
        draw = uniform(*chance)
        if draw < 0.03:
            yield self._ordinary(second, draw / 0.03, chance)
        for scan in _now(incidents, "port-scan", second):
            if uniform(*chance, scan.id) < scan.strength / 60.0:
                event = self._event(second, scan.station, "alert", (*chance, scan.id))
                probed = {
                    "src_ip": f"203.0.113.{key(scan.id) % 250 + 1}",
                    "dest_port": key(*chance, "probed") % 1024 + 1,
                }
                yield event | probed | {"alert": _alert(_SCAN)}

    def _ordinary(self, second: int, draw: float, chance: tuple[object, ...]) -> dict[str, Any]:
        sensor = pick(list(SENSORS), *chance, "sensor")
        if draw < 0.5:
            event = self._event(second, sensor, "dns", chance)
            return event | {"dns": {"type": "query", "rrname": pick(_DNS, *chance, "name"), "rrtype": "A"}}
        if draw < 0.9:
            event = self._event(second, sensor, "http", chance)
            seen = {"hostname": _DNS[0], "url": pick(_URLS, *chance, "url"), "http_method": "GET", "status": 200}
            return event | {"http": seen}
        return self._event(second, sensor, "alert", chance) | {"alert": _alert(pick(_ALERTS, *chance, "alert"))}

    def _event(self, second: int, sensor: str, kind: str, chance: tuple[object, ...]) -> dict[str, Any]:
        return {
            "timestamp": _stamp(second, int(uniform(*chance, "micro") * 1e6)),
            "flow_id": key(*chance, "flow") % 2**50,
            "host": sensor,
            "event_type": kind,
            "src_ip": f"10.38.{key(*chance, 'net') % 8}.{key(*chance, 'host') % 250 + 1}",
            "src_port": int(between(32768, 60999, *chance, "port")),
            "dest_ip": "10.38.0.10",
            "dest_port": 53 if kind == "dns" else 443,
            "proto": "UDP" if kind == "dns" else "TCP",
        }

    def _auth(self, number: int, at: datetime, incidents: Sequence[Incident]) -> File:
        lines = [line for second in range(_FILE_S) for line in self._lines(number * _FILE_S + second, incidents)]
        return File(at, SYSLOG, f"auth-{at.astimezone(ZONE):%Y%m%d%H%M}.log", "".join(lines).encode())

    def _lines(self, second: int, incidents: Sequence[Incident]) -> Iterator[str]:
        chance = (self._seed, "auth", second)
        host, port = pick(list(HOSTS), *chance, "host"), int(between(32768, 60999, *chance, "port"))
        if second % _FILE_S == 17:
            yield _line(second, host, "CRON", "pam_unix(cron:session): session opened for user root by (uid=0)", chance)
        draw = uniform(*chance)
        if draw < 0.004:
            user, peer = pick(_USERS, *chance, "user"), f"10.38.0.{int(draw * 10**4) + 4}"
            said = "Failed password" if draw < 0.0005 else "Accepted publickey"
            yield _line(second, host, "sshd", f"{said} for {user} from {peer} port {port} ssh2", chance)
        for guess in _now(incidents, "brute-force", second):
            if uniform(*chance, guess.id) < guess.strength / 60.0:
                peer, user = f"198.51.100.{key(guess.id) % 250 + 1}", pick(_GUESSES, *chance, "guess")
                text = f"Failed password for invalid user {user} from {peer} port {port} ssh2"
                yield _line(second, guess.station, "sshd", text, (*chance, guess.id))


def _now(incidents: Sequence[Incident], kind: str, second: int) -> list[Incident]:
    return [i for i in incidents if i.kind == kind and i.start.timestamp() <= second < i.end.timestamp()]


def _stamp(second: int, micro: int) -> str:
    return moment(second).replace(microsecond=micro).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M:%S.%f%z")


def _alert(rule: tuple[int, str, str, int]) -> dict[str, Any]:
    number, signature, category, severity = rule
    shown = {"action": "allowed", "gid": 1, "signature_id": number, "rev": 4, "signature": signature}
    return shown | {"category": category, "severity": severity}


def _line(second: int, host: str, program: str, text: str, chance: tuple[object, ...]) -> str:
    """RFC 5424 for what the firewall's relay forwards, facility auth (4), severity informational (6)."""
    stamp = moment(second).astimezone(ZONE).isoformat()
    return f"<38>1 {stamp} {host} {program} {key(*chance, 'pid') % 30000 + 300} - - {text}\n"
