"""Real files through the shipped sources: every line becomes a record or a reject with a reason that holds."""

from __future__ import annotations

import gzip
import os
from collections import Counter
from pathlib import Path

import pytest

pytestmark = pytest.mark.shared_data

DATA = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture(scope="module", autouse=True)
def data() -> Path:
    if not DATA.is_dir():
        message = f"the real files are not beside the checkout: {DATA}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return DATA


# file, source, non-blank lines without a header, records, rejects by (field, reason)
FILES = [
    # 42 months of 2020-2021 in which no visitor came by road or sea have no value: nothing to store, but the office is told.
    ("forecast/vn_kpi.csv", "indicators", 8319, 8277, {("value", "is missing"): 42}),
    ("forecast/thanhhoa_health.csv", "indicators", 840, 840, {}),
    ("nab/data/realTraffic/occupancy_6005.csv", "series-csv", 2380, 2380, {}),
    # One time stands there twice with two values; the first counts.
    (
        "nab/data/realTraffic/occupancy_t4013.csv",
        "series-csv",
        2500,
        2499,
        {("timestamp", "2015-09-10 05:33:00+00:00 is there twice with different values"): 1},
    ),
    ("nab/data/realTraffic/speed_6005.csv", "series-csv", 2500, 2500, {}),
    ("cyber/suricata_eve/alerts_first-org-conf-2015.ndjson.gz", "suricata", 136, 136, {}),
    ("cyber/suricata_eve/alerts_honeypot-2018.ndjson.gz", "suricata", 44, 44, {}),
    ("cyber/suricata_eve/alerts_wrccdc-2017.ndjson.gz", "suricata", 161, 161, {}),
    ("cyber/suricata_eve/alerts_wrccdc-2018.ndjson.gz", "suricata", 207, 207, {}),
    ("cyber/suricata_eve/eve_gtkcyber_5000.json.gz", "suricata", 5000, 5000, {}),
    ("cyber/suricata_eve/eve_stamus_02.json.gz", "suricata", 290, 290, {}),
    ("cyber/auth_web_logs/auth.log", "syslog", 7121, 7121, {}),
]


@pytest.mark.parametrize(("name", "source_id", "lines", "records", "rejects"), FILES, ids=[f[0] for f in FILES])
def test_every_line_is_accounted_for(
    parse, name: str, source_id: str, lines: int, records: int, rejects: dict[tuple[str, str], int]
) -> None:
    path = DATA / name
    payload = path.read_bytes()
    text = gzip.decompress(payload) if name.endswith(".gz") else payload
    header = 1 if name.endswith(".csv") else 0
    assert sum(1 for line in text.split(b"\n") if line.strip()) - header == lines
    found = parse(source_id, payload, path.name, station=path.stem)
    assert Counter((field, reason) for _, field, reason in found.faults) == rejects
    assert len(found.records) == len({r.event_id for r in found.records}) == records
    assert records + sum(rejects.values()) == lines


def test_the_real_indicators_are_monthly_and_know_thanh_hoa(parse) -> None:
    values = parse("indicators", (DATA / "forecast/vn_kpi.csv").read_bytes()).records
    assert {v.frequency for v in values} == {"M"}
    assert {v.area for v in values} == {"", "38"}
    health = parse("indicators", (DATA / "forecast/thanhhoa_health.csv").read_bytes()).records
    assert ({v.area for v in health}, {v.frequency for v in health}) == ({"38"}, {"M"})


def test_no_user_of_the_real_log_is_named(parse) -> None:
    events = parse("syslog", (DATA / "cyber/auth_web_logs/auth.log").read_bytes()).records
    text = "\n".join(event.message for event in events)
    for word in ("for invalid user ", "for user ", "Invalid user "):
        named = [part.split(" ", 1)[0] for part in text.split(word)[1:]]
        assert named
        assert not [name for name in named if name and not name.startswith("user:")]
