"""The forecaster goes to work when data has come and settled, once, and again when a round came to nothing."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from ioc.cli.forecaster import _Changes


class Answers:
    """A store whose next answer the test sets."""

    def __init__(self) -> None:
        self.rows = 0

    def query(self, name: str, params: Any = None) -> pa.Table:
        assert name == "indicator_changes"
        return pa.table({"rows": [self.rows], "newest": [f"at {self.rows}"]})


def test_data_that_still_comes_is_waited_for_and_said_once() -> None:
    store = Answers()
    changes = _Changes(store)  # type: ignore[arg-type]
    assert [changes.settled(), changes.settled()] == [False, False], "an empty store is no change"
    looks = []
    for rows in (5, 9, 9, 9):
        store.rows = rows
        looks.append(changes.settled())
    assert looks == [False, False, True, False]


def test_a_round_that_came_to_nothing_is_said_again() -> None:
    store = Answers()
    store.rows = 5
    changes = _Changes(store)  # type: ignore[arg-type]
    assert [changes.settled(), changes.settled(), changes.settled()] == [False, True, False]
    changes.again()
    assert [changes.settled(), changes.settled()] == [True, False]
