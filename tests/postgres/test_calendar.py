"""A month counted, on PostgreSQL: the same tests, with the database of this folder."""

from tests.core.lists.test_calendar import *  # noqa: F403
