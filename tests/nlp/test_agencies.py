"""Agencies in hard spellings, what only looks like one, and other provinces' agencies."""

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.catalog.model import Catalog
from nlp.agencies import NOT_OURS, AgencyFinder
from nlp.normalise import readable, strip_marks
from nlp.sentences import split_sentences


def found(finder: AgencyFinder, text: str) -> list[str]:
    clean = readable(text)
    return [m.agency for m in finder.find(clean, split_sentences(clean)) if m.agency != NOT_OURS]


@pytest.mark.parametrize(
    ("text", "agencies"),
    [
        ("SỞ Y TẾ THANH HÓA họp báo", ["so-yte"]),
        ("Sở Y tế Thanh Hoá và Sở Xây dựng", ["so-yte", "so-xd"]),
        ("Sở GDĐT, Sở GD-ĐT, Sở GD & ĐT và Sở Giáo dục – Đào tạo", ["so-gddt"] * 4),
        ("Sở Văn hoá Thể thao và Du lịch", ["so-vhttdl"]),
        ("Uỷ ban nhân dân tỉnh giao Sở TN&MT", ["van-phong-ubnd", "so-tnmt"]),
        ("UBND TP. Sầm Sơn", ["ubnd-sam-son"]),
        ("Phòng CSGT Công an tỉnh", ["cong-an"]),
        ("Sở Y tế\nSở Tài chính", ["so-yte", "so-tc"]),
        ("so y te thanh hoa lam an cham", ["so-yte"]),
        ("cong an tinh va so xay dung", ["cong-an", "so-xd"]),
    ],
)
def test_agencies_are_found_however_they_are_spelt(finder: AgencyFinder, text: str, agencies: list[str]) -> None:
    assert found(finder, text) == agencies


@pytest.mark.parametrize(
    "text",
    [
        "Các cơ sở y tế trên địa bàn tỉnh",
        "Trụ sở Y tế cũ đã xuống cấp",
        "cơ sở giáo dục và đào tạo ngoài công lập",
        "Bộ Y tế vừa ban hành thông tư",
        "giá vật liệu xây dựng tăng",
        "ho so y te cua toi chua co ket qua",
        "cac co so y te tren dia ban",
    ],
)
def test_what_only_looks_like_an_agency_is_left_alone(finder: AgencyFinder, text: str) -> None:
    assert found(finder, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Sở Y tế Nghệ An bị phê bình. Sở Y tế cũng bị kiểm điểm.",
        "Sở Y tế TP.HCM công bố dịch",
        "Công an tỉnh Hà Tĩnh bắt giữ đối tượng",
        "Tại Nghệ An, Sở Y tế vừa công bố số liệu",
        "UBND tỉnh Quảng Ninh ban hành quyết định",
        "ngành y tế huyện Nga Sơn",
        "so y te nghe an bi phe binh",
    ],
)
def test_agencies_of_other_provinces_are_not_ours(finder: AgencyFinder, text: str) -> None:
    assert found(finder, text) == []


def test_our_own_after_another_provinces_is_found_again(finder: AgencyFinder) -> None:
    assert (
        found(finder, "Sở Y tế Nghệ An học tập. Sở Y tế Thanh Hóa chia sẻ kinh nghiệm. Sở Y tế cảm ơn.")
        == ["so-yte"] * 2
    )


def test_decomposed_text_is_found_like_composed(finder: AgencyFinder) -> None:
    assert found(finder, unicodedata.normalize("NFD", "Sở Nông nghiệp và Môi trường")) == ["so-nnmt"]


def test_every_name_of_the_catalogue_is_found_and_leads_to_its_agency(catalog: Catalog) -> None:
    for agency in catalog.agencies.values():
        alone = AgencyFinder([agency], "Thanh Hóa")
        for name in (agency.name, agency.short, *agency.aliases):
            assert found(alone, f"Hôm nay {name} họp.") == [agency.id], name


def test_long_names_are_found_without_diacritics(catalog: Catalog) -> None:
    for agency in catalog.agencies.values():
        assert found(AgencyFinder([agency], "Thanh Hóa"), strip_marks(f"hom nay {agency.name} hop bao ve vu viec")) == [
            agency.id
        ]


@given(
    st.lists(
        st.sampled_from(
            ["Sở Y tế", "Nghệ An", "tại", "UBND", "tỉnh", ".", ",", "\n", "cơ", "Thanh Hóa", "so y te", "&", "ß", "İ"]
        ),
        max_size=25,
    )
)
def test_mentions_are_in_order_apart_and_inside_their_sentence(finder: AgencyFinder, words: list[str]) -> None:
    text = readable(" ".join(words))
    sentences = split_sentences(text)
    mentions = finder.find(text, sentences)
    assert all(a.end <= b.start for a, b in itertools.pairwise(mentions))
    assert all(sentences[m.sentence].start <= m.start < sentences[m.sentence].end for m in mentions)


@given(text=st.text(max_size=300))
def test_any_text_at_all_is_searched(finder: AgencyFinder, text: str) -> None:
    clean = readable(text)
    finder.find(clean, split_sentences(clean))
