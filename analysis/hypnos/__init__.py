"""Reads and draws stores of Hypnos.

    import hypnos
    data = hypnos.open("quickstart.h5")            # xarray.Dataset; what is not done is NaN
    data.Cv.sel(a=0.5).hypnos.mean()               # over realizations; also .stderr(), .estimate()
    data.Cv.hypnos.label                           # LaTeX symbol, description and units, from the file
    data.hypnos.job["N"]                           # the settings of the job, as text
    data.hypnos.plot("Cv")                         # matplotlib figure, as by hypnos-plot FILE Cv

Needs numpy, h5py and xarray; plots need matplotlib."""

try:
    from hypnos.accessors import Observable, Store
    from hypnos.statistics import Estimate, estimate, jackknife
    from hypnos.store import StoreError, open_store as open
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(f"hypnos needs the Python package {error.name}: install it by 'pip install ./analysis' "
                              "or, on Debian, by 'cmake/install-dependencies.sh plots'", name=error.name) from None

__all__ = ["Estimate", "Observable", "Store", "StoreError", "estimate", "jackknife", "open"]
