"""The page behind a survey's link: one question, answered with one tap, without JavaScript and without Slack."""

from bot.web.survey_page.router import router

__all__ = ["router"]
