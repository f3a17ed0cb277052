"""Names of companies and people, addresses and ids: made from a number, no two alike."""

import re
import string

from kpi.sources.sample.mix import Country
from kpi.sources.sample.name_words import CITIES, FIRST, LAST, ROOTS, TRADES

_DIGITS = string.digits + string.ascii_uppercase
_LATIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e"})
_PLACES = 36**8


def company(number: int, country: Country, seed: int) -> str:
    """The name of the company of this number, without its legal form; distinct for all numbers below 20,000."""
    roots, trades, cities = ROOTS[country.language], TRADES[country.language], CITIES[country.language]
    block, place = divmod(number, len(roots) * len(trades))
    mixed = (place * 1009 + seed * 37) % (len(roots) * len(trades))
    words = [roots[mixed % len(roots)], trades[mixed // len(roots)]]
    return " ".join([*words, cities[block - 1]] if block else words)


def colleague(number: int) -> str:
    """The name of one of our own people; distinct for all numbers below 2,400."""
    first, last = FIRST["de"], LAST["de"]
    row, column = divmod(number, len(first))
    return f"{first[column * 17 % len(first)]} {last[(row + 7 * column) % len(last)]}"


def person(number: int, language: str) -> str:
    """The name of a person at a client; distinct for 60 numbers in a row."""
    first, last = FIRST[language], LAST[language]
    return f"{first[number * 17 % len(first)]} {last[number * 7 % len(last)]}"


def slug(name: str) -> str:
    """The name as it stands in addresses and keys."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower().translate(_LATIN)).strip("-")


def slack_id(letter: str, number: int, seed: int) -> str:
    """An id like Slack's; distinct for all numbers of one letter and seed."""
    mixed = (number * 1_500_450_271 + seed * 7_368_787 + 10**12) % _PLACES
    digits = [_DIGITS[mixed // 36**place % 36] for place in range(8)]
    return f"{letter}0{''.join(digits)}"
