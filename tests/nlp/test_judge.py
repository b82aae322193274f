"""The judge on articles and posts written for these tests."""

import unicodedata
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.records import Post, Stance
from nlp.judge import Judge, combined
from tests.nlp.articles import ARTICLES, Article

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
BEFORE_2025 = {"so-tnmt", "so-gtvt"}


def post(title: str, text: str, published_at: datetime = NOW, post_id: str = "p1") -> Post:
    return Post(
        event_id=post_id, received_at=NOW, source="press", outlet="Báo", url="https://bao.vn/1",
        title=title, text=text, published_at=published_at,
    )  # fmt: skip


def stances(judging: Judge, article: Article) -> dict[str, Stance]:
    day = datetime(2021, 10, 3, tzinfo=UTC) if BEFORE_2025 & set(article.stances) else NOW
    return {s.agency: s for s in judging.judge(post(article.title, article.text, day), NOW)}


def test_articles_are_judged_as_a_reader_would(judging: Judge) -> None:
    outcomes = [
        (article.title or article.text[:40], agency, expected, stances(judging, article)[agency].stance)
        for article in ARTICLES
        for agency, expected in article.stances.items()
    ]
    wrong = [outcome for outcome in outcomes if outcome[2] != outcome[3]]
    assert len(wrong) <= 0.1 * len(outcomes), wrong
    assert not [w for w in wrong if {w[2], w[3]} == {"negative", "positive"}], wrong


@pytest.mark.parametrize("article", ARTICLES, ids=lambda a: a.title or a.text[:30])
def test_evidence_is_verbatim_and_confidence_a_probability(judging: Judge, article: Article) -> None:
    for stance in stances(judging, article).values():
        assert stance.evidence
        assert stance.evidence in article.title or stance.evidence in article.text
        assert len(stance.evidence) <= 600
        assert 0 < stance.confidence <= 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Báo chí chỉ trích Sở Y tế vì để bệnh viện thiếu thuốc kéo dài.", {"so-yte": "negative"}),
        ("Công an tỉnh bắt giữ nhóm đối tượng trộm cắp tài sản.", {"cong-an": "neutral"}),
        ("Sở Y tế tổ chức hội nghị triển khai kế hoạch quý 4.", {"so-yte": "neutral"}),
        (
            "Sở Y tế được khen, trong khi Sở Xây dựng bị phê bình vì chậm trễ.",
            {"so-yte": "positive", "so-xd": "negative"},
        ),
        ("Sở Y tế không còn tình trạng chậm trễ, người dân hài lòng.", {"so-yte": "positive"}),
        ("Sở Y tế phê bình Sở Xây dựng vì chậm nộp báo cáo.", {"so-yte": "neutral", "so-xd": "negative"}),
        ("so xay dung lam viec qua cham, nguoi dan buc xuc", {"so-xd": "negative"}),
    ],
)
def test_the_plain_cases_are_right(judging: Judge, text: str, expected: dict[str, str]) -> None:
    assert {v.agency: v.stance for v in judging.judge_text(text)} == expected


def test_one_criticism_is_not_drowned_by_routine(judging: Judge) -> None:
    routine = (
        "Sở Y tế họp giao ban. Sở Y tế ban hành kế hoạch. Sở Y tế thông báo lịch tiêm. Sở Y tế tiếp đoàn công tác. "
    )
    blame = "Chủ tịch UBND tỉnh phê bình Sở Y tế buông lỏng quản lý, để sai phạm kéo dài."
    (verdict,) = [v for v in judging.judge_text(routine + blame) if v.agency == "so-yte"]
    assert (verdict.stance, verdict.evidence) == ("negative", blame)


def test_a_replay_is_the_same_record(judging: Judge) -> None:
    article = post("Sở Y tế bị phê bình", "Sở Y tế chậm trễ.")
    (first,), (again,) = judging.judge(article, NOW), judging.judge(article, datetime(2026, 11, 26, tzinfo=UTC))
    assert first.event_id == again.event_id
    assert (first.post_id, first.agency, first.model, first.received_at) == ("p1", "so-yte", judging.model.id, NOW)
    (other,) = judging.judge(post("Sở Y tế bị phê bình", "Sở Y tế chậm trễ.", post_id="p2"), NOW)
    assert other.event_id != first.event_id


@pytest.mark.parametrize(
    ("day", "agency"),
    [("2025-02-28T16:59+00:00", "so-gtvt"), ("2025-02-28T17:01+00:00", "so-xd"), ("2021-05-01T00:00+00:00", "so-gtvt")],
)
def test_names_count_on_the_day_of_publication_in_the_province(judging: Judge, day: str, agency: str) -> None:
    """The department of transport was dissolved at midnight local time, 17:00 UTC."""
    (stance,) = judging.judge(post("", "Sở Giao thông vận tải chậm sửa đường.", datetime.fromisoformat(day)), NOW)
    assert stance.agency == agency


def test_an_agency_that_does_not_exist_yet_is_not_named(judging: Judge) -> None:
    early = datetime(2021, 5, 1, tzinfo=UTC)
    assert judging.judge(post("", "Sở Nông nghiệp và Môi trường họp.", early), NOW) == []


@pytest.mark.parametrize(
    "asked", ["so-yte", "Sở Y tế", "sở y tế", unicodedata.normalize("NFD", "Sở Y tế"), "ngành y tế"]
)
def test_an_agency_may_be_asked_for_by_id_or_name(judging: Judge, asked: str) -> None:
    (verdict,) = judging.judge_text("Dân bức xúc vì Sở Y tế quá chậm trễ.", asked)
    assert (verdict.agency, verdict.stance) == (asked, "negative")


def test_an_agency_outside_the_catalogue_may_be_asked_for(judging: Judge) -> None:
    text = "Sở Nội vụ bị phê bình vì chậm trễ, trong khi Sở Y tế được biểu dương."
    (verdict,) = judging.judge_text(text, "Sở Nội vụ")
    assert verdict.stance == "negative"
    assert [v.stance for v in judging.judge_text(text, "so-yte")] == ["positive"]


def test_the_whole_text_counts_where_the_agency_is_not_named(judging: Judge) -> None:
    (verdict,) = judging.judge_text(
        "Nộp hồ sơ ba tháng không ai trả lời, cán bộ thì hách dịch. Thất vọng quá.", "tt-hcc"
    )
    assert verdict.stance == "negative"


def test_a_successor_asked_for_is_found_under_the_old_name(judging: Judge) -> None:
    (verdict,) = judging.judge_text("Trời mưa. Sở Giao thông vận tải bị phê bình vì chậm sửa đường.", "so-xd")
    assert (verdict.stance, verdict.evidence) == ("negative", "Sở Giao thông vận tải bị phê bình vì chậm sửa đường.")


def test_little_certainty_claims_nothing(judging: Judge) -> None:
    threshold = judging.model.meta["threshold"]
    verdicts = [v for a in ARTICLES for s in (a.title, *a.text.split(".")) for v in judging.judge_text(s)]
    assert [v for v in verdicts if v.stance == "neutral"]
    assert not [v for v in verdicts if v.stance != "neutral" and v.confidence < threshold]


def test_sentences_with_a_stance_weigh_more_than_those_without() -> None:
    routine, blame = [0.02, 0.96, 0.02], [0.9, 0.08, 0.02]
    together = combined(np.array([*[routine] * 8, blame]), np.ones(9))
    assert together.sum() == pytest.approx(1)
    assert together.argmax() == 0
    assert combined(np.array([routine]), np.ones(1)) == pytest.approx(routine)


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "…", "Sở", "Sở Y tế"])
def test_nothing_to_read_is_no_trouble(judging: Judge, text: str) -> None:
    (asked,) = judging.judge_text(text, "so-yte")
    assert asked.stance == "neutral"
    assert judging.judge(post("", text), NOW) == [] or text == "Sở Y tế"


@given(
    text=st.text(max_size=300)
    | st.lists(
        st.sampled_from(["Sở Y tế", "chậm", ".", "\n", "không", "Nghệ An", "Sở Xây dựng", ","]), max_size=40
    ).map(" ".join)
)
def test_any_text_at_all_is_judged(judging: Judge, text: str) -> None:
    for verdict in [
        *judging.judge_text(text),
        *judging.judge_text(text, "so-yte"),
        *judging.judge(post(text[:50], text), NOW),
    ]:
        assert 0 <= verdict.confidence <= 1


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", ["Sở Y tế. Công ty A. ", "Sở Y tế ", "“", "không "])
def test_a_very_long_text_takes_seconds(judging: Judge, piece: str) -> None:
    """Work grows with the length of the text, not with its square: one hostile post must not hold up the worker."""
    judging.judge(post("", piece * (200_000 // len(piece))), NOW)
