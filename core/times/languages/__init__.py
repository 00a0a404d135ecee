"""The time words of each language that the grammar reads, by its code."""

from core.times.languages import ar, de, en, es, fr, hi, id, it, pt, ru, tr, uk

LANGUAGES = {
    "ar": ar.WORDS,
    "de": de.WORDS,
    "en": en.WORDS,
    "es": es.WORDS,
    "fr": fr.WORDS,
    "hi": hi.WORDS,
    "id": id.WORDS,
    "it": it.WORDS,
    "pt": pt.WORDS,
    "ru": ru.WORDS,
    "tr": tr.WORDS,
    "uk": uk.WORDS,
}
