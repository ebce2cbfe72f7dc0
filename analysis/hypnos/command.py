"""The command line of hypnos-plot and of every figure script: FILE in, picture out, one line for every mistake."""

import argparse
import sys
from pathlib import Path

from hypnos.accessors import Store
from hypnos.claims import table
from hypnos.layout import arrange
from hypnos.store import StoreError, open_store
from hypnos.style import STYLES, inches, plt, sheet


def command(documentation, draw, arguments=(), default_name="{stem}.png", claims=None, experiments=()):
    """Runs `draw(store) -> Figure` on the store named on the command line, saves its figure and exits: 0, or 2 for bad
    input.

    documentation: of the script; its first line describes the command. experiments: their names, for a figure made of
    one store each, with settings of the job where these tell stores apart: "local-minima couplings=sk"; a store counts
    as the first that fits. Stores are given in any order, and draw and claims get them as a list in this one.
    arguments: (name, add_argument options) of further arguments, which draw gets by their names. default_name: where
    the picture goes without -o, beside the store; fields are `stem` of the store and the arguments. claims:
    `claims(store) -> [(claim, finding)]`, printed as a table with --claims."""
    parser = Parser(description=documentation.splitlines()[0], allow_abbrev=False)
    wanted = {"nargs": "+", "help": f"stores (HDF5) written by hypnos run, one each of {' and '.join(experiments)}"} \
        if experiments else {"nargs": 1, "help": "store (HDF5) written by hypnos run"}
    parser.add_argument("files", metavar="FILE", type=Path, **wanted)
    for name, settings in arguments:
        parser.add_argument(name, **settings)
    if claims:
        parser.add_argument("--claims", action="store_true",
                            help="also print the claims of the paper beside what the store shows")
    parser.add_argument("-o", "--output", metavar="PICTURE", type=Path,
                        help="picture to write: .png, .pdf, .svg (default: a PNG beside the store)")
    parser.add_argument("--width", metavar="WIDTH", help="of the picture in print, such as 86mm, 8.6cm, 3.4in, 244pt; "
                        "panels that do not fit beside each other stand below each other")
    parser.add_argument("--style", choices=STYLES, help="size of text and lines; paper: text of 7 to 9 points "
                        "(default: screen, with --width paper)")
    parser.add_argument("--no-title", dest="title", action="store_false",
                        help="without the title, and with the letters alone of those of panels")
    parser.add_argument("--no-caption", dest="caption", action="store_false", help="without the text below the picture")
    options = vars(parser.parse_args())
    files, output, judge = options.pop("files"), options.pop("output"), options.pop("claims", False)
    page = {name: options.pop(name) for name in ("style", "width", "title", "caption")}
    output = output or files[0].with_name(default_name.format(stem=files[0].stem, **options))
    plt.switch_backend("Agg")  # pictures go to files, also where there is no screen
    try:
        check_width(page["width"])
        stores = [Store(open_store(file)) for file in files]
        given = in_order(stores, experiments) if experiments else stores[0]
        with sheet(**page):
            figure = draw(given, **options)
            arrange(figure)
            judged = table(claims(given)) if judge else None
            save(figure, output)
    except StoreError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        sys.exit(2)
    if judged:
        print(judged)
    print(output)
    sys.exit(0)


class Parser(argparse.ArgumentParser):
    """Tells a mistake in one line."""

    def error(self, message):
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def check_width(width):
    try:
        if width is not None:
            inches(width)
    except ValueError as error:
        raise StoreError(f"--width: {error}") from None


def in_order(stores, experiments):
    """The stores, one of each experiment, in the order of these."""
    kinds = [next((kind for kind in experiments if is_of(store, *kind.split())), store.experiment) for store in stores]
    if sorted(kinds) != sorted(experiments):
        raise StoreError(f"the stores given are of {', '.join(sorted(kinds))}, but this figure needs one each of "
                         + " and ".join(experiments))
    return [store for _, store in sorted(zip(kinds, stores), key=lambda pair: experiments.index(pair[0]))]


def is_of(store, experiment, *settings):
    pairs = (setting.split("=") for setting in settings)
    return store.experiment == experiment and all(store.job.get(key) == value for key, value in pairs)


def save(figure, output):
    formats = figure.canvas.get_supported_filetypes()
    if output.suffix[1:].lower() not in formats:
        raise StoreError(f"cannot write {output}: its ending must be one of {', '.join(sorted(formats))}")
    figure.set_layout_engine("none")  # it is arranged
    try:
        figure.savefig(output)
    except OSError as error:
        raise StoreError(f"cannot write {output}: {error.strerror}") from None
