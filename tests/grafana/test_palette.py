"""Colours can be read and told apart; every state has a word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grafana import palette
from grafana.palette import MARKS, SERIES, WORDS, mappings
from models import joint
from models.registry import make, names

CSS = (Path(palette.__file__).parent / "preview/static/css/base.css").read_text(encoding="utf-8")
TOKENS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", CSS))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Contrast ratio, WCAG 2.2: 4.5 for text, 3 for lines."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_formula():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("ground", ["page", "panel", "raised"])
@pytest.mark.parametrize("name", ["GOOD", "WARN", "BAD", "INFO", "MUTED", "INK"])
def test_words_in_a_colour_can_be_read(name, ground):
    assert contrast(getattr(palette, name), TOKENS[ground]) >= 4.5


@pytest.mark.parametrize("ground", ["page", "panel", "raised"])
@pytest.mark.parametrize("token", ["ink", "ink-2", "ink-3", "accent", "good", "warn", "bad"])
def test_the_pages_own_words_can_be_read(token, ground):
    assert contrast(TOKENS[token], TOKENS[ground]) >= 4.5


@pytest.mark.parametrize("colour", SERIES)
def test_lines_stand_out_from_the_panel(colour):
    assert contrast(colour, TOKENS["panel"]) >= 3


def test_the_page_and_the_palette_mean_the_same_colours():
    assert (TOKENS["good"], TOKENS["warn"], TOKENS["bad"]) == (palette.GOOD, palette.WARN, palette.BAD)
    assert (TOKENS["accent"], TOKENS["ink"], TOKENS["ink-3"]) == (palette.INFO, palette.INK, palette.MUTED)


def test_marks_differ_in_shape_not_only_in_colour():
    assert len({mark for mark, _ in MARKS.values()}) == len(MARKS)


def test_detectors_are_called_as_their_anomalies_call_them():
    told = {name: make(name).label for name in names()} | {joint.NAME: joint.LABEL}
    assert {name: word[0].lower() + word[1:] for name, (word, _) in WORDS["detector"].items()} == told


@pytest.mark.parametrize("kind", WORDS)
def test_states_have_different_words(kind):
    words = [text for text, _ in WORDS[kind].values()]
    assert len(set(words)) == len(words)
    (mapping,) = mappings(kind)
    assert set(mapping.options) == set(WORDS[kind])
