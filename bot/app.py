"""The composition root: reads top to bottom, and is the only place that builds things."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from fastapi import FastAPI
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from sqlalchemy import Engine

from bot import jobs, listeners
from bot.blocks.account_saved import saved_message
from bot.blocks.log_form import confirmation
from bot.blocks.notice import failed_delivery
from bot.blocks.people_card import people_card
from bot.blocks.reader import Reader
from bot.blocks.setup_offer import setup_offer
from bot.blocks.survey import question, thanks
from bot.clock import Clock, WallClock, every, next_fire, utc_now
from bot.listeners.ask_kpi import Desk
from bot.payloads import Body, installing_team
from bot.process import Parts, Process
from bot.queue import JobQueue, Worker
from bot.settings import Settings
from bot.slack import Slack, TokenRefused
from bot.web import checks, health, rest, slack_events
from bot.web.slack_socket import Socket
from kpi.errors import KpiError
from kpi.ports import Now
from kpi.services.accounts import Accounts
from kpi.services.accounts.words import Phrasing as AccountPhrasing
from kpi.services.answered import Answered
from kpi.services.answers import Answers, Rules
from kpi.services.capability import Capability
from kpi.services.corrections import Corrections
from kpi.services.deliveries import Deliveries, Subject
from kpi.services.digest_content import Composer
from kpi.services.digest_runs import DigestRuns
from kpi.services.digests import Digests
from kpi.services.groups import Groups
from kpi.services.impacts import Impacts
from kpi.services.intake import Intake
from kpi.services.people import People
from kpi.services.publishing import Publishing
from kpi.services.rebuilding import Rebuilding
from kpi.services.reporting import Reporting
from kpi.services.reports import Reports
from kpi.services.surveys import Surveys
from kpi.services.surveys.words import Phrasing
from kpi.services.targets import Targets
from kpi.services.tokens import Tokens
from kpi.store.store import Store, open_store

log = structlog.get_logger(__name__)

ROLES = ("web", "worker", "clock", "socket")
NOT_OURS = "This bot works for the organisation it was installed in, and only its people can ask it."
NIGHTLY = "17 3 * * *"
ACCOUNT_PHRASING = AccountPhrasing(setup_offer, saved_message, people_card)


@dataclass(frozen=True)
class Services:
    """The use cases over one workspace's store, and the words they are told in."""

    store: Store
    slack: Slack
    people: People
    surveys: Surveys
    accounts: Accounts
    answers: Answers
    reports: Reports
    impacts: Impacts
    publishing: Publishing
    digests: Digests
    deliveries: Deliveries
    capability: Capability
    tokens: Tokens
    corrections: Corrections
    reader: Reader


def counted_store(settings: Settings, engine: Engine, now: Now) -> Store:
    """The workspace's store, which then says by itself what its days and amounts are counted by."""
    store, workspace = open_store(engine, now()), settings.policy.workspace
    store.count_by(workspace.timezone.key, workspace.currency)
    return store


def build_reports(settings: Settings, store: Store, now: Now) -> Reports:
    """KPIs alone, for commands that need no Slack."""
    return Reports(store, settings.policy, now, Answered())


def build_targets(settings: Settings, store: Store, now: Now) -> Targets:
    """What is aimed for."""
    return Targets(store, settings.policy, now)


def build_impacts(settings: Settings, store: Store, now: Now) -> Impacts:
    """What changes came to."""
    return Impacts(build_reports(settings, store, now), store)


def build_publishing(settings: Settings, store: Store, now: Now) -> Publishing:
    """Published values and their revisions."""
    return Publishing(build_reports(settings, store, now), store)


def build_tokens(store: Store) -> Tokens:
    """The REST interface's tokens."""
    return Tokens(store, utc_now)


def build_reporting(store: Store) -> Reporting:
    """Who else may read."""
    return Reporting(store, utc_now)


def build_intake(settings: Settings, store: Store, now: Now) -> Intake:
    """How facts come in: local times in the workspace's zone, amounts in its currency unless they say otherwise."""
    workspace = settings.policy.workspace
    return Intake(store, now, workspace.timezone, workspace.currency)


def build_corrections(settings: Settings, store: Store, now: Now) -> Corrections:
    """How what was taken in is put right."""
    return Corrections(build_intake(settings, store, now))


def build_rebuilding(settings: Settings, store: Store) -> Rebuilding:
    """How what follows from the rows is made anew."""
    return Rebuilding(store, settings.policy.workspace.timezone)


def build_reader(settings: Settings) -> Reader:
    """How this workspace reads numbers and days."""
    workspace = settings.policy.workspace
    return Reader(workspace.language, workspace.timezone, workspace.currency)


def build_services(settings: Settings, engine: Engine, now: Now) -> Services:
    """Every use case, wired."""
    access = settings.require_slack()
    store = counted_store(settings, engine, now)
    slack = Slack(access.bot_token.get_secret_value(), access.api_url)
    queue = JobQueue()
    people = People(store, slack, now, slack.home_team)
    surveys = Surveys(store, queue, now, settings.policy, people, _phrasing(settings))
    intake = build_intake(settings, store, now)
    reports = build_reports(settings, store, now)
    publishing = build_publishing(settings, store, now)
    digests = Digests(store, queue, slack, Composer(reports, settings.digests), next_fire, publishing)
    subjects: dict[str, Subject] = {"survey": surveys, "digest": DigestRuns(now)}
    return Services(
        store=store,
        slack=slack,
        people=people,
        surveys=surveys,
        accounts=Accounts(store, queue, now, settings.policy, people, intake, ACCOUNT_PHRASING),
        answers=Answers(store, queue, now, people, Groups(store, slack, now), _rules(settings)),
        reports=reports,
        impacts=build_impacts(settings, store, now),
        publishing=publishing,
        digests=digests,
        deliveries=Deliveries(store, queue, now, subjects, failed_delivery, settings.access.operators),
        capability=Capability(store, now),
        tokens=Tokens(store, now),
        corrections=Corrections(intake),
        reader=build_reader(settings),
    )


def build_bolt(settings: Settings, services: Services) -> App:
    """Bolt with every listener; both transports speak to it."""
    access = settings.require_slack()
    bolt = App(
        name="kpibot",
        client=WebClient(base_url=access.api_url, retry_handlers=[]),
        signing_secret=access.signing_secret.get_secret_value() if access.signing_secret else "",
        process_before_response=True,
        before_authorize=_note_installing_team,
        authorize=_authorize(services.slack),
        user_facing_authorize_error_message=NOT_OURS,
    )
    desk = Desk(services.reports, services.answers, services.reader)
    slack = services.slack
    house = listeners.House(services.surveys, services.accounts, desk, services.deliveries, slack.open_view)
    listeners.register_all(bolt, house)
    return bolt


def warm(reports: Reports) -> None:
    """Load what answers need, so that nobody waits for it, and spare it every later search for garbage (0.1 s each)."""
    reports.warm()
    gc.collect()
    gc.freeze()


def build_process(settings: Settings, engine: Engine, now: Now, roles: tuple[str, ...] = ROLES) -> Process:
    """A process with these roles; health is served by every one. KpiError for a token refused or not ours."""
    _require_way_in(settings, roles)
    services = build_services(settings, engine, now)
    _meet_slack(services)
    bolt = build_bolt(settings, services)
    parts = Parts(
        worker=_worker(settings, engine, services) if "worker" in roles else None,
        clock=_clock(settings, services, now) if "clock" in roles else None,
        socket=_socket(settings, bolt) if "socket" in roles else None,
        warm=partial(warm, services.reports),
    )
    web = FastAPI(title="kpibot", docs_url="/api/docs", openapi_url="/api/openapi.json", redoc_url=None)
    web.include_router(health.router(_checks(settings, services, parts), partial(checks.figures, services.store, now)))
    if "web" in roles:
        _serve_world(settings, services, bolt, web)
    return Process(web, (settings.environment.host, settings.environment.port), parts)


def _meet_slack(services: Services) -> None:
    try:
        team_id = services.slack.home_team()
    except TokenRefused:
        raise
    except KpiError as fault:
        log.warning("slack_not_reached", reason=str(fault))
    else:
        services.store.belong_to(team_id)


def _phrasing(settings: Settings) -> Phrasing:
    return Phrasing(question=question, thanks=thanks, logged=partial(confirmation, reader=build_reader(settings)))


def _rules(settings: Settings) -> Rules:
    """The first of the operators is whom people are told to turn to."""
    whom = {"whom": f"<@{settings.access.operators[0]}>"} if settings.access.operators else {}
    return Rules(settings.access, settings.policy.workspace.language, **whom)


def _note_installing_team(context: dict[str, Any], body: Body, next: Callable[[], Any]) -> None:
    context["installing_team"] = installing_team(body)
    next()


def _authorize(slack: Slack) -> Callable[..., Any]:
    # Bolt reads the argument names of a plain function; of a method it would take `self` for one.
    def authorize(context: dict[str, Any], team_id: str | None) -> AuthorizeResult | None:
        return slack.authorize(context, team_id)

    return authorize


def _worker(settings: Settings, engine: Engine, services: Services) -> Worker:
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    work = jobs.queued(services.deliveries, services.slack, services.capability, services.accounts)
    return Worker(url, work, stall_seconds=settings.environment.stall_seconds)


def _clock(settings: Settings, services: Services, now: Now) -> Clock:
    ticking = jobs.ticking(services.surveys, services.digests, services.reader, now)
    nightly = jobs.nightly(services.store, services.impacts, services.publishing, now)
    tick = every(settings.environment.tick_seconds)
    night = WallClock(NIGHTLY, settings.policy.workspace.timezone.key)
    return Clock({name: (tick, run) for name, run in ticking.items()} | {n: (night, run) for n, run in nightly.items()})


def _require_way_in(settings: Settings, roles: tuple[str, ...]) -> None:
    """Raise KpiError when these roles leave Slack no way in: the socket's role alone, without its token."""
    if "socket" in roles and "web" not in roles and settings.require_slack().app_token is None:
        raise KpiError("The role socket needs SLACK_APP_TOKEN; see docs/slack-setup.md, or leave the role out.")


def _socket(settings: Settings, bolt: App) -> Socket | None:
    app_token = settings.require_slack().app_token
    return Socket(bolt, app_token.get_secret_value()) if app_token else None


def _serve_world(settings: Settings, services: Services, bolt: App, web: FastAPI) -> None:
    rest.serve(web, rest.Rooms(services.surveys, services.corrections, services.reports, services.tokens))
    signing_secret = settings.require_slack().signing_secret
    if signing_secret:
        web.include_router(slack_events.router(bolt, signing_secret.get_secret_value()))


def _checks(settings: Settings, services: Services, parts: Parts) -> dict[str, health.Check]:
    found: dict[str, health.Check] = {
        "database": partial(checks.database, services.store),
        "schema": partial(checks.tables, services.store),
        "warm": partial(checks.warm, parts.warmed),
        "slack": partial(checks.slack, services.slack),
        "deliveries": partial(checks.oldest_delivery, services.store, services.reports.now),
    }
    if parts.worker is not None:
        found["worker"] = partial(checks.worker, parts.worker)
    if parts.clock is not None:
        found["clock"] = partial(checks.ticks, parts.clock, settings.environment.tick_seconds)
    if parts.socket is not None:
        found["socket"] = partial(checks.socket, parts.socket)
    return found
