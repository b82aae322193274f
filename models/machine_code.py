"""numba's `njit` with a cache that knows what was compiled: numba itself does not notice a changed callee or constant."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numba
from numba.core import config

HERE = Path(__file__).parent


def njit(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """A decorator; machine code is kept beside the sources, or in numba's own folder if one is set, by their content.

    Args:
        options: of `numba.njit`, but for `cache`.
    """

    def compiled(function: Callable[..., Any]) -> Any:
        before = config.CACHE_DIR
        config.CACHE_DIR = str(Path(before or HERE / "__pycache__") / f"compiled-{content(HERE)}")
        try:
            return numba.njit(cache=True, **options)(function)  # decides here where it caches
        finally:
            config.CACHE_DIR = before

    return compiled


@cache
def content(folder: Path) -> str:
    """A digest of all sources of a folder: constants of any of them may be part of the machine code."""
    digest = blake2b(digest_size=8)
    for file in sorted(folder.glob("*.py")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
