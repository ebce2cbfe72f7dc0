"""Gardner's curves: the largest stability k at which couplings can hold alpha N random patterns, N -> infinity."""

from math import erf, pi, sqrt

import numpy as np

# Everything grows with u, so functions are inverted on a grid: between its points lines err by less than 1e-8.
_u = np.linspace(-1, 9, 100_001)
_density = np.exp(-_u ** 2 / 2) / sqrt(2 * pi)
_normal = np.array([(1 + erf(u / sqrt(2))) / 2 for u in _u])
_i1 = _u * _normal + _density
_i2 = (1 + _u ** 2) * _normal + _u * _density


def gardner_k(alpha):
    """Couplings without symmetry: 1 / alpha = int_{-k}^infinity (t + k)^2 Dt (Gardner, J. Phys. A 21, 257 (1988)).
    NaN below k = 0."""
    return _not_below_zero(np.interp(1 / alpha, _i2, _u))


def symmetric_gardner_k(alpha):
    """Symmetric couplings of strongly diluted networks (Gardner, Gutfreund and Yekutieli, J. Phys. A 22, 1995 (1989)):
    1 / (2 alpha) = I_2(u) + I_1(u)^2, k = u + I_1(u), I_n(u) = int_{-u}^infinity (t + u)^n Dt. NaN below k = 0."""
    return _not_below_zero(np.interp(1 / (2 * alpha), _i2 + _i1 ** 2, _u + _i1))


def _not_below_zero(k):
    return np.where(k >= 0, k, np.nan)[()]
