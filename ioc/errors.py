"""Every error the centre raises on purpose, one tree.

IocError
├── ConfigurationError      a setting, the catalogue or the environment is wrong: fix it and start again
│   ├── CatalogError        one catalogue file, key and line
│   ├── AddressInUse        a port another program holds
│   └── DataDirectoryInUse  another process owns the data directory
├── BadInput                something a department sent cannot be a record: becomes a dead letter
│   └── BadPack             a whole pack cannot be decoded
├── Unavailable             a server we depend on does not answer now: wait and try again
│   ├── StoreUnavailable    ClickHouse
│   └── BrokerUnavailable   Kafka or the embedded broker
├── QueryFailed             ClickHouse answered, and the answer is an error
├── MigrationError          the database and the migrations disagree
├── BackupDamaged           a backup does not hold what its manifest says
└── NotEnoughHistory        a series is too short for what was asked

Errors carry data as attributes; the text is one sentence a person can act on.
"""

from __future__ import annotations


class IocError(Exception):
    """The parent of all: catching it catches exactly what this application raises on purpose."""


class ConfigurationError(IocError):
    """A setting, the catalogue or the environment is wrong."""


class CatalogError(ConfigurationError):
    """One entry of the catalogue is wrong.

    Attributes:
        file: path of the TOML file as the reader knows it.
        key: dotted key, for example ``metrics[2].unit``.
        line: 1-based line, or None where the parser gives none.
        reason: what is wrong and what would be right.
    """

    def __init__(self, file: str, key: str, reason: str, line: int | None = None) -> None:
        self.file, self.key, self.reason, self.line = file, key, reason, line
        place = f"{file}:{line}" if line else file
        super().__init__(f"{place}: {key}: {reason}" if key else f"{place}: {reason}")


class AddressInUse(ConfigurationError):
    """A port we were told to listen on is taken."""

    def __init__(self, host: str, port: int, setting: str) -> None:
        self.host, self.port, self.setting = host, port, setting
        super().__init__(
            f"{host}:{port} is already in use; stop the program that holds it or set {setting} to another port"
        )


class DataDirectoryInUse(ConfigurationError):
    """Another process owns the data directory."""

    def __init__(self, path: str, pid: int | None = None) -> None:
        self.path, self.pid = path, pid
        owner = f" by process {pid}" if pid else ""
        super().__init__(
            f"the data directory {path} is already in use{owner}; stop that one or set IOC_DATA_DIR to another directory"
        )


class BadInput(IocError):
    """Something a source sent cannot become a record.

    Attributes:
        source: id of the source in the catalogue.
        field: the field at fault, empty when it is the whole payload.
        reason: what is wrong, for the people who send it.
    """

    def __init__(self, source: str, field: str, reason: str) -> None:
        self.source, self.field, self.reason = source, field, reason
        super().__init__(f"{source}: {field or 'payload'}: {reason}")


class BadPack(BadInput):
    """A whole pack cannot be decoded: wrong schema, a lying header, a compression bomb."""


class Unavailable(IocError):
    """A server we depend on does not answer now.

    Attributes:
        retry_after: seconds after which another attempt makes sense.
    """

    def __init__(self, what: str, retry_after: float = 1.0) -> None:
        self.what, self.retry_after = what, retry_after
        super().__init__(what)


class StoreUnavailable(Unavailable):
    """ClickHouse does not answer."""


class BrokerUnavailable(Unavailable):
    """The broker does not answer."""


class QueryFailed(IocError):
    """ClickHouse refused a query.

    Attributes:
        code: ClickHouse's own error code, 0 where it gave none.
    """

    def __init__(self, message: str, code: int = 0) -> None:
        self.code = code
        super().__init__(message)


class MigrationError(IocError):
    """The database and the migrations disagree."""


class BackupDamaged(IocError):
    """A backup does not hold what its manifest says."""


class NotEnoughHistory(IocError):
    """A series is too short for what was asked.

    Attributes:
        have: usable points.
        need: points that would be enough.
    """

    def __init__(self, series: str, have: int, need: int) -> None:
        self.series, self.have, self.need = series, have, need
        super().__init__(f"{series}: not enough history ({have} points, {need} needed)")
