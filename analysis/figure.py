"""The command line that every figure script shares: FILE in, PNG out, one clear line for every mistake."""

import argparse
import sys
from pathlib import Path

from store import StoreError, open_store


def command(draw, description, arguments=(), default_name="{stem}.png"):
    """Runs `draw(store, options) -> Figure` on the store named on the command line and saves its figure.

    arguments: (name, add_argument options) of further arguments. default_name: where the picture goes without -o,
    beside the store; fields are `stem` of the store and the arguments. Returns the exit code: 0, or 2 for bad input."""
    parser = argparse.ArgumentParser(description=description, allow_abbrev=False)
    parser.add_argument("file", metavar="FILE", type=Path, help="store (HDF5) written by hypnos run")
    for name, settings in arguments:
        parser.add_argument(name, **settings)
    parser.add_argument("-o", "--output", metavar="PNG", type=Path, help="picture to write (default: beside the store)")
    options = parser.parse_args()
    output = options.output or options.file.with_name(default_name.format(stem=options.file.stem, **vars(options)))
    try:
        figure = draw(open_store(options.file), options)
        save(figure, output)
    except StoreError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    print(output)
    return 0


def save(figure, output):
    formats = figure.canvas.get_supported_filetypes()
    if output.suffix[1:] not in formats:
        raise StoreError(f"cannot write {output}: its ending must be one of {', '.join(sorted(formats))}")
    try:
        figure.savefig(output)
    except OSError as error:
        raise StoreError(f"cannot write {output}: {error.strerror}") from None
