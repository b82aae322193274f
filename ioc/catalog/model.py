"""What the catalogue's files may say: frozen, strict msgspec Structs."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

from ioc.records import Frequency

Transport = Literal["folder", "http", "poll", "import"]

Id = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$")]
Name = Annotated[str, msgspec.Meta(min_length=1)]
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Positive = Annotated[int, msgspec.Meta(ge=1)]
Decimals = Annotated[int, msgspec.Meta(ge=0, le=6)]
MonthDay = Annotated[str, msgspec.Meta(pattern=r"^(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2\d|3[01])$")]


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Unknown keys are errors: a misspelt key would otherwise be silently without effect."""


class Agency(Entry, frozen=True, kw_only=True):
    """A department, office or People's Committee; valid from/to follow the reorganisations.

    Attributes:
        aliases: other names by which press and people call it.
        successors: ids of the agencies that took over at `valid_to`.
    """

    id: Id
    name: Name
    short: Name
    name_en: str = ""
    aliases: list[str] = []
    plan_unit: bool = False
    area: str = ""
    valid_from: date = date(1900, 1, 1)
    valid_to: date = date(9999, 12, 31)
    successors: list[str] = []


class Area(Entry, frozen=True, kw_only=True):
    """An administrative unit; codes are those of the statistics office."""

    code: Annotated[str, msgspec.Meta(pattern=r"^\d{2,5}$")]
    name: Name
    level: Literal["province", "district", "ward", "commune"]
    parent: str = ""
    lat: Latitude
    lon: Longitude
    area_km2: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    valid_from: date = date(1900, 1, 1)
    valid_to: date = date(9999, 12, 31)


class Lever(Entry, frozen=True, kw_only=True):
    """An indicator whose past movements another one may have followed; for "what if".

    Attributes:
        indicator: id of the lever, of the same frequency.
        lag: periods until the other one follows.
    """

    indicator: Id
    lag: Annotated[int, msgspec.Meta(ge=0, le=24)] = 0


class Indicator(Entry, frozen=True, kw_only=True):
    """A socio-economic indicator (QĐ 54/2016 group 01-20).

    Attributes:
        aggregate: how periods make a year: a flow is summed, a level is the last value, a rate is averaged.
        cumulative: its values count up from 1 January to the end of each period ("lũy kế từ đầu năm").
        direction: whether more is better; says what "against plan" means.
        low, high: bounds of the possible, for clipping intervals.
        regressors: names of the calendar effects the forecast may use: ``tet`` and ids of `Season`.
        levers: what may move it.
        targets: plan by year, in `unit`.
    """

    id: Id
    name: Name
    name_en: str = ""
    group: Annotated[int, msgspec.Meta(ge=1, le=20)]
    unit: str
    frequency: Frequency
    agency: str
    aggregate: Literal["sum", "last", "mean"] = "sum"
    cumulative: bool = False
    direction: Literal["up", "down"] = "up"
    decimals: Decimals = 1
    low: float | None = None
    high: float | None = None
    regressors: list[str] = []
    levers: list[Lever] = []
    targets: dict[str, float] = {}
    source_decision: str = "QĐ 54/2016/QĐ-TTg"
    on_wall: bool = False


class Shock(Entry, frozen=True, kw_only=True):
    """A time whose values say nothing about others, such as a lockdown: forecasts neither learn from it nor are judged by it.

    Attributes:
        first, last: its days, both included; a period that shares a day with it is left out.
        indicators: whom it hit; empty for all.
    """

    id: Id
    name: Name
    first: date
    last: date
    indicators: list[Id] = []


class Span(Entry, frozen=True, kw_only=True):
    """Days from `first` to `last`, both included."""

    first: date
    last: date


class Season(Entry, frozen=True, kw_only=True):
    """A time of every year that the province decides on, such as the school year; a regressor of forecasts.

    Attributes:
        begins, ends: month and day, ``09-05`` to ``05-31``; it may go over New Year.
        years: what was decided otherwise; stands for the season that begins in the same calendar year.
    """

    id: Id
    name: Name
    begins: MonthDay
    ends: MonthDay
    years: list[Span] = []


class Limit(Entry, frozen=True, kw_only=True):
    """A regulatory limit of a metric in its unit, valid for a time."""

    high: float | None = None
    low: float | None = None
    regulation: str
    averaging: Literal["instant", "1h", "8h", "24h", "year"] = "instant"
    valid_from: date = date(1900, 1, 1)
    valid_to: date = date(9999, 12, 31)


class Metric(Entry, frozen=True, kw_only=True):
    """What a source measures.

    Attributes:
        names: spellings in the source's files, matched without case.
        units: accepted spellings of the unit, the first is stored.
        low, high: bounds of the physically possible; outside is a dead letter.
        detector: name of the detector in `models/`, empty for none.
        beside: names of further detectors that watch the same series; none of them where `detector` is empty.
        false_alarms_per_week: how many each statistical detector of a series may cost on clean data, at the source's
            cadence; left out, no more than the detector is shipped for (docs/detectors.md).
        neighbours_km: alike stations so near should see the same; 0 for what is a station's own, such as an outlet's flow.
    """

    id: Id
    name: Name
    names: Annotated[list[Name], msgspec.Meta(min_length=1)]
    units: Annotated[list[str], msgspec.Meta(min_length=1)]
    low: float | None = None
    high: float | None = None
    decimals: Decimals = 1
    detector: str = "seasonal"
    beside: list[str] = msgspec.field(default_factory=lambda: ["stuck"])
    false_alarms_per_week: Annotated[float, msgspec.Meta(gt=0, le=100)] | None = None
    limits: list[Limit] = []
    neighbours_km: Annotated[float, msgspec.Meta(ge=0, le=500)] = 15.0

    @property
    def unit(self) -> str:
        """The unit that is stored."""
        return self.units[0]


class Station(Entry, frozen=True, kw_only=True):
    """A place that measures; `metrics` are ids of the source's metrics."""

    code: Name
    name: Name
    area: str = ""
    agency: str = ""
    lat: Latitude | None = None
    lon: Longitude | None = None
    metrics: list[str] = []


class Source(Entry, frozen=True, kw_only=True):
    """A data source: an adapter, how it is reached, and what it may say.

    Attributes:
        adapter: name of a module in `streams/sources/`.
        transport: folder (files dropped in the inbox), http (POST to us), poll (we fetch `url`), import (by hand only).
        patterns: file names the folder watcher takes.
        url: what is polled; `{simulator}` is replaced by the simulated province's address.
        every_s: seconds between polls, or the expected cadence of files and calls: older is stale.
        max_future_s, max_age_days: event times outside are dead letters.
        allowed_lateness_s: what is older is stored, rolled up and examined, but nobody is called about it.
        personal: payloads name people: they are deleted, not archived, once their records are safe.
        options: what the adapter itself needs, for example column names.
        together: ids of the metrics that are looked at together at each station; left out, all that have a detector,
            empty for none.
    """

    id: Id
    name: Name
    name_en: str = ""
    plan_row: Name
    agency: str
    adapter: str
    transport: Transport
    timezone: str = "Asia/Ho_Chi_Minh"
    patterns: list[Name] = []
    url: str = ""
    every_s: Positive = 300
    max_future_s: Annotated[int, msgspec.Meta(ge=0)] = 600
    allowed_lateness_s: Annotated[int, msgspec.Meta(ge=0)] = 48 * 3600
    max_age_days: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 400
    max_payload_mb: Annotated[int, msgspec.Meta(ge=1, le=1024)] = 16
    simulated: bool = False
    enabled: bool = True
    personal: bool = False
    unknown_stations: Literal["reject", "accept"] = "reject"
    options: dict[str, str] = {}
    together: list[str] | None = None
    metrics: list[Metric] = []
    stations: list[Station] = []

    @property
    def zone(self) -> ZoneInfo:
        """The zone of times without an offset."""
        return ZoneInfo(self.timezone)

    @property
    def allowed_lateness(self) -> timedelta:
        """How late an event may come and still raise an alert."""
        return timedelta(seconds=self.allowed_lateness_s)

    @property
    def max_future(self) -> timedelta:
        """How far ahead of our clock an event may be."""
        return timedelta(seconds=self.max_future_s)

    @property
    def max_age(self) -> timedelta:
        """How old an event may be."""
        return timedelta(days=self.max_age_days)


class Catalog:
    """The whole catalogue, looked up by id; made by `ioc.catalog.load.load_catalog`."""

    def __init__(
        self,
        agencies: list[Agency],
        areas: list[Area],
        indicators: list[Indicator],
        sources: list[Source],
        shocks: list[Shock] | None = None,
        seasons: list[Season] | None = None,
    ) -> None:
        self.agencies = {a.id: a for a in agencies}
        self.areas = areas
        self.indicators = {i.id: i for i in indicators}
        self.sources = {s.id: s for s in sources}
        self.shocks = shocks or []
        self.seasons = {s.id: s for s in seasons or []}

    @cached_property
    def metrics(self) -> dict[tuple[str, str], Metric]:
        """Metrics by (source id, metric id)."""
        return {(s.id, m.id): m for s in self.sources.values() for m in s.metrics}

    @cached_property
    def stations(self) -> dict[str, Station]:
        """Stations by code; codes are unique over all sources."""
        return {st.code: st for s in self.sources.values() for st in s.stations}

    @cached_property
    def province(self) -> str:
        """The code of the province itself."""
        return next((a.code for a in self.areas if a.level == "province"), "")

    def areas_on(self, day: date) -> dict[str, Area]:
        """The administrative units valid on a day, by code."""
        return {a.code: a for a in self.areas if a.valid_from <= day <= a.valid_to}

    def agencies_on(self, day: date) -> dict[str, Agency]:
        """The agencies valid on a day, by id."""
        return {a.id: a for a in self.agencies.values() if a.valid_from <= day <= a.valid_to}
