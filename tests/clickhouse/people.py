"""An embedded ClickHouse with users of every role, and requests as one of them, byte by byte as curl makes them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import urllib3

from clickhouse.accounts import Account, changing_accounts, hashed, users_file
from clickhouse.migrate import prepare
from clickhouse.roles import DEPARTMENT, ROLES
from ioc.catalog.load import load_catalog
from ioc.packs import utc_now
from ioc.settings import Settings
from tests.servers.clickhouse import start_clickhouse, stop_clickhouse

HTTP = urllib3.PoolManager(maxsize=20, retries=False, timeout=60)
PASSWORD = "mật khẩu của phép thử"
OWN, OTHER = "so-xd", "so-nnmt"  # agencies


@contextmanager
def server_with_people(data_dir: Path) -> Iterator[Settings]:
    """A migrated database, and a user of each role's name with a hyphen before it; departments are of `OWN`."""
    kept = hashed(PASSWORD)
    with changing_accounts(users_file(data_dir)) as accounts:
        for role in ROLES:
            accounts[f"u-{role}"] = Account(kept, (role,), (OWN,) if role == DEPARTMENT else ())
    process, settings = start_clickhouse(data_dir)
    try:
        prepare(settings, load_catalog(None), utc_now())
        yield settings
    finally:
        assert stop_clickhouse(process) == 0


def ask(settings, user, sql, /, method="POST", headers=None, **fields):
    """The reply; `user` empty: the centre itself."""
    fields = {"database": settings.database} | fields
    query = "&".join(f"{k}={quote(str(v), safe='')}" for k, v in fields.items())
    who = {"Authorization": "Basic " + b64encode(f"{user}:{PASSWORD}".encode()).decode()} if user else {}
    return HTTP.request(method, f"{settings.clickhouse}/?{query}", body=sql.encode(), headers=who | (headers or {}))


def code_of(reply):
    """ClickHouse's error code, 0 for none."""
    return int(reply.headers.get("X-ClickHouse-Exception-Code", 0))
