"""Means over realizations and their errors."""

from collections import namedtuple

import numpy as np


class Estimate(namedtuple("Estimate", "mean stderr count")):
    """Mean, standard error and count, three arrays of the same axes."""

    def isel(self, **index):
        return Estimate(*(part.isel(**index) for part in self))


def estimate(values):
    """Mean, standard error s / sqrt(n) and count n along `realization`; s is the sample standard deviation (n - 1).

    Values that are NaN do not count. The mean of none and the error of fewer than two are NaN."""
    count = values.count("realization")
    mean = values.sum("realization") / count.where(count > 0)
    variance = ((values - mean) ** 2).sum("realization") / (count - 1).where(count > 1)
    error = np.sqrt(variance / count)
    return Estimate(mean.assign_attrs(values.attrs), error.assign_attrs(values.attrs), count)


def wilson(found, count):
    """Ends of the 68 % interval of Wilson for the part of all samples that are as `found` of `count` are; 0 and 1 if
    there are none."""
    centre = (found + 0.5) / (count + 1)
    half = np.sqrt(found * (count - found) / np.maximum(count, 1) + 0.25) / (count + 1)
    return np.maximum(centre - half, 0), np.minimum(centre + half, 1)


def jackknife(function, samples):
    """function(indices of the realizations to keep) -> array: its value for all, and its jackknife error
    sqrt((n - 1) / n sum_k (f_k - mean f)^2), f_k without realization k.

    Of one realization the error is NaN. A realization is left out at all sweep points at once, so that whatever these
    have in common is accounted for."""
    every = np.arange(samples)
    value = function(every)
    if samples < 2:
        return value, np.full_like(value, np.nan)
    left_out = np.array([function(np.delete(every, k)) for k in every])
    return value, np.sqrt((samples - 1) / samples * ((left_out - left_out.mean(0)) ** 2).sum(0))
