"""Find where a text speaks of an agency, and leave alone what only looks like one (cơ sở y tế, Sở Y tế Nghệ An)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from ioc.catalog.model import Agency
from nlp.normalise import fold, is_unmarked, strip_marks
from nlp.sentences import Sentence

_PROVINCES = [
    fold(name) for name in Path(__file__).with_name("provinces.txt").read_text(encoding="utf-8").split("\n") if name
]
_OFFICES = frozenset(
    [
        "sở",
        "ủy",
        "ubnd",
        "vp",
        "văn",
        "công",
        "cục",
        "chi",
        "trung",
        "tt",
        "ngành",
        "cdc",
        "lực",
        "chính",
        "bộ",
        "ban",
        "đài",
        "báo",
    ]
)
_NOT_BEFORE = {"sở": "cơ|trụ|công|hội|xứ"}  # cơ sở y tế, trụ sở, công sở: a place, not the department
_NOT_BEFORE_BARE = {"so": "co|tru|cong|hoi|ho|con|xu|mot"}  # without diacritics also hồ sơ, con số, một số
_TOKEN = re.compile(r"\w+|&")
_SHORTEST_BARE = 5  # letters a name needs to be recognised in text without diacritics


NOT_OURS = ""  # agency id of a mention of somebody else's agency


class Mention(NamedTuple):
    """An agency's name in a text, `text[start:end]`, in the sentence of that index."""

    agency: str
    start: int
    end: int
    sentence: int


class AgencyFinder:
    """One compiled expression over all names of all agencies, longest first.

    Args:
        agencies: whose names to look for; where two share a name the first has it.
        province: our own province's name, without "tỉnh".
    """

    def __init__(self, agencies: Iterable[Agency], province: str) -> None:
        own = fold(province) or "\0"  # nowhere in readable text
        owners = _owners(agencies)
        bare = _bare_owners(owners)
        self._exact_case = {
            fold(name) for name in owners if fold(name).split()[0] not in _OFFICES and name[0].isupper()
        }
        self._marked = _Names({fold(name): agency for name, agency in owners.items()}, _NOT_BEFORE)
        self._bare = _Names(bare, _NOT_BEFORE_BARE)
        self._places = _Places(own, [p for p in _PROVINCES if p != own])
        self._bare_places = _Places(strip_marks(own), [strip_marks(p) for p in _PROVINCES if p != own])

    def find(self, text: str, sentences: Sequence[Sentence]) -> list[Mention]:
        """Mentions in reading order, none overlapping.

        A name followed by another province or by a district is not ours (agency `NOT_OURS`), nor is the same bare name
        later in that text, nor a bare name in a sentence set "tại", "ở" another province.

        Args:
            text: readable (NFC) text.
            sentences: its sentences.
        """
        folded, names, places = fold(text), self._marked, self._places
        if is_unmarked(text):
            folded, names, places = strip_marks(folded), self._bare, self._bare_places
        found: list[Mention] = []
        abroad: set[str] = set()
        index = 0
        for match, agency in names.matches(folded):
            while index + 1 < len(sentences) and sentences[index].end <= match.start():
                index += 1
            key = " ".join(match.group().split())
            if key in self._exact_case and not text[match.start()].isupper():
                continue
            ours = self._is_ours(folded, match, agency, sentences[index], places, abroad)
            place = (places.own_next if ours else places.other).match(folded, match.end()) or match
            found.append(Mention(agency if ours else NOT_OURS, match.start(), place.end(), index))
        return found

    @staticmethod
    def _is_ours(
        folded: str, match: re.Match[str], agency: str, sentence: Sentence, places: _Places, abroad: set[str]
    ) -> bool:
        if places.own.match(folded, match.end()) or places.own_name in match.group():
            abroad.discard(agency)
            return True
        if places.below.match(folded, match.end()):
            return False
        if places.other.match(folded, match.end()):
            abroad.add(agency)
            return False
        before = folded[sentence.start : match.start()]
        return agency not in abroad and not (places.located.search(before) and places.own_name not in before)


class _Names:
    """The expression for a set of names; grouped by first word so that most places in a text fail at once."""

    def __init__(self, owners: dict[str, str], not_before: dict[str, str]) -> None:
        ordered = sorted(owners, key=len, reverse=True)
        self._agencies = [owners[name] for name in ordered]
        groups = [f"({_pattern(name, not_before)})" for name in ordered]
        first = "".join(sorted({re.escape(name[0]) for name in ordered}))
        self._expression = re.compile(rf"(?<!\w)(?=[{first}])(?:{'|'.join(groups)})(?!\w)") if ordered else None

    def matches(self, folded: str) -> Iterable[tuple[re.Match[str], str]]:
        if self._expression is not None:
            for match in self._expression.finditer(folded):
                yield match, self._agencies[(match.lastindex or 1) - 1]


class _Places:
    """Our province and the others, right after a name or as the place of a sentence."""

    def __init__(self, own: str, others: list[str]) -> None:
        lead = r"(?:(?:của|cua|các|cac|tỉnh|tinh|thành phố|thanh pho|tp\.?|t\.p\.?)\s*)*"
        other = "|".join(re.escape(p) for p in [*others, "hcm", "tphcm", "tp.hcm"])
        below = "xã|xa|phường|phuong|huyện|huyen|thị xã|thi xa|thị trấn|thi tran|cấp xã|cap xa|cấp huyện|cap huyen|cả nước|ca nuoc|việt nam|viet nam"
        self.own_name = own
        self.own = re.compile(rf"[\s,(]*{lead}{re.escape(own)}(?!\w)")
        self.own_next = re.compile(rf"\s+(?:(?:tỉnh|tinh)\s+)?{re.escape(own)}(?!\w)")
        self.other = re.compile(rf"\s+\(?{lead}(?:{other})(?!\w)")
        self.below = re.compile(rf"\s+(?:{below})(?!\w)")
        self.located = re.compile(
            rf"(?<!\w)(?:tại|ở|tai|o)\s+(?:(?:tỉnh|tinh|thành phố|thanh pho|tp\.?)\s*)?(?:{other})(?!\w)"
        )


def _owners(agencies: Iterable[Agency]) -> dict[str, str]:
    owners: dict[str, str] = {}
    taken: set[str] = set()
    for agency in agencies:
        for name in (agency.name, agency.short, *agency.aliases):
            if name.strip() and (key := fold(name)) not in taken:
                taken.add(key)
                owners[name] = agency.id
    return owners


def _bare_owners(owners: dict[str, str]) -> dict[str, str]:
    """Names without diacritics that are long enough and mean one agency only."""
    meant: dict[str, set[str]] = {}
    for name, agency in owners.items():
        meant.setdefault(strip_marks(fold(name)), set()).add(agency)
    return {n: min(ids) for n, ids in meant.items() if len(ids) == 1 and sum(map(str.isalpha, n)) >= _SHORTEST_BARE}


def _pattern(name: str, not_before: dict[str, str]) -> str:
    words = [w for w in _TOKEN.findall(name) if w not in ("&", "và", "va")]
    gaps = []
    rest = name
    for word, following in pairwise(words):
        rest = rest[rest.index(word) + len(word) :]
        between = rest[: rest.index(following)]
        gaps.append(r"(?:\.\s*|\s+)" if between.strip() == "" else r"\s*(?:[&,\-–.]|và\b|va\b)?\s*")
    guard = "".join(rf"(?<!\b{before}\s)" for before in not_before.get(words[0], "").split("|") if before)
    return guard + "".join(re.escape(w) + g for w, g in zip(words, [*gaps, ""], strict=True))
