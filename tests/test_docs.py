"""Docs that cannot rot: every command and dependency is documented, links lead somewhere, nothing names this machine.

``python -m tests.test_docs`` writes docs/commands.md anew from the help texts.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

ROOT = Path(__file__).parents[1]
COMMANDS = ROOT / "docs" / "commands.md"
PAGES = sorted(
    p for p in ROOT.rglob("*.md") if not {".venv", "var", ".servers", "node_modules"} & set(p.relative_to(ROOT).parts)
)
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
_REGISTRIES = "pypi.org|pythonhosted|registry.npmjs|repo1?.maven|deb.debian|proxy.golang|crates.io"
_FOREIGN = re.compile(rf"(/work/|/root/|{_REGISTRIES})")


def described() -> str:
    """docs/commands.md as the help texts say."""
    from ioc.cli.main import command_line

    lines = ["# Commands", "", "`.venv/bin/ioc COMMAND --help` says the same; a test keeps this page equal to it.", ""]
    for path, command in _commands(typer.main.get_command(command_line()), ()):
        lines += [f"## `ioc {' '.join(path)}`", "", (command.help or "").strip(), ""]
        rows = [
            (_name(p), (getattr(p, "help", "") or "").replace("|", "/")) for p in command.params if p.name != "help"
        ]
        if rows:
            lines += ["| argument | meaning |", "|---|---|", *(f"| `{name}` | {text} |" for name, text in rows), ""]
    return "\n".join(lines)


def _name(parameter: object) -> str:
    options = [o for o in getattr(parameter, "opts", []) if o.startswith("-")]
    if options:
        return ", ".join(options)
    return str(getattr(parameter, "metavar", None) or getattr(parameter, "name", "")).upper()


def _commands(group: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    commands = getattr(group, "commands", None)
    if commands is None:
        yield path, group
        return
    for name in sorted(commands):
        if name not in ("install-completion", "show-completion"):
            yield from _commands(commands[name], (*path, name))


def test_every_command_is_documented_as_its_help_says() -> None:
    assert COMMANDS.read_text(encoding="utf-8") == described(), "run: python -m tests.test_docs"


def test_every_dependency_says_why_it_is_here() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = project["dependencies"] + [d for extra in project["optional-dependencies"].values() for d in extra]
    text = (ROOT / "docs" / "dependencies.md").read_text()
    missing = {
        re.split(r"[<>=\[]", d)[0] for d in named if not re.search(rf"\b{re.escape(re.split(r'[<>=]', d)[0])}\b", text)
    }
    assert missing == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    broken = [link for link in _LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]
    assert broken == []


def test_nothing_names_a_registry_or_this_machine() -> None:
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    found = []
    for name in files:
        if name.endswith((".woff2", ".npz", ".gz", ".png")) or name in ("tests/test_docs.py",):
            continue
        text = (ROOT / name).read_text(encoding="utf-8", errors="replace")
        found += [f"{name}: {match.group(0)}" for match in _FOREIGN.finditer(text)]
    assert found == []


def test_decisions_are_listed() -> None:
    index = (ROOT / "adr" / "README.md").read_text()
    assert [p.name for p in sorted((ROOT / "adr").glob("0*.md")) if p.name not in index] == []


if __name__ == "__main__":
    COMMANDS.write_text(described(), encoding="utf-8")
    sys.stdout.write(f"wrote {COMMANDS.relative_to(ROOT)}\n")
