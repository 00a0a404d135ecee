"""From what words say to the moment they mean now: the day that is ahead, the half of the day."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from core.times.expressions import Clock, Day, Expression
from core.times.moment import (
    AmbiguousWords,
    DoesNotExist,
    HappensTwice,
    Moment,
    NotUnderstood,
    Reason,
    TimeProblem,
    at_instant,
    at_wall,
    check_range,
    first_minute,
)
from core.times.words import DAY, HOUR, Part

# Offered for a day without a time, in minutes after midnight.
_DAY_OFFERS = (9 * HOUR, 12 * HOUR, 18 * HOUR, 20 * HOUR)

_MOST_NEAREST = 4

_Outcome = Moment | DoesNotExist | HappensTwice


def resolve(meanings: Sequence[Expression], words: str, *, now: datetime, zone: str) -> Moment:
    """Return the moment that `words` name, having one of `meanings` (at least one).

    Raises the TimeProblem that keeps it from being one.
    """
    outcomes: list[_Outcome] = []
    problems: list[TimeProblem] = []
    for meaning in meanings:
        try:
            outcomes.append(_moment(meaning, words, now=now, zone=zone))
        except AmbiguousWords as open_words:
            outcomes += open_words.options
        except (DoesNotExist, HappensTwice) as change:
            outcomes.append(change)
        except TimeProblem as problem:
            problems.append(problem)
    if not outcomes:
        raise problems[0]
    return _one(outcomes) if len(meanings) == 1 or len(outcomes) == 1 else _asked(outcomes)


def _moment(expression: Expression, words: str, *, now: datetime, zone: str) -> Moment:
    today = at_instant(now, zone).wall.date()
    wall_now = first_minute(now, zone).wall  # seconds must not make a delay shorter
    if delay := expression.delay:
        ahead = timedelta(days=delay.days, minutes=delay.minutes)
        if delay.days:  # days go by the calendar, so that the hour stays when clocks change
            return at_wall(wall_now + ahead, zone, now=now)
        return check_range(first_minute(now + ahead, zone), now=now)

    day = expression.day or Day(chains=((today, today + timedelta(days=1)),))
    clock = expression.clock
    part = (clock and clock.part) or expression.part or day.part
    if expression.impossible:
        reason = Reason.NO_SUCH_DATE if day.impossible else Reason.NO_SUCH_TIME
        raise NotUnderstood(reason, words, _nearest(day, clock, now=now, zone=zone))

    if clock and part:
        readings = readings_within(part, clock)
        if not readings:
            nearest = _nearest(day, clock, now=now, zone=zone)
            raise NotUnderstood(Reason.NO_SUCH_TIME, words, nearest)
        if readings[0] not in part:
            day = _with_small_hours(day, today, of_clock=clock.part is not None, clock=readings[0])
    elif clock:
        readings = clock.readings
    elif part:
        readings = part.clocks
    elif day.same_clock:
        since_midnight = wall_now - datetime.combine(today, time())
        readings = (round(since_midnight.total_seconds() / 60),)
    else:
        raise AmbiguousWords(_options(_outcomes(day, _DAY_OFFERS, now=now, zone=zone)))
    return _one(_outcomes(day, readings, now=now, zone=zone))


def readings_within(part: Part, clock: Clock) -> tuple[int, ...]:
    """Return the time of `clock` that lies in that part of the day, as minutes after midnight.

    In the evening 8 is 20:00; at night 12:30 and 2 are the small hours. None does where it is
    empty.
    """
    for reading in clock.readings:
        twelve_hours = HOUR <= reading < 13 * HOUR and not clock.half_named
        for half in (0, DAY // 2) if twelve_hours else (0,):
            minutes = (reading + half) % DAY
            if minutes in part or minutes + DAY in part:
                return (minutes,)
    return ()


def _with_small_hours(day: Day, today: date, *, of_clock: bool, clock: int) -> Day:
    """Return the days that small hours "at night" can lie on.

    "Tonight at 2" is the next 2:00. "Tomorrow at 2 at night" is tomorrow, as calendars count; but
    with "tomorrow night at 2" people mean either, and with 12 at night both midnights.
    """
    if day.chains == ((today,),):
        return replace(day, chains=((today, today + timedelta(days=1)),))
    if of_clock and clock >= HOUR:
        return day
    nights_after = (tuple(one + timedelta(days=1) for one in chain) for chain in day.chains)
    return replace(day, chains=(*day.chains, *nights_after))


def _nearest(day: Day, clock: Clock | None, *, now: datetime, zone: str) -> tuple[Moment, ...]:
    """Return the moments closest to an impossible day or clock, as far as they are ahead."""
    readings = clock.readings if clock else _DAY_OFFERS
    try:
        options = _options(_outcomes(day, readings, now=now, zone=zone))
    except TimeProblem:
        return ()
    return options[:_MOST_NEAREST]


def _outcomes(day: Day, readings: Iterable[int], *, now: datetime, zone: str) -> list[_Outcome]:
    """Return each moment still ahead that the day and the clock readings can mean.

    Of each chain of dates the first that has one counts. Raises the first problem met where
    nothing lies ahead.
    """
    outcomes: list[_Outcome] = []
    problems: list[TimeProblem] = []
    for chain in day.chains:
        for date_ in chain:
            ahead: list[_Outcome] = []
            for minutes in readings:
                wall = datetime.combine(date_, time()) + timedelta(minutes=minutes)
                try:
                    ahead.append(at_wall(wall, zone, now=now))
                except (DoesNotExist, HappensTwice) as change:
                    ahead.append(change)
                except TimeProblem as problem:
                    problems.append(problem)
            outcomes += ahead
            if ahead:
                break
    if not outcomes:
        raise problems[0] if problems else NotUnderstood(Reason.NO_SUCH_DATE, "")
    return outcomes


def _one(outcomes: Sequence[_Outcome]) -> Moment:
    """Return the only outcome, or raise the question that it is."""
    if len(outcomes) > 1:
        return _asked(outcomes)
    if isinstance(outcomes[0], Moment):
        return outcomes[0]
    raise outcomes[0]


def _asked(outcomes: Iterable[_Outcome]) -> Moment:
    """Return the moment that all outcomes are, or ask which."""
    options = _options(outcomes)
    if len(options) == 1:
        return options[0]
    raise AmbiguousWords(options)


def _options(outcomes: Iterable[_Outcome]) -> tuple[Moment, ...]:
    moments: set[Moment] = set()
    for outcome in outcomes:
        if isinstance(outcome, Moment):
            moments.add(outcome)
        elif isinstance(outcome, HappensTwice):
            moments |= {outcome.first, outcome.second}
        else:
            moments.add(outcome.nearest)
    return tuple(sorted(moments, key=lambda moment: moment.utc))
