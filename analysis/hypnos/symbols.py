r"""How names are written: by the `symbol` attribute of the file (LaTeX), or by the name itself.

Names are the field's symbols in ASCII, so a name that is a letter or a Greek letter, with or without an index, is set
as such: beta_d, m_0; `_t` is a function of time. Other names, such as rule, stay words."""

import re

GREEK = ("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi "
         "psi omega").split()
# symbols of more than one letter
COMPOUND = {"sDKL": r"sD_\mathrm{KL}", "Cv": "C_v", "Cv_data": r"C_v^\mathrm{data}", "Cv_curve": r"C_v(\beta)",
            "Cv_curve_data": r"C_v^\mathrm{data}(\beta)"}


def symbol(name, variable=None):
    """A variable as the field writes it, for matplotlib."""
    given = variable.attrs.get("symbol", "") if variable is not None else ""
    return f"${given}$" if given else spelt(name)


def spelt(name):
    """The name in LaTeX, if it is a letter with an index."""
    if name in COMPOUND:
        return f"${COMPOUND[name]}$"
    if name.endswith("_t") and "$" in (over_time := spelt(name[:-2])):
        return f"{over_time[:-1]}(t)$"
    letter, _, index = name.partition("_")
    if letter not in GREEK and not re.fullmatch("[A-Za-z]", letter):
        return name
    index = index.replace("_", ", ")
    index = "" if not index else f"_{index}" if len(index) == 1 else rf"_\mathrm{{{index}}}"
    return f"${chr(92) if letter in GREEK else ''}{letter}{index}$"


def described(variable):
    """The first clause of a long name, without the number of its equation; the rest explains it to those who read the
    file."""
    return re.sub(r" \((Eqs?|Figs?|Secs?)\. [^)]*\)", "", variable.attrs.get("long_name", "").split(";")[0])


def in_symbols(text):
    """A description with the names in it as symbols: 'at beta = 1' with a Greek letter."""
    names = "|".join([*GREEK, *COMPOUND])
    name = re.compile(rf"(?<![\w.])(?:(?:{names})(?:_\w+)?|[A-Za-z]_\w+)(?!\w)")
    parts = re.split(r"(\$[^$]*\$)", text)  # what is mathematics already stays
    return "".join(part if k % 2 else name.sub(lambda found: spelt(found[0]), part) for k, part in enumerate(parts))


def with_units(text, variable):
    """'text (units)'; numbers without a unit stay bare."""
    units = variable.attrs.get("units", "1")
    return text if units in ("1", "") else f"{text} ({spelt(units) if '_' in units else units})"


def written(name, variable):
    """'symbol (units)'."""
    return with_units(symbol(name, variable), variable)


def label(name, variable):
    """'symbol, description (units)'; a name that is no symbol stands only where there is no description."""
    mark, text = symbol(name, variable), in_symbols(described(variable))
    words = [part for part in (mark if "$" in mark or not text else "", text) if part]
    return with_units(", ".join(words), variable)
