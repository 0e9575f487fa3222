"""The language of a text, from its script and its most common words; enough to keep other languages out of the coder.

Function words separate languages better than letters do and need no model (Grefenstette 1995). Languages that
share a script and nearly all short words (Norwegian and Danish, Malay and Indonesian) are not told apart.
"""

from __future__ import annotations

import re
from collections import Counter

MIN_LETTERS = 30  # of one script, below which nothing is said
_MIN_WORDS = 8
_SAMPLE_CHARS = 20_000
_MIN_SHARE = 0.08  # of the words are function words of the language, in running text of any of these at least 20%
_MIN_LEAD = 1.15  # over the next language

_SCRIPTS = (
    ("latin", re.compile("[A-Za-zÀ-ɏḀ-ỿ]")),
    ("cyrillic", re.compile("[Ѐ-ӿ]")),
    ("arabic", re.compile("[\u0620-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")),
    ("hebrew", re.compile("[א-ת]")),
    ("greek", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("han", re.compile("[\u3400-\u9fff]")),
    ("kana", re.compile("[\u3040-\u30ff]")),
    ("hangul", re.compile("[\uac00-\ud7af]")),
    ("devanagari", re.compile("[\u0900-\u097f]")),
    ("armenian", re.compile("[\u0531-\u0587]")),
    ("georgian", re.compile("[\u10a0-\u10ff]")),
)
_ONE_LANGUAGE = {"hebrew": "he", "greek": "el", "hangul": "ko", "devanagari": "hi", "armenian": "hy", "georgian": "ka"}

_WORDS = {
    "en": (
        "the of and to in a that is was for on with as by at from it he be has have are were an this his their "
        "which but not said had who been will they its after or would about also when more one into than over two "
        "between we she her them there against during if no what out up all could other"
    ),
    "fr": (
        "le la les de des du et un une en à au aux que qui dans pour sur par avec est a ont pas ne se ce cette il "
        "elle ils son sa ses leur plus été mais comme être sont nous vous entre après selon fait ou d l s n qu c"
    ),
    "de": (
        "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es an er hat aus "
        "bei nach wie am sie sind noch einer um einen war werden über vor zum zur haben dass wurde durch einem "
        "oder wird gegen seit"
    ),
    "es": (
        "el la los las de del y que en un una a por con para se su sus al lo como más pero no es ha fue este esta "
        "entre sobre sin también son han desde cuando hasta tras ser o era está le contra según muy"
    ),
    "it": (
        "il lo la i gli le di del della dei delle degli e che in un una a per con si non da dal dalla al alla nel "
        "nella è sono ha come più anche ma su sul suo sua hanno stato tra fra dopo questo questa o se ai ne"
    ),
    "pt": (
        "o a os as de do da dos das e que em um uma no na nos nas para por com se não ao à mais como mas foi é são "
        "seu sua entre sobre também pelo pela ou ser tem após já até está contra segundo"
    ),
    "nl": (
        "de het een en van in is op te dat die met voor niet zijn aan er om ook als door maar naar uit bij heeft "
        "hebben over tot worden werd wordt was nog na deze dit of tegen hij ze zij hun wel kan geen meer onder "
        "volgens"
    ),
    "tr": (
        "ve bir bu için ile de da olarak olan en çok daha ne gibi kadar sonra ise ancak her o ya ki mi iki var yok "
        "tarafından olduğu oldu etti dedi göre karşı değil ilk yeni büyük türkiye üzerine arasında önce bunun onun "
        "şu veya hem"
    ),
    "pl": (
        "w i z na do nie się że o to jest od po przez za jak są dla ale był ze oraz przed być także które który "
        "która tym tego po było roku jego ich już czy przy ma"
    ),
    "sv": (
        "och i att det som en på är av för med den till inte har de ett om var från men han vid kan eller så nu "
        "under också efter hade mot sig vi skulle ska där när"
    ),
    "id": (
        "yang dan di dari untuk dengan pada ini itu dalam tidak akan oleh ke sebagai adalah telah juga karena "
        "mereka lebih tersebut dapat ada kata bahwa kepada antara setelah atau para"
    ),
    "ru": (
        "и в на не что с по как из за от к о для это его но а у он мы до был также или при их все она так было они "
        "после бы же если еще когда во со то том этого которые который между"
    ),
    "uk": (
        "і в на не що з по як із за від до для це його але та у він ми був також або при їх всі вона так було вони "
        "після б ж якщо ще коли й про які який між є цього щодо"
    ),
    "bg": (
        "и в на не че с по как из за от до на това е са се но а той ние беше също или при те всички тя така бяха "
        "след ще би ако още когато със във което които който между"
    ),
    "sr": (
        "и у на не да са по као из за од до ово је су се али он ми био такође или при они сви она тако било после "
        "би ако још када о који које између што"
    ),
    "ar": (
        "في من على إلى أن عن مع التي الذي هذا هذه ما لا كان كانت قد بعد بين أو كما قال ذلك إن هو هي لم خلال حيث "
        "وقال وقد أي كل حتى عند ولا ثم بن غير أكثر عبر ضد منذ"
    ),
    "fa": (
        "در به از که این را با است برای آن یک خود تا کرد بر هم شد شده بود می های نیز و ما اما یا هر باید کند آنها "
        "گفت دو پس وی اند کرده شود پیش درباره میان علیه"
    ),
    "ur": "کے میں کی ہے اور سے کا کو اس نے پر کہ ہیں بھی یہ تھا ایک نہیں کر گیا ہو جو ان تھے کہا لیے وہ گئے بعد رہے",
    "ku": (
        "û li ji bi di de ku ev ew ya yên yê jî bo na ne wî wê van bû dike hat dikin ser her gelek piştî wekî re "
        "me"
    ),
}  # fmt: skip
_BY_SCRIPT = {
    "latin": ("en", "fr", "de", "es", "it", "pt", "nl", "tr", "pl", "sv", "id", "ku"),
    "cyrillic": ("ru", "uk", "bg", "sr"),
    "arabic": ("ar", "fa", "ur"),
}
_PROFILES = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_LETTERS = {  # letters that only one of a script's languages has, worth as much as a function word
    "fa": re.compile("[پچژگ]"),
    "ur": re.compile("[ٹڈڑںےہ]"),
    "uk": re.compile("[іїєґ]"),
    "ru": re.compile("[ыэ]"),
    "sr": re.compile("[јљњћђџ]"),
    "tr": re.compile("[ğış]"),
    "pl": re.compile("[ąęłńśźż]"),
    "de": re.compile("[ß]"),
    "es": re.compile("[ñ¿¡]"),
}
_TOKEN = re.compile(r"[^\W\d_]+")


def detect_language(text: str) -> str:
    """ISO 639-1 code of the main language of a text, "" when it is too short or none of those known.

    Only the first 20,000 characters are looked at.
    """
    sample = text[:_SAMPLE_CHARS]
    counts = {name: len(letters.findall(sample)) for name, letters in _SCRIPTS}
    script, letters = max(counts.items(), key=lambda item: item[1])
    if script in ("han", "kana"):
        return _detect_east_asian(counts)
    if letters < MIN_LETTERS:
        return ""
    if script in _ONE_LANGUAGE:
        return _ONE_LANGUAGE[script]
    return _compare_words(sample.lower(), _BY_SCRIPT[script])


def _detect_east_asian(counts: dict[str, int]) -> str:
    if counts["han"] + counts["kana"] < MIN_LETTERS // 2:
        return ""
    return "ja" if counts["kana"] > 0.1 * counts["han"] else "zh"


def _compare_words(sample: str, codes: tuple[str, ...]) -> str:
    words = Counter(_TOKEN.findall(sample))
    total = words.total()
    if total < _MIN_WORDS:
        return ""
    scores = {}
    for code in codes:
        common = sum(count for word, count in words.items() if word in _PROFILES[code])
        marked = sum(count for word, count in words.items() if code in _LETTERS and _LETTERS[code].search(word))
        scores[code] = (common + 0.5 * marked) / total
    (best, score), (_, second) = sorted(scores.items(), key=lambda item: -item[1])[:2]
    return best if score >= _MIN_SHARE and score >= _MIN_LEAD * second else ""
