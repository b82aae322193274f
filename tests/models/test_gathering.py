"""Parts of a vector meet however they arrive."""

from __future__ import annotations

import numpy as np

from models.gathering import Gathering, Vector


def add(gathering: Gathering, *readings: tuple[int, int]) -> list[Vector]:
    """Readings as (time, metric); the value is both."""
    return [v for ms, metric in readings for v in gathering.add(ms, metric, 10.0 * ms + metric, f"{ms}/{metric}") or ()]


def test_a_vector_is_complete_with_its_last_part() -> None:
    (vector,) = add(Gathering(2), (1, 1), (1, 0))
    assert (vector.ms, vector.trigger, vector.ids) == (1, 1, ["1/0", "1/1"])
    assert vector.values.tolist() == [10.0, 11.0]


def test_or_when_a_later_time_begins() -> None:
    gathering = Gathering(2)
    add(gathering, (1, 0), (1, 1))
    (vector,) = add(gathering, (2, 0), (5, 1))
    assert (vector.ms, vector.trigger) == (2, 5)
    assert np.isnan(vector.values[1])


def test_who_was_missing_is_not_waited_for_until_it_came_again() -> None:
    gathering = Gathering(2)
    add(gathering, (1, 0), (1, 1), (2, 0), (3, 0))
    assert [v.ms for v in add(gathering, (4, 0))] == [4], "only metric 0 came for the vector before"
    assert gathering.add(4, 1, 1.0, "late") is None
    assert add(gathering, (5, 0)) == [], "metric 1 came, if late: it is waited for"
    assert [v.ms for v in add(gathering, (5, 1))] == [5]


def test_what_is_late_or_there_already_is_left_out() -> None:
    gathering = Gathering(3)
    add(gathering, (2, 0), (2, 1), (2, 2), (5, 0))
    for ms, metric in ((1, 0), (2, 2), (3, 1), (5, 0)):
        assert gathering.add(ms, metric, 99.0, "again") is None
    assert add(gathering, (5, 1), (5, 2))[0].values.tolist() == [50.0, 51.0, 52.0]


def test_two_vectors_may_end_with_one_reading() -> None:
    gathering = Gathering(2)
    add(gathering, (1, 0), (1, 1), (2, 0), (3, 0), (4, 1))
    found = add(gathering, (5, 1))
    assert [v.trigger for v in found] == [5] * len(found)
    assert found[-1].ms <= 5


def test_goes_on_after_being_carried_away() -> None:
    first, second = Gathering(2), Gathering(2)
    add(first, (1, 0), (1, 1), (2, 0))
    state = first.to_state()
    assert isinstance(state["newest"], int)
    assert isinstance(state["last"], list)
    second.restore(state["newest"], state["last"])
    again = add(second, (1, 0), (2, 0), (2, 1))
    assert [v.ids for v in again] == [v.ids for v in add(first, (2, 1))] == [["2/0", "2/1"]]
