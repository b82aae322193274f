"""Words that carry stance: place, role and reversal."""

import pytest

from nlp.cues import count_cues


@pytest.mark.parametrize(
    ("focused", "cue"),
    [
        ("◉ chậm trễ trong cấp phép", "negative:after"),
        ("◉ không còn tình trạng chậm trễ", "fixed:after"),
        ("◉ không kể ngày nghỉ phục vụ dân", "positive:after"),
        ("◉ không minh bạch", "negative:after"),
        ("người dân không hài lòng với ◉", "negative:before"),
        ("◉ chưa hiệu quả", "lack:after"),
        ("◉ không còn dẫn đầu", "lack:after"),
        ("◉ bị phê bình", "blame:of"),
        ("◉ bị ○ phê bình", "blame:of"),
        ("○ phê bình ◉", "blame:of"),
        ("◉ phê bình ○", "blame:by"),
        ("○ bị ◉ phê bình", "blame:by"),
        ("◉ được ○ khen", "praise:of"),
        ("◉ khen thưởng ○", "praise:by"),
        ("người dân khen ◉", "praise:of"),
        ("◉ làm chậm, ai cũng chê", "blame:of"),
        ("◉ chê nhà thầu làm chậm", "blame:by"),
        ("◉ biểu dương ○ vì thành tích xuất sắc", "positive:theirs"),
        ("○ biểu dương ◉ vì thành tích xuất sắc", "positive:after"),
        ("○ khám xét trụ sở ◉", "action:of"),
        ("◉ khám xét nhà nghi phạm", "action:by"),
        ("sai sót giảm hẳn ở ◉", "fixed:before"),
        ("cử tri bức xúc, ◉ bị chê", "last:-"),
        ("◉ xử phạt cơ sở vi phạm", "against:after"),
        ("tai nạn làm hai người bị thương, ◉ điều tra", "negative:apart"),
        ("từng dẫn đầu, ◉ nay tụt hạng", "order:+>-"),
        ("cho em hỏi ◉ có làm thứ bảy không ạ", "ask:after"),
        ("so y te cham tre", "negative:none"),
        ("◉ khong con tinh trang cham tre", "fixed:after"),
    ],
)
def test_cues_know_their_place_and_what_turns_them(focused: str, cue: str) -> None:
    assert cue in count_cues(focused)


@pytest.mark.parametrize(
    ("focused", "kind"),
    [
        ("◉ giải thích quy trình", "positive"),
        ("trách nhiệm của ◉", "blame"),
        ("trạm quan trắc nghi sơn truyền số liệu về ◉", "blame"),
        ("◉ phát hành niên giám", "negative"),
        ("◉ tập huấn an toàn thực phẩm", "positive"),
    ],
)
def test_words_inside_other_words_are_no_cues(focused: str, kind: str) -> None:
    assert not [name for name in count_cues(focused) if name.startswith(kind)]
