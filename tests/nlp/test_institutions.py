"""Institutions that are not ours."""

import itertools

import pytest

from nlp.agencies import NOT_OURS, AgencyFinder
from nlp.institutions import with_institutions
from nlp.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("Bệnh viện Nhi Thanh Hóa thiếu thuốc, Sở Y tế chưa có phương án.", ["Bệnh viện Nhi Thanh Hóa"]),
        ("Sở Y tế xử phạt Công ty TNHH Minh Quang.", ["Công ty TNHH Minh Quang"]),
        ("Sở Nội vụ được khen, Sở Y tế bị nhắc nhở.", ["Sở Nội"]),
        ("Sở Y tế Nghệ An và Sở Y tế Thanh Hóa.", ["Sở Y tế Nghệ An"]),
        ("UBND huyện Nga Sơn báo cáo Sở Y tế.", ["UBND huyện Nga Sơn"]),
        ("Sở Y tế kiểm tra công trường đường vành đai.", []),
    ],
)
def test_other_institutions_stand_beside_ours(finder: AgencyFinder, text: str, others: list[str]) -> None:
    sentences = split_sentences(text)
    mentions = with_institutions(text, sentences, finder.find(text, sentences))
    assert [text[m.start : m.end] for m in mentions if m.agency == NOT_OURS] == others
    assert [m for m in mentions if m.agency == "so-yte"]
    assert all(a.end <= b.start for a, b in itertools.pairwise(mentions))
