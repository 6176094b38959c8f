"""One way to compare words, for everyone.

Everything that is compared goes through the same function on both sides: a phrase list that is
only lower-cased, against messages that lose their punctuation, holds phrases that never fire.

`fold` is for whole messages and labels. `hear` is for the guard, which also needs to know where
clauses end, and what l33t, spaced-out and chat spellings stand for.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

# A message longer than this is not read further: four times the longest text a channel accepts.
MOST_CHARACTERS = 20_000

_EMOJI = {
    "💊": " pills ",
    "🔪": " knife ",
    "🗡": " knife ",
    "🔫": " gun ",
    "🪢": " rope ",
    "🪒": " razor ",
    "🩸": " blood ",
    "⚰": " coffin ",
}
_APOSTROPHES = "'’‘`´ʼ"
_SENTENCE_ENDS = ".!?;\n¿¡…"
_CLAUSE_ENDS = ',:()[]"“”—–/|'

# Chat spelling, both languages. One word in, one or more plain words out.
CHAT: Mapping[str, str] = {
    key: plain
    for line in """
        u you|ya you|r are|ur your|yr year|im i am|ima i am going to|imma i am going to
        ive i have|id i would|ill i will|hes he is|shes she is|theyre they are|youre you are
        its it is|thats that is|whats what is|theres there is|wheres where is|whos who is
        weve we have|theyve they have|theyd they would|hed he would|shed she would|youd you would
        dont do not|dnt do not|doesnt does not|didnt did not|cant can not|cannot can not
        wont will not|wouldnt would not|shouldnt should not|couldnt could not|isnt is not
        arent are not|wasnt was not|werent were not|havent have not|hasnt has not|hadnt had not
        aint not|neva never|nvr never
        wanna want to|wana want to|wnna want to|gonna going to|gona going to|gon going to
        gunna going to|gna going to|finna going to|fixin going|bouta about to|boutta about to
        tryna trying to|tryin trying|gotta got to|hafta have to|needa need to|lemme let me
        gimme give me|outta out of|kinda kind of|sorta sort of|lotta lot of|shoulda should have
        coulda could have|woulda would have|useta used to
        2 to|4 for|b4 before|n and|nd and|w with|wit with|wo without|b be|c see|y why
        bc because|cuz because|cus because|coz because|cause because|becuz because|bcuz because
        rn right now|tn tonight|tonite tonight|2nite tonight|2night tonight|tonit tonight
        tmrw tomorrow|tmr tomorrow|2moro tomorrow|tomoro tomorrow|tomorow tomorrow|nite night
        2day today|yday yesterday|mornin morning|everynight every night
        sum1 someone|some1 someone|sumone someone|any1 anyone|every1 everyone|no1 nobody
        sumthin something|somethin something|somthing something|smth something|nuthin nothing
        nothin nothing|nun nothing|everythin everything|thang thing
        abt about|bout about|plz please|pls please|ppl people|thru through|tho though
        thx thanks|wat what|wut what|da the|tha the|dat that|dis this|dem them
        yall you all|em them|lil little|gf girlfriend|bf boyfriend
        hubby husband|bro brother|sis sister|ma mom|moms mom|momma mom|mama mom|mum mom|pops dad
        celly cellmate|cellie cellmate|celli cellmate|bunkie cellmate|bunky cellmate
        bunkmate cellmate|roomie roommate|homeboy homie|homegirl homie|homies homie
        myslf myself|meself myself|hisself himself|theirself themselves
        msg message|info information|appt appointment|meds medicine|medication medicine
        medications medicine|medicines medicine|rx prescription
        q que|k que|ke que|xq porque|pq porque|porq porque|xk porque|toy estoy|stoy estoy
        ta esta|tas estas|tan estan|pa para|pal para el|tmb tambien|nomas nada mas|nadamas nada mas
        aki aqui|kiero quiero|kiere quiere|kieren quieren|kieres quieres|kisiera quisiera|kitarme quitarme|kien quien|aorcar ahorcar|aorcarme ahorcarme|ai ahi|aveces a veces|sta esta|ntp nada|asta hasta|mijo hijo|mija hija
        """.replace("\n", "|").split("|")
    if (entry := line.split(None, 1)) and (key := entry[0]) and (plain := entry[1].strip())
}

# Words that carry no meaning for a rule and stand between those that do.
FILLERS = frozenset(
    """fucking fuckin fkn fkin fuckn effing freaking freakin frickin damn really literally honestly
    actually seriously just fr tbh ngl lowkey legit pinche neta""".split()
)

# What a clause can turn on: a denial before one of these says nothing about what comes after it.
TURNS = frozenset("but though although however except unless pero aunque sino excepto".split())

_LEET = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b"}
_LEET_SIGNS = {"@": "a", "$": "s", "!": "i", "|": "l", "*": "*", "€": "e"}


class _Folds(dict[int, str]):
    """What each character becomes; filled in as characters are met (there are few)."""

    def __init__(self, keep: str = "") -> None:
        super().__init__({ord(emoji): word for emoji, word in _EMOJI.items()})
        self.update({ord(mark): "" for mark in _APOSTROPHES})
        self.update({ord(sign): sign for sign in keep})

    def __missing__(self, codepoint: int) -> str:
        character = chr(codepoint)
        category = unicodedata.category(character)
        if character.isalnum():
            folded = character
        elif category in {"Mn", "Me", "Cf"}:  # accents, and characters that show nothing
            folded = ""
        else:
            folded = " "
        self[codepoint] = folded
        return folded


_PLAIN = _Folds()
_MARKED = _Folds(_SENTENCE_ENDS + _CLAUSE_ENDS + "".join(_LEET_SIGNS) + "-")


def _decompose(text: str) -> str:
    return unicodedata.normalize("NFKD", text[:MOST_CHARACTERS]).casefold()


def fold(text: str) -> str:
    """Lower case, no accents, apostrophes or punctuation, single spaces: `¿Dónde?` is `donde`."""
    return " ".join(_decompose(text).translate(_PLAIN).split())


def plain_words(text: str) -> tuple[str, ...]:
    """The folded words with chat spelling written out: `need sum1` is need, someone."""
    return tuple(word for chunk in fold(text).split() for word in CHAT.get(chunk, chunk).split())


@dataclass(frozen=True, slots=True)
class Word:
    """A word as the guard hears it. Sentences and clauses are numbered from 0."""

    text: str
    sentence: int
    clause: int


def hear(text: str) -> list[Word]:
    """The words of a message for the guard: chat spelling written out, fillers left out,
    `k!ll` and `k i l l` put back together, each with its sentence and clause."""
    words: list[Word] = []
    letters: list[Word] = []  # a run of single letters, as in `k i l l` or `k.i.l.l`
    sentence = clause = 0

    def flush() -> None:
        if len(letters) > 2:
            joined = "".join(letter.text for letter in letters)
            words.append(Word(joined, letters[0].sentence, letters[0].clause))
        else:
            for letter in letters:
                words.extend(
                    Word(out, letter.sentence, letter.clause) for out in _write_out(letter.text)
                )
        letters.clear()

    marked = _decompose(text).translate(_MARKED)
    for chunk in marked.replace("\n", " . ").split():
        for run, ends_sentence, ends_clause in _runs(_join_signs(chunk)):
            if len(run) == 1 and run.isalpha():
                letters.append(Word(run, sentence, clause))
            elif run:
                flush()
                for out in _write_out(run):
                    clause += out in TURNS
                    words.append(Word(out, sentence, clause))
            sentence += ends_sentence
            clause += ends_sentence or ends_clause
    flush()
    return words


def clauses(text: str, least: int = 3, most: int = 24) -> list[tuple[str, ...]]:
    """The words of each clause of a message; one of fewer than `least` words is read with the one
    before it."""
    apart: dict[int, list[str]] = {}
    for word in hear(text):
        apart.setdefault(word.clause, []).append(word.text)
    out: list[list[str]] = []
    for words in apart.values():
        if out and (len(words) < least or len(out[-1]) < least):
            out[-1].extend(words)
        else:
            out.append(words)
    return [tuple(words) for words in out[:most]]


def _write_out(run: str) -> Iterable[str]:
    return (word for word in CHAT.get(run, run).split() if word not in FILLERS)


def _join_signs(chunk: str) -> str:
    """`k!ll` to `kill`, `$uicide` to `suicide`: signs that stand for letters inside a word."""
    if not any(sign in chunk for sign in _LEET_SIGNS):
        return chunk
    out = []
    for at, character in enumerate(chunk):
        after = chunk[at + 1 : at + 2].isalpha()
        if character in _LEET_SIGNS and after:
            character = _LEET_SIGNS[character]  # noqa: PLW2901 - replaced on purpose
        out.append(character)
    return "".join(out)


def _runs(chunk: str) -> Iterable[tuple[str, bool, bool]]:
    """The letters-and-digits runs of a chunk, each with what its punctuation ends."""
    run = ""
    for character in chunk + " ":
        if character.isalnum() or character == "*":
            run += character
            continue
        if run or character != " ":
            yield run, character in _SENTENCE_ENDS, character in _CLAUSE_ENDS
        run = ""


def unleet(word: str) -> tuple[str, ...]:
    """What a word with digits in it may stand for: `k1ll` is `kill` or `klll`."""
    if word.isalpha() or word.isdigit():
        return ()
    letters = "".join(_LEET.get(character, character) for character in word)
    other = "".join("l" if c == "1" else _LEET.get(c, c) for c in word)
    return (letters,) if other == letters else (letters, other)


def squeeze(word: str) -> tuple[str, ...]:
    """What a word with letters held down may be: `killl` is `kill` or `kil`. Nothing else is."""
    runs: list[str] = []
    for character in word:
        if runs and runs[-1][0] == character:
            runs[-1] += character
        else:
            runs.append(character)
    held = sum(len(run) > 2 for run in runs)
    if not 0 < held < 5:
        return ()
    ways = [(run,) if len(run) < 3 else (run[0] * 2, run[0]) for run in runs]
    return tuple("".join(way) for way in product(*ways))


def sounds(word: str) -> str:
    """How a Spanish word sounds to somebody who writes by ear: `aserlo` and `hacerlo`,
    `boy` and `voy`, `kiero` and `quiero` are the same. The rules are those of seseo, yeísmo
    and betacismo, which Latin American Spanish shares."""
    out = word
    for written, heard in _SOUNDS:
        out = out.replace(written, heard)
    return out


_SOUNDS = (
    ("ch", "%"),
    ("qu", "k"),
    ("h", ""),
    ("%", "ch"),
    ("ce", "se"),
    ("ci", "si"),
    ("c", "k"),
    ("gue", "ge"),
    ("gui", "gi"),
    ("ge", "je"),
    ("gi", "ji"),
    ("v", "b"),
    ("w", "gu"),
    ("z", "s"),
    ("ll", "y"),
    ("rr", "r"),
)

_COMMON = {
    "en": frozenset(
        """the a an i my me you to and of in is am are it that this do not can how what where who
        when why will with for on at they he she we have has need want get out no one was be
        if or about your from know would going because please im dont cant wanna
        hello thanks feel sleep his her him""".split()
    ),
    "es": frozenset(
        """el la los las un una yo mi me tu te se lo le de del y en es estoy esta que como donde
        cuando quien por para con no ya muy mas quiero kiero necesito puedo tengo hay pero porque mi
        mis su sus al ser soy voy estoy ayuda ayudame hacer salir nada todo aqui vivir morir matar
        dormir hola gracias entiendo ingles hablo espanol nadie hijo hija hijos mama casa trabajo carcel donde siento""".split()
    ),
}


_IN_NAMES = frozenset(
    "el la las los de del san santa no a me i in on at the was is yo ya y al en lo se".split()
)


def guess_language(text: str) -> str:
    """`en`, `es`, or nothing where a message shows neither clearly: by its commonest words."""
    words = fold(text).split()
    counts = {
        language: sum(word in common for word in words) for language, common in _COMMON.items()
    }
    best, other = sorted(counts, key=lambda language: -counts[language])
    if counts[best] >= 2 * counts[other] and counts[best] >= 3:
        return best
    # A word or two, as in `quiero morirme`: enough if one of them is no place's name and nothing
    # speaks against it (`LA`, `El Monte` and `no` say nothing).
    telling = any(word in _COMMON[best] and word not in _IN_NAMES for word in words)
    return best if telling and counts[best] and not counts[other] else ""
