"""The data dictionary is what the database says, and the database says something of everything.

``python -m tests.clickhouse.test_dictionary`` writes docs/data-dictionary.md anew.
"""

from __future__ import annotations

import re
import sys
import tempfile
import tomllib
from pathlib import Path

import pytest

from clickhouse.client import connect
from clickhouse.columns import FILE, explain_columns, explained
from clickhouse.dictionary import SYSTEMS, dictionary
from clickhouse.repeatable import install_views
from clickhouse.views import Views
from ioc.records import KINDS
from ioc.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "data-dictionary.md"
VIEWS = Views()
NAMES = [name for name in VIEWS.order if not VIEWS[name].recomputes]


def columns_of(settings: Settings, view: str) -> dict[str, str]:
    sql = "SELECT name, comment FROM system.columns WHERE database = {db:String} AND table = {view:String}"
    rows = connect(settings).query(sql, parameters={"db": settings.database, "view": view}).result_rows
    return dict(rows)


def test_the_page_is_what_the_database_says(shared_store_settings: Settings) -> None:
    wanted = dictionary(shared_store_settings)
    assert PAGE.read_text(encoding="utf-8") == wanted, "run: python -m tests.clickhouse.test_dictionary"


@pytest.mark.parametrize("view", NAMES)
def test_every_column_of_every_view_is_explained_where_tools_look(shared_store_settings: Settings, view: str) -> None:
    found = columns_of(shared_store_settings, view)
    assert found
    assert [name for name, comment in found.items() if not comment] == [], f"say what it is in {FILE.name}"


def test_personal_columns_are_marked_in_tables_copies_and_views() -> None:
    sections = dict(re.findall(r"^#### `(\w+)`\n(.*?)(?=^#|\Z)", PAGE.read_text("utf-8"), re.M | re.S))  # fmt: skip

    def marked(name: str) -> set[str]:
        return set(re.findall(r"^\| `(\w+)` .*\*\*personal\*\* \|$", sections[name], re.M))

    assert {kind: marked(kind) for kind in KINDS} == {kind: set(record.personal) for kind, record in KINDS.items()}
    assert marked("v_cyber_events") == set(KINDS["cyber_events"].personal)
    assert marked("v_field_reports_current") == set()


def test_every_kind_belongs_to_a_system_of_the_plan() -> None:
    assert sorted(name for names in SYSTEMS.values() for name in names) == sorted(KINDS)


def test_what_is_written_of_columns_speaks_of_columns_that_are(shared_store_settings: Settings) -> None:
    written = tomllib.loads(FILE.read_text(encoding="utf-8"))
    every = written.pop("every")
    known = {view: columns_of(shared_store_settings, view).keys() for view in NAMES}
    assert [(view, c) for view, texts in written.items() for c in texts if c not in known.get(view, ())] == []
    assert every.keys() <= set().union(*known.values())


def test_a_column_is_explained_by_its_view_then_by_what_it_reads_then_by_all() -> None:
    found = {"dim_agencies": {"id": "of the table"}, "v_agencies": {"id": "old", "name": "", "short": ""}}
    written = {"v_agencies": {"name": "of the view"}, "every": {"name": "no", "id": "no", "short": "of all"}}
    assert explained(found, VIEWS, written) == {
        "v_agencies": {"id": "of the table", "name": "of the view", "short": "of all"}
    }


def test_comments_come_back_after_a_view_was_made_anew_by_hand(store_settings: Settings) -> None:
    client = connect(store_settings)
    before = columns_of(store_settings, "v_posts")
    for statement in VIEWS.statements(store_settings.database)["v_posts"]:
        client.command(statement)
    assert set(columns_of(store_settings, "v_posts").values()) == {""}
    assert install_views(store_settings) == []  # its text is as it was; only the comments are missing
    assert columns_of(store_settings, "v_posts") == before
    assert explain_columns(client, store_settings, VIEWS) == []


def test_a_quotation_mark_in_a_comment_stays(store_settings: Settings) -> None:
    client = connect(store_settings)
    client.command("ALTER TABLE tasks_current COMMENT COLUMN title 'dấu '' và \\\\ chéo'")
    assert "v_tasks_current" in explain_columns(client, store_settings, VIEWS)
    assert columns_of(store_settings, "v_tasks_current")["title"] == r"dấu ' và \ chéo"


def main() -> None:
    """Write the page from a database that is made for it."""
    from clickhouse.migrate import prepare
    from ioc.catalog.load import load_catalog
    from ioc.packs import utc_now
    from tests.servers.clickhouse import start_clickhouse, stop_clickhouse

    with tempfile.TemporaryDirectory() as folder:
        process, settings = start_clickhouse(Path(folder))
        try:
            prepare(settings, load_catalog(None), utc_now())
            PAGE.write_text(dictionary(settings), encoding="utf-8")
        finally:
            stop_clickhouse(process)
    sys.stdout.write(f"wrote docs/{PAGE.name}\n")


if __name__ == "__main__":
    main()
