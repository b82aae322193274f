"""What an incident does to a series of a station."""

from __future__ import annotations

import numpy as np

from simulator.chance import Epochs, Floats, smooth
from simulator.incidents import Incident

_RISE_S = 900.0  # from nothing to full within a quarter of an hour
_FALL = 0.35  # the last part of an incident in which it fades
_TURBULENCE, _TURBULENCE_S = 0.12, 1200
_PLUME = {"pm-plume": {"pm25": 1.0, "pm10": 1.6}, "so2-plume": {"so2": 1.0, "pm25": 0.12, "pm10": 0.18}}
_DISCHARGE = {"cod": 1.0, "nh4": 0.85, "tss": 0.75}


def envelope(incident: Incident, epochs: Epochs) -> Floats:
    """0 before, 1 at full strength, fading at the end, 0 after."""
    since = epochs - incident.start.timestamp()
    left = incident.end.timestamp() - epochs
    fall = _FALL * (incident.end - incident.start).total_seconds()
    shape: Floats = np.clip(np.minimum((since + 300.0) / _RISE_S, left / fall), 0.0, 1.0)
    return np.where((since >= 0) & (left > 0), shape, 0.0)


def affected(incident: Incident, metric: str, epochs: Epochs, values: Floats, limit: float) -> Floats:
    """The series with the incident in it.

    Args:
        incident: at this station.
        metric: of the series.
        epochs: Unix seconds.
        values: without the incident, in the metric's unit.
        limit: the metric's upper legal limit, in its unit.

    Plumes add their strength in µg/Nm³, a discharge lifts towards its strength times the limit, a pH drop takes its
    strength off, an oxygen drop takes that share away. A stuck sensor is not an effect on the water or the air: see
    `simulator.stations`.
    """
    rough = 1.0 + _TURBULENCE * smooth((incident.id, metric), epochs, _TURBULENCE_S)
    force = envelope(incident, epochs) * rough
    match incident.kind:
        case "pm-plume" | "so2-plume":
            return values + incident.strength * _PLUME[incident.kind][metric] * force
        case "discharge":
            top = max(1.2, incident.strength * _DISCHARGE[metric]) * limit
            return values + np.maximum(top - values, 0.0) * force
        case "ph-drop":
            return values - incident.strength * force
        case "do-drop":
            return values * (1.0 - incident.strength * force)
    return values
