"""The shipped catalogue is the province; a broken one is told by file, key and line."""

from __future__ import annotations

import csv
import os
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ioc.catalog.load import SHIPPED, check_catalog, load_catalog
from ioc.catalog.places import line_of
from ioc.errors import CatalogError, ConfigurationError

SHARED = Path(__file__).parents[3] / "shared" / "data" / "geo"
CATALOG = load_catalog()
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def test_the_27_districts_of_2021() -> None:
    districts = [a for a in CATALOG.areas if a.level == "district"]
    assert [a.code for a in districts] == [str(code) for code in range(380, 408) if code != 383]
    assert Counter(a.name.rpartition(" ")[0].split(" ")[0] for a in districts) == {"Thành": 2, "Thị": 2, "Huyện": 23}
    assert {a.parent for a in districts} == {"38"}


def test_the_166_communes_and_wards_of_2025() -> None:
    units = [a for a in CATALOG.areas if a.level in {"ward", "commune"}]
    assert Counter(a.level for a in units) == {"ward": 19, "commune": 147}
    for unit in units:
        assert unit.name.startswith("Phường " if unit.level == "ward" else "Xã ")
        assert len(unit.code) == 5


@pytest.mark.parametrize(
    ("day", "levels"),
    [
        (date(2021, 7, 1), {"province": 1, "district": 27}),
        (date(2024, 12, 31), {"province": 1, "district": 27}),
        (date(2025, 1, 1), {"province": 1, "district": 26}),
        (BEFORE, {"province": 1, "district": 26}),
        (AFTER, {"province": 1, "ward": 19, "commune": 147}),
        (date(2026, 11, 24), {"province": 1, "ward": 19, "commune": 147}),
    ],
)
def test_units_by_day(day: date, levels: dict[str, int]) -> None:
    assert Counter(a.level for a in CATALOG.areas_on(day).values()) == levels


def test_every_unit_lies_in_the_province() -> None:
    for area in CATALOG.areas:
        assert 19.28 < area.lat < 20.68, area
        assert 104.37 < area.lon < 106.08, area
        assert area.area_km2 > 0, area
    assert CATALOG.province == "38"


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("file", "columns"),
    [
        ("thanhhoa_districts_27.csv", ("code", "name", "lat_centroid", "lon_centroid")),
        ("thanhhoa_units_2025_166.csv", ("code", "full_name", "lat", "lon")),
    ],
)
def test_units_agree_with_the_lists_they_were_taken_from(file: str, columns: tuple[str, ...]) -> None:
    if not SHARED.is_dir() and not os.environ.get("CI"):
        pytest.skip(f"the lists are not beside the checkout: {SHARED}")
    known = {a.code: a for a in CATALOG.areas}
    with (SHARED / file).open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) in {27, 166}
    for row in rows:
        code, name, lat, lon = (row[column] for column in columns)
        area = known[code]
        assert (area.name, area.lat, area.lon) == (name, float(lat), float(lon))


def test_the_twelve_units_of_the_trial() -> None:
    assert sum(agency.plan_unit for agency in CATALOG.agencies.values()) == 12


def test_agencies_by_day() -> None:
    assert {"so-tnmt", "so-nnptnt"} <= set(CATALOG.agencies_on(date(2025, 2, 28)))
    after = CATALOG.agencies_on(date(2025, 3, 1))
    assert "so-nnmt" in after
    assert not {"so-tnmt", "so-nnptnt", "so-gtvt", "so-tttt", "so-khdt"} & set(after)
    for agency in CATALOG.agencies.values():
        for successor in agency.successors:
            assert successor in CATALOG.agencies_on(agency.valid_to.replace(month=12))


def test_no_name_means_two_agencies() -> None:
    owners: dict[str, set[str]] = {}
    for agency in CATALOG.agencies.values():
        for name in {agency.name, agency.short, *agency.aliases}:
            owners.setdefault(name.casefold(), set()).add(agency.id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_limits_by_day() -> None:
    limits = CATALOG.metrics["env-stations", "pm25"].limits
    assert [(x.high, x.valid_from, x.valid_to) for x in limits] == [
        (50.0, date(2023, 9, 12), date(2025, 12, 31)),
        (45.0, date(2026, 1, 1), date(9999, 12, 31)),
    ]


def test_every_station_measures_something_known() -> None:
    for source in CATALOG.sources.values():
        for station in source.stations:
            assert CATALOG.stations[station.code] is station
            assert station.metrics
            for metric in station.metrics:
                assert CATALOG.metrics[source.id, metric].unit is not None


# Broken catalogues ---------------------------------------------------------------------------------------------------


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    copy = tmp_path / "catalog"
    shutil.copytree(SHIPPED, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy


Change = Callable[[str], str]


def swap(old: str, new: str, nth: int = 1) -> Change:
    """Replace the nth occurrence."""

    def changed(text: str) -> str:
        parts = text.split(old)
        assert len(parts) > nth, old
        return old.join(parts[:nth]) + new + old.join(parts[nth:])

    return changed


def add(more: str) -> Change:
    return lambda text: text + more


ENV, AGENCIES, AREAS, INDICATORS = "sources/env-stations.toml", "agencies.toml", "areas.toml", "indicators.toml"
SHOCKS, SEASONS = "shocks.toml", "seasons.toml"

BROKEN = [
    # file, change, key, words, a text that stands in the line that is named
    (
        AGENCIES,
        swap("[[agency]]", "[[agencies]]"),
        "agencies",
        "unknown key; this file holds [[agency]]",
        "[[agencies]]",
    ),
    (AGENCIES, swap('short = "VP UBND tỉnh"', "short = 5"), "agency[0].short", "Expected `str`", "short = 5"),
    (AGENCIES, swap("plan_unit = true", "plan_units = true", 2), "agency[0].plan_units", "unknown key", "plan_units"),
    (AGENCIES, swap('short = "Sở GTVT"\n', ""), "agency[1].short", "is missing", "[[agency]]"),
    (AGENCIES, swap('id = "so-gtvt"', 'id = "Sở GTVT"'), "agency[1].id", "matching regex", "Sở GTVT"),
    (AGENCIES, swap('id = "so-gtvt"', 'id = "van-phong-ubnd"'), "agency[1].id", "is there twice", "van-phong-ubnd"),
    (
        AGENCIES,
        swap('["so-xd"]', '["so-xdd"]'),
        "agency[1].successors",
        "no agency 'so-xdd' in agencies.toml",
        "so-xdd",
    ),
    (AGENCIES, swap('area = "382"', 'area = "999"'), "agency[14].area", "no area '999' in areas.toml", '"999"'),
    (AGENCIES, swap("2025-02-28", "1800-02-28"), "agency[1].valid_to", "is before valid_from 1900-01-01", "1800-02-28"),
    (AGENCIES, swap("2025-02-28", '"hôm qua"'), "agency[1].valid_to", "Invalid RFC3339", "hôm qua"),
    (AGENCIES, swap('"Sở Xây dựng"', '"Sở Xây dựng'), "", "is not TOML", "Sở Xây dựng"),
    (AREAS, swap("lat = 20.0\n", "lat = 200.0\n"), "area[0].lat", "<= 90", "lat = 200.0"),
    (AREAS, swap('level = "district"', 'level = "huyện"'), "area[1].level", "Invalid enum value 'huyện'", "huyện"),
    (AREAS, swap('parent = "38"', 'parent = "39"'), "area[1].parent", "no area '39' in areas.toml", '"39"'),
    (AREAS, swap('code = "381"', 'code = "380"'), "area[2].code", "'380' is there twice at the same time", '"380"'),
    (AREAS, swap('code = "381"', "code = 381"), "area[2].code", "Expected `str`, got `int`", "code = 381"),
    (
        AREAS,
        swap('level = "province"', 'level = "district"'),
        "area",
        "exactly one area must have the level province",
        "",
    ),
    (AREAS, swap("2025-06-30", "1900-01-01", 2), "", "", ""),  # an odd date is allowed
    (INDICATORS, swap('agency = "so-tc"', 'agency = "so-xx"'), "indicator[0].agency", "no agency 'so-xx'", "so-xx"),
    (INDICATORS, swap("group = 6", "group = 21"), "indicator[0].group", "<= 20", "group = 21"),
    (INDICATORS, swap('frequency = "M"', 'frequency = "H"'), "indicator[0].frequency", "Invalid enum", '"H"'),
    (INDICATORS, swap("2025 = 45500.0", "nam = 45500.0"), "indicator[0].targets", "'nam' is not a year", "nam ="),
    (
        INDICATORS,
        swap("low = 0.0", "low = 5.0\nhigh = 1.0"),
        "indicator[0].low",
        "low 5 is not below high 1",
        "low = 5.0",
    ),
    (
        INDICATORS,
        swap('regressors = ["tet"]', 'regressors = ["tet", "mua"]'),
        "indicator[0].regressors",
        "no regressor 'mua': there are school, tet, tourism",
        "mua",
    ),
    (
        INDICATORS,
        swap('aggregate = "mean"', 'aggregate = "mean"\ncumulative = true'),
        "indicator[2].cumulative",
        'need aggregate = "sum"',
        "cumulative",
    ),
    (
        INDICATORS,
        swap('indicator = "khach-du-lich"', 'indicator = "khach"'),
        "indicator[3].levers",
        "no indicator 'khach' in indicators.toml",
        "khach",
    ),
    (
        INDICATORS,
        swap('indicator = "khach-du-lich"', 'indicator = "ban-le"'),
        "indicator[3].levers",
        "not its own lever",
        "levers",
    ),
    (
        INDICATORS,
        swap('indicator = "khach-du-lich"', 'indicator = "ho-so-tiep-nhan"'),
        "indicator[3].levers",
        "has frequency D, not M",
        "levers",
    ),
    (SHOCKS, swap("last = 2020-04-30", "last = 2020-03-30"), "shock[0].last", "is before first", "2020-03-30"),
    (SHOCKS, swap('["khach-du-lich"]', '["khach"]'), "shock[2].indicators", "no indicator 'khach'", '["khach"]'),
    (SHOCKS, swap('id = "covid-2021"', 'id = "covid-2020"'), "shock[1].id", "is there twice", "covid-2020"),
    (SEASONS, swap('id = "school"', 'id = "tet"'), "season[0].id", "is built in", '"tet"'),
    (SEASONS, swap('ends = "08-31"', 'ends = "02-30"'), "season[1].ends", "no month and day of a year", "02-30"),
    (SEASONS, swap('ends = "08-31"', 'ends = "31/8"'), "season[1].ends", "matching regex", "31/8"),
    (SEASONS, swap("last = 2020-07-15", "last = 2018-07-15"), "season[0].years", "is before 2019-09-05", "years"),
    (INDICATORS, swap('id = "iip"', 'id = "ban-le"'), "indicator[3].id", "'ban-le' is there twice", '"ban-le"'),
    (
        ENV,
        swap('id = "env-stations"', 'id = "env"'),
        "id",
        "is 'env' but the file is named 'env-stations.toml'",
        '"env"',
    ),
    (ENV, swap('agency = "so-nnmt"', 'agency = "so-xx"'), "agency", "no agency 'so-xx' in agencies.toml", "so-xx"),
    (ENV, swap('agency = "so-nnmt"\n', ""), "agency", "is missing", ""),
    (ENV, swap("every_s = 300", "every_s = 0"), "every_s", ">= 1", "every_s = 0"),
    (ENV, swap("every_s = 300", "evry_s = 300"), "evry_s", "unknown key", "evry_s"),
    (ENV, swap('transport = "folder"', 'transport = "ftp"'), "transport", "Invalid enum value 'ftp'", "ftp"),
    (ENV, swap('transport = "folder"', 'transport = "poll"'), "url", "needs a url with http", ""),
    (ENV, swap('patterns = ["*.txt"]', ""), "patterns", "needs file names that it takes", ""),
    (ENV, swap("simulated", 'timezone = "Asia/Thanh_Hoa"\nsimulated'), "timezone", "is not a time zone", "Thanh_Hoa"),
    (ENV, swap("low = 0.0", 'low = "0"'), "metrics[0].low", "Expected `float | null`", 'low = "0"'),
    (ENV, swap("high = 2000.0", "high = -1.0"), "metrics[1].low", "low 0 is not below high -1", "low = 0.0"),
    (ENV, swap('names = ["SO2"]', "names = []"), "metrics[2].names", "length >= 1", "names = []"),
    (
        ENV,
        swap('names = ["SO2"]', 'names = ["pm10"]'),
        "metrics[2].names",
        "'pm10' is a spelling of pm10 already",
        '"pm10"',
    ),
    (ENV, swap('units = ["%", "%RH"]', "units = []"), "metrics[5].units", "length >= 1", "units = []"),
    (ENV, swap("2025-12-31", "2022-12-31"), "metrics[0].limits[0].valid_to", "is before valid_from", "2022-12-31"),
    (ENV, swap("high = 45.0", 'high = "45"'), "metrics[0].limits[1].high", "Expected", 'high = "45"'),
    (ENV, swap("{ high = 350.0,", "{"), "metrics[2].limits[0].high", "a limit needs high, low or both", "limits = [{"),
    (ENV, swap('averaging = "1h"', 'averaging = "1 giờ"'), "metrics[2].limits[0].averaging", "Invalid enum", "1 giờ"),
    (ENV, swap('id = "so2"', 'id = "pm10"'), "metrics[2].id", "'pm10' is there twice", '"pm10"'),
    (ENV, swap('area = "14812"', 'area = "1"'), "stations[1].area", "no area '1' in areas.toml", '"1"'),
    (ENV, swap('"humidity"]', '"hum"]'), "stations[0].metrics", "no metric 'hum' in this file", '"hum"'),
    (ENV, swap("lat = 20.08\n", ""), "stations[1].lat", "lat and lon go together", "[[stations]]"),
    (ENV, swap("TH_BIMSON_KK01", "th_nghison_kk01"), "stations[1].code", "is there twice", "th_nghison_kk01"),
    (
        ENV,
        add('\n[[stations]]\ncode = "X"\nname = "X"\nagency = "nobody"\n'),
        "stations[8].agency",
        "no agency",
        "nobody",
    ),
    (ENV, add("\nodd = 1\n"), "stations[7].odd", "unknown key", "odd = 1"),
    ("sources/press-truyenhinh.toml", swap('url = "{simulator}', 'url = "ftp://x'), "url", "needs a url", "ftp://"),
    (
        "sources/series-csv.toml",
        add('\n[[stations]]\ncode = "TH_SAMSON_KK01"\nname = "x"\n'),
        "stations[0].code",
        "'TH_SAMSON_KK01' is a station of env-stations already",
        "TH_SAMSON_KK01",
    ),
]


@pytest.mark.parametrize(
    ("file", "change", "key", "words", "line"), BROKEN, ids=[f"{b[0]}-{b[2]}-{b[3][:20]}" for b in BROKEN]
)
def test_each_mistake_is_told_by_file_key_and_line(
    catalog: Path, file: str, change: Change, key: str, words: str, line: str
) -> None:
    path = catalog / file
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    _, errors = check_catalog(catalog)
    if not words:
        assert errors == []
        return
    assert errors, "nothing was found"
    error = errors[0]
    assert (error.file, error.key) == (str(path), key)
    assert words in error.reason
    assert error.line is not None
    named = path.read_text(encoding="utf-8").split("\n")[error.line - 1]
    assert line in named
    assert str(error).startswith(f"{path}:{error.line}: ")
    with pytest.raises(CatalogError, match="."):
        load_catalog(catalog)


def test_all_mistakes_are_told_at_once(catalog: Path) -> None:
    for file, old, new in ((AGENCIES, 'short = "Sở GTVT"', "short = 1"), (ENV, "every_s = 300", "every_s = 0")):
        path = catalog / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    _, errors = check_catalog(catalog)
    assert [e.key for e in errors] == ["agency[1].short", "every_s"]


def test_a_province_without_shocks_and_seasons(catalog: Path) -> None:
    for file in (SHOCKS, SEASONS):
        (catalog / file).unlink()
    found, errors = check_catalog(catalog)
    assert (found is not None, errors) == (True, [])


@pytest.mark.parametrize("file", [AGENCIES, AREAS, INDICATORS])
def test_a_missing_file(catalog: Path, file: str) -> None:
    (catalog / file).unlink()
    _, errors = check_catalog(catalog)
    assert str(errors[0]) == f"{catalog / file}: the file is missing"


def test_no_sources(catalog: Path) -> None:
    shutil.rmtree(catalog / "sources")
    assert "there are no sources" in check_catalog(catalog)[1][0].reason


def test_bytes_that_are_no_text(catalog: Path) -> None:
    path = catalog / ENV
    path.write_bytes(path.read_bytes().replace("Trạm".encode(), b"Tr\xffm", 1))
    (error,) = check_catalog(catalog)[1]
    assert (error.line, error.reason) == (2, "is not UTF-8: invalid start byte")


def test_a_file_that_cannot_be_read(catalog: Path) -> None:
    (catalog / AREAS).unlink()
    (catalog / AREAS).mkdir()
    assert "cannot be read" in check_catalog(catalog)[1][0].reason


def test_a_table_written_as_something_else(catalog: Path) -> None:
    (catalog / INDICATORS).write_text("indicator = 5\n", encoding="utf-8")
    (error,) = check_catalog(catalog)[1]
    assert (error.key, error.line) == ("indicator", 1)


def test_a_missing_directory_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="the file is missing"):
        load_catalog(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("a", 1),
        ("t[0]", 3),
        ("t[0].x", 4),
        ("t[0].s[1].y", 8),
        ("t[1].x", 11),
        ("t[1].inline[0].z", 12),
        ("t[1].nope", 10),
        ("nope", 1),
        ("t[9].x", 1),
        ("u.v", 15),
    ],
)
def test_lines_of_keys(key: str, line: int) -> None:
    text = (
        "a = 1\n\n[[t]]\nx = 1\n[[t.s]]\ny = 1\n[[t.s]]\n  y = 2\n\n[[t]]\nx = 2\ninline = [{ z = 1 }]\n\n[u]\nv = 1\n"
    )
    assert line_of(text, key) == line


def test_no_text_no_line() -> None:
    assert line_of("", "a") is None
