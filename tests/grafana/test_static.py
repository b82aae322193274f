"""The page's own files: what the content security policy needs, what the house style asks."""

from __future__ import annotations

import re

import pytest

from grafana.preview.app import STATIC
from grafana.registry import DASHBOARDS, uid_of

MODULES = sorted((STATIC / "js").rglob("*.js"))
SHEETS = sorted((STATIC / "css").glob("*.css"))
INDEX = (STATIC / "index.html").read_text(encoding="utf-8")
MOST_LINES = 150

every_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)


def test_the_document_has_nothing_inline():
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)|javascript:", INDEX)
    assert '<html lang="vi">' in INDEX


def test_what_the_document_names_is_there():
    for name in re.findall(r"/static/([\w./-]+)", INDEX):
        assert (STATIC / name).is_file(), name


@every_module
def test_modules_are_small_and_say_what_they_are_for(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith("/** ")
    assert text.count("\n") <= MOST_LINES


@every_module
def test_modules_never_write_markup_or_run_text(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\(\"style", text
    )


@every_module
def test_imports_are_there_and_used(path):
    text = path.read_text(encoding="utf-8")
    for names, source in re.findall(r'^import \{([^}]+)\} from "([^"]+)";', text, re.MULTILINE):
        target = (path.parent / source).resolve()
        assert target in MODULES, source
        exported = set(
            re.findall(r"^export (?:async )?(?:function|const|class) (\w+)", target.read_text("utf-8"), re.MULTILINE)
        )
        for name in (name.strip() for name in names.split(",") if name.strip()):
            assert name in exported, f"{source} has no {name}"
            assert len(re.findall(rf"\b{name}\b", text)) > 1, f"{name} is not used"


def test_every_module_is_reachable():
    reached, waiting = set(), [STATIC / "js/main.js"]
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting += [(path.parent / s).resolve() for s in re.findall(r'from "([^"]+)"', path.read_text("utf-8"))]
    assert reached == set(MODULES)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_sheets_load_nothing_from_elsewhere(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MOST_LINES
    for address in re.findall(r'url\("([^"]+)"\)', text):
        assert address.startswith("/static/vendor/")
        assert (STATIC / address.removeprefix("/static/")).is_file()


def test_the_manual_names_every_dashboard_and_path():
    manual = (STATIC.parents[2] / "docs" / "wall.md").read_text(encoding="utf-8")
    for name in DASHBOARDS:
        assert f"`{uid_of(name)}`" in manual
    routes = re.findall(r'add_get\("([^"]+)"', (STATIC.parent / "app.py").read_text(encoding="utf-8"))
    for route in (route.replace(":[0-9]{1,4}", "").replace("panel_id", "id") for route in routes):
        assert route in manual or route.startswith(("/static", "/d/")), route


def test_the_manual_quotes_what_the_page_says():
    manual = (STATIC.parents[2] / "docs" / "wall.md").read_text(encoding="utf-8")
    said = "".join(path.read_text(encoding="utf-8") for path in MODULES)
    for phrase in (
        "Đang chuẩn bị dữ liệu…",
        "Đang chờ dữ liệu đầu tiên từ các nguồn…",
        "Chưa cập nhật từ",
        "Mất kết nối từ",
    ):
        assert phrase in manual
        assert phrase in said


def test_vendored_code_names_its_licence():
    folder = STATIC / "vendor"
    assert "MIT" in (folder / "uPlot-LICENSE.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in (folder / "be-vietnam-pro-LICENSE.txt").read_text(encoding="utf-8").upper()
    assert "uPlot" in (folder / "README.md").read_text(encoding="utf-8")
