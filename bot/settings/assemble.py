"""One frozen Settings from the environment and the files, or one report of all that is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from bot.settings import environment as variables
from bot.settings import files
from bot.settings.access import AccessFile
from bot.settings.calendars import CalendarsFile
from bot.settings.check import Check, Said
from bot.settings.digests import DigestsFile
from bot.settings.environment import Environment
from bot.settings.faults import Fault, SettingsFault
from bot.settings.kpis import KpisFile
from bot.settings.surveys import SurveysFile
from bot.settings.workspace import WorkspaceFile
from kpi.errors import KpiError
from kpi.metrics.catalog import CATALOG
from kpi.policy import AccessPolicy, DigestPolicy, Policy

COMPUTED_KPIS = frozenset(kpi.key for kpi in CATALOG)


@dataclass(frozen=True, slots=True)
class SlackAccess:
    """What is needed to speak with Slack: the bot's token, and at least one way for Slack to reach it."""

    bot_token: SecretStr
    app_token: SecretStr | None
    signing_secret: SecretStr | None
    api_url: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything decided outside the program, read once and checked whole."""

    environment: Environment
    policy: Policy
    digests: DigestPolicy
    access: AccessPolicy

    def require_slack(self) -> SlackAccess:
        """The way to Slack: by Socket Mode with an app token, by HTTP with a signing secret. KpiError if incomplete."""
        given = self.environment
        missing = [] if given.bot_token else ["SLACK_BOT_TOKEN"]
        if not (given.app_token or given.signing_secret):
            missing.append("SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)")
        if given.bot_token is None or missing:
            raise KpiError(f"Slack cannot be reached without {' and '.join(missing)}; see docs/slack-setup.md")
        return SlackAccess(given.bot_token, given.app_token, given.signing_secret, given.slack_api_url)


def load(environ: Mapping[str, str], cwd: Path | None = None, computed: frozenset[str] = COMPUTED_KPIS) -> Settings:
    """The settings in force. `computed` are the KPIs that may be configured. Raises SettingsFault with all faults."""
    here = (cwd or Path.cwd()).absolute()
    faults: list[Fault] = []
    environment = variables.read(environ, here, faults)
    chosen = environ.get("KPIBOT_CONFIG", "").strip()
    own = files.read_own(here / (chosen or "config"), here, faults, chosen=bool(chosen))
    check = Check(files.read_shipped(here, faults), own, faults, {"computed": computed})

    workspace = check.file("workspace", WorkspaceFile, WorkspaceFile.contradictions)
    calendars = check.file("calendars", CalendarsFile, CalendarsFile.contradictions)
    kpis = check.file("kpis", KpisFile, KpisFile.contradictions)
    surveys = check.file("surveys", SurveysFile, SurveysFile.contradictions)
    access = check.file("access", AccessFile, AccessFile.contradictions)
    digests = check.file("digests", DigestsFile, lambda _: ())
    if workspace and surveys:
        check.say("workspace", _unspoken(workspace, surveys))
    if surveys and (shipped := check.shipped_file("surveys", SurveysFile)):
        check.say("surveys", surveys.stale_versions(shipped))
    if kpis and digests and (shipped_digests := check.shipped_file("digests", DigestsFile)):
        check.say("digests", digests.contradictions(kpis.policy(), shipped_digests))
    if kpis and (shipped_kpis := check.shipped_file("kpis", KpisFile)):
        check.say("kpis", kpis.stale_versions(shipped_kpis))

    if faults or not (environment and workspace and calendars and kpis and surveys and access and digests):
        raise SettingsFault(faults)
    policy = Policy(workspace.policy(), kpis.policy(), surveys.policy(), calendars.policy(workspace.timezone))
    return Settings(environment, policy, digests.policy(policy.kpis), access.policy())


def _unspoken(workspace: WorkspaceFile, surveys: SurveysFile) -> Said:
    if not surveys.speaks(workspace.language):
        yield ("language",), "has no words for every survey; add wordings for it to surveys.yaml"
