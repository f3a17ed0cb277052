"""Keys for what people make by hand: a name as files can write it."""

import re
import unicodedata

from kpi.records.kinds import LONGEST_KEY
from kpi.store import portfolio
from kpi.store.store import Tx

_ROOM_FOR_NUMBER = 10
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "&": " and "})


def slug(name: str, otherwise: str) -> str:
    """A name in small letters, digits and dashes; `otherwise` where nothing of it can be written so."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_SPELT))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[: LONGEST_KEY - _ROOM_FOR_NUMBER].strip("-") or otherwise


def new_key(tx: Tx, entity: str, name: str) -> str:
    """A key of owners or accounts (`entity`) that nothing has: the name's slug, with a number where that is taken."""
    stem = slug(name, entity.removesuffix("s"))
    taken = portfolio.keys(tx, entity, stem)
    return next(key for key in (stem, *map(f"{stem}-{{}}".format, range(2, len(taken) + 3))) if key not in taken)
