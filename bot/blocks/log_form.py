"""The form for logging an interaction, what it was filled in with, and the confirmation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.blocks.menus import field, menu, option
from bot.blocks.parts import actions, button, escape, fitted, plain, section
from bot.blocks.reader import Reader
from bot.payloads import row_id
from kpi.errors import Misfilled
from kpi.model import Account, Contact
from kpi.services.surveys.words import NOTE_CHARS, REASON_CHARS, LogForm, Logged

LOG, CANCEL = "log_interaction", "cancel_survey"
ACCOUNT, CONTACT = "log_account", "log_contact"
NAME_CHARS = 150
_ID_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Filled:
    """The form as sent."""

    account_id: int
    contact_id: int | None
    kind: str
    occurred_at: datetime
    note: str | None
    channel_id: str | None
    thread_ts: str | None


def log_view(form: LogForm) -> dict[str, Any]:
    """The form, with the channel's account chosen."""
    kinds = [option(kind.replace("_", " ").capitalize(), kind) for kind in form.kinds]
    when = {"type": "datetimepicker", "action_id": "occurred_at", "initial_date_time": int(form.now.timestamp())}
    note = {"type": "plain_text_input", "action_id": "note", "multiline": True, "max_length": NOTE_CHARS}
    accounts = None if form.accounts is None else [account_option(account) for account in form.accounts]
    account = menu(ACCOUNT, accounts, account_option(form.account) if form.account else None)
    return {
        "type": "modal",
        "callback_id": LOG,
        "private_metadata": json.dumps({"channel_id": form.channel_id, "thread_ts": form.thread_ts}),
        "title": plain("Log an interaction"),
        "submit": plain("Log"),
        "close": plain("Cancel"),
        "blocks": [
            field("account", "Account", account),
            field("kind", "What happened", menu("kind", kinds, kinds[0])),
            field("occurred_at", "When", when),
            *_contact_field(form),
            field("note", "Internal note", note, optional=True, hint="For your team only; never sent to the client."),
        ],
    }


def filled(view: Mapping[str, Any]) -> Filled:
    """What the form was sent with; Misfilled where a field is missing or makes no sense."""
    values = view["state"]["values"]
    place = json.loads(view["private_metadata"])
    return Filled(
        account_id=_number("account", _chosen(values, "account")) or _missing("account", "Please choose an account."),
        contact_id=_number("contact", _chosen(values, "contact")),
        kind=_chosen(values, "kind") or "",
        occurred_at=_moment(_element(values, "occurred_at").get("selected_date_time")),
        note=_element(values, "note").get("value") or None,
        channel_id=place["channel_id"],
        thread_ts=place["thread_ts"],
    )


def chosen_account(view: Mapping[str, Any]) -> int | None:
    """The account chosen so far in an open form."""
    chosen = _number("account", _chosen(view.get("state", {}).get("values", {}), "account"))
    if chosen is not None:
        return chosen
    accounts = [block["element"] for block in view.get("blocks", []) if block.get("block_id") == "account"]
    first = accounts[0].get("initial_option") if accounts else None
    return _number("account", first["value"]) if first else None


def account_option(account: Account) -> dict[str, Any]:
    """An account in a menu."""
    return option(account.name, account.id)


def contact_option(contact: Contact) -> dict[str, Any]:
    """A contact in a menu."""
    return option(contact.name or contact.slack_user_id or f"Contact {contact.id}", contact.id)


def confirmation(logged: Logged, reader: Reader) -> dict[str, Any]:
    """The message to whoever logged, with the way to take the question back while it is not asked."""
    words = _told(logged, reader)
    take_back = actions("cancel", button("Cancel survey", CANCEL, str(logged.survey_id)))
    return {"text": words, "blocks": [section(words), *([take_back] if logged.due_at else [])]}


def logged_view(logged: Logged, reader: Reader) -> dict[str, Any]:
    """What stands in the form's place once the interaction is stored."""
    words = _told(logged, reader)
    if logged.due_at is None or logged.survey_id is None:
        return told_view("Logged", words)
    return _reason_view("Logged", logged.survey_id, f"{words}\n\nShould it not be asked? Say why and cancel it here.")


def cancel_view(survey_id: int) -> dict[str, Any]:
    """The form that asks why a question should not be asked."""
    return _reason_view("Cancel survey", survey_id, "The client is not asked; the reason is kept and counted.")


def told_view(title: str, words: str) -> dict[str, Any]:
    """A window that only tells; `words` is mrkdwn, a person's words in it escaped."""
    return {"type": "modal", "title": plain(title), "close": plain("Done"), "blocks": [section(words)]}


def reason_given(view: Mapping[str, Any]) -> tuple[int, str]:
    """The survey to cancel and the reason, from the sent form."""
    return row_id(view["private_metadata"]), _element(view["state"]["values"], "reason").get("value") or ""


def _reason_view(title: str, survey_id: int, words: str) -> dict[str, Any]:
    why = {"type": "plain_text_input", "action_id": "reason", "max_length": REASON_CHARS}
    return {
        "type": "modal",
        "callback_id": CANCEL,
        "private_metadata": str(survey_id),
        "title": plain(title),
        "submit": plain("Cancel survey"),
        "close": plain("Keep it"),
        "blocks": [section(words), field("reason", "Why should the client not be asked?", why)],
    }


def _told(logged: Logged, reader: Reader) -> str:
    account = f"*{fitted(logged.account.name, NAME_CHARS)}*"
    start = f"Already logged for {account}; nothing new was stored." if logged.duplicate else f"Logged for {account}."
    if logged.due_at is None or logged.wording is None:
        return f"{start} No question follows: {escape(logged.reason or 'none is scheduled')}."
    who = (
        f"*{fitted(logged.contact.name or 'The contact', NAME_CHARS)}*"
        if logged.contact
        else "Whoever is in the channel"
    )
    asked = escape(logged.wording.question).replace("\n", "\n>")
    return f"{start} {who} will be asked on {reader.instant(logged.due_at)}:\n>{asked}"


def _contact_field(form: LogForm) -> list[dict[str, Any]]:
    if form.account is not None and form.contacts == ():
        return []
    contacts = None if form.contacts is None else [contact_option(contact) for contact in form.contacts]
    hint = "Who is asked; without one, whoever in the channel answers."
    return [field("contact", "Contact", menu(CONTACT, contacts), optional=True, hint=hint)]


def _element(values: Mapping[str, Any], block_id: str) -> Mapping[str, Any]:
    return next(iter(values.get(block_id, {}).values()), {})


def _chosen(values: Mapping[str, Any], block_id: str) -> str | None:
    return (_element(values, block_id).get("selected_option") or {}).get("value")


def _moment(seconds: Any) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (TypeError, ValueError, OverflowError, OSError) as fault:
        raise Misfilled("occurred_at", "Please choose a day and a time.") from fault


def _number(block_id: str, value: str | None) -> int | None:
    if value is None:
        return None
    if not value.isdecimal() or len(value) > _ID_DIGITS:
        raise Misfilled(block_id, "Please choose one of the entries of the menu.")
    return int(value)


def _missing(block_id: str, words: str) -> int:
    raise Misfilled(block_id, words)
