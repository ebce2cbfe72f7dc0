"""What the figures of symmetric perceptrons share: jobs that vary alpha and k together, theories, maps."""

import sys

import numpy as np

from hypnos.store import StoreError


def loads(values):
    """The loads alpha of a job that varies alpha and k side by side."""
    return np.unique(values["alpha"].values)


def at_load(values, alpha):
    """[k, ...] at one load, k increasing."""
    here = np.flatnonzero(np.isclose(values["alpha"], alpha))
    return values.isel(alpha_k=here).swap_dims(alpha_k="k").sortby("k")


def theory(store, name):
    """{load alpha: k} of a theory that the program computes at the loads of its job; empty for a store without it."""
    if name not in store:
        return {}
    over = store[name]["alpha"].dims
    values = store[name].mean([dim for dim in store[name].dims if dim not in over])
    return {float(alpha): float(k) for alpha, k in sorted(zip(values["alpha"].values, values.values)) if np.isfinite(k)}


def tell_missing(store, names):
    """One line for what a figure lacks because its store was made by an older program."""
    if missing := [name for name in names if name not in store]:
        print(f"{store.path} has no {' and no '.join(missing)}, so the figure lacks this theory; run the job again "
              "with the present program", file=sys.stderr)


def expect_maps(unlearning):
    if unlearning.job["retrieval_points"] == "0":
        raise StoreError(f"{unlearning.path} has retrieval_points = 0, but this figure needs maps")
