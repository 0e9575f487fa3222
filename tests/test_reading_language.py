"""Which language a text is in."""

# ruff: noqa: E501 - one sentence a line

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.reading.language import detect_language

TEXTS = {
    "en": "The minister said on Monday that the talks will go on and that both of the sides are ready for a truce.",
    "fr": "Le ministre a déclaré lundi que les pourparlers se poursuivront et que les deux parties sont prêtes pour une trêve.",
    "de": "Der Minister sagte am Montag, dass die Gespräche weitergehen und beide Seiten zu einer Waffenruhe bereit sind.",
    "es": "El ministro dijo el lunes que las conversaciones seguirán y que las dos partes están listas para una tregua.",
    "it": "Il ministro ha detto lunedì che i colloqui continueranno e che le due parti sono pronte per una tregua.",
    "pt": "O ministro disse na segunda-feira que as negociações não vão parar e que os dois lados estão prontos para uma trégua.",
    "nl": "De minister zei maandag dat de gesprekken doorgaan en dat de twee partijen bereid zijn om het vuren te staken.",
    "tr": "Bakan pazartesi günü yaptığı açıklamada görüşmelerin devam edeceğini ve iki tarafın da ateşkes için hazır olduğunu söyledi.",
    "pl": "Minister powiedział w poniedziałek, że rozmowy będą trwały i że obie strony są gotowe na zawieszenie broni.",
    "ru": "Министр заявил в понедельник, что переговоры продолжатся и что обе стороны готовы к перемирию.",
    "uk": "Міністр заявив у понеділок, що переговори триватимуть і що обидві сторони готові до перемир'я.",
    "ar": "قال الوزير يوم الاثنين إن المحادثات سوف تستمر وإن الطرفين على استعداد لوقف إطلاق النار في البلاد من أجل السلام",
    "fa": "وزیر روز دوشنبه گفت که گفتگوها ادامه خواهد داشت و هر دو طرف برای آتش بس آماده هستند و این را می پذیرند",
    "he": "השר אמר ביום שני כי השיחות יימשכו וכי שני הצדדים מוכנים להפסקת אש",
    "el": "Ο υπουργός δήλωσε τη Δευτέρα ότι οι συνομιλίες θα συνεχιστούν και ότι οι δύο πλευρές είναι έτοιμες",
    "zh": "部长星期一表示，会谈将继续进行，双方都准备好停火，并将在下周再次会面。",
    "ja": "大臣は月曜日に、協議は続いており、双方は停戦の用意があると述べた。",
}


@pytest.mark.parametrize(("code", "text"), TEXTS.items())
def test_languages_by_script_and_common_words(code: str, text: str) -> None:
    assert detect_language(text) == code


@pytest.mark.parametrize("text", ["", "Tarn", "12345 67890 " * 20, "OK then.", "Xqzt vbrk plmn " * 20, "😀" * 200])
def test_too_little_or_no_language_is_unknown(text: str) -> None:
    assert detect_language(text) == ""


def test_names_in_other_scripts_do_not_change_an_english_text() -> None:
    text = TEXTS["en"] + " Министр Иванов (محمد) and the two others of them were there."

    assert detect_language(text) == "en"


def test_english_words_in_capitals_are_english() -> None:
    assert detect_language(TEXTS["en"].upper()) == "en"


@given(st.text())
def test_any_text_gives_a_code_or_nothing(text: str) -> None:
    assert len(detect_language(text)) in (0, 2)
