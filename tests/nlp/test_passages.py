"""Which sentences are about an agency."""

import pytest

from nlp.agencies import AgencyFinder
from nlp.institutions import with_institutions
from nlp.passages import SHORT, passages_about
from nlp.sentences import split_sentences


def about(finder: AgencyFinder, text: str, agency: str) -> list[tuple[str, float]]:
    sentences = split_sentences(text)
    mentions = with_institutions(text, sentences, finder.find(text, sentences))
    return [(p.focused, p.weight) for p in passages_about(agency, text, sentences, mentions)]


def test_a_pronoun_stands_for_the_agency_named_last(finder: AgencyFinder) -> None:
    text = "Sở Xây dựng họp. Sở Y tế báo cáo. Đơn vị này bị phê bình vì chậm trễ."
    assert about(finder, text, "so-yte") == [("◉ báo cáo.", 1.0), ("◉ bị phê bình vì chậm trễ.", 1.0)]
    assert about(finder, text, "so-xd") == [("◉ họp.", 1.0)]


def test_a_sentence_that_names_nobody_follows_with_less_weight(finder: AgencyFinder) -> None:
    text = "Sở Xây dựng họp. Sở Y tế báo cáo. Dân bức xúc. Đã ba tháng trôi qua. Sở Xây dựng nghe."
    assert about(finder, text, "so-yte") == [
        ("◉ báo cáo.", 1.0),
        ("dân bức xúc.", 0.5),
        ("đã ba tháng trôi qua.", 0.25),
    ]


def test_a_new_paragraph_ends_what_follows(finder: AgencyFinder) -> None:
    text = "Sở Xây dựng họp. Sở Y tế báo cáo.\nGiá xăng tăng mạnh."
    assert about(finder, text, "so-yte") == [("◉ báo cáo.", 1.0)]


def test_a_short_text_with_one_agency_is_all_about_it(finder: AgencyFinder) -> None:
    text = "Chờ ba tháng.\nHỏi thì lắc đầu.\nSở Y tế ơi là Sở Y tế."
    assert [weight for _, weight in about(finder, text, "so-yte")] == [0.5, 0.5, 1.0]


def test_a_long_text_is_not_all_about_its_one_agency(finder: AgencyFinder) -> None:
    text = "Trời mưa. " * SHORT + "\nSở Y tế họp."
    assert about(finder, text, "so-yte") == [("◉ họp.", 1.0)]


def test_a_text_that_does_not_name_the_agency_counts_whole(finder: AgencyFinder) -> None:
    assert about(finder, "Chậm quá. Sở Xây dựng thì nhanh.", "so-yte") == [("chậm quá.", 1.0), ("○ thì nhanh.", 1.0)]


def test_blame_on_another_provinces_agency_does_not_follow_ours(finder: AgencyFinder) -> None:
    text = "Sở Y tế Thanh Hóa chia sẻ kinh nghiệm. Sở Y tế Nghệ An bị phê bình. Đơn vị này chậm mua thuốc."
    assert about(finder, text, "so-yte") == [("◉ chia sẻ kinh nghiệm.", 1.0)]


@pytest.mark.parametrize("text", ["", "\n", "Sở Y tế"])
def test_the_smallest_texts_are_no_trouble(finder: AgencyFinder, text: str) -> None:
    assert len(about(finder, text, "so-yte")) == (1 if text.strip() else 0)
