"""How names are written: by the `symbol` attribute of the file (LaTeX), or by the name itself.

Names are the field's symbols in ASCII, so a name that is a letter or a Greek letter, with or without an index, is set
as such: beta_d, m_0. Other names, such as rule, stay words."""

import re

GREEK = ("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi "
         "psi omega").split()


def symbol(name, variable=None):
    """A variable as the field writes it, for matplotlib."""
    given = variable.attrs.get("symbol", "") if variable is not None else ""
    return f"${given}$" if given else spelt(name)


def spelt(name):
    """The name in LaTeX, if it is a letter with an index."""
    letter, _, index = name.partition("_")
    if letter not in GREEK and not re.fullmatch("[A-Za-z]", letter):
        return name
    index = index.replace("_", ", ")
    index = "" if not index else f"_{index}" if len(index) == 1 else rf"_\mathrm{{{index}}}"
    return f"${chr(92) if letter in GREEK else ''}{letter}{index}$"


def described(variable):
    """The first clause of a long name; the rest explains it to those who read the file."""
    return variable.attrs.get("long_name", "").split(";")[0]


def with_units(text, variable):
    """'text (units)'; numbers without a unit stay bare."""
    units = variable.attrs.get("units", "1")
    return text if units in ("1", "") else f"{text} ({units})"


def label(name, variable):
    """'symbol, description (units)'; a name that is no symbol stands only where there is no description."""
    written, text = symbol(name, variable), described(variable)
    words = [part for part in (written if "$" in written or not text else "", text) if part]
    return with_units(", ".join(words), variable)
