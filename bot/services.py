"""The use cases over one workspace's store, built: the composition root's lower half."""

from dataclasses import dataclass
from functools import partial

from sqlalchemy import Engine

from bot.blocks.account_saved import saved_message
from bot.blocks.invitation import handed_over, mail
from bot.blocks.log_form import confirmation
from bot.blocks.notice import failed_delivery
from bot.blocks.people_card import people_card
from bot.blocks.reader import Reader
from bot.blocks.setup_offer import setup_offer
from bot.blocks.stranger_card import stranger_card
from bot.blocks.survey import question, reminder, thanks
from bot.clock import next_fire, utc_now
from bot.desk import Desk
from bot.desk.counter import Counter
from bot.desk.sources import Sources
from bot.mail import Mail
from bot.queue import JobQueue
from bot.settings import Settings
from bot.slack import Slack
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
from kpi.services.surveys.by_link import ByLink
from kpi.services.surveys.links import Links
from kpi.services.surveys.rehearsal import Rehearsal
from kpi.services.surveys.words import Phrasing, Ways
from kpi.services.targets import Targets
from kpi.services.tokens import Tokens
from kpi.store.store import Store, open_store

ACCOUNT_PHRASING = AccountPhrasing(setup_offer, saved_message, people_card)


@dataclass(frozen=True)
class Services:
    """The use cases over one workspace's store, and the words they are told in."""

    store: Store
    slack: Slack
    people: People
    surveys: Surveys
    accounts: Accounts
    counter: Counter
    reports: Reports
    impacts: Impacts
    publishing: Publishing
    digests: Digests
    deliveries: Deliveries
    tokens: Tokens
    corrections: Corrections
    reader: Reader
    by_link: ByLink
    mail: Mail | None


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


def build_links(settings: Settings, store: Store) -> Links:
    """The links to the survey's page."""
    given = settings.environment
    return Links(tuple(key.get_secret_value() for key in given.secret_keys), given.public_url, store.workspace_id)


def build_mail(settings: Settings) -> Mail | None:
    """The way out by e-mail, None where there is none."""
    given = settings.environment
    return Mail(given.smtp_url.get_secret_value(), given.mail_from) if given.smtp_url and given.mail_from else None


def build_rehearsal(settings: Settings, store: Store, now: Now) -> Rehearsal:
    """What the programmes would have asked."""
    return Rehearsal(store, settings.policy, _ways(settings, build_links(settings, store)), now)


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
    people = People(store, slack, now, slack.home_team, slack.is_on_grid)
    links = build_links(settings, store)
    surveys = Surveys(store, queue, now, settings.policy, people, _phrasing(settings), _ways(settings, links))
    intake = build_intake(settings, store, now)
    reports = build_reports(settings, store, now)
    publishing, impacts = build_publishing(settings, store, now), build_impacts(settings, store, now)
    reader = build_reader(settings)
    digests = Digests(store, queue, slack, Composer(reports, settings.digests), next_fire, publishing)
    asked: dict[str, Subject] = dict.fromkeys(("survey", "reminder", "invitation"), surveys)
    subjects: dict[str, Subject] = {**asked, "digest": DigestRuns(now)}
    return Services(
        store=store,
        slack=slack,
        people=people,
        surveys=surveys,
        accounts=Accounts(store, queue, now, settings.policy, people, intake, ACCOUNT_PHRASING),
        counter=Counter(
            Desk(Sources(reports, build_targets(settings, store, now), impacts, build_rehearsal(settings, store, now))),
            Answers(store, queue, now, people, Groups(store, slack, now), _rules(settings)),
            Capability(store, now),
            reader,
        ),
        reports=reports,
        impacts=impacts,
        publishing=publishing,
        digests=digests,
        deliveries=Deliveries(store, queue, now, subjects, failed_delivery, settings.access.operators),
        tokens=Tokens(store, now),
        corrections=Corrections(intake),
        reader=reader,
        by_link=ByLink(store, now, settings.policy, links, surveys.ways.secrets),
        mail=build_mail(settings),
    )


def _phrasing(settings: Settings) -> Phrasing:
    return Phrasing(
        question=question,
        thanks=thanks,
        logged=partial(confirmation, reader=build_reader(settings)),
        reminder=reminder,
        invitation=handed_over,
        mail=mail,
        stranger=stranger_card,
    )


def _ways(settings: Settings, links: Links) -> Ways:
    """How clients are reached beside the channel. Names of nameless respondents hang on the keys."""
    given, keys = settings.environment, [key.get_secret_value() for key in settings.environment.secret_keys]
    return Ways(
        link_to=links.address,
        has_links=links.work,
        can_mail=links.work and given.smtp_url is not None,
        secrets=tuple(key.encode() for key in keys) or (b"",),
        operators=settings.access.operators,
    )


def _rules(settings: Settings) -> Rules:
    """The first of the operators is whom people are told to turn to."""
    whom = {"whom": f"<@{settings.access.operators[0]}>"} if settings.access.operators else {}
    return Rules(settings.access, settings.policy.workspace.language, **whom)
