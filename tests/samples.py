"""Real files of every kind, made here, and programs that make them; a missing one is said by `needs`."""

import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from PIL import Image

SLIDES = (
    ("Ba đường conic", "Elip, hypebol và parabol", "Nhắc lại phương trình đường tròn trước."),
    ("Đường parabol", "Tiêu điểm và đường chuẩn", "Vẽ hình bằng thước và dây."),
    ("Slide ẩn", "Đáp án bài tập", ""),
)
"""Title, text, notes; the last one is hidden."""

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{_NAMES}{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("style", "style"), ("draw", "drawing"), ("text", "text"), ("svg", "svg-compatible"),
        ("presentation", "presentation"),
    )
)  # fmt: skip


def needs(*programs: str) -> None:
    """Skip where a program is missing. Prints which."""
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not on this machine")


def flat(kind: str, body: str) -> str:
    """A flat OpenDocument file, which LibreOffice turns into any other. Style `hidden` hides a slide."""
    hidden = (
        '<style:style style:name="hidden" style:family="drawing-page">'
        '<style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<office:document {_NAMESPACES} xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2" '
        f'office:mimetype="application/vnd.oasis.opendocument.{kind}">'
        f"<office:automatic-styles>{hidden}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document>"
    )


def make_presentation(path: Path, slides: Sequence[tuple[str, str, str]] = SLIDES) -> Path:
    """A presentation in the format that the path's ending says; its last slide is hidden."""
    pages = (_slide(str(number), *slide, hidden=number == len(slides)) for number, slide in enumerate(slides, start=1))
    return through_libreoffice(path, flat("presentation", "".join(pages)), "fodp")


def _slide(name: str, title: str, text: str, notes: str, *, hidden: bool) -> str:
    style = ' draw:style-name="hidden"' if hidden else ""
    return (
        f'<draw:page draw:name="{name}"{style}>{_box(title, top=2)}{_box(text, top=7)}<presentation:notes>'
        f"{_box(notes, top=14, kind='notes')}</presentation:notes></draw:page>"
    )


def _box(text: str, *, top: int, kind: str = "") -> str:
    role = f' presentation:class="{kind}"' if kind else ""
    return (
        f'<draw:frame svg:x="2cm" svg:y="{top}cm" svg:width="20cm" svg:height="3cm"{role}>'
        f"<draw:text-box><text:p>{text}</text:p></draw:text-box></draw:frame>"
    )


def make_sheet(path: Path) -> Path:
    """A workbook of one sheet."""
    return through_libreoffice(path, "STT,Bài,Số tiết\n1,Mệnh đề,4\n2,Tập hợp,3\n", "csv")


def through_libreoffice(path: Path, source: str, extension: str) -> Path:
    needs("soffice")
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = path.parent / f".{path.stem}"
    folder.mkdir()
    (folder / f"{path.stem}.{extension}").write_text(source, encoding="utf-8")
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to",
         path.suffix[1:], "--outdir", str(path.parent), str(folder / f"{path.stem}.{extension}")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    shutil.rmtree(folder)
    return path


def make_film(path: Path, seconds: int = 30) -> Path:
    """A video with a clock on it and a tone."""
    return _through_ffmpeg(
        path, "-f", "lavfi", "-i", f"testsrc=size=320x180:rate=5:duration={seconds}",
        "-f", "lavfi", "-i", f"sine=frequency=300:duration={seconds}", "-b:v", "60k",
    )  # fmt: skip


def make_captioned_film(path: Path, captions: str, seconds: int = 30) -> Path:
    """A video with SubRip captions inside, in Vietnamese."""
    path.parent.mkdir(parents=True, exist_ok=True)
    source = path.with_suffix(".inside.srt")
    source.write_text(captions, encoding="utf-8")
    _through_ffmpeg(
        path, "-f", "lavfi", "-i", f"testsrc=size=320x180:rate=5:duration={seconds}", "-i", str(source),
        "-c:s", "mov_text", "-metadata:s:s:0", "language=vie",
    )  # fmt: skip
    source.unlink()
    return path


def make_photo(path: Path) -> Path:
    """A picture larger than any screen of the tests."""
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn = Image.effect_mandelbrot((1600, 1200), (-2.2, -1.2, 1.0, 1.2), 60)
    drawn.convert("RGB").save(path)
    return path


def make_sound(path: Path, seconds: int = 30) -> Path:
    """A tone."""
    return _through_ffmpeg(path, "-f", "lavfi", "-i", f"sine=frequency=300:duration={seconds}", "-b:a", "32k")


def _through_ffmpeg(path: Path, *words: str) -> Path:
    needs("ffmpeg")
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", *words, str(path)],
        check=True, capture_output=True, timeout=120, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return path


def make_zip(path: Path, members: Iterable[tuple[str, str]]) -> Path:
    """A zip whose first member is not compressed, as an EPUB wants it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as packed:
        for number, (name, text) in enumerate(members):
            packed.writestr(name, text, zipfile.ZIP_DEFLATED if number else zipfile.ZIP_STORED)
    return path


def make_book(path: Path) -> Path:
    """An EPUB of two chapters."""
    container = (
        '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="2.0" unique-identifier="id">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Truyện rừng</dc:title>'
        '<dc:identifier id="id">x</dc:identifier><dc:language>vi</dc:language></metadata><manifest>'
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="b" href="b.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>'
    )
    chapter = (
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{0}</title></head>'
        "<body><h1>{0}</h1><p>{1}</p></body></html>"
    )
    english = '</p><p xml:lang="en">The stream runs through the village.'
    roots = "</p><h2>Gốc cây</h2><p>Rễ cây ôm tảng đá."
    return make_zip(
        path,
        [
            ("mimetype", "application/epub+zip"),
            ("META-INF/container.xml", container),
            ("book.opf", package),
            ("a.xhtml", chapter.format("Chương 1. Con suối", f"Con suối chảy qua bản &lt;em>nhỏ&lt;/em>.{english}")),
            ("b.xhtml", chapter.format("Chương 2. Cây đa", f"Cây đa đứng ở đầu làng.{roots}")),
        ],
    )


def make_package(path: Path) -> Path:
    """A SCORM package of two items."""
    manifest = (
        '<manifest identifier="m" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" '
        'xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">'
        '<organizations default="o"><organization identifier="o">'
        "<title>Gói điện học</title>"
        '<item identifier="ITEM-1" identifierref="R1"><title>Bài 1: Dòng điện</title></item>'
        '<item identifier="ITEM 2/á" identifierref="R2"><title>Bài 2: Điện trở</title></item>'
        "</organization></organizations>"
        '<resources><resource identifier="R1" type="webcontent" adlcp:scormtype="sco" href="a.html"/>'
        '<resource identifier="R2" type="webcontent" adlcp:scormtype="sco" href="b.html"/></resources></manifest>'
    )
    return make_zip(
        path,
        [
            ("imsmanifest.xml", manifest),
            ("a.html", "<html><body><p>Dòng điện là gì.</p></body></html>"),
            ("b.html", "<html><body><p>Điện trở cản trở dòng điện.</p></body></html>"),
        ],
    )
