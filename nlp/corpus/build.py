"""Build corpus.tsv from what was written: ``python -m nlp.corpus.build``; the same sources give the same bytes."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from nlp.normalise import strip_marks

HERE = Path(__file__).parent
BUILT = HERE / "corpus.tsv"
STANCES = {"-": "negative", "0": "neutral", "+": "positive"}

_HEADER = re.compile(r"@ (?P<fields>(?:\w+=\S+ ?)+)$")
_ENTRY = re.compile(r"(?P<signs>[-0+?]+) (?P<text>\S.*)$")
_SLOT = re.compile(r"\{(\w+)\}")
_OPENING = re.compile(r"(?:^|[.!?…] )[“\"]?$")  # before a name that must be capitalised


class _Head(NamedTuple):
    id: str
    split: str
    origin: str
    register: str
    topic: str
    hard: str


class Row(NamedTuple):
    """One text judged for one agency.

    Attributes:
        split: train or test.
        origin: hand or frame.
        register: press, social, teencode or no-diacritics.
        topic: rows of a topic (of a frame) stay on one side of every split.
        hard: kind of difficulty, empty for none.
    """

    id: str
    split: str
    origin: str
    register: str
    topic: str
    hard: str
    agency: str
    stance: str
    text: str


def build() -> list[Row]:
    """All rows, in the order of the sources.

    Raises:
        ValueError: a line of the sources is neither header, entry, comment nor blank.
    """
    names: dict[str, list[str]] = tomllib.loads((HERE / "names.toml").read_text(encoding="utf-8"))
    rows = [row for path in sorted((HERE / "train").glob("*.txt")) for row in _written(path, "train", names)]
    rows += _framed(tomllib.loads((HERE / "frames.toml").read_text(encoding="utf-8")), names)
    rows += [row for path in sorted((HERE / "test").glob("*.txt")) for row in _written(path, "test", names)]
    return rows


def table(rows: Sequence[Row]) -> str:
    """The rows as tab separated text with a header."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n")
    writer.writerow(Row._fields)
    writer.writerows(rows)
    return out.getvalue()


def read(path: Path = BUILT) -> list[Row]:
    """The rows of a built corpus."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Row(*line.split("\t")) for line in lines[1:]]


def checksum(path: Path = BUILT) -> str:
    """BLAKE2b of the built corpus, as `meta.json` of the model names it."""
    return blake2b(path.read_bytes(), digest_size=16).hexdigest()


def _written(path: Path, split: str, names: dict[str, list[str]]) -> Iterator[Row]:
    fields: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if header := _HEADER.match(line):
            fields = dict(part.split("=") for part in header["fields"].split())
        elif (entry := _ENTRY.match(line)) and fields:
            hard, topic = fields.get("hard", ""), fields["topic"]
            head = _Head(f"{topic}-{number:03d}", split, "hand", fields["register"], topic, hard)
            yield from _rows(head, entry["signs"], entry["text"], _pool(fields, names), names)
        else:
            raise ValueError(f"{path.name}:{number}: neither a header (@ key=value) nor an entry (sign, blank, text)")


def _framed(frames: dict[str, Any], names: dict[str, list[str]]) -> Iterator[Row]:
    templates = [(signs.strip(), template) for signs, listed in frames["frames"].items() for template in listed]
    for number, (signs, template) in enumerate(templates):
        for n in range(frames["expansions"]):
            topic = f"frame-{number:03d}"
            text = _filled(template, frames["slots"], f"{topic}/{n}")
            head = _Head(f"{topic}-{n}", "train", "frame", "press", topic, "")
            yield from _rows(head, signs, text, sorted(names), names)


def _filled(template: str, slots: dict[str, list[str]], seed: str) -> str:
    def fill(slot: re.Match[str]) -> str:
        choices = slots.get(slot[1])
        return choices[_number(seed, slot[1], slot.start()) % len(choices)] if choices else slot[0]

    text = _SLOT.sub(fill, template)
    return text[0].upper() + text[1:] + "."


def _pool(fields: dict[str, str], names: dict[str, list[str]]) -> list[str]:
    return sorted(names) if fields["agencies"] == "*" else fields["agencies"].split(",")


def _rows(head: _Head, signs: str, template: str, pool: Sequence[str], names: dict[str, list[str]]) -> Iterator[Row]:
    agencies = _agencies(template, pool, sorted(names))
    text = _named(template, agencies, names, head.register)
    for letter, sign in zip("ABC", signs, strict=False):
        if sign != "?":
            head_of = head._replace(id=head.id if letter == "A" else f"{head.id}{letter.lower()}")
            yield Row(*head_of, agencies[letter], STANCES[sign], text)


def _agencies(template: str, pool: Sequence[str], everyone: Sequence[str]) -> dict[str, str]:
    chosen = {"A": pool[_number(template, "A") % len(pool)]}
    for letter in (x for x in "BC" if f"{{{x}}}" in template):
        others = [a for a in everyone if a not in chosen.values()]
        chosen[letter] = others[_number(template, letter) % len(others)]
    return chosen


def _named(template: str, agencies: dict[str, str], names: dict[str, list[str]], register: str) -> str:
    def name(slot: re.Match[str]) -> str:
        choices = names[agencies[slot[1]]]
        spelt = choices[_number(template, slot[1], "name") % len(choices)]
        if register == "no-diacritics":
            return strip_marks(spelt).lower()
        if register == "teencode":
            return spelt.lower()
        return spelt[0].upper() + spelt[1:] if _OPENING.search(template[: slot.start()]) else spelt

    return _SLOT.sub(name, template)


def _number(*seed: object) -> int:
    return int.from_bytes(blake2b("\x1f".join(map(str, seed)).encode(), digest_size=4).digest(), "big")


if __name__ == "__main__":
    BUILT.write_text(table(build()), encoding="utf-8")
