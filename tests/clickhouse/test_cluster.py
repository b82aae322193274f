"""Our DDL on a cluster: what the migrations become is in ``golden/cluster``, and the engine reads and runs all of it.

``python -m tests.clickhouse.test_cluster`` writes the golden files anew.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clickhouse import lock, migrate, repeatable
from clickhouse.client import connect
from clickhouse.cluster import clustered, is_everywhere
from clickhouse.migrate import Migration, migrations
from clickhouse.sql import split_statements
from clickhouse.views import Views
from ioc.errors import ConfigurationError, MigrationError
from ioc.settings import Settings

GOLDEN = Path(__file__).parent / "golden" / "cluster"
REGENERATE = "python -m tests.clickhouse.test_cluster"

DISTRIBUTED = re.compile(r"ENGINE = Distributed\('th', 'ioc', '(\w+)', cityHash64\(([\w, ]+)\)\)")
REPLICATED = re.compile(r"Replicated(\w*MergeTree)\('(/clickhouse/tables/[^']+)', '([^']+)'(?:, )?")


def rewritten(migration: Migration) -> list[str]:
    return [made for one in migration.statements("ioc") for made in clustered(one, "ioc", "th")]


def golden_text(migration: Migration) -> str:
    return "".join(f"{statement};\n\n" for statement in rewritten(migration))


def golden(name: str) -> str:
    file = GOLDEN / name
    return file.read_text(encoding="utf-8") if file.exists() else ""


def of_the_program() -> list[str]:
    """Tables that no migration makes."""
    return [text.replace("{database}", "ioc").strip() for text in (migrate._CREATE_TABLE, repeatable._CREATE_TABLE)]


def everything() -> Iterator[str]:
    for text in of_the_program():
        yield from clustered(text, "ioc", "th")
    for migration in migrations():
        yield from rewritten(migration)
    for made in Views().statements("ioc").values():
        for statement in made:
            yield from clustered(statement, "ioc", "th")


@pytest.mark.parametrize("migration", migrations(), ids=lambda m: m.name)
def test_migrations_become_what_the_golden_files_say(migration: Migration) -> None:
    assert golden_text(migration) == golden(migration.name), f"look at the difference, then: {REGENERATE}"


def test_no_golden_file_is_left_over() -> None:
    assert {file.name for file in GOLDEN.iterdir()} == {migration.name for migration in migrations()}


def test_the_engine_reads_every_statement(clickhouse_server: Settings) -> None:
    client = connect(clickhouse_server, database=False)
    number = 0
    for statement in everything():
        tree = client.query("SELECT formatQuerySingleLine({sql:String})", parameters={"sql": statement}).first_row[0]
        assert ("ON CLUSTER th" in tree) == (not tree.startswith("INSERT")), tree
        number += 1
    assert number > 100


def test_the_engine_runs_every_statement_and_a_cluster_would_take_every_view(tmp_path: Path) -> None:
    """With the cluster's DDL queue and the replication taken out, for these need servers that find each other."""
    code = Path(__file__).parent / "on_cluster.py"
    statements = [
        "CREATE DATABASE ioc",
        *(REPLICATED.sub(r"\1(", one).replace(" ON CLUSTER th", "") for one in everything()),
    ]
    (tmp_path / "all.sql").write_text("\n;\n".join(statements), encoding="utf-8")
    done = subprocess.run([sys.executable, str(code), str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    kinds = dict(line.split("\t") for line in done.stdout.splitlines())
    assert kinds["readings"] == "Distributed"
    assert kinds["readings_local"] == "ReplacingMergeTree"
    assert kinds["dim_stations"] == "ReplacingMergeTree"
    assert kinds["dossiers_to_current"] == "MaterializedView"
    assert kinds["v_readings"] == "View"


def tables() -> Iterator[tuple[str, str]]:
    """Each table of the cluster and how it is made."""
    for statement in everything():
        if found := re.search(r"CREATE TABLE IF NOT EXISTS ioc\.(\w+) ON CLUSTER", statement):
            yield found[1], statement


def test_rows_that_replace_each_other_are_on_one_shard() -> None:
    """FINAL works shard by shard: so what rows are spread by must be part of what they are told apart by."""
    made = dict(tables())
    checked = 0
    for statement in made.values():
        found = DISTRIBUTED.search(statement)
        if found is None:
            continue
        order = re.search(r"ORDER BY \(?([^)\n]+)\)?\n", made[found[1]])
        assert order is not None
        key = order[1].split(", ")
        assert set(found[2].split(", ")) <= set(key), found[1]
        assert found[2] == "event_id" or "event_id" not in key, found[1]
        checked += 1
    assert checked > 30


def test_every_table_is_either_whole_everywhere_or_spread() -> None:
    made = dict(tables())
    for name, statement in made.items():
        if "Distributed(" in statement:
            assert f"{name}_local" in made
            continue
        found = REPLICATED.search(statement)
        assert found is not None, name
        shown = name.removesuffix("_local")
        place = "all" if is_everywhere(name) else "{shard}"
        assert found[2] == f"/clickhouse/tables/{place}/ioc/{shown}"
        assert found[3] == ("{shard}-{replica}" if is_everywhere(name) else "{replica}"), "unique among the copies"
        assert is_everywhere(name) == (f"{name}_local" not in made and not name.endswith("_local"))
    assert len({found[2] for s in made.values() if (found := REPLICATED.search(s))}) == sum("Replicated" in s for s in made.values())  # fmt: skip


def test_a_table_keeps_its_comments_codecs_expiry_and_settings() -> None:
    local, spread = clustered(
        "CREATE TABLE ioc.t\n(\n    a String COMMENT 'ENGINE = x, TTL' CODEC(ZSTD(3)),\n    at DateTime\n)\n"
        "ENGINE = ReplacingMergeTree(at, gone)\nORDER BY (a, at)\nTTL at + INTERVAL 1 DAY\nSETTINGS index_granularity = 1\nCOMMENT 'nó''s'",
        "ioc", "th",
    )  # fmt: skip
    assert local == (
        "CREATE TABLE ioc.t_local ON CLUSTER th\n(\n    a String COMMENT 'ENGINE = x, TTL' CODEC(ZSTD(3)),\n    at DateTime\n)\n"
        "ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/ioc/t', '{replica}', at,gone)\n"
        "ORDER BY (a, at)\nTTL at + INTERVAL 1 DAY\nSETTINGS index_granularity = 1\nCOMMENT 'nó''s'"
    )
    assert spread == (
        "CREATE TABLE IF NOT EXISTS ioc.t ON CLUSTER th AS ioc.t_local\n"
        "ENGINE = Distributed('th', 'ioc', 't_local', cityHash64(a))\nCOMMENT 'nó''s'"
    )


@pytest.mark.parametrize(
    ("statement", "made"),
    [
        (
            "CREATE TABLE ioc.t (a String DEFAULT toString(toDate(b)) TTL toDateTime(b), b Nullable(Date32), c LowCardinality(String)) ENGINE = MergeTree ORDER BY (a, b, c)",
            [
                "CREATE TABLE ioc.t_local ON CLUSTER th (a String DEFAULT toString(toDate(b)) TTL toDateTime(b), b Nullable(Date32), c LowCardinality(String)) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/ioc/t', '{replica}') ORDER BY (a, b, c)",
                "CREATE TABLE IF NOT EXISTS ioc.t ON CLUSTER th AS ioc.t_local\nENGINE = Distributed('th', 'ioc', 't_local', cityHash64(a, c))",
            ],
        ),
        ("CREATE DATABASE IF NOT EXISTS ioc COMMENT 'x'", ["CREATE DATABASE IF NOT EXISTS ioc ON CLUSTER th COMMENT 'x'"]),
        ("DROP DATABASE ioc SYNC", ["DROP DATABASE ioc ON CLUSTER th SYNC"]),
        (
            "ALTER TABLE ioc.t ADD COLUMN IF NOT EXISTS b String DEFAULT 'ON CLUSTER, MODIFY TTL' AFTER a, MODIFY TTL at + INTERVAL 1 DAY, at + INTERVAL 2 DAY TO DISK 'cold'",
            [
                "ALTER TABLE ioc.t_local ON CLUSTER th ADD COLUMN IF NOT EXISTS b String DEFAULT 'ON CLUSTER, MODIFY TTL' AFTER a, MODIFY TTL at + INTERVAL 1 DAY, at + INTERVAL 2 DAY TO DISK 'cold'",
                "ALTER TABLE ioc.t ON CLUSTER th ADD COLUMN IF NOT EXISTS b String DEFAULT 'ON CLUSTER, MODIFY TTL' AFTER a",
            ],
        ),
        ("ALTER TABLE ioc.t MODIFY SETTING a = 1, b = 2", ["ALTER TABLE ioc.t_local ON CLUSTER th MODIFY SETTING a = 1, b = 2"]),
        ("ALTER TABLE ioc.t UPDATE a = 1, b = 2 WHERE c", ["ALTER TABLE ioc.t_local ON CLUSTER th UPDATE a = 1, b = 2 WHERE c"]),
        ("ALTER TABLE ioc.t MODIFY COLUMN a String TTL at", ["ALTER TABLE ioc.t_local ON CLUSTER th MODIFY COLUMN a String TTL at"]),
        ("ALTER TABLE ioc.dim_x ADD COLUMN b Int8", ["ALTER TABLE ioc.dim_x ADD COLUMN b Int8"]),
        ("DROP TABLE IF EXISTS ioc.t SYNC", ["DROP TABLE IF EXISTS ioc.t ON CLUSTER th SYNC", "DROP TABLE IF EXISTS ioc.t_local ON CLUSTER th SYNC"]),
        ("DROP TABLE ioc.dim_x", ["DROP TABLE ioc.dim_x ON CLUSTER th"]),
        ("DROP VIEW IF EXISTS ioc.v", ["DROP VIEW IF EXISTS ioc.v ON CLUSTER th"]),
        ("TRUNCATE TABLE ioc.t", ["TRUNCATE TABLE ioc.t_local ON CLUSTER th"]),
        ("TRUNCATE TABLE ioc.dim_x", ["TRUNCATE TABLE ioc.dim_x"]),
        ("INSERT INTO ioc.t SELECT * FROM ioc.u", ["INSERT INTO ioc.t SELECT * FROM ioc.u"]),
        ("CREATE MATERIALIZED VIEW ioc.m TO ioc.t AS SELECT a FROM ioc.dim_x", ["CREATE MATERIALIZED VIEW ioc.m ON CLUSTER th TO ioc.t AS SELECT a FROM ioc.dim_x"]),
    ],
)  # fmt: skip
def test_other_statements(statement: str, made: list[str]) -> None:
    assert clustered(statement, "ioc", "th") == made


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("OPTIMIZE TABLE ioc.t FINAL", "no rule"),
        ("RENAME TABLE ioc.t TO ioc.u", "no rule"),
        ("SELECT 1", "no rule"),
        ("CREATE TABLE t (a Int8) ENGINE = MergeTree ORDER BY a", "must name ioc.table"),
        ("CREATE TABLE other.t (a Int8) ENGINE = MergeTree ORDER BY a", "must name ioc.table"),
        ("DROP DATABASE other", "must name ioc$"),
        ("CREATE TABLE ioc.t ON CLUSTER c (a Int8) ENGINE = MergeTree ORDER BY a", "names a cluster itself"),
        ("CREATE TABLE ioc.t (a Int8) ENGINE = Memory", "only plain …MergeTree"),
        ("CREATE TABLE ioc.t (a Int8) ENGINE = ReplicatedMergeTree('x', 'y') ORDER BY a", "only plain …MergeTree"),
        ("CREATE TABLE ioc.t AS ioc.u", "only plain …MergeTree"),
        ("CREATE TABLE ioc.t (at DateTime) ENGINE = MergeTree ORDER BY at", "nothing but times"),
        ("CREATE TABLE ioc.t (a Int8) ENGINE = MergeTree ORDER BY (lower(a), a)", "may only name columns, not lower"),
        ("CREATE MATERIALIZED VIEW ioc.m ENGINE = MergeTree ORDER BY a AS SELECT a FROM ioc.t", "must write TO"),
        ("CREATE MATERIALIZED VIEW ioc.m REFRESH EVERY 1 DAY TO ioc.t AS SELECT a FROM ioc.u", "must write TO"),
        ("CREATE MATERIALIZED VIEW ioc.m TO ioc.t AS SELECT a FROM ioc.u JOIN ioc.w USING a", "may read no table but"),
        ("ALTER TABLE ioc.t ADD COLUMN b Int8, DROP PARTITION 1", "no rule for 'DROP PARTITION 1'"),
        ("ALTER TABLE ioc.v MODIFY QUERY SELECT 1", "no rule for 'MODIFY QUERY SELECT 1'"),
    ],
)
def test_what_has_no_rule_is_refused(statement: str, reason: str) -> None:
    with pytest.raises(MigrationError, match=reason):
        clustered(statement, "ioc", "th")


@pytest.mark.parametrize("cluster", ["", "a b", "a'; DROP", "{cluster}"])
def test_a_cluster_has_a_plain_name(cluster: str) -> None:
    with pytest.raises(ConfigurationError, match="IOC_CLICKHOUSE_CLUSTER"):
        clustered("DROP TABLE ioc.t", "ioc", cluster)


def test_the_lock_is_no_ddl_of_the_cluster() -> None:
    """Migrations run through one server, docs/clusters.md says; its lock is a table there."""
    assert is_everywhere(lock.TABLE)
    assert split_statements(golden("0001_records.sql"))


if __name__ == "__main__":
    for stale in GOLDEN.glob("*.sql"):
        stale.unlink()
    for one in migrations():
        (GOLDEN / one.name).write_text(golden_text(one), encoding="utf-8")
    sys.stdout.write(f"wrote {len(migrations())} files in {GOLDEN}\n")
