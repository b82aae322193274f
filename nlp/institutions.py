"""Find institutions that are not ours to judge (Sở Y tế Nghệ An, Công ty M., Bệnh viện Nhi), so that blame on them stays with them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from nlp.agencies import NOT_OURS, Mention
from nlp.sentences import Sentence

_HEADS = (
    "Sở|Cục|Chi cục|Tổng cục|Tổng công ty|Ban [Qq]uản lý|UBND|Ủy ban nhân dân|Ủy ban Nhân dân|HĐND|Công an|Thanh tra"
    "|Bệnh viện|Công ty|Tập đoàn|Doanh nghiệp|Nhà máy|Trường|Phòng|Trung tâm|Hạt|Hợp tác xã|Ngân hàng|Điện lực|Bảo hiểm"
)
_PLACE = "tỉnh|huyện|thành phố|TP\\.?|thị xã|TX\\.?|xã|phường|thị trấn|quận"
_KIND = (
    "TNHH|CP|cổ phần|đa khoa|đại học|cao đẳng|trung học|THPT|THCS|tiểu học|Tiểu học|mầm non|xây dựng|may|xi măng|giấy"
)
_CAPITAL = "".join(char for char in map(chr, range(0x41, 0x1EFA)) if char.isupper() and (char.isascii() or char >= "À"))
_INSTITUTION = re.compile(
    rf"(?<!\w)(?:{_HEADS}|{'|'.join(h.lower() for h in ('Công ty', 'Bệnh viện', 'Nhà máy', 'Trường', 'Doanh nghiệp'))})"
    rf"(?: (?:{_KIND}))*(?: (?:{_PLACE}))?"
    rf"(?: (?:[{_CAPITAL}](?:[\w.&\-]*\w)?|&|(?:và|,) (?=[{_CAPITAL}])))+"
)


def with_institutions(text: str, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions and, where none of them stands, other institutions as mentions of `NOT_OURS`; in reading order."""
    starts = [s.start for s in sentences]
    named = [m.start for m in mentions]
    others = []
    for match in _INSTITUTION.finditer(text):
        before = bisect_left(named, match.end())  # mentions that begin before the match ends
        if not before or mentions[before - 1].end <= match.start():
            others.append(Mention(NOT_OURS, match.start(), match.end(), bisect_right(starts, match.start()) - 1))
    return sorted([*mentions, *others], key=lambda m: m.start)
