"""A department that posts dossiers to the HTTP way in, one call after another, each sent until it is taken."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from http.client import HTTPConnection, HTTPException

import msgspec

from ioc.packs import utc_now
from ioc.settings import Settings
from streams.tokens import token_of

SOURCE = "one-stop-dossiers"
_DOSSIERS = 50  # in a call
_TIMEOUT_S = 60
_AGAIN_S = 0.2  # after a call without an answer; a refusal says its own time


class Poster:
    """A thread of its own.

    Args:
        settings: with the data directory that holds the token and the port of `ioc web`.

    Attributes:
        answers: how often each status came, "none" for calls without an answer.
        taken: dossiers that were answered 202; their codes are `code_of` 0 up to this.
    """

    def __init__(self, settings: Settings) -> None:
        self._address = (settings.http_host, settings.http_port)
        self._headers = {"Authorization": f"Bearer {token_of(settings, SOURCE)}", "Content-Type": "application/json"}
        self.answers: Counter[str] = Counter()
        self.taken = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin to post."""
        self._thread.start()

    def stop(self, timeout_s: float = 60) -> bool:
        """Make no new dossiers, and return when those that were made are taken; whether they are."""
        self._stop.set()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stop.is_set():
            body = _body(self.taken)
            while pause := self._post(body):
                self._stop.wait(pause)
            self.taken += _DOSSIERS

    def _post(self, body: bytes) -> float:
        """Send one body; 0 if it was taken, else the seconds to wait before it is sent again."""
        with contextlib.closing(HTTPConnection(*self._address, timeout=_TIMEOUT_S)) as connection:
            try:
                connection.request("POST", f"/api/sources/{SOURCE}", body, self._headers)
                answer = connection.getresponse()
            except (OSError, HTTPException):
                self.answers["none"] += 1
                return _AGAIN_S
            self.answers[str(answer.status)] += 1
            return 0 if answer.status == 202 else float(answer.headers.get("Retry-After", _AGAIN_S))


def code_of(number: int) -> str:
    """The dossier's code."""
    return f"000.00.18.H56-BENCH-{number:08d}"


def _body(first: int) -> bytes:
    now = utc_now().isoformat()
    common = {"ma_thu_tuc": "1.004193", "co_quan": "so-yte", "ngay_tiep_nhan": now, "thoi_diem": now, "trang_thai": 1}
    return msgspec.json.encode([{"ma_ho_so": code_of(first + n), **common} for n in range(_DOSSIERS)])
