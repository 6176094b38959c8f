"""How hard a text is to read.

English: the Flesch-Kincaid grade (Kincaid et al. 1975), 0.39 words a sentence + 11.8 syllables a
word - 15.59. Spanish: the INFLESZ scale (Szigriszt Pazos 1993, Barrio Cantalejo 2008), where 65
and over is "quite easy", what primary school reads, and 80 "very easy".

Syllables are counted by vowel groups. On 2,359 words of our own texts that is 0.6 % below the CMU
pronouncing dictionary; hyphenation patterns, the usual library answer, are 4 % below, which is
more than half a grade (docs/decisions/0007-reading-grade.md).
"""

import unicodedata

GRADE_AT_MOST = 6.0
INFLESZ_AT_LEAST = 65.0
FEWEST_WORDS = 14  # below that a single long word decides

_VOWELS = set("aeiouy")
_STRONG = set("aeoáéíóú")  # two of these in a row are two syllables in Spanish
_SPANISH_VOWELS = _STRONG | set("iuü")


def too_hard(text: str, language: str) -> str:
    """What is wrong with a text's reading level, in words, or nothing."""
    sentences, words = _count(text)
    if len(words) < FEWEST_WORDS:
        return ""
    if language == "es":
        score = inflesz(sentences, words)
        if score >= INFLESZ_AT_LEAST:
            return ""
        return f"INFLESZ {score:.0f}; {INFLESZ_AT_LEAST:.0f} or more is easy"
    score = flesch_kincaid(sentences, words)
    return "" if score <= GRADE_AT_MOST else f"grade {score:.1f}; {GRADE_AT_MOST:.0f} is the most"


def flesch_kincaid(sentences: int, words: list[str]) -> float:
    """The United States school grade that reads this easily."""
    syllables = sum(map(english_syllables, words))
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def inflesz(sentences: int, words: list[str]) -> float:
    """0 (hard) to 100 (easy) for Spanish."""
    syllables = sum(map(spanish_syllables, words))
    return 206.835 - 62.3 * syllables / len(words) - len(words) / sentences


def english_syllables(word: str) -> int:
    """Vowel groups, without the silent e of `time`, `times` and `walked`."""
    count = _groups(word, _VOWELS)
    if (
        (word.endswith("e") and not word.endswith(("le", "ee")))
        or (word.endswith("ed") and not word.endswith(("ted", "ded")))
        or (
            word.endswith("es")
            and not word.endswith(("ses", "zes", "xes", "ches", "shes", "ges", "ces"))
        )
    ):
        count -= 1
    return max(1, count)


def spanish_syllables(word: str) -> int:
    """Vowel groups, where two strong vowels (or an accented weak one) are two syllables."""
    word = word.replace("que", "qe").replace("qui", "qi").replace("gue", "ge").replace("gui", "gi")
    count, before = 0, ""
    for letter in word:
        if letter in _SPANISH_VOWELS and (
            before not in _SPANISH_VOWELS or (letter in _STRONG and before in _STRONG)
        ):
            count += 1
        before = letter
    if word.endswith("y") and len(word) > 1 and word[-2] in _SPANISH_VOWELS:
        return max(1, count)
    return max(1, count + (word == "y"))


def _groups(word: str, vowels: set[str]) -> int:
    count, inside = 0, False
    for letter in word:
        if letter in vowels and not inside:
            count += 1
        inside = letter in vowels
    return count


def _count(text: str) -> tuple[int, list[str]]:
    """Sentences (at least one) and words. Bullets and paragraphs end sentences too; blanks,
    numbers and signs are no words."""
    sentences, words, word, open_words = 0, [], "", 0
    text = unicodedata.normalize("NFC", text).lower()
    for before, letter in zip(" " + text, text + "\n", strict=True):
        if letter.isalpha() or (letter in "'’" and word):
            word += letter
            continue
        if word:
            words.append(word.replace("'", "").replace("’", ""))
            open_words += 1
        word = ""
        ends = letter in ".!?:" or (letter == "\n" and (before == "\n" or open_words > 2))
        if ends and open_words:
            sentences += 1
            open_words = 0
    return max(1, sentences), words
