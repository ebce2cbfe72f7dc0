"""How D_in, D_top and D_fin depend on load and size: Eqs. 9-11 of the paper, fitted, with jackknife errors.

Times are dreams x epsilon / N. Two readings of what D_in and D_fin of many samples are, since the least stability
scatters from dream to dream and from sample to sample:
- `samples`: means of the samples' own first and last dream with delta_min >= 0, which the scatter drives apart;
- `mean curve`: where delta_min, averaged over samples as in Fig. 3, crosses zero.
D_top is the maximum of a parabola through all records of a curve within 0.05 of the highest, in both."""

import numpy as np

from hypnos.claims import finite, with_error
from hypnos.curves import first_rise, last_fall, local_peak
from hypnos.extrapolation import line
from hypnos.figures.dreams import moment

PUBLISHED = {"a": (1.02, 0.02), "b": (-0.05, 0.01), "c": (-0.039, 0.003), "d": (0.023, 0.002), "e": (-0.022, 0.001),
             "f": (0.013, 0.001), "alpha_c": (0.589, 0.003)}
NAMES = ("a", "b", "c", "d", "e", "f", "-d/c", "-f/e")  # what `coefficients` returns
READINGS = ("samples", "mean curve")
REACH = 0.05


def published(name, alpha):
    """D_in, D_top or D_fin by the printed coefficients, and its error as if theirs were independent."""
    (a, da), (b, db) = PUBLISHED["a"], PUBLISHED["b"]
    top, variance = a * alpha + b, (alpha * da) ** 2 + db ** 2
    if name == "top":
        return top, np.sqrt(variance)
    slope, offset, sign = ("c", "d", -1) if name == "in" else ("e", "f", 1)
    (c, dc), (d, dd) = PUBLISHED[slope], PUBLISHED[offset]
    square, spread = c * alpha + d, np.hypot(alpha * dc, dd)
    if square <= 0:
        return np.nan, np.nan
    return top + sign * np.sqrt(square), np.sqrt(variance + (spread / (2 * np.sqrt(square))) ** 2)


def sigmas(found, value, error):
    """How many combined errors the mean of samples is away from a value with an error."""
    known = finite(found)
    return apart(known.mean(), known.std(ddof=1) / np.sqrt(known.size), value, error) if known.size > 1 else "unknown"


def apart(found, its_error, value, error):
    distance = (found - value) / np.hypot(its_error, error)
    return f"{distance:+.1f} combined errors" if np.isfinite(distance) else "not to be compared"


class Curves:
    """Everything as arrays [N, alpha, realization], from a store with these sweep axes, or one point of a third."""

    def __init__(self, store, **point):
        def of(values):
            return values.sel(point).transpose("N", "alpha", "realization", ...)
        self.N, self.alpha = of(store["delta_min"])["N"].values, of(store["delta_min"])["alpha"].values
        self.time = store["delta_min"]["time"].values
        self.times = {name: of(moment(store, name)).values for name in ("in", "top", "fin")}
        self.height = of(store["delta_min_peak"]).values
        self.low = of(store["delta_min"]).values
        self.samples = self.height.shape[2]
        # a mean over those samples alone that have a D_in would be one of the better samples
        self.known = np.isfinite(self.times["in"]).all(2) & np.isfinite(self.times["fin"]).all(2)
        self.errors = {name: _error(values) for name, values in self.times.items()}
        self.errors["gap in"] = _error(self.times["top"] - self.times["in"])
        self.errors["gap fin"] = _error(self.times["fin"] - self.times["top"])
        self.errors["height"] = _error(self.height)

    def places(self, reading, keep):
        """{in, top, fin, height: [N, alpha]} of the realizations to keep; NaN where one of them, or their mean curve,
        has no such time."""
        if reading == "samples":
            means = {name: values[:, :, keep].mean(2) for name, values in self.times.items()}
            return {**means, "height": self.height[:, :, keep].mean(2)}
        mean = self.low[:, :, keep].mean(2)
        found = np.array([[_marks(self.time, curve) for curve in row] for row in mean])
        return dict(zip(("in", "top", "fin", "height"), np.moveaxis(found, 2, 0)))


def _error(values):
    """Standard errors of the means over samples, the last axis; NaN for a single one."""
    if values.shape[2] < 2:
        return np.full(values.shape[:2], np.nan)
    with np.errstate(invalid="ignore"):
        return values.std(2, ddof=1) / np.sqrt(values.shape[2])


def _marks(time, curve):
    """D_in, D_top and D_fin of one curve, and its height at D_top."""
    top, height = local_peak(time, curve, REACH)
    return first_rise(time, curve), top, last_fall(time, curve), height


def at_infinity(N, values, errors, smallest):
    """N -> infinity of values [N, alpha], by the line in 1/N through all sizes from the smallest on."""
    large = N >= smallest
    return np.array([line(1 / N[large], y[large], e[large])[1] for y, e in zip(values.T, errors.T)])


def coefficients(alpha, found, errors):
    """a ... f of Eqs. 9-11 and the capacities -d/c and -f/e: lines through D_top, (D_top - D_in)^2, (D_fin - D_top)^2
    against alpha, each through three loads or more. errors: of top, gap in, gap fin."""
    a, b = line(alpha, found["top"], errors["top"], 3)
    result = [a, b]
    for gap, name in ((found["top"] - found["in"], "gap in"), (found["fin"] - found["top"], "gap fin")):
        result += list(line(alpha, gap ** 2, 2 * np.abs(gap) * errors[name], 3))
    c, d, e, f = result[2:]
    return np.array(result + [-d / c, -f / e])


def exponent(alpha, gap, error, capacity=None):
    """p of gap = A (alpha_c - alpha)^p: 1/2 in Eqs. 10 and 11. With a given capacity from the line through the
    logarithms, else that p between 0.1 and 1.5 whose line through gap^(1/p) has the least chi^2: four loads or more for
    this, three for the other. NaN if they are fewer."""
    if capacity is not None:
        below = (alpha < capacity) & (gap > 0)
        with np.errstate(invalid="ignore"):
            return line(np.log(capacity - alpha[below]), np.log(gap[below]), (error / gap)[below], 3)[0]
    known = np.isfinite(gap) & (gap > 0) & np.isfinite(error) & (error > 0)
    if known.sum() < 4:
        return np.nan
    x, gap, error = alpha[known], gap[known], error[known]

    def misfit(p):
        y, dy = gap ** (1 / p), gap ** (1 / p - 1) * error / p
        slope, offset = line(x, y, dy)
        with np.errstate(invalid="ignore"):
            fitted = np.maximum(slope * x + offset, 0) ** p
        return (((fitted - gap) / error) ** 2).sum()
    powers = np.arange(0.1, 1.501, 0.005)
    chi2 = np.array([misfit(p) for p in powers])
    best = int(np.argmin(chi2))
    if best in (0, powers.size - 1):
        return np.nan
    c, b, _ = np.polyfit(powers[best - 1:best + 2] - powers[best], chi2[best - 1:best + 2], 2)
    return powers[best] - (b / (2 * c) if c > 0 else 0)


def vanishing(alpha, height, errors):
    """The load at which the height of the top falls through zero: on the line through the four loads of least height,
    of whichever sign."""
    near = np.argsort(np.abs(height))[:4]
    slope, offset = line(alpha[near], height[near], errors[near])
    return -offset / slope


def text(value, error):
    return with_error(value, error) if np.isfinite(value) and np.isfinite(error) else "none"
