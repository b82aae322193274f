"""The users of the embedded ClickHouse: a file in the data directory that `ioc user` writes and the server reads.

Passwords are kept as scrypt hashes (RFC 7914); the file belongs to the centre's account alone.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import scrypt
from hmac import compare_digest
from pathlib import Path

import msgspec

from clickhouse.roles import DEPARTMENT, ROLES
from ioc.errors import ConfigurationError

SHORTEST_PASSWORD = 10
_NAME = re.compile(r"[a-z][a-z0-9_.-]{1,63}")
_COST, _BLOCK, _PARALLEL = 1 << 14, 8, 1  # 16 MiB and some 50 ms for each attempt


class Account(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One user.

    Attributes:
        password: ``scrypt$salt$hash``, hexadecimal.
        roles: of `clickhouse.roles.ROLES`, at least one.
        agencies: whose rows a department is shown.
    """

    password: str
    roles: tuple[str, ...]
    agencies: tuple[str, ...] = ()


def users_file(data_dir: Path) -> Path:
    """Where the users of a data directory are kept."""
    return data_dir / "users.json"


def read_accounts(file: Path) -> dict[str, Account]:
    """Every user by name; none if there is no file.

    Raises:
        ConfigurationError: the file cannot be read, or is no file of users.
    """
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Account])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigurationError(
            f"{file}: cannot be read: {error}; restore it or remove it and add users anew"
        ) from None


@contextmanager
def changing_accounts(file: Path) -> Iterator[dict[str, Account]]:
    """The users, to be changed in place; written at the end, by one process at a time.

    Raises:
        ConfigurationError: see `read_accounts`, or the data directory cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(file.with_suffix(".lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise ConfigurationError(f"the data directory {file.parent} cannot be used: {error.strerror}") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        accounts = read_accounts(file)
        yield accounts
        _write(file, accounts)
    finally:
        os.close(lock)


def checked_name(name: str, taken: frozenset[str]) -> str:
    """A user's name.

    Args:
        name: to check.
        taken: names that mean something else.

    Raises:
        ConfigurationError: it cannot be one.
    """
    if not _NAME.fullmatch(name):
        raise ConfigurationError(f"user {name!r}: a name has 2 to 64 of a-z, 0-9, '_', '.', '-', first a letter")
    if name in taken or name in ROLES:
        raise ConfigurationError(f"user {name!r}: this name is taken by the centre itself; choose another")
    return name


def checked_roles(roles: tuple[str, ...], agencies: tuple[str, ...], known: Mapping[str, object]) -> None:
    """Roles and agencies that go together.

    Args:
        roles: named for a user.
        agencies: named for a user.
        known: the catalogue's agencies by id.

    Raises:
        ConfigurationError: an unknown role or agency, or a department without agency.
    """
    if unknown := sorted(set(roles) - ROLES.keys()):
        raise ConfigurationError(f"role {unknown[0]!r}: there are {', '.join(ROLES)}")
    if not roles:
        raise ConfigurationError(f"role: name at least one of {', '.join(ROLES)}")
    if unknown := sorted(set(agencies) - known.keys()):
        raise ConfigurationError(f"agency {unknown[0]!r}: not in the catalogue, which has {', '.join(sorted(known))}")
    if (DEPARTMENT in roles) != bool(agencies):
        raise ConfigurationError(
            f"agency: role {DEPARTMENT} needs at least one agency, whose rows it is shown; other roles have none"
        )


def hashed(password: str) -> str:
    """What is kept of a password."""
    salt = secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${_scrypt(password, salt).hex()}"


def is_password(password: str, kept: str) -> bool:
    """Whether a password is the one of which this was kept; takes the same time for any answer."""
    _, salt, digest = kept.split("$")
    return compare_digest(_scrypt(password, bytes.fromhex(salt)), bytes.fromhex(digest))


def _scrypt(password: str, salt: bytes) -> bytes:
    return scrypt(password.encode(), salt=salt, n=_COST, r=_BLOCK, p=_PARALLEL, dklen=32)


def _write(file: Path, accounts: Mapping[str, Account]) -> None:
    """Whole or not at all, and never readable by others."""
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    text = msgspec.json.format(msgspec.json.encode(dict(sorted(accounts.items()))), indent=2)
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
