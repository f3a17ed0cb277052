"""Making and changing an account: `/kpi account`, the offer's button, the form's menus and the form itself."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from slack_bolt import Ack, App

from bot.blocks.account_form import (
    CONTACTS,
    EDIT,
    OWNER,
    ZONE,
    account_view,
    owner_option,
    people_options,
    zone_option,
)
from bot.blocks.account_saved import saved_view
from bot.blocks.account_sent import filled, people_sought
from bot.blocks.reader import Reader
from bot.blocks.setup_offer import SET_UP
from bot.errors import spoken
from bot.payloads import Body, OpenView, action_value, actor, after_first_word, channel_of, first_word
from kpi.errors import KpiError
from kpi.services.accounts import Accounts
from kpi.services.accounts.words import Wish

COMMAND = "/kpi"
NOT_OPENED = "Slack did not open the form in time; please try again."


@dataclass(frozen=True, slots=True)
class Window:
    """Where the form opens."""

    accounts: Accounts
    reader: Reader
    open_view: OpenView

    def show(self, body: Body, channel_id: str | None, name: str) -> None:
        """Open the form for a channel's account, or for the one of this name."""
        form = self.accounts.form(actor(body), channel_id, name)
        if not self.open_view(str(body.get("trigger_id")), account_view(form, self.reader)):
            raise KpiError(NOT_OPENED)


def register(bolt: App, accounts: Accounts, reader: Reader, open_view: OpenView) -> None:
    """`/kpi account` must be registered before the listener for `/kpi` itself."""
    window = Window(accounts, reader, open_view)
    bolt.command(COMMAND, matchers=[first_word("account")])(spoken(partial(ask, window)))
    bolt.action(SET_UP)(spoken(partial(set_up, window)))
    bolt.options(OWNER)(spoken(partial(suggest_owners, accounts)))
    bolt.options(ZONE)(spoken(partial(suggest_zones, accounts)))
    bolt.options(CONTACTS)(spoken(partial(suggest_people, accounts)))
    bolt.view(EDIT)(spoken(partial(save, accounts, reader)))


def ask(window: Window, ack: Ack, body: dict[str, Any]) -> None:
    """Open the form for the channel's account, the one that is named, or a new one."""
    window.show(body, channel_of(body), after_first_word(body))
    ack()


def set_up(window: Window, ack: Ack, body: dict[str, Any]) -> None:
    """Open it for the channel the offer speaks of, wherever the offer stands."""
    window.show(body, action_value(body) or channel_of(body), "")
    ack()


def suggest_owners(accounts: Accounts, ack: Ack, body: dict[str, Any]) -> None:
    """Owners that match what was typed."""
    ack(options=[owner_option(choice) for choice in accounts.owners_like(actor(body), str(body.get("value") or ""))])


def suggest_zones(accounts: Accounts, ack: Ack, body: dict[str, Any]) -> None:
    """Time zones that match what was typed."""
    ack(options=[zone_option(zone) for zone in accounts.zones_like(actor(body), str(body.get("value") or ""))])


def suggest_people(accounts: Accounts, ack: Ack, body: dict[str, Any]) -> None:
    """People of the chosen channel that match what was typed."""
    place = people_sought(body.get("view") or {})
    found = accounts.people_like(actor(body), place, str(body.get("value") or ""))
    if found:
        ack(option_groups=people_options(found))
    else:
        ack(options=[])


def save(accounts: Accounts, reader: Reader, ack: Ack, body: dict[str, Any]) -> None:
    """Store what the form says; a form sent twice changes nothing more."""
    form = filled(body["view"])
    wish = Wish(
        form_id=body["view"]["id"],
        by=actor(body),
        account_id=form.account_id,
        said=form.said,
        changed=form.changed,
        picked=form.picked,
        place=form.place,
    )
    ack(response_action="update", view=saved_view(accounts.save(wish), reader))
