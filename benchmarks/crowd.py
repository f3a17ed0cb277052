"""50 people ask the running bot at once for a minute, over signed HTTP, while a client answers a survey every second.

Everybody asks again as soon as they are answered. The bot is a process of its own, as shipped; Slack is the local one,
with its payloads, its signatures and its three seconds, after which an ack is lost.
"""

import asyncio
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from benchmarks.answering import Desk, desk_of
from benchmarks.commands import bot_running
from benchmarks.facts import ROWS
from benchmarks.history import Histories
from benchmarks.report import Report, held
from benchmarks.town import Tally, Town
from kpi.store.tables import reply, survey
from sandbox.server import SandboxConfig, start

PEOPLE = 50
SECONDS = 60.0
CLICK_EVERY_SECONDS = 1.0
ASK_MOST_MS, CLICK_MOST_MS = 1000.0, 500.0
BEFORE, RUSH, CLICKS, AFTER = "one after the other, before", "all at once", "clicks meanwhile", "and after"
FIGURES = {BEFORE: "before", RUSH: "asked", CLICKS: "clicked", AFTER: "after"}
MOVING = "csat"
"""The KPI that every click changes; while they click, only its name is looked for in the answers."""


def measure(histories: Histories, people: int = PEOPLE, seconds: float = SECONDS) -> Report:
    """One after the other first; then the minute; then one after the other again, with the clients' answers counted."""
    with start(SandboxConfig(pace=None)) as slack, desk_of(histories.long, slack) as desk:
        tokens = [desk.facts.question() for _ in range(int(seconds / CLICK_EVERY_SECONDS) - 1)]
        with bot_running(_over_http(histories.long.environment(slack))) as bot:
            town = Town(slack, f"{bot.url}/slack/events", people)
            tallies = asyncio.run(_played(town, desk, tokens, seconds))
        stored = _stored(desk, tokens)
    if wrong := [line for tally in tallies.values() for line in tally.wrong]:
        raise RuntimeError(f"{len(wrong)} answers were wrong, first: {wrong[0]}")
    if stored < len(tokens) - tallies[CLICKS].lost:
        raise RuntimeError(f"{len(tokens)} clicks, {tallies[CLICKS].lost} of them lost, and {stored} in the database")
    return _report(tallies, f"{people} people at once for {seconds:.0f} s, {histories.long.events:,} events")


async def _played(town: Town, desk: Desk, tokens: Sequence[str], seconds: float) -> dict[str, Tally]:
    async with town:
        before = await town.everybody(_expected(desk))
        moving = _while_moving(desk)
        asked, clicked = await asyncio.gather(town.rush(moving, seconds), town.clicks(tokens, CLICK_EVERY_SECONDS))
        await town.calm(MOVING)
        # A click whose ack came too late may be stored at any moment, so that its KPI still moves.
        after = await town.everybody(_while_moving(desk) if clicked.lost else _expected(desk))
        return {BEFORE: before, RUSH: asked, CLICKS: clicked, AFTER: after}


def _expected(desk: Desk) -> dict[str, str]:
    return {key: desk.shown(desk.answer(key)) for key in ROWS}


def _while_moving(desk: Desk) -> dict[str, str]:
    return _expected(desk) | {MOVING: desk.opened.settings.policy.kpis[MOVING].label}


def _over_http(environ: Mapping[str, str]) -> dict[str, str]:
    """Without an app-level token there is no socket: Slack comes by HTTP."""
    return {name: value for name, value in environ.items() if name != "SLACK_APP_TOKEN"}


def _stored(desk: Desk, tokens: Sequence[str]) -> int:
    with desk.opened.services.store.transaction() as tx:
        answered = select(func.count()).select_from(reply.join(survey, reply.c.survey_id == survey.c.survey_id))
        return int(tx.value(answered.where(tx.mine(survey), survey.c.token.in_(tokens))))


def _report(tallies: Mapping[str, Tally], what: str) -> Report:
    columns = ("", "acks", "p50", "p95", "longest", "lost")
    rows = [_row(name, tally) for name, tally in tallies.items()]
    figures = {f"{FIGURES[name]}_{figure}": number for name, tally in tallies.items()
               for figure, number in _figures(tally).items()}  # fmt: skip
    return Report(what, columns, rows, figures)


def _row(name: str, tally: Tally) -> tuple[str, ...]:
    p95, longest = f"{tally.p(95):.0f} ms", f"{max(tally.milliseconds):.0f} ms"
    if name == RUSH:
        p95 = held(tally.p(95), ASK_MOST_MS, "{:.0f} ms")
    if name == CLICKS:
        longest = held(max(tally.milliseconds), CLICK_MOST_MS, "{:.0f} ms")
    return name, str(len(tally.milliseconds)), f"{tally.p(50):.0f} ms", p95, longest, held(tally.lost, 0, "{:.0f}")


def _figures(tally: Tally) -> dict[str, float | int]:
    times = {"p50_ms": tally.p(50), "p95_ms": tally.p(95), "longest_ms": max(tally.milliseconds)}
    return {"count": len(tally.milliseconds), "lost": tally.lost} | {name: round(ms, 1) for name, ms in times.items()}
