"""What /readyz asks of each part, and the figures of /metrics."""

from collections.abc import Mapping
from math import isfinite
from threading import Event
from time import perf_counter
from typing import Any

from bot.clock import Clock
from bot.queue import Worker
from bot.slack import Slack
from bot.web.slack_socket import Socket
from kpi.errors import KpiError
from kpi.ports import Now
from kpi.store import deliveries, schema
from kpi.store.store import Store, Unreachable

LATE_DELIVERY_SECONDS = 15 * 60
LATE_SOCKET_SECONDS = 90
LATE_TICKS = 3


def database(store: Store) -> Mapping[str, Any]:
    """Whether PostgreSQL answers, and how fast."""
    started = perf_counter()
    try:
        store.ping()
    except Unreachable as fault:
        return {"ok": False, "reason": str(fault)}
    return {"ok": True, "milliseconds": round((perf_counter() - started) * 1000, 1)}


def tables(store: Store) -> Mapping[str, Any]:
    """Whether the tables are those this version needs."""
    try:
        schema.require_current(store.engine)
    except (schema.StaleSchema, Unreachable) as fault:
        return {"ok": False, "reason": str(fault)}
    return {"ok": True, "version": schema.head()}


def slack(gateway: Slack) -> Mapping[str, Any]:
    """Whether Slack ever told us who we are (it is asked again until it did), and takes our token since."""
    if refused := gateway.refused():
        return {"ok": False, "reason": f"Slack refuses SLACK_BOT_TOKEN ({refused}); see docs/slack-setup.md."}
    try:
        return {"ok": True, "team": gateway.home_team()}
    except KpiError as fault:
        return {"ok": False, "reason": str(fault)}


def warm(warmed: Event) -> Mapping[str, Any]:
    """Whether the libraries are loaded; before that the first answer could come too late for Slack."""
    return {"ok": warmed.is_set()}


def worker(running: Worker) -> Mapping[str, Any]:
    """Whether the worker takes jobs."""
    return {"ok": running.healthy}


def ticks(clock: Clock, tick_seconds: float) -> Mapping[str, Any]:
    """How long ago the clock last asked what is due, and was answered."""
    age = clock.age_seconds()
    return {"ok": age < LATE_TICKS * tick_seconds + 30, "age_seconds": round(age, 1)}


def socket(connection: Socket) -> Mapping[str, Any]:
    """How long ago Slack's side of the socket was heard of."""
    age = connection.age_seconds()
    return {"ok": age < LATE_SOCKET_SECONDS, "age_seconds": round(age, 1) if isfinite(age) else None}


def oldest_delivery(store: Store, now: Now) -> Mapping[str, Any]:
    """How long the longest-waiting message has waited."""
    try:
        with store.transaction() as tx:
            since = deliveries.oldest_waiting(tx)
    except Unreachable as fault:
        return {"ok": False, "reason": str(fault)}
    age = (now() - since).total_seconds() if since else 0.0
    return {"ok": age < LATE_DELIVERY_SECONDS, "age_seconds": round(age, 1)}


def figures(store: Store, now: Now) -> Mapping[str, Mapping[str, float]]:
    """The gauges of /metrics: metric → label → value; without a database only that it is away."""
    try:
        with store.transaction() as tx:
            states, since = deliveries.counts(tx), deliveries.oldest_waiting(tx)
    except Unreachable:
        return {"database_up": {"": 0.0}}
    oldest = (now() - since).total_seconds() if since else 0.0
    return {"database_up": {"": 1.0}, "deliveries": dict(states), "oldest_delivery_age_seconds": {"": oldest}}
