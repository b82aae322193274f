"""Sessions expire, are limited in number, and close what they hold."""

from __future__ import annotations

from typing import ClassVar

import pytest

from clickhouse.embedded import sessions
from clickhouse.embedded.errors import Refused
from clickhouse.embedded.request import Question
from clickhouse.embedded.sessions import Sessions


class Connection:
    """Counts how many are open."""

    opened: ClassVar[list[Connection]] = []

    def __init__(self):
        self.opened.append(self)

    def close(self):
        self.opened.remove(self)


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def kept(clock):
    Connection.opened.clear()
    return Sessions(Connection, lambda: clock[0])


def use(kept, **fields):
    with kept.connection(Question(**fields)) as connection:
        return connection


def test_a_request_without_a_session_leaves_nothing(kept):
    use(kept)
    assert Connection.opened == []


def test_a_session_is_kept_until_its_time_is_over(kept, clock):
    first = use(kept, session="a", session_s=10)
    clock[0] = 9
    assert use(kept, session="a", session_s=10) is first
    clock[0] = 18
    assert use(kept, session="a", session_s=10) is first
    clock[0] = 28
    assert use(kept, session="b") is not first
    assert first not in Connection.opened


def test_there_is_an_end_to_their_number(kept, monkeypatch):
    monkeypatch.setattr(sessions, "MOST", 2)
    use(kept, session="a")
    use(kept, session="b")
    with pytest.raises(Refused) as refused:
        use(kept, session="c")
    assert refused.value.code == 202
    assert len(Connection.opened) == 2


def test_an_error_gives_a_session_back(kept):
    with pytest.raises(ZeroDivisionError), kept.connection(Question(session="a")):
        raise ZeroDivisionError
    use(kept, session="a")


def test_closing_closes_all(kept):
    use(kept, session="a")
    use(kept, session="b")
    kept.close()
    assert Connection.opened == []
