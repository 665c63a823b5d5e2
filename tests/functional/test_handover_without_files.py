"""Packages of what has no file: what lies elsewhere or stands on a shelf goes along, what was harvested does not."""

from dataclasses import replace
from pathlib import Path

from service.library import describing, shelf
from service.model import OPERATOR, Value
from tests.contract.catalogue_harvests import SOURCE, brought
from tests.functional.repository import library
from tests.functional.test_handover import WHOLE, Handing, ids, rows


def describe(handing: Handing, title: str, *, known_by: str, licence: str = "CC-BY-4.0", **values: str) -> str:
    """What lies elsewhere, or stands on a shelf, as a row of a sheet tells it."""
    told = {"title": title, "type": "video", "licence": licence, **WHOLE, **values}
    said = tuple(Value(field, value, "sheet") for field, value in told.items() if value)
    (done,) = describing.describe_all(
        handing.services, OPERATOR, [describing.Description(known_by, said)], owner="default", publish=True
    )
    assert isinstance(done, describing.Taken)
    assert done.outcome == "published"
    return str(done.resource)


def test_what_has_no_file_is_handed_over_with_where_it_is_and_what_was_harvested_is_not(tmp_path: Path) -> None:
    handing = Handing(library(tmp_path / "home"))
    handing.out = tmp_path / "out"
    film = "https://phim.example.vn/1"
    elsewhere = describe(handing, "Phim bài giảng", known_by=film, link=film)
    book = describe(
        handing,
        "Toán 10",
        known_by=shelf.known_by("9786040287892", ""),
        isbn="9786040287892",
        shelf="510 TO",
        licence="InC-EDU",
    )
    lacking = describe(handing, "Không rõ môn", known_by=f"{film}0", link=f"{film}0", subject="")
    describe(handing, "Trong nhà", known_by=f"{film}1", link=f"{film}1", licence="InC")
    with handing.services.catalogue.writing() as work:
        source = work.harvests.save_source(SOURCE)
        one = brought("1")
        values = tuple(Value(field, value, "source") for field, value in {**WHOLE, "licence": "CC-BY-4.0"}.items())
        (key,) = work.harvests.add(source, [replace(one, values=(*one.values, *values))])
        harvested = work.resources.published([key])[key][0].id
        work.jobs.add("render", harvested, priority=1)
    made = handing.hand_over()
    assert (made.records, made.files, made.lacking, made.failed) == (2, 0, 1, {})
    assert ids(made.folder) == {elsewhere, book}
    assert made.folder is not None
    head, *table = rows(made.folder, 1)
    told = {row[0].rsplit(":", 1)[-1]: dict(zip(head, row, strict=True)) for row in table}
    assert told[elsewhere]["Địa chỉ"] == film
    assert told[book]["Địa chỉ"].endswith(f"/resources/{book}")
    assert not (made.folder / "files").exists()
    assert "<entry>9786040287892</entry>" in (made.folder / "lom" / f"{book}.xml").read_text(encoding="utf-8")
    in_sets = {one.identifier.rsplit(":", 1)[-1]: one.sets for one in handing.harvest("ListIdentifiers").records}
    assert {id for id, sets in in_sets.items() if "ready:national" in sets} == {elsewhere, book}
    assert harvested not in in_sets
    assert lacking in in_sets
    (theirs,) = handing.harvest("ListIdentifiers", set="harvested").records
    assert (theirs.identifier.rsplit(":", 1)[-1], theirs.sets) == (harvested, ("harvested",))
    # Withdrawn, it is to be taken back like any other.
    handing.withdraw(elsewhere)
    again = handing.hand_over()
    assert (again.records, ids(again.folder, 2)) == (0, {elsewhere})
    handing.services.catalogue.close()
