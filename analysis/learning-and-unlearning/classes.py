"""What the figures of classification share: loads, samples that converged, how many."""

from hypnos.figures.patterns import patterns


def load(N, alpha):
    """P / N, from which alpha differs by rounding."""
    return patterns(N, alpha) / N


def converged(store, name=None):
    """Whether the only fixed points in the end are the patterns and their opposites, 1 or 0, NaN where a task is not
    done; or an observable of these samples alone, NaN in others."""
    met = store["converged"]
    return met if name is None else store[name].where(met == 1)


def told(hits):
    """'23 of 24': how many of the samples that are done."""
    return f"{int((hits == 1).sum())} of {int(hits.notnull().sum())}"


def known(hits):
    """[True or False of every sample that is done], for a share."""
    return hits.values[hits.notnull().values] == 1
