"""Every message and view of every test is held against Slack's limits, where it passes on its way to Slack."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Engine, select

from bot.blocks.limits import faults
from kpi.store.tables import delivery


def sayable(body: Mapping[str, Any]) -> None:
    """What answers a person or is called by us: a message, a view, or something around one; else nothing is said."""
    view = body.get("view")
    if isinstance(view, Mapping):
        assert faults(view) == (), view
    elif "text" in body or "blocks" in body:
        assert faults(body) == (), body


def all_sayable(calls: Iterable[Mapping[str, Any]], deliveries: Iterable[Mapping[str, Any]]) -> None:
    """What a bot called, and answered to what it was delivered, as the sandbox keeps it."""
    for call in calls:
        sayable(call["args"])
    for answered in deliveries:
        sayable(answered["ack"]["body"] or {})


def queue_is_sayable(engine: Engine, workspace_id: int) -> None:
    """The messages a workspace's deliveries hold; a dead one may have been refused for just this."""
    engine.dispose()  # a test may have cut the connections
    held = (delivery.c.workspace_id == workspace_id, delivery.c.payload != {}, delivery.c.state != "dead")
    with engine.connect() as connection:
        for payload in connection.execute(select(delivery.c.payload).where(*held)).scalars():
            sayable(payload)
