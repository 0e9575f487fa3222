"""Past, participle, -ing and third person of the verb that begins an act ("lift sanctions on T")."""

from __future__ import annotations

# verb, past, participle
_FORMS = """
forgive forgave forgiven, hear heard heard, repay repaid repaid, uphold upheld upheld,
underwrite underwrote underwritten,
arise arose arisen, be was been, beat beat beaten, become became become, begin began begun, bend bent bent,
bind bound bound, blow blew blown, break broke broken, bring brought brought, build built built,
buy bought bought, cast cast cast, catch caught caught, come came come, cut cut cut, dig dug dug, do did done,
draw drew drawn, drive drove driven, feed fed fed, fight fought fought, find found found, fly flew flown,
forbid forbade forbidden, freeze froze frozen, give gave given, go went gone, have had had, hit hit hit,
hold held held, keep kept kept, lay laid laid, lead led led, leave left left, lend lent lent, let let let,
lie lay lain, make made made, mean meant meant, meet met met, overrun overran overrun,
overthrow overthrew overthrown, pay paid paid, put put put, quit quit quit, rebuild rebuilt rebuilt,
retake retook retaken, ring rang rung, rise rose risen, run ran run, say said said, see saw seen,
seek sought sought, sell sold sold, send sent sent, set set set, shoot shot shot, shut shut shut,
sink sank sunk, sit sat sat, speak spoke spoken, spend spent spent, split split split, stand stood stood,
steal stole stolen, stick stuck stuck, strike struck struck, swear swore sworn, take took taken,
teach taught taught, tear tore torn, tell told told, throw threw thrown, undertake undertook undertaken,
unfreeze unfroze unfrozen, win won won, wind wound wound, withdraw withdrew withdrawn,
withhold withheld withheld, write wrote written
"""
_IRREGULAR = {verb: (past, done) for verb, past, done in (entry.split() for entry in _FORMS.split(","))}
_DOUBLED = """
acquit admit ban bar beg begin bug cancel chat commit compel confer cut dig drop equip expel forbid gun hit jam kidnap
label let nab overrun patrol permit plan put quit rebel refer regret repel rob run scrap set ship shut sit skip snub
stab step stop strip submit swap thin tip transfer travel unban whip win wrap
"""
_DOUBLING = frozenset(_DOUBLED.split())
_VOWELS = frozenset("aeiou")


def inflect(act: str) -> dict[str, str]:
    """The act with its verb as V (bare), D (past), N (participle), G (-ing), Z (third person)."""
    verb, _, rest = act.partition(" ")
    past, participle = _IRREGULAR.get(verb, (_past(verb), _past(verb)))
    forms = {"V": verb, "D": past, "N": participle, "G": _gerund(verb), "Z": _third(verb)}
    return {name: f"{form} {rest}".strip() for name, form in forms.items()}


def _past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ied"
    return verb + verb[-1] + "ed" if verb in _DOUBLING else verb + "ed"


def _gerund(verb: str) -> str:
    if verb == "lie":
        return "lying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe")):
        return verb[:-1] + "ing"
    return verb + verb[-1] + "ing" if verb in _DOUBLING else verb + "ing"


def _third(verb: str) -> str:
    if verb == "have":
        return "has"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ies"
    return verb + "es" if verb.endswith(("s", "sh", "ch", "x", "o", "z")) else verb + "s"
