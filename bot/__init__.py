"""Slack and the clock: who speaks, and when."""
