"""Every place where kpibot is killed in the tests: about each writing statement, each commit, each call to Slack."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.doomed import EPHEMERAL, POST, Doom, Side

CLAIM, MARK = "UPDATE delivery SET state=%(state)s::VARCHAR, attempt", "message_ts=%(message_ts)s"
COMMIT: tuple[Side, ...] = ("before_commit", "after_commit")
BEFORE_MARK: tuple[Side, ...] = ("before", "after", "before_commit")


@dataclass(frozen=True)
class Point:
    """Where to die, by name, and how many messages are in Slack when everything has come to an end.

    `in_doubt`: between the commit of `sending` and that of what became of it, so that nothing goes again by itself.
    """

    name: str
    doom: Doom
    in_doubt: bool = False
    arrived: int = 1


def points(
    name: str, *steps: str, sides: tuple[Side, ...] = ("before", "after"), in_doubt: bool = False, arrived: int = 1
) -> list[Point]:
    """The points about one step, on each of these sides."""
    return [Point(f"{side.replace('_', ' ')} {name}", Doom(steps, side), in_doubt, arrived) for side in sides]


def sending(turn: str) -> list[Point]:
    """The points of a delivery whose worker takes this step first, from the job's first statement to its last."""
    return [
        *points("it takes its turn", turn, sides=("before", "after", *COMMIT)),
        *points("it is marked as being sent", turn, CLAIM, sides=BEFORE_MARK),
        *points("it is marked as being sent", turn, CLAIM, sides=("after_commit",), in_doubt=True, arrived=0),
        *points("the call", turn, CLAIM, POST, sides=("before",), in_doubt=True, arrived=0),
        *points("it is marked as sent", turn, CLAIM, MARK, sides=BEFORE_MARK, in_doubt=True),
        *points("it is marked as sent", turn, CLAIM, MARK, sides=("after_commit",)),
    ]


_DUE: list[Point] = [
    *points("the tick asks what is due", "SELECT digest_subscription.subscription_id FROM digest_subscription"),
    *points("the subscription is held", "FOR UPDATE SKIP LOCKED"),
    *points("the next time is noted", "UPDATE digest_subscription SET next_due_at"),
    *points("the ledger's row", "INSERT INTO digest_run"),
    *points("a published value", "INSERT INTO kpi_value"),
    *points("the delivery, before its job", "INSERT INTO delivery … 'digest'"),
    *points("the ledger learns of the delivery and its job", "UPDATE digest_run SET delivery_id"),
    *points("all of it", "UPDATE digest_run SET delivery_id", sides=COMMIT),
]
_POSTED = points("the ledger learns it was posted", "UPDATE digest_run SET state", in_doubt=True)
POSTING_DIGESTS = [*_DUE, *sending("INSERT INTO send_pace … 'C0DIGEST"), *_POSTED]


_ASKED: list[Point] = [
    *points("what is asked, and where", "FOR NO KEY UPDATE", "UPDATE survey SET owner_at_send"),
    *points("the delivery, before its job", "INSERT INTO delivery … 'survey'"),
    *points("all of it", "INSERT INTO delivery … 'survey'", sides=COMMIT),
]
_KNOWN = points("the question is known to be posted", "posted_at=%(posted_at)s", in_doubt=True)
ASKING = [*_ASKED, *sending("INSERT INTO send_pace … 'C0CLIENT"), *_KNOWN]


BEFORE_THE_ACK: list[Point] = [
    *points("the question is found", "SELECT survey.workspace_id … survey.token = %("),
    *points("the account is held", "SELECT survey.workspace_id … survey.token = %(", "FOR NO KEY UPDATE"),
    *points("the answer", "INSERT INTO reply ("),
    *points("its history", "INSERT INTO reply_edit"),
    *points("the day's count", "INSERT INTO account_day … survey_answers"),
    *points("the question is answered", "UPDATE survey SET state … 'answered'"),
    *points("the thanks, before their job", "INSERT INTO delivery … 'thanks'"),
    *points("all of it", "INSERT INTO delivery … 'thanks'", sides=COMMIT),
]
AFTER_THE_ACK: list[Point] = [
    *points("the thanks are marked as being sent", CLAIM, sides=BEFORE_MARK),
    *points("the thanks are marked as being sent", CLAIM, sides=("after_commit",), in_doubt=True, arrived=0),
    *points("the call", CLAIM, EPHEMERAL, sides=("before",), in_doubt=True, arrived=0),
    *points("the thanks are marked as sent", CLAIM, MARK, sides=BEFORE_MARK, in_doubt=True),
    *points("the thanks are marked as sent", CLAIM, MARK, sides=("after_commit",)),
]


def matrix(ways: list[Point], daily: tuple[object, ...], *others: object) -> list[Any]:
    """Parameters: each crew at each point.

    In every run the daily ones die where the state of things turns, at the commits and the calls to Slack; all else is
    for the slow tests.
    """

    def marks(crew: object, point: Point) -> list[pytest.MarkDecorator]:
        turns = point.doom.side in COMMIT or point.name.endswith("the call")
        return [] if turns and crew in daily else [pytest.mark.slow]

    return [
        pytest.param(crew, point, id=f"{crew} {point.name}", marks=marks(crew, point))
        for crew in (*daily, *others)
        for point in ways
    ]
