"""The files and their columns (DESIGN §5), and how a row is written."""

from collections.abc import Mapping
from types import MappingProxyType

Rows = Mapping[str, list[str]]
"""Written rows by file, without line ends."""

_COLUMNS = {
    "owners": "owner name email slack_user_id manager",
    "accounts": "account name owner segment plan language timezone currency channel_id observed_from",
    "terms": "account starts_on ends_on notice_on reason",
    "contacts": "contact account name email slack_user_id slack_team_id language",
    "interactions": "interaction account contact kind occurred_at owner",
    "surveys": "survey account contact interaction instrument posted_at expires_at state",
    "replies": "reply survey account contact interaction instrument score comment answered_at",
    "revenue": "account starts_on ends_on amount currency kind",
    "offers": "offer account kind amount currency offered_on decided_on outcome",
    "feedback": (
        "feedback account contact text actionable received_at triaged_at implemented_at declined_at decline_reason "
        "client_told_at"
    ),
    "episodes": "episode account opened_at first_response_at",
    "messages": "account day from_client from_us",
    "usage": "account day metric value",
    "truth": "account owner team_quality owner_quality story trouble trouble_on eased_on notice_on ends_on reason",
}
COLUMNS: Mapping[str, str] = MappingProxyType({name: ",".join(words.split()) for name, words in _COLUMNS.items()})
"""Each file's header; `truth` is for those who judge alerts and is never imported."""


def row(*cells: object) -> str:
    """One row; None is an empty cell, and texts are quoted where they must be."""
    return ",".join("" if cell is None else quoted(str(cell)) for cell in cells)


def quoted(text: str) -> str:
    """The text as a cell."""
    if any(sign in text for sign in ',"\n\r'):
        doubled = text.replace('"', '""')
        return f'"{doubled}"'
    return text
