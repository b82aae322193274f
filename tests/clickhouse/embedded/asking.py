"""How these tests speak HTTP: byte by byte as curl does, without a driver."""

from __future__ import annotations

import socket
import time
from urllib.parse import quote, urlsplit

import urllib3

HTTP = urllib3.PoolManager(maxsize=100, retries=False, timeout=60)


def ask(url, body=None, method="POST", headers=None, **fields):
    """One request; the fields go into the address."""
    query = "&".join(f"{k}={quote(str(v), safe='')}" for k, v in fields.items())
    return HTTP.request(method, f"{url}/?{query}", body=body, headers=headers, decode_content=False)


def ask_raw(url, body, **fields):
    """All bytes of a reply, headers too, as they came over the line."""
    where = urlsplit(url)
    query = "&".join(f"{k}={quote(str(v), safe='')}" for k, v in fields.items())
    head = (
        f"POST /?{query} HTTP/1.1\r\nHost: {where.netloc}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    received = bytearray()
    with socket.create_connection((where.hostname, where.port), timeout=60) as sock:
        sock.sendall(head.encode() + body.encode())
        while piece := sock.recv(1 << 16):
            received += piece
    return bytes(received)


def code_of(reply):
    """The error's code."""
    return int(reply.headers["X-ClickHouse-Exception-Code"])


def wait_until(condition, seconds=20):
    """Ask until it holds."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
