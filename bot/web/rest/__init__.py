"""REST for other programs, below /api/v1: every path, its tokens and its refusals in one form."""

from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException

from bot.web.rest import batches, corrections, interactions, joining, kpis
from bot.web.rest.access import requires
from bot.web.rest.bodies import sent_with
from bot.web.rest.describing import illustrated
from bot.web.rest.spoken import ROOT, Spoken, apology, no_such_place
from kpi.services.corrections import Corrections
from kpi.services.reports import Reports
from kpi.services.surveys import Surveys
from kpi.services.tokens import Tokens

DESCRIPTION = (
    "Facts come in, each row by its key: sent again it changes nothing. What is wrong is put right. KPIs are answered "
    'from them. Every request needs a token; every refusal is one sentence, as {"error": "…"}, and changes nothing. '
    "docs/rest.md has a request of each kind, docs/corrections.md tells what becomes of what."
)


@dataclass(frozen=True, slots=True)
class Rooms:
    """What is served: questions after interactions, facts in and put right, KPIs; and who may."""

    surveys: Surveys
    fix: Corrections
    reports: Reports
    tokens: Tokens


def serve(web: FastAPI, rooms: Rooms) -> None:
    """Serve all of it, and answer in its form where there is nothing."""
    routes = APIRouter(prefix=ROOT, route_class=Spoken)
    writer = requires(rooms.tokens, "write")
    kpis.add(routes, rooms.reports, requires(rooms.tokens, "read"))
    interactions.add(routes, rooms.surveys, sent_with(writer))
    interactions.add_reopening(routes, rooms.surveys, sent_with(writer))
    batches.add(routes, rooms.fix.intake, sent_with(writer))
    corrections.add(routes, rooms.fix, sent_with(writer), writer)
    joining.add(routes, rooms.fix, sent_with(writer))
    web.include_router(routes)
    web.description = DESCRIPTION
    web.openapi_tags = [kpis.TAG, interactions.TAG, batches.TAG, corrections.TAG]
    web.openapi = illustrated(web.openapi, routes)  # type: ignore[method-assign]  # FastAPI's own way to extend it
    web.add_exception_handler(HTTPException, partial(no_such_place, routes))
    web.add_exception_handler(Exception, apology)
