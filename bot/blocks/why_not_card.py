"""Why people of a client were not asked, or not heard."""

from bot.blocks.kpi_card import Card
from bot.blocks.notice import WHY
from bot.blocks.parts import Block, context, fitted, section
from bot.blocks.reader import Reader
from kpi.services.surveys.why_not import Skipped, WhyNot

_BECAME = {
    "suppressed": "not asked",
    "cancelled": "called off",
    "failed": "not delivered",
    "expired": "not answered",
}


def why_not_card(found: WhyNot, reader: Reader) -> Card:
    """How asking went in a sentence, then each time it came to nothing, the latest first."""
    said = _sentence(found, reader)
    lines = [_line(skipped, reader) for skipped in found.skipped]
    shown: list[Block] = [section("\n".join(f"• {line}" for line in lines))] if lines else []
    more = f"And {reader.number(found.more)} earlier." if found.more else ""
    small = [context(more)] if more else []
    heard = "; ".join(lines)
    text = " ".join(filter(None, (said, heard and f"{heard}.", more)))
    return {"text": text, "blocks": [section(said), *shown, *small]}


def _sentence(found: WhyNot, reader: Reader) -> str:
    name, days = fitted(found.account, 120), f"the last {reader.number(found.days)} days"
    missed = len(found.skipped) + found.more
    if not (found.asked or found.waiting or missed):
        return f"*{name}: nobody asked* in {days}: no interaction that was logged led to a question."
    asked, answered, waiting = map(reader.number, (found.asked, found.answered, found.waiting))
    told = f"*{name}: {asked} asked, {answered} answered* in {days}"
    soon = f", {waiting} still to be asked" if found.waiting else ""
    lost = f"{reader.number(missed)} not asked or not answered" if missed else "nobody was left out"
    return f"{told}{soon}; {lost}."


def _line(skipped: Skipped, reader: Reader) -> str:
    whom = f" to {fitted(skipped.contact, 60)}" if skipped.contact else ""
    became = _BECAME.get(skipped.state, skipped.state)
    why = f": {fitted(WHY.get(skipped.reason, skipped.reason), 120)}" if skipped.reason else ""
    return f"{reader.instant(skipped.at)}, {skipped.instrument.upper()}{whom} *{became}*{why}"
