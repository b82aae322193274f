"""Clauses about one agency."""

import pytest

from nlp.agencies import AgencyFinder
from nlp.focus import focused, plain
from nlp.sentences import split_sentences


def about(finder: AgencyFinder, text: str, agency: str) -> str:
    (sentence,) = split_sentences(text)
    return focused(sentence, finder.find(text, [sentence]), agency)


@pytest.mark.parametrize(
    ("text", "agency", "focus"),
    [
        ("Sở Y tế chậm mua thuốc, dân bức xúc.", "so-yte", "◉ chậm mua thuốc, dân bức xúc."),
        ("Sở Y tế được khen, trong khi Sở Xây dựng bị phê bình.", "so-yte", "◉ được khen"),
        ("Sở Y tế được khen, trong khi Sở Xây dựng bị phê bình.", "so-xd", "trong khi ◉ bị phê bình."),
        ("Sở Y tế, Sở Xây dựng và Sở Tài chính bị phê bình.", "so-yte", "◉, ○ và ○ bị phê bình."),
        ("Sở Y tế phê bình Sở Xây dựng vì chậm trễ.", "so-yte", "◉ phê bình ○ vì chậm trễ."),
        ("Sở Y tế phê bình Sở Xây dựng vì chậm trễ.", "so-xd", "○ phê bình ◉ vì chậm trễ."),
        (
            "Theo báo cáo, Sở Y tế làm tốt, dân hài lòng; Sở Xây dựng làm kém.",
            "so-yte",
            "theo báo cáo, ◉ làm tốt, dân hài lòng",
        ),
    ],
)
def test_only_the_clauses_about_the_target_are_read(finder: AgencyFinder, text: str, agency: str, focus: str) -> None:
    assert about(finder, text, agency) == focus


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Đạt 99,8% kế hoạch", "đạt 9% kế hoạch"),
        ("chỉ 11 % vốn", "chỉ 4% vốn"),
        ("tăng 63% hồ sơ", "tăng 7% hồ sơ"),
        ("Cho 5 sao nha", "cho mười điểm nha"),
        ("cho 1 sao", "cho một sao"),
        ("ngày 12/6/2021, 1.240 hồ sơ", "ngày 0 0 hồ sơ"),
    ],
)
def test_numbers_keep_only_what_they_say(text: str, read: str) -> None:
    assert plain(text) == read
