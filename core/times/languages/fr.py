"""French."""

from core.times.words import (
    AFTERNOON,
    DAY,
    DEEP_NIGHT,
    EVENING,
    HOUR,
    HOURS_OF_24,
    MIDDAY,
    MINUTE,
    MORNING,
    WEEK,
    Words,
    by_meaning,
)

_NUMBERS = by_meaning(
    *("une", "deux", "trois", "quatre", "cinq", "six"),
    *("sept", "huit", "neuf", "dix", "onze", "douze"),
    first=1,
)

WORDS = Words(
    days_ahead=by_meaning(
        "aujourd'hui | aujourdhui | auj",
        "demain",
        "après-demain",
    ),
    parts_of_today={
        **{"ce soir": EVENING, "ce matin": MORNING, "ce midi": MIDDAY, "cette nuit": DEEP_NIGHT},
        **{"cet après-midi": AFTERNOON, "cette après-midi": AFTERNOON, "cet aprem": AFTERNOON},
    },
    weekdays=by_meaning(
        "lundi | lun",
        "mardi | mar",
        "mercredi | mer",
        "jeudi | jeu",
        "vendredi | ven",
        "samedi | sam",
        "dimanche | dim",
    ),
    next=("prochain", "le prochain"),
    next_after=("prochain", "de la semaine prochaine"),
    this=("ce",),
    this_after=("qui vient",),
    on=("le", "du", "pour le"),
    parts={
        **dict.fromkeys(("matin", "au matin", "en matinée", "dans la matinée"), MORNING),
        **{"midi": MIDDAY, "soir": EVENING, "au soir": EVENING, "nuit": DEEP_NIGHT},
        **dict.fromkeys(("après-midi", "aprem", "dans l'après-midi"), AFTERNOON),
        **{"en soirée": EVENING, "dans la soirée": EVENING, "dans la nuit": DEEP_NIGHT},
    },
    months=by_meaning(
        "janvier | janv | jan",
        "février | févr | fév",
        "mars",
        "avril | avr",
        "mai",
        "juin",
        "juillet | juil",
        "août",
        "septembre | sept | sep",
        "octobre | oct",
        "novembre | nov",
        "décembre | déc",
        first=1,
    ),
    day_first=True,
    ordinals=("er", "e"),
    at=("vers", "@"),
    at_loosely=("à",),
    signs={"h": HOURS_OF_24, "heures": HOURS_OF_24, "heure": HOURS_OF_24},
    minute_signs=("min", "minutes", "mn"),
    clock_parts={
        **{"du matin": MORNING, "de l'après-midi": AFTERNOON, "de l'aprem": AFTERNOON},
        **{"du soir": EVENING, "de la nuit": DEEP_NIGHT},
    },
    clock_words={
        **{"midi": (12,), "midi et demi": (12.5,), "midi et demie": (12.5,)},
        **{"minuit": (0, 24), "minuit et demi": (0.5,)},
    },
    hours=_NUMBERS,
    after_hour={
        **{"et demie": 30, "et demi": 30, "et quart": 15, "moins le quart": -15},
        "moins quart": -15,
    },
    after=("dans", "d'ici"),
    units={
        **dict.fromkeys(("minutes", "minute", "mins", "min", "mn", "m"), MINUTE),
        **dict.fromkeys(("heures", "heure", "h"), HOUR),
        **dict.fromkeys(("jours", "jour", "j"), DAY),
        **dict.fromkeys(("semaines", "semaine"), WEEK),
    },
    amounts={**_NUMBERS, "un": 1},
    spans={
        **{"un quart d'heure": (0.25, HOUR), "trois quarts d'heure": (0.75, HOUR)},
        **{"une demi-heure": (0.5, HOUR), "quinze jours": (14, DAY)},
    },
    and_a_half=("et demie", "et demi"),
    joiners=("et",),
)
