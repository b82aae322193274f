"""Run a Faust worker: what ``faust -A streams.app worker`` runs, without Faust's own web server."""

from __future__ import annotations

from faust.cli.faust import cli


def run(log_level: str) -> None:
    """Run until a signal says stop; does not return.

    Args:
        log_level: as in `Settings.log_level`; Faust has a shorter name for one of them.
    """
    level = log_level.lower().replace("warning", "warn")
    cli.main(args=["-A", "streams.app", "worker", "-l", level, "--without-web"], prog_name="ioc")
