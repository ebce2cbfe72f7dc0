"""To networks of infinite size: straight lines through the means at several sizes."""

from collections import namedtuple

import numpy as np
import xarray as xr

from store import Estimate, estimate

# at_infinity: Estimate of the value at N = infinity; slope: of the line; chi2 and freedom: of the fit
Line = namedtuple("Line", "at_infinity slope chi2 freedom")


def extrapolated(values, power=1, blur=0):
    """The line a + b N^-power through the means of values [N, realization], each weighted by its own squared error.

    With the weights held, a is a weighted sum of the means, so it is the mean of the same sum over the values of single
    realizations where all sizes have one; its jackknife error is the standard error of these. Where a realization lacks
    a size, errors of the means are propagated instead, as if sizes were independent (their patterns are). `blur`, a
    number or one for every size, is what the means may be off by for reasons that more samples do not mend; it is added
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
    columns = np.stack([np.ones_like(x), x], axis=1)
    weights = np.linalg.pinv(columns / error.values[:, None]) / error.values  # [a and b, N]
    a, b = weights @ mean.values
    whole = values.transpose("N", "realization").dropna("realization")
    if whole.sizes["realization"] == values.sizes["realization"]:
        spread = weights[0] @ whole.values
        deviation = np.hypot(spread.std(ddof=1) / np.sqrt(spread.size), np.hypot.reduce(weights[0] * blur[usable]))
    else:
        deviation = np.hypot.reduce(weights[0] * error.values)
    residuals = (mean.values - columns @ (a, b)) / error.values
    at_infinity = Estimate(xr.DataArray(a), xr.DataArray(deviation), int(means.count.values[usable].min()))
    return Line(at_infinity, b, float(residuals @ residuals), int(usable.sum()) - 2)
