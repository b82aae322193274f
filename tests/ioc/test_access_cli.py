"""`ioc user` and `ioc access`, as they are typed, beside a running embedded server."""

from __future__ import annotations

import json
import re

import pytest
from typer.testing import CliRunner

from clickhouse.access import statements
from clickhouse.accounts import read_accounts, users_file
from clickhouse.roles import ROLES
from ioc.catalog.load import load_catalog
from ioc.cli.access import access_app, user_app
from ioc.errors import ConfigurationError
from tests.clickhouse.people import ask, code_of, server_with_people

RUNNER = CliRunner()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with server_with_people(tmp_path_factory.mktemp("cli")) as settings:
        yield settings


@pytest.fixture
def settings(server, monkeypatch):
    monkeypatch.setenv("IOC_DATA_DIR", str(server.data_dir))
    monkeypatch.delenv("IOC_CLICKHOUSE", raising=False)
    return server


def run(app, *arguments, stdin=None):
    done = RUNNER.invoke(app, arguments, input=stdin)
    if isinstance(done.exception, ConfigurationError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done


def test_a_user_is_let_in_at_once_and_out_at_once(settings):
    added = run(user_app, "add", "hoa", "--role", "department", "--agency", "so-xd")
    password = re.search(r"password \(shown once\): (\S+)", added.stdout)[1]
    assert "roles bind only those who name themselves" in " ".join(added.stderr.split())
    as_hoa = {"headers": {"X-ClickHouse-User": "hoa", "X-ClickHouse-Key": password}}
    assert ask(settings, "", "SELECT currentRoles()", **as_hoa).data == b"['department','department_so-xd']\n"
    assert password not in users_file(settings.data_dir).read_text()
    listed = [json.loads(line) for line in run(user_app, "list", "--json").stdout.splitlines()]
    assert {"name": "hoa", "roles": ["department"], "agencies": ["so-xd"]} in listed
    assert "hoa" in run(user_app, "list").stdout
    run(user_app, "remove", "hoa")
    assert code_of(ask(settings, "", "SELECT 1", **as_hoa)) == 516
    with pytest.raises(ConfigurationError, match="no user 'hoa'"):
        run(user_app, "remove", "hoa")


def test_a_given_password_and_a_change(settings):
    run(user_app, "add", "minh", "--role", "press", "--password-stdin", stdin="mật khẩu của Minh\n")
    before = read_accounts(users_file(settings.data_dir))["minh"]
    with pytest.raises(ConfigurationError, match="is there already"):
        run(user_app, "add", "minh", "--role", "leader")
    assert read_accounts(users_file(settings.data_dir))["minh"] == before
    done = run(user_app, "add", "minh", "--role", "leader", "--role", "press", "--replace")
    assert "leader, press" in done.stdout
    assert read_accounts(users_file(settings.data_dir))["minh"].password != before.password


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["default", "--role", "press"], "taken by the centre"),
        (["Hoa", "--role", "press"], "a name has"),
        (["hoa", "--role", "boss"], "role 'boss': there are leader"),
        (["hoa", "--role", "department", "--agency", "so-nao"], "agency 'so-nao': not in the catalogue"),
        (["hoa", "--role", "department"], "needs at least one agency"),
        (["hoa", "--role", "press", "--password-stdin"], "at least 10 are needed"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(settings, arguments, reason):
    before = users_file(settings.data_dir).read_bytes()
    with pytest.raises(ConfigurationError, match=reason):
        run(user_app, "add", *arguments, stdin="ngan\n")
    assert users_file(settings.data_dir).read_bytes() == before


def test_a_role_must_be_named(settings):
    assert RUNNER.invoke(user_app, ["add", "hoa"]).exit_code == 2


def test_show_names_every_role_and_the_sql(settings):
    shown = run(access_app, "show").stdout
    assert all(role in shown for role in ROLES)
    sql = run(access_app, "show", "--sql").stdout
    assert sql == "".join(f"{s};\n" for s in statements("ioc", load_catalog(None).agencies))


def test_apply_is_for_a_server(settings, monkeypatch):
    with pytest.raises(ConfigurationError, match="set IOC_CLICKHOUSE"):
        run(access_app, "apply")
    monkeypatch.setenv("IOC_CLICKHOUSE", settings.clickhouse)  # the embedded one, taken for a server
    for app, arguments in (
        (access_app, ["apply"]),
        (user_app, ["list"]),
        (user_app, ["add", "hoa", "--role", "press"]),
    ):
        with pytest.raises(ConfigurationError, match="leave IOC_CLICKHOUSE empty"):
            run(app, *arguments)
