"""Packages and archives: without their pages, locked, split, harmful, one in another."""

import io
import zipfile
from pathlib import Path

from tests.archives import Entry, honest, rar5, seven, zip_of
from tests.bad_input.case import Case, said
from tests.bad_input.documents import cut
from tests.faults.hostile.packages import Entry as Crafted
from tests.faults.hostile.packages import crafted, inflating
from tests.samples import make_package, make_zip

_LESSON = "<html><body><p>Bài học trong gói</p></body></html>"


def _without_pages(path: Path) -> None:
    make_package(path)
    with zipfile.ZipFile(path) as source:
        manifest = source.read("imsmanifest.xml").decode()
    make_zip(path, [("imsmanifest.xml", manifest), ("b.html", "<html><body><p>Còn bài hai</p></body></html>")])


def _broken_manifest(path: Path) -> None:
    make_zip(path, [("imsmanifest.xml", "<manifest xmlns:adlcp='x'><organizations>"), ("a.html", _LESSON)])


def _broken_h5p(path: Path) -> None:
    make_zip(path, [("h5p.json", '{"title": "Câu hỏi'), ("content/content.json", '{"text": "Chữ"')])


def _broken_geogebra(path: Path) -> None:
    make_zip(path, [("geogebra.xml", "<geogebra><construction>")])


def _locked_zip(path: Path) -> None:
    zip_of(path, [Entry(b"de-thi.txt", b"x" * 30, flags=1, method=0)])


def _climbing_zip(path: Path) -> None:
    zip_of(path, [Entry(b"bai.txt", b"bai"), Entry(b"../../bai.txt", b"bai")])


def _bomb(path: Path) -> None:
    path.write_bytes(crafted([Crafted(b"bai.txt", inflating(1024**3), 8, size=1024**3)]))


def _split_zip(path: Path) -> None:
    zip_of(path, [Entry(b"bai.txt", b"bai")], disk=2)


def _cut_zip(path: Path) -> None:
    honest(path, {f"bai-{n}.txt": f"Nội dung bài {n}".encode() * 50 for n in range(20)})
    cut(path, 0.5)


def _zip_in_zip(path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as target:
        target.writestr("bai-trong.txt", "Bài ở trong")
    honest(path, {"trong.zip": inner.getvalue()})


CASES = (
    Case("Packages", "scorm.zip", "SCORM with a page missing", _without_pages, "published", says=(said("broken-parts", parts=1),)),
    Case("Packages", "hong.zip", "SCORM whose manifest is cut off", _broken_manifest, "draft", says=(said("broken-file"),)),
    Case("Packages", "cau-hoi.h5p", "H5P whose description is cut off", _broken_h5p, "draft", says=(said("broken-file"),)),
    Case("Packages", "hinh.ggb", "GeoGebra whose drawing is cut off", _broken_geogebra, "draft", says=(said("broken-file"),)),
    Case("Archives", "de-thi.zip", "its members are locked by a password", _locked_zip, "draft", says=(said("encrypted-file"),)),
    Case("Archives", "leo.zip", "a name in it leads out of its folder", _climbing_zip, "refused", says=(said("hostile-archive", sign="name"),)),
    Case("Archives", "bom.zip", "a member that inflates to a gibibyte", _bomb, "refused", says=(said("too-expensive", limit="size"),)),
    Case("Archives", "tap-2.zip", "one volume of several", _split_zip, "draft", says=(said("split-archive"),)),
    Case("Archives", "chep-do.zip", "a copy broken off", _cut_zip, "draft", says=(said("broken-file"),)),
    Case("Archives", "hai-lop.zip", "an archive inside an archive", _zip_in_zip, "published", line="hai-lop.zip!/trong.zip", says=(said("archive-kept", files=1),)),
    Case("Archives", "khoa.rar", "RAR, its members locked by a password", lambda path: rar5(path, {"a.txt": b"x"}, sealed=True), "draft", says=(said("encrypted-file"),)),
    Case("Archives", "tap.rar", "RAR, one volume of several", lambda path: rar5(path, {"a.txt": b"x"}, volume=True), "draft", says=(said("split-archive"),)),
    Case("Archives", "chep-do.7z", "7z, a copy broken off", lambda path: cut(seven(path, {"a.txt": b"bai " * 900}), 0.5), "draft", says=(said("broken-file"),)),
)  # fmt: skip
