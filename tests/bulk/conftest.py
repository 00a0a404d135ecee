"""A real database file and a clock that can be put forward."""

from tests.core.conftest import clock
from tests.core.connected import client, far_end
from tests.store.conftest import database, url

__all__ = ["client", "clock", "database", "far_end", "url"]
