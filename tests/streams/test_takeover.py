"""A series loses nothing that is forgotten for want of room, or that another worker takes over with a pack that comes late."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from ioc.records import Anomaly, Record
from ioc.settings import Settings
from models.bank import Bank
from streams.agents.detect import Detect
from tests.streams.test_detect import HALF, PACKS, Pack, catalog, outlines, run

ALONE = ("do_seasonal", "do_khong", "chua_biet")  # compiled, plain, and of which nothing is said


def of(metric: str, pack: Pack) -> list[Record]:
    return [r for r in pack if getattr(r, "metric", "") == metric]


def by_turns(packs: Sequence[Pack]) -> list[list[Record]]:
    """The series one after the other, never two in a pack."""
    return [of(metric, pack) for pack in packs for metric in ALONE]


@pytest.fixture(scope="module")
def whole(filled: Settings) -> list[list[Anomaly]]:
    """What one worker finds with room for all series, by pack."""
    detect = Detect(filled, catalog())
    return [asyncio.run(run(detect, [pack])) for pack in by_turns(PACKS)]


def small(settings: Settings) -> Detect:
    """A worker that has room for one series."""
    detect = Detect(settings, catalog())
    detect._bank = Bank(catalog(), most_series=1)
    return detect


@pytest.mark.parametrize("saves", [(), (HALF, HALF + 1)])
async def test_a_series_that_was_forgotten_for_want_of_room_loses_nothing(
    stateless: Settings, whole: list[list[Anomaly]], saves: tuple[int, ...]
) -> None:
    """Forgotten after every pack, before it was saved, right after, and long after."""
    detect, found = small(stateless), list[Anomaly]()
    begin = HALF - 1
    for at, pack in enumerate(PACKS[begin : HALF + 4], begin):
        found += await run(detect, by_turns([pack]))
        assert len(detect._bank) == 1
        if at in saves:
            await detect.save()
    expected = [a for some in whole[begin * len(ALONE) : (HALF + 4) * len(ALONE)] for a in some]
    assert expected
    assert outlines(found) == outlines(expected)


@pytest.mark.parametrize("late", [HALF - 10])
async def test_after_a_takeover_that_begins_with_a_late_pack_nothing_is_missing(
    stateless: Settings, whole: list[list[Anomaly]], late: int
) -> None:
    first, other = Detect(stateless, catalog()), Detect(stateless, catalog())
    await run(first, by_turns(PACKS[:HALF]))
    await first.save()
    await run(other, by_turns([PACKS[late]]))
    found = await run(other, by_turns(PACKS[HALF:]))
    assert outlines(found) == outlines([a for some in whole[HALF * len(ALONE) :] for a in some])
    assert not other._takeover._behind


async def test_a_late_pack_is_no_reason_to_learn_a_replay_twice(
    stateless: Settings, whole: list[list[Anomaly]]
) -> None:
    first, other = Detect(stateless, catalog()), Detect(stateless, catalog())
    await run(first, by_turns(PACKS[:HALF]))
    await first.save()
    found = await run(other, by_turns(PACKS[HALF - 6 :]))
    assert outlines(found) == outlines([a for some in whole[(HALF - 6) * len(ALONE) :] for a in some])


async def test_what_was_behind_and_forgotten_begins_anew(stateless: Settings, whole: list[list[Anomaly]]) -> None:
    first, other = Detect(stateless, catalog()), small(stateless)
    await run(first, by_turns(PACKS[:HALF]))
    await first.save()
    await run(other, by_turns([PACKS[HALF - 3]]))  # each began behind its state, and is forgotten
    found = await run(other, by_turns(PACKS[HALF : HALF + 3]))
    assert outlines(found) == outlines([a for some in whole[HALF * len(ALONE) : (HALF + 3) * len(ALONE)] for a in some])
