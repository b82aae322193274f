"""Machine code on disk belongs to the sources it was made from."""

from __future__ import annotations

from pathlib import Path

from models import compiled
from models.machine_code import HERE, content


def test_another_constant_anywhere_is_another_cache(tmp_path: Path) -> None:
    (tmp_path / "callee.py").write_text("A = 1\n")
    (tmp_path / "caller.py").write_text("from callee import A\n")
    before = content(tmp_path)
    (tmp_path / "callee.py").write_text("A = 2\n")
    content.cache_clear()
    assert content(tmp_path) != before


def test_the_bank_is_cached_under_its_sources() -> None:
    assert content(HERE) in compiled.take._cache._cache_path
