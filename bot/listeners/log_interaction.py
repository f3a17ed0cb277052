"""Logging an interaction: `/kpi log`, the two shortcuts, the form's menus and the form itself."""

from functools import partial
from typing import Any

from slack_bolt import Ack, App

from bot.blocks.log_form import (
    ACCOUNT,
    CONTACT,
    LOG,
    account_option,
    chosen_account,
    contact_option,
    filled,
    log_view,
    logged_view,
)
from bot.blocks.reader import Reader
from bot.errors import spoken
from bot.payloads import Body, OpenView, actor, channel_of, first_word
from kpi.errors import KpiError
from kpi.services.surveys import Surveys
from kpi.services.surveys.words import LogRequest

COMMAND = "/kpi"
GLOBAL, HERE = "log_interaction", "log_interaction_here"
NOT_OPENED = "Slack did not open the form in time; please try again."


def register(bolt: App, surveys: Surveys, reader: Reader, open_view: OpenView) -> None:
    """`/kpi log` must be registered before the listener for `/kpi` itself."""
    open_form = spoken(partial(ask, surveys, open_view))
    bolt.command(COMMAND, matchers=[first_word("log")])(open_form)
    bolt.global_shortcut(GLOBAL)(open_form)
    bolt.message_shortcut(HERE)(open_form)
    bolt.options(ACCOUNT)(spoken(partial(suggest_accounts, surveys)))
    bolt.options(CONTACT)(spoken(partial(suggest_contacts, surveys)))
    bolt.view(LOG)(spoken(partial(store, surveys, reader)))


def ask(surveys: Surveys, open_view: OpenView, ack: Ack, body: dict[str, Any]) -> None:
    """Open the form."""
    form = surveys.log_form(actor(body), channel_of(body), _thread(body))
    if not open_view(str(body.get("trigger_id")), log_view(form)):
        raise KpiError(NOT_OPENED)
    ack()


def suggest_accounts(surveys: Surveys, ack: Ack, body: dict[str, Any]) -> None:
    """Accounts that match what was typed."""
    found = surveys.accounts_like(actor(body), str(body.get("value") or ""))
    ack(options=[account_option(account) for account in found])


def suggest_contacts(surveys: Surveys, ack: Ack, body: dict[str, Any]) -> None:
    """Contacts of the chosen account that match what was typed."""
    account_id = chosen_account(body.get("view") or {})
    typed = str(body.get("value") or "")
    found = surveys.contacts_like(actor(body), account_id, typed) if account_id is not None else ()
    ack(options=[contact_option(contact) for contact in found])


def store(surveys: Surveys, reader: Reader, ack: Ack, body: dict[str, Any]) -> None:
    """Store what the form says; a form sent twice is stored once."""
    logged = surveys.log(_request(body))
    ack(response_action="update", view=logged_view(logged, reader))


def _request(body: Body) -> LogRequest:
    form, by = filled(body["view"]), actor(body)
    return LogRequest(
        account=form.account_id,
        contact=form.contact_id,
        kind=form.kind,
        occurred_at=form.occurred_at,
        note=form.note,
        channel_id=form.channel_id,
        thread_ts=form.thread_ts,
        source="slack",
        external_id=body["view"]["id"],
        logged_by=by.user_id,
        by=by,
    )


def _thread(body: Body) -> str | None:
    message = body.get("message") or {}
    return message.get("thread_ts") or message.get("ts")
