"""The columns of a sheet: what they hold, and what people call them in Vietnamese and in English.

What they are called first stands in `service/messages` (`column-…`), with a
sentence about what they hold (`column-…-hint`); here are the other names that
sheets of schools have. A foreign name is no column until a mapping says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from service.library.shelf import ISBN, SHELF
from service.messages import LANGUAGES, sentence
from service.vocabularies import folded

PATH, ORGANISATION, PLACEMENTS, RESOURCE = "path", "organisation", "placements", "resource"
ADDRESS, TITLE = "address", "title"
ELSEWHERE = frozenset((ADDRESS, ISBN, SHELF))
"""Columns that say where something is that has no file here."""
LINK, BASED_ON = "link", "isBasedOn"
"""Fields that an address becomes: where the resource is, or, of one that has files here, where these come from."""
HEADER_WITHIN = 20
"""A title, a school's name, a date: the row of names stands below them, seldom deeper."""


@dataclass(frozen=True, slots=True)
class Column:
    """field: of the value that a cell becomes, empty where it becomes none. vocabulary: its values are codes of it.

    listed: a template offers the terms of this vocabulary. several: a cell holds several. names: further ones.
    """

    code: str
    field: str = ""
    vocabulary: str = ""
    several: bool = False
    names: tuple[str, ...] = ()
    kind: Literal["value", "place", "other"] = "value"


COLUMNS: Mapping[str, Column] = {
    column.code: column
    for column in (
        Column(PATH, several=True, kind="other", names=(
            "Đường dẫn", "Tên tệp", "Tệp tin", "Các tệp", "Tên file", "Filename", "File name", "Files")),
        Column(ADDRESS, LINK, names=(
            "Liên kết", "Đường liên kết", "Địa chỉ web", "Trang web", "Link", "URL", "Website", "Web address")),
        Column(TITLE, "title", names=("Tên", "Tiêu đề", "Tên bài", "Tên tài liệu", "Nhan đề", "Name")),
        Column("description", "description", names=(
            "Tóm tắt", "Nội dung tóm tắt", "Giới thiệu", "Summary", "Abstract")),
        Column("type", "type", "type", names=("Loại", "Loại tài liệu", "Loại hình", "Kind", "Resource type")),
        Column("subject", "subject", "subject", several=True, names=("Môn", "Bộ môn", "Các môn", "Subjects")),
        Column("grade", "grade", "grade", several=True, names=(
            "Khối", "Khối lớp", "Khối, lớp", "Các lớp", "Grades", "Class")),
        Column("topic", "topic", "topic", several=True, names=("Chuyên đề", "Mạch nội dung", "Topics")),
        Column("programme", vocabulary="programme", kind="place", names=("Chương trình học", "Program", "Curriculum")),
        Column("series", vocabulary="series", kind="place", names=("Sách", "Bộ SGK", "Textbook", "Textbook series")),
        Column("lesson", kind="place", names=("Bài số", "Số bài", "Lesson number")),
        Column("week", kind="place", names=("Tuần học", "Tuần thứ", "School week")),
        Column("period", kind="place", names=("Tiết số", "Tiết PPCT", "Tiết theo PPCT")),
        Column("term", kind="place", names=("HK", "Kì", "Semester")),
        Column(PLACEMENTS, several=True, kind="other", names=("Vị trí", "Phân phối chương trình", "PPCT", "Placement")),
        Column("licence", "licence", "licence", names=("Bản quyền", "Giấy phép sử dụng", "License", "Rights")),
        Column("language", "language", "language", names=("Tiếng", "Ngôn ngữ tài liệu")),
        Column("creator", "creator", several=True, names=(
            "Tác giả, người soạn", "Người soạn", "Người biên soạn", "Giáo viên", "Author", "Authors", "Creators")),
        Column(ISBN, ISBN, several=True, names=("Mã ISBN", "Số ISBN", "ISBN-13", "ISBN-10", "ISBN code")),
        Column(SHELF, SHELF, names=(
            "Kí hiệu kho", "Kí hiệu phân loại", "Kí hiệu giá", "Vị trí giá", "Số đăng kí cá biệt", "ĐKCB",
            "Call number", "Shelf", "Accession number")),
        Column("keywords", "keyword", several=True, names=("Thẻ", "Tags", "Keyword")),
        Column(ORGANISATION, kind="other", names=(
            "Trường", "Tên trường", "Tên đơn vị", "School", "Organization", "Owner")),
        Column(RESOURCE, kind="other", names=("Mã", "Id", "Resource id")),
    )
}  # fmt: skip
"""In the order in which a template has them."""
PLACES = tuple(code for code, column in COLUMNS.items() if column.kind == "place")
"""Columns that are keys of one placement, that of the row."""
TOLD = ("row", "outcome", "reason")
"""Columns that a report has beside them, which are left alone on the way in."""


def label(code: str, language: str) -> str:
    """What a column is called."""
    return sentence(f"column-{code}", language)


def found(cells: Sequence[str], names: Mapping[str, str]) -> dict[int, str] | None:
    """Place -> code of the columns of a row of names, "" for one that is not known; None: it is no such row.

    Such a row names a column of files, or one of titles and one of addresses, of ISBNs or of shelf marks: "Địa chỉ"
    alone stands on letterheads.

    names: foreign ones, folded with their tones -> code, or "" for one that is to be left alone; they come first.
    """
    codes: dict[int, str] = {}
    for place, cell in enumerate(cells):
        if not cell.strip():
            continue
        exact, bare = folded(cell, tones=True), folded(cell)
        known = names[exact] if exact in names else _called().get(exact, _bare().get(bare))
        codes[place] = "" if known is None else known or TOLD[0]
    named = set(codes.values())
    return codes if PATH in named or (TITLE in named and named & ELSEWHERE) else None


@cache
def _called() -> Mapping[str, str]:
    """Name with its tones -> code; the columns of a report are among them."""
    called = {folded(name, tones=True): code for code, column in COLUMNS.items() for name in column.names}
    for code in (*COLUMNS, *TOLD):
        called |= {folded(label(code, language), tones=True): code for language in LANGUAGES}
        called[code] = code
    return called


@cache
def _bare() -> Mapping[str, str]:
    """The same without tones, where that leaves one code: "lop" and "ten tep" are typed as often."""
    bare: dict[str, str] = {}
    several: set[str] = set()
    for name, code in _called().items():
        if bare.setdefault(folded(name), code) != code:
            several.add(folded(name))
    return {name: code for name, code in bare.items() if name not in several}
