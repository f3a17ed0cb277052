"""The page's parts as HTML: people, channels, messages, Home and the open modal."""

from copy import deepcopy
from datetime import datetime
from html import escape
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sandbox.blocks import Block, elements_of
from sandbox.render import Canvas
from sandbox.rules import options_of
from sandbox.slack import Slack
from sandbox.text import mrkdwn
from sandbox.timeline import Message
from sandbox.uploads import File
from sandbox.views import View
from sandbox.world import User

HOME_TAB = "home"


def people(slack: Slack, user: User) -> str:
    """The user picker’s options: everyone who can act."""
    teams = slack.world.teams
    return "".join(
        f'<option value="{escape(u.id)}"{" selected" if u.id == user.id else ""}>'
        f"{escape(u.real_name)} ({escape(teams[u.team_id].name)})</option>"
        for u in slack.world.users.values()
        if not (u.is_bot or u.deleted)
    )


def channel_name(slack: Slack, channel_id: str) -> str:
    """What a person calls a conversation."""
    channel = slack.world.channels[channel_id]
    return f"#{channel.name}" if channel.name else "Messages with the app"


def channels(slack: Slack, user: User, current: str) -> str:
    """Links to what the user is in."""
    own = [channel.id for channel in slack.world.channels.values() if user.id in channel.members]
    entries = [(HOME_TAB, "⌂ App Home"), *((channel_id, channel_name(slack, channel_id)) for channel_id in own)]
    return "".join(_link(user, key, label, key == current) for key, label in entries)


def _link(user: User, key: str, label: str, current: bool) -> str:
    query = escape(urlencode({"user": user.id, "channel": key}))
    here = ' aria-current="page"' if current else ""
    return f'<a href="{"/_page/home" if key == HOME_TAB else "/"}?{query}"{here}>{escape(label)}</a>'


def _form(here: dict[str, str], extra: dict[str, str], inner: str) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in {**here, **extra}.items()
    )
    return f'<form method="post" action="/_page/do">{hidden}{inner}</form>'


def messages(slack: Slack, user: User, here: dict[str, str]) -> str:
    """A channel as the user sees it, with who else sees what."""
    shown = slack.timeline.of(here["channel"])
    return "".join(_message(slack, user, here, message) for message in shown) or "<p>Nothing here yet.</p>"


def _message(slack: Slack, user: User, here: dict[str, str], message: Message) -> str:
    people = slack.world.users
    author = people[message.user].real_name if message.user in people else message.user
    seen_by = f" · only {people[message.ephemeral_to].real_name} sees this" if message.ephemeral_to else ""
    at = datetime.fromtimestamp(float(message.ts), ZoneInfo(user.tz)).strftime("%d %b %H:%M")
    look = "ephemeral" if message.ephemeral_to else "reply" if message.thread_ts else ""
    canvas = Canvas(slack.world, user)
    body = canvas.blocks(message.blocks) if message.blocks else f"<p>{mrkdwn(slack.world, message.text)}</p>"
    body += "".join(_picture(file) for file in message.files)
    edited = " (edited)" if message.edited_ts else ""
    head = f'<div class="meta"><b>{escape(author)}</b> {at}{edited}{escape(seen_by)}</div>'
    inner = f"{head}{_form(here, {'messageTs': message.ts}, body)}"
    return f'<article class="{look}">{_face(slack, message.user, author)}<div>{inner}</div></article>'


def _picture(file: File) -> str:
    title, alt = escape(file.title), escape(file.alt_text)
    shown = f'<img src="/_file/{escape(file.id)}" alt="{alt}" style="max-width: 100%">'
    return f"<figure>{shown}<figcaption>{title}</figcaption></figure>"


def _face(slack: Slack, user_id: str, name: str) -> str:
    """A square with the initials, in a colour of the person's own."""
    user = slack.world.users.get(user_id)
    initials = "".join(word[0] for word in name.split()[:2])
    look = "bot" if user and user.is_bot else ""
    hue = sum(user_id.encode()) * 47 % 360
    return f'<span class="face {look}" style="--hue: {hue}" aria-hidden="true">{escape(initials)}</span>'


def home(slack: Slack, user: User, here: dict[str, str]) -> str:
    """The Home the app published for the user."""
    view = slack.views.homes.get(user.id)
    if view is None:
        return "<p>The app has published no Home for you.</p>"
    return _form(here, {"viewId": view.id}, Canvas(slack.world, user).blocks(view.blocks))


def modal(slack: Slack, user: User, here: dict[str, str]) -> str:
    """The modal in front of the user, or nothing."""
    stack = slack.views.stack(user.id)
    return _modal_form(Canvas(slack.world, user, stack[-1].errors, stack[-1].typed), stack[-1], here) if stack else ""


def _modal_form(canvas: Canvas, view: View, here: dict[str, str]) -> str:
    given = view.definition
    submit = f'<button class="primary">{canvas.text(given["submit"])}</button>' if given.get("submit") else ""
    close = f'<button name="close" value="1" formnovalidate>{canvas.text(given.get("close")) or "Close"}</button>'
    title, row = canvas.text(given["title"]), f'<div class="row">{submit}{close}</div>'
    inner = f"<h2>{title}</h2>{canvas.blocks(_with_offers(view))}{row}"
    return f'<div class="modal" role="dialog" aria-label="{title}">{_form(here, {"viewId": view.id}, inner)}</div>'


def _with_offers(view: View) -> list[Block]:
    """The view's blocks, its selects with the options the app loads for them and the ones already chosen."""
    blocks = deepcopy(view.blocks)
    for _, element in elements_of(blocks):
        if offer := view.offered.get(element["action_id"]):
            chosen = [*element.get("initial_options", []), *filter(None, [element.get("initial_option")])]
            known = {option["value"] for option in options_of(offer)}
            element["options"] = [option for option in chosen if option["value"] not in known] + offer["options"]
            element["option_groups"] = offer["option_groups"]
    return blocks


def say(here: dict[str, str]) -> str:
    """The box to type a message or command in."""
    label = "A message, or a command such as /kpi csat"
    box = f'<input name="text" aria-label="{label}" placeholder="{label}" autocomplete="off" autofocus required>'
    shortcut = '<input name="callback_id" aria-label="Shortcut" placeholder="shortcut’s callback id" required>'
    said = _form(here, {}, box + "<button>Send</button>")
    run = _form(here, {}, shortcut + "<button>Run</button>")
    return f'<div class="say">{said}<details><summary>Shortcut</summary>{run}</details></div>'
