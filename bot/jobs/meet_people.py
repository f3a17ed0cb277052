"""Learn who is in a channel while nobody waits, and tell who set up its account whom it does not know yet."""

from kpi.services.accounts import Accounts


def run(
    accounts: Accounts,
    channel_id: str,
    account_id: int | None = None,
    user_id: str | None = None,
    occasion: str | None = None,
) -> None:
    """With an account, tell `user_id` of the strangers among them, once for each occasion; run twice, nothing more."""
    if account_id is None or user_id is None or occasion is None:
        accounts.meet(channel_id)
    else:
        accounts.introduce(account_id, user_id, occasion)
