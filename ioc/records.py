"""The records that travel through the centre: frozen msgspec Structs, one table each, with a deterministic identity.

Decoding validates. The Arrow schema of a pack (`ioc.packs`), the table's columns (checked against the migrations by a
test) and the JSON Schema for data providers (`ioc schema`) are all derived from these classes.

`event_id` is the first 128 bits of BLAKE2b over the record's natural key (shared FACTS, section 13), so a file sent
twice, an MQTT duplicate and a replay of the broker are the same record.
"""

from __future__ import annotations

from datetime import date, datetime
from hashlib import blake2b
from typing import Annotated, Any, ClassVar, Literal

import msgspec

Time = Annotated[datetime, msgspec.Meta(tz=True)]  # aware; UTC, at the millisecond that tables keep
Status = Literal["ok", "calibrating", "fault"]
StanceLabel = Literal["negative", "neutral", "positive"]
Severity = Literal["info", "warning", "critical"]
Cause = Literal["", "sensor", "event"]
Frequency = Literal["D", "W", "M", "Q", "Y"]
Judgement = Literal["true", "false", "unsure", "missed", "reset"]
TaskStatus = Literal["assigned", "accepted", "in_progress", "awaiting_approval", "done", "paused", "forwarded"]


def event_id(*natural_key: object) -> str:
    """32 hexadecimal digits that depend on nothing but the natural key; times must be in UTC."""
    text = "\x1f".join([part.isoformat() if isinstance(part, date) else str(part) for part in natural_key])
    return blake2b(text.encode(), digest_size=16).hexdigest()


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What every record has.

    Attributes:
        event_id: identity, see `event_id`.
        received_at: when the centre first held it, UTC.
    """

    kind: ClassVar[str]  # the table's and the topic's name
    event_time: ClassVar[str]  # the field that says when it happened
    partition_key: ClassVar[tuple[str, ...]] = ("event_id",)  # records that agree here stay in order
    natural_key: ClassVar[tuple[str, ...]] = ()  # what `event_id` is made of where a producer gives none
    personal: ClassVar[
        tuple[str, ...]
    ] = ()  # fields about a person or a machine of one: few may read them, they expire first

    event_id: str
    received_at: Time

    @property
    def order_key(self) -> str:
        """What keeps order: equal keys go to the same partition."""
        return "\x1f".join(str(getattr(self, name)) for name in self.partition_key)


class Reading(Record, frozen=True, kw_only=True):
    """One value of one metric at one station or counter."""

    kind = "readings"
    event_time = "observed_at"
    partition_key = ("station",)  # what a station measures at one time meets in one worker
    natural_key = ("source", "station", "metric", "observed_at")

    source: str
    station: str
    metric: str
    observed_at: Time
    value: float | None
    unit: str
    status: Status = "ok"
    agency: str = ""
    area: str = ""
    raw_time: str = ""


class Dossier(Record, frozen=True, kw_only=True):
    """One status a one-stop dossier reached (hồ sơ một cửa); a dossier is the latest of its rows."""

    kind = "dossiers"
    event_time = "status_at"
    partition_key = ("dossier_code",)
    natural_key = ("source", "dossier_code", "status", "status_at")

    source: str
    dossier_code: str
    procedure_code: str
    procedure_name: str = ""
    field: str = ""
    agency: str
    area: str = ""
    channel: str = ""
    service_level: str = ""
    submitted_at: Time
    due_at: Time | None = None
    finished_at: Time | None = None
    status: int
    status_at: Time
    fee_vnd: int | None = None


class Post(Record, frozen=True, kw_only=True):
    """One press article or public post; no author, no personal profile."""

    kind = "posts"
    event_time = "published_at"
    natural_key = ("source", "url")

    source: str
    outlet: str
    url: str
    title: str
    text: str
    published_at: Time
    language: str = "vi"


class Stance(Record, frozen=True, kw_only=True):
    """How one post speaks of one agency, with the sentence that shows it."""

    kind = "stances"
    event_time = "published_at"
    partition_key = ("agency",)

    post_id: str
    agency: str
    stance: StanceLabel
    confidence: float
    evidence: str
    title: str = ""
    url: str = ""
    outlet: str = ""
    model: str
    published_at: Time


class IndicatorValue(Record, frozen=True, kw_only=True):
    """One published value of one indicator; a revision has the same identity and a later `received_at`."""

    kind = "indicator_values"
    event_time = "period"
    partition_key = ("indicator", "area")
    natural_key = ("source", "indicator", "area", "frequency", "period")

    source: str
    indicator: str
    area: str
    frequency: Frequency
    period: date
    value: float
    unit: str


class IndicatorTarget(Record, frozen=True, kw_only=True):
    """The plan for one indicator and year."""

    kind = "indicator_targets"
    event_time = "period"
    partition_key = ("indicator", "area")
    natural_key = ("source", "indicator", "area", "period")

    source: str
    indicator: str
    area: str
    period: date
    target: float
    unit: str


class CyberEvent(Record, frozen=True, kw_only=True):
    """One event of a network or host sensor."""

    kind = "cyber_events"
    event_time = "occurred_at"
    partition_key = ("sensor",)
    personal = ("src_ip", "dest_ip", "hostname", "message")

    source: str
    sensor: str
    occurred_at: Time
    event_type: str
    severity: int = 0
    signature_id: int = 0
    signature: str = ""
    category: str = ""
    action: str = ""
    src_ip: str = ""
    src_port: int = 0
    dest_ip: str = ""
    dest_port: int = 0
    protocol: str = ""
    app_protocol: str = ""
    hostname: str = ""
    message: str = ""


class Task(Record, frozen=True, kw_only=True):
    """One status that a task given by the People's Committee reached (nhiệm vụ); a task is the latest of its rows."""

    kind = "tasks"
    event_time = "status_at"
    partition_key = ("task_code",)
    natural_key = ("source", "task_code", "status", "status_at")

    source: str
    task_code: str
    document_no: str = ""
    document_date: date | None = None
    title: str
    assigned_by: str = ""
    agency: str
    supporting: list[str] = []
    area: str = ""
    assigned_at: Time
    due_at: Time | None = None
    finished_at: Time | None = None
    progress: float = 0.0
    status: TaskStatus
    status_at: Time


class FieldReport(Record, frozen=True, kw_only=True):
    """One state that a citizen's or officer's report from the field reached; a report is the latest of its rows.

    Attributes:
        reporter: keyed hash of who reported, never a name or a number.
        text: in the reporter's words, so it may speak of people.
        rating: 1-5, by the reporter.
    """

    kind = "field_reports"
    event_time = "state_at"
    partition_key = ("report_code",)
    natural_key = ("source", "report_code", "state", "state_at")
    personal = ("reporter", "text", "lat", "lon")

    source: str
    report_code: str
    category: str
    title: str
    text: str = ""
    channel: str = ""
    reporter: str = ""
    lat: float | None = None
    lon: float | None = None
    area: str = ""
    agency: str = ""
    photos: int = 0
    reported_at: Time
    due_at: Time | None = None
    state: Literal["new", "accepted", "assigned", "answered", "closed", "rejected"]
    state_at: Time
    answer: str = ""
    rating: int | None = None


class Position(Record, frozen=True, kw_only=True):
    """Where one vehicle or fishing vessel was.

    Attributes:
        speed_kmh, heading: over ground; degrees from north.
        driver: keyed hash of the driving licence.
        alarm: what the device or the supplier raised, empty for none.
    """

    kind = "positions"
    event_time = "observed_at"
    partition_key = ("object_id",)
    natural_key = ("source", "object_id", "observed_at")
    personal = ("driver",)

    source: str
    object_type: Literal["vehicle", "vessel"]
    object_id: str
    operator: str = ""
    business_type: str = ""
    observed_at: Time
    lat: float
    lon: float
    speed_kmh: float | None = None
    heading: float | None = None
    driver: str = ""
    alarm: str = ""
    zone: str = ""
    agency: str = ""
    area: str = ""


class CameraEvent(Record, frozen=True, kw_only=True):
    """One thing that a traffic camera or its analysis saw.

    Attributes:
        plate: keyed hash of the number plate, empty where none was read.
        vehicles: counted in the interval, for counting events.
    """

    kind = "camera_events"
    event_time = "occurred_at"
    partition_key = ("camera",)
    natural_key = ("source", "camera", "event_type", "lane", "occurred_at")
    personal = ("plate",)

    source: str
    camera: str
    occurred_at: Time
    event_type: str
    severity: Severity = "info"
    lane: str = ""
    vehicle_class: str = ""
    vehicles: int | None = None
    speed_kmh: float | None = None
    duration_s: float | None = None
    confidence: float | None = None
    plate: str = ""
    snapshot: str = ""
    agency: str = ""
    area: str = ""


class Hotspot(Record, frozen=True, kw_only=True):
    """One fire that a satellite saw (NASA FIRMS).

    Attributes:
        brightness_k: kelvin.
        power_mw: fire radiative power, megawatts.
    """

    kind = "hotspots"
    event_time = "observed_at"
    partition_key = ("satellite",)
    natural_key = ("source", "satellite", "observed_at", "lat", "lon")

    source: str
    satellite: str
    instrument: str = ""
    observed_at: Time
    lat: float
    lon: float
    brightness_k: float | None = None
    power_mw: float | None = None
    confidence: Literal["low", "nominal", "high"]
    daytime: bool
    area: str = ""
    agency: str = ""


class HealthCase(Record, frozen=True, kw_only=True):
    """One case of a notifiable disease, without anything that tells whose.

    Attributes:
        age_band: for example ``5-14``.
        outcome: what is known now; an update has the same identity and a later `received_at`.
    """

    kind = "health_cases"
    event_time = "onset_at"
    partition_key = ("disease",)
    natural_key = ("source", "case_ref")
    personal = ("case_ref",)

    source: str
    case_ref: str
    disease: str
    icd10: str = ""
    onset_at: Time
    reported_at: Time
    facility: str = ""
    age_band: str = ""
    sex: Literal["female", "male", "unknown"] = "unknown"
    confirmed: bool = False
    outcome: Literal["ill", "recovered", "died", "unknown"] = "unknown"
    area: str = ""
    agency: str = ""


class Incident(Record, frozen=True, kw_only=True):
    """One state that an incident which agencies handle together reached; an incident is the latest of its rows."""

    kind = "incidents"
    event_time = "state_at"
    partition_key = ("incident_code",)
    natural_key = ("source", "incident_code", "state", "state_at")

    source: str
    incident_code: str
    incident_type: str
    title: str
    description: str = ""
    severity: Severity
    opened_at: Time
    state: Literal["open", "handling", "resolved", "closed"]
    state_at: Time
    lat: float | None = None
    lon: float | None = None
    area: str = ""
    agency: str = ""
    dead: int = 0
    injured: int = 0
    loss_vnd: int | None = None
    alerts: list[str] = []


class Anomaly(Record, frozen=True, kw_only=True):
    """One point of a series that a detector found strange, and why.

    Attributes:
        cause: what neighbours and the station's other parameters say: the sensor, an event, or nothing that is known.
    """

    kind = "anomalies"
    event_time = "observed_at"
    partition_key = ("station", "metric")

    source: str
    station: str
    metric: str
    observed_at: Time
    since: Time
    value: float
    expected: float
    low: float
    high: float
    unit: str
    score: float
    one_in: float
    severity: Severity
    detector: str
    reason: str
    evidence: list[str]
    agency: str = ""
    area: str = ""
    cause: Cause = ""


class Verdict(Record, frozen=True, kw_only=True):
    """What a person said of one anomaly, of an event that was missed, or of a series; of an anomaly's the latest counts.

    Attributes:
        anomaly: its `event_id`; empty for "missed" and "reset".
        detector: that told of the anomaly; empty for "missed" and "reset".
        observed_at: when the anomaly was observed, or the event that was missed.
        verdict: of an anomaly "true", "false" or "unsure"; "missed": nothing was told though it should have been;
            "reset": what was said of the series before no longer moves its thresholds.
        decided_by: the user's name.
    """

    kind = "verdicts"
    event_time = "decided_at"
    partition_key = ("station", "metric")
    natural_key = ("source", "station", "metric", "anomaly", "observed_at", "verdict", "decided_by", "decided_at")

    source: str
    station: str
    metric: str
    anomaly: str = ""
    detector: str = ""
    observed_at: Time
    verdict: Judgement
    note: str = ""
    decided_by: str
    decided_at: Time
    agency: str = ""
    area: str = ""


class Forecast(Record, frozen=True, kw_only=True):
    """The forecast of one period, issued at one time."""

    kind = "forecasts"
    event_time = "period"
    partition_key = ("indicator", "area")

    indicator: str
    area: str
    frequency: Frequency
    period: date
    issued_at: Time
    value: float
    low80: float
    high80: float
    low95: float
    high95: float
    unit: str
    model: str


class Outlook(Record, frozen=True, kw_only=True):
    """Where an indicator's year will end against its plan, issued at one time."""

    kind = "outlooks"
    event_time = "issued_at"
    partition_key = ("indicator", "area")

    indicator: str
    area: str
    year: int
    issued_at: Time
    target: float | None
    actual: float
    expected: float
    low80: float
    high80: float
    probability: float | None
    needed_per_period: float | None
    unit: str
    explanation: str
    model: str


class Alert(Record, frozen=True, kw_only=True):
    """Something a person should look at now."""

    kind = "alerts"
    event_time = "raised_at"
    partition_key = ("fingerprint",)

    fingerprint: str
    raised_at: Time
    severity: Severity
    topic: str
    title: str
    message: str
    agency: str = ""
    area: str = ""
    source: str = ""
    state: Literal["open", "acknowledged", "closed"] = "open"
    evidence: list[str] = []


class DeadLetter(Record, frozen=True, kw_only=True):
    """Input that could not become a record, with the reason and the bytes, so that nothing is lost.

    Attributes:
        replayed_at: when the same bytes went through the adapter after all; None while they wait.
    """

    kind = "dead_letters"
    event_time = "rejected_at"
    partition_key = ("source",)
    personal = ("raw",)

    source: str
    rejected_at: Time
    field: str
    reason: str
    origin: str
    position: int
    raw: bytes
    replayed_at: Time | None = None


class Freshness(Record, frozen=True, kw_only=True):
    """One contact with a source: what came, or why nothing came."""

    kind = "freshness"
    event_time = "checked_at"
    partition_key = ("source",)

    source: str
    checked_at: Time
    newest_at: Time | None
    records: int
    rejects: int
    state: Literal["ok", "partial", "failed"]
    message: str = ""


KINDS: dict[str, type[Record]] = {
    record.kind: record
    for record in (
        Reading, Dossier, Task, FieldReport, Post, Stance, IndicatorValue, IndicatorTarget, CyberEvent,
        Position, CameraEvent, Hotspot, HealthCase, Incident, Anomaly, Verdict, Forecast, Outlook, Alert, DeadLetter, Freshness,
    )
}  # fmt: skip


def json_schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of one kind of record, derived from its Struct; times are RFC 3339, bytes are base64."""
    schema = msgspec.json.schema(KINDS[kind])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
