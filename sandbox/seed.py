"""The world every sandbox starts with: an agency, two client organisations and the channels they share."""

from sandbox.world import Channel, Group, Team, User, World

HOME, CLIENT, OTHER = "T0HOME00", "T0CLIENT", "T0OTHER0"
BOT, BOT_ID = "U0KPIBOT", "B0KPIBOT"

TEAMS = (
    Team(HOME, "Northwind Agency", "northwind"),
    Team(CLIENT, "Acme GmbH", "acme"),
    Team(OTHER, "Globex Ltd", "globex"),
)

USERS = (
    User(BOT, HOME, "kpibot", "KPI Bot", is_bot=True),
    User("U0ANNA", HOME, "anna", "Anna Arendt", "anna@northwind.example"),
    User("U0BEN", HOME, "ben", "Ben Brandt", "ben@northwind.example", tz="Europe/London", locale="en-GB"),
    User("U0HEAD", HOME, "helen", "Helen Head", "helen@northwind.example", locale="de-DE", is_admin=True),
    User("U0GUEST", HOME, "gina", "Gina Guest", "gina@freelance.example", is_restricted=True),
    User("U0SINGLE", HOME, "sam", "Sam Single", "sam@freelance.example", is_restricted=True, is_ultra_restricted=True),
    User("U0GONE", HOME, "gerd", "Gerd Gone", "gerd@northwind.example", deleted=True),
    User("U0ROBOT", HOME, "buildbot", "Build Bot", is_bot=True),
    User("U0CARLA", CLIENT, "carla", "Carla Client", "carla@acme.example", locale=None),
    User("U0CHRIS", CLIENT, "chris", "Chris Client", "chris@acme.example", tz="Europe/Vienna", locale=None),
    User("U0OTTO", OTHER, "otto", "Otto Other", "otto@globex.example", tz="America/New_York", locale=None),
    User("U0STRANGE", OTHER, "stella", "Stella Stranger", "stella@globex.example", locale=None),
)

_TEAM = ("U0ANNA", "U0BEN", "U0HEAD")


CHANNELS = (
    Channel("C0TEAM", "account-team", (BOT, *_TEAM, "U0GUEST", "U0ROBOT", "U0GONE")),
    Channel("C0SALES", "sales", (BOT, "U0BEN", "U0HEAD")),
    Channel("C0LEADS", "leadership", (BOT, "U0ANNA", "U0HEAD"), is_private=True),
    Channel(
        "C0ACME",
        "shared-acme",
        (BOT, "U0ANNA", "U0BEN", "U0SINGLE", "U0CARLA", "U0CHRIS"),
        is_shared=True,
        is_ext_shared=True,
        shared_team_ids=(HOME, CLIENT),
    ),
    Channel(
        "C0GLOBEX",
        "shared-globex",
        (BOT, "U0BEN", "U0OTTO"),
        is_shared=True,
        is_ext_shared=True,
        shared_team_ids=(HOME, OTHER),
    ),
    Channel("C0PENDING", "shared-soon", (BOT, "U0ANNA"), is_pending_ext_shared=True),
    Channel("C0OLD", "old-project", (BOT, "U0ANNA"), is_archived=True),
    Channel("C0NOBOT", "random", _TEAM),
    Channel("C0SECRET", "board", ("U0HEAD",), is_private=True),
)

GROUPS = (Group("S0HEADS", "heads", ("U0HEAD",)), Group("S0CLOSED", "old-team", ("U0ANNA", "U0BEN"), disabled=True))


def seed_world() -> World:
    """A fresh copy of the seed world."""
    users = {user.id: user for user in USERS}
    channels = {channel.id: channel for channel in CHANNELS}
    groups = {group.id: group for group in GROUPS}
    return World(TEAMS[0], users[BOT], BOT_ID, {team.id: team for team in TEAMS}, users, channels, groups)
