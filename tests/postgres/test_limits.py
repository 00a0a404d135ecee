"""TikTok's limits, for two processes, on PostgreSQL: the same tests, on this database."""

from tests.core.test_limits import *  # noqa: F403
