"""``python -m clickhouse.embedded``: the embedded server in the foreground, from ``IOC_…`` variables."""

from __future__ import annotations

import sys

from clickhouse.embedded.server import serve
from ioc.errors import ConfigurationError, IocError
from ioc.settings import load_settings

if __name__ == "__main__":
    try:
        serve(load_settings())
    except IocError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2 if isinstance(error, ConfigurationError) else 1)
