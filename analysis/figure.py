"""The command line that every figure script shares: FILE in, PNG out, one clear line for every mistake."""

import argparse
import sys
from pathlib import Path

from claims import table
from store import StoreError, open_store


def command(draw, description, arguments=(), default_name="{stem}.png", claims=None, experiments=()):
    """Runs `draw(store, options) -> Figure` on the store named on the command line and saves its figure.

    experiments: their names, for a figure made of one store each; these are given in any order, and draw and claims get
    them as a list in the order of the names.
    arguments: (name, add_argument options) of further arguments. default_name: where the picture goes without -o,
    beside the store; fields are `stem` of the store and the arguments. claims: `claims(store) -> [(claim, finding)]`,
    printed as a table with --claims. Returns the exit code: 0, or 2 for bad input."""
    parser = argparse.ArgumentParser(description=description, allow_abbrev=False)
    wanted = {"nargs": "+", "help": f"stores (HDF5) written by hypnos run, one each of {' and '.join(experiments)}"} \
        if experiments else {"nargs": 1, "help": "store (HDF5) written by hypnos run"}
    parser.add_argument("files", metavar="FILE", type=Path, **wanted)
    for name, settings in arguments:
        parser.add_argument(name, **settings)
    if claims:
        parser.add_argument("--claims", action="store_true", help="also print how what the paper says fares here")
    parser.add_argument("-o", "--output", metavar="PNG", type=Path, help="picture to write (default: beside the store)")
    options = parser.parse_args()
    first = options.files[0]
    output = options.output or first.with_name(default_name.format(stem=first.stem, **vars(options)))
    try:
        figure, judged = drawn(experiments, draw, options, claims if claims and options.claims else None)
        save(figure, output)
    except StoreError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    if judged:
        print(judged)
    print(output)
    return 0


def drawn(experiments, draw, options, claims):
    """The figure and the table of claims, or None without them. Stores are let go before the picture is written."""
    stores = [open_store(file) for file in options.files]
    given = in_order(stores, experiments) if experiments else stores[0]
    return draw(given, options), table(claims(given)) if claims else None


def in_order(stores, experiments):
    """The stores, one of each experiment, in the order of these."""
    found = sorted(store.experiment for store in stores)
    if found != sorted(experiments):
        raise StoreError(f"the stores given are of {', '.join(found)}, but this figure needs one each of "
                         + " and ".join(experiments))
    return sorted(stores, key=lambda store: experiments.index(store.experiment))


def save(figure, output):
    formats = figure.canvas.get_supported_filetypes()
    if output.suffix[1:] not in formats:
        raise StoreError(f"cannot write {output}: its ending must be one of {', '.join(sorted(formats))}")
    try:
        figure.savefig(output)
    except OSError as error:
        raise StoreError(f"cannot write {output}: {error.strerror}") from None
