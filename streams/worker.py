"""Run a Faust worker: what ``faust -A streams.app worker`` runs, without Faust's own web server."""

from __future__ import annotations

from faust.cli.faust import cli


def run(log_level: str) -> None:
    """Run until a signal says stop; does not return."""
    cli.main(args=["-A", "streams.app", "worker", "-l", log_level.lower(), "--without-web"], prog_name="ioc")
