"""What must be right before anything starts, each failure one sentence that says what to do."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ioc.errors import AddressInUse, ConfigurationError, DataDirectoryInUse
from ioc.settings import Settings

_LEAST_FREE = 500 << 20


@contextmanager
def owned_data_dir(path: Path) -> Iterator[None]:
    """Own the data directory while the block runs.

    Raises:
        DataDirectoryInUse: another process owns it.
        ConfigurationError: it cannot be written, or its disk is nearly full.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ConfigurationError(
            f"cannot write the data directory {path}: {error.strerror}; set IOC_DATA_DIR to another"
        ) from None
    try:
        _lock(descriptor, path)
        if (free := shutil.disk_usage(path).free) < _LEAST_FREE:
            raise ConfigurationError(
                f"only {free >> 20} MB are free where {path.resolve()} is and {_LEAST_FREE >> 20} MB are needed;"
                " free some space or set IOC_DATA_DIR to another disk"
            )
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        owner = os.pread(descriptor, 20, 0).decode().strip()
        raise DataDirectoryInUse(str(path), int(owner) if owner.isdigit() else None) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)


def check_ports(settings: Settings) -> None:
    """Fail early where a port is taken.

    Raises:
        AddressInUse: naming the setting that chooses another.
    """
    wanted = [(settings.http_host, settings.http_port, "IOC_HTTP_PORT")]
    if not settings.clickhouse:
        wanted.append((settings.clickhouse_host, settings.clickhouse_port, "IOC_CLICKHOUSE_PORT"))
    if settings.simulated:
        wanted.append(("127.0.0.1", settings.simulator_port, "IOC_SIMULATOR_PORT"))
    for host, port, setting in wanted:
        check_port(host, port, setting)


def check_port(host: str, port: int, setting: str) -> None:
    """Fail early where this port is taken.

    Raises:
        AddressInUse: naming the setting that chooses another.
        ConfigurationError: this machine has no such address, or we may not listen there.
    """
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise AddressInUse(host, port, setting) from None
            raise ConfigurationError(f"cannot listen on {host}:{port}: {error.strerror}; see {setting}") from None
