"""Who may say which anomalies are true: people of the store whose role judges, and on an open machine whoever sits at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import SecretStr

from clickhouse.access import users
from clickhouse.accounts import read_accounts, users_file
from clickhouse.connection import Connection
from clickhouse.roles import ROLES
from ioc.errors import ConfigurationError, QueryFailed
from ioc.settings import Settings


def is_open(settings: Settings) -> bool:
    """Whether nobody has been asked to name himself yet: ClickHouse has no users and its own one has no password.

    Then whoever is on this machine may write into ClickHouse anyway. Where that cannot be told, it is not open.

    Raises:
        StoreUnavailable: ClickHouse does not answer now.
    """
    if settings.clickhouse_password.get_secret_value():
        return False
    if not settings.clickhouse:
        return not read_accounts(users_file(settings.data_dir))
    try:
        return not users(settings)
    except (ConfigurationError, QueryFailed):
        return False


@contextmanager
def judge(settings: Settings, name: str, password: str) -> Iterator[Connection | None]:
    """The store as a person sees it, so that a department finds only its own anomalies; None for who may not judge.

    Raises:
        ConfigurationError: ClickHouse does not let this person in.
        StoreUnavailable: ClickHouse does not answer now.
    """
    if not name or not password:
        raise ConfigurationError("name and password are needed")
    if name == settings.clickhouse_user and not settings.clickhouse_password.get_secret_value():
        raise ConfigurationError(f"{name} has no password, so it is nobody")
    own = settings.model_copy(update={"clickhouse_user": name, "clickhouse_password": SecretStr(password)})
    connection = Connection(own)
    try:
        yield connection if _judges(connection, name == settings.clickhouse_user) else None
    finally:
        connection.close()


def _judges(connection: Connection, is_centre: bool) -> bool:
    with connection.answering() as client:
        held = client.query("SELECT enabledRoles()").first_row[0]
    return is_centre or any(ROLES[role].judges for role in held if role in ROLES)
