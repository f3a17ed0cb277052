"""Slack's side gone wild: the clicks and forms of the survey programme, with anything in the place of anything."""

import json
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI
from httpx import Response
from hypothesis import strategies as st
from sqlalchemy import Engine, Table
from structlog.testing import capture_logs

from bot.blocks.reader import Reader
from bot.desk import Desk
from bot.desk.counter import Counter
from bot.desk.sources import Sources
from bot.listeners import ask_again, share_kpi
from bot.web import slack_events
from kpi.model import Instrument
from kpi.policy import AccessPolicy, Policy
from kpi.services.answers import Answers, Rules
from kpi.services.capability import Capability
from kpi.services.groups import Groups
from kpi.services.impacts import Impacts
from kpi.services.reports import Reports
from kpi.services.surveys import asking
from kpi.services.targets import Targets
from kpi.store import tables
from kpi.store.store import Record
from tests import builders as figures
from tests.agency import HOME, Agency, policy, programme
from tests.app_client import AppClient
from tests.rest import workspace_in
from tests.sayable import sayable
from tests.seal import sealed
from tests.stage import Ears, Stage

SECRET = "a secret only Slack knows"
TAGS = ("communication", "speed")
ASKING = policy(
    programme(kinds=("meeting",), tags=TAGS),
    programme(key="relation", kinds=("call",), instrument=Instrument.NPS),
    programme(key="nameless", kinds=("review",), places=("thread",), is_anonymous=True),
)
PLACES = {"response_url", "trigger_id"}
"""Left as they are: what is answered there must stay in this machine."""
GONE = object()
JUNK = st.sampled_from(
    (
        GONE,
        None,
        True,
        0,
        -1,
        2**70,
        1.5,
        "",
        " ",
        "\0",
        "x" * 4000,
        "-1",
        "٣",
        "1e9",
        "9" * 30,
        [],
        {},
        [None],
        {"": 0},
    )
) | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@dataclass
class Scribbler:
    """An agency with a question of every kind open, and its listeners behind signed HTTP."""

    engine: Engine
    ears: Ears
    stage: Stage = field(init=False)
    client: AppClient = field(init=False)

    def __post_init__(self) -> None:
        agency = Agency(workspace_in(self.engine), policy=ASKING)
        self.stage, web = Stage(agency, self.ears), FastAPI()
        for listeners in (ask_again, share_kpi):
            listeners.register(self.stage.bolt, counter(agency))
        web.include_router(slack_events.router(self.stage.bolt, SECRET))
        self.client = AppClient(web)
        self.open = [agency.asked(kind="meeting")["token"]]
        for kind in ("call", "review"):
            agency.now.move(days=2)
            self.open.append(agency.asked(kind=kind)["token"])
        self.scheduled = int(agency.log(contact=None, account=agency.globex).survey_id or 0)

    @property
    def agency(self) -> Agency:
        return self.stage.agency

    def send(self, body: Mapping[str, Any]) -> tuple[Response, list[str]]:
        """Deliver a payload, signed; the answer, and how listeners of ours failed over it: `EVENT: exception`."""
        with capture_logs() as logged:
            answer = self._post({**body, "response_url": self.ears.url, "trigger_id": "1.2"})
        if answer.content and answer.status_code == 200:
            sayable(answer.json())
        return answer, failures(logged)

    def _post(self, body: Mapping[str, Any]) -> Response:
        raw = urlencode({"payload": json.dumps(body)}).encode()
        form = {"content-type": b"application/x-www-form-urlencoded"}
        headers = {**form, **sealed(SECRET, raw, str(int(time.time())))}
        return self.client.post("/slack/events", content=raw, headers=headers)

    def broken(self) -> list[Any]:
        """What is stored and breaks a rule."""
        return rubbish(self.agency.rows, ASKING)


def rubbish(rows: Callable[[Table], list[Record]], policy: Policy) -> list[Any]:
    """What is stored and breaks a rule: answers and interactions nobody can have given, people who are nobody."""
    asked = {row["survey_id"]: row for row in rows(tables.survey)}
    answers = {row["reply_id"]: row for row in rows(tables.reply)}
    edits = [{**row, "survey_id": answers[row["reply_id"]]["survey_id"]} for row in rows(tables.reply_edit)]
    said = [*answers.values(), *rows(tables.held_answer), *edits]
    known = {each.key: each.tags for each in policy.surveys.programmes}
    logged = [row for row in rows(tables.interaction) if not _is_known(row, policy)]
    nobody = [row for row in rows(tables.contact) if row["slack_user_id"] == ""]
    return [*logged, *nobody, *(row for row in said if not _is_sound(row, asked[row["survey_id"]], known))]


def counter(agency: Agency) -> Counter:
    """The desk at which the agency's people ask for figures."""
    groups = Groups(agency.store, agency.directory, agency.now)
    answers = Answers(agency.store, agency.queue, agency.now, agency.people, groups, Rules(AccessPolicy()))
    reports = Reports(agency.store, figures.policy(), agency.now)
    beside = (Impacts(reports, agency.store), figures.rehearsal(agency.store))
    sources = Sources(reports, Targets(agency.store, figures.policy(), agency.now), *beside)
    reader = Reader("en", agency.policy.workspace.timezone)
    return Counter(Desk(sources), answers, Capability(agency.store, agency.now), reader)


def _is_sound(row: Record, survey: Record, known: Mapping[str, tuple[str, ...]]) -> bool:
    in_scale = row["score"] in Instrument(survey["instrument"]).scale
    return in_scale and set(row["tags"]) <= set(known[survey["programme"]]) and 0 < len(row["comment"] or "x") <= 3000


def _is_known(row: Record, policy: Policy) -> bool:
    return row["kind"] in asking.kinds(policy) and len(row["note"] or "") <= 3000


def failures(logged: Iterable[Mapping[str, Any]]) -> list[str]:
    """How listeners of ours failed, by what was logged meanwhile: `EVENT: exception`."""
    return [_failure(line) for line in logged if line.get("exc_info") and _is_ours(line)]


def _failure(line: Mapping[str, Any]) -> str:
    return f"{line['event']}: {line['exc_info']!r}"


def _is_ours(line: Mapping[str, Any]) -> bool:
    """Whether it went wrong inside of our listeners rather than before them."""
    trace = line["exc_info"].__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith("bot/errors.py"):
            return True
        trace = trace.tb_next
    return False


def places(
    value: Any, path: tuple[Any, ...] = (), left: Collection[str] = frozenset(PLACES)
) -> Iterator[tuple[Any, ...]]:
    """The way to everything in a payload but to what is left alone."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        if key not in left:
            yield from places(each, (*path, key), left)


def scribbled(body: Mapping[str, Any], changes: list[tuple[tuple[Any, ...], Any]]) -> dict[str, Any]:
    """The payload with other things in some places, or without them."""
    changed: dict[str, Any] = deepcopy(dict(body))
    for (*way, last), junk in changes:
        found: Any = changed
        for step in way:
            found = found[step] if isinstance(found, dict) and step in found else _at(found, step)
        if isinstance(found, dict) and junk is GONE:
            found.pop(last, None)
        elif isinstance(found, dict) or (isinstance(found, list) and isinstance(last, int) and last < len(found)):
            found[last] = None if junk is GONE else deepcopy(junk)
    return changed


def _at(found: Any, step: Any) -> Any:
    return found[step] if isinstance(found, list) and isinstance(step, int) and step < len(found) else None


def press(action_id: str, value: str, user: Mapping[str, Any]) -> dict[str, Any]:
    """A press in a message of Acme's channel."""
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": "1.1"}
    place = {"type": "message", "message_ts": "1790000000.000900", "channel_id": "C0ACME"}
    about = {"type": "block_actions", "user": dict(user), "team": {"id": HOME}, "container": place}
    return {**about, "channel": {"id": "C0ACME", "name": "acme"}, "actions": [action]}


def form(callback_id: str, metadata: str, values: Mapping[str, Any], user: Mapping[str, Any]) -> dict[str, Any]:
    """A modal that was sent; `values` by block, each with its one element."""
    blocks = [{"type": "input", "block_id": name, "element": {"action_id": name}} for name in values]
    view = {"type": "modal", "id": "V0FORM", "callback_id": callback_id, "private_metadata": metadata}
    state = {"values": {name: {name: dict(element)} for name, element in values.items()}}
    installed = {"app_installed_team_id": HOME, "blocks": blocks, "state": state}
    return {
        "type": "view_submission",
        "user": dict(user),
        "team": {"id": user.get("team_id")},
        "view": view | installed,
    }
