"""Making and changing an account in Slack, as its people drive it: real Bolt, real database, acks looked at."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from bot.blocks.limits import faults
from kpi.model import Actor, Person
from kpi.store import tables
from kpi.store.store import Store
from tests.account_office import NEW, amounts, inputs, named, of, opened, saved
from tests.agency import ACME, ANNA, CARLA, CHRIS, GUEST, HOME, Agency
from tests.stage import Stage, listening

BEN = Actor("U0BEN", HOME, "ben")


@pytest.fixture
def stage(tenant: Store) -> Iterator[Stage]:
    with listening() as ears:
        agency = Agency(tenant)
        agency.directory.people |= {
            "U0BEN": Person("U0BEN", HOME, "Ben Brandt"),
            "U0CHRIS": Person("U0CHRIS", ACME, "Chris <!channel>"),
        }
        agency.directory.rooms = {
            "C0NEW": ("U0ANNA", "U0ROBOT", "U0GUEST", "U0CHRIS", "U0BEN"),
            "C0ACME": ("U0ANNA", "U0CARLA", "U0CHRIS"),
        }
        yield Stage(agency, ears)


def test_a_channel_without_an_account_gets_a_new_one_with_all_that_was_said(stage: Stage) -> None:
    view = opened(stage)
    assert view["title"]["text"] == "New account"
    assert inputs(view)["channel"]["initial_conversation"] == "C0NEW"
    words = saved(
        stage,
        view,
        **NEW,
        segment="retail",
        language="de",
        zone="Europe/Vienna",
        amount="4500",
        amount_from="2024-03-01",
        contacts=["U0CHRIS", "U0GUEST"],
    )
    assert "*Initech Ltd* is set up." in words
    assert "4,500.00 EUR from Mar 1, 2024" in words
    account = named(stage, "Initech Ltd")
    kept = ("key", "channel_id", "segment", "language", "timezone", "recorded_at", "owner_id")
    now = stage.agency.now()
    assert [account[column] for column in kept] == [
        "initech-ltd", "C0NEW", "retail", "de", "Europe/Vienna", now, stage.agency.anna,
    ]  # fmt: skip
    (term,) = of(stage, tables.account_term, "Initech Ltd")
    assert (term["starts_on"], term["ends_on"], term["recorded_at"]) == (date(2024, 3, 1), None, now)
    assert amounts(stage, "Initech Ltd") == [("2024-03-01", None, 450_000, "EUR")]
    people = {row["slack_user_id"]: row for row in of(stage, tables.contact, "Initech Ltd")}
    assert set(people) == {"U0CHRIS", "U0GUEST"}
    assert (people["U0CHRIS"]["name"], people["U0CHRIS"]["slack_team_id"]) == ("Chris <!channel>", ACME)
    assert people["U0CHRIS"]["confirmed_at"] == now


def test_whoever_makes_it_is_told_what_changed_without_figures_and_audit_keeps_all_of_it(stage: Stage) -> None:
    saved(stage, opened(stage), **NEW, amount="4500", amount_from="2024-03-01")
    (told,) = stage.agency.messages("notice")
    assert (told["method"], told["channel_id"], told["user_id"]) == ("chat.postEphemeral", "C0NEW", "U0ANNA")
    assert told["payload"]["text"] == "*Initech Ltd* is set up."
    assert "4" not in str(told["payload"])
    assert faults(told["payload"]) == ()
    note = stage.agency.only(tables.audit)
    account_id = named(stage, "Initech Ltd")["account_id"]
    assert (note["actor"], note["action"], note["subject"]) == ("U0ANNA", "account.create", f"account:{account_id}")
    assert note["before"] is None
    assert note["after"]["revenue"][0] | {"amount": "4500.00"} == note["after"]["revenue"][0]


def test_the_channels_account_is_edited_and_only_what_was_changed_is_written(stage: Stage) -> None:
    view = opened(stage, "C0ACME")
    assert view["title"]["text"] == "Edit account"
    assert inputs(view)["name"]["initial_value"] == "Acme GmbH"
    stage.agency.set(tables.account, plan="retainer", segment="set meanwhile by somebody else")
    words = saved(stage, view, language="de")
    assert "*Language:* de" in words
    account = named(stage, "Acme GmbH")
    assert (account["language"], account["segment"]) == ("de", "set meanwhile by somebody else")
    assert (account["plan"], account["owner_id"]) == ("retainer", stage.agency.anna)
    note = stage.agency.only(tables.audit)
    assert (note["action"], note["before"], note["after"]) == ("account.edit", {"language": None}, {"language": "de"})


def test_a_form_sent_unchanged_changes_and_notes_nothing(stage: Stage) -> None:
    assert "nothing was changed" in saved(stage, opened(stage, "C0ACME"))
    assert stage.agency.count(tables.audit) == 0
    assert stage.agency.messages("notice") == []


def test_a_form_sent_again_makes_no_second_account_and_takes_what_was_changed_in_between(stage: Stage) -> None:
    view = opened(stage)
    saved(stage, view, **NEW, segment="retail", amount="100", amount_from="2024-03-01", contacts=["U0CHRIS"])
    again = {**NEW, "amount": "100", "amount_from": "2024-03-01", "contacts": ["U0CHRIS"]}
    assert "nothing was changed" in saved(stage, view, **again, segment="retail")
    assert "*Segment:* none (was retail)" in saved(stage, view, **again)
    assert named(stage, "Initech Ltd")["segment"] is None
    assert amounts(stage, "Initech Ltd") == [("2024-03-01", None, 10_000, "EUR")]
    assert [note["action"] for note in stage.agency.rows(tables.audit)] == ["account.create", "account.edit"]
    assert len(stage.agency.messages("notice")) == 2


def test_a_double_click_on_create_makes_one_account(stage: Stage) -> None:
    view = opened(stage)
    with ThreadPoolExecutor(6) as clicks:
        acks = list(clicks.map(lambda _: stage.submit(view, ANNA, **NEW), range(6)))
    assert {ack["response_action"] for ack in acks} == {"update"}
    assert named(stage, "Initech Ltd")
    assert stage.agency.count(tables.audit) == 1
    assert len(stage.agency.messages("notice")) == 1


def test_two_accounts_of_like_names_get_keys_of_their_own(stage: Stage) -> None:
    saved(stage, opened(stage), **NEW)
    saved(stage, opened(stage, "C0OTHER"), view_id="V2", name="Initech, Ltd", starts_on="2024-03-01")
    saved(stage, opened(stage, "C0EMOJI"), view_id="V3", name="🚀 <!channel>", starts_on="2024-03-01")
    saved(stage, opened(stage, "C0SIGNS"), view_id="V4", name="株式会社", starts_on="2024-03-01")
    keys = [row["key"] for row in stage.agency.rows(tables.account)]
    assert keys[3:] == ["initech-ltd", "initech-ltd-2", "channel", "account"]


def test_somebody_who_is_no_owner_yet_becomes_one_as_me(stage: Stage) -> None:
    view = opened(stage, by=BEN)
    options = inputs(view)["owner"]["options"]
    assert [option["text"]["text"] for option in options] == ["Me (Ben Brandt)", "Anna Arendt"]
    saved(stage, view, by=BEN, **NEW)
    ben = next(row for row in stage.agency.rows(tables.owner) if row["slack_user_id"] == "U0BEN")
    assert (ben["key"], ben["name"], ben["recorded_at"]) == ("ben-brandt", "Ben Brandt", stage.agency.now())
    assert named(stage, "Initech Ltd")["owner_id"] == ben["owner_id"]
    saved(stage, opened(stage, "C0ACME", by=BEN), view_id="V2", by=BEN, owner=str(ben["owner_id"]))
    assert named(stage, "Acme GmbH")["owner_id"] == ben["owner_id"]
    assert stage.agency.count(tables.owner) == 2


def test_a_name_opens_that_account_from_anywhere(stage: Stage) -> None:
    view = opened(stage, "C0TEAM", text="account acme")
    assert inputs(view)["name"]["initial_value"] == "Acme GmbH"
    assert "initial_conversation" not in inputs(view)["channel"]
    assert "Its channel is <#C0ACME>" in str(view["blocks"])
    saved(stage, view, segment="retail")
    assert (named(stage, "Acme GmbH")["segment"], named(stage, "Acme GmbH")["channel_id"]) == ("retail", "C0ACME")


def test_an_unknown_name_opens_a_new_account_and_says_which_one_may_have_been_meant(stage: Stage) -> None:
    view = opened(stage, "C0ACME", text='account "Acme Gmbhh"')
    assert view["title"]["text"] == "New account"
    assert inputs(view)["name"]["initial_value"] == "Acme Gmbhh"
    assert "initial_conversation" not in inputs(view)["channel"]
    assert "Did you mean Acme GmbH?" in view["blocks"][0]["text"]["text"]


def test_a_name_that_could_be_two_accounts_is_asked_back(stage: Stage) -> None:
    stage.agency.account("acme-us", "Acme Inc")
    assert "could be Acme GmbH or Acme Inc" in stage.command("account ac", ANNA)["text"]
    stage.agency.set(tables.account, channel_id="C0ACME")
    assert "Several accounts share this channel" in stage.command("account", ANNA)["text"]
    assert stage.windows == []


def test_in_a_direct_message_no_channel_is_taken_for_the_accounts(stage: Stage) -> None:
    saved(stage, opened(stage, "D0ANNA"), **NEW)
    assert named(stage, "Initech Ltd")["channel_id"] is None
    (told,) = stage.agency.messages("notice")
    assert (told["method"], told["channel_id"]) == ("chat.postMessage", "U0ANNA")


def test_the_channel_can_be_taken_away_in_it(stage: Stage) -> None:
    assert "*Channel:* none" in saved(stage, opened(stage, "C0ACME"), channel="")
    assert named(stage, "Acme GmbH")["channel_id"] is None


def test_a_segment_keeps_the_spelling_it_has(stage: Stage) -> None:
    saved(stage, opened(stage), **NEW, segment="Retail")
    saved(stage, opened(stage, "C0ACME"), view_id="V2", segment="rEtail ")
    assert named(stage, "Acme GmbH")["segment"] == "Retail"


@pytest.mark.parametrize("by", [CARLA, GUEST])
def test_people_from_outside_see_and_change_nothing(stage: Stage, by: Actor) -> None:
    view = opened(stage)
    assert "Only full members" in stage.command("account", by, "C0NEW")["text"]
    assert len(stage.windows) == 1
    assert stage.suggest("account_contacts", "", view, by) == []
    assert stage.suggest("account_zone", "", view, by) == []
    refused = stage.submit(view, by, **NEW)
    assert "Only full members" in str(refused)
    assert stage.agency.count(tables.account) == 3


def test_a_form_slack_did_not_open_is_said_in_the_ack(stage: Stage) -> None:
    stage.opens = False
    assert "try again" in stage.command("account", ANNA)["text"]


def test_an_account_deleted_meanwhile_is_said_to_be_gone(stage: Stage) -> None:
    view = opened(stage, "C0GLOBEX")
    with stage.agency.store.transaction() as tx:
        tx.run(tables.account.delete().where(tables.account.c.account_id == stage.agency.globex))
    assert "does not exist any more" in str(stage.submit(view, ANNA, segment="retail"))


def test_people_to_pick_come_from_the_channel_those_from_outside_first(stage: Stage) -> None:
    view = opened(stage)
    assert stage.suggest("account_contacts", "", view, ANNA) == ["Chris <!channel>", "Gina Guest", "Ben Brandt"]
    assert stage.suggest("account_contacts", "GINA", view, ANNA) == ["Gina Guest"]
    assert stage.suggest("account_contacts", "nobody", view, ANNA) == []
    at_acme = opened(stage, "C0ACME")
    assert stage.suggest("account_contacts", "car", at_acme, ANNA) == ["Carla Client"]


def test_contacts_that_are_confirmed_are_not_offered_again(stage: Stage) -> None:
    saved(stage, opened(stage), **NEW, contacts=["U0CHRIS"])
    assert stage.suggest("account_contacts", "", opened(stage), ANNA) == ["Gina Guest", "Ben Brandt"]
    assert "Chris &lt;!channel&gt;" in str(stage.windows[-1]["blocks"])


def test_a_contact_known_from_a_file_is_confirmed_under_its_own_key(stage: Stage) -> None:
    saved(stage, opened(stage, "C0ACME"), contacts=["U0CARLA"])
    carla = stage.agency.only(tables.contact)
    assert (carla["key"], carla["confirmed_at"]) == ("carla", stage.agency.now())


def test_zones_are_found_by_a_part_of_their_name_the_workspaces_own_first(stage: Stage) -> None:
    view = opened(stage)
    assert stage.suggest("account_zone", "", view, ANNA)[0] == "Europe/Berlin"
    assert stage.suggest("account_zone", "new york", view, ANNA) == ["America/New_York"]


def test_more_owners_than_a_menu_holds_are_searched_for(stage: Stage) -> None:
    for number in range(100):
        stage.agency.row(tables.owner, key=f"o{number}", name=f"Owner {number:03}")
    view = opened(stage, by=BEN)
    assert inputs(view)["owner"]["type"] == "external_select"
    assert stage.suggest("account_owner", "042", view, BEN) == ["Me (Ben Brandt)", "Owner 042"]
    assert len(stage.suggest("account_owner", "", view, BEN)) == 100


def test_chris_is_a_client_once_he_is_a_contact(stage: Stage) -> None:
    saved(stage, opened(stage), **NEW, contacts=["U0CHRIS"])
    assert stage.agency.people.role(CHRIS.user_id, CHRIS.team_id) == "client"
