"""The command line: everything `ioc` can do; errors of ours are one sentence, not a traceback."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from importlib import import_module

import typer
from rich.console import Console
from rich.markup import escape

from ioc.cli.part import CONFIGURATION
from ioc.errors import ConfigurationError, IocError

# Where each command lives. Only the one that is called is imported, so that it starts fast; the help imports all.
COMMANDS = {
    "up": "up:up",
    "web": "run:serve_web",
    "worker": "run:run_worker",
    "intake": "run:run_intake",
    "forecaster": "forecaster:run_forecaster",
    "simulator": "simulator:simulator_app",
    "clickhouse": "clickhouse:clickhouse",
    "migrate": "clickhouse:migrate",
    "source": "source:source_app",
    "catalog": "catalog:catalog_app",
    "schema": "schema:schema",
    "import": "imports:import_files",
    "deadletters": "deadletters:deadletters_app",
    "detect": "detect:detect",
    "anomalies": "anomalies:anomalies_app",
    "forecast": "what_if:forecast_app",
    "judge": "judge:judge",
    "rollup": "rollup:rollup_app",
    "backup": "backup:backup_app",
    "access": "access:access_app",
    "user": "access:user_app",
    "bench": "bench:bench_app",
}


def command_line(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The command with the named subcommands."""
    app = typer.Typer(
        help="Trung tâm điều hành thông minh Thanh Hóa | Intelligent Operations Centre",
        no_args_is_help=True,
        pretty_exceptions_show_locals=False,
    )
    app.callback()(_group)
    for name in names:
        module, _, attribute = COMMANDS[name].partition(":")
        command = getattr(import_module(f"ioc.cli.{module}"), attribute)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def _group() -> None:
    """Trung tâm điều hành thông minh Thanh Hóa | Intelligent Operations Centre."""


def main() -> None:
    """Run the command; exit 2 for a wrong configuration, 1 for other errors of ours."""
    logging.getLogger("clickhouse_connect").setLevel(logging.CRITICAL)  # we say it ourselves, in one sentence
    called = sys.argv[1:2]
    try:
        command_line(called if called and called[0] in COMMANDS else COMMANDS)()
    except IocError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print("[bold red]ioc:[/]", escape(str(error)))
        sys.exit(CONFIGURATION if isinstance(error, ConfigurationError) else 1)


if __name__ == "__main__":
    main()
