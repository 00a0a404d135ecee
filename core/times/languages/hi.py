"""Hindi, in Devanagari and as it is often typed in Latin letters.

कल is also yesterday and परसों also the day before it; here only the coming days are meant.
"""

from core.times.words import (
    CLOCK_OF_12,
    DAY,
    EVENING,
    HOUR,
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
    *("एक | ek", "दो | do", "तीन | teen", "चार | char | chaar", "पांच | पाँच | panch | paanch"),
    *("छह | छः | छे | छ | cheh | chhah", "सात | saat", "आठ | aath", "नौ | nau", "दस | das"),
    *("ग्यारह | gyarah", "बारह | barah | baarah"),
    first=1,
)

WORDS = Words(
    days_ahead=by_meaning("आज | aaj | aj", "कल | kal", "परसों | परसो | parson | parso"),
    parts_of_today={"आज रात": NIGHT, "aaj raat": NIGHT, "आज शाम": EVENING, "aaj shaam": EVENING},
    weekdays=by_meaning(
        "सोमवार | सोम | somvar | somwar",
        "मंगलवार | मंगल | mangalvar | mangalwar",
        "बुधवार | बुध | budhvar | budhwar",
        "गुरुवार | गुरूवार | गुरु | बृहस्पतिवार | वीरवार | guruvar | guruwar",
        "शुक्रवार | शुक्र | shukravar | shukrawar",
        "शनिवार | शनि | शनिचर | shanivar | shaniwar",
        "रविवार | रवि | इतवार | ravivar | raviwar | itvar | itwar",
    ),
    next=("अगले", "अगला", "agle", "agla", "अगले हफ्ते", "अगले हफ़्ते", "agle hafte"),
    this=("इस", "is"),
    after_day=("को", "ko", "के दिन", "ke din", "की", "ki"),
    parts={
        **dict.fromkeys(("सुबह", "सुबह को", "सवेरे", "subah", "subha", "savere"), MORNING),
        **dict.fromkeys(("दोपहर", "दोपहर को", "दोपहर में", "dopahar", "dopehar"), MIDDAY),
        **dict.fromkeys(("शाम", "शाम को", "shaam", "sham", "shaam ko", "sham ko"), EVENING),
        **dict.fromkeys(("रात", "रात को", "रात में", "raat", "raat ko"), NIGHT),
        **dict.fromkeys(("तड़के", "tadke"), SMALL_HOURS),
    },
    months=by_meaning(
        "जनवरी | जन | january | janvari",
        "फरवरी | फ़रवरी | february | farvari",
        "मार्च | march",
        "अप्रैल | april",
        "मई | may | mai",
        "जून | june",
        "जुलाई | july | julai",
        "अगस्त | august | agast",
        "सितंबर | सितम्बर | september | sitambar",
        "अक्टूबर | अक्तूबर | october | aktubar",
        "नवंबर | नवम्बर | november | navambar",
        "दिसंबर | दिसम्बर | december | disambar",
        first=1,
    ),
    day_first=True,
    month_leads=True,
    ordinals=("तारीख", "तारीख़", "tarikh"),
    at=("@",),
    signs=dict.fromkeys(("बजे", "बजकर", "बज", "baje", "bajkar"), CLOCK_OF_12),
    minute_signs=("मिनट", "मिनट पर", "minute", "min"),
    clock_parts={
        **dict.fromkeys(("सुबह", "subah"), MORNING),
        **dict.fromkeys(("दोपहर", "dopahar", "dopehar"), MIDDAY),
        **dict.fromkeys(("शाम", "शाम को", "shaam", "sham"), EVENING),
        **dict.fromkeys(("रात", "रात को", "raat"), NIGHT),
    },
    clock_words={
        **{"आधी रात": (0, 24), "आधी रात को": (0, 24), "aadhi raat": (0, 24)},
        **{"मध्याह्न": (12,), "डेढ़ बजे": (1.5, 13.5), "ढाई बजे": (2.5, 14.5)},
        **{"dedh baje": (1.5, 13.5), "dhai baje": (2.5, 14.5)},
    },
    hours=_NUMBERS,
    before_hour={
        **{"साढ़े": 30, "sadhe": 30, "saadhe": 30, "सवा": 15, "sava": 15, "sawa": 15},
        **{"पौने": -15, "paune": -15},
    },
    later=(
        *("में", "बाद", "के बाद", "के अंदर", "के भीतर"),
        *("mein", "me", "baad", "bad", "ke baad"),
    ),
    units={
        **dict.fromkeys(("मिनट", "मिनटों", "मिन", "minute", "min"), MINUTE),
        **dict.fromkeys(("घंटे", "घंटा", "घंटों", "घण्टे", "घण्टा"), HOUR),
        **dict.fromkeys(("ghante", "ghanta", "ghantey"), HOUR),
        **dict.fromkeys(("दिन", "दिनों", "din"), DAY),
        **dict.fromkeys(("हफ्ते", "हफ़्ते", "हफ्ता", "सप्ताह", "hafte", "hafta"), WEEK),
    },
    amounts={
        **_NUMBERS,
        **{"आधे": 0.5, "आधा": 0.5, "डेढ़": 1.5, "ढाई": 2.5},
        **{"aadhe": 0.5, "aadha": 0.5, "dedh": 1.5, "dhai": 2.5},
    },
    joiners=("और", "aur"),
)
