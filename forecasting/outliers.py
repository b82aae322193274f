"""Single outliers taken out of the past of a model that would run after them."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from forecasting.series import Floats

_REACH = 3  # neighbours on each side
_FAR = 4.0  # robust standard deviations
_MOST = 0.05  # a series with more of them than this share is simply like that
_MAD_TO_SD = 1.4826


def cleaned(z: Floats, season: int) -> Floats:
    """Points far from the median of their neighbours, replaced by what lies between the others.

    Never the last point, which may be the beginning of something; nothing that comes again at the same place in the
    season; nothing in a series that is full of such points.

    Args:
        z: float array (n,), without gaps.
        season: periods in a season.
    """
    if len(z) <= 2 * _REACH:
        return z
    around = np.median(sliding_window_view(np.pad(z, _REACH, mode="reflect"), 2 * _REACH + 1), axis=1)
    away = z - around
    sd = float(np.median(np.abs(away - np.median(away)))) * _MAD_TO_SD
    odd = np.abs(away) > _FAR * sd
    odd[-1] = False
    if sd == 0 or odd.mean() > _MOST:
        return z
    if season > 1:
        places = np.arange(len(z)) % season
        odd &= np.bincount(places[odd], minlength=season)[places] < 2
    every = np.arange(len(z))
    return np.where(odd, np.interp(every, every[~odd], z[~odd]), z)
