"""The corpus: reproducible, honest splits, the catalogue covered."""

from collections import Counter
from pathlib import Path

import pytest

from ioc.catalog.model import Catalog
from nlp.corpus.build import BUILT, build, read, table
from nlp.normalise import fold, strip_marks
from nlp.stance import LABELS


def test_the_built_corpus_is_what_its_sources_say() -> None:
    assert table(build()) == BUILT.read_text(encoding="utf-8"), "run: python -m nlp.corpus.build"


def test_rows_are_sound() -> None:
    rows = read()
    assert len({row.id for row in rows}) == len(rows)
    assert {row.stance for row in rows} == set(LABELS)
    assert {row.register for row in rows} == {"press", "social", "teencode", "no-diacritics"}
    assert not [row.id for row in rows if "{" in row.text or not row.text.strip()]


def test_what_is_tested_was_never_learnt() -> None:
    rows = read()
    kept = [r for r in rows if r.split == "test"]
    learnt = [r for r in rows if r.split == "train"]
    assert {r.origin for r in kept} == {"hand"}
    assert not {r.topic for r in kept} & {r.topic for r in learnt}

    def words(text: str) -> frozenset[str]:
        return frozenset(strip_marks(fold(text)).split())

    seen = [words(r.text) for r in learnt]
    near = [r.text for r in kept if (own := words(r.text)) and any(len(w & own) > 0.75 * len(w | own) for w in seen)]
    assert near == []


def test_there_is_enough_of_everything(catalog: Catalog) -> None:
    rows = read()
    written = [r for r in rows if r.origin == "hand"]
    assert len({r.text for r in written}) >= 1500
    for split, least in (("train", 450), ("test", 90)):
        counts = Counter(r.stance for r in written if r.split == split)
        assert min(counts.values()) >= least, counts
    assert {a.id for a in catalog.agencies.values() if a.plan_unit} <= {r.agency for r in rows}


def test_a_bad_line_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nlp.corpus import build as module

    for name in ("train", "test"):
        (tmp_path / name).mkdir()
    (tmp_path / "names.toml").write_text('so-yte = ["Sở Y tế"]\n', encoding="utf-8")
    (tmp_path / "frames.toml").write_text("expansions = 1\n[slots]\n[frames]\n", encoding="utf-8")
    (tmp_path / "train" / "x.txt").write_text(
        "@ topic=t agencies=* register=press\n- tốt\nkhông dấu đầu dòng\n", encoding="utf-8"
    )
    monkeypatch.setattr(module, "HERE", tmp_path)
    with pytest.raises(ValueError, match=r"x\.txt:3"):
        module.build()
