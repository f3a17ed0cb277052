"""From a logged interaction to a question that is due, or to the reason why none is asked."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from kpi.errors import KpiError, Misfilled, UnknownWord
from kpi.model import Account, Contact, Instrument
from kpi.periods import local_day
from kpi.policy import Policy
from kpi.services.surveys import anonymous, cases, wordings
from kpi.services.surveys.rules import Case, Rules, Verdict
from kpi.services.surveys.words import NOTE_CHARS, SUPPRESSED, AlreadyStored, Logged, LogRequest, Ref, Ways
from kpi.store import accounts, interactions, surveys
from kpi.store.store import Record, Tx

KINDS = ("meeting", "call", "review", "delivery", "support", "email", "other")
_NAME_CHARS = 255
_CLOCK_TOLERANCE = timedelta(minutes=5)
_LONGEST_AGO = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class Asking:
    """Decides by the workspace's rules, with its chance and its ways to people."""

    policy: Policy
    rules: Rules
    ways: Ways


def kinds(policy: Policy) -> tuple[str, ...]:
    """Every kind of interaction that can be logged, those followed by a question first."""
    asked = (kind for programme in policy.surveys.programmes for kind in programme.kinds)
    return tuple(dict.fromkeys((*asked, *KINDS)))


def log(tx: Tx, asking: Asking, request: LogRequest, now: datetime) -> Logged:
    """Store an interaction and its survey, scheduled or suppressed; the one there is when the source repeats itself."""
    policy = asking.policy
    _check(policy, request, now)
    account = _locked_account(tx, request)
    contact = _contact(tx, request, account)
    values = _interaction(tx, request, account, contact) | {"recorded_at": now}
    row = interactions.add(tx, values, local_day(request.occurred_at, policy.workspace.timezone))
    if row is None:
        return _repeated(tx, policy, values, account)
    return _schedule(tx, asking, row, (account, contact))


def _check(policy: Policy, request: LogRequest, now: datetime) -> None:
    if request.kind not in kinds(policy):
        known = ", ".join(kinds(policy))
        raise Misfilled("kind", f"“{request.kind}” is not a kind of interaction; there are {known}.")
    if request.occurred_at > now + _CLOCK_TOLERANCE:
        raise Misfilled("occurred_at", "That lies in the future; log an interaction once it has happened.")
    if request.occurred_at < now - _LONGEST_AGO:
        raise Misfilled("occurred_at", "That is more than two years ago; please check the date.")
    if len(request.note or "") > NOTE_CHARS:
        raise Misfilled("note", f"The note has more than {NOTE_CHARS:,} characters; please shorten it.")
    for field in ("source", "external_id"):
        if not 0 < len(getattr(request, field)) <= _NAME_CHARS:
            raise Misfilled(field, f"{field} must have 1 to {_NAME_CHARS} characters.")
    texts = (request.account, request.contact, request.owner, request.source, request.external_id, request.note)
    require_storable(*texts, *request.tags, request.channel_id, request.thread_ts)


def require_storable(*texts: Ref | None) -> None:
    """Raise KpiError for a text that the database cannot hold."""
    if any(isinstance(text, str) and "\0" in text for text in texts):
        raise KpiError("A text contains a character that cannot be stored (U+0000).")


def _locked_account(tx: Tx, request: LogRequest) -> Account:
    found = _account(tx, request)
    if accounts.lock(tx, found.id):
        return found
    return _locked_account(tx, request)  # it was merged into another this very moment


def _account(tx: Tx, request: LogRequest) -> Account:
    found = accounts.find(tx, request.account)
    if found is None:
        raise UnknownWord(f"There is no account “{request.account}”; `/kpi log` offers the known ones.")
    return found


def _contact(tx: Tx, request: LogRequest, account: Account) -> Contact | None:
    if request.contact is None:
        return None
    found = accounts.find_contact(tx, request.contact)
    if found is None:
        raise UnknownWord(f"There is no contact “{request.contact}”.")
    if found.account_id != account.id:
        raise Misfilled("contact", f"{found.name or request.contact} is not a contact of {account.name}.")
    return found


def _interaction(tx: Tx, request: LogRequest, account: Account, contact: Contact | None) -> dict[str, Any]:
    owner = account.owner
    if request.owner is not None:
        owner = accounts.find_owner(tx, request.owner)
        if owner is None:
            raise UnknownWord(f"There is no owner “{request.owner}”.")
    copied = ("kind", "occurred_at", "logged_by", "source", "external_id", "note", "channel_id", "thread_ts")
    whose = {"account_id": account.id, "contact_id": contact and contact.id, "owner_id": owner and owner.id}
    return {name: getattr(request, name) for name in copied} | whose | {"tags": list(request.tags)}


def _repeated(tx: Tx, policy: Policy, values: Record, account: Account) -> Logged:
    row = interactions.of_source(tx, values["source"], values["external_id"])
    same = ("account_id", "contact_id", "kind", "occurred_at")
    if row is None or any(row[name] != values[name] for name in same):
        raise AlreadyStored(
            f"{values['source']} already gave another interaction as “{values['external_id']}”; nothing was changed."
        )
    contact = accounts.find_contact(tx, row["contact_id"]) if row["contact_id"] else None
    survey = surveys.of_interaction(tx, row["interaction_id"])
    return _logged(policy, row, (account, contact), survey, duplicate=True)


def _schedule(tx: Tx, asking: Asking, row: Record, who: tuple[Account, Contact | None]) -> Logged:
    case, verdict = decided(tx, asking, row, who)
    survey = surveys.add(tx, survey_of(asking, (case, who), verdict, row))
    return _logged(asking.policy, row, who, survey)


def decided(tx: Tx, asking: Asking, row: Record, who: tuple[Account, Contact | None]) -> tuple[Case, Verdict]:
    """What the rules say to an interaction."""
    policy, happened = asking.policy, (row["occurred_at"], row["recorded_at"])
    case = cases.case_of(tx, policy, who, cases.about_of(policy, row), asking.ways)
    asks = cases.asks_around(tx, policy, case, row["recorded_at"])
    return case, asking.rules.after(case, happened, asks)


def survey_of(
    asking: Asking, whom: tuple[Case, tuple[Account, Contact | None]], verdict: Verdict, row: Record
) -> dict[str, Any]:
    """The survey of a verdict; `row`: interaction_id, recorded_at, channel_id and thread_ts of what it is about."""
    (case, (account, contact)), programme = whom, verdict.programme
    instrument = programme.instrument if programme else Instrument.CSAT
    locale, wording = wordings.choose(asking.policy, instrument, account, contact) or ("", None)
    is_anonymous = programme is not None and programme.is_anonymous
    values = {
        "token": secrets.token_urlsafe(16),
        "account_id": account.id,
        "contact_id": None if is_anonymous or contact is None else contact.id,
        "interaction_id": row["interaction_id"],
        "owner_at_send": account.owner and account.owner.id,
        "programme": programme.key if programme else "",
        "is_anonymous": is_anonymous,
        "salt": anonymous.new_salt() if is_anonymous else None,
        "sampling_probability": verdict.probability,
        "instrument": instrument,
        "wording_version": wording.version if wording else "",
        "series": wording.series if wording else 1,
        "locale": locale,
        "recorded_at": row["recorded_at"],
        "place": next((place for place in programme.places if place in case.places), None) if programme else None,
        "channel_id": account.channel_id,
        "thread_ts": row["thread_ts"] if row["channel_id"] == account.channel_id else None,
    }
    if verdict.reason:
        return values | {"state": "suppressed", "reason": verdict.reason}
    return values | {"state": "scheduled", "due_at": verdict.due_at}


def _logged(
    policy: Policy,
    row: Record,
    who: tuple[Account, Contact | None],
    survey: Record | None,
    *,
    duplicate: bool = False,
) -> Logged:
    scheduled = survey is not None and survey["state"] == "scheduled"
    return Logged(
        row["interaction_id"],
        *who,
        survey_id=survey["survey_id"] if survey else None,
        due_at=survey["due_at"].astimezone(UTC) if survey and scheduled else None,
        wording=wordings.of_survey(policy, survey["instrument"], survey["locale"]) if survey and scheduled else None,
        reason=None if scheduled else _fate(survey),
        duplicate=duplicate,
    )


def _fate(survey: Record | None) -> str:
    if survey is None:
        return "no question belongs to it"
    return SUPPRESSED.get(survey["reason"] or "", f"the survey is {survey['state']}")
