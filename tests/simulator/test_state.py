"""What is remembered between starts: the origin for ever, cursors as they advance, one province a data directory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ioc.errors import ConfigurationError
from simulator.state import FILE, State

NOW = datetime(2026, 11, 25, 2, 10, tzinfo=UTC)


def test_the_first_start_is_the_origin_for_ever(tmp_path: Path) -> None:
    first = State(tmp_path / "simulator", 36, NOW)
    assert first.is_first_start
    assert first.cursor("stations") is None
    first.advance("stations", NOW + timedelta(minutes=5))
    second = State(tmp_path / "simulator", 36, NOW + timedelta(days=3))
    assert not second.is_first_start
    assert second.origin == NOW
    assert second.cursor("stations") == NOW + timedelta(minutes=5)
    assert second.cursor("dossiers") is None


def test_nothing_but_the_file_is_left(tmp_path: Path) -> None:
    state = State(tmp_path, 36, NOW)
    for n in range(20):
        state.advance("a", NOW + timedelta(seconds=n))
    assert [p.name for p in tmp_path.iterdir()] == [FILE]


def test_another_seed_in_the_same_directory_is_refused(tmp_path: Path) -> None:
    State(tmp_path, 36, NOW)
    with pytest.raises(ConfigurationError, match="IOC_SIMULATOR_SEED=37") as told:
        State(tmp_path, 37, NOW)
    assert "36" in str(told.value)


@pytest.mark.parametrize("content", [b"", b"{", b'{"seed":36}', b"\xff\xfe"])
def test_a_damaged_file_is_one_clear_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(ConfigurationError, match="damaged"):
        State(tmp_path, 36, NOW)
