"""How fast we speak, all processes together: turns kept in the database, so that nobody has to ask us to wait.

Slack takes a message a second in a channel and, by what is known, eight in a workspace, each with a small burst. What
is said to one person goes at once, in a small burst too, and takes its turn from what is said to many: as these have
their turns up to LONGEST_SECONDS before, the urgent ones are fewer, so that both together stay within Slack's burst.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from kpi.store import pace
from kpi.store.store import Tx

METHOD = "chat.postMessage"
CHANNEL_EVERY = timedelta(seconds=1)
WORKSPACE_EVERY = timedelta(seconds=1 / 7.8)
URGENT_EVERY = timedelta(seconds=1 / 4)
PERSON_BURST_SECONDS = 1.0
URGENT_BURST_SECONDS = 0.25
LONGEST_SECONDS = 1.2
"""How far ahead a turn is kept; whoever would have to wait longer comes again."""
BULK, URGENT = "bulk", "urgent"
"""The workspace's two rows; all others are named after their channel."""


def turn(tx: Tx, delivery: Mapping[str, Any]) -> float:
    """Keep a delivery's turn; in how many seconds it is."""
    in_channel = pace.take(tx, delivery["channel_id"], CHANNEL_EVERY)
    if delivery["audience"] != "person":
        return max(in_channel, pace.take(tx, BULK, WORKSPACE_EVERY))
    among_urgent = pace.take(tx, URGENT, URGENT_EVERY)
    pace.take(tx, BULK, WORKSPACE_EVERY)
    return max(in_channel - PERSON_BURST_SECONDS, among_urgent - URGENT_BURST_SECONDS, 0.0)
