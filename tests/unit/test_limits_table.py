"""One table of Slack's limits, kept by the local Slack and by the bot's own check, which know nothing of each other."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.blocks.limits import faults
from sandbox import limits
from sandbox.errors import SlackError
from sandbox.validation import checked_message, checked_view
from tests.pieces import BLOCKS, ELEMENTS, SURFACES, grown, on

TEXTS = ("plain_text", "mrkdwn")
TABLE = yaml.safe_load((Path(__file__).parents[1] / "limits.yaml").read_text(encoding="utf-8"))
ROWS = {
    where: row
    for row in TABLE["limits"]
    for where in ([f"{kind}.{row['where']}" for kind in row["of"]] if "of" in row else [row["where"]])
}


def local_slack_takes(payload: dict[str, Any]) -> bool:
    try:
        if "type" in payload:
            checked_view(payload, payload["type"])
        else:
            checked_message(payload)
    except SlackError:
        return False
    return True


def bot_would_send(payload: dict[str, Any]) -> bool:
    return not faults(payload)


def sizes(row: dict[str, Any]) -> tuple[list[int], list[int]]:
    """Those that fit, and those that no longer do."""
    fewest = [row["least"]] if "least" in row else []
    return [row["most"], *fewest], [row["most"] + 1, *(number - 1 for number in fewest)]


@pytest.mark.parametrize("where", ROWS)
def test_what_is_at_the_limit_passes_on_both_sides_and_one_more_on_neither(where: str) -> None:
    fitting, beyond = ([grown(where, size) for size in some] for some in sizes(ROWS[where]))
    assert all(map(local_slack_takes, fitting))
    assert not any(map(local_slack_takes, beyond))
    knows_it = all(map(bot_would_send, fitting)) and not any(map(bot_would_send, beyond))
    assert knows_it is ROWS[where].get("bot", True), [faults(payload) for payload in (*fitting, *beyond)]


@pytest.mark.parametrize("kind", TABLE["surfaces"])
def test_a_block_stands_where_slack_draws_it_and_nowhere_else(kind: str) -> None:
    shown = {surface for surface in SURFACES if local_slack_takes(on(surface, BLOCKS[kind]))}
    assert shown == set(TABLE["surfaces"][kind])
    sent = {surface for surface in SURFACES if bot_would_send(on(surface, BLOCKS[kind]))}
    assert sent in (shown, set())


def test_the_local_slack_knows_no_limit_that_is_not_in_the_table() -> None:
    pieces = {**BLOCKS, **ELEMENTS}
    kinds = ((where.partition("."), pieces.get(where.partition(".")[0])) for where in ROWS)
    told = {f"{piece['type']}.{path.removesuffix('.0')}" for (_, _, path), piece in kinds if piece}
    for kind, rule in {**limits.BLOCKS, **limits.ELEMENTS}.items():
        held = (rule.plain, rule.texts, rule.strings, rule.counts, rule.numbers, rule.item_texts)
        known = {f"{kind}.{name}" for fields in held for name in fields}
        assert kind in TEXTS or known <= told, known - told
