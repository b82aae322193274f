"""Press feeds, RSS 2.0 and Atom: each item is cut out and read alone, so a broken one costs no other (FACTS 10)."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import feedparser

from ioc.catalog.model import Source
from ioc.errors import BadInput
from ioc.records import Post, Record, event_id
from streams.sources._text import LONGEST_LINE, oversized, shown
from streams.sources.base import Arrival, Reject
from streams.sources.times import any_time, plausible

_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_ROOT = re.compile(r"<((?:\w+:)?(?:rss|feed|RDF))\b[^<>]{0,4096}>", re.IGNORECASE)
_ITEM = re.compile(r"<((?:\w+:)?(?:item|entry))(?:\s[^<>]*)?>")
_TOKEN = re.compile(r"<!\[CDATA\[|\]\]>|<(?P<end>/?)(?P<name>(?:\w+:)?(?:item|entry))(?:\s[^<>]*)?>")
_END = re.compile(r"</(?:\w+:)?(?:rss|feed|RDF)\s*>")
_KEPT = re.compile(
    r"<((?:\w+:)?(?:title|link|guid|id|description|summary|content|encoded|pubDate|published|updated|date))"
    r"(?:\s[^<>]*)?(?:/>|(?<!/)>.*?</\1\s*>)",
    re.DOTALL,
)
_LANGUAGE = re.compile(r"<language>\s*([a-zA-Z]{2})\b|xml:lang\s*=\s*[\"']([a-zA-Z]{2})\b")
_BLOCK = re.compile(r"<(?:br|/?p|/?div|/?li|/?h\d|/?tr)\b[^>]*>", re.IGNORECASE)
_SILENT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>|<[A-Za-z/!][^<>]*$")
_BATCH = 200
_TRACKING = ("utm_", "fbclid", "gclid", "zarsrc")
_ENCODINGS = {"us-ascii", "iso-8859-1", "windows-1252", "windows-1258"}


def parse(payload: bytes, source: Source, arrival: Arrival) -> Iterator[Record | Reject]:
    """Posts of one feed; authors are dropped, nothing is fetched. The source's option ``outlet`` names the newspaper.

    An item without guid is known by its address without tracking parameters, fragment and trailing slash.
    """
    if refused := oversized(payload, source):
        yield refused
        return
    text = _decoded(payload)
    root = _ROOT.search(text)
    if not root:
        yield Reject("", "neither RSS nor Atom", _bytes(_kept(text[:LONGEST_LINE])))
        return
    language = _LANGUAGE.search(text, root.start(), (_ITEM.search(text, root.end()) or root).start() or root.end())
    code = source.options.get("language") or ((language and (language[1] or language[2])) or "vi").lower()
    items, rest = _items(text, root.end())
    for start in range(0, len(items), _BATCH):
        batch = items[start : start + _BATCH]
        entries = _entries(root, batch)
        for position, (item, entry) in enumerate(zip(batch, entries, strict=True), start + 1):
            try:
                yield _post(entry, code, source, arrival)
            except BadInput as error:
                yield Reject(error.field, error.reason, _alone(root, item), position)
    if rest:
        yield Reject("", "the feed is cut off in the middle", _alone(root, rest), len(items) + 1)


def _decoded(payload: bytes) -> str:
    """The feed as text; bytes that are none in its encoding become surrogates, to be found in their item."""
    if payload.startswith((b"\xff\xfe", b"\xfe\xff")):
        return payload.decode("utf-16", "replace")
    declared = _ENCODING.match(payload.removeprefix(b"\xef\xbb\xbf").lstrip())
    encoding = declared[1].decode().lower() if declared else ""
    return payload.decode(encoding if encoding in _ENCODINGS else "utf-8-sig", "surrogateescape")


def _items(text: str, at: int) -> tuple[list[str], str]:
    """Items in order, closed where their end is missing, and what an incomplete document holds after them."""
    items: list[str] = []
    start, name, quoted = -1, "", False
    for token in _TOKEN.finditer(text, at):
        if not token["name"]:
            quoted = token[0] == "<![CDATA["
        elif token["end"]:
            if start >= 0:
                items.append(text[start : token.end()])
            start, at, quoted = -1, token.end(), False
        elif not quoted:
            if start >= 0:
                items.append(f"{text[start : token.start()]}</{name}>")
            start, name = token.start(), token["name"]
    if start >= 0:
        return items, text[start:]
    tail = text[at:].strip()
    return items, "" if _END.search(tail) else tail or "<!-- -->"


def _opened(root: re.Match[str]) -> str:
    return root[0] + ("<channel>" if root[1].lower().endswith("rss") else "")


def _wrapped(root: re.Match[str], items: list[str]) -> str:
    return _opened(root) + "".join(items) + ("</channel>" if root[1].lower().endswith("rss") else "") + f"</{root[1]}>"


def _entries(root: re.Match[str], items: list[str]) -> list[Any]:
    """One feedparser entry an item, read together where all is well-formed, one by one where not; None for none."""
    if not any(_broken(item) for item in items):
        entries = _read(_wrapped(root, items))
        if entries is not None and len(entries) == len(items):
            return entries
    return [None if _broken(i) else (_read(_wrapped(root, [i]), lenient=True) or [None])[0] for i in items]


def _broken(text: str) -> bool:
    return len(text) > LONGEST_LINE or (not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text))


def _read(document: str, *, lenient: bool = False) -> list[Any] | None:
    try:
        document_bytes = BytesIO(document.encode("utf-8", "replace"))
        feed = feedparser.parse(document_bytes, sanitize_html=False, resolve_relative_uris=False)
    except Exception:  # feedparser's lenient parser raises whatever sgmllib does
        return None
    return None if feed.bozo and not lenient else list(feed.entries)


def _post(entry: Any, language: str, source: Source, arrival: Arrival) -> Post:
    if entry is None:
        raise BadInput(source.id, "", "the item is not readable XML: invalid UTF-8, too long, or no XML at all")
    title = plain(str(entry.get("title") or ""))
    link = _link(entry, source)
    stamp = str(entry.get("published") or entry.get("updated") or "")
    if not title:
        raise BadInput(source.id, "title", "is missing")
    if not stamp:
        raise BadInput(source.id, "published", "is missing")
    try:
        published_at = plausible(any_time(stamp, source.zone), "published", source, arrival)
    except ValueError:
        raise BadInput(source.id, "published", f"{shown(stamp)} is not a time") from None
    bodies = [c.get("value", "") for c in entry.get("content", [])] + [entry.get("summary") or ""]
    return Post(
        event_id=event_id(source.id, str(entry.get("id") or "").strip() or normalised(link)),
        received_at=arrival.received_at,
        source=source.id,
        outlet=source.options.get("outlet", source.name),
        url=link,
        title=title,
        text=plain(str(max(bodies, key=len))),
        published_at=published_at,
        language=language,
    )


def _link(entry: Any, source: Source) -> str:
    link = str(entry.get("link") or "").strip()
    if not link:
        raise BadInput(source.id, "link", "is missing")
    if not re.match(r"https?://[^\s/]", link):
        raise BadInput(source.id, "link", f"{shown(link)} is not a web address")
    return link


def normalised(url: str) -> str:
    """The address without what does not identify the page: tracking parameters, fragment, trailing slash."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    query = urlencode(
        [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not k.startswith(_TRACKING)]
    )
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path.rstrip("/"), query, ""))


def plain(text: str) -> str:
    """HTML as NFC text: no tags, scripts or comments, entities resolved, blanks collapsed."""
    if "<" in text:
        text = _TAG.sub("", _BLOCK.sub(" ", _SILENT.sub(" ", text)))
    return " ".join(unicodedata.normalize("NFC", html.unescape(text)).split())


def _alone(root: re.Match[str], item: str) -> bytes:
    """A document of one item as it replays: of its elements those that we read; others may name people."""
    opened = _ITEM.match(item)
    name = opened[1] if opened else "item"
    return _bytes(_wrapped(root, [f"<{name}>{_kept(item)}</{name}>"]))


def _kept(text: str) -> str:
    return "".join(found[0] for found in _KEPT.finditer(text))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
