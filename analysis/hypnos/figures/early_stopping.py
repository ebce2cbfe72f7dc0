"""Where the stop rule of Boltzmann learning was not met, for figures to mark."""


def partly_stopped(store):
    """{index of a: 'a = 0.2: 3 of 8'} for the values of a at which some done realizations never met the stop rule."""
    met = store["converged"]
    counts = zip(met["a"].values, met.sum("realization").values, met.count("realization").values)
    return {index: f"a = {a:g}: {stopped:.0f} of {count}"
            for index, (a, stopped, count) in enumerate(counts) if stopped < count}


def told(partial):
    """For a caption: at which a not all samples met the stop rule."""
    counts = "; ".join(partial.values()).replace("a = ", "")
    return f"not all samples met the stop rule (a: how many did; {counts})"
