"""Say a placement in words, each with what it is found by: "Kết nối tri thức · Toán 2 · Bài 16 · Tuần 19"."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from service.library.placements import TODAY
from service.messages import LANGUAGES, sentence
from service.model import Placement
from service.vocabularies import Vocabularies


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the sentence. filters: facet -> code of what stands there too; empty where no facet holds it."""

    text: str
    filters: Mapping[str, str] = field(default_factory=dict)


def framework(placement: Placement, vocabularies: Vocabularies, language: str) -> str:
    """The programme, and the textbook series in it where one is named."""
    named = (("programme", placement.programme), ("series", placement.series))
    return " · ".join(vocabularies.label(name, code, language) for name, code in named if code)


def parts(placement: Placement, vocabularies: Vocabularies, language: str) -> list[Part]:
    """The whole sentence but the section. Today's programme is only named where no series is."""
    said = [Part(text, {"series": placement.series}) for text in _series(placement, vocabularies, language)]
    if placement.programme and (placement.programme != TODAY or not said):
        label = vocabularies.label("programme", placement.programme, language)
        said.insert(0, Part(label, {"programme": placement.programme}))
    return [*said, *target(placement, vocabularies, language)]


def called(placement: Placement, vocabularies: Vocabularies) -> list[str]:
    """What people type who know the book and the lesson: "Toán 2 Bài 16 Kết nối tri thức", in each language."""
    names = []
    for language in LANGUAGES:
        said = [part.text for part in _subject(placement, vocabularies, language)]
        said += _numbers(placement, language)
        if placement.series:
            said.append(vocabularies.label("series", placement.series, language))
        names.append(" ".join(said))
    return list(dict.fromkeys(names))


def target(placement: Placement, vocabularies: Vocabularies, language: str) -> list[Part]:
    """Where in its framework: subject and grade, strand, lesson, period, week, term, outcome."""
    return list(_target(placement, vocabularies, language))


def _series(placement: Placement, vocabularies: Vocabularies, language: str) -> Iterator[str]:
    if placement.series:
        label = vocabularies.label("series", placement.series, language)
        yield (
            sentence("placed-edition", language, {"series": label, "year": placement.edition})
            if (placement.edition)
            else label
        )


def _target(placement: Placement, vocabularies: Vocabularies, language: str) -> Iterator[Part]:
    grade = {"grade": placement.grade} if placement.grade else {}
    yield from _subject(placement, vocabularies, language)
    if placement.strand:
        yield Part(vocabularies.label("subject", placement.strand, language), {"subject": placement.strand, **grade})
    yield from map(Part, _numbers(placement, language))
    if placement.week:
        yield Part(vocabularies.label("week", str(placement.week), language), {**grade, "week": str(placement.week)})
    if placement.term:
        yield Part(sentence("placed-term", language, {"number": placement.term}))
    if placement.outcome:
        yield Part(vocabularies.label("outcome", placement.outcome, language))


def _numbers(placement: Placement, language: str) -> Iterator[str]:
    """Its lesson and its period, as their books count them."""
    for key in ("lesson", "period"):
        if number := getattr(placement, key):
            yield sentence(f"placed-{key}", language, {"number": number})


def _subject(placement: Placement, vocabularies: Vocabularies, language: str) -> Iterator[Part]:
    """ "Toán 2" where the grade is one that people call by its number, else both apart."""
    subject = vocabularies.label("subject", placement.subject, language) if placement.subject else ""
    term = vocabularies.get("grade", placement.grade)
    number = next((name for name in term.alternatives if name.isdecimal()), "") if term else ""
    if subject and number:
        text = sentence("placed-subject", language, {"subject": subject, "number": number})
        yield Part(text, {"subject": placement.subject, "grade": placement.grade})
        return
    if subject:
        yield Part(subject, {"subject": placement.subject})
    if placement.grade:
        yield Part(vocabularies.label("grade", placement.grade, language), {"grade": placement.grade})
