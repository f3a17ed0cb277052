"""Our own people: account managers in teams of different quality, and who leads them."""

from dataclasses import dataclass
from math import ceil

from kpi.sources.sample.mix import ACCOUNTS_PER_OWNER, OWNERS_PER_TEAM
from kpi.sources.sample.names import colleague, slack_id, slug
from kpi.sources.sample.streams import Purpose, dealt_normal

_LEADS = 1_700
"""Numbers of names from here on are for those who lead a team; the head of all comes first."""


@dataclass(frozen=True, slots=True)
class Owner:
    """One of our own people; `lead` is the key of the one above."""

    key: str
    name: str
    email: str
    slack_user_id: str
    lead: str = ""


def owner_of(index: int) -> int:
    """The number of the owner of an account."""
    return index // ACCOUNTS_PER_OWNER


def owner_key(owner: int) -> str:
    """The key of an owner by number."""
    return slug(colleague(owner))


def team_quality(seed: int, owner: int) -> float:
    """How good the owner's team is: 0 on average, with a spread of 1."""
    return dealt_normal(seed, Purpose.TEAM, owner // OWNERS_PER_TEAM)


def quality(seed: int, owner: int) -> float:
    """How well the owner's accounts are looked after: their team and their own part; 0 on average, spread 1."""
    return 0.5 * team_quality(seed, owner) + 0.866 * dealt_normal(seed, Purpose.QUALITY, owner)


def owners(accounts: int, seed: int) -> list[Owner]:
    """Everybody, those who lead first: one for each team, and a head where there are several teams."""
    count = ceil(accounts / ACCOUNTS_PER_OWNER)
    teams = ceil(count / OWNERS_PER_TEAM)
    head = [_person(_LEADS, seed)] if teams > 1 else []
    leads = [_person(_LEADS + 1 + team, seed, head[0].key if head else "") for team in range(teams)]
    return head + leads + [_person(owner, seed, leads[owner // OWNERS_PER_TEAM].key) for owner in range(count)]


def _person(number: int, seed: int, lead: str = "") -> Owner:
    name = colleague(number)
    key = slug(name)
    return Owner(key, name, f"{key.replace('-', '.')}@agency.example", slack_id("U", 10**9 + number, seed), lead)
