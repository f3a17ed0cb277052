"""The form for an account."""

import json
from collections.abc import Mapping
from typing import Any

from bot.blocks.account_sent import mark
from bot.blocks.menus import channel_input, day_input, field, menu, option, searched_many, text_input
from bot.blocks.parts import Block, context, escape, fitted, header, plain, section
from bot.blocks.reader import DAY, Reader
from kpi.services.accounts.words import REASON_CHARS, AccountForm, Amount, Choice, Group

EDIT = "edit_account"
OWNER, ZONE, CONTACTS = "account_owner", "account_zone", "account_contacts"
NAME_CHARS, SEGMENT_CHARS, AMOUNT_CHARS = 255, 100, 40
AMOUNTS_SHOWN, CONTACTS_SHOWN = 6, 15

LABELS = {
    "name": "Name",
    "channel": "Channel",
    "owner": "Owner",
    "segment": "Segment",
    "language": "Language",
    "zone": "Time zone",
    "starts_on": "First day of service",
    "notice_on": "Day notice was given",
    "ends_on": "First day without service",
    "reason": "Reason for the end",
    "amount": "New monthly revenue",
    "amount_from": "From",
    "contacts": "Add contacts",
}


def account_view(form: AccountForm, reader: Reader) -> dict[str, Any]:
    """The form, empty for a new account and filled in with what is stored for one there is."""
    elements = _elements(form, reader)
    fields = {name: _field(form, name, element) for name, element in elements.items()}
    note = [section(escape(form.note))] if form.note else []
    return {
        "type": "modal",
        "callback_id": EDIT,
        "private_metadata": json.dumps(_kept(form, elements)),
        "title": plain("Edit account" if form.account else "New account"),
        "submit": plain("Save" if form.account else "Create"),
        "close": plain("Cancel"),
        "blocks": [
            *note,
            *(fields[name] for name in ("name", "channel")),
            *_elsewhere(form),
            *(fields[name] for name in ("owner", "segment", "language", "zone")),
            header("Contract"),
            *(fields[name] for name in ("starts_on", "notice_on", "ends_on", "reason")),
            header("Monthly revenue"),
            *_paid(form.amounts, reader),
            *(fields[name] for name in ("amount", "amount_from")),
            header("Contacts"),
            *_known(form.contacts),
            fields["contacts"],
        ],
    }


def owner_option(choice: Choice) -> Block:
    """An owner in a menu."""
    return option(choice.words, choice.value)


def zone_option(zone: str) -> Block:
    """A time zone in a menu."""
    return option(zone, zone)


def people_options(groups: tuple[Group, ...]) -> list[Block]:
    """People in a menu, under their headings."""
    return [
        {
            "label": plain(group.label),
            "options": [option(one.name or one.user_id, one.user_id) for one in group.people],
        }
        for group in groups
    ]


def _elements(form: AccountForm, reader: Reader) -> dict[str, Block]:
    shown = form.shown
    owners = None if form.owners is None else [owner_option(choice) for choice in form.owners]
    languages = {each: option(reader.tongue(each), each) for each in form.languages}
    return {
        "name": text_input("name", shown["name"], longest=NAME_CHARS),
        "channel": channel_input("channel", shown["channel"]),
        "owner": menu(OWNER, owners, owner_option(form.owner) if form.owner else None),
        "segment": text_input("segment", shown["segment"], longest=SEGMENT_CHARS),
        "language": menu("language", languages.values(), languages.get(shown["language"])),
        "zone": menu(ZONE, None, zone_option(shown["zone"]) if shown["zone"] else None),
        **{name: day_input(name, shown[name]) for name in ("starts_on", "notice_on", "ends_on")},
        "reason": text_input("reason", shown["reason"], longest=REASON_CHARS, lines=True),
        "amount": text_input("amount", longest=AMOUNT_CHARS),
        "amount_from": day_input("amount_from"),
        "contacts": searched_many(CONTACTS),
    }


def _field(form: AccountForm, name: str, element: Block) -> Block:
    needed = name == "name" or (name == "starts_on" and (form.account is None or form.has_term))
    return field(name, LABELS[name], element, optional=not needed, hint=_hints(form).get(name, ""))


def _hints(form: AccountForm) -> dict[str, str]:
    used = ", ".join(form.segments)
    came_back = " A day after the end begins a new term and leaves the earlier one as it was."
    return {
        "channel": "Where its people are asked. An account has a channel of its own.",
        "segment": f"A group to compare by. In use: {used[:1000]}." if used else "A group to compare by.",
        "language": "What its people are asked in; left empty: the workspace's.",
        "zone": f"Where its people work; left empty: {form.zone}.",
        "starts_on": "Churn counts the account from here." + (came_back if form.shown["ends_on"] else ""),
        "ends_on": "Leave it empty while the contract runs.",
        "amount": f"In {form.currency}, like 4500 or 4500.50; another currency behind it, like 4500 USD.",
        "amount_from": "What was paid until then ends that day.",
        "contacts": "People of its channel, those from outside first. Nobody listed? Invite me to the channel.",
    }


def _elsewhere(form: AccountForm) -> list[Block]:
    """Its channel in words, where the menu cannot show it: the person may not see that channel."""
    channel_id = form.account.channel_id if form.account else None
    if channel_id is None or channel_id == form.shown["channel"]:
        return []
    return [context(f"Its channel is <#{channel_id}>, and stays so unless another is chosen.")]


def _paid(amounts: tuple[Amount, ...], reader: Reader) -> list[Block]:
    if not amounts:
        return [section("None is known yet.")]
    lines = [f"• {paid_words(each, reader)}" for each in amounts[:AMOUNTS_SHOWN]]
    more = len(amounts) - len(lines)
    return [section("\n".join([*lines, *([f"and {more} earlier"] if more else [])]))]


def paid_words(paid: Amount, reader: Reader) -> str:
    """An amount and when it is paid: 4,500.00 EUR from 1 Mar 2024."""
    until = f" to {reader.day(paid.ends_on - DAY)}" if paid.ends_on else ""
    return f"{reader.money(paid.amount, paid.currency)} from {reader.day(paid.starts_on)}{until}"


def _known(names: tuple[str, ...]) -> list[Block]:
    if not names:
        return [section("Nobody is known yet.")]
    more = len(names) - CONTACTS_SHOWN
    listed = ", ".join(fitted(name, 80) for name in names[:CONTACTS_SHOWN])
    return [section(f"{listed} and {more} more" if more > 0 else listed)]


def _kept(form: AccountForm, elements: Mapping[str, Block]) -> dict[str, Any]:
    """What the form must remember: marks of what its fields showed tell which of them a person changed."""
    shown = {name: mark(_initial(element)) for name, element in elements.items() if _initial(element)}
    account = form.account and form.account.id
    return {"account": account, "place": form.place, "channel": form.channel_id, "shown": shown}


def _initial(element: Block) -> str:
    chosen = element.get("initial_option")
    if chosen:
        return str(chosen["value"])
    return str(next((element[name] for name in _INITIALS if element.get(name)), ""))


_INITIALS = ("initial_value", "initial_date", "initial_conversation")
