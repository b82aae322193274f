"""`ioc judge` from the shell."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from ioc.cli.main import command_line


def run(file: Path, *options: str) -> Result:
    return CliRunner().invoke(command_line(["judge", "source"]), ["judge", "--file", str(file), *options])


def written(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "bai.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_rows_come_back_judged(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        json.dumps(
            {"id": "a", "text": "Sở Y tế bị phê bình vì chậm trễ kéo dài.", "agency": "so-yte"}, ensure_ascii=False
        ),
        json.dumps({"id": 7, "text": "Sở Y tế được khen, còn Sở Xây dựng bị phê bình.", "extra": 1}),
        "",
        json.dumps({"id": "c", "text": "Trời hôm nay đẹp."}),
        json.dumps({"id": "d", "text": "Trời hôm nay mưa.", "agency": "Sở Y tế"}),
    )
    done = run(file, "--json")
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(r["id"], r["agency"]) for r in rows] == [("a", "so-yte"), (7, "so-yte"), (7, "so-xd"), ("d", "Sở Y tế")]
    assert [r["stance"] for r in rows[:3]] == ["negative", "positive", "negative"]
    assert all(set(r) == {"id", "agency", "stance", "confidence", "evidence"} for r in rows)
    assert run(file).stdout == done.stdout


def test_bad_lines_are_named_and_the_rest_is_judged(tmp_path: Path) -> None:
    file = written(
        tmp_path, '{"id": "a"', '{"id": "b", "text": 3}', '{"id": "c", "text": "Sở Y tế họp."}', '{"text": "x"}'
    )
    file.write_bytes(file.read_bytes() + b'{"id": "e", "text": "\xff"}\n')
    done = run(file)
    assert done.exit_code == 1
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["c"]
    assert [line.split(": ")[0].rpartition(":")[2] for line in done.stderr.splitlines()] == ["1", "2", "4", "5"]


def test_people_get_a_table(tmp_path: Path) -> None:
    done = run(written(tmp_path, '{"id": "a", "text": "Sở Y tế bị phê bình [x]."}'), "--table")
    assert done.exit_code == 0
    assert "tiêu cực" in done.stdout
