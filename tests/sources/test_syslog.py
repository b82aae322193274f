"""Syslog: both RFCs, octet counting, years that are not there, and pseudonyms for users."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from streams.sources._users import masked, pseudonym
from streams.sources.base import Arrival, adapter

NEW = "<86>1 2026-11-24T03:04:00Z web02 sshd 99 - - Failed password for root from 2001:db8::7 port 22 ssh2"
OLD = "Nov 24 10:01:02 web01 sshd[811]: Failed password for invalid user admin from 203.0.113.7 port 40022 ssh2"


def test_both_formats(parse) -> None:
    new, old = parse("syslog", f"{NEW}\n{OLD}\n".encode()).records
    assert new.occurred_at == datetime(2026, 11, 24, 3, 4, tzinfo=UTC)
    assert (new.sensor, new.signature, new.category, new.severity) == ("web02", "sshd", "authpriv", 0)
    assert old.occurred_at == datetime(2026, 11, 24, 3, 1, 2, tzinfo=UTC)
    for event in (new, old):
        assert (event.event_type, event.action, event.app_protocol) == ("auth", "failed", "ssh")
    assert (new.src_ip, old.src_ip, old.src_port) == ("2001:db8::7", "203.0.113.7", 40022)


@pytest.mark.parametrize(
    ("priority", "severity", "category"),
    [(0, 1, "kern"), (34, 1, "auth"), (35, 2, "auth"), (36, 3, "auth"), (38, 0, "auth"), (191, 0, "local7")],
)
def test_priorities(parse, priority: int, severity: int, category: str) -> None:
    (event,) = parse("syslog", f"<{priority}>1 2026-11-24T03:04:00Z h a - - - x".encode()).records
    assert (event.severity, event.category) == (severity, category)


@pytest.mark.parametrize(
    ("stamp", "year"),
    [("Nov 24 10:00:00", 2026), ("Nov 26 10:00:00", 2025), ("Dec 31 23:59:59", 2025), ("Feb 29 00:00:00", 2024)],
)
def test_the_year_that_is_not_there_is_the_latest_possible(parse, stamp: str, year: int) -> None:
    (event,) = parse("syslog", f"{stamp} h app: x".encode()).records
    assert event.occurred_at.year == year


def test_octet_counted_messages_may_hold_line_ends(parse) -> None:
    message = NEW + "\nsecond line"
    payload = f"{len(message)} {message}{len(NEW)} {NEW}\n{OLD}".encode()
    first, _, third = parse("syslog", payload).records
    assert "second line" in first.message
    assert third.sensor == "web01"


@pytest.mark.parametrize("length", ["9999", "2000000"])
def test_a_frame_that_is_cut_costs_one_line(parse, length: str) -> None:
    found = parse("syslog", f"{length} {NEW}\n{OLD}\n".encode())
    assert [r.sensor for r in found.records] == ["web01"]
    assert found.faults == [(1, "", f"a frame of {length} bytes is cut off or too long")]


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        (b"just words", "", "neither RFC 5424 nor RFC 3164"),
        (b"<999>1 2026-11-24T03:04:00Z h a - - - x", "pri", "999 is beyond 191"),
        (b"<34>1 2099-11-24T03:04:00Z h a - - - x", "timestamp", "is in the future"),
        (b"<34>1 1999-11-24T03:04:00Z h a - - - x", "timestamp", "is older than 7300 days"),
        (b"<34>1 - h a - - - x", "timestamp", "'-' is not a time"),
        (b"Feb 30 10:01:02 h a: x", "timestamp", "is not a time"),
        (b"Foo 12 10:01:02 h a: x", "timestamp", "is not a time"),
        (b"Nov 24 99:01:02 h a: x", "timestamp", "is not a time"),
        (b"Nov 24 10:01:02 h a: \xff", "", "invalid UTF-8 at byte 22"),
    ],
)
def test_faults_are_named_and_cost_no_neighbour(parse, line: bytes, field: str, words: str) -> None:
    found = parse("syslog", NEW.encode() + b"\n" + line + b"\n" + OLD.encode())
    assert len(found.records) == 2
    ((position, where, reason),) = found.faults
    assert (position, where) == (2, field)
    assert words in reason
    assert found.rejects[0].raw == line


def test_equal_lines_are_events_of_their_own_and_a_resent_file_is_not(parse) -> None:
    payload = f"{OLD}\n{NEW}\n{OLD}\n".encode()
    ids = [r.event_id for r in parse("syslog", payload).records]
    assert len(set(ids)) == 3
    assert [r.event_id for r in parse("syslog", payload).records] == ids


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("sshd", "Failed password for {} from 203.0.113.7 port 40022 ssh2"),
        ("sshd", "Failed password for invalid user {} from 203.0.113.7 port 40022 ssh2"),
        ("sshd", "Accepted publickey for {} from 10.38.0.4 port 51022 ssh2: RSA SHA256:abc"),
        ("sshd", "Invalid user {} from 203.0.113.7"),
        ("sshd", "input_userauth_request: invalid user {} [preauth]"),
        ("sshd", "Disconnected from user {} 10.0.0.1 port 5"),
        (
            "sshd",
            "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=1.2.3.4  user={}",
        ),
        ("sudo", "  {} : TTY=pts/0 ; PWD=/home/{} ; USER=root ; COMMAND=/bin/chown {}:{} /srv"),
        ("sudo", "{} : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh"),
        ("CRON", "({}) CMD (run-parts /etc/cron.hourly)"),
        ("CRON", "pam_unix(cron:session): session opened for user {} by (uid=0)"),
        ("su", "Successful su for {} by root"),
        ("systemd-logind", "New session 3 of user {}."),
        ("useradd", "new user: name={}, UID=1001, GID=1001, home=/home/{}, shell=/bin/bash"),
        ("passwd", "pam_unix(passwd:chauthtok): password changed for {}"),
    ],
)
def test_users_become_pseudonyms(program: str, message: str) -> None:
    text = masked(message.replace("{}", "nguyenvana"), program, "k")
    assert "nguyenvana" not in text
    assert pseudonym("nguyenvana", "k") in text
    assert masked(text, program, "k") == text


def test_messages_that_name_nobody_stay_whole() -> None:
    for message in (
        "Server listening on 0.0.0.0 port 22.",
        "Received disconnect from 1.2.3.4: 11: Bye",
        "eth0 : link down",
    ):
        assert masked(message, "sshd") == message


def test_pseudonyms_stay_the_same_and_depend_on_the_key() -> None:
    assert pseudonym("a", "k") == pseudonym("a", "k") != pseudonym("a", "l")
    assert pseudonym("a", "k") != pseudonym("b", "k")


def test_the_key_of_the_system_makes_the_pseudonyms(catalog, now) -> None:
    source = catalog.sources["syslog"]
    messages = {
        next(iter(adapter("syslog")(OLD.encode(), source, Arrival(now, "a.log", catalog, key=key)))).message
        for key in ("", "one", "two", "one")
    }
    assert len(messages) == 3
    assert "bimat" not in repr(Arrival(now, "a.log", catalog, key="bimat"))


def test_phone_and_identity_numbers_are_masked(parse) -> None:
    (event,) = parse("syslog", b"Nov 24 10:01:02 h app: gui OTP toi 0912345678, CCCD 038199001234").records
    assert event.message == "gui OTP toi ***, CCCD ***"


@pytest.mark.parametrize(
    "word", ["for invalid user ", "invalid user ", "user=", "for ", "(a", "' ", "name= ", "from 1.2.3.4 "]
)
def test_a_line_of_words_that_repeat_takes_linear_time(parse, word: str) -> None:
    line = b"Nov 24 10:01:02 h sudo: " + word.encode() * (200_000 // len(word))
    began = time.process_time()
    parse("syslog", line)
    assert time.process_time() - began < 5
