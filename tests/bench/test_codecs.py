"""The benchmark of codecs measures what it says, and the page's bold lines are what tables have."""

from __future__ import annotations

import re

from bench.codecs import CANDIDATES, PAGE, in_use, measured, table, written
from clickhouse.client import connect
from ioc.settings import Settings


def test_every_candidate_is_measured(clickhouse_server: Settings) -> None:
    client = connect(clickhouse_server, database=False)
    found = list(measured(client, rows=20_000))
    client.command("DROP DATABASE codecs SYNC")
    assert len(found) == sum(len(kinds) for kinds in CANDIDATES.values())
    weights = {(name, kind, codec): weight for name, kind, codec, weight, _ in found}
    assert (
        weights[("event_id", "FixedString(16)", "NONE")]
        == min(w for (n, *_), w in weights.items() if n == "event_id")
        > 15.9
    )
    assert 8 <= weights[("received_at", "DateTime64(3, 'UTC')", "NONE")] < 8.1


def test_the_codecs_in_use_are_the_bold_ones_on_the_page(shared_store_settings: Settings) -> None:
    rows = re.findall(r"\| `(\w+)` \| (.+?) \| (\*\*)?(.+?)(?:\*\*)? \|", PAGE.read_text(encoding="utf-8"))
    used = in_use(shared_store_settings)
    bold = {name: (kind, codec) for name, kind, mark, codec in rows if mark}
    assert bold == {name: used[name] for name in bold}, "run: python -m bench.codecs"
    assert bold.keys() == {"event_id", "received_at", "observed_at", "value", "station", "unit", "raw_time", "_offset"}


def test_the_table_is_written_between_its_marks() -> None:
    found = [("value", "Float64", "LZ4", 2.5, 30.0), ("value", "Float64", "NONE", 8.0, 20.0)]
    text = written("a\n<!-- codecs -->\nold\n<!-- end of codecs -->\nb", table(found, {"value": ("Float64", "LZ4")}))
    rows = ["| `value` | Float64 | **LZ4** | 2.50 | 30 |", "| `value` | Float64 | NONE | 8.00 | 20 |"]
    assert text.splitlines()[:2] == ["a", "<!-- codecs -->"]
    assert text.splitlines()[4:] == [*rows, "<!-- end of codecs -->", "b"]
