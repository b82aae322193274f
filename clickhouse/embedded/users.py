"""Who asks: the centre itself, which may do everything, or a person of the file of users, with roles."""

from __future__ import annotations

import secrets
import threading
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from hmac import compare_digest

from clickhouse.accounts import Account, hashed, is_password, read_accounts, users_file
from clickhouse.embedded.errors import Refused
from clickhouse.roles import ROLES, Limits, agency_role, limits_of
from ioc.errors import ConfigurationError
from ioc.settings import LOCALHOST, Settings

LOOPBACK = frozenset({LOCALHOST, "localhost", "::1"})

_AUTHENTICATION_FAILED = 516
_MOST_KNOWN = 1000


@dataclass(frozen=True)
class User:
    """Who asks.

    Attributes:
        name: as given at the door.
        roles: empty for the centre itself, which everything is open to.
        agencies: whose rows a department is shown.
    """

    name: str = "default"
    roles: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()

    @property
    def is_admin(self) -> bool:
        """Whether nothing is refused."""
        return not self.roles

    @property
    def engine_roles(self) -> tuple[str, ...]:
        """The roles that a request of a person goes on with."""
        return (*self.roles, *map(agency_role, self.agencies))

    @cached_property
    def limits(self) -> tuple[str, Limits]:
        """The role whose limits hold, and these."""
        return limits_of(self.roles)


ADMINISTRATOR = User()


class Users:
    """The door: who comes with the right password is let in.

    The file of users is read again when it changed, so that who is added or removed is so at once.

    Args:
        settings: name and password of the centre itself, and the data directory.
    """

    def __init__(self, settings: Settings) -> None:
        self._admin = User(settings.clickhouse_user)
        self._password = settings.clickhouse_password.get_secret_value()
        self._file = users_file(settings.data_dir)
        self._lock = threading.Lock()
        self._proving = threading.Lock()  # one at a time: who guesses passwords takes no more than one core
        self._read_at: tuple[int, ...] = ()
        self._accounts: dict[str, Account] = {}
        self._key = secrets.token_bytes(32)
        self._known: dict[bytes, User] = {}
        self._nobody = hashed(secrets.token_hex())

    def known(self, fields: Mapping[str, str], headers: Mapping[str, str]) -> User | None:
        """Who asks, if that takes no time to find out: the centre, or who was let in before; else None.

        Raises:
            Refused: the centre's name with another password, or nobody else is let in here.
        """
        name, password = claimed(fields, headers)
        if compare_digest(name.encode(), self._admin.name.encode()):
            if compare_digest(password.encode(), self._password.encode()):
                return self._admin
            raise _failed(name)
        with self._lock:
            self._refresh(name)
            if not self._accounts:
                raise _failed(name)
            return self._known.get(self._digest(name, password))

    def enter(self, fields: Mapping[str, str], headers: Mapping[str, str]) -> User:
        """Who asks; takes a twentieth of a second, so call it in a thread.

        Raises:
            Refused: unknown, or another password.
        """
        if found := self.known(fields, headers):
            return found
        name, password = claimed(fields, headers)
        with self._lock:
            account = self._accounts.get(name)
        with self._proving:
            right = is_password(password, account.password if account else self._nobody)
        if account is None or not right:
            raise _failed(name)
        user = User(name, account.roles, account.agencies)
        with self._lock:
            if self._accounts.get(name) == account:  # not changed meanwhile
                while len(self._known) >= _MOST_KNOWN:
                    self._known.pop(next(iter(self._known)))
                self._known[self._digest(name, password)] = user
        return user

    def _refresh(self, name: str) -> None:
        try:
            now = self._file.stat()
            read_at: tuple[int, ...] = (now.st_mtime_ns, now.st_size, now.st_ino)
        except FileNotFoundError:
            read_at = ()
        if read_at == self._read_at:
            return
        self._known.clear()
        self._accounts, self._read_at = {}, ()
        try:
            found = read_accounts(self._file)
        except ConfigurationError as error:  # nobody is let in by a file that nobody can read
            raise _failed(name) from error
        self._accounts = {n: a for n, a in found.items() if a.roles and set(a.roles) <= ROLES.keys()}
        self._read_at = read_at

    def _digest(self, name: str, password: str) -> bytes:
        return blake2b(f"{name}\0{password}".encode(), key=self._key, digest_size=32).digest()


def check_address(settings: Settings) -> None:
    """Refuse to let everybody on the network do everything.

    Raises:
        ConfigurationError: others than this machine are listened to, and the centre's user has no password.
    """
    if settings.clickhouse_host not in LOOPBACK and not settings.clickhouse_password.get_secret_value():
        raise ConfigurationError(
            f"IOC_CLICKHOUSE_HOST={settings.clickhouse_host} lets other machines in, and user"
            f" {settings.clickhouse_user}, who may do everything, has no password; set IOC_CLICKHOUSE_PASSWORD"
        )


def claimed(fields: Mapping[str, str], headers: Mapping[str, str]) -> tuple[str, str]:
    """Name and password as a request gives them, in any of ClickHouse's three ways."""
    if "X-ClickHouse-User" in headers or "X-ClickHouse-Key" in headers:
        return headers.get("X-ClickHouse-User", "default"), headers.get("X-ClickHouse-Key", "")
    scheme, _, value = headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            user, _, password = b64decode(value, validate=True).decode().partition(":")
        except (Base64Error, UnicodeDecodeError):
            user, password = "", ""
        return user, password
    return fields.get("user", "default"), fields.get("password", "")


def _failed(name: str) -> Refused:
    return Refused(
        _AUTHENTICATION_FAILED,
        f"{name}: Authentication failed: password is incorrect, or there is no user with such name."
        " (AUTHENTICATION_FAILED)",
    )
