"""User names in log messages become pseudonyms that stay the same, so that counting by user still works."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b

_NAME = r"(?P<name>(?!unknown\b|user:[0-9a-f]{8}|from )[^\s,;:()\[\]'\"=/]*[^\s,;:()\[\]'\"=/.])"
_FREE = r"(?P<name>(?!user:[0-9a-f]{8}|user |invalid user )\S.{0,255}?)"  # bounded: a line may repeat the words before

# Where Linux programs (sshd, PAM, sudo, su, cron, logind, shadow's tools) put a user's name: a word, a place.
_PLACES = tuple(
    (word, re.compile(pattern))
    for word, pattern in (
        ("for invalid user ", r"(?<=for invalid user )" + _FREE + r"(?= from \S)"),
        ("nvalid user ", r"(?<=nvalid user )" + _FREE + r"(?= from \S| \[preauth\]|$)"),
        ("ser ", r"(?<=[Uu]ser )['\"]?" + _NAME),
        ("=", r"(?:(?<=user=)|(?<=USER=)|(?<=logname=)|(?<=name=)|(?<=acct=))['\"]?" + _NAME),
        (" by ", r"(?<= by )" + _NAME + r"(?=\(uid=)"),
        ("/home/", r"(?<=/home/)" + _NAME),
        ("'", r"(?<=')" + _NAME + r"(?=')"),
        ("sudo", r"(?<=sudo)(?:\[\d+\])?:\s+" + _NAME + r"(?= :|\s*$)"),
        (") CMD", r"\(" + _NAME + r"(?=\) CMD)"),
    )
)
_FOR = re.compile(r"(?<=for )" + _FREE + r"(?= from [0-9A-Fa-f.:]{3,45}\b| by |$)")
_FOR_NAMES_USERS = {"", "sshd", "su", "sudo", "login", "chpasswd", "passwd", "dovecot", "vsftpd"}
_SUDO = re.compile(r"^\s*" + _NAME + r"(?= :|\s*$)")
_MOST_NAMES = 16
_FREE_TEXT = {"sudo", "useradd", "userdel", "usermod", "groupadd"}


@lru_cache(maxsize=1024)
def pseudonym(name: str, key: str) -> str:
    """``user:`` and 8 hexadecimal digits; with a key names cannot be tried out, without one it is only a veil."""
    return "user:" + blake2b(name.encode("utf-8", "surrogateescape"), digest_size=4, key=key.encode()[:64]).hexdigest()


def masked(message: str, program: str, key: str = "") -> str:
    """The message with pseudonyms for user names.

    Args:
        message: what the program wrote.
        program: its name; "for …" names a user only where some programs say it. Empty: take it so.
        key: the secret of the pseudonyms.
    """
    names: list[str] = []

    def replaced(found: re.Match[str]) -> str:
        names.append(found["name"])
        start = found.start("name") - found.start()
        return found[0][:start] + pseudonym(found["name"], key)

    for word, place in _PLACES:
        if word in message:
            message = place.sub(replaced, message)
    if program == "sudo":
        message = _SUDO.sub(replaced, message)
    if program in _FOR_NAMES_USERS and "for " in message:
        message = _FOR.sub(replaced, message)
    for name in dict.fromkeys(names[:_MOST_NAMES]) if program in _FREE_TEXT else ():
        message = re.sub(rf"(?<!user:)(?<!\w){re.escape(name)}(?!\w)", pseudonym(name, key), message)
    return message
