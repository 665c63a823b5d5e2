"""Does what a teacher knows of a lesson lead to it? `python -m tests.relevance.lessons HOME [--seed 1]`

HOME is the folder of a library whose resources have subjects, grades and places in the programme: that of `make demo`.
Each of its resources is asked for without accents in three forms, and should come first:

words   its subject, the number of its grade, two or three words of its title: "tin hoc 8 tren mang"
grade   the same words and its grade: "tren mang lop 8"
lesson  subject, grade and lesson of a place of its own, with the series and without: "toan 10 bai 16"

Several resources may rightly answer one question, so none of the figures can be expected to reach 1.
Prints one JSON object a form: {form, queries, mrr, first}.
"""

import argparse
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from service import compose
from service.library import discover, placements
from service.library.services import Services
from service.library.views import SearchRequest
from service.model import PUBLIC, Resource, Revision
from service.settings import Settings
from service.vocabularies import Vocabularies, folded

EACH = 3
DEPTH = 20


def published(services: Services) -> Iterator[tuple[Resource, Revision]]:
    after = 0
    with services.catalogue.reading() as work:
        while page := work.resources.after(after, 500):
            yield from work.resources.published([one.key for one in page]).values()
            after = page[-1].key


def number_of(grade: str) -> str:
    """ "8" of "lop-8"; empty for a level."""
    return grade.removeprefix("lop-") if grade.startswith("lop-") else ""


def questions(vocabularies: Vocabularies, revision: Revision, chance: random.Random) -> Iterator[tuple[str, str]]:
    """(form, text) of one resource."""
    # "Toán 2: Phép cộng": what stands before the colon says the subject.
    words = [word for word in re.findall(r"\w+", (revision.first("title") or "").split(":")[-1]) if not word.isdigit()]
    number = next(filter(None, map(number_of, revision.every("grade"))), "")
    subject = vocabularies.label("subject", revision.first("subject") or "", "vi")
    if words and number and revision.first("subject"):
        for _ in range(EACH):
            length = min(len(words), chance.choice((2, 3)))
            start = chance.randrange(len(words) - length + 1)
            said = " ".join(words[start : start + length])
            yield "words", f"{subject} {number} {said}"
            yield "grade", f"{said} lớp {number}"
    for placed in placements.of(revision):
        place = placed.placement
        if place.lesson and place.subject and number_of(place.grade):
            name = f"{vocabularies.label('subject', place.subject, 'vi')} {number_of(place.grade)} bài {place.lesson}"
            yield "lesson", name
            if place.series:
                yield "lesson", f"{name} {vocabularies.label('series', place.series, 'vi')}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    services = compose.services(Settings(home=arguments.home))
    chance = random.Random(arguments.seed)
    with services.catalogue.reading() as work:
        vocabularies = services.living.of(work)
    ranks: dict[str, list[float]] = {}
    for resource, revision in list(published(services)):
        for form, text in questions(vocabularies, revision, chance):
            found = discover.search(services, PUBLIC, SearchRequest(text=folded(text), size=DEPTH)).items
            names = [item.id for item in found]
            ranks.setdefault(form, []).append(1 / (names.index(resource.id) + 1) if resource.id in names else 0.0)
    for form, those in ranks.items():
        first = sum(rank == 1 for rank in those) / len(those)
        print(json.dumps({"form": form, "queries": len(those), "mrr": sum(those) / len(those), "first": first}))


if __name__ == "__main__":
    main()
