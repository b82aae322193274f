"""Feeds: RSS and Atom as Vietnamese papers send them, and what hostile or broken XML may not do."""

from __future__ import annotations

import time
import unicodedata
from datetime import UTC, datetime

import pytest

from ioc.records import event_id
from streams.sources.press import normalised, plain

RSS = '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Báo</title>{}</channel></rss>'
ITEM = (
    "<item><title>Sở Y tế {n}</title><link>https://baothanhhoa.vn/{n}</link><guid>g{n}</guid>"
    "<description>Nội dung {n}.</description><dc:creator>Phóng Viên</dc:creator>"
    "<pubDate>Tue, 24 Nov 2026 09:00:00 +0700</pubDate></item>"
)


def feed(*items: str) -> bytes:
    return RSS.format("".join(items)).encode()


def item(n: int = 1, **changes: str) -> str:
    text = ITEM.format(n=n)
    for old, new in changes.items():
        start, end = text.index(f"<{old}>"), text.index(f"</{old}>") + len(old) + 3
        text = text[:start] + new + text[end:]
    return text


def test_an_item_becomes_a_post_without_its_author(parse) -> None:
    (post,) = parse("press-baothanhhoa", feed(item())).records
    assert (post.outlet, post.title, post.text) == ("Báo Thanh Hóa", "Sở Y tế 1", "Nội dung 1.")
    assert post.published_at == datetime(2026, 11, 24, 2, tzinfo=UTC)
    assert "Phóng Viên" not in repr(post)


@pytest.mark.parametrize(
    "stamp",
    [
        "Tue, 24 Nov 2026 09:00:00 +0700",
        "Tue, 24 Nov 2026 09:00:00 GMT+7",
        "Tue, 24 Nov 2026 02:00:00 GMT",
        "24 Nov 2026 09:00:00",
        "2026-11-24T09:00:00+07:00",
        "24/11/2026 09:00",
    ],
)
def test_spellings_of_time(parse, stamp: str) -> None:
    (post,) = parse("press-baothanhhoa", feed(item(pubDate=f"<pubDate>{stamp}</pubDate>"))).records
    assert post.published_at == datetime(2026, 11, 24, 2, tzinfo=UTC)


def test_composed_and_decomposed_vietnamese_are_one(parse) -> None:
    nfd = unicodedata.normalize("NFD", item())
    assert parse("press-baothanhhoa", feed(nfd)).records == parse("press-baothanhhoa", feed(item())).records


def test_without_guid_the_address_without_tracking_is_the_identity(parse) -> None:
    link = "<link>https://Baothanhhoa.vn/a/?utm_source=rss&amp;id=3#top</link>"
    (post,) = parse("press-baothanhhoa", feed(item(link=link, guid=""))).records
    assert post.event_id == event_id("press-baothanhhoa", "https://baothanhhoa.vn/a?id=3")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title": ""}, "title", "is missing"),
        ({"title": "<title> <b/> </title>"}, "title", "is missing"),
        ({"link": "", "guid": ""}, "link", "is missing"),
        ({"link": "<link>javascript:alert(1)</link>"}, "link", "is not a web address"),
        ({"link": "<link>file:///etc/passwd</link>"}, "link", "is not a web address"),
        ({"pubDate": ""}, "published", "is missing"),
        ({"pubDate": "<pubDate>sáng nay</pubDate>"}, "published", "'sáng nay' is not a time"),
        ({"pubDate": "<pubDate>Tue, 24 Nov 2099 09:00:00 +0700</pubDate>"}, "published", "is in the future"),
        ({"pubDate": "<pubDate>Tue, 24 Nov 1970 09:00:00 +0700</pubDate>"}, "published", "is older than 3650 days"),
    ],
)
def test_faults_are_named_and_cost_no_neighbour(parse, changes: dict[str, str], field: str, words: str) -> None:
    found = parse("press-baothanhhoa", feed(item(1), item(2, **changes), item(3)))
    assert [p.title for p in found.records] == ["Sở Y tế 1", "Sở Y tế 3"]
    ((position, where, reason),) = found.faults
    assert (position, where) == (2, field)
    assert words in reason
    raw = found.rejects[0].raw.decode()
    assert "Phóng Viên" not in raw
    assert [f[1:] for f in parse("press-baothanhhoa", raw.encode()).faults] == [(field, reason)]


@pytest.mark.parametrize("share", [0.3, 0.5, 0.62, 0.8, 0.97])
def test_a_truncated_feed_gives_what_came_before_the_cut(parse, share: float) -> None:
    whole = feed(*(item(n) for n in range(1, 11)))
    cut = whole[: int(len(whole) * share)]
    found = parse("press-baothanhhoa", cut)
    assert len(found.records) == cut.count(b"</item>")
    assert [reason for _, _, reason in found.faults] == ["the feed is cut off in the middle"]


def test_a_missing_end_of_one_item_costs_no_item(parse) -> None:
    payload = feed(item(1).removesuffix("</item>"), item(2), item(3))
    assert [p.title for p in parse("press-baothanhhoa", payload).records] == ["Sở Y tế 1", "Sở Y tế 2", "Sở Y tế 3"]


def test_bytes_that_are_no_text_cost_one_item(parse) -> None:
    payload = feed(item(1), item(2), item(3)).replace("Nội dung 2".encode(), b"N\xff\xfe")
    found = parse("press-baothanhhoa", payload)
    assert [p.title for p in found.records] == ["Sở Y tế 1", "Sở Y tế 3"]
    assert found.faults[0][:2] == (2, "")
    assert "invalid UTF-8" in found.faults[0][2]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1258"])
def test_declared_encodings(parse, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + RSS.format(item(title="<title>Son La</title>"))
    if encoding == "windows-1258":
        text = text.replace("Sở Y tế", "So").replace("Nội", "Noi").replace("Phóng Viên", "PV")
    assert parse("press-baothanhhoa", text.encode(encoding)).records[0].title == "Son La"


LAUGHS = '<!DOCTYPE rss [<!ENTITY a "ha">{}]>'.format(
    "".join(f'<!ENTITY {n} "{("&" + chr(ord(n) - 1) + ";") * 10}">' for n in "bcdefghij")
)


@pytest.mark.parametrize(
    ("prolog", "entity"),
    [
        (LAUGHS, "&j;"),
        ('<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>', "&x;"),
        ('<!DOCTYPE rss [<!ENTITY x SYSTEM "http://127.0.0.1:1/">]>', "&x;"),
        ('<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/x.dtd">', "&x;"),
    ],
)
def test_entities_are_neither_expanded_nor_fetched(parse, prolog: str, entity: str) -> None:
    began = time.process_time()
    hostile = item(2, description=f"<description>{entity}</description>")
    payload = (prolog + RSS.format(item(1) + hostile + item(3))).encode()
    found = parse("press-baothanhhoa", payload)
    inside = parse(
        "press-baothanhhoa", RSS.format(prolog + item(1) + f"<item>{prolog}" + hostile[6:] + item(3)).encode()
    )
    assert time.process_time() - began < 5
    for outcome in (found, inside):
        assert {p.title for p in outcome.records} >= {"Sở Y tế 1", "Sở Y tế 3"}
        assert "haha" not in repr(outcome.records)
        for post in outcome.records:
            assert post.text.strip() in {"Nội dung 1.", "Nội dung 3.", entity, "", entity.strip("&;")}


@pytest.mark.parametrize(
    "payload",
    [
        b"<html><body>404</body></html>",
        b'{"error": 1}',
        b"<?xml version='1.0'?>",
        b"<feeds/>",
        b"<rss " + b"x" * 9999 + b">",
    ],
)
def test_what_is_no_feed_is_one_reject(parse, payload: bytes) -> None:
    assert parse("press-baothanhhoa", payload).faults == [(0, "", "neither RSS nor Atom")]


def test_a_feed_without_items_is_fine(parse) -> None:
    assert parse("press-baothanhhoa", feed()).faults == []


def test_a_giant_item_is_refused_and_its_neighbours_go_through(parse) -> None:
    giant = item(2, description="<description>" + "<a " * 500_000 + "</description>")
    found = parse("press-baothanhhoa", feed(item(1), giant, item(3)))
    assert [p.title for p in found.records] == ["Sở Y tế 1", "Sở Y tế 3"]
    assert "too long" in found.faults[0][2]


def test_text_of_html() -> None:
    assert plain("<p>A&nbsp;<b>B</b></p><script>x()</script><!-- c -->D &lt; E<br>F <img src='x'") == "A B D < E F"
    assert plain("5 < 6 và 7 > 3") == "5 < 6 và 7 > 3"


def test_addresses_that_are_none_stay_as_they_are() -> None:
    assert normalised("http://[::1") == "http://[::1"
