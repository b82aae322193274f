"""`ioc schema`: the JSON Schema of a record, for those who send or read our data."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from ioc.errors import ConfigurationError
from ioc.records import KINDS, json_schema


def schema(kind: Annotated[str, typer.Argument(help=f"One of: {', '.join(KINDS)}.")]) -> None:
    """Print the JSON Schema of one kind of record, derived from the code that validates it."""
    if kind not in KINDS:
        raise ConfigurationError(f"no kind of record {kind!r}; there are {', '.join(KINDS)}")
    print(json.dumps(json_schema(kind), ensure_ascii=False, indent=2))
