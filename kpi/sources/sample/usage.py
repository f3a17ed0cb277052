"""What an account does with what we run for it: three counts on each day of use."""

import numpy as np

from kpi.sources.sample import mix
from kpi.sources.sample.course import Course
from kpi.sources.sample.rows import Rows
from kpi.sources.sample.streams import Purpose


def usage(course: Course) -> Rows:
    """logins, and of the same days active_users (never more) and actions (never fewer)."""
    if not course.account.uses:
        return {}
    account, chance = course.account, course.stream(Purpose.USAGE)
    busy = course.days.using[account.country.code][: course.days.plan.days] * course.pace * course.mood.usage
    logins = chance.poisson(mix.LOGINS_PER_DAY * account.segment.usage * busy)
    day = np.flatnonzero(logins)
    logins = logins[day]
    users = np.minimum(logins, 1 + chance.poisson(0.4 * logins))
    actions = logins + chance.poisson(5.5 * logins)
    columns = zip(day.tolist(), logins.tolist(), users.tolist(), actions.tolist(), strict=True)
    lines = []
    for number, login, user, action in columns:
        start = f"{account.key},{course.days.texts[number]},"
        lines += [f"{start}logins,{login}", f"{start}active_users,{user}", f"{start}actions,{action}"]
    return {"usage": lines}
