"""Group commit, on PostgreSQL: the same tests, with the database of this folder."""

from tests.core.store.test_commits import *  # noqa: F403
