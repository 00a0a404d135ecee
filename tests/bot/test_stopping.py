"""What an orderly stop may take: the limits of its parts, held against the whole."""

from datetime import timedelta

from bot import app, arrivals, delivery, polling, receiving, status
from bot.web import server
from core import upkeep
from core.accounts import tokens
from core.publishing import scheduling


def test_the_parts_of_a_stop_fit_into_it() -> None:
    side_by_side = [
        receiving.END_WITHIN
        + 2 * polling.END_WITHIN
        + 2 * arrivals.PARK_WITHIN
        + arrivals.FINISH_WITHIN,
        2 * delivery.END_WITHIN + delivery.FINISH_WITHIN,
        status.END_WITHIN,
        scheduling.PARK_WITHIN,
        upkeep.STOP_WITHIN,
    ]
    after_them = receiving.END_WITHIN + timedelta(seconds=server.CLOSE_WITHIN)
    assert max(side_by_side) + after_them < app.STOP_WITHIN


def test_a_token_under_renewal_is_stored_before_a_stop_gives_up() -> None:
    assert min(scheduling.PARK_WITHIN, upkeep.STOP_WITHIN) > tokens.RENEWAL_WITHIN
