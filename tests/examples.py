"""Facts as a person writes them down: the form of the worked examples (docs/kpis.md) and of the golden cases.

Accounts are numbered in the order they are first named in. One that `terms` does not name has been a client since
1 January 2024. A day stands for its noon in UTC; an instant without an offset is in Berlin, the zone throughout.

    accounts: [Acme, Beta]   or   {Acme: {owner: anna, observed_from: 2026-03-01, in_scope: false}, Beta: {}}
    terms: {Acme: [2024-01-01..2026-08-15, 2026-09-01..]}
    answers: {2026-09-15: {Acme: [5, 4]}}     scores, one person each; of other surveys: {csat: {2026-09-15: …}, nps: …}
    surveys: {2026-09-15: {Acme: [answered, expired, open]}}
    interactions: {Acme: [2026-09-03, 2026-09-10 meeting]}
    messages: {Acme: {2026-09-03: [3, 2]}}    theirs, ours
    usage: {Acme: [2026-09-03]}
    episodes: {Acme: [2026-09-03 10:15..2026-09-03 12:00, 2026-09-04 09:00..]}
    revenue: {Acme: [1000 EUR a month 2024-01-01.., 6100 EUR in all 2026-06-01..2026-08-01]}
    offers: {Acme: [2026-09-10 won, 2026-09-20 lost]}
    feedback: {Acme: [{received: 2026-04-10, implemented: 2026-04-30, told: 2026-05-02}, {…, declined: …, reason: no}]}

and, as in the files of the same names, `calendars` and `workspace`, whose rates may stand alone as `rates`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from bot.settings import load
from kpi.facts import Facts
from kpi.metrics.catalog import CATALOG
from kpi.metrics.kpi import Kpi
from kpi.periods import Period, parse
from kpi.policy import Policy
from kpi.records.money import exponent
from tests.portfolio import AS_OF, BERLIN, facts

Example = Mapping[str, Any]
Rows = Iterator[tuple[Any, ...]]

KPIS = {kpi.key: kpi for kpi in CATALOG}
OLD = date(2024, 1, 1)
BY_ACCOUNT = {"accounts", "terms", "revenue", "interactions", "messages", "usage", "episodes", "offers", "feedback"}
BY_DAY = {"answers", "surveys"}


def kpi_of(example: Example) -> Kpi:
    """The KPI an example is about, measured the way it says."""
    return KPIS[example["kpi"]].as_variant(example.get("variant"))


def as_of(example: Example) -> datetime:
    """When it is asked."""
    return instant(example["as_of"]) if "as_of" in example else AS_OF


def period_of(example: Example) -> Period:
    """The period it is asked of."""
    return parse(str(example["period"]), as_of=as_of(example), zone=BERLIN)


def policy_of(example: Example, folder: Path) -> Policy:
    """The shipped policy with what the example says of its own, written to `folder` as an operator would."""
    own = {
        "workspace": {**example.get("workspace", {}), **({"rates": example["rates"]} if "rates" in example else {})},
        "calendars": example.get("calendars", {}),
        "kpis": {example["kpi"]: {"target": example["target"]}} if "target" in example else {},
    }
    (folder / "config").mkdir()
    for name, said in own.items():
        if said:
            (folder / f"config/{name}.yaml").write_text(yaml.safe_dump(said), encoding="utf-8")
    return load({}, folder).policy if any(own.values()) else shipped()


@cache
def shipped() -> Policy:
    """The policy of a workspace that has decided nothing."""
    with TemporaryDirectory() as empty:
        return load({}, Path(empty)).policy


def in_use() -> frozenset[str]:
    """The KPIs people are shown; one that is still a draft is not asked for everything yet."""
    return frozenset(key for key, kpi in shipped().kpis.items() if kpi.status == "active")


def known(example: Example, policy: Policy) -> Facts:
    """What is known in an example."""
    numbers = {name: number for number, name in enumerate(_names(example), 1)}
    others: dict[str, Any] = {name: _each(example.get(name, {}), numbers, row) for name, row in ROWS.items()}
    return facts(
        accounts=_accounts(example, numbers),
        terms=_terms(example, numbers),
        answers=_answers(example, numbers),
        surveys=_surveys(example, numbers),
        as_of=as_of(example),
        workspace=policy.workspace,
        calendars=policy.calendars,
        **others,
    )


def _names(example: Example) -> Iterable[str]:
    named: list[str] = []
    for frame, said in example.items():
        if frame in BY_ACCOUNT:
            named += said
        if frame in BY_DAY:
            listed = _scores(example).values() if frame == "answers" else [said]
            named += [name for days in listed for day in days.values() for name in day]
    return dict.fromkeys(named)


def _accounts(example: Example, numbers: Mapping[str, int]) -> Rows:
    said = example.get("accounts", {})
    for name, number in numbers.items():
        more = said[name] if isinstance(said, dict) and name in said else {}
        yield number, name, more.get("observed_from"), None, more.get("owner"), more.get("in_scope", True)


def _terms(example: Example, numbers: Mapping[str, int]) -> Rows:
    said = example.get("terms", {})
    for name, number in numbers.items():
        for term in said.get(name, [f"{OLD}.."]):
            yield number, *span(term)


def _scores(example: Example) -> Mapping[str, Any]:
    said = example.get("answers", {})
    return said if any(isinstance(each, str) for each in said) else {example["kpi"]: said}


def _answers(example: Example, numbers: Mapping[str, int]) -> Rows:
    for instrument, days in _scores(example).items():
        for day, accounts in days.items():
            for name, scores in accounts.items():
                for person, score in enumerate(scores):
                    yield numbers[name], f"{name}/{person}", instrument, score, instant(day)


def _surveys(example: Example, numbers: Mapping[str, int]) -> Rows:
    for day, accounts in example.get("surveys", {}).items():
        for name, outcomes in accounts.items():
            for outcome in outcomes:
                yield numbers[name], None, instant(day), outcome


def _each(said: Mapping[str, Any], numbers: Mapping[str, int], row: Callable[[Any], Rows]) -> Rows:
    for name, listed in said.items():
        for values in row(listed):
            yield numbers[name], *values


def _interactions(listed: Iterable[Any]) -> Rows:
    for said in listed:
        day, _, kind = str(said).partition(" ")
        yield date.fromisoformat(day).toordinal(), 1, int(kind == "meeting")


def _messages(days: Mapping[date, Iterable[int]]) -> Rows:
    for day, (theirs, ours) in days.items():
        yield day.toordinal(), theirs, ours


def _usage(days: Iterable[date]) -> Rows:
    return ((day.toordinal(),) for day in days)


def _episodes(listed: Iterable[str]) -> Rows:
    for said in listed:
        yield tuple(instant(moment) if moment else None for moment in said.split(".."))


def _revenue(listed: Iterable[str]) -> Rows:
    kinds = {"a month": "recurring", "in all": "project"}
    for said in listed:
        amount, currency, *kind, term = said.split()
        minor = round(float(amount) * 10 ** exponent(currency))
        yield kinds[" ".join(kind)], *span(term), minor, currency


def _offers(listed: Iterable[str]) -> Rows:
    for said in listed:
        day, fate = said.split()
        yield date.fromisoformat(day), {"won": True, "lost": False}[fate]


def _feedback(listed: Iterable[Mapping[str, Any]]) -> Rows:
    for said in listed:
        moments = {name: instant(moment) for name, moment in said.items() if name != "reason"}
        yield (
            *(moments.get(name) for name in ("received", "implemented", "declined")),
            said.get("reason", True),
            moments.get("told"),
        )


ROWS: Mapping[str, Callable[[Any], Rows]] = {
    "interactions": _interactions,
    "messages": _messages,
    "usage": _usage,
    "episodes": _episodes,
    "revenue": _revenue,
    "offers": _offers,
    "feedback": _feedback,
}


def span(term: str) -> tuple[date | None, ...]:
    """Days written first..end, the end left out while it runs."""
    return tuple(date.fromisoformat(day) if day else None for day in term.split(".."))


def instant(said: Any) -> datetime:
    """A day's noon in UTC; an instant, Berlin's where it has no offset."""
    if isinstance(said, str):
        said = datetime.fromisoformat(said)
    if not isinstance(said, datetime):
        return datetime.combine(said, time(12), UTC)
    return said if said.tzinfo else said.replace(tzinfo=BERLIN)
