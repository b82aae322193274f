"""The article templates, read from `articles.toml`."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec

from ioc.catalog.model import Agency, Catalog, Entry

Stance = Literal["negative", "neutral", "positive", "none"]


class Template(Entry, frozen=True, kw_only=True):
    """One article with slots.

    Attributes:
        stance: towards the agency; none where no agency is spoken of.
        agencies: ids of those it may be about, empty for any.
        titles: variants.
        lead, body: sentences.
    """

    stance: Stance
    agencies: list[str]
    titles: list[str]
    lead: str
    body: list[str]


@lru_cache(maxsize=1)
def templates() -> list[Template]:
    """All templates."""
    text = Path(__file__).with_name("articles.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text)["article"], list[Template])


def newsworthy(catalog: Catalog, day: date) -> dict[str, Agency]:
    """The agencies valid on a day that some template is about, by id."""
    named = {agency for template in templates() for agency in template.agencies}
    return {id_: agency for id_, agency in catalog.agencies_on(day).items() if id_ in named}


def about(agency: str, stance: Stance) -> list[Template]:
    """Templates of a stance that fit an agency: those written for it, and those for any."""
    return [t for t in templates() if t.stance == stance and (agency in t.agencies or not t.agencies)]
