"""What Slack does wrong or forbids from now on, as the control API sets it."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from sandbox.errors import Refusal, valid
from sandbox.faults import Fault
from sandbox.limits import BLOCKS, Pace
from sandbox.mishaps import Mishap
from sandbox.pace import Pacer
from sandbox.slack import Slack


class Storm(BaseModel):
    """How often, and how long between."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["refresh_storm"]
    times: Annotated[int, Field(ge=1, le=100)] = 3
    every: Annotated[float, Field(ge=0, le=10)] = 0.2


class Revocation(BaseModel):
    """Whose token opens nothing any more, and Slack's word for it."""

    model_config = ConfigDict(extra="forbid")
    revoked: bool = True
    error: str = "token_revoked"
    bot: bool = True
    app: bool = False


async def set_faults(slack: Slack, given: dict[str, Any]) -> dict[str, Any]:
    """Queue one fault of calls, or with a `delivery` one of deliveries; or clear all."""
    if given.get("clear"):
        slack.faults.clear()
        slack.mishaps.clear()
    elif "delivery" in given:
        slack.mishaps.waiting.append(valid(Mishap.model_validate, given))
    else:
        slack.faults.add(valid(Fault.model_validate, given))
    return {"waiting": len(slack.faults.waiting) + len(slack.mishaps.waiting)}


async def set_sockets(slack: Slack, given: dict[str, Any]) -> dict[str, Any]:
    """`half_open`: forget the connections but leave them open; `refresh_storm`: ask to connect anew, many times."""
    if given.get("kind") == "half_open":
        return {"forgotten": slack.sockets.forget()}
    storm = valid(Storm.model_validate, given)
    return {"dropped": await slack.sockets.refresh(storm.times, storm.every)}


async def revoke(slack: Slack, given: dict[str, Any]) -> dict[str, Any]:
    """Take tokens back and close the app's sockets, or with `revoked: false` let them open everything again."""
    asked = valid(Revocation.model_validate, given)
    owners = (["bot"] if asked.bot else []) + (["app"] if asked.app else [])
    slack.revoked = dict.fromkeys(owners, asked.error) if asked.revoked else {}
    dropped = await slack.sockets.disconnect("link_disabled") if slack.revoked else 0
    return {"revoked": slack.revoked, "dropped": dropped}


async def set_refuses(slack: Slack, given: dict[str, Any]) -> dict[str, Any]:
    """From now on answer `invalid_blocks` to messages with blocks of these types; an empty list takes all again."""
    kinds = given.get("blocks")
    if not isinstance(kinds, list) or not set(map(str, kinds)) <= set(BLOCKS):
        raise Refusal(422, "blocks: a list of types of blocks.")
    slack.refuses = frozenset(map(str, kinds))
    return {"refuses": sorted(slack.refuses)}


async def set_pace(slack: Slack, given: dict[str, Any]) -> dict[str, Any]:
    """From now on ask an app that posts too fast to wait; `on: false` lets it post as fast as it can."""
    if not isinstance(given.get("on"), bool):
        raise Refusal(422, "on: true or false.")
    slack.pacer = Pacer((slack.config.pace or Pace()) if given["on"] else None)
    return {"paced": given["on"]}


async def disconnect(slack: Slack, given: dict[str, Any]) -> dict[str, Any]:
    """Drop all sockets, saying why unless `quietly`."""
    reason = None if given.get("quietly") else str(given.get("reason", "refresh_requested"))
    return {"dropped": await slack.sockets.disconnect(reason)}


TROUBLES = {
    "faults": set_faults,
    "refuses": set_refuses,
    "pace": set_pace,
    "sockets": set_sockets,
    "revoke": revoke,
    "disconnect": disconnect,
}
