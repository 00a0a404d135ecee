"""Indonesian. "Minggu" is Sunday and a week; "jam" is the hour of a clock and an hour's time."""

from core.times.words import (
    DAY,
    EVENING,
    HOUR,
    MINUTE,
    MORNING,
    NIGHT,
    SMALL_HOURS,
    WEEK,
    Words,
    by_meaning,
    part,
)

_SIANG = part(10, 16, 12)
_SORE = part(14, 20, 16)
_NUMBERS = by_meaning(
    *("satu", "dua", "tiga", "empat", "lima", "enam"),
    *("tujuh", "delapan", "sembilan", "sepuluh", "sebelas", "dua belas"),
    first=1,
)

WORDS = Words(
    days_ahead=by_meaning("hari ini | nanti", "besok | esok | besuk", "lusa | besok lusa"),
    parts_of_today={
        **{"malam ini": NIGHT, "nanti malam": NIGHT, "malam nanti": NIGHT, "ntar malam": NIGHT},
        **{"sore ini": _SORE, "nanti sore": _SORE, "siang ini": _SIANG, "nanti siang": _SIANG},
        **{"pagi ini": MORNING, "petang ini": EVENING},
    },
    weekdays=by_meaning(
        "senin | sen",
        "selasa | sel",
        "rabu | rab",
        "kamis | kam",
        "jumat | jum'at | jum",
        "sabtu | sab",
        "minggu | ahad | min",
    ),
    next_after=("depan", "minggu depan", "berikutnya", "yang akan datang"),
    this_after=("ini", "minggu ini"),
    on=("hari", "pada", "pada hari", "tanggal", "tgl", "pada tanggal"),
    parts={
        **{"pagi": MORNING, "siang": _SIANG, "sore": _SORE, "petang": EVENING},
        **{"malam": NIGHT, "dini hari": SMALL_HOURS, "subuh": SMALL_HOURS},
        **{"pagi hari": MORNING, "siang hari": _SIANG, "sore hari": _SORE, "malam hari": NIGHT},
    },
    months=by_meaning(
        "januari | jan",
        "februari | feb | pebruari",
        "maret | mar",
        "april | apr",
        "mei",
        "juni | jun",
        "juli | jul",
        "agustus | agu | ags | agt",
        "september | sept | sep",
        "oktober | okt",
        "november | nov | nopember",
        "desember | des",
        first=1,
    ),
    day_first=True,
    at=("jam", "pukul", "pkl", "pkl.", "jm", "@"),
    clock_parts={
        **{"pagi": MORNING, "siang": _SIANG, "sore": _SORE, "petang": EVENING},
        **{"malam": NIGHT, "dini hari": SMALL_HOURS, "subuh": SMALL_HOURS},
    },
    clock_words={"tengah hari": (12,), "tengah malam": (0, 24)},
    hours=_NUMBERS,
    before_hour={"setengah": -30},
    after_hour={"lewat seperempat": 15, "kurang seperempat": -15},
    after=("dalam",),
    later=("lagi", "kemudian", "dari sekarang"),
    units={
        **dict.fromkeys(("menit", "mnt"), MINUTE),
        **dict.fromkeys(("jam",), HOUR),
        **dict.fromkeys(("hari",), DAY),
        **dict.fromkeys(("minggu", "pekan"), WEEK),
    },
    amounts={**_NUMBERS, "setengah": 0.5, "satu setengah": 1.5},
    spans={
        **{"sejam": (1, HOUR), "semenit": (1, MINUTE), "sehari": (1, DAY)},
        **{"seminggu": (1, WEEK), "sepekan": (1, WEEK)},
    },
    and_a_half=("setengah",),
    joiners=("dan",),
)
