"""One-stop dossiers: JSON and CSV in every accepted spelling, faults by name, and nobody's data in what is kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

PEOPLE = {
    "ho_ten": "Nguyễn Thị Thử",
    "cccd": "038199001234",
    "dien_thoai": "0912345678",
    "email": "thu@example.vn",
    "nguoi_nop": {"ten": "Nguyễn Thị Thử", "ma_xa": "Số 1 Lê Lợi"},
    "Nguyễn Thị Thử": 1,
}
SECRETS = ("Nguyễn", "Thử", "038199001234", "0912345678", "thu@", "Lê Lợi")


def item(**changes: Any) -> dict[str, Any]:
    return {
        "ma_ho_so": "000.00.18.H56-261120-0001",
        "ma_thu_tuc": "1.004193",
        "co_quan": "Sở Y tế",
        "ngay_tiep_nhan": "2026-11-20T08:15:00+07:00",
        "trang_thai": 4,
        **PEOPLE,
        **changes,
    }


def encoded(*items: Any) -> bytes:
    return json.dumps(list(items), ensure_ascii=False).encode()


def test_the_least_a_dossier_needs(parse) -> None:
    (dossier,) = parse("one-stop-dossiers", encoded(item())).records
    assert dossier.submitted_at == dossier.status_at == datetime(2026, 11, 20, 1, 15, tzinfo=UTC)
    assert (dossier.agency, dossier.status, dossier.finished_at, dossier.fee_vnd) == ("so-yte", 4, None, None)


def test_object_array_and_envelope_are_the_same(parse) -> None:
    one = json.dumps(item(), ensure_ascii=False).encode()
    shapes = [one, b"[" + one + b"]", b'{"data": [' + one + b'], "total": 1}', b"\xef\xbb\xbf \n" + one]
    assert {tuple(parse("one-stop-dossiers", shape).records) for shape in shapes} == {
        tuple(parse("one-stop-dossiers", one).records)
    }


@pytest.mark.parametrize(
    "text",
    ["2026-11-20T08:15:00+07:00", "2026-11-20 08:15", "20/11/2026 08:15", "20-11-2026 08:15:00", "20261120081500"],
)
def test_spellings_of_time(parse, text: str) -> None:
    (dossier,) = parse("one-stop-dossiers", encoded(item(ngay_tiep_nhan=text))).records
    assert dossier.submitted_at == datetime(2026, 11, 20, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["Sở Y tế", "sở y tế", "SO Y TE", "so-yte", "ngành y tế", "So\u031b\u0309 Y te\u0302\u0301"]
)
def test_spellings_of_agencies(parse, text: str) -> None:
    assert parse("one-stop-dossiers", encoded(item(co_quan=text))).records[0].agency == "so-yte"


@pytest.mark.parametrize(
    ("fee", "amount"), [(50000, 50000), ("50.000", 50000), ("1.250.000", 1250000), ("1,250,000", 1250000), (0, 0)]
)
def test_spellings_of_fees(parse, fee: object, amount: int) -> None:
    assert parse("one-stop-dossiers", encoded(item(phi=fee))).records[0].fee_vnd == amount


def test_when_a_status_was_reached(parse) -> None:
    ended = item(trang_thai=10, ngay_tra="2026-11-23T15:00:00+07:00")
    (dossier,) = parse("one-stop-dossiers", encoded(ended)).records
    assert dossier.status_at == dossier.finished_at == datetime(2026, 11, 23, 8, tzinfo=UTC)
    (dossier,) = parse("one-stop-dossiers", encoded({**ended, "thoi_diem": "2026-11-23T16:00:00+07:00"})).records
    assert dossier.status_at == datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_a_due_day_ends_with_its_day(parse) -> None:
    (dossier,) = parse("one-stop-dossiers", encoded(item(ngay_hen_tra="27/11/2026"))).records
    assert dossier.due_at == datetime(2026, 11, 27, 16, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"ma_ho_so": " "}, "ma_ho_so", "is missing"),
        ({"ma_thu_tuc": None}, "ma_thu_tuc", "is missing"),
        ({"co_quan": "Sở Không Có"}, "co_quan", "unknown agency"),
        ({"trang_thai": 11}, "trang_thai", "is not a status 1 to 10"),
        ({"trang_thai": "bốn"}, "trang_thai", "is not a status 1 to 10"),
        ({"trang_thai": 4.5}, "trang_thai", "is not a status 1 to 10"),
        ({"trang_thai": [4]}, "trang_thai", "got `array`"),
        ({"trang_thai": True}, "trang_thai", "got `bool`"),
        ({"ngay_tiep_nhan": "hôm qua"}, "ngay_tiep_nhan", "is not a time"),
        ({"ngay_tiep_nhan": "2027-06-01T00:00:00+07:00"}, "ngay_tiep_nhan", "is in the future"),
        ({"ngay_tiep_nhan": "1990-01-01T00:00:00+07:00"}, "ngay_tiep_nhan", "is older than 1500 days"),
        ({"thoi_diem": "9999-12-31T23:59:59Z"}, "thoi_diem", "is in the future"),
        ({"ngay_hen_tra": "31/12/9999"}, "ngay_hen_tra", "is too far from ngay_tiep_nhan"),
        ({"ngay_tra": "2026-11-19T00:00:00+07:00"}, "ngay_tra", "is before ngay_tiep_nhan"),
        ({"ngay_tra": "2030-11-19T00:00:00+07:00"}, "ngay_tra", "is in the future"),
        ({"trang_thai": 10}, "ngay_tra", "status 10 needs ngay_tra or thoi_diem"),
        ({"phi": -5}, "phi", "is not an amount"),
        ({"phi": "NaN"}, "phi", "not a finite number"),
        ({"phi": 1e300}, "phi", "is not an amount"),
        ({"ma_xa": "Hạc Thành"}, "ma_xa", "is not an area code"),
    ],
)
def test_faults_are_named_and_cost_no_neighbour(parse, changes: dict[str, Any], field: str, words: str) -> None:
    found = parse("one-stop-dossiers", encoded(item(ma_ho_so="a"), item(**changes), item(ma_ho_so="b")))
    assert [r.dossier_code for r in found.records] == ["a", "b"]
    ((position, where, reason),) = found.faults
    assert (position, where) == (2, field)
    assert words in reason
    again = parse("one-stop-dossiers", found.rejects[0].raw)
    assert [(f, r) for _, f, r in again.faults] == [(field, reason)]


def test_nobody_is_named_in_what_is_kept(parse) -> None:
    broken = json.dumps(item(trang_thai=99), ensure_ascii=False).encode()
    payloads = [encoded(item(trang_thai=99), item()), broken[:-20], broken.replace(b"99", b"9\xff"), b'[{"a":' + broken]
    for payload in payloads:
        found = parse("one-stop-dossiers", payload)
        assert found.rejects
        told = repr(found.records) + "".join(r.reason + r.raw.decode("utf-8", "replace") for r in found.rejects)
        assert not [secret for secret in SECRETS if secret in told]


def test_a_list_or_an_object_in_the_place_of_a_value_is_not_kept(parse) -> None:
    for wrong in (["Nguyễn Thị Thử", {"ten": "Nguyễn Thị Thử"}], {"ma_xa": ["0912345678"], "ten": "Thử"}, [[["Thử"]]]):
        found = parse("one-stop-dossiers", encoded(item(trang_thai=wrong)))
        assert found.faults[0][1] == "trang_thai"
        kept = found.rejects[0].raw.decode()
        assert not [secret for secret in SECRETS if secret in kept]


def test_one_unreadable_item_takes_no_other_along(parse) -> None:
    whole = encoded(item(ma_ho_so="a"), item(ma_ho_so="b", phi=98765), item(ma_ho_so="c"))
    for damage in (whole.replace(b"98765", b"NaN"), whole.replace(b"98765", b'"\xff"')):
        found = parse("one-stop-dossiers", damage)
        assert [r.dossier_code for r in found.records] == ["a", "c"]
        assert [position for position, _, _ in found.faults] == [2]
        assert "malformed JSON" in found.faults[0][2]


def test_what_was_cut_off_is_told_and_what_came_before_goes_through(parse) -> None:
    whole = encoded(item(ma_ho_so="a"), item(ma_ho_so="b"))
    for end in range(len(encoded(item(ma_ho_so="a"))) + 1, len(whole) - 2):
        found = parse("one-stop-dossiers", whole[:end])
        assert [r.dossier_code for r in found.records] == ["a"]
        assert len(found.rejects) == 1


@pytest.mark.parametrize("payload", [b"[]", b'{"data": []}'])
def test_an_empty_list_is_fine(parse, payload: bytes) -> None:
    assert parse("one-stop-dossiers", payload).faults == []


@pytest.mark.parametrize("payload", [b"[" * 100_000, b'{"data":' * 50_000, b'[{"phi":' + b"[" * 99_999])
def test_deep_nesting_is_refused(parse, payload: bytes) -> None:
    found = parse("one-stop-dossiers", payload)
    assert found.records == []
    assert len(found.rejects) == 1


HEADER = "Mã hồ sơ;Mã thủ tục;Cơ quan;Ngày tiếp nhận;Trạng thái;Họ tên"
ROW = "{};1.004193;Sở Y tế;20/11/2026 08:15;4;Nguyễn Thị Thử"


def test_csv_rows_and_what_is_kept_of_bad_ones(parse) -> None:
    bad = ROW.format("b").replace(";4;", ";44;")
    short = "c;Nguyễn Thị Thử;0912345678"
    payload = "\r\n".join((HEADER, ROW.format("a"), bad, short, ROW.format('"d;e"'))).encode()
    found = parse("one-stop-dossiers", payload)
    assert [r.dossier_code for r in found.records] == ["a", "d;e"]
    assert [(p, f) for p, f, _ in found.faults] == [(3, "trang_thai"), (4, "")]
    kept = b"".join(r.raw for r in found.rejects).decode()
    assert not [secret for secret in SECRETS if secret in kept]
    again = parse("one-stop-dossiers", found.rejects[0].raw)
    assert [f for _, f, _ in again.faults] == ["trang_thai"]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Mã hồ sơ;Họ tên", "needs a column"),
        ("Nguyễn Thị Thử;0912345678;4", "needs a column"),
        (HEADER + ";ma_ho_so", "two columns for ma_ho_so"),
        (HEADER + ";" + "x" * 9000, "is longer than 8192 bytes"),
        ('"' + HEADER, "quotes that do not close"),
    ],
)
def test_a_header_that_does_not_do_is_one_reject_without_its_words(parse, header: str, words: str) -> None:
    found = parse("one-stop-dossiers", f"{header}\n{ROW.format('a')}\n".encode())
    assert found.records == []
    ((position, field, reason),) = found.faults
    assert (position, field) == (0, "header")
    assert words in reason
    assert found.rejects[0].raw == b""
