"""Why people of a client were not asked, or not heard."""

from collections.abc import Iterator

from bot.blocks import fates
from bot.blocks.kpi_card import Card
from bot.blocks.notice import WHY
from bot.blocks.parts import Block, context, fitted, section, trim
from bot.blocks.reader import Reader
from bot.blocks.room import HEARD_CHARS
from kpi.services.surveys.why_not import PutOff, Skipped, WhyNot

_SHOWN = 5
"""Of each list of what stands now."""
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
    now = list(_now(found, reader))
    shown += [section("\n".join(f"• {line}" for line in now))] if now else []
    heard = "; ".join(lines)
    waits = "; ".join(now)
    text = " ".join(filter(None, (said, heard and f"{heard}.", more, waits and f"{waits}.")))
    return {"text": trim(text, HEARD_CHARS), "blocks": [section(said), *shown, *small]}


def _now(found: WhyNot, reader: Reader) -> Iterator[str]:
    """What waits, who wants fewer questions, and who is to be mapped: as it stands now."""
    yield from (_put_off(each, reader) for each in found.put_off[:_SHOWN])
    yield from (fitted(fates.wish(each, reader), 200) for each in found.wishes[:_SHOWN])
    yield from (fitted(fates.stranger(each, reader), 200) for each in found.strangers[:_SHOWN])
    hidden = sum(max(len(each) - _SHOWN, 0) for each in (found.put_off, found.wishes, found.strangers))
    if hidden:
        yield f"and {reader.number(hidden)} more"


def _put_off(each: PutOff, reader: Reader) -> str:
    whom = f" to {fitted(each.contact, 60)}" if each.contact else ""
    return f"{each.instrument.upper()}{whom} *put off* until {reader.instant(each.until)}: {fitted(each.reason, 120)}"


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
