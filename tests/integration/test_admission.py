"""Who may ask for numbers, by which rule, told by little from the database and as seldom as possible by Slack."""

from dataclasses import replace

import pytest

from kpi.errors import KpiError, Refused
from kpi.model import Actor, Person
from kpi.policy import AskPolicy
from kpi.services.answers import Place
from kpi.services.people import NobodyCanSay
from kpi.store import tables
from kpi.store.store import Store
from tests.askers import ANNA, BEN, CARLA, HEADS, HELEN, HOME, NORA, OTTO, OWN_AND_HEADS, Askers, Statements


@pytest.fixture
def askers(tenant: Store) -> Askers:
    return Askers(tenant)


def test_unless_somebody_decides_otherwise_every_full_member_may_ask_about_everything(askers: Askers) -> None:
    askers.ask = AskPolicy()
    assert {askers.sees(who) for who in (ANNA, BEN, HELEN, OTTO, NORA)} == {"all by member"}
    with pytest.raises(Refused, match="Only full members"):
        askers.admit(CARLA)


def test_heads_see_everything_and_owners_their_own(askers: Askers) -> None:
    assert askers.sees(HELEN) == f"all by group {HEADS}"
    assert askers.sees(ANNA) == "own by member"
    with pytest.raises(Refused, match=r"your own clients only, and none is yours; <@U0OPS> can change that\."):
        askers.admit(NORA)


@pytest.mark.parametrize(
    ("ask", "anna", "helen"),
    [
        (AskPolicy("none", owners="own"), "own by owner", None),
        (AskPolicy("none", owners="all"), "all by owner", None),
        (AskPolicy("none", groups={HEADS: "all"}), None, f"all by group {HEADS}"),
        (AskPolicy("none", people={"U0ANNA": "own", "U0HELEN": "all"}), "own by person", "all by person"),
        (AskPolicy("own", people={"U0ANNA": "all"}, groups={HEADS: "own"}), "all by person", "refused"),
        (
            AskPolicy("none", owners="own", groups={HEADS: "all", "S0SALES": "own"}),
            "own by owner",
            "all by group S0HEADS",
        ),
        (AskPolicy("none"), None, None),
    ],
    ids=["owners own", "owners all", "group", "people", "most generous", "several", "nobody"],
)
def test_the_most_generous_rule_holds(askers: Askers, ask: AskPolicy, anna: str | None, helen: str | None) -> None:
    askers.ask = ask
    for who, seen in ((ANNA, anna), (HELEN, helen)):
        if seen and seen != "refused":
            assert askers.sees(who) == seen
        else:
            with pytest.raises(Refused, match="<@U0OPS> can change that"):
                askers.admit(who)


def test_no_rule_lets_in_a_guest_a_client_or_somebody_who_left(askers: Askers) -> None:
    askers.ask = AskPolicy(people={"U0CARLA": "all", "U0GUEST": "all", "U0GONE": "all"}, groups={HEADS: "all"})
    askers.directory.groups[HEADS] = ("U0CARLA", "U0GUEST", "U0GONE")
    askers.directory.people["U0GUEST"] = Person("U0GUEST", HOME, is_guest=True)
    askers.directory.people["U0GONE"] = Person("U0GONE", HOME, is_deleted=True)
    for who in (CARLA, Actor("U0GUEST", HOME), Actor("U0GONE", HOME), Actor("", HOME)):
        with pytest.raises(KpiError):
            askers.admit(who)


def test_a_boss_sees_the_accounts_of_all_below_also_where_reporting_goes_in_a_circle(askers: Askers) -> None:
    (anna, ben, otto) = (row["owner_id"] for row in askers.portfolio.rows(tables.owner))
    assert askers.admit(ANNA).owners == frozenset(
        (
            anna,
            ben,
        )
    )
    assert askers.admit(BEN).owners == frozenset((ben,))
    nora = askers.owner("Nora Nielsen", NORA, manager_id=ben)
    with askers.store.transaction() as tx:
        tx.run(
            tables.owner.update().where(tx.mine(tables.owner), tables.owner.c.owner_id == anna).values(manager_id=nora)
        )
    for who in (ANNA, BEN, NORA):
        assert askers.admit(who).owners == frozenset(
            (
                anna,
                ben,
                nora,
            )
        )
    assert askers.admit(OTTO).owners == frozenset((otto,))


def test_a_group_is_asked_for_once_in_five_minutes_and_followed_from_then_on(askers: Askers) -> None:
    for _ in range(3):
        askers.sees(HELEN)
        askers.sees(ANNA)
    assert askers.directory.asked.count(HEADS) == 1
    askers.directory.groups[HEADS] = (ANNA.user_id,)
    askers.now.move(minutes=5)
    assert askers.sees(ANNA) == f"all by group {HEADS}"
    with pytest.raises(Refused):
        askers.admit(HELEN)


def test_a_group_that_is_gone_lets_nobody_in_any_more(askers: Askers) -> None:
    askers.sees(HELEN)
    askers.directory.groups[HEADS] = ()
    askers.now.move(minutes=5)
    with pytest.raises(Refused):
        askers.admit(HELEN)


def test_while_slack_is_silent_about_a_group_its_people_of_today_stay_and_tomorrow_nobody(askers: Askers) -> None:
    askers.sees(HELEN)
    del askers.directory.groups[HEADS]
    askers.now.move(hours=23, minutes=59)
    assert askers.sees(HELEN) == f"all by group {HEADS}"
    askers.now.move(minutes=1)
    with pytest.raises(NobodyCanSay, match="try again"):
        askers.admit(HELEN)
    assert askers.sees(ANNA) == "own by member", "the other rules hold all the same"


def test_a_group_slack_never_spoke_of_lets_nobody_in_and_is_not_asked_for_at_every_question(askers: Askers) -> None:
    askers.directory.groups.clear()
    for _ in range(3):
        with pytest.raises(NobodyCanSay):
            askers.admit(HELEN)
    assert askers.directory.asked.count(HEADS) == 1
    askers.now.move(minutes=1)
    askers.directory.groups[HEADS] = (HELEN.user_id,)
    assert askers.sees(HELEN) == f"all by group {HEADS}"


def test_groups_are_asked_for_only_where_a_rule_names_them_and_nothing_else_lets_somebody_see_as_much(
    askers: Askers,
) -> None:
    askers.ask = replace(OWN_AND_HEADS, people={ANNA.user_id: "all"})
    askers.sees(ANNA)
    askers.ask = AskPolicy()
    askers.sees(HELEN)
    assert HEADS not in askers.directory.asked


@pytest.mark.parametrize(("ask", "statements"), [(AskPolicy(), 1), (OWN_AND_HEADS, 3)], ids=["usual", "restricted"])
def test_what_is_remembered_is_read_in_one_transaction(askers: Askers, ask: AskPolicy, statements: int) -> None:
    askers.ask = ask
    askers.admit(ANNA)
    with Statements(askers.store) as said:
        assert askers.admit(ANNA).place() is Place.HERE
    assert [word for word in said if word == "BEGIN"] == ["BEGIN"]
    assert len(said) == 1 + statements


def test_a_person_who_became_a_contact_or_a_guest_is_noticed_as_soon_as_before(askers: Askers) -> None:
    askers.ask = AskPolicy()
    askers.admit(BEN)
    askers.directory.people[BEN.user_id] = Person(BEN.user_id, HOME, is_guest=True)
    askers.now.move(hours=24, seconds=1)
    with pytest.raises(Refused, match="Only full members"):
        askers.admit(BEN)
    askers.admit(ANNA)
    account = askers.portfolio.account("Vandelay")
    askers.portfolio.row(tables.contact, account_id=account, key="anna", name="Anna", slack_user_id=ANNA.user_id)
    with pytest.raises(Refused, match="Only full members"):
        askers.admit(ANNA)


def test_a_channel_that_became_shared_is_noticed_at_once_when_slack_says_so_and_in_five_minutes_else(
    askers: Askers,
) -> None:
    assert askers.admit(ANNA).place() is Place.HERE
    askers.directory.shared["C0TEAM"] = True
    assert askers.admit(ANNA).place() is Place.HERE
    askers.answers.people.forget_channel("C0TEAM")
    assert askers.admit(ANNA).place() is Place.PRIVATELY
    askers.directory.shared["C0TEAM"] = False
    askers.now.move(minutes=5, seconds=1)
    assert askers.admit(ANNA).place() is Place.HERE
    assert askers.admit(ANNA, "C0WHO").place() is Place.PRIVATELY
    assert askers.admit(ANNA, None).place() is Place.PRIVATELY


@pytest.mark.parametrize(("told", "language"), [("pt-BR", "pt-BR"), ("en-GB", "en-GB"), (None, "de")])
def test_numbers_are_read_in_the_askers_language_else_in_the_workspaces(
    askers: Askers, told: str | None, language: str
) -> None:
    askers.directory.people[ANNA.user_id] = Person(ANNA.user_id, HOME, "Anna", locale=told)
    assert askers.admit(ANNA).language == language
    assert askers.admit(ANNA).language == language, "remembered"


@pytest.mark.parametrize(
    ("share", "helen", "anna"), [("own", True, True), ("all", True, False), ("none", False, False)]
)
def test_who_may_share_is_a_matter_of_what_they_see(askers: Askers, share: str, helen: bool, anna: bool) -> None:
    askers.ask = replace(OWN_AND_HEADS, share=share)
    for who, may in ((HELEN, helen), (ANNA, anna)):
        admission = askers.admit(who)
        assert admission.may_share is may
        if may:
            admission.require_sharing()
        else:
            with pytest.raises(Refused, match="not share"):
                admission.require_sharing()
