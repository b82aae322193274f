"""Colours and words of states: safe for the colour-blind, and never colour alone: a mark and a word go with each."""

from __future__ import annotations

from grafana_foundation_sdk.models.dashboard import ValueMap, ValueMappingResult

GOOD, WARN, BAD, INFO, MUTED = "#3fc9a8", "#f2b53c", "#ff7a5c", "#6cb2ff", "#93a4b8"
INK = "#f1f5f9"  # a number that is neither good nor bad
SERIES = ("#6cb2ff", "#f2b53c", "#3fc9a8", "#d59bf6", "#ff7a5c", "#9ad96f", "#f49ac1", "#c7d0db")

MARKS = {GOOD: ("✓", "Tốt"), WARN: ("▲", "Cần chú ý"), BAD: ("■", "Đáng lo")}  # what a step's colour says of a number

WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "severity": {"critical": ("■ Nghiêm trọng", BAD), "warning": ("▲ Cảnh báo", WARN), "info": ("● Theo dõi", INFO)},
    "outlook": {
        "on_track": ("✓ Khả năng đạt", GOOD),
        "at_risk": ("▲ Cần đôn đốc", WARN),
        "off_track": ("■ Khó đạt", BAD),
        "no_plan": ("– Chưa có kế hoạch", MUTED),
    },
    "trust": {
        "works": ("✓ Tin được", GOOD),
        "worse": ("▲ Không hơn năm trước", WARN),
        "stopped": ("■ Hết tin được", BAD),
        "few": ("– Chưa đủ kỳ", MUTED),
    },
    "limit": {
        "over": ("■ Vượt", BAD),
        "near": ("▲ Sát ngưỡng", WARN),
        "within": ("✓ Đạt", GOOD),
        "no_limit": ("– Không quy định", MUTED),
    },
    "source": {
        "ok": ("✓ Tốt", GOOD),
        "partial": ("▲ Thiếu", WARN),
        "stale": ("▲ Chậm", WARN),
        "failed": ("■ Lỗi", BAD),
        "never": ("– Chưa kết nối", MUTED),
        "manual": ("– Nhập tay", MUTED),
    },
    "stance": {
        "negative": ("▼ Tiêu cực", BAD),
        "neutral": ("● Trung lập", MUTED),
        "positive": ("▲ Tích cực", GOOD),
    },
    "detector": {
        "seasonal": ("Lệch nếp thường theo giờ", INK),
        "shape": ("Diễn biến lạ", INK),
        "level": ("Lệch mức gần đây", INK),
        "spike": ("Vọt rồi trở lại ngay", INK),
        "shift": ("Đổi mức kéo dài", INK),
        "drift": ("Trôi dần khỏi nếp thường", INK),
        "gap": ("Đứt quãng số đo", INK),
        "stuck": ("Giá trị đứng yên", INK),
        "limits": ("Vượt giới hạn quy chuẩn", INK),
        "joint": ("Nhiều thông số cùng lúc", INK),
    },
    "verdict": {
        "none": ("– Chưa đánh giá", MUTED),
        "true": ("✓ Đúng", GOOD),
        "false": ("✗ Sai", BAD),
        "unsure": ("? Không rõ", WARN),
    },
    "alert": {"open": ("Đang mở", WARN), "acknowledged": ("Đã tiếp nhận", INFO), "closed": ("Đã đóng", GOOD)},
}


def mappings(kind: str) -> list[ValueMap]:
    """Grafana value mappings from the stored state to its Vietnamese word, mark and colour."""
    words = WORDS[kind].items()
    return [ValueMap({key: ValueMappingResult(text=t, color=c, index=i) for i, (key, (t, c)) in enumerate(words)})]
