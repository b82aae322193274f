"""Who is let in: the file of users, passwords, changes while the server runs, quotas, and sessions that nobody shares."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from clickhouse.accounts import (
    Account,
    changing_accounts,
    checked_name,
    checked_roles,
    hashed,
    is_password,
    read_accounts,
    users_file,
)
from clickhouse.embedded.errors import Refused
from clickhouse.embedded.quotas import Quotas
from clickhouse.embedded.users import User, Users, check_address
from clickhouse.roles import ROLES
from ioc.errors import ConfigurationError
from ioc.settings import Settings
from tests.clickhouse.people import HTTP, OWN, PASSWORD, ask, code_of, server_with_people

PRESS, DEPARTMENT = "u-press", "u-department"


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    with server_with_people(tmp_path_factory.mktemp("users")) as settings:
        yield settings


def test_the_three_ways_to_say_who_one_is(settings):
    for headers, fields in (
        ({"X-ClickHouse-User": PRESS, "X-ClickHouse-Key": PASSWORD.encode().decode("latin-1")}, {}),
        ({}, {"user": PRESS, "password": PASSWORD}),
    ):
        assert ask(settings, "", "SELECT currentRoles()", headers=headers, **fields).data == b"['press']\n"
    assert ask(settings, PRESS, "SELECT currentRoles()").data == b"['press']\n"
    assert ask(settings, DEPARTMENT, "SELECT currentRoles()").data == b"['department','department_so-xd']\n"


@pytest.mark.parametrize(
    ("user", "password"),
    [(PRESS, ""), (PRESS, "x"), ("default", "x"), ("nobody", ""), ("nobody", PASSWORD), ("", ""), ("press", PASSWORD)],
)
def test_others_stay_outside(settings, user, password):
    reply = ask(settings, "", "SELECT 1", user=user, password=password)
    assert (reply.status, code_of(reply)) == (403, 516)


def test_the_file_is_read_when_it_changes(settings):
    file = users_file(settings.data_dir)
    asked = {"user": "lan", "password": "mot-mat-khau-dai"}
    assert code_of(ask(settings, "", "SELECT 1", **asked)) == 516
    with changing_accounts(file) as accounts:
        accounts["lan"] = Account(hashed("mot-mat-khau-dai"), ("press",))
    assert ask(settings, "", "SELECT currentRoles()", **asked).data == b"['press']\n"
    with changing_accounts(file) as accounts:
        accounts["lan"] = replace_roles(accounts["lan"], ("leader",))
    assert ask(settings, "", "SELECT currentRoles()", **asked).data == b"['leader']\n"
    with changing_accounts(file) as accounts:
        accounts["lan"] = Account(hashed("mat-khau-khac"), ("leader",))
    assert code_of(ask(settings, "", "SELECT 1", **asked)) == 516
    with changing_accounts(file) as accounts:
        del accounts["lan"]
    assert code_of(ask(settings, "", "SELECT 1", user="lan", password="mat-khau-khac")) == 516
    assert ask(settings, PRESS, "SELECT 1").data == b"1\n"


def replace_roles(account, roles):
    return Account(account.password, roles, account.agencies)


def test_several_roles_add_up(settings):
    with changing_accounts(users_file(settings.data_dir)) as accounts:
        accounts["u-two"] = Account(hashed(PASSWORD), ("press", "citizen_desk"))
    assert ask(settings, "u-two", "SELECT currentRoles()").data == b"['citizen_desk','press']\n"
    for table in ("posts", "field_reports"):
        assert code_of(ask(settings, "u-two", f"SELECT * FROM {table}")) == 0


def test_sessions_belong_to_the_centre(settings):
    """Persons may name a session, as clients do by themselves, and find nothing in it."""
    named = {"session_id": "shared"}
    assert code_of(ask(settings, "", "CREATE TEMPORARY TABLE kept (a Int8)", **named)) == 0
    assert code_of(ask(settings, "", "SET max_threads = 3", **named)) == 0
    assert code_of(ask(settings, PRESS, "SELECT * FROM kept", **named)) == 60
    assert code_of(ask(settings, PRESS, "CREATE TEMPORARY TABLE mine (a Int8)", **named)) == 164
    assert code_of(ask(settings, PRESS, "SET ROLE admin", **named)) == 164
    assert ask(settings, PRESS, "SELECT currentRoles()", **named).data == b"['press']\n"
    assert ask(settings, "", "SELECT currentRoles()", **named).data != b"['press']\n"
    assert ask(settings, "", "SELECT getSetting('max_threads')", **named).data == b"3\n"


def test_one_person_cannot_take_all_places(settings):
    most = ROLES["analyst"].limits.at_once
    with ThreadPoolExecutor(most + 4) as pool:
        replies = list(pool.map(lambda _: ask(settings, "u-analyst", "SELECT sleep(1)"), range(most + 4)))
    codes = sorted(map(code_of, replies))
    assert set(codes) == {0, 202}
    assert codes.count(0) == most
    assert ask(settings, "u-analyst", "SELECT 1").data == b"1\n"


def test_people_get_past_an_origin_no_more_than_others(settings):
    reply = ask(settings, PRESS, "SELECT 1", headers={"Origin": "http://example.com"})
    assert code_of(reply) == 497


def test_a_file_that_nobody_can_read_lets_nobody_in(tmp_path):
    file = users_file(tmp_path)
    file.write_text('{"lan": {"password": "x", "roles": ["press"], "admin": true}}')
    users = Users(Settings(data_dir=tmp_path))
    with pytest.raises(Refused) as refused:
        users.enter({"user": "lan", "password": "x"}, {})
    assert refused.value.code == 516
    assert users.enter({}, {}).is_admin
    with pytest.raises(ConfigurationError, match=r"users\.json: cannot be read"):
        read_accounts(file)


def test_roles_that_are_none_let_nobody_in(tmp_path):
    with changing_accounts(users_file(tmp_path)) as accounts:
        accounts["lan"] = Account(hashed(PASSWORD), ("admin",))
        accounts["mai"] = Account(hashed(PASSWORD), ())
    users = Users(Settings(data_dir=tmp_path))
    for name in ("lan", "mai"):
        with pytest.raises(Refused):
            users.enter({"user": name, "password": PASSWORD}, {})


def test_the_file_is_for_the_centre_alone_and_holds_no_password(tmp_path):
    file = users_file(tmp_path)
    with changing_accounts(file) as accounts:
        accounts["lan"] = Account(hashed("bi-mat-cua-lan"), ("press",))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "bi-mat" not in file.read_text()
    assert is_password("bi-mat-cua-lan", read_accounts(file)["lan"].password)
    assert not is_password("bi-mat-cua-mai", read_accounts(file)["lan"].password)


def test_two_that_add_users_at_once_lose_none(tmp_path):
    def add(number):
        with changing_accounts(users_file(tmp_path)) as accounts:
            accounts[f"u{number}"] = Account("scrypt$00$00", ("press",))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(40)))
    assert len(read_accounts(users_file(tmp_path))) == 40


@pytest.mark.parametrize("name", ["", "a", "Lan", "lan'", "lan`", "lan lan", "1lan", "x" * 65, "press", "default"])
def test_names_that_cannot_be(name):
    with pytest.raises(ConfigurationError, match="user "):
        checked_name(name, frozenset({"default"}))


@pytest.mark.parametrize(
    ("roles", "agencies", "reason"),
    [
        ((), (), "name at least one"),
        (("admin",), (), "role 'admin': there are leader"),
        (("department",), (), "needs at least one agency"),
        (("press",), (OWN,), "other roles have none"),
        (("department",), ("so-nao",), "'so-nao': not in the catalogue"),
    ],
)
def test_roles_that_do_not_go_together(roles, agencies, reason):
    with pytest.raises(ConfigurationError, match=reason):
        checked_roles(roles, agencies, {OWN: None})


def test_a_quota_ends_what_is_too_much_and_begins_anew():
    now = [0.0]
    quotas, user = Quotas(lambda: now[0]), User("lan", ("analyst",))
    limits = ROLES["analyst"].limits

    def asked(rows=0, seconds=0.0):
        with quotas.query(user, lambda: rows):
            now[0] += seconds

    asked(rows=limits.rows_per_hour)
    with pytest.raises(Refused, match=r"Quota for user `lan`.*read_rows") as refused:
        asked()
    assert refused.value.code == 201
    with quotas.query(User("mai", ("analyst",)), lambda: 0):  # another's is another's
        pass
    now[0] += 3600
    asked(seconds=limits.seconds_per_hour)
    with pytest.raises(Refused, match="execution_time"):
        asked()
    now[0] += 3600
    for _ in range(limits.queries_per_hour):
        asked()
    with pytest.raises(Refused, match="queries"):
        asked()


def test_a_query_that_fails_is_counted_and_gives_its_place_back():
    quotas, user = Quotas(lambda: 0.0), User("lan", ("analyst",))
    for _ in range(3 * ROLES["analyst"].limits.at_once):
        with pytest.raises(ZeroDivisionError), quotas.query(user, lambda: 0):
            raise ZeroDivisionError


def test_the_centre_is_not_counted():
    quotas = Quotas(lambda: 0.0)
    for _ in range(100_000):
        with quotas.query(User(), lambda: 0):
            pass


def test_a_network_is_not_let_in_without_password(tmp_path):
    check_address(Settings(clickhouse_host="127.0.0.1"))
    check_address(Settings(clickhouse_host="10.0.0.5", clickhouse_password="x"))
    env = os.environ | {"IOC_DATA_DIR": str(tmp_path), "IOC_CLICKHOUSE_PORT": "0", "IOC_CLICKHOUSE_HOST": "10.0.0.5"}
    command = [sys.executable, "-m", "clickhouse.embedded"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "set IOC_CLICKHOUSE_PASSWORD" in done.stderr


def test_ping_needs_no_password(settings):
    assert HTTP.request("GET", f"{settings.clickhouse}/ping").status == 200
