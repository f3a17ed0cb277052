"""Questions by the calendar: each account's turns of the days ahead, drawn and written down."""

from datetime import datetime

from kpi.model import Account, Contact
from kpi.policy.surveys import Programme
from kpi.services.surveys import asking, cases, turns
from kpi.services.surveys.asking import Asking
from kpi.services.surveys.cases import About
from kpi.services.surveys.rules import Verdict
from kpi.services.surveys.turns import Drawn, Turn
from kpi.store import accounts, contacts, surveys
from kpi.store import turns as rows
from kpi.store.store import Record, Tx

_OPEN = ("scheduled", "posted")


def plan(tx: Tx, asked: Asking, account_id: int, now: datetime) -> int:
    """Write down the turns of an account for every programme by the calendar; how many questions are scheduled.

    Twice changes nothing more: whoever was planned, or left out by the draw, waits for the next round.
    """
    account = accounts.find(tx, account_id) if accounts.lock(tx, account_id) else None
    if account is None:
        return 0
    accounts.lock_people(tx, account_id)
    relational = [each for each in asked.policy.surveys.programmes if each.is_relational]
    waiting = [(programme, _turns(tx, asked, programme, account, now)) for programme in relational]
    if any(due for _, due in waiting):
        surveys.decide_alone(tx)  # the people are locked by now, as it must be the last of all locks
    return sum(_planned(tx, asked, (programme, account), due, now) for programme, due in waiting if due)


def _planned(tx: Tx, asked: Asking, whose: tuple[Programme, Account], due: list[Turn], now: datetime) -> int:
    programme, account = whose
    around = {ask for turn in due for ask in cases.asks_around(tx, asked.policy, turn.case, now)}
    found = turns.drawn(programme, asked.rules, due, around, now)
    people = {contact.id: contact for contact in accounts.contacts(tx, account.id)}
    for each in found:
        _write(tx, asked, (programme, account, people[each.turn.contact_id]), each, now)
    return sum(each.reason is None for each in found)


def _turns(tx: Tx, asked: Asking, programme: Programme, account: Account, now: datetime) -> list[Turn]:
    day = cases.day_of(asked.policy, now)
    rounds = rows.rounds(tx, account.id, programme.key)
    asked_last = rows.last_asked(tx, account.id, programme.instrument)
    found = []
    askable = set(contacts.askable(tx, account.id))
    for contact in (each for each in accounts.contacts(tx, account.id) if each.id in askable):
        last, at = rounds.get(contact.id), asked_last.get(contact.id)
        if last is None or last["state"] not in _OPEN:
            passed = (at and at["at"], last and _passed(asked, programme, last))
            case = cases.case_of(tx, asked.policy, (account, contact), About(day), asked.ways)
            found.append(Turn(contact.id, case, max(filter(None, passed), default=None)))
    return [turn for turn in found if turns.due_from(programme, asked.rules, turn, now) < now + turns.HORIZON]


def _passed(asked: Asking, programme: Programme, last: Record) -> datetime | None:
    """As of when a turn that led to no question counts; None of one that did."""
    at: datetime = last["at"]
    if last["state"] == "cancelled":
        return at
    held_back = last["state"] in ("suppressed", "failed")
    return turns.passed(programme, asked.rules, last["reason"], at) if held_back else None


def _write(tx: Tx, asked: Asking, whom: tuple[Programme, Account, Contact], each: Drawn, now: datetime) -> None:
    programme, account, contact = whom
    verdict = Verdict(programme, each.reason, each.due_at, each.probability)
    row = {"interaction_id": None, "recorded_at": now, "channel_id": None, "thread_ts": None}
    surveys.add(tx, asking.survey_of(asked, (each.turn.case, (account, contact)), verdict, row))
