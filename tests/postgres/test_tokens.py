"""One process renews, on PostgreSQL: the same tests, with the database of this folder."""

from tests.core.accounts.test_tokens import *  # noqa: F403
