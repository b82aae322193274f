"""`ioc simulator`: run the synthetic province, and score what the detectors found of its labelled incidents."""

from __future__ import annotations

import typer

simulator_app = typer.Typer(help="Tỉnh mô phỏng | simulated province", no_args_is_help=True)
