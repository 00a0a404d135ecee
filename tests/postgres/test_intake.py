"""What comes in is kept, on PostgreSQL: the same tests, with the database of this folder."""

from tests.core.test_intake import *  # noqa: F403
