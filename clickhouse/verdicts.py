"""What people judge, and what they said of it: anomalies and series found by name, verdicts made and read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from msgspec import structs

from clickhouse.connection import Connection
from ioc.errors import BadInput
from ioc.packs import arrow_schema, records_of
from ioc.records import Judgement, Verdict, event_id

MOST = 100_000  # verdicts read at once: more than people can give in a year
LONGEST_NOTE = 1000  # characters


@dataclass(frozen=True)
class Subject:
    """What a verdict is about.

    Attributes:
        source, station, metric: the series.
        observed_at: of the anomaly, of the event that was missed, or when the series is reset.
        agency, area: whose the series is.
        anomaly, detector: its identity and who told of it; empty where it is no anomaly.
    """

    source: str
    station: str
    metric: str
    observed_at: datetime
    agency: str = ""
    area: str = ""
    anomaly: str = ""
    detector: str = ""


def anomaly_named(store: Connection, prefix: str) -> Subject:
    """The anomaly whose identity begins so.

    Raises:
        BadInput: there is none, or more than one.
        StoreUnavailable: ClickHouse does not answer now.
    """
    found = store.query("anomaly_named", {"prefix": prefix}).to_pylist() if prefix else []
    if len(found) != 1:
        what = "more than one anomaly begins" if found else "no anomaly begins"
        raise BadInput("anomalies", "anomaly", f"{what} with {prefix!r}; `ioc anomalies list` shows them with identity")
    row = found[0]
    return Subject(anomaly=row.pop("event_id"), **row)


def series_named(store: Connection, source: str, station: str, metric: str, observed_at: datetime) -> Subject:
    """A series of which something was received.

    Raises:
        BadInput: nothing ever was.
        StoreUnavailable: ClickHouse does not answer now.
    """
    found = store.query("series_named", {"source": source, "station": station, "metric": metric}).to_pylist()
    if not found:
        reason = f"nothing was ever received of {source}/{station}/{metric}; v_reading_latest shows what there is"
        raise BadInput("anomalies", "series", reason)
    return Subject(source, station, metric, observed_at, **found[0])


def verdict_on(subject: Subject, verdict: Judgement, *, by: str, now: datetime, note: str = "") -> Verdict:
    """The record of what somebody said; made twice from the same it is the same.

    Raises:
        BadInput: nobody says it, or the note is too long.
    """
    if not by.strip():
        raise BadInput("anomalies", "decided_by", "is empty; say who judges")
    if len(note) > LONGEST_NOTE:
        raise BadInput("anomalies", "note", f"has {len(note)} characters, {LONGEST_NOTE} at most")
    made = Verdict(
        event_id="", received_at=now, source=subject.source, station=subject.station, metric=subject.metric,
        anomaly=subject.anomaly, detector=subject.detector, observed_at=subject.observed_at, verdict=verdict,
        note=note.strip(), decided_by=by.strip(), decided_at=now, agency=subject.agency, area=subject.area,
    )  # fmt: skip
    return structs.replace(made, event_id=event_id(*(getattr(made, name) for name in Verdict.natural_key)))


def verdicts_since(store: Connection, since: datetime) -> list[Verdict]:
    """Everything that was said since a time, also what was replaced, newest first.

    Raises:
        StoreUnavailable: ClickHouse does not answer now.
    """
    found = store.query("verdicts_since", {"since": since, "most": MOST}).cast(arrow_schema("verdicts"))
    records = (record for batch in found.to_batches() for record in records_of(batch, "verdicts"))
    return [record for record in records if isinstance(record, Verdict)]
