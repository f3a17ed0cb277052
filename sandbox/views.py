"""Modals and Home tabs: who sees which, in what order they are stacked."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox import limits
from sandbox.blocks import elements_of, with_ids
from sandbox.errors import SlackError
from sandbox.validation import checked_view


@dataclass(slots=True)
class View:
    """One modal or Home. `errors` is what the app answered to the last submission, by block_id; `offered` what it has
    to offer in its selects, by action_id."""

    id: str
    user: str
    definition: dict[str, Any]
    hash: str
    root_id: str
    previous_id: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)
    offered: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The view's blocks, ids filled in."""
        return list(self.definition["blocks"])


def _hash() -> str:
    return f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}"


def _definition(view: Any, kind: str) -> dict[str, Any]:
    checked = checked_view(view, kind)
    return {**checked, "blocks": with_ids(checked["blocks"])}


@dataclass(slots=True)
class Views:
    """Open modals as one stack per user, and each user's Home."""

    modals: dict[str, View] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)

    def stack(self, user: str) -> list[View]:
        """The user's open modals, the visible one last."""
        return [view for view in self.modals.values() if view.user == user]

    def find(self, view_id: str) -> View | None:
        """An open modal or Home by id."""
        return self.modals.get(view_id) or next((home for home in self.homes.values() if home.id == view_id), None)

    def open(self, user: str, definition: Any) -> View:
        """A new modal in place of all the user had open."""
        checked = _definition(definition, limits.MODAL)
        self.close_all(user)
        return self._place(user, checked, None)

    def push(self, parent: View, definition: Any) -> View:
        """A modal on top of another; three at most."""
        checked = _definition(definition, limits.MODAL)
        if len(self.stack(parent.user)) >= limits.MODAL_STACK:
            raise SlackError("push_limit_reached")
        return self._place(parent.user, checked, parent)

    def update(self, view: View, definition: Any) -> View:
        """New content for an open view; its inputs' values stay as typed."""
        view.definition = _definition(definition, view.definition["type"])
        view.hash, view.errors, view.offered = _hash(), {}, {}
        named = {key for block_id, element in elements_of(view.blocks) for key in (block_id, element["action_id"])}
        view.typed = {key: value for key, value in view.typed.items() if key in named}
        return view

    def publish(self, user: str, definition: Any) -> View:
        """The user's Home, new or replaced."""
        checked = _definition(definition, limits.HOME)
        if home := self.homes.get(user):
            home.definition, home.hash = checked, _hash()
            return home
        self.homes[user] = _view(user, checked, None)
        return self.homes[user]

    def close(self, view: View) -> None:
        """The modal is gone; the one below shows again."""
        self.modals.pop(view.id, None)

    def close_all(self, user: str) -> None:
        """The user's whole stack is gone."""
        for view in self.stack(user):
            self.close(view)

    def by_external_id(self, external_id: str) -> View | None:
        """The open view the app named so."""
        known = [*self.modals.values(), *self.homes.values()]
        return next((view for view in known if view.definition.get("external_id") == external_id), None)

    def _place(self, user: str, definition: dict[str, Any], parent: View | None) -> View:
        view = _view(user, definition, parent)
        self.modals[view.id] = view
        return view


def _view(user: str, definition: dict[str, Any], parent: View | None) -> View:
    view_id = f"V0{secrets.token_hex(5).upper()}"
    root_id, previous_id = (parent.root_id, parent.id) if parent else (view_id, None)
    return View(view_id, user, definition, _hash(), root_id, previous_id)


def view_json(view: View, teams: Mapping[str, str], state: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The view as Slack sends it; `teams` gives `team_id` (the viewer's), `home`, `app_id` and `bot_id`."""
    given = view.definition
    modal = {name: given.get(name) for name in ("title", "submit", "close")} if given["type"] == limits.MODAL else {}
    return {
        "id": view.id,
        "team_id": teams["team_id"],
        "type": given["type"],
        "blocks": given["blocks"],
        "private_metadata": given.get("private_metadata") or "",
        "callback_id": given.get("callback_id") or "",
        "state": {"values": dict(state or {})},
        "hash": view.hash,
        "clear_on_close": bool(given.get("clear_on_close")),
        "notify_on_close": bool(given.get("notify_on_close")),
        **modal,
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": teams["app_id"],
        "external_id": given.get("external_id") or "",
        "app_installed_team_id": teams["home"],
        "bot_id": teams["bot_id"],
    }
