"""The truth about incidents, a JSON line each in `incidents.jsonl`, appended when its data has been handed over."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from simulator.incidents import Incident

FILE = "incidents.jsonl"

_decode = msgspec.json.Decoder(Incident).decode


def read_labels(path: Path) -> list[Incident]:
    """All labels in the order they were written; a line cut off by a crash is left out, no file is no label."""
    found = []
    for line in path.read_bytes().split(b"\n") if path.exists() else ():
        try:
            found.append(_decode(line))
        except msgspec.DecodeError:
            continue
    return found


class Labels:
    """The file, open for appending; an incident is written once, however often it is added."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = {incident.id for incident in read_labels(path)}

    def add(self, incidents: Iterable[Incident]) -> None:
        """Append those that are not there yet."""
        new = [incident for incident in incidents if incident.id not in self._known]
        if not new:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab+") as file:
            if file.tell() and not self._ends_whole():
                file.write(b"\n")
            file.write(b"".join(msgspec.json.encode(incident) + b"\n" for incident in new))
        self._known.update(incident.id for incident in new)

    def _ends_whole(self) -> bool:
        with self._path.open("rb") as file:
            file.seek(-1, 2)
            return file.read() == b"\n"
