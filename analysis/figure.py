"""The command line that every figure script shares: FILE in, PNG out, one clear line for every mistake."""

import argparse
import sys
from pathlib import Path

from claims import table
from store import StoreError, open_store


def command(draw, description, arguments=(), default_name="{stem}.png", claims=None):
    """Runs `draw(store, options) -> Figure` on the store named on the command line and saves its figure.

    arguments: (name, add_argument options) of further arguments. default_name: where the picture goes without -o,
    beside the store; fields are `stem` of the store and the arguments. claims: `claims(store) -> [(claim, finding)]`,
    printed as a table with --claims. Returns the exit code: 0, or 2 for bad input."""
    parser = argparse.ArgumentParser(description=description, allow_abbrev=False)
    parser.add_argument("file", metavar="FILE", type=Path, help="store (HDF5) written by hypnos run")
    for name, settings in arguments:
        parser.add_argument(name, **settings)
    if claims:
        parser.add_argument("--claims", action="store_true", help="also print how what the paper says fares here")
    parser.add_argument("-o", "--output", metavar="PNG", type=Path, help="picture to write (default: beside the store)")
    options = parser.parse_args()
    output = options.output or options.file.with_name(default_name.format(stem=options.file.stem, **vars(options)))
    try:
        figure, judged = drawn(open_store(options.file), draw, options, claims if claims and options.claims else None)
        save(figure, output)
    except StoreError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    if judged:
        print(judged)
    print(output)
    return 0


def drawn(store, draw, options, claims):
    """The figure and the table of claims, or None without them. The store is let go before the picture is written."""
    return draw(store, options), table(claims(store)) if claims else None


def save(figure, output):
    formats = figure.canvas.get_supported_filetypes()
    if output.suffix[1:] not in formats:
        raise StoreError(f"cannot write {output}: its ending must be one of {', '.join(sorted(formats))}")
    try:
        figure.savefig(output)
    except OSError as error:
        raise StoreError(f"cannot write {output}: {error.strerror}") from None
