"""What a paper says against what a store shows: the table that figure scripts print with --claims."""

import numpy as np

from hypnos.statistics import wilson


def table(rows, heads=("claim", "found")):
    """Pairs of texts, such as (claim, finding), as a Markdown table."""
    return "\n".join(f"| {left} | {right} |" for left, right in (heads, ("---", "---"), *rows))


def share(hits):
    """'23 of 24 (92-99 %)': how many samples, and the 68 % interval of Wilson for the share of all samples."""
    hits = np.asarray(hits, dtype=bool)
    n, found = hits.size, hits.sum()
    if n == 0:
        return "0 of 0"
    low, high = wilson(found, n)
    return f"{found} of {n} ({100 * low:.0f}-{100 * high:.0f} %)"


def spread(values):
    """'0.31 (0.27-0.36)': median and quartiles over samples, for what is heavy-tailed or far from Gaussian."""
    known = finite(values)
    if known.size == 0:
        return "none"
    return "{1:.3g} ({0:.3g} to {2:.3g})".format(*np.percentile(known, (25, 50, 75)))


def average(values):
    """'0.425(52)': mean over samples and its standard error in units of the last digits."""
    known = finite(values)
    if known.size < 2:
        return "none" if known.size == 0 else f"{known[0]:.3g}"
    return with_error(known.mean(), known.std(ddof=1) / np.sqrt(known.size))


def with_error(mean, error):
    """The value with its error in units of the last digits, two of them: 0.425(52), 12.3(1.4), 1.23(15)e-7."""
    if not error > 1e-9 * abs(mean):  # none, or rounding
        return f"{mean:.4g}"
    scale = int(np.floor(np.log10(max(abs(mean), error))))
    if scale < -4:
        return f"{with_error(mean / 10.0 ** scale, error / 10.0 ** scale)}e{scale}"
    digits = max(1 - int(np.floor(np.log10(error))), 0)
    inside = f"{error:.1f}" if digits == 1 else f"{error * 10.0 ** digits:.0f}"
    return f"{mean:.{digits}f}({inside})"


def finite(values):
    values = np.asarray(values, dtype=float).ravel()
    return values[np.isfinite(values)]
