"""Portuguese, of Brazil and of Portugal."""

from core.times.words import (
    AFTERNOON,
    DAY,
    HOUR,
    HOURS_OF_12,
    HOURS_OF_24,
    MIDDAY,
    MINUTE,
    MORNING,
    NIGHT,
    SMALL_HOURS,
    WEEK,
    Words,
    by_meaning,
)

_NUMBERS = by_meaning(
    *("uma", "duas", "três", "quatro", "cinco", "seis"),
    *("sete", "oito", "nove", "dez", "onze", "doze"),
    first=1,
)

WORDS = Words(
    days_ahead=by_meaning("hoje", "amanhã", "depois de amanhã"),
    parts_of_today={
        **{"esta noite": NIGHT, "essa noite": NIGHT, "esta tarde": AFTERNOON},
        **{"essa tarde": AFTERNOON, "esta manhã": MORNING, "essa manhã": MORNING},
    },
    weekdays=by_meaning(
        "segunda-feira | segunda | seg | 2a-feira | 2a",
        "terça-feira | terça | ter | 3a-feira | 3a",
        "quarta-feira | quarta | qua | 4a-feira | 4a",
        "quinta-feira | quinta | qui | 5a-feira | 5a",
        "sexta-feira | sexta | sex | 6a-feira | 6a",
        "sábado | sáb",
        "domingo | dom",
    ),
    next=("próxima", "próximo", "a próxima", "o próximo", "na próxima", "no próximo"),
    next_after=("que vem", "próxima", "próximo"),
    this=("esta", "essa", "este", "esse", "nesta", "nessa", "neste", "nesse"),
    on=("na", "no", "em", "a", "o", "dia", "no dia", "o dia", "de", "da", "do", "para o"),
    parts={
        **dict.fromkeys(("de manhã", "pela manhã", "da manhã", "na parte da manhã"), MORNING),
        **dict.fromkeys(("à tarde", "de tarde", "pela tarde", "da tarde"), AFTERNOON),
        **dict.fromkeys(("à noite", "de noite", "pela noite", "da noite"), NIGHT),
        **dict.fromkeys(("de madrugada", "da madrugada"), SMALL_HOURS),
    },
    months=by_meaning(
        "janeiro | jan",
        "fevereiro | fev",
        "março | mar",
        "abril | abr",
        "maio | mai",
        "junho | jun",
        "julho | jul",
        "agosto | ago",
        "setembro | set",
        "outubro | out",
        "novembro | nov",
        "dezembro | dez",
        first=1,
    ),
    day_first=True,
    of=("de", "do"),
    ordinals=("º", "°"),
    at=("@",),
    at_loosely=("às", "pelas", "à"),  # without its accent, "as 10" is also "the 10"
    signs={
        **{"h": HOURS_OF_24, "hs": HOURS_OF_24, "hrs": HOURS_OF_24},
        **{"horas": HOURS_OF_12, "hora": HOURS_OF_12, "em ponto": HOURS_OF_12},
    },
    minute_signs=("min", "minutos", "m"),
    clock_parts={
        **dict.fromkeys(("da manhã", "de manhã"), MORNING),
        **dict.fromkeys(("da tarde", "de tarde", "à tarde"), AFTERNOON),
        **dict.fromkeys(("da noite", "de noite", "à noite"), NIGHT),
        **dict.fromkeys(("da madrugada", "de madrugada"), SMALL_HOURS),
        "do meio-dia": MIDDAY,
    },
    clock_words={
        **{"meio-dia": (12,), "ao meio-dia": (12,), "meio-dia e meia": (12.5,)},
        **{"meia-noite": (0, 24), "à meia-noite": (0, 24)},
    },
    hours=_NUMBERS,
    after_hour={"e meia": 30, "e quinze": 15, "e um quarto": 15, "menos um quarto": -15},
    after=("em", "daqui a", "daqui", "dentro de", "daí a"),
    units={
        **dict.fromkeys(("minutos", "minuto", "mins", "min", "m"), MINUTE),
        **dict.fromkeys(("horas", "hora", "hrs", "hs", "h"), HOUR),
        **dict.fromkeys(("dias", "dia", "d"), DAY),
        **dict.fromkeys(("semanas", "semana"), WEEK),
    },
    amounts={**_NUMBERS, "um": 1, "dois": 2, "meia": 0.5},
    spans={"hora e meia": (1.5, HOUR), "um quarto de hora": (0.25, HOUR)},
    and_a_half=("e meia", "e meio"),
    joiners=("e",),
)
