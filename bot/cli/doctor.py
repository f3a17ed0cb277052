"""A look at everything the bot stands on: configuration, database, Slack."""

from collections.abc import Iterator

from bot.cli.session import opened_services, read_settings
from bot.clock import utc_now
from bot.services import Services
from bot.settings import Settings
from kpi.errors import KpiError
from kpi.store import accounts, deliveries

Finding = tuple[bool, str]
LARGEST_SKEW_SECONDS = 2.0


def findings() -> Iterator[Finding]:
    """Each thing looked at: whether it is well, and a sentence. What cannot be looked at ends the list."""
    try:
        settings = read_settings()
        yield True, "the configuration is sound"
        with opened_services(settings) as services:
            yield True, "the database answers and its tables are current"
            yield from _clock_skew(services)
            yield _operators(settings)
            known, sentence = _slack(services)
            yield known, sentence
            if known:
                yield from _channels(services)
                yield from _groups(services, settings)
            yield from _deliveries(services)
            yield _links(settings)
            yield _mail(services)
    except KpiError as fault:
        yield False, str(fault)


def _clock_skew(services: Services) -> Iterator[Finding]:
    skew = abs((utc_now() - services.store.now()).total_seconds())
    yield skew < LARGEST_SKEW_SECONDS, f"this machine's clock and the database's differ by {skew:.1f} s"


def _operators(settings: Settings) -> Finding:
    named = len(settings.access.operators)
    if not named:
        return False, "nobody hears of failures that nobody owns: name operators in access.yaml"
    return True, f"{named} operators hear of failures that nobody owns"


def _slack(services: Services) -> Finding:
    try:
        home = services.slack.home()
    except KpiError as fault:
        return False, str(fault)
    return True, f"Slack knows the bot in organisation {home.team_id}"


def _channels(services: Services) -> Iterator[Finding]:
    with services.store.transaction() as tx:
        known = accounts.listing(tx, "", 1000)
    for account in known:
        if account.channel_id is None:
            yield False, f"{account.name} has no channel, so its contacts are not asked"
        elif services.slack.is_externally_shared(account.channel_id) is None:
            yield False, f"{account.name}: Slack does not show the bot channel {account.channel_id}; invite it there"
    yield True, f"{len(known)} accounts looked at"


def _groups(services: Services, settings: Settings) -> Iterator[Finding]:
    for group_id in settings.access.ask.groups:
        members = services.slack.in_group(group_id)
        if members is None:
            yield (
                False,
                f"Slack does not say who is in the user group {group_id}: the app needs the scope usergroups:read",
            )
        elif not members:
            yield False, f"the user group {group_id} in access.yaml has nobody in it, is disabled or does not exist"
        else:
            yield True, f"Slack knows the user group {group_id} ({len(members)} in it)"


def _deliveries(services: Services) -> Iterator[Finding]:
    with services.store.transaction() as tx:
        states = deliveries.counts(tx)
    doubtful = states.get("unknown", 0)
    yield doubtful == 0, f"{doubtful} messages may or may not have arrived (`kpibot deliveries list`)"


def _links(settings: Settings) -> Finding:
    given = settings.environment
    if given.has_links:
        return True, f"clients can be asked by links that begin with {given.public_url}/s/"
    return True, "clients are not asked by link: set KPIBOT_PUBLIC_URL and KPIBOT_SECRET_KEY for that"


def _mail(services: Services) -> Finding:
    if services.mail is None:
        return True, "no e-mails are sent: set KPIBOT_SMTP_URL and KPIBOT_MAIL_FROM for that"
    try:
        services.mail.check()
    except KpiError as fault:
        return False, str(fault)
    return True, "the mail server takes e-mails of ours"
