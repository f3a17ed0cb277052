"""Modals and Home tabs."""

from typing import Any

from sandbox.errors import SlackError
from sandbox.methods.call import Answer, Args, needed
from sandbox.slack import Slack
from sandbox.views import View


def open_modal(slack: Slack, args: Args) -> Answer:
    """A modal for the user whose trigger this is."""
    trigger = slack.tickets.trigger(needed(args, "trigger_id"))
    view = slack.views.open(trigger.user, _new(slack, args))
    trigger.used = True
    return {"view": slack.view(view)}


def push(slack: Slack, args: Args) -> Answer:
    """A modal on top of the one the trigger came from."""
    trigger = slack.tickets.trigger(needed(args, "trigger_id"))
    parent = slack.views.modals.get(trigger.view_id or "")
    if parent is None:
        raise SlackError("not_found")
    view = slack.views.push(parent, _new(slack, args))
    trigger.used = True
    return {"view": slack.view(view)}


def update(slack: Slack, args: Args) -> Answer:
    """New content for an open modal, by its id or external id."""
    view = _named(slack, args)
    if args.get("hash") and args["hash"] != view.hash:
        raise SlackError("hash_conflict")
    return {"view": slack.view(slack.views.update(view, args.get("view")))}


def publish(slack: Slack, args: Args) -> Answer:
    """A user's Home."""
    user_id = needed(args, "user_id")
    user = slack.world.users.get(user_id)
    if user is None or user.deleted or slack.world.is_stranger(user):
        raise SlackError("user_not_found")
    home = slack.views.homes.get(user_id)
    if args.get("hash") and home and args["hash"] != home.hash:
        raise SlackError("hash_conflict")
    return {"view": slack.view(slack.views.publish(user_id, args.get("view")))}


def _new(slack: Slack, args: Args) -> Any:
    """The definition of a view that is not open yet; an external id belongs to one view."""
    definition = args.get("view")
    name = definition.get("external_id") if isinstance(definition, dict) else None
    if name and slack.views.by_external_id(name):
        raise SlackError("duplicate_external_id")
    return definition


def _named(slack: Slack, args: Args) -> View:
    if args.get("external_id"):
        view = slack.views.by_external_id(str(args["external_id"]))
    else:
        view = slack.views.find(needed(args, "view_id"))
    if view is None:
        raise SlackError("not_found")
    return view
