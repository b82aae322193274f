"""`ioc forecast`, and below it `replay` and `what-if`: move a lever and see the forecast's band move."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ioc.catalog.load import load_catalog
from ioc.cli.forecast import forecast
from ioc.cli.replaying import replay_command
from ioc.errors import ConfigurationError, NotEnoughHistory
from ioc.packs import utc_now
from ioc.settings import load_settings

forecast_app = typer.Typer(invoke_without_command=True)

forecast_app.callback()(forecast)
forecast_app.command("replay")(replay_command)


@forecast_app.command("what-if")
def what_if(
    indicator: Annotated[str, typer.Option("--indicator", help="The indicator, which has levers in the catalogue.")],
    set_: Annotated[list[str], typer.Option("--set", help="LEVER=+10%, LEVER=-5% or LEVER=1500; may be repeated.")],
    area: Annotated[str, typer.Option("--area", help="An area's code; by default the province.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line.")] = False,
) -> None:
    """Move levers of an indicator and show its forecast before and after; nothing is stored."""
    from clickhouse.client import connect
    from clickhouse.queries import query
    from forecasting.asked import known
    from forecasting.told import told
    from forecasting.what_if import answer

    settings = load_settings()
    wanted = parsed(set_)
    client = connect(settings)
    try:
        found = known(partial(query, client), load_catalog(settings.catalog_dir), indicator, utc_now(), area)
    except NotEnoughHistory as error:
        raise ConfigurationError(f"{error}; import values of every lever first") from None
    finally:
        client.close()
    content = told(answer(found, wanted))
    if as_json:
        print(msgspec.json.encode(content).decode())
    else:
        _print(content)


def parsed(texts: list[str]) -> Mapping[str, Any]:
    """Settings by lever, of ``LEVER=+10%``.

    Raises:
        ConfigurationError: a text without a lever, or one that is no setting.
    """
    from forecasting.what_if import setting

    found = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise ConfigurationError(f"--set {text!r}: write LEVER=VALUE, for example giai-ngan-dau-tu-cong=+10%")
        found[name.strip()] = setting(value)
    return found


def _print(content: Mapping[str, Any]) -> None:
    from forecasting.wording import number

    table = Table(title=f"{content['name']} ({content['unit']})" if content["unit"] else content["name"])
    table.add_column("Kỳ")
    for name in ("Dự báo", "Khoảng 80 %", "Nếu", "Khoảng 80 %"):
        table.add_column(name, justify="right")
    show = partial(number, decimals=content["decimals"])
    for row in content["periods"]:
        before, after = row["before"], row["after"]
        cells = [[show(c["value"]), f"{show(c['low80'])} – {show(c['high80'])}"] for c in (before, after)]
        table.add_row(row["period"], *cells[0], *cells[1])
    console = Console()
    console.print(table)
    for sentence in content["sentences"]:
        console.print(escape(sentence), soft_wrap=True)
