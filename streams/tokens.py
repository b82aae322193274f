"""Secrets made once and kept in the data directory: a bearer token a source that calls us, and the pseudonyms' key."""

from __future__ import annotations

import fcntl
import hmac
import json
import os
import secrets

from ioc.settings import Settings


def token_of(settings: Settings, source_id: str) -> str:
    """The token a source must send: ``IOC_SOURCE_TOKEN`` for all if set, else its own, made once and kept."""
    return settings.source_token.get_secret_value() or _kept(settings, source_id)


def pseudonym_key(settings: Settings) -> str:
    """The key under which names of people become pseudonyms; losing it makes old and new pseudonyms differ."""
    return _kept(settings, "pseudonyms")


def _kept(settings: Settings, name: str) -> str:
    """A secret by name; made under a lock and written whole, so that two processes or a crash never leave two or half."""
    path = settings.data_dir / "tokens.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_suffix(".lock"), "w", opener=_private) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        if name not in known:
            known[name] = secrets.token_urlsafe(24)
            draft = path.with_suffix(".tmp")
            with open(draft, "w", encoding="utf-8", opener=_private) as file:
                file.write(json.dumps(known, indent=2))
            draft.replace(path)
        return known[name]


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def is_token(settings: Settings, source_id: str, authorization: str | None) -> bool:
    """Whether an ``Authorization`` header opens a source; takes the same time whatever is wrong with it."""
    scheme, _, given = (authorization or "").partition(" ")
    known = hmac.compare_digest(given.strip().encode(), token_of(settings, source_id).encode())
    return known and scheme.lower() == "bearer"
