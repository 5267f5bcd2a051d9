"""Who may become a user by themselves? Nobody: organisers are invited. And whose tries are counted as one?"""

from allauth.account.adapter import DefaultAccountAdapter

from accounts.client_address import client_address


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        return False

    def get_client_ip(self, request) -> str:
        """The address that our own proxies vouch for, so that a forged header moves no limit."""
        return client_address(request)
