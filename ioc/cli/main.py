"""The command line: everything `ioc` can do; errors of ours are one sentence, not a traceback."""

from __future__ import annotations

import sys

import typer
from rich.console import Console
from rich.markup import escape

from ioc.cli import clickhouse, deadletters, detect, forecast, imports, judge, run, schema, simulator, up
from ioc.cli.catalog import catalog_app
from ioc.cli.part import CONFIGURATION
from ioc.cli.source import source_app
from ioc.errors import ConfigurationError, IocError

app = typer.Typer(
    help="Trung tâm điều hành thông minh Thanh Hóa | Intelligent Operations Centre",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.command("up")(up.up)
app.command("web")(run.serve_web)
app.command("worker")(run.run_worker)
app.command("intake")(run.run_intake)
app.command("forecaster")(run.run_forecaster)
app.command("clickhouse")(clickhouse.clickhouse)
app.command("migrate")(clickhouse.migrate)
app.command("import")(imports.import_files)
app.command("detect")(detect.detect)
app.command("forecast")(forecast.forecast)
app.command("judge")(judge.judge)
app.command("schema")(schema.schema)
app.add_typer(source_app, name="source")
app.add_typer(catalog_app, name="catalog")
app.add_typer(deadletters.deadletters_app, name="deadletters")
app.add_typer(simulator.simulator_app, name="simulator")


def main() -> None:
    """Run the command; exit 2 for a wrong configuration, 1 for other errors of ours."""
    try:
        app()
    except IocError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print("[bold red]ioc:[/]", escape(str(error)))
        sys.exit(CONFIGURATION if isinstance(error, ConfigurationError) else 1)


if __name__ == "__main__":
    main()
