"""Random patterns: their number at a load and a size, as in the program."""

import numpy as np


def patterns(N, alpha):
    """P = round(alpha N), halves upwards."""
    return np.floor(alpha * N + 0.5)
