"""`ioc access` and `ioc user`: who may see what in ClickHouse, and who the people are."""

from __future__ import annotations

import json
import secrets
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from clickhouse import access
from clickhouse.accounts import (
    SHORTEST_PASSWORD,
    Account,
    changing_accounts,
    checked_name,
    checked_roles,
    hashed,
    read_accounts,
    users_file,
)
from clickhouse.roles import ROLES
from ioc.catalog.load import load_catalog
from ioc.errors import ConfigurationError
from ioc.settings import Settings, load_settings

access_app = typer.Typer(help="Ai được xem gì | who may see what", no_args_is_help=True)
user_app = typer.Typer(help="Người dùng của kho dữ liệu | users of the database", no_args_is_help=True)


@access_app.command("show")
def show(
    sql: Annotated[bool, typer.Option("--sql", help="The statements for a ClickHouse server instead.")] = False,
) -> None:
    """Show what each role reads and how much it may ask."""
    settings = load_settings()
    if sql:
        agencies = load_catalog(settings.catalog_dir).agencies
        for statement in access.statements(settings.database, agencies, settings.clickhouse_cluster):
            print(f"{statement};")
        return
    table = Table("vai trò", "đọc", "dữ liệu cá nhân", "giây", "dòng trả về", "câu hỏi/giờ", title=settings.database)
    for name, role in ROLES.items():
        shown = (", ".join(sorted(kinds)) or "–" for kinds in (role.reads, role.personal))
        numbers = (role.limits.seconds, role.limits.result_rows, role.limits.queries_per_hour)
        table.add_row(f"{name}\n{role.title}", *shown, *map(str, numbers))
    Console().print(table)


@access_app.command("apply")
def apply() -> None:
    """Make roles, row policies, limits and quotas on the ClickHouse server; may run again at any time."""
    settings = load_settings()
    if not settings.clickhouse:
        raise ConfigurationError(
            "the embedded ClickHouse enforces roles by itself; `ioc access apply` is for a server: set IOC_CLICKHOUSE"
        )
    done = access.apply(settings, load_catalog(settings.catalog_dir).agencies)
    print(f"{settings.clickhouse_url}: {done} lệnh")


@user_app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Name to log in with.")],
    roles: Annotated[list[str], typer.Option("--role", help=f"Any of {', '.join(ROLES)}; may be repeated.")],
    agencies: Annotated[
        list[str] | None, typer.Option("--agency", help="Whose rows a department is shown; may be repeated.")
    ] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from the first line of standard input.")
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Change a user who is there already.")] = False,
) -> None:
    """Add a user; without a password given or typed, one is made and shown once."""
    settings = load_settings()
    held, of = tuple(dict.fromkeys(roles)), tuple(dict.fromkeys(agencies or ()))
    checked_name(name, frozenset({settings.clickhouse_user, "default", "admin"}))
    checked_roles(held, of, load_catalog(settings.catalog_dir).agencies)
    if not replace and name in _names(settings):
        raise ConfigurationError(f"user {name!r} is there already; --replace changes roles, agencies and password")
    password = _password(password_stdin)
    made = password or secrets.token_urlsafe(18)
    if settings.clickhouse:
        access.run(settings, access.user_statements(name, made, held, of, settings.clickhouse_cluster))
    else:
        with changing_accounts(users_file(settings.data_dir)) as accounts:
            accounts[name] = Account(hashed(made), held, of)
        _warn_of_open_door(settings)
    print(f"{name}: {', '.join(held)}" + (f" ({', '.join(of)})" if of else ""))
    if not password:
        print(f"mật khẩu (chỉ hiện một lần) | password (shown once): {made}")


@user_app.command("list")
def list_users(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line a user.")] = False,
) -> None:
    """List the users; passwords are kept as hashes and shown nowhere."""
    found = _users(load_settings())
    if as_json:
        for name, (roles, agencies) in found.items():
            print(json.dumps({"name": name, "roles": roles, "agencies": agencies}))
        return
    table = Table("tên", "vai trò", "cơ quan", title=f"Người dùng: {len(found)}")
    for name, (roles, agencies) in found.items():
        table.add_row(name, ", ".join(roles), ", ".join(agencies))
    Console().print(table)


@user_app.command("remove")
def remove(name: Annotated[str, typer.Argument(help="Who is no more let in.")]) -> None:
    """Remove a user, at once."""
    settings = load_settings()
    if name not in _names(settings):
        raise ConfigurationError(f"there is no user {name!r}; see `ioc user list`")
    if settings.clickhouse:
        access.run(settings, [access.drop_user_statement(name, settings.clickhouse_cluster)])
    else:
        with changing_accounts(users_file(settings.data_dir)) as accounts:
            accounts.pop(name, None)
    print(f"đã xóa {name}")


def _names(settings: Settings) -> set[str]:
    return set(_users(settings))


def _users(settings: Settings) -> dict[str, tuple[list[str], list[str]]]:
    """Roles and agencies of each user."""
    if settings.clickhouse:
        return access.users(settings)
    accounts = read_accounts(users_file(settings.data_dir))
    return {name: (list(a.roles), list(a.agencies)) for name, a in accounts.items()}


def _password(from_stdin: bool) -> str:
    """The password that was given or typed; empty: make one.

    Raises:
        ConfigurationError: it is too short, or was typed twice differently.
    """
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        password = typer.prompt(
            "Mật khẩu (để trống: tự tạo) | password (empty: make one)", default="", hide_input=True, show_default=False,
            confirmation_prompt=True,
        )  # fmt: skip
        if not password:
            return ""
    else:
        return ""
    if len(password) < SHORTEST_PASSWORD:
        raise ConfigurationError(
            f"the password has {len(password)} characters; at least {SHORTEST_PASSWORD} are needed"
        )
    return str(password)


def _warn_of_open_door(settings: Settings) -> None:
    if not settings.clickhouse_password.get_secret_value():
        Console(stderr=True).print(
            f"[yellow]Lưu ý[/]: user {settings.clickhouse_user}, who may do everything, has no password; as long as"
            " IOC_CLICKHOUSE_PASSWORD is not set, roles bind only those who name themselves."
        )
