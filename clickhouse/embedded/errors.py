"""Errors as ClickHouse's HTTP interface answers them: a status, a code in a header, one line of text."""

from __future__ import annotations

import re

from ioc.errors import IocError

_CODE = re.compile(r"Code: (\d+)\. ")
_WORDS = re.compile(r"Code: \d+\. DB::\w*Exception: ")

# Statuses that differ from 500. Source: ClickHouse src/Server/HTTP/exceptionCodeToHTTPStatus.cpp
_STATUS = {
    **dict.fromkeys((6, 26, 27, 38, 41, 43, 53, 62, 69, 70, 72, 117, 130, 131, 184, 352, 386, 407, 441, 457, 507), 400),
    194: 401,
    **dict.fromkeys((192, 193, 291, 497, 516), 403),
    **dict.fromkeys((16, 46, 47, 50, 60, 61, 63, 81, 82, 83, 87, 107, 115, 405), 404),
    381: 411,
    307: 413,
    **dict.fromkeys((48, 90), 501),
    **dict.fromkeys((76, 202, 209, 210), 503),
}


class Refused(IocError):
    """A request that is answered with an error.

    Attributes:
        code: ClickHouse's error code.
    """

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        super().__init__(message)

    @property
    def status(self) -> int:
        """The HTTP status that goes with the code."""
        return _STATUS.get(self.code, 500)

    def text(self, version: str) -> str:
        """The body of the answer."""
        return f"Code: {self.code}. DB::Exception: {self} (version {version})\n"


def refused(error: Exception) -> Refused:
    """An error of the engine; code 1002 (UNKNOWN_EXCEPTION) where it gives none."""
    text = str(error).strip()
    code = _CODE.search(text)
    if code is None:
        return Refused(1002, f"{text or type(error).__name__}. (UNKNOWN_EXCEPTION)")
    words = _WORDS.sub("", text, count=1)
    return Refused(int(code[1]), re.sub(r"\s*\(version [^)]*\)", "", words))
