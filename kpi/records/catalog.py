"""The one list of what comes in and goes out: a file and a REST path each, in the order they refer to one another."""

from kpi.records.conversation import EPISODES, INTERACTIONS, MESSAGES, USAGE
from kpi.records.entity import Entity
from kpi.records.portfolio import ACCOUNTS, CONTACTS, FEEDBACK, OFFERS, OWNERS, REVENUE, TERMS
from kpi.records.survey import REPLIES, SURVEYS

ENTITIES: tuple[Entity, ...] = (
    OWNERS,
    ACCOUNTS,
    TERMS,
    CONTACTS,
    REVENUE,
    OFFERS,
    MESSAGES,
    USAGE,
    EPISODES,
    INTERACTIONS,
    SURVEYS,
    REPLIES,
    FEEDBACK,
)
BY_NAME = {entity.name: entity for entity in ENTITIES}
