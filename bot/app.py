"""The composition root: reads top to bottom; with bot/services.py the only place that builds things."""

import gc
import logging
from collections.abc import Callable
from functools import partial
from time import sleep
from typing import Any

import structlog
from fastapi import FastAPI
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from sqlalchemy import Engine

from bot import embedded, jobs, listeners
from bot.clock import Clock, WallClock, every
from bot.installation import Installation
from bot.jobs.deliver import Post
from bot.payloads import Body, installation
from bot.process import Parts, Process
from bot.queue import Worker
from bot.services import Services, build_services
from bot.settings import Settings
from bot.slack import Slack, TokenRefused
from bot.web import checks, health, rest, slack_events, survey_page
from bot.web.slack_socket import Socket
from kpi.errors import KpiError
from kpi.ports import Now
from kpi.services.reports import Reports

log = structlog.get_logger(__name__)

ROLES = ("web", "worker", "clock", "socket")
NOT_OURS = "This bot works for the organisation it was installed in, and only its people can ask it."
GARBAGE = 50_000
NIGHTLY = "17 3 * * *"


def build_bolt(settings: Settings, services: Services) -> App:
    """Bolt with every listener; both transports speak to it."""
    access = settings.require_slack()
    logger = logging.getLogger("slack_bolt")
    logger.setLevel(logging.ERROR)  # not a line for every event nobody listens to
    bolt = App(
        name="kpibot",
        logger=logger,
        client=WebClient(base_url=access.api_url, retry_handlers=[]),
        signing_secret=access.signing_secret.get_secret_value() if access.signing_secret else "",
        process_before_response=True,
        before_authorize=_note_installation,
        authorize=_authorize(services.slack),
        user_facing_authorize_error_message=NOT_OURS,
    )
    rooms = (services.surveys, services.accounts, services.counter, services.deliveries)
    listeners.register_all(bolt, listeners.House(*rooms, services.slack.open_view))
    return bolt


def warm(reports: Reports) -> None:
    """Load what answers need, so that nobody waits for it, and spare it every later search for garbage (0.1 s each).

    An answer makes some ten thousand small objects and keeps few: searched for a few times, not hundreds.
    """
    reports.warm()
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 20)


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
        revive=_revive(settings, engine),
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


def _note_installation(context: dict[str, Any], body: Body, next: Callable[[], Any]) -> None:
    context["installation"] = installation(body)
    next()


def _authorize(slack: Slack) -> Callable[..., Any]:
    # Bolt reads the argument names of a plain function; of a method it would take `self` for one.
    def authorize(context: dict[str, Any]) -> AuthorizeResult | None:
        return slack.authorize(context.get("installation", Installation()))

    return authorize


def _worker(settings: Settings, engine: Engine, services: Services) -> Worker:
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    post = Post(services.deliveries, services.slack, services.counter.capability, sleep, services.mail)
    work = jobs.queued(post, services.accounts, services.counter)
    return Worker(url, work, stall_seconds=settings.environment.stall_seconds)


def _clock(settings: Settings, services: Services, now: Now) -> Clock:
    ticking = jobs.ticking(services.surveys, services.digests, services.reader, now)
    nightly = jobs.nightly(services.store, services.impacts, services.publishing, now)
    tick = every(settings.environment.tick_seconds)
    night = WallClock(NIGHTLY, settings.policy.workspace.timezone.key)
    return Clock({name: (tick, run) for name, run in ticking.items()} | {n: (night, run) for n, run in nightly.items()})


def _revive(settings: Settings, engine: Engine) -> Callable[[], bool] | None:
    """How the bundled database comes back where we found it; one of the operator's own is theirs to start."""
    given = settings.environment
    if given.database_url is not None:
        return None
    found = int(str(engine.url.query["port"]))
    opened = found if found != embedded.PORT or given.postgres_port == found else None
    return partial(embedded.revive, given.data_dir, port=opened)


def _require_way_in(settings: Settings, roles: tuple[str, ...]) -> None:
    """Raise KpiError when these roles leave Slack no way in: the socket's role alone, without its token."""
    if "socket" in roles and "web" not in roles and settings.require_slack().app_token is None:
        raise KpiError("The role socket needs SLACK_APP_TOKEN; see docs/slack-setup.md, or leave the role out.")


def _socket(settings: Settings, bolt: App) -> Socket | None:
    app_token = settings.require_slack().app_token
    return Socket(bolt, app_token.get_secret_value()) if app_token else None


def _serve_world(settings: Settings, services: Services, bolt: App, web: FastAPI) -> None:
    rest.serve(web, rest.Rooms(services.surveys, services.corrections, services.reports, services.tokens))
    web.include_router(survey_page.router(services.by_link))
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
