"""Notices are owed, on PostgreSQL: the same tests, with the database of this folder."""

from tests.core.test_outbox import *  # noqa: F403
