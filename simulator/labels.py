"""The truth about incidents, a JSON line each in `incidents.jsonl`, appended when an incident begins."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from simulator.incidents import Incident

FILE = "incidents.jsonl"

_decode = msgspec.json.Decoder(Incident).decode


def read_labels(path: Path) -> list[Incident]:
    """All labels in the order they were written; a last line cut off by a crash is left out, no file is no label."""
    if not path.exists():
        return []
    found = []
    for line in path.read_bytes().split(b"\n"):
        try:
            found.append(_decode(line))
        except msgspec.DecodeError:
            continue
    return found


def append_labels(path: Path, incidents: Iterable[Incident]) -> int:
    """Append those that are not there yet; how many."""
    known = {incident.id for incident in read_labels(path)}
    new = [incident for incident in incidents if incident.id not in known]
    if new:
        path.parent.mkdir(parents=True, exist_ok=True)
        broken = path.exists() and path.stat().st_size and not path.read_bytes().endswith(b"\n")
        with path.open("ab") as file:
            file.write(b"\n" * bool(broken) + b"".join(msgspec.json.encode(incident) + b"\n" for incident in new))
    return len(new)
