"""Which installation of the bot we are, and which one a payload is meant for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Installation:
    """Whose installation a payload is meant for, as far as it says: workspace, enterprise, bot; each "" if not.

    The enterprise alone is named where the bot is installed for all of it.
    """

    team_id: str = ""
    enterprise_id: str = ""
    bot_id: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """Our own installation: the organisation, and who we are in it.

    On Enterprise Grid the organisation is one of the workspaces of `enterprise_id`; where the bot is installed for all
    of them, it is the enterprise itself.
    """

    team_id: str
    bot_user_id: str
    bot_id: str
    enterprise_id: str | None = None

    def is_meant(self, named: Installation) -> bool:
        """Whether a payload is for us; one that names no installation is."""
        if named.bot_id == self.bot_id or self.team_id in (named.team_id, named.enterprise_id):
            return True
        return not named.team_id and named.enterprise_id in ("", self.enterprise_id)
