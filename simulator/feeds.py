"""The simulated newsrooms' web server: RSS 2.0 or Atom at the paths of the catalogue, and a page for every article."""

from __future__ import annotations

import errno
import re
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import blake2b
from html import escape

from aiohttp import web

from ioc.catalog.model import Source
from ioc.errors import AddressInUse
from ioc.settings import LOCALHOST, Settings
from simulator.chance import key
from simulator.press import Article, Press
from simulator.workdays import ZONE

SHOWN = timedelta(days=7)
_SIMULATOR = "{simulator}"
_ID = re.compile(r"-(\d+w?)\.htm")
_PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>body{{font:18px/1.6 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}}
small{{color:#666}}</style></head><body><small>{outlet} · {at} · bài viết của tỉnh mô phỏng, người và số liệu là hư cấu</small>
<h1>{title}</h1><p><b>{lead}</b></p>{body}</body></html>"""


class Newsstand:
    """The handlers; `base` is the server's own address, without a slash at the end."""

    def __init__(self, press: Press, now: Callable[[], datetime]) -> None:
        self._press, self._now = press, now
        self.base = ""

    def application(self) -> web.Application:
        """All outlets and all articles."""
        app = web.Application()
        for outlet in self._press.outlets:
            app.router.add_get(outlet.url.removeprefix(_SIMULATOR), self._feed(outlet))
        app.router.add_get("/bai/{name}", self._page)
        return app

    def _feed(self, outlet: Source) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        is_atom = "atom" in outlet.url

        async def handler(request: web.Request) -> web.StreamResponse:
            now = self._now()
            articles = [a for a in self._press.between(now - SHOWN, now) if a.outlet == outlet.id][::-1]
            tag = blake2b(" ".join(a.id for a in articles).encode(), digest_size=8).hexdigest()
            headers = {"ETag": f'"{tag}"', "Cache-Control": "no-cache"}
            if any(known.value == tag for known in request.if_none_match or ()):
                return web.Response(status=304, headers=headers)
            text = atom(outlet, articles, self.base) if is_atom else rss(outlet, articles, self.base)
            kind = "application/atom+xml" if is_atom else "application/rss+xml"
            return web.Response(body=text.encode(), headers=headers, content_type=kind, charset="utf-8")

        return handler

    async def _page(self, request: web.Request) -> web.Response:
        found = _ID.search(request.match_info["name"])
        article = self._press.article(found[1]) if found else None
        if article is None or article.at > self._now():
            raise web.HTTPNotFound(text="không có bài này")
        outlet = next(o for o in self._press.outlets if o.id == article.outlet)
        body = "".join(f"<p>{escape(sentence)}</p>" for sentence in article.body)
        at = article.at.astimezone(ZONE).strftime("%H:%M %d/%m/%Y")
        values = {
            "title": escape(article.title),
            "lead": escape(article.lead),
            "at": at,
            "outlet": escape(_title(outlet)),
        }
        return web.Response(text=_PAGE.format(body=body, **values), content_type="text/html")


@asynccontextmanager
async def served(settings: Settings, press: Press, now: Callable[[], datetime]) -> AsyncIterator[str]:
    """Serve until left; yields the address.

    Raises:
        AddressInUse: the simulator's port is taken.
    """
    stand = Newsstand(press, now)
    runner = web.AppRunner(stand.application(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, LOCALHOST, settings.simulator_port)
        try:
            await site.start()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise AddressInUse(LOCALHOST, settings.simulator_port, "IOC_SIMULATOR_PORT") from None
            raise
        stand.base = f"http://{LOCALHOST}:{runner.addresses[0][1]}"
        yield stand.base
    finally:
        await runner.cleanup()


def rss(outlet: Source, articles: Sequence[Article], base: str) -> str:
    """RSS 2.0 as the provincial newspaper writes it: local GMT+7 times, HTML in CDATA, some items without guid."""
    items = "".join(_item(article, base) for article in articles)
    head = f"<title>{escape(_title(outlet))}</title><link>{base}/</link><language>vi-vn</language>"
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"{head}<description>Tỉnh mô phỏng</description>\n{items}</channel></rss>\n"
    )


def atom(outlet: Source, articles: Sequence[Article], base: str) -> str:
    """Atom as the television station writes it: summary and full content, escaped HTML, ids that are tags."""
    entries = "".join(_entry(article, base) for article in articles)
    updated = articles[0].at.astimezone(ZONE).isoformat() if articles else "1970-01-01T07:00:00+07:00"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="vi">'
        f"<title>{escape(_title(outlet))}</title><id>{base}/</id><updated>{updated}</updated>\n{entries}</feed>\n"
    )


def _item(article: Article, base: str) -> str:
    oddity = key(article.id, "oddity")
    title = unicodedata.normalize("NFD", article.title) if oddity % 7 == 0 else article.title
    link = link_of(article, base) + ("?utm_source=rss&utm_medium=feed" if oddity % 5 == 0 else "")
    guid = "" if oddity % 3 == 0 else f'<guid isPermaLink="false">bai-{article.id}</guid>\n'
    stamp = format_datetime(article.at.astimezone(ZONE)).replace("+0700", "GMT+7")
    html = f"<p><b>{escape(article.lead)}</b></p>" + "".join(f"<p>{escape(s)}&nbsp;</p>" for s in article.body)
    return (
        f"<item>\n<title><![CDATA[{title}]]></title>\n<link>{escape(link)}</link>\n{guid}"
        f"<description><![CDATA[{html}]]></description>\n<dc:creator>Phóng viên mô phỏng</dc:creator>\n"
        f"<pubDate>{stamp}</pubDate>\n</item>\n"
    )


def _entry(article: Article, base: str) -> str:
    stamp = article.at.astimezone(ZONE).isoformat()
    content = escape("".join(f"<p>{escape(s)}</p>" for s in (article.lead, *article.body)))
    return (
        f"<entry><id>tag:truyenhinh.mophong,{article.at:%Y}:{article.id}</id>"
        f'<title type="html">{escape(escape(article.title))}</title><link rel="alternate" href="{link_of(article, base)}"/>'
        f"<published>{stamp}</published><updated>{stamp}</updated><author><name>Biên tập mô phỏng</name></author>"
        f'<summary>{escape(article.lead)}</summary><content type="html">{content}</content></entry>\n'
    )


def link_of(article: Article, base: str) -> str:
    """The address of an article's page."""
    plain = unicodedata.normalize("NFKD", article.title.lower().replace("đ", "d")).encode("ascii", "ignore").decode()
    return f"{base}/bai/{re.sub('[^a-z0-9]+', '-', plain).strip('-')[:80]}-{article.id}.htm"


def _title(outlet: Source) -> str:
    return outlet.options.get("outlet", outlet.name)
