"""Times at the head of captions in each language: taken where plain, left where they are words.

It is Friday, 20 November 2026, 10:00.
"""

# ruff: noqa: RUF001 - some of these are letters of other scripts

import pytest

from core.times import AmbiguousWords, split_leading
from tests.core.times.saying import FRIDAY_TEN, at

MADRID = "Europe/Madrid"

TAKEN = [
    ("es", "mañana 18:00 Nueva receta #comida", "21.11. 18:00", "Nueva receta #comida"),
    ("es", "man\u0303ana a las 18h Nin\u0303os", "21.11. 18:00", "Nin\u0303os"),
    ("es", "en 2h Nueva receta", "20.11. 12:00", "Nueva receta"),
    ("es", "esta noche 21:00 - Directo", "20.11. 21:00", "Directo"),
    ("pt", "amanhã às 18h30 Nova receita", "21.11. 18:30", "Nova receita"),
    ("pt", "amanhã 18h Nova receita", "21.11. 18:00", "Nova receita"),
    ("de", "morgen 20 Uhr Neues Rezept", "21.11. 20:00", "Neues Rezept"),
    ("de", "Freitagabend 20:00\nNeu", "20.11. 20:00", "Neu"),
    ("fr", "demain à 18h Nouvelle recette", "21.11. 18:00", "Nouvelle recette"),
    ("fr", "8h du soir\nEn direct", "20.11. 20:00", "En direct"),
    ("it", "stasera alle 9 - Diretta", "20.11. 21:00", "Diretta"),
    ("ru", "завтра в 18:30 Новый рецепт", "21.11. 18:30", "Новый рецепт"),
    ("ru", "завтра в 8 вечера Эфир", "21.11. 20:00", "Эфир"),
    ("uk", "у п’ятницю о 8 вечора Ефір", "20.11. 20:00", "Ефір"),
    ("tr", "yarın saat 18:30'da Yeni tarif", "21.11. 18:30", "Yeni tarif"),
    ("id", "besok jam 8 malam Resep baru", "21.11. 20:00", "Resep baru"),
    ("ar", "غداً الساعة 6 مساءً وصفة جديدة", "21.11. 18:00", "وصفة جديدة"),
    ("ar", "غدا ١٨:٣٠، وصفة", "21.11. 18:30", "وصفة"),
    ("hi", "कल शाम 6 बजे नई रेसिपी", "21.11. 18:00", "नई रेसिपी"),
    ("hi", "kal shaam 6 baje: nayi recipe", "21.11. 18:00", "nayi recipe"),
    ("ru", "tomorrow 18:30 Recipe", "21.11. 18:30", "Recipe"),
]

LEFT_WHOLE = [
    ("es", "Lunes de motivación"),
    ("es", "En 5 min tu cena lista"),
    ("es", "Domingo las 10 recetas"),
    ("es", "hoy 3 recetas"),
    ("es", "Mañana será otro día"),
    ("es", "24h en Madrid"),
    ("pt", "Domingo as 10 receitas mais fáceis"),
    ("pt", "Segunda 24h de live"),
    ("de", "So 10 Tipps"),
    ("de", "Morgen 3 Dinge"),
    ("fr", "Lundi 2h de sport"),
    ("fr", "5 à 7 recettes"),
    ("fr", "Lundi à 3 on cuisine"),
    ("it", "24 ore a Roma"),
    ("it", "Domenica le 10 ricette"),
    ("ru", "Суббота в 5 шагов"),
    ("ru", "Завтра в 9 Завтрак"),
    ("ru", "8 часов сна"),
    ("uk", "Субота у 5 кроків"),
    ("tr", "Pazar 10 tarif"),
    ("tr", "2 saat sonra yemek hazır"),
    ("id", "Minggu 3 resep"),
    ("id", "2 jam lagi buka puasa"),
    ("ar", "الأحد 10 نصائح"),
    ("hi", "कला 18:30"),
    ("hi", "रात 8 बजे की रोटी"),
    ("hi", "2 मिनट में मैगी"),
    ("en", "mañana 18:00 Nueva receta"),
]


@pytest.mark.parametrize(("language", "caption", "wall", "rest"), TAKEN)
def test_a_plain_time_is_taken_off(language: str, caption: str, wall: str, rest: str) -> None:
    now = at(FRIDAY_TEN, MADRID)
    moment, left = split_leading(caption, now=now, zone=MADRID, languages=(language, "en"))
    assert moment is not None
    assert (f"{moment.wall:%d.%m. %H:%M}", left) == (wall, rest)


@pytest.mark.parametrize(("language", "caption"), LEFT_WHOLE)
def test_ordinary_words_stay(language: str, caption: str) -> None:
    now, languages = at(FRIDAY_TEN, MADRID), ("en",) if language == "en" else (language, "en")
    assert split_leading(caption, now=now, zone=MADRID, languages=languages) == (None, caption)


def test_an_open_time_is_asked_with_the_rest_of_the_caption() -> None:
    with pytest.raises(AmbiguousWords) as asked:
        split_leading(
            "Mañana a las 8: empieza",
            now=at(FRIDAY_TEN, MADRID),
            zone=MADRID,
            languages=("es", "en"),
        )
    assert asked.value.rest == "empieza"
    assert [f"{one.wall:%H}" for one in asked.value.options] == ["08", "20"]
