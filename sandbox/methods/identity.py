"""auth, apps, oauth, bots, users and user groups."""

from typing import Any

from sandbox.errors import SlackError
from sandbox.methods.call import Answer, Args, flag, needed, page
from sandbox.methods.scopes import is_granted
from sandbox.shapes import CREATED, user_json
from sandbox.slack import Slack
from sandbox.world import User


def auth_test(slack: Slack, _: Args) -> Answer:
    """Whose token this is; one of an org-wide installation names the enterprise where others name their team."""
    home, bot = slack.world.home, slack.world.bot
    return {
        "url": f"{slack.url}/",
        "team": home.name,
        "user": bot.name,
        "team_id": home.enterprise_id if home.org_wide else home.id,
        **({"enterprise_id": home.enterprise_id} if home.enterprise_id else {}),
        "user_id": bot.id,
        "bot_id": slack.world.bot_id,
        "is_enterprise_install": home.org_wide,
    }


def open_connection(slack: Slack, _: Args) -> Answer:
    """Where to connect for Socket Mode."""
    return {"url": f"{slack.url.replace('http', 'ws', 1)}/_socket?ticket={slack.sockets.ticket()}"}


def oauth_access(slack: Slack, args: Args) -> Answer:
    """A bot token for a code handed out by the control API's `install`; each code works once."""
    if args.get("client_id") != slack.config.client_id:
        raise SlackError("invalid_client_id")
    if args.get("client_secret") != slack.config.client_secret:
        raise SlackError("bad_client_secret")
    user_id = slack.codes.pop(str(args.get("code")), None)
    if user_id is None:
        raise SlackError("invalid_code")
    home = slack.world.home
    return {
        "access_token": slack.config.bot_token,
        "token_type": "bot",
        "scope": ",".join(sorted(slack.config.scopes or ())),
        "bot_user_id": slack.world.bot.id,
        "app_id": slack.config.app_id,
        "team": None if home.org_wide else {"id": home.id, "name": home.name},
        "enterprise": {"id": home.enterprise_id, "name": home.name} if home.enterprise_id else None,
        "is_enterprise_install": home.org_wide,
        "authed_user": {"id": user_id},
    }


def bot_info(slack: Slack, args: Args) -> Answer:
    """The app's own bot."""
    if args.get("bot") != slack.world.bot_id:
        raise SlackError("bot_not_found")
    bot = slack.world.bot
    about = {"id": slack.world.bot_id, "app_id": slack.config.app_id, "user_id": bot.id, "name": bot.name}
    return {"bot": {**about, "deleted": False, "updated": CREATED, "icons": {}}}


def user_info(slack: Slack, args: Args) -> Answer:
    """One user, external ones included."""
    user = slack.world.users.get(needed(args, "user", "user_not_found"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": _shown(slack, user, args)}


def user_list(slack: Slack, args: Args) -> Answer:
    """The installing team's users; external ones are not in it."""
    world = slack.world
    own = [user for user in world.users.values() if not world.is_external(user)]
    members, metadata = page([_shown(slack, user, args) for user in own], args)
    return {"members": members, "response_metadata": metadata}


def group_users(slack: Slack, args: Args) -> Answer:
    """The user ids of a user group; one that is disabled is found only where disabled ones are asked for."""
    group = slack.world.groups.get(needed(args, "usergroup", "no_such_subteam"))
    if group is None or (group.disabled and not flag(args, "include_disabled")):
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}


def _shown(slack: Slack, user: User, args: Args) -> dict[str, Any]:
    """The user; addresses need a scope of their own and are left out without it."""
    body = user_json(slack.world, user, include_locale=flag(args, "include_locale"))
    if not is_granted(slack, "users:read.email"):
        body["profile"].pop("email")
    return body
