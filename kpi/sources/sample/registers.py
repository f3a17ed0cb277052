"""The standing rows of an account: itself, its terms and contacts, and the truth about it."""

from kpi.sources.sample.course import Course
from kpi.sources.sample.money import known_end
from kpi.sources.sample.rows import Rows, row
from kpi.sources.sample.stories import Story
from kpi.sources.sample.teams import owner_of, team_quality


def registers(course: Course) -> Rows:
    """accounts, terms, contacts and truth."""
    return {
        "accounts": [_account(course)],
        "terms": _terms(course),
        "contacts": [
            row(one.key, course.account.key, one.name, one.email, one.slack_user_id, one.slack_team_id, one.language)
            for one in course.account.contacts
        ],
        "truth": _truth(course),
    }


def _account(course: Course) -> str:
    account, since = course.account, course.days.plan.since
    place = (account.country.language, account.country.timezone, "EUR", account.channel_id)
    observed = since if course.relations[0].starts < since else None
    return row(account.key, account.name, account.owner, account.segment.name, account.plan, *place, observed)


def _terms(course: Course) -> list[str]:
    """One row for each contract; the running one has an end only where notice was given within the history."""
    rows = []
    for relation in course.relations:
        known = known_end(course, relation)
        for contract in relation.contracts:
            last = contract is relation.contracts[-1]
            noticed = contract.loss if known else None
            told = (noticed.notice, noticed.reason) if noticed else (None, None)
            rows.append(row(course.account.key, contract.starts, known if last else contract.ends, *told))
    return rows


def _truth(course: Course) -> list[str]:
    """A row for each story that has begun, or one that says there is none."""
    plan, account = course.days.plan, course.account
    team = team_quality(plan.seed, owner_of(course.index))
    known = (account.key, account.owner, f"{team:.2f}", f"{account.quality:.2f}")
    told = [row(*known, *_told(story)) for story in course.stories if story.begins < plan.until]
    return told or [row(*known, "healthy", *[None] * 6)]


def _told(story: Story) -> tuple[object, ...]:
    loss = story.loss
    if not loss:
        return "recovers", story.trouble, story.begins, story.eases, None, None, None
    kind = "leaves" if story.trouble else "leaves silently"
    return kind, story.trouble, story.begins if story.trouble else None, None, loss.notice, story.ends, loss.reason
