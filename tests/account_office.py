"""An account's form as its people drive it, from as few words as possible."""

from collections.abc import Mapping
from typing import Any

from bot.blocks.limits import faults
from kpi.model import Actor
from kpi.store import tables
from kpi.store.store import Record
from tests.agency import ANNA
from tests.stage import Stage

NEW: dict[str, Any] = {"name": "Initech Ltd", "starts_on": "2024-03-01"}


def opened(stage: Stage, channel_id: str = "C0NEW", *, text: str = "account", by: Actor = ANNA) -> Mapping[str, Any]:
    assert stage.command(text, by, channel_id) == {}
    assert faults(stage.windows[-1]) == ()
    return stage.windows[-1]


def saved(stage: Stage, view: Mapping[str, Any], *, view_id: str = "V1", by: Actor = ANNA, **values: Any) -> str:
    """The words in the form's place once it is saved."""
    ack = stage.submit(view, by, view_id, **values)
    assert ack.get("response_action") == "update", ack
    assert faults(ack["view"]) == ()
    return "\n".join(block["text"]["text"] for block in ack["view"]["blocks"])


def errors(stage: Stage, view: Mapping[str, Any], **values: Any) -> dict[str, str]:
    ack = stage.submit(view, ANNA, **values)
    assert ack["response_action"] == "errors"
    return dict(ack["errors"])


def named(stage: Stage, name: str) -> Record:
    (row,) = [row for row in stage.agency.rows(tables.account) if row["name"] == name]
    return row


def of(stage: Stage, table: Any, name: str) -> list[Record]:
    account_id = named(stage, name)["account_id"]
    return [row for row in stage.agency.rows(table) if row["account_id"] == account_id]


def amounts(stage: Stage, name: str) -> list[tuple[str, str | None, int, str]]:
    rows = of(stage, tables.revenue, name)
    return [
        (str(row["starts_on"]), row["ends_on"] and str(row["ends_on"]), row["amount_minor"], row["currency"])
        for row in sorted(rows, key=lambda row: row["starts_on"])
    ]


def inputs(view: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
