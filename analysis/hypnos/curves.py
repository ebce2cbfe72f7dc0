"""Curves along time, on the polygon through their records: where they cross a level, where they are extreme."""

import numpy as np
import xarray as xr


def crossing(values, level):
    """The first time a curve is at the level, from whichever side it starts, on the polygon through its records; NaN if
    it never is."""
    def first(time, curve):
        return first_rise(time, curve - level if curve[0] <= level else level - curve)
    return _along_time(first, values)


def rise(values, level=0):
    """The first time a curve is at the level or above, on the polygon through its records: that of its first record if
    it starts there, NaN if it never is."""
    return _along_time(first_rise, values - level)


def fall(values, level=0):
    """As rise, for at the level or below."""
    return rise(-values, -level)


def first_rise(time, curve):
    """Where one curve first is 0 or above; NaN if it never is."""
    above = np.flatnonzero(curve >= 0)
    if above.size == 0:
        return np.nan
    k = above[0]
    return time[0] if k == 0 else np.interp(0, curve[k - 1:k + 1], time[k - 1:k + 1])


def last_fall(time, curve):
    """Where one curve last falls from 0 or above to below 0; NaN if it never is 0 or above, or is so at its end."""
    above = np.flatnonzero(curve >= 0)
    if above.size == 0 or above[-1] + 1 == curve.size:
        return np.nan
    k = above[-1]
    return np.interp(0, curve[k:k + 2][::-1], time[k:k + 2][::-1])


def local_peak(time, curve, reach):
    """Place and height of the maximum of the parabola through all records no further than `reach` from the highest; the
    highest record itself where these are fewer than three or their parabola has no maximum among them. NaN if the
    highest is the first or the last record, or the maximum is nearer than reach / 2 to one of these, as in the program:
    the curve may be higher beyond its records."""
    k = int(np.argmax(curve))
    near = np.abs(time - time[k]) <= reach + 1e-9  # times are rounded
    place, height = time[k], curve[k]
    if near.sum() >= 3:
        from_peak = time[near] - time[k]
        a, b, c = np.polyfit(from_peak, curve[near], 2)
        if a < 0 and from_peak[0] <= -b / (2 * a) <= from_peak[-1]:
            place, height = time[k] - b / (2 * a), c - b * b / (4 * a)
    at_edge = k in (0, time.size - 1) or place < time[0] + reach / 2 or place > time[-1] - reach / 2
    return (np.nan, np.nan) if at_edge else (place, height)


def first_minimum(values, rise=1e-6):
    """Place and height of the first local minimum inside the recorded time, by the parabola through three records;
    NaN if there is none. The curve must rise again by `rise` times the height, so that rounding makes no minima."""
    def first(time, curve):
        later = np.maximum.accumulate(curve[::-1])[::-1]  # the highest from here on
        minima = (curve[1:-1] < curve[:-2]) & (curve[1:-1] < curve[2:])
        inside = np.flatnonzero(minima & (later[1:-1] - curve[1:-1] > rise * np.abs(curve[1:-1]))) + 1
        return _vertex(time, curve, inside[0]) if inside.size else (np.nan, np.nan)
    return _along_time(first, values, outputs=2)


def first_maximum(values):
    """As first_minimum."""
    place, height = first_minimum(-values)
    return place, -height


def lowest(values):
    """Place and height of the lowest point of all, by the parabola through three records unless it is at an end."""
    return _along_time(lambda time, curve: _vertex(time, curve, int(np.argmin(curve))), values, outputs=2)


def highest(values):
    """As lowest."""
    place, height = lowest(-values)
    return place, -height


def at_time(values, times):
    """The height of every curve at a time of its own."""
    return _along_time(lambda time, curve, when: np.interp(when, time, curve, left=np.nan, right=np.nan), values, times)


def _along_time(function, values, *others, outputs=1):
    """function(time, curve, *others) of every curve, without the records at which it is not known."""
    def known(time, curve, *rest):
        there = np.isfinite(curve)
        if not there.any():
            return np.nan if outputs == 1 else (np.nan,) * outputs
        return function(time[there], curve[there], *rest)
    return xr.apply_ufunc(known, values["time"], values, *others,
                          input_core_dims=[["time"], ["time"], *[[] for _ in others]],
                          output_core_dims=[[]] * outputs, vectorize=True)


def _vertex(time, curve, k):
    if k in (0, curve.size - 1):
        return time[k], curve[k]
    a, b, c = np.polyfit(time[k - 1:k + 2] - time[k], curve[k - 1:k + 2], 2)
    return (time[k] - b / (2 * a), c - b * b / (4 * a)) if a > 0 else (time[k], curve[k])
