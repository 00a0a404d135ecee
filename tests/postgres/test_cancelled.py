"""Changes that are cancelled, on PostgreSQL: the same tests, with the database of this folder."""

from tests.core.store.test_cancelled import *  # noqa: F403
