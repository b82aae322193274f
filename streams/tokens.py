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
    path = settings.data_dir / "tokens.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        text = file.read()
        tokens: dict[str, str] = json.loads(text) if text else {}
        if name not in tokens:
            tokens[name] = secrets.token_urlsafe(24)
            file.seek(0)
            file.write(json.dumps(tokens, indent=2))
            file.truncate()
        return tokens[name]


def is_token(settings: Settings, source_id: str, authorization: str | None) -> bool:
    """Whether an ``Authorization`` header opens a source; takes the same time whatever is wrong with it."""
    scheme, _, given = (authorization or "").partition(" ")
    known = hmac.compare_digest(given.strip().encode(), token_of(settings, source_id).encode())
    return known and scheme.lower() == "bearer"
