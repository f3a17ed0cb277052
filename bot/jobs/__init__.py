"""What the clock and the queue do: one file each, listed here, one line each."""

from collections.abc import Callable, Mapping
from functools import partial

from bot.blocks.reader import Reader
from bot.desk.counter import Counter
from bot.jobs import (
    answer_later,
    deliver,
    finish_impacts,
    fold_notes,
    keep_house,
    meet_people,
    pack_days,
    plan_surveys,
    post_digests,
    post_surveys,
    publish_values,
)
from bot.queue import Job
from kpi.ports import Now
from kpi.services.accounts import JOB as MEET
from kpi.services.accounts import Accounts
from kpi.services.answers import LATER
from kpi.services.deliveries import JOB as DELIVER
from kpi.services.digests import Digests
from kpi.services.impacts import Impacts
from kpi.services.publishing import Publishing
from kpi.services.surveys import Surveys
from kpi.store.store import Store


def queued(post: deliver.Post, accounts: Accounts, counter: Counter) -> Mapping[str, Job]:
    """The jobs of the queue, by name."""
    return {
        LATER: partial(answer_later.run, counter),
        DELIVER: partial(deliver.run, post),
        MEET: partial(meet_people.run, accounts),
    }


def ticking(surveys: Surveys, digests: Digests, reader: Reader, now: Now) -> Mapping[str, Callable[[], None]]:
    """What the clock asks every few seconds."""
    return {
        "fold_notes": partial(fold_notes.run, surveys.store),
        "pack_days": partial(pack_days.run, pack_days.Packed(surveys.store, reader.zone, now)),
        "plan_surveys": partial(plan_surveys.run, plan_surveys.Planned(surveys, now)),
        "post_surveys": partial(post_surveys.run, surveys, now),
        "post_digests": partial(post_digests.run, digests, reader),
    }


def nightly(store: Store, impacts: Impacts, publishing: Publishing, now: Now) -> Mapping[str, Callable[[], None]]:
    """What is done once a night."""
    return {
        "keep_house": partial(keep_house.run, store, now),
        "finish_impacts": partial(finish_impacts.run, impacts),
        "publish_values": partial(publish_values.run, publishing),
    }
