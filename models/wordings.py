"""Reasons of the detectors that have a wording of their own: what was seen, from when on, and what may be behind it."""

from __future__ import annotations

from datetime import datetime

from models.base import Score
from models.words import Names, at, decimals_of, lasted, number, rarity, since


def _stuck(names: Names, moment: datetime, value: float, score: Score) -> str:
    run, longest = (number(float(score.parts[name]), 0) for name in ("run", "longest"))
    stands = f"{names.metric} đứng yên ở {number(value, names.decimals)}{names.unit}"
    lasts = f"suốt {run} số đo, từ {since(score.since, moment)} đến {at(moment)}"
    return f"{stands} {lasts}; trước đây lâu nhất {longest} số đo; {rarity(score.one_in)}. Có thể thiết bị đo bị kẹt"


def _spike(names: Names, moment: datetime, value: float, score: Score) -> str:
    spike = float(score.parts["spike"])
    went = "vọt lên" if spike > score.expected else "tụt xuống"
    jumped = f"{names.metric} {went} {number(spike, names.decimals)}{names.unit} lúc {since(score.since, moment)}"
    back = f"rồi trở lại {number(value, names.decimals)} ngay số đo sau"
    return f"{jumped} {back}; {_around(names, score)}; {rarity(score.one_in)}. Có thể thiết bị đo bị nhiễu"


def _around(names: Names, score: Score) -> str:
    decimals = decimals_of(score.high - score.low, names.decimals)
    low, high, level = (number(v, decimals) for v in (score.low, score.high, score.expected))
    return f"quanh đó thường {low}{'–' if score.low >= 0 else ' đến '}{high} (mong đợi {level})"


def _shift(names: Names, moment: datetime, _value: float, score: Score) -> str:
    before, after = float(score.parts["before"]), float(score.parts["after"])
    decimals = decimals_of(abs(after - before) / 10.0, names.decimals)
    was, is_now = (number(v, decimals) for v in (before, after))
    rose, up = ("tăng", "lên") if after > before else ("giảm", "xuống")
    moved = f"{names.metric} {rose} từ mức {was} {up} mức {is_now}{names.unit} kể từ {since(score.since, moment)}"
    return f"{moved} (trung bình {number(float(score.parts['points']), 0)} số đo); {rarity(score.one_in)}"


def _drift(names: Names, moment: datetime, _value: float, score: Score) -> str:
    before, after = float(score.parts["before"]), float(score.parts["after"])
    was, is_now = (number(v, decimals_of(abs(after - before) / 10.0, names.decimals)) for v in (before, after))
    begun = f"từ khoảng {since(score.since, moment)}"
    if score.parts["drift"] == "level":
        drifted = f"trôi dần khỏi nếp thường: trung bình lệch {was} thành lệch {is_now}{names.unit}"
    else:
        drifted = f"dao động khác dần: quanh nếp thường ±{was} thành ±{is_now}{names.unit}"
    return f"{names.metric} {drifted} {begun}; {rarity(score.one_in)}. Nên kiểm tra, hiệu chuẩn thiết bị đo"


def _gap(names: Names, moment: datetime, _value: float, score: Score) -> str:
    gap, usual = (lasted(float(score.parts[name])) for name in ("gap_s", "usual_s"))
    missing = f"{names.metric} không có số đo suốt {gap}, từ {since(score.since, moment)} đến {at(moment)}"
    return f"{missing}; thường cứ {usual} có một số đo; {rarity(score.one_in)}"


WORDINGS = {"stuck": _stuck, "spike": _spike, "shift": _shift, "drift": _drift, "gap": _gap}
