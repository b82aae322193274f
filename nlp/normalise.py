"""One spelling for Vietnamese text: Unicode form, entities, whitespace, tone-mark placement, case, teencode."""

from __future__ import annotations

import html
import re
import unicodedata

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")

_TONED = {"a": "àáảãạ", "e": "èéẻẽẹ", "o": "òóỏõọ", "u": "ùúủũụ", "y": "ỳýỷỹỵ"}
_CLOSED = "ptcmngiuoyh"  # letters after which the tone sits on the second vowel: hoàn, hoài, khoẻo

_FINAL = {
    f"{first}{vowel}": f"{tone}{last}"
    for first, last in ("oa", "oe", "uy")
    for vowel, tone in zip(_TONED[last], _TONED[first], strict=True)
}
_INNER = {
    tone + last: plain + vowel
    for plain, last in ("oa", "oe")
    for vowel, tone in zip(_TONED[last], _TONED[plain], strict=True)
}
_FINAL_RE = re.compile(rf"(?<!q)(?:{'|'.join(_FINAL)})(?!\w)")
_INNER_RE = re.compile(rf"(?:{'|'.join(_INNER)})(?=[{_CLOSED}])")

_TEENCODE = {
    "ko": "không", "k": "không", "hok": "không", "khong": "không", "hem": "không", "đc": "được", "dc": "được",
    "đx": "được", "vs": "với", "mn": "mọi người", "mng": "mọi người", "ng": "người", "j": "gì", "cx": "cũng", "r": "rồi",
    "z": "vậy", "trc": "trước", "bít": "biết", "bt": "biết", "ntn": "như thế nào", "nv": "nhân viên", "cb": "cán bộ",
    "qá": "quá", "wá": "quá", "lun": "luôn", "h": "giờ", "nh": "nhiều", "nhìu": "nhiều", "iu": "yêu", "thik": "thích",
    "ok": "tốt", "oki": "tốt", "đag": "đang", "cf": "cà phê", "tks": "cảm ơn", "thanks": "cảm ơn", "thank": "cảm ơn",
    "cs": "công sở", "gd": "giải quyết", "e": "em", "a": "anh", "c": "chị", "dk": "được", "ad": "ad",
}  # fmt: skip
_SYLLABLE = re.compile(r"(?<!\d )(?:\b\w\b(?!\.)|\w{2,})")  # neither units (40 k) nor initials (bà H.)


def readable(text: str) -> str:
    """Text as a person reads it: NFC, entities resolved, invisible characters and needless blanks gone, lines kept."""
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", html.unescape(text)).replace("\r", "\n"))
    return _LINES.sub("\n", _BLANKS.sub(" ", text)).strip()


def fold(text: str) -> str:
    """Lower case and one tone-mark placement (hoà → hòa, thuý → thúy, hòan → hoàn); as long as the NFC text it is given."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return _FINAL_RE.sub(lambda m: _FINAL[m.group()], _INNER_RE.sub(lambda m: _INNER[m.group()], lowered))


def strip_marks(text: str) -> str:
    """Without diacritics (Sở Y tế → So Y te); as long as the NFC text it is given."""
    return "".join(_bare(char) for char in text)


def _bare(char: str) -> str:
    if char.isascii():
        return char
    if char in "đĐ":
        return "d" if char == "đ" else "D"
    base = unicodedata.normalize("NFD", char)
    return base[0] if len(base) > 1 and base[0].isascii() and all(unicodedata.combining(c) for c in base[1:]) else char


def is_unmarked(text: str) -> bool:
    """Whether a text is written without diacritics: fewer than one marked letter in fifty (ordinary prose has one in four)."""
    letters = sum(char.isalpha() for char in text)
    return sum(char.isalpha() and not char.isascii() for char in text) * 50 < letters


def expand_teencode(folded: str) -> str:
    """Common short spellings of social posts written out; the text must be folded."""
    return _SYLLABLE.sub(lambda m: _TEENCODE.get(m.group(), m.group()), folded)
