"""Past, participle, -ing and third person of the verb that begins an act ("lift sanctions on T")."""

from __future__ import annotations

_IRREGULAR = {
    "give": ("gave", "given"), "send": ("sent", "sent"), "fly": ("flew", "flown"), "lend": ("lent", "lent"),
    "take": ("took", "taken"), "build": ("built", "built"), "rebuild": ("rebuilt", "rebuilt"), "spend": ("spent", "spent"),
    "buy": ("bought", "bought"), "sell": ("sold", "sold"), "set": ("set", "set"), "hold": ("held", "held"),
    "meet": ("met", "met"), "speak": ("spoke", "spoken"), "sit": ("sat", "sat"), "have": ("had", "had"),
    "let": ("let", "let"), "withdraw": ("withdrew", "withdrawn"), "leave": ("left", "left"), "lay": ("laid", "laid"),
    "put": ("put", "put"), "cut": ("cut", "cut"), "break": ("broke", "broken"), "strike": ("struck", "struck"),
    "drive": ("drove", "driven"), "fight": ("fought", "fought"), "shoot": ("shot", "shot"), "beat": ("beat", "beaten"),
    "burn": ("burned", "burned"), "blow": ("blew", "blown"), "overthrow": ("overthrew", "overthrown"),
    "begin": ("began", "begun"), "go": ("went", "gone"), "throw": ("threw", "thrown"), "seek": ("sought", "sought"),
    "bring": ("brought", "brought"), "lead": ("led", "led"), "call": ("called", "called"), "stand": ("stood", "stood"),
    "pay": ("paid", "paid"), "hunt": ("hunted", "hunted"), "lie": ("lay", "lain"), "come": ("came", "come"),
    "keep": ("kept", "kept"), "do": ("did", "done"), "be": ("was", "been"), "say": ("said", "said"),
    "make": ("made", "made"), "pull": ("pulled", "pulled"), "bail": ("bailed", "bailed"), "retake": ("retook", "retaken"),
    "bind": ("bound", "bound"), "become": ("became", "become"), "tell": ("told", "told"), "find": ("found", "found"),
    "forbid": ("forbade", "forbidden"), "shut": ("shut", "shut"), "win": ("won", "won"), "hit": ("hit", "hit"),
    "steal": ("stole", "stolen"), "feed": ("fed", "fed"), "teach": ("taught", "taught"), "swear": ("swore", "sworn"),
    "undertake": ("undertook", "undertaken"), "write": ("wrote", "written"), "freeze": ("froze", "frozen"),
    "unfreeze": ("unfroze", "unfrozen"), "arise": ("arose", "arisen"), "catch": ("caught", "caught"),
}  # fmt: skip
_DOUBLING = frozenset(
    "ban bar stab stop plan drop rob gun commit admit permit transfer refer submit step chat swap ship strip beg jam snub".split()
)
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
    double = verb in _DOUBLING or verb in {"set", "sit", "let", "put", "cut", "begin", "shut", "win", "hit", "forbid"}
    return verb + verb[-1] + "ing" if double else verb + "ing"


def _third(verb: str) -> str:
    if verb == "have":
        return "has"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ies"
    return verb + "es" if verb.endswith(("s", "sh", "ch", "x", "o", "z")) else verb + "s"
