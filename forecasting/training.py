"""Trains the network of `forecasting.network` on imagined series: `python -m forecasting.training`.

The only place that knows JAX; what ships needs NumPy alone. Equal arguments give equal weights on the same machine.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from rich.progress import Progress

from forecasting.imagined import imagine
from forecasting.network import AHEAD, BLOCKS, PAST, SEASON, WEIGHTS, answer, normalised

Weights = dict[str, jax.Array]
Batch = tuple[np.ndarray, np.ndarray]

SERIES = 2048  # a step
_SEED = 20
_RATE, _WARM_UP, _LAST_RATE = 1e-3, 200, 5e-6
_DECAY = 1e-4
_AVERAGED = 0.995  # of the weights over the last steps
_SMALL = 0.1  # errors below count by their square, others as they are
_MOST = 60.0  # sizes; farther courses are no guide
_AHEAD_BATCHES = 4


def train(steps: int, width: int, tell: Callable[[int, float], None]) -> Mapping[str, np.ndarray]:
    """Train a network.

    Args:
        steps: of `SERIES` imagined series each, never the same twice.
        width: of the network.
        tell: gets the number of steps done and the error of the last one, in sizes of the series.

    Returns:
        The weights, as `forecasting.network.Network` takes them.
    """
    schedule = optax.warmup_cosine_decay_schedule(0.0, _RATE, min(_WARM_UP, steps // 2), steps, _LAST_RATE)
    optimiser = optax.chain(optax.clip(1.0), optax.adamw(schedule, weight_decay=_DECAY))

    @jax.jit
    def step(
        weights: Weights, mean: Weights, state: optax.OptState, inputs: jax.Array, targets: jax.Array
    ) -> tuple[Weights, Weights, optax.OptState, jax.Array]:
        error, slope = jax.value_and_grad(_error)(weights, inputs, targets)
        change, state = optimiser.update(slope, state, weights)
        weights = optax.apply_updates(weights, change)
        return weights, optax.incremental_update(weights, mean, 1 - _AVERAGED), state, error

    weights = _first(width)
    mean, state = weights, optimiser.init(weights)
    for number, (inputs, targets) in enumerate(_batches(steps), start=1):
        weights, mean, state, error = step(weights, mean, state, inputs, targets)
        tell(number, float(error))
    return {name: np.asarray(value) for name, value in mean.items()}


def batch(number: int) -> Batch:
    """Inputs and targets of a step, float arrays (series, 2 `PAST`) and (series, `AHEAD`) in sizes from the centre."""
    seen = imagine(np.random.default_rng([_SEED, SEASON, number]), SERIES, SEASON, PAST, AHEAD)
    normal = normalised(seen.past, seen.known)
    targets = (seen.ahead - normal.centre[:, None]) / normal.size[:, None]
    return normal.inputs, np.clip(targets, -_MOST, _MOST).astype(np.float32)


def _batches(steps: int) -> Iterator[Batch]:
    """The batches in order, imagined on another core while the last one is learnt."""
    with ThreadPoolExecutor(1) as pool:
        ahead = [pool.submit(batch, number) for number in range(min(_AHEAD_BATCHES, steps))]
        for number in range(steps):
            yield ahead.pop(0).result()
            if number + _AHEAD_BATCHES < steps:
                ahead.append(pool.submit(batch, number + _AHEAD_BATCHES))


def _error(weights: Weights, inputs: jax.Array, targets: jax.Array) -> jax.Array:
    return jnp.mean(optax.huber_loss(answer(weights, inputs), targets, delta=_SMALL)) / _SMALL


def _first(width: int) -> Weights:
    """Random weights with which every layer keeps the size of what it gets (He et al. 2015)."""
    rng = np.random.default_rng(_SEED)

    def layer(rows: int, columns: int, part: float = 1.0) -> np.ndarray:
        return np.asarray(part * (2 / rows) ** 0.5 * rng.standard_normal((rows, columns)))

    found = {"enter": layer(2 * PAST, width), "enter_bias": np.zeros(width)}
    for k in range(BLOCKS):
        found[f"widen{k}"], found[f"widen{k}_bias"] = layer(width, width), np.zeros(width)
        found[f"narrow{k}"] = layer(width, width, 0.1)
    found |= {"leave": layer(width, AHEAD, 0.1), "leave_bias": np.zeros(AHEAD), "skip": layer(2 * PAST, AHEAD, 0.1)}
    return {name: jnp.asarray(value, jnp.float32) for name, value in found.items()}


def save(weights: Mapping[str, np.ndarray], path: Path) -> None:
    """Write weights as half-precision numbers: what is lost lies far below the error of any forecast."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half: dict[str, Any] = {name: value.astype(np.float16) for name, value in weights.items()}
    np.savez_compressed(path, **half)


def main() -> None:
    """Train and save the network, with a progress bar."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--steps", type=int, default=9_000)
    asked.add_argument("--width", type=int, default=512)
    asked.add_argument("--out", type=Path, default=WEIGHTS, help="file; by default the one that ships")
    given = asked.parse_args()
    with Progress() as progress:
        bar = progress.add_task("training", total=given.steps)

        def tell(done: int, error: float) -> None:
            progress.update(bar, completed=done, description=f"error {error:.4f}")

        weights = train(given.steps, given.width, tell)
    save(weights, given.out)


if __name__ == "__main__":
    main()
