"""How intervals are computed, in words for people."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "wilson": "Wilson's score interval of a share",
    "adjusted_wald": "adjusted Wald interval of a net score",
    "kaplan_meier": "log(−log) bands of the Kaplan–Meier curve",
    "garwood": "exact Poisson interval of a rate",
    "bca": "BCa bootstrap over accounts",
}


def spoken(method: str) -> str:
    """A method by its name; one that is not listed by its own words."""
    return WORDS.get(method, method.replace("_", " "))
