"""One spelling for all Vietnamese text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.normalise import expand_teencode, fold, is_unmarked, readable, strip_marks

VIETNAMESE = st.text(
    alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹ ờởỡớợ ÝỲ.ĐÔ\n\u0301\u0323\u200b&;İß", max_size=80
)


def test_readable_composes_resolves_and_collapses() -> None:
    raw = "  Sở  Y tế&nbsp;&amp; Sở\tXây dựng \r\n\r\n bị phê bình\u200b "
    assert readable(unicodedata.normalize("NFD", raw)) == "Sở Y tế & Sở Xây dựng\nbị phê bình"


@pytest.mark.parametrize(
    ("spelt", "folded"),
    [
        ("Thanh Hoá", "thanh hóa"),
        ("Uỷ ban", "ủy ban"),
        ("THUÝ", "thúy"),
        ("hòan thành", "hoàn thành"),
        ("Khoẻ", "khỏe"),
        ("quý", "quý"),
        ("Quỳnh", "quỳnh"),
        ("hoà bình, hoài niệm", "hòa bình, hoài niệm"),
    ],
)
def test_fold_places_tone_marks_one_way(spelt: str, folded: str) -> None:
    assert fold(spelt) == folded


@given(st.text(max_size=120) | VIETNAMESE)
def test_fold_and_strip_keep_the_length_of_readable_text(text: str) -> None:
    clean = readable(text)
    assert len(fold(clean)) == len(clean)
    assert len(strip_marks(clean)) == len(clean)
    assert fold(fold(clean)) == fold(clean)


@given(st.text(max_size=200) | VIETNAMESE)
def test_readable_is_stable_composed_and_free_of_blanks_around(text: str) -> None:
    clean = readable(text)
    assert unicodedata.is_normalized("NFC", clean)
    assert clean == clean.strip()
    assert "\u200b" not in clean


def test_strip_marks_also_unbars_the_d() -> None:
    assert strip_marks("Sở Nông nghiệp và Môi trường Đông Sơn") == "So Nong nghiep va Moi truong Dong Son"


@pytest.mark.parametrize(
    ("text", "unmarked"),
    [("so y te lam an cham qua", True), ("Sở Y tế làm ăn chậm quá", False), ("UBND TP. Ok", True)],
)
def test_text_without_diacritics_is_recognised(text: str, unmarked: bool) -> None:
    assert is_unmarked(text) is unmarked


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ko ai nghe máy", "không ai nghe máy"),
        ("hs đc duyệt r", "hs được duyệt rồi"),
        ("bà nguyễn thị h. kể", "bà nguyễn thị h. kể"),
        ("cách 40 k không xa", "cách 40 k không xa"),
        ("mua 5 kg gạo", "mua 5 kg gạo"),
    ],
)
def test_teencode_is_written_out_but_not_initials_or_units(typed: str, meant: str) -> None:
    assert expand_teencode(typed) == meant
