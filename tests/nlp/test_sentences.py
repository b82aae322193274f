"""Sentences are told apart and stay verbatim."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.sentences import LONGEST, split_sentences


def texts(text: str) -> list[str]:
    return [s.text for s in split_sentences(text)]


@pytest.mark.parametrize(
    "whole",
    [
        "Sở Y tế làm việc với UBND TP. Thanh Hóa về vật tư.",
        "Th.S. Nguyễn Văn A, PGS.TS. Trần B và BS. Lê C dự họp.",
        "Thu ngân sách đạt 1.234,5 tỷ đồng, tăng 3.2% so với cùng kỳ.",
        "Sở hỗ trợ gạo, nước, v.v. cho người dân.",
        "“Chúng tôi đã kêu nhiều lần. Không ai trả lời.” là lời bà L.",
        "Ông Nguyễn V. A. phát biểu tại hội nghị.",
        "Theo QĐ. 54 của tỉnh, hồ sơ được rút gọn.",
        "Sở Y tế... vẫn im lặng.",
        "1. Sở Y tế báo cáo kết quả.",
    ],
)
def test_one_sentence_stays_one(whole: str) -> None:
    assert texts(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Sở A bị phê bình. Sở B được khen.", 2),
        ("Ai chịu trách nhiệm? Sở Y tế im lặng! Dân bức xúc…", 3),
        ("Tiêu đề không chấm\nNội dung bắt đầu ở đây.", 2),
        ("Cuộc họp kết thúc năm 2021. Sở tiếp tục triển khai.", 2),
        ("Ông nói: “Tôi hài lòng.” Bà cũng vậy.", 2),
    ],
)
def test_sentences_are_told_apart(text: str, parts: int) -> None:
    assert len(texts(text)) == parts


@given(st.text(max_size=400) | st.text(alphabet='aĐ .!?…\n“”"«»)0,TPv', max_size=1500))
def test_sentences_are_verbatim_in_order_and_lose_no_letter(text: str) -> None:
    sentences = split_sentences(text)
    assert all(text[s.start : s.end] == s.text and 0 < len(s.text) <= LONGEST for s in sentences)
    assert all(a.end <= b.start for a, b in itertools.pairwise(sentences))
    assert "".join("".join(s.text for s in sentences).split()) == "".join(text.split())
