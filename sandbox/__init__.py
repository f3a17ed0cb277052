"""A local Slack to try and test the bot in: Web API, Socket Mode, signed HTTP, a control API and a web page."""
