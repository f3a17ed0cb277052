"""How asking went, in words: for a card and for a terminal. Not escaped."""

from collections.abc import Iterator, Mapping

from bot.blocks.reader import Reader
from kpi.services.surveys.covered import Bounds, Coverage, Line, Silent, Tally, Unmapped, Wished
from kpi.services.surveys.rates import Rate

COLUMNS = ("Asked", "Answered", "Declined", "Ran out", "Open", "Response rate", "95% interval")
_NAMELESS = {"programme": "no programme", "owner": "without owner", "account": "no account"}


def title(found: Coverage, reader: Reader) -> str:
    """What is told of, and when."""
    name = found.scope.name or "" if found.scope.kind == "account" else f"{found.scope.kind} {found.scope.name}"
    whose = f" of {name}" if found.scope.name else ""
    return f"Surveys{whose} {reader.within(found.period)}"


def came_to(tally: Tally, reader: Reader) -> str:
    """What became of those that were asked."""
    parts = (
        (tally.answered, "answered"),
        (tally.declined, "declined"),
        (tally.expired, "ran out"),
        (tally.open, "still open"),
        (tally.failed, "could not be delivered"),
        (tally.on_its_way, "on the way"),
    )
    told = ", ".join(f"{reader.number(count)} {word}" for count, word in parts if count)
    return f"{reader.number(tally.asked)} asked" + (f": {told}" if told else "")


def not_asked(tally: Tally, reader: Reader) -> str:
    """How many were not asked, or not yet; "" where that is none."""
    parts = (
        (sum(tally.suppressed.values()), "held back by the rules"),
        (tally.skipped, "called off by hand"),
        (tally.cancelled, "called off because of what happened"),
        (tally.scheduled, "still to be asked"),
    )
    return ", ".join(f"{reader.number(count)} {word}" for count, word in parts if count)


def reasons(suppressed: Mapping[str, int], reader: Reader) -> Iterator[str]:
    """Why the rules held questions back, the commonest first."""
    for reason, count in suppressed.items():
        yield f"{reader.number(count)} because {reason}"


def rate(found: Rate, reader: Reader) -> str:
    """A response rate with how sure it is, or why there is none."""
    if found.value is None or found.interval is None:
        return f"no response rate: {found.reason}"
    return f"response rate {reader.percent(found.value)} ({span(found, reader)}), n = {reader.number(found.n)}"


def span(found: Rate, reader: Reader) -> str:
    """Its interval, "" without one."""
    return "" if found.interval is None else reader.span(found.interval.low, found.interval.high, "percent")


def called(line: Line, by: str) -> str:
    """Whose questions a line tells of."""
    return line.name or _NAMELESS[by]


def cells(line: Line, reader: Reader) -> tuple[str, ...]:
    """A line's figures, as `COLUMNS` name them."""
    tally = line.tally
    counts = (tally.asked, tally.answered, tally.declined, tally.expired, tally.open)
    value = "no rate" if line.rate.value is None else reader.percent(line.rate.value)
    return (*map(reader.number, counts), f"{value} (n = {reader.number(line.rate.n)})", span(line.rate, reader))


def silence(account: Silent, reader: Reader) -> str:
    """How long nobody of an account has answered."""
    since = reader.day(account.since.astimezone(reader.zone).date())
    last = account.last_answered_at
    ever = f"last answer {reader.day(last.astimezone(reader.zone).date())}" if last else "never answered"
    paid = f", pays {reader.amount(account.mrr, 'money')} a month" if account.mrr else ""
    return f"{account.account}: {reader.number(account.asked)} unanswered, since {since}, {ever}{paid}"


def wish(found: Wished, reader: Reader) -> str:
    """What somebody wants of us."""
    since = reader.day(found.since.astimezone(reader.zone).date())
    wanted = "wants no questions" if found.no_more else "asked for fewer questions"
    return f"{found.contact or 'somebody'} of {found.account} {wanted}, since {since}"


def stranger(found: Unmapped, reader: Reader) -> str:
    """Whose answers wait."""
    since = reader.day(found.since.astimezone(reader.zone).date())
    waiting = "1 answer waits" if found.answers == 1 else f"{reader.number(found.answers)} answers wait"
    return f"{found.name or 'Somebody'} at {found.account}: {waiting} since {since}; who is that?"


def bound(found: Bounds, reader: Reader) -> str:
    """What silence could hide."""
    low, high = (reader.amount(value, found.unit) for value in (found.worst, found.best))
    value, n = reader.amount(found.value, found.unit), reader.number(found.n)
    silent = reader.number(found.silent)
    return f"{found.label} {value} (n = {n}); had the {silent} silent all been unhappy {low}, all happy {high}"


def lists(found: Coverage, reader: Reader) -> Iterator[tuple[str, list[str]]]:
    """What needs somebody's eye, each list with its name; none that is empty."""
    every = {
        "Held back": list(reasons(found.whole.tally.suppressed, reader)),
        "Silent accounts": [silence(each, reader) for each in found.silent],
        "Waiting to be mapped": [stranger(each, reader) for each in found.strangers],
        "Fewer questions, or none": [wish(each, reader) for each in found.wishes],
        "What silence could hide": [bound(each, reader) for each in found.bounds],
    }
    yield from ((name, lines) for name, lines in every.items() if lines)
