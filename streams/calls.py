"""What a call from a browser must be before anything is done for it: of our own page, small, and by somebody with a name."""

from __future__ import annotations

from base64 import b64decode
from urllib.parse import urlsplit

from aiohttp import web

from clickhouse.embedded.users import LOOPBACK

_MOST_BYTES = 8192
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


class Refused(Exception):
    """A call that is not taken.

    Attributes:
        status: of the answer.
        field: what is at fault, empty for the whole.
        reason: a sentence for people.
    """

    def __init__(self, status: int, field: str, reason: str) -> None:
        super().__init__(reason)
        self.status, self.field, self.reason = status, field, reason


def check_origin(request: web.Request) -> None:
    """Another site's page must not act through somebody's browser: browsers say where a request comes from.

    Raises:
        Refused: it comes from elsewhere, or is not JSON, which a form of another site cannot send unasked.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site not in {None, "same-origin"} or (origin is not None and urlsplit(origin).netloc != request.host):
        raise Refused(403, "Origin", "Yêu cầu đến từ trang khác")
    if request.content_type != "application/json":
        raise Refused(415, "Content-Type", "send application/json")


async def small_body(request: web.Request) -> bytes:
    """The body.

    Raises:
        Refused: it is larger than what people type.
    """
    data = bytearray()
    async for chunk in request.content.iter_any():
        data += chunk
        if len(data) > _MOST_BYTES:
            raise Refused(413, "", f"{_MOST_BYTES} bytes at most")
    return bytes(data)


def credentials(request: web.Request) -> tuple[str, str]:
    """Name and password of a Basic header (RFC 7617); empty without one.

    Raises:
        Refused: a header of another kind, or without a name.
    """
    authorization = request.headers.get("Authorization")
    if authorization is None:
        return "", ""
    scheme, _, given = authorization.partition(" ")
    try:
        name, colon, password = b64decode(given, validate=True).decode().partition(":")
    except ValueError:
        name, colon, password = "", "", ""
    if scheme.lower() != "basic" or not colon or not name:
        raise Refused(401, "Authorization", "send name and password: Authorization: Basic …")
    return name, password


def is_from_here(request: web.Request, listens_on: str) -> bool:
    """Whether it comes from this machine, by a name of this machine, with no proxy between that says so.

    Args:
        request: of a caller.
        listens_on: the address we listen on, which must be of this machine alone as well.
    """
    near = {listens_on, request.remote, urlsplit(f"//{request.host}").hostname} <= LOOPBACK
    return near and not any(name in request.headers for name in _FORWARDED)
