"""config/*.yaml and the environment as one frozen Settings; all faults at once."""

from bot.settings.assemble import Settings, SlackAccess, load
from bot.settings.environment import Environment
from bot.settings.faults import Fault, SettingsFault

__all__ = ["Environment", "Fault", "Settings", "SettingsFault", "SlackAccess", "load"]
