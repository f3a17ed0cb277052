"""A KPI's own details in people's words. One that is not listed goes by its name: a new KPI needs nothing here."""

from collections.abc import Iterator, Mapping

from bot.blocks.parts import fitted
from bot.blocks.reader import Reader
from kpi.model import KpiValue

_NAMES_SHOWN = 5
_NAME_CHARS = 60

NAMES: Mapping[str, tuple[str, str]] = {
    "variant": ("Measured by", "words"),
    "promoters": ("Promoters", "count"),
    "passives": ("Passives", "count"),
    "detractors": ("Detractors", "count"),
    "account_weighted": ("Each account counting once", "number"),
    "lost": ("Lost", "words"),
    "early_losses": ("Lost before they counted", "count"),
    "reactivated": ("Won back", "count"),
    "start": ("Monthly revenue at the start", "money"),
    "churned": ("Lost of it", "money"),
    "contraction": ("Less from clients who stayed", "money"),
    "expansion": ("More from clients who stayed", "money"),
    "new": ("From new clients", "money"),
    "losses": ("Losses learned from", "count"),
    "last_loss_month": ("Latest of them after", "months"),
    "p90": ("Nine of ten within", "hours"),
    "within_target": ("Within the target", "percent"),
    "open": ("Still waiting", "count"),
    "answered": ("Answered", "count"),
    "scale_points": ("Points for a score of 100", "number"),
    "closure": ("Done or declined with a reason", "percent"),
    "told_client": ("Client told", "percent"),
    "within_90_days": ("Done within 90 days", "percent"),
    "median_days": ("Half of it done within", "days"),
    "median_account_growth": ("Growth of the middle account", "percent"),
    "top5_share": ("Share of the five largest", "percent"),
    "yoy": ("Against a year before", "percent"),
    "client_share": ("Messages written by clients", "percent"),
}
"""A detail's name among people, and its unit."""
_OURS_ALONE = ("alpha", "beta")
"""What only a program that computes the same would ask for."""
_OF_KPI: Mapping[tuple[str, str], tuple[str, str]] = {("nrr", "reactivated"): ("From clients won back", "money")}
_UNITS: Mapping[str, str] = {"share": "percent", "percent": "percent", "days": "days", "hours": "hours"}
"""What the last word of an unlisted detail's name says of its unit."""


def told(value: KpiValue, reader: Reader) -> Iterator[tuple[str, str]]:
    """Each detail there is something to say of: its name among people and what it came to, escaped."""
    for key in (key for key in value.details if key not in _OURS_ALONE):
        found = value.details[key]
        label, unit = _OF_KPI.get((value.key, key)) or NAMES.get(key) or _by_name(key)
        if _says_something(found, unit):
            yield label, _said(found, unit, reader)


def words(key: str) -> str:
    """A name of ours as people read it: `mrr_at_the_start` → Mrr at the start."""
    plain = key.replace("_", " ").strip()
    return plain[:1].upper() + plain[1:]


def _by_name(key: str) -> tuple[str, str]:
    return words(key), _UNITS.get(key.rpartition("_")[2], "number")


def _says_something(found: object, unit: str) -> bool:
    """Nothing known, nobody lost, no money moved: not worth a line. A share of 0 is."""
    return bool(found) or (unit == "percent" and found is not None)


def _said(found: object, unit: str, reader: Reader) -> str:
    if isinstance(found, list | tuple):
        names = [fitted(str(name), _NAME_CHARS) for name in found[:_NAMES_SHOWN]]
        more = len(found) - len(names)
        return ", ".join(names) + (f" and {more} more" if more else "")
    if isinstance(found, bool) or not isinstance(found, int | float):
        return fitted(str(found).replace("_", " "), _NAME_CHARS)
    return reader.amount(found, unit)
