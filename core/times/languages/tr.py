"""Turkish. Case endings come after an apostrophe or without one: "9'da", "9 da"."""

# ruff: noqa: RUF001 - the dotless i is a Turkish letter

from core.times.words import (
    AFTERNOON,
    CLOCK_OF_12,
    DAY,
    DEEP_NIGHT,
    EVENING,
    HOUR,
    MIDDAY,
    MINUTE,
    MORNING,
    WEEK,
    Words,
    by_meaning,
)

_NUMBERS = by_meaning(
    *("bir", "iki", "üç", "dört", "beş", "altı"),
    *("yedi", "sekiz", "dokuz", "on", "on bir", "on iki"),
    first=1,
)
_AT_NUMBERS = by_meaning(
    *("birde", "ikide", "üçte", "dörtte", "beşte", "altıda"),
    *("yedide", "sekizde", "dokuzda", "onda", "on birde", "on ikide"),
    first=1,
)
_IN = ("'da", "'de", "'ta", "'te", "da", "de", "ta", "te")

WORDS = Words(
    days_ahead=by_meaning(
        "bugün",
        "yarın",
        "öbür gün | öbürsü gün | yarından sonra | yarından sonraki gün",
    ),
    parts_of_today={
        **{"bu akşam": EVENING, "bu gece": DEEP_NIGHT, "bu sabah": MORNING},
        **{"bu öğlen": MIDDAY, "bu öğle": MIDDAY},
    },
    weekdays=by_meaning(
        "pazartesi | pzt",
        "salı | sal",
        "çarşamba | çar | çrş",
        "perşembe | per | prş",
        "cuma | cum",
        "cumartesi | cmt",
        "pazar | paz",
    ),
    next=("gelecek", "önümüzdeki", "haftaya", "gelecek hafta", "önümüzdeki hafta"),
    this=("bu",),
    after_day=("günü", "gününde", "günündeki", *_IN),
    parts={
        **dict.fromkeys(("sabah", "sabahı", "sabahleyin"), MORNING),
        **dict.fromkeys(("öğlen", "öğle", "öğleyin"), MIDDAY),
        **dict.fromkeys(("öğleden sonra",), AFTERNOON),
        **dict.fromkeys(("akşam", "akşamı", "akşamüstü", "akşamleyin"), EVENING),
        **dict.fromkeys(("gece", "gecesi", "geceleyin"), DEEP_NIGHT),
    },
    months=by_meaning(
        "ocak | oca",
        "şubat | şub",
        "mart | mar",
        "nisan | nis",
        "mayıs | may",
        "haziran | haz",
        "temmuz | tem",
        "ağustos | ağu",
        "eylül | eyl",
        "ekim | eki",
        "kasım | kas",
        "aralık | ara",
        first=1,
    ),
    day_first=True,
    at=("saat", "saati", "@"),
    signs=dict.fromkeys(_IN, CLOCK_OF_12),
    clock_words={
        **{"öğlen": (12,), "öğle": (12,), "öğleyin": (12,), "öğle vakti": (12,)},
        **{"gece yarısı": (0, 24), "geceyarısı": (0, 24)},
    },
    hours={**_NUMBERS, **_AT_NUMBERS},
    after_hour=dict.fromkeys(("buçuk", "buçukta"), 30),
    later=("sonra", "içinde", "sonrası", "sonraya"),
    units={
        **dict.fromkeys(("dakika", "dk", "dak"), MINUTE),
        **dict.fromkeys(("saat", "sa"), HOUR),
        **dict.fromkeys(("gün",), DAY),
        **dict.fromkeys(("hafta",), WEEK),
    },
    amounts={**_NUMBERS, "yarım": 0.5, "bir buçuk": 1.5, "çeyrek": 0.25},
    and_a_half=("buçuk",),
    joiners=("ve",),
)
