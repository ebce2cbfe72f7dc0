"""Straight lines through values with errors, by them to networks of infinite size, and powers of the size."""

from collections import namedtuple

import numpy as np
import xarray as xr

from hypnos.statistics import Estimate, estimate

# at_infinity: Estimate of the value at N = infinity; slope: of the line; chi2 and freedom: of the fit
Line = namedtuple("Line", "at_infinity slope chi2 freedom")
Power = namedtuple("Power", "exponent stderr chi2 freedom")


def line_weights(x, error):
    """[2, point]: offset and slope of the least-squares line are weights @ y, each y weighted by 1 / error^2."""
    columns = np.stack([np.ones_like(x), x], axis=1)
    return np.linalg.pinv(columns / error[:, None]) / error


def line(x, y, error, fewest=2):
    """Slope and offset of the weighted least-squares line through the known points; NaN if these are too few."""
    known = np.isfinite(y) & np.isfinite(error) & (error > 0)
    if known.sum() < fewest:
        return np.nan, np.nan
    offset, slope = line_weights(x[known], error[known]) @ y[known]
    return slope, offset


def extrapolated(values, power=1, blur=0):
    """The line a + b N^-power through the means of values [N, realization], each weighted by its own squared error.

    With the weights fixed, a is a weighted sum of the means, so it is the mean of the same sum over the values of
    single realizations where all sizes have one; its jackknife error is the standard error of these. Where a
    realization lacks a size, errors of the means are propagated instead, as if sizes were independent (their patterns
    are). `blur`, a number or one for every size, is an error of the means that more samples do not reduce; it is added
    in squares. Sizes with fewer than two values, or without any error, do not count; a line needs two."""
    means = estimate(values)
    blur = np.broadcast_to(np.asarray(blur, float), means.mean.shape)
    means = means._replace(stderr=np.hypot(means.stderr, blur))
    usable = (means.count.values > 1) & (means.stderr.values > 0)
    if usable.sum() < 2:
        nothing = xr.full_like(means.mean.isel(N=0, drop=True), np.nan)
        return Line(Estimate(nothing, nothing, 0), np.nan, np.nan, 0)
    values, (mean, error, _) = values.isel(N=usable), means.isel(N=usable)
    x = values["N"].values.astype(float) ** -power
    weights = line_weights(x, error.values)
    a, b = weights @ mean.values
    whole = values.transpose("N", "realization").dropna("realization")
    if whole.sizes["realization"] == values.sizes["realization"]:
        spread = weights[0] @ whole.values
        deviation = np.hypot(spread.std(ddof=1) / np.sqrt(spread.size), np.hypot.reduce(weights[0] * blur[usable]))
    else:
        deviation = np.hypot.reduce(weights[0] * error.values)
    residuals = (mean.values - (a + b * x)) / error.values
    at_infinity = Estimate(xr.DataArray(a), xr.DataArray(deviation), int(means.count.values[usable].min()))
    return Line(at_infinity, b, float(residuals @ residuals), int(usable.sum()) - 2)


def power_of_size(values):
    """The exponent z of values [N, realization] > 0 that grow as N^z: the slope of the line through the means of their
    logarithms against ln N, each weighted by its own squared error, and the error that follows from these. Sizes with
    fewer than two values, or without any error, do not count; NaN if fewer than two are left."""
    mean, error, count = (part.values for part in estimate(np.log(values.transpose("N", "realization"))))
    usable = (count > 1) & (error > 0)
    if usable.sum() < 2:
        return Power(np.nan, np.nan, np.nan, 0)
    x, mean, error = np.log(values["N"].values[usable].astype(float)), mean[usable], error[usable]
    weights = line_weights(x, error)
    offset, exponent = weights @ mean
    residuals = (mean - offset - exponent * x) / error
    return Power(float(exponent), float(np.hypot.reduce(weights[1] * error)), float(residuals @ residuals),
                 int(usable.sum()) - 2)
