"""RTF: encodings by font, sections by outline, what stands apart, and what is no text."""

import io
from pathlib import Path

import PIL.Image
import pytest

from ingest import pipeline, registry
from ingest.document import Bundle, Document
from ingest.formats.rtf import Rtf


def _rtf(body: str | bytes, head: str = "") -> bytes:
    inside = body if isinstance(body, bytes) else body.encode("ascii")
    return rb"{\rtf1\ansi\ansicpg1252\deff0" + head.encode("ascii") + inside + b"}"


def _lines(body: str | bytes, head: str = "") -> list[str]:
    return [line.text for line in Rtf(_rtf(body, head)).lines]


def _read(tmp_path: Path, data: bytes) -> Document:
    path = tmp_path / "a.rtf"
    path.write_bytes(data)
    return pipeline.read(Bundle(path, path.name), registry.load())


_FONTS = (
    r"{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset163{\*\panose 02}Arial;}{\f2\fcharset128 MS;}{\f3\fcharset2 Symbol;}}"
)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"Ti\u7871?ng Vi\u7879?t", "Tiếng Việt"),
        (r"\uc2 Vi\u7879\'3f\'3ft \uc0 n\u259y", "Việt năy"),
        (r"{\uc3\u273 abc}i", "đi"),
        (r"\u-10179?\u-8704?", "😀"),
        (r"\f1 Ti\'ea\'ecng Vi\'ea\'f2t", "Tiếng Việt"),
        (b"\\f1 Ti\xea\xecng", "Tiếng"),
        (r"\f2\'83\'7d\'83\'89 \f0\'e9", "マラ é"),
        (r"\f3\'b7\f0  m\u7909?c", "• mục"),
        (r"a\~b\-c\_d \{e\} \\ \ldblquote x\rdblquote", "a bc-d {e} \\ “x”"),
        (r"{\b \'41}\'42\plain C", "ABC"),
        ("a\nb\r\nc", "abc"),
    ],
)
def test_characters_are_those_of_their_font(body: str | bytes, text: str) -> None:
    assert _lines(body, _FONTS) == [text]


def test_the_code_page_of_the_document_is_that_of_fonts_without_one() -> None:
    data = rb"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0\fcharset0 A;}}\f0 \'cf\'f0\'e8}"
    assert [line.text for line in Rtf(data).lines] == ["При"]


def test_old_vietnamese_font_encodings_stay_as_they_are() -> None:
    assert _lines(r"\f1 tr\'ad\'eang", r"{\fonttbl{\f1\fcharset0 .VnTime;}}") == ["trêng"]


def test_sections_begin_at_outline_levels_and_heading_styles(tmp_path: Path) -> None:
    head = r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 Tieu de;}{\s2 heading 2;}{\*\cs9 heading 1;}}"
    body = r"\pard Mo dau\par\pard\s1 Chuong\par\pard\s0 Mot\par\pard\s2 Muc\par\pard Hai\par\pard\outlinelevel2 Ba\par"
    document = _read(tmp_path, _rtf(body, head))
    assert [(passage.locator.value, passage.text) for passage in document.passages] == [
        (1, "Mo dau"),
        (2, "Chuong\nMot"),
        (3, "Muc\nHai"),
        (4, "Ba"),
    ]
    assert [(entry.title, entry.level) for entry in document.contents] == [("Chuong", 1), ("Muc", 2), ("Ba", 3)]


def test_a_table_is_read_row_by_row() -> None:
    body = (
        r"\trowd\pard\intbl Ten\cell Tuoi\cell\row\trowd\pard\intbl Mai\par va Lan\cell 9"
        r"\cell{\*\nesttableprops\nestrow}\row\pard sau\par"
    )
    assert _lines(body) == ["Ten\tTuoi", "Mai va Lan\t9", "sau"]


def test_an_empty_cell_keeps_its_column() -> None:
    assert _lines(r"\trowd\pard\intbl a\cell\cell c\cell\cell\row\pard") == ["a\t\tc"]


def test_notes_and_text_boxes_stand_behind_their_paragraph() -> None:
    body = (
        r"Truoc{\super\chftn}{\footnote\pard\plain{\super\chftn} Chu thich} sau"
        r"{\shp{\*\shpinst\shpleft0{\sp{\sn wzName}{\sv Ten hinh}}{\shptxt\pard Trong khung\par}}{\shprslt{\*\do x}}}"
        r"{\*\annotation{\*\atnref 1}Gop y}\par Het"
    )
    assert _lines(body) == ["Truoc sau", "Chu thich", "Trong khung", "Gop y", "Het"]


def test_headers_and_footers_are_the_margin(tmp_path: Path) -> None:
    body = r"{\header\pard Truong A\par}{\footerl Trang \chpgn}{\headerf Truong A}Than bai"
    document = _read(tmp_path, _rtf(body))
    assert [(passage.text, passage.marginal) for passage in document.passages] == [("Than bai", "Truong A\nTrang")]


def test_what_is_hidden_deleted_or_no_text_is_not_read() -> None:
    body = (
        r"a{\v an}b{\deleted xoa}c{\*\unknown{\x y}z}{\field{\*\fldinst HYPERLINK x}{\fldrslt d}}{\xe{\v muc luc}}"
        r"{\object{\*\objdata 0102}{\result e}}{\pict\wmetafile8 0102ff}{\*\shppict{\pict 00}}{\nonshppict{\pict 00}}"
        r"{\upr{f?}{\*\ud{f\u273?}}}"
    )
    assert _lines(body) == ["abcdefđ"]


def test_binary_data_may_look_like_anything() -> None:
    assert _lines(rb"a{\pict\bin6 }}{\par}b") == ["ab"]


def test_the_file_says_who_made_it(tmp_path: Path) -> None:
    info = (
        r"{\info{\title \u272?\u7873? c\u432?\u417?ng}{\author Lan}{\*\company S\u7903?}{\keywords a;b}"
        r"{\creatim\yr2021\mo4\dy5\hr6}{\revtim\yr2022\mo1\dy1}{\nofpages7}{\upr{\subject ?}{\*\ud{\subject \u272?}}}}"
    )
    document = _read(tmp_path, _rtf("x", info))
    values = [(value.field, value.value) for value in document.metadata]
    assert values == [
        ("title", "Đề cương"),
        ("description", "Đ"),
        ("publisher", "Sở"),
        ("created", "2021-04-05"),
        ("creator", "Lan"),
        ("keyword", "a"),
        ("keyword", "b"),
    ]
    assert {value.where for value in document.metadata} == {"info"}
    assert document.extent.pages == 7


def test_notes_in_notes_without_end_cost_nothing() -> None:
    assert len(_lines(r"{\footnote a\par " * 100_000)) == 100_000


def test_a_picture_has_the_size_its_bytes_say(tmp_path: Path) -> None:
    data = io.BytesIO()
    PIL.Image.new("RGB", (120, 80)).save(data, "PNG")
    pictures = _read(tmp_path, _rtf(rb"x{\pict\pngblip\picw1 " + data.getvalue().hex().encode() + b"}")).pictures
    assert [(picture.width_pixels, picture.height_pixels) for picture in pictures] == [(120, 80)]


def test_a_truncated_file_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    document = _read(tmp_path, _rtf(r"mot\par hai {\b ba")[:-1])
    assert [passage.text for passage in document.passages] == ["mot\nhai ba"]
    assert [warning.code for warning in document.warnings] == ["repaired"]


@pytest.mark.parametrize(
    "data",
    [
        b"{\\rtf",
        b"{\\rtf1 }}}}}}",
        b"{\\rtf1 " + b"{" * 100_000,
        b"{\\rtf1 " + b"{\\footnote " * 100_000,
        b"{\\rtf1 " + b"\\'" * 100_000,
        b"{\\rtf1 " + b"\\u55357?" * 100_000,
        b"{\\rtf1\\bin99999999999 x}",
        b"{\\rtf1\\bin-5 x}",
        b"{\\rtf1\\uc99999\\u5 x}",
        b"{\\rtf1" + b"{\\upr" * 1000,
        b"{\\rtf1\\pict\\pngblip zz}",
        b"{\\rtf1{\\info{\\creatim\\yr99999999\\mo1\\dy\\dy\\dy}}}",
        b"\\rtf1\\pict x",
    ],
)
def test_rubbish_ends_without_a_word(data: bytes) -> None:
    assert len("".join(line.text for line in Rtf(data).lines)) < 100
