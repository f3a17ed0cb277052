"""Reading Slack's payloads: who acted, where, and what they typed. Pure; every field may be missing or absurd."""

import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any

from bot.installation import Installation
from kpi.errors import KpiError
from kpi.model import Actor

Body = Mapping[str, Any]
OpenView = Callable[[str, Mapping[str, Any]], bool]
"""(trigger_id, view) → whether the modal opened."""
NOT_OURS = "That button is not one of ours any more; nothing was changed."
_LARGEST_ID = 2**63 - 1
_SLACK_ID = re.compile("[A-Z][A-Z0-9]{1,30}")


def actor(body: Body) -> Actor:
    """Who acted, by the name the payload calls them; "" for an id that is none.

    Slash commands name them flat, everything else under `user`.
    """
    user = body.get("user")
    if isinstance(user, Mapping):
        team, name = user.get("team_id") or _nested(body, "team", "id"), user.get("name") or user.get("username")
        return Actor(slack_id(user.get("id")) or "", slack_id(team) or "", word(name))
    return Actor(slack_id(body.get("user_id")) or "", slack_id(body.get("team_id")) or "", word(body.get("user_name")))


def channel_of(body: Body) -> str | None:
    """The channel something happened in, None outside of any."""
    found = _nested(body, "channel", "id") or _nested(body, "container", "channel_id") or body.get("channel_id")
    return word(found) or None


def installation(body: Body) -> Installation:
    """The installation a payload is meant for; never that of a client who clicked.

    A submitted modal names the submitter's organisation in `team` and `enterprise`, ours only inside the view; an event
    names ours in its authorization.
    """
    if view_team := word(_nested(body, "view", "app_installed_team_id")):
        return Installation(view_team, bot_id=word(_nested(body, "view", "bot_id")))
    authorizations = body.get("authorizations")
    first = authorizations[0] if isinstance(authorizations, list) and authorizations else None
    if isinstance(first, Mapping) and (first.get("team_id") or first.get("enterprise_id")):
        return Installation(word(first.get("team_id")), word(first.get("enterprise_id")))
    team = _nested(body, "team", "id") or body.get("team_id")
    enterprise = _nested(body, "enterprise", "id") or body.get("enterprise_id")
    if not team and not enterprise:
        team = _nested(body, "user", "team_id")
    return Installation(word(team), word(enterprise))


def typed(body: Body) -> str:
    """What stands behind a slash command, as it was typed: Slack writes &, < and > as entities."""
    return unescape(word(body.get("text")))


def first_word(*words: str) -> Callable[[Body], bool]:
    """A Bolt matcher: the command's text begins with one of these words."""

    def matches(body: Body) -> bool:
        first = typed(body).split(maxsplit=1)
        return bool(first) and first[0].lower() in words

    return matches


def after_first_word(body: Body) -> str:
    """What stands behind a slash command's first word."""
    words = typed(body).split(maxsplit=1)
    return words[1].strip() if len(words) > 1 else ""


def action_value(body: Body) -> str:
    """The value of the button that was pressed, "" when there is none."""
    actions = body.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else {}
    return word(first.get("value")) if isinstance(first, Mapping) else ""


def chosen_value(body: Body) -> str:
    """The value of the button that was pressed or of the entry that was chosen, "" when there is none."""
    actions = body.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else {}
    return action_value(body) or word(_nested(first if isinstance(first, Mapping) else {}, "selected_option", "value"))


def row_id(value: object) -> int:
    """The id of a row as our own buttons and forms carry it; KpiError for anything else."""
    try:
        found = int(str(value))
    except ValueError as fault:
        raise KpiError(NOT_OURS) from fault
    if abs(found) > _LARGEST_ID:
        raise KpiError(NOT_OURS)
    return found


def slack_id(value: Any) -> str | None:
    """A channel's or a person's id as Slack gives them, None for anything else."""
    return value if isinstance(value, str) and _SLACK_ID.fullmatch(value) else None


def _nested(body: Body, outer: str, inner: str) -> Any:
    found = body.get(outer)
    return found.get(inner) if isinstance(found, Mapping) else None


def word(value: Any) -> str:
    """A word as it can be stored, "" for anything else."""
    return value.replace("\0", "") if isinstance(value, str) else ""
