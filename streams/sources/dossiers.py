"""One-stop dossiers (hồ sơ một cửa) as JSON or CSV; only the columns we know are read, so no person's data gets in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from ioc.catalog.model import Catalog, Source
from ioc.errors import BadInput
from ioc.records import Dossier, Record, event_id
from streams.sources._personal import salvaged, scrubbed_item, scrubbed_text
from streams.sources._table import rows
from streams.sources._text import BOM, fold, number, oversized, shown
from streams.sources.base import Arrival, Reject
from streams.sources.times import any_time, plausible

_Cell = str | int | float | None
_CHANNELS = {"tructiep": "direct", "direct": "direct", "tructuyen": "online", "online": "online"}
_CHANNELS |= {"buuchinh": "postal", "buuchinhcongich": "postal", "bcci": "postal", "postal": "postal"}
_LEVELS = {"motphan": "partial", "partial": "partial", "toantrinh": "full", "full": "full"}
_DATE_ONLY = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[/-]\d{1,2}[/-]\d{4}", re.ASCII)
_AREA = re.compile(r"\d{2,5}", re.ASCII)
_RETURNED, _ENDED = 10, {3, 7, 8, 9, 10}
_HIGHEST_FEE = 10**12
_LONGEST_TERM = timedelta(days=3653)  # no procedure has ten years
_END_OF_DAY = timedelta(hours=23, minutes=59, seconds=59)


class _Dossier(msgspec.Struct):
    """FACTS 6.1; every member may come as text."""

    ma_ho_so: _Cell = None
    ma_thu_tuc: _Cell = None
    ten_thu_tuc: _Cell = None
    linh_vuc: _Cell = None
    co_quan: _Cell = None
    kenh_nop: _Cell = None
    muc_do: _Cell = None
    ngay_tiep_nhan: _Cell = None
    ngay_hen_tra: _Cell = None
    ngay_tra: _Cell = None
    trang_thai: _Cell = None
    thoi_diem: _Cell = None
    phi: _Cell = None
    ma_xa: _Cell = None


_KNOWN = frozenset(_Dossier.__struct_fields__)
_HEADERS = {fold(name): name for name in _KNOWN}
_NEEDED = [{"ma_ho_so"}, {"trang_thai"}, {"ngay_tiep_nhan"}]
_ARRAY = re.compile(rb'\s*(?:\[|\{\s*"data"\s*:\s*\[)')

_decode = msgspec.json.Decoder(_Dossier).decode
_decode_list = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_agencies: dict[int, tuple[Catalog, dict[str, str]]] = {}


def parse(payload: bytes, source: Source, arrival: Arrival) -> Iterator[Record | Reject]:
    """Dossiers of a JSON object, array or ``{"data": […]}``, or of a CSV file with a header.

    Times: ISO 8601, ``dd/MM/yyyy HH:mm[:ss]``, ``yyyyMMddHHmmss``; a due date without time ends with its day. Without
    ``thoi_diem`` a status was reached at ``ngay_tra`` if it ends the dossier, else at ``ngay_tiep_nhan``. In rejects
    everything but the known members is masked.
    """
    if refused := oversized(payload, source, personal=True):
        yield refused
        return
    start = payload.removeprefix(BOM).lstrip()[:1]
    yield from _from_json(payload, source, arrival) if start in {b"{", b"["} else _from_csv(payload, source, arrival)


def _from_json(payload: bytes, source: Source, arrival: Arrival) -> Iterator[Record | Reject]:
    payload, items, fault, rest = payload.removeprefix(BOM).strip(), list[bytes | msgspec.Raw](), "", b""
    try:
        items += _json_items(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        fault, rest = f"malformed JSON: {error}", payload
        if _ARRAY.match(payload):
            whole, end = salvaged(payload)
            items, rest = [*whole], payload[end:]
    for position, raw in enumerate(items, 1):
        yield _from_item(raw, position, source, arrival)
    if fault and not (rest.lstrip().startswith(b"]") and not rest.strip(b"]} \r\n\t")):
        yield Reject("", fault, scrubbed_text(rest, _KNOWN), len(items) + 1 if items else 0)


def _json_items(payload: bytes) -> list[msgspec.Raw]:
    if payload.startswith(b"["):
        return _decode_list(payload)
    data = _decode_object(payload).get("data")
    return [msgspec.Raw(payload)] if data is None else _decode_list(data)


def _from_item(raw: bytes | msgspec.Raw, position: int, source: Source, arrival: Arrival) -> Record | Reject:
    try:
        return _record(_decode(raw), source, arrival)
    except msgspec.ValidationError as error:
        reason, _, place = str(error).partition(" - at `$.")
        return Reject(place.rstrip("`"), reason, scrubbed_item(raw, _KNOWN), position)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Reject("", f"malformed JSON: {error}", scrubbed_text(bytes(raw), _KNOWN), position)
    except BadInput as error:
        return Reject(error.field, error.reason, scrubbed_item(raw, _KNOWN), position)


def _from_csv(payload: bytes, source: Source, arrival: Arrival) -> Iterator[Record | Reject]:
    for item in rows(payload, source, _HEADERS, _NEEDED, personal=True):
        if isinstance(item, Reject):
            yield item
            continue
        try:
            yield _record(_Dossier(**item.known()), source, arrival)
        except BadInput as error:
            yield item.reject(error)


def _record(row: _Dossier, source: Source, arrival: Arrival) -> Dossier:
    code = _required(row.ma_ho_so, "ma_ho_so", source)
    status = _status(row.trang_thai, source)
    submitted_at = _time(_required(row.ngay_tiep_nhan, "ngay_tiep_nhan", source), "ngay_tiep_nhan", source)
    finished_at = _optional_time(row.ngay_tra, "ngay_tra", source)
    status_at = _status_at(row, status, submitted_at, finished_at, source)
    plausible(submitted_at, "ngay_tiep_nhan", source, arrival)
    plausible(status_at, "thoi_diem", source, arrival)
    if finished_at and plausible(finished_at, "ngay_tra", source, arrival) < submitted_at:
        raise BadInput(source.id, "ngay_tra", "is before ngay_tiep_nhan")
    return Dossier(
        event_id=event_id(source.id, code, status, status_at),
        received_at=arrival.received_at,
        source=source.id,
        dossier_code=code,
        procedure_code=_required(row.ma_thu_tuc, "ma_thu_tuc", source),
        procedure_name=_text(row.ten_thu_tuc),
        field=_text(row.linh_vuc),
        agency=_agency(_required(row.co_quan, "co_quan", source), source, arrival.catalog),
        area=_area(_text(row.ma_xa), source),
        channel=_CHANNELS.get(fold(_text(row.kenh_nop)), _text(row.kenh_nop)),
        service_level=_LEVELS.get(fold(_text(row.muc_do)), _text(row.muc_do)),
        submitted_at=submitted_at,
        due_at=_due(row, submitted_at, source),
        finished_at=finished_at or (status_at if status == _RETURNED else None),
        status=status,
        status_at=status_at,
        fee_vnd=_fee(row.phi, source),
    )


def _text(cell: _Cell) -> str:
    return "" if cell is None else str(cell).strip()


def _required(cell: _Cell, field: str, source: Source) -> str:
    if not (text := _text(cell)):
        raise BadInput(source.id, field, "is missing")
    return text


def _status(cell: _Cell, source: Source) -> int:
    text = _required(cell, "trang_thai", source)
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= 10):
        raise BadInput(source.id, "trang_thai", f"{shown(text)} is not a status 1 to 10")
    return int(text)


def _time(text: str, field: str, source: Source) -> datetime:
    try:
        return any_time(text, source.zone)
    except ValueError:
        raise BadInput(source.id, field, f"{shown(text)} is not a time") from None


def _optional_time(cell: _Cell, field: str, source: Source) -> datetime | None:
    text = _text(cell)
    return _time(text, field, source) if text else None


def _due(row: _Dossier, submitted_at: datetime, source: Source) -> datetime | None:
    due = _optional_time(row.ngay_hen_tra, "ngay_hen_tra", source)
    if due is None:
        return None
    if not -_LONGEST_TERM < due - submitted_at < _LONGEST_TERM:
        raise BadInput(source.id, "ngay_hen_tra", f"{due.date()} is too far from ngay_tiep_nhan")
    return due + _END_OF_DAY if _DATE_ONLY.fullmatch(_text(row.ngay_hen_tra)) else due


def _status_at(
    row: _Dossier, status: int, submitted_at: datetime, finished_at: datetime | None, source: Source
) -> datetime:
    given = _optional_time(row.thoi_diem, "thoi_diem", source)
    if given:
        return given
    if status == _RETURNED and finished_at is None:
        raise BadInput(source.id, "ngay_tra", "status 10 needs ngay_tra or thoi_diem")
    return finished_at if finished_at and status in _ENDED else submitted_at


def _agency(text: str, source: Source, catalog: Catalog) -> str:
    known = _agencies.get(id(catalog))
    if known is None or known[0] is not catalog:
        names = {fold(n): a.id for a in catalog.agencies.values() for n in (*a.aliases, a.name, a.short, a.id)}
        _agencies.clear()
        known = _agencies[id(catalog)] = (catalog, names)
    agency = known[1].get(fold(text))
    if agency is None:
        raise BadInput(source.id, "co_quan", f"unknown agency {shown(text)}")
    return agency


def _area(text: str, source: Source) -> str:
    if text and not _AREA.fullmatch(text):
        raise BadInput(source.id, "ma_xa", f"{shown(text)} is not an area code")
    return text


def _fee(cell: _Cell, source: Source) -> int | None:
    text = _text(cell)
    if not text:
        return None
    try:
        fee = number(re.sub(r"[.,](?=\d{3}(?:\D|$))", "", text) if isinstance(cell, str) else text)
    except ValueError as error:
        raise BadInput(source.id, "phi", f"{shown(text)}: {error}") from None
    if not 0 <= fee <= _HIGHEST_FEE or fee != int(fee):
        raise BadInput(source.id, "phi", f"{shown(text)} is not an amount in đồng")
    return int(fee)
