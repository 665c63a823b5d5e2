"""A library of records for `oai`: as crosswalks write them, put there by the write path that a worker takes."""

import datetime
import secrets
from collections.abc import Sequence
from functools import partial

from service.crosswalks import Concept, File, Record, Text
from service.library import rendering
from service.library.records import concept_of
from service.library.services import Services
from service.library.sets import spec_of
from service.model import Content, Rendered, Resource
from service.ports import UnitOfWork

FORMAT = "oai_dc"
BATCH = 500
DESCRIPTION = "Bài giảng có ví dụ, bài tập luyện tập và câu hỏi vận dụng cho học sinh. " * 3
KINDS = 500
"""Of subject, grade and type together. The forms of a kind are written once; a record's own are copies of them with
its id and its number in their places, which takes a hundredth of the time."""
ID, NUMBER = "0id0id0id0id", 90_000_001


class Kind:
    """Records that differ by id and number only."""

    def __init__(self, services: Services, place: int) -> None:
        vocabularies = services.vocabularies
        self.services = services
        self.codes = {
            field: sorted(terms)[place % len(terms)]
            for field, terms in vocabularies.terms.items()
            if field in ("subject", "grade", "type")
        }
        self.sets = ("school:default", *(spec_of(vocabularies, field, code) for field, code in self.codes.items()))
        self.forms = self.written(ID, NUMBER)

    def written(self, id: str, number: int) -> dict[str, str]:
        """By the crosswalks."""

        def concept(field: str, code: str) -> Concept:
            return concept_of(self.services.vocabularies, field, code, ("vi", "en"))

        record = Record(
            identifier=f"oai:hoclieu.example:{id}",
            url=f"{rendering.PUBLIC}/resources/{id}",
            titles=(Text(f"Bài {number}. Đồ thị của hàm số bậc hai và ứng dụng", "vi"),),
            descriptions=(Text(DESCRIPTION, "vi"),),
            languages=("vi",),
            keywords=(Text("parabol", "vi"), Text("trục đối xứng", "vi")),
            type=concept("type", self.codes["type"]),
            subjects=(concept("subject", self.codes["subject"]),),
            grades=(concept("grade", self.codes["grade"]),),
            creators=("Nguyễn Thị Hoa", "Tổ Toán"),
            publishers=("Sở Giáo dục và Đào tạo",),
            published=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
            licence=concept("licence", "CC-BY-4.0"),
            files=(File(f"{rendering.PUBLIC}/resources/{id}/files/1", "application/pdf", number, "a" * 64),),
        )
        return {one.FORMAT.name: one.write(record) for one in rendering.FORMATS}

    def copied(self, id: str, number: int) -> dict[str, str]:
        """The same, in less time."""
        said = str(number)
        return {name: xml.replace(ID, id).replace(str(NUMBER), said) for name, xml in self.forms.items()}


def fill(services: Services, count: int, *, batch: int = BATCH) -> list[Resource]:
    """Records with sets as real ones have, `batch` a commit, as a worker stamps them; each commit has one datestamp."""
    kinds = [Kind(services, place) for place in range(min(KINDS, count))]
    made: list[Resource] = []
    while len(made) < count:
        number = min(batch, count - len(made))
        with services.catalogue.writing() as work:
            resources = work.resources.add_all([Content()] * number, owner="default")
        stamped = []
        for place, resource in enumerate(resources, start=len(made) + 1):
            kind = kinds[place % len(kinds)]
            forms = kind.copied(resource.id, place)
            stamped.append(Rendered(resource.key, resource.id, 1, kind.sets, forms, "f", str(place)))
        # One of each batch is held against what the crosswalks write.
        assert forms == kind.written(resource.id, place)
        services.catalogue.write(partial(_stamp, stamped))
        made += resources
    return made


def _stamp(rendered: Sequence[Rendered], work: UnitOfWork) -> int:
    return work.oai.stamp(rendered)


def change(services: Services, resources: Sequence[Resource]) -> str:
    """These get another title. Returns: from which datestamp on they are found."""
    changed = []
    for resource in resources:
        with services.catalogue.reading() as work:
            held = work.oai.get(resource.id, FORMAT)
        assert held is not None
        forms = {FORMAT: (held.xml or b"").decode().replace("Đồ thị", "Đồ thị (sửa)")}
        changed.append(Rendered(resource.key, resource.id, 2, ("school:default",), forms, "f", secrets.token_hex(4)))
    services.catalogue.write(partial(_stamp, changed))
    with services.catalogue.reading() as work:
        return work.oai.issued()
