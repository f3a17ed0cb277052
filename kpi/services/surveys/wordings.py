"""Which words a client is asked in."""

from kpi.model import Account, Contact, Instrument
from kpi.policy import Policy, Wording


def choose(
    policy: Policy, instrument: Instrument, account: Account, contact: Contact | None
) -> tuple[str, Wording] | None:
    """The locale and wording for a person of an account, in the language nearest to theirs; None without any."""
    known = policy.surveys.wordings
    wanted = (contact.language if contact else None, account.language, policy.workspace.language, "en")
    languages = [form for language in wanted if language for form in (language, language.split("-")[0])]
    found = next((language for language in languages if (instrument, language) in known), None)
    return None if found is None else (found, known[instrument, found])


def of_survey(policy: Policy, instrument: str, locale: str) -> Wording | None:
    """The wording of a survey as configured now; when its language was taken out, any of its instrument."""
    known = policy.surveys.wordings
    spare = next((wording for (asked, _), wording in known.items() if asked == instrument), None)
    return known.get((Instrument(instrument), locale), spare)
