"""The list of words every language has."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """The words of one language. Forms' titles and buttons (`title`, `send`, `close`) have at most 24 characters, other
    buttons at most 30. `tags` names what may be ticked beside a score; `rtl` languages are written right to left.

    Fields in braces are filled in: `{answer}`, `{day}`, `{characters}`, `{most}`, `{reference}` on the page, `{name}`,
    `{question}` and `{link}` in the invitation.
    """

    language: str
    rtl: bool = False
    # In Slack
    add_comment: str
    title: str
    label: str
    send: str
    close: str
    kept: str
    tags_label: str
    tags: Mapping[str, str]
    less: str
    stop: str
    undo: str
    less_done: str
    stop_done: str
    undone: str
    reminder: str
    held: str
    # On the page
    page_title: str
    page_scale: str
    page_answered: str
    page_until: str
    page_change: str
    page_privacy: str
    page_anonymous: str
    page_opt_out: str
    page_closed: str
    page_unknown: str
    page_busy: str
    page_too_long: str
    page_sorry: str
    # To copy, and in e-mails
    invitation: str
    subject: str
