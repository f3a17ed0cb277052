"""The loop played for a stranger, with a local Slack and a portfolio of its own."""
