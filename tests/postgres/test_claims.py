"""One update claims what is due, on PostgreSQL: the same tests, on this database."""

from tests.core.publishing.test_claims import *  # noqa: F403
