"""The newsrooms: varied templates that always fill, about agencies that exist, and waves against one of them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from ioc.catalog.model import Catalog
from simulator.press import Article
from simulator.province import Province
from simulator.templates import about, newsworthy, templates
from simulator.world import World, build


@pytest.fixture(scope="module")
def week(world: World, origin: datetime) -> list[Article]:
    return world.press.between(origin - timedelta(days=7), origin)


def test_there_are_enough_templates() -> None:
    assert len(templates()) >= 40
    by_stance = Counter(t.stance for t in templates())
    assert min(by_stance[s] for s in ("negative", "neutral", "positive")) >= 12
    sentences = [s for t in templates() for s in (t.lead, *t.body)]
    assert len(set(sentences)) == len(sentences), "no sentence is used twice"


def test_templates_speak_of_their_agency_or_of_none() -> None:
    for template in templates():
        text = " ".join((*template.titles, template.lead, *template.body))
        assert ("{agency}" in text) == (template.stance != "none"), template.titles
        assert template.stance != "none" or "{short}" not in text, template.titles


def test_every_newsworthy_agency_can_be_criticised_praised_and_reported_on(catalog: Catalog) -> None:
    agencies = newsworthy(catalog, date(2026, 11, 25))
    assert len(agencies) >= 12
    for agency in agencies:
        assert all(about(agency, stance) for stance in ("negative", "neutral", "positive"))


def test_agencies_that_are_gone_are_not_in_the_news(catalog: Catalog) -> None:
    before = build(Province(36, datetime(2024, 11, 25, tzinfo=UTC), catalog)).press
    for press, moment in ((before, datetime(2024, 11, 25, tzinfo=UTC)), (before, datetime(2026, 11, 25, tzinfo=UTC))):
        named = {a.agency for a in press.between(moment, moment + timedelta(days=20)) if a.agency}
        assert named
        assert named <= set(catalog.agencies_on(moment.date()))


def test_a_week_of_articles(week: list[Article], catalog: Catalog) -> None:
    assert 500 < len(week) < 1200
    stances = Counter(a.stance for a in week)
    assert stances["neutral"] > stances["positive"] > stances["none"] > 20
    assert stances["negative"] > 80
    assert min(Counter(a.outlet for a in week).values()) > 200
    for article in week:
        text = " ".join((article.title, article.lead, *article.body))
        assert "{" not in text
        assert article.agency == "" or catalog.agencies[article.agency].name in text
    assert len({(a.title, a.lead) for a in week}) > 0.9 * len(week)
    assert [a.at for a in week] == sorted(a.at for a in week)


def test_new_ones_appear_every_few_minutes_by_day(world: World, origin: datetime) -> None:
    live = world.press.between(origin, origin + timedelta(hours=3))
    assert 12 <= len(live) <= 45


def test_windows_add_up_and_ids_find_their_article(world: World, week: list[Article], origin: datetime) -> None:
    begin = origin - timedelta(days=7)
    cuts = [begin + timedelta(seconds=s) for s in range(0, 7 * 86400, 35_123)] + [origin]
    assert [a for a, b in pairwise(cuts) for a in world.press.between(a, b)] == week
    assert len({a.id for a in week}) == len(week)
    assert all(world.press.article(a.id) == a for a in week)
    assert world.press.article("7") is None
    assert world.press.article("w") is None
    assert world.press.article("9" * 30) is None


def test_a_wave_is_critical_of_its_agency(world: World, origin: datetime) -> None:
    waves = [
        w for w in world.schedule.between(origin, origin + timedelta(days=40), "press") if w.start > origin
    ] + world.schedule.between(origin, origin, "press")
    assert len(waves) > 5
    grown = 0
    for wave in waves:
        length = wave.end - wave.start
        during = _critical(world, wave.station, wave.start, wave.end)
        usual = _critical(world, wave.station, wave.start - 4 * length, wave.start) / 4
        grown += during >= usual + 4
    assert grown == len(waves)


def _critical(world: World, agency: str, after: datetime, until: datetime) -> int:
    return sum(a.agency == agency and a.stance == "negative" for a in world.press.between(after, until))
