"""Spanish."""

from core.times.words import (
    DAY,
    HOUR,
    HOURS_OF_12,
    HOURS_OF_24,
    MIDDAY,
    MINUTE,
    NIGHT,
    SMALL_HOURS,
    WEEK,
    Words,
    by_meaning,
    part,
)

_MORNING = part(0, 13, 9)  # "las 12 de la mañana" is noon
_TARDE = part(12, 22, 18)
_NUMBERS = by_meaning(
    *("una", "dos", "tres", "cuatro", "cinco", "seis"),
    *("siete", "ocho", "nueve", "diez", "once", "doce"),
    first=1,
)

WORDS = Words(
    days_ahead=by_meaning("hoy", "mañana", "pasado mañana | pasado"),
    parts_of_today={
        **{"esta noche": NIGHT, "esta tarde": _TARDE, "esta mañana": _MORNING},
        **{"este mediodía": MIDDAY, "esta madrugada": SMALL_HOURS},
    },
    weekdays=by_meaning(
        "lunes | lun",
        "martes | mar",
        "miércoles | mié | mier",
        "jueves | jue",
        "viernes | vie",
        "sábado | sáb",
        "domingo | dom",
    ),
    next=("próximo", "el próximo", "siguiente"),
    next_after=("que viene", "próximo", "siguiente"),
    this=("este",),
    on=("el", "el día", "día", "para el", "del"),
    parts={
        **dict.fromkeys(("por la mañana", "en la mañana", "a la mañana"), _MORNING),
        **dict.fromkeys(("por la tarde", "en la tarde", "a la tarde", "tarde"), _TARDE),
        **dict.fromkeys(("por la noche", "en la noche", "a la noche", "noche"), NIGHT),
        **{"de madrugada": SMALL_HOURS, "en la madrugada": SMALL_HOURS},
    },
    months=by_meaning(
        "enero | ene",
        "febrero | feb",
        "marzo | mar",
        "abril | abr",
        "mayo | may",
        "junio | jun",
        "julio | jul",
        "agosto | ago",
        "septiembre | setiembre | sept | sep | set",
        "octubre | oct",
        "noviembre | nov",
        "diciembre | dic",
        first=1,
    ),
    day_first=True,
    of=("de", "del"),
    ordinals=("º", "°", "ro"),
    at=("a las", "a la", "sobre las", "@"),
    at_loosely=("las", "la"),
    signs={
        **{"h": HOURS_OF_24, "hs": HOURS_OF_24, "hrs": HOURS_OF_24},
        **{"horas": HOURS_OF_12, "hora": HOURS_OF_12, "en punto": HOURS_OF_12},
    },
    minute_signs=("min", "minutos", "m"),
    clock_parts={
        **dict.fromkeys(("de la mañana", "por la mañana", "en la mañana"), _MORNING),
        **dict.fromkeys(("de la tarde", "por la tarde", "en la tarde"), _TARDE),
        **dict.fromkeys(("de la noche", "por la noche", "en la noche"), NIGHT),
        **dict.fromkeys(("de la madrugada", "de madrugada"), SMALL_HOURS),
        "del mediodía": MIDDAY,
    },
    clock_words={
        **{"mediodía": (12,), "al mediodía": (12,), "a mediodía": (12,)},
        **{"medianoche": (0, 24), "a medianoche": (0, 24), "a la medianoche": (0, 24)},
    },
    hours=_NUMBERS,
    after_hour={"y media": 30, "y cuarto": 15, "menos cuarto": -15},
    after=("en", "dentro de"),
    units={
        **dict.fromkeys(("minutos", "minuto", "mins", "min", "m"), MINUTE),
        **dict.fromkeys(("horas", "hora", "hrs", "hs", "h"), HOUR),
        **dict.fromkeys(("días", "día", "d"), DAY),
        **dict.fromkeys(("semanas", "semana"), WEEK),
    },
    amounts={**_NUMBERS, "un": 1, "media": 0.5, "un par de": 2},
    spans={
        **{"hora y media": (1.5, HOUR), "un cuarto de hora": (0.25, HOUR)},
        "tres cuartos de hora": (0.75, HOUR),
    },
    and_a_half=("y media", "y medio"),
    joiners=("y", "con"),
)
