"""Chance that depends on nothing but its name: the same number whichever process asks, in whatever order.

Sequences come from numpy's Philox, whose counter is the index: value n of a name needs none of the values before it
(Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from itertools import accumulate
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Epochs = NDArray[np.int64]
Name = tuple[object, ...]
T = TypeVar("T")

_BLOCK = 4  # 64-bit words that one step of Philox's counter gives
_WORD = 2.0**-53
# Periods in seconds and weights: a flicker from file to file, half an hour, a few hours, a day and a half.
_OCTAVES = ((300, 0.18), (1800, 0.3), (7200, 0.45), (32400, 0.55), (129600, 0.6))


def key(*name: object) -> int:
    """128 bits that stand for a name."""
    return int.from_bytes(blake2b("\x1f".join(map(str, name)).encode(), digest_size=16).digest(), "little")


def generator(*name: object) -> np.random.Generator:
    """A generator that starts anew for every name."""
    return np.random.Generator(np.random.Philox(key=key(*name)))


def uniform(*name: object) -> float:
    """One number in [0, 1)."""
    return (key(*name) & (1 << 53) - 1) * _WORD


def between(low: float, high: float, *name: object) -> float:
    """One number in [low, high)."""
    return low + (high - low) * uniform(*name)


def pick(choices: Sequence[T], *name: object) -> T:
    """One of the choices, all as likely."""
    return choices[int(uniform(*name) * len(choices))]


def weighted(choices: Sequence[T], weights: Sequence[float], at: float) -> T:
    """The choice in whose share of [0, 1) a number lies."""
    reach = at * sum(weights)
    return next((c for c, edge in zip(choices, accumulate(weights), strict=True) if reach < edge), choices[-1])


def uniforms(name: Name, first: int, count: int) -> Floats:
    """Numbers `first` … `first + count - 1` of a name's sequence, two columns in (0, 1], shape (count, 2)."""
    words = np.random.Philox(key=key(*name), counter=first).random_raw(_BLOCK * count)
    return ((words.reshape(count, _BLOCK)[:, :2] >> np.uint64(11)).astype(np.float64) + 1.0) * _WORD


def white(name: Name, first: int, count: int) -> Floats:
    """Standard normal numbers of a name's sequence (Box and Muller 1958), shape (count,)."""
    pair = uniforms(name, first, count)
    gaussian: Floats = np.sqrt(-2.0 * np.log(pair[:, 0])) * np.cos(2.0 * np.pi * pair[:, 1])
    return gaussian


def smooth(name: Name, epochs: Epochs, period_s: int) -> Floats:
    """Standard normal numbers at nodes `period_s` apart, in between blended so that the variance stays 1.

    Args:
        name: of the sequence.
        epochs: ascending Unix seconds.
        period_s: seconds between nodes, the time over which values resemble each other.
    """
    node, rest = np.divmod(epochs, period_s)
    first = int(node[0])
    values = white(name, first, int(node[-1]) - first + 2)
    share = rest / period_s
    left, right = values[node - first], values[node - first + 1]
    blended: Floats = (left * (1.0 - share) + right * share) / np.hypot(1.0 - share, share)
    return blended


def noise(name: Name, epochs: Epochs) -> Floats:
    """Autocorrelated noise of mean 0 and variance 1: a sum of `smooth` over several periods."""
    total = np.zeros(len(epochs))
    for period_s, weight in _OCTAVES:
        total += weight * smooth((*name, period_s), epochs, period_s)
    scale = float(np.sqrt(sum(weight**2 for _, weight in _OCTAVES)))
    scaled: Floats = total / scale
    return scaled
