"""What was typed without its accents, or with a wrong letter, as it was meant: text in, text out.

Words stay as they are that are shorthand, in capitals, beside digits or of
another script; that were typed with accents and stand so in what is here; and
letters of words that the index holds: those get accents only. What stands
between words stays where it is.
"""

import re
import unicodedata
from collections.abc import Collection

from service.search.analysis import TOKEN, both
from service.search.restoring import Typed, restored
from service.search.syllables import Syllables
from service.search.understand import MAX_TOKENS, Known
from service.search.words import meanings

# A syllable's bare letters: what may begin it, its vowels, what may end it.
_SHAPED = re.compile(r"(?:ngh?|[ckgpt]h|qu|gi|tr|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?")
_ENGLISH = frozenset(("and", "are", "as", "for", "from", "how", "is", "of", "or", "this", "what", "which", "with"))


def rewritten(text: str, syllables: Syllables, known: Known, *, letters: bool = True) -> str | None:
    """The text with what was probably meant; None: as it is.

    known: which of some folded tokens the index holds (`library/lexicons.py`). letters: False adds accents alone.
    """
    plain = unicodedata.normalize("NFC", text)
    found = [(match.start(), match[0]) for match in TOKEN.finditer(plain.replace("_", " "))][:MAX_TOKENS]
    tokens = [(*both(run), run) for _, run in found]
    free = _free([folded for _, folded, _ in tokens], [run for _, _, run in tokens])
    if not (len(syllables) and free):
        return None
    typed = _typed(tokens, free, syllables, known)
    meant = restored(syllables, typed)
    words = {
        number: syllables.written(place)
        for number, place in enumerate(meant)
        if place is not None and (place, typed[number].accented) not in syllables.called(typed[number].folded)
    }
    # A word that was learnt from what is no longer here would find nothing.
    folded = {number: both(word)[1] for number, word in words.items()}
    other = {word for number, word in folded.items() if word != typed[number].folded}
    there = set(known(other)) if other and letters else set()
    said = [number for number in words if folded[number] == typed[number].folded or folded[number] in there]
    for number in sorted(said, reverse=True):
        start, run = found[number]
        plain = plain[:start] + _cased(words[number], run) + plain[start + len(run) :]
    return plain if said else None


def _free(tokens: list[str], runs: list[str]) -> Collection[int]:
    """Which words may be touched at all."""
    shorthand = {start for start, end, _ in meanings(tokens) if end - start == 1}
    return {
        number
        for number, run in enumerate(runs)
        if number not in shorthand
        and run.isalpha()
        and tokens[number].isascii()
        and tokens[number].isalpha()
        and not (run.isupper() and len(run) > 1)
    }


def _typed(
    tokens: list[tuple[str, str, str]], free: Collection[int], syllables: Syllables, known: Known
) -> list[Typed]:
    strange = {tokens[number][1] for number in free if not syllables.called(tokens[number][1])}
    held = set(known(strange)) if strange else set()
    foreign = _foreign(tokens)
    typed = []
    for number, (accented, folded, _) in enumerate(tokens):
        unknown = folded in strange and folded not in held
        as_written = accented != folded and any(word == accented for _, word in syllables.called(folded))
        fixed = number not in free or as_written or (folded not in strange if foreign else folded in held)
        typed.append(Typed(accented, folded, fixed, unknown))
    return typed


def _foreign(tokens: list[tuple[str, str, str]]) -> bool:
    """Whether this is bare because it is another language: words that Vietnamese has not, or has not in such number."""
    words = [folded for accented, folded, run in tokens if run.isalpha()]
    if any(accented != folded for accented, folded, _ in tokens) or not words:
        return False
    strange = [word for word in words if not _SHAPED.fullmatch(word)]
    return 2 * len(strange) > len(words) or not _ENGLISH.isdisjoint(words)


def _cased(word: str, typed: str) -> str:
    return word[:1].upper() + word[1:] if typed[:1].isupper() else word
