"""The inner loops of `models.joint`, compiled: what of each sensor departs, and what is learnt of it."""

from __future__ import annotations

import numpy as np

from models.machine_code import njit

Row = np.ndarray


@njit()
def depart(window: Row, residual: Row, broken: bool, reference: Row, judged: Row, departure: Row, here: Row) -> bool:
    """Each sensor's mean over the window with this point, less its reference.

    Args:
        window: (points, sensors) residuals, oldest first; the oldest gives way to this point.
        residual: (sensors,) of this point, NaN where there is none.
        broken: whether the window lies too far back to count.
        reference, judged: (sensors,) its reference, and whether it may be judged at all.
        departure, here: (sensors,) take what is found; 0 and False without values in half of the window.

    Returns:
        Whether all sensors are here.
    """
    points, sensors = window.shape
    complete = True
    for j in range(sensors):
        count, total = 0, 0.0
        if np.isfinite(residual[j]):
            count, total = 1, residual[j]
        if not broken:
            for i in range(1, points):
                if np.isfinite(window[i, j]):
                    count += 1
                    total += window[i, j]
        here[j] = judged[j] and 2 * count >= points
        departure[j] = total / count - reference[j] if here[j] else 0.0
        complete = complete and here[j]
    return complete


@njit()
def measure(departure: Row, here: Row, partial: Row, usual: Row, least: Row, given: Row, sizes: Row) -> int:
    """Departures, alone and given the others, in their usual sizes.

    Args:
        departure, here: (sensors,) see `depart`.
        partial: (sensors, sensors) what turns departures into departures given the others.
        usual, least: (2, sensors), (sensors,) usual sizes and the smallest that count.
        given, sizes: (sensors,), (2, sensors) take what is found.

    Returns:
        The place of the largest among the sizes, row by row.
    """
    sensors, largest = len(departure), 0
    for j in range(sensors):
        left = 0.0
        for i in range(sensors):
            left += partial[j, i] * departure[i]
        given[j] = left if here[j] else 0.0
    for j in range(sensors):
        for look in range(2):
            size, off = max(usual[look, j], least[j]), abs(given[j] if look else departure[j])
            sizes[look, j] = off / size if here[j] and size > 0.0 else 0.0
    flat = sizes.reshape(-1)
    for place in range(1, 2 * sensors):
        if flat[place] > flat[largest]:
            largest = place
    return largest


@njit()
def learn(
    departure: Row, given: Row, here: Row, looked: Row, usual: Row, least: Row, covariance: Row,
    begin: int, memory: int, clip: float,
) -> bool:  # fmt: skip
    """Learn usual sizes and covariance, from departures that are clipped once usual sizes are known.

    Returns:
        Whether any sensor's usual size is known.
    """
    sensors, known = len(departure), False
    rate, alone = np.zeros(sensors), departure.copy()
    for j in range(sensors):
        if not here[j]:
            continue
        looked[j] += 1.0
        rate[j] = 1.0 / min(looked[j], memory)
        left = given[j]
        if looked[j] > begin:
            known = True
            bound = clip * max(usual[0, j], least[j])
            alone[j] = min(max(alone[j], -bound), bound)
            bound = clip * max(usual[1, j], least[j])
            left = min(max(left, -bound), bound)
        usual[0, j] += rate[j] * (abs(alone[j]) - usual[0, j])
        usual[1, j] += rate[j] * (abs(left) - usual[1, j])
    for j in range(sensors):
        for i in range(sensors):
            covariance[j, i] += min(rate[j], rate[i]) * (alone[j] * alone[i] - covariance[j, i])
    return known


@njit()
def follow(residual: Row, reference: Row, seen: Row, looked: Row, reach: Row, begin: int, memory: int) -> None:
    """Move each reference towards the newest residual, no further than `reach` (sensors,) once usual sizes are known."""
    for j in range(len(residual)):
        if not np.isfinite(residual[j]):
            continue
        seen[j] += 1.0
        off = residual[j] - reference[j]
        if looked[j] > begin:
            off = min(max(off, -reach[j]), reach[j])
        reference[j] += off / min(seen[j], memory)


@njit()
def push(window: Row, residual: Row, broken: bool, values: Row, last: Row, step: Row, resolution: float) -> None:
    """Take a point into the window, and what each sensor moved by into its smallest step."""
    points, sensors = window.shape
    for j in range(sensors):
        for i in range(1, points):
            window[i - 1, j] = np.nan if broken else window[i, j]
        window[points - 1, j] = residual[j]
        if not np.isfinite(values[j]):
            continue
        moved = abs(values[j] - last[j])
        if moved > resolution * abs(values[j]) and (step[j] == 0.0 or moved < step[j]):
            step[j] = moved
        last[j] = values[j]
