"""Texts and pages in encodings of their own, and what is no learning resource."""

import unicodedata
from pathlib import Path

from tests.bad_input.case import Case, said

_POEM = "Học sinh quan sát hình vẽ và trả lời câu hỏi về lực ma sát."


def _windows(path: Path) -> None:
    # Windows stores tones as marks of their own.
    composed = {"ọ": "o\u0323", "á": "a\u0301", "ì": "i\u0300", "ẽ": "e\u0303", "ả": "a\u0309", "ờ": "ơ\u0300",
                "ỏ": "o\u0309", "ề": "ê\u0300", "ự": "ư\u0323"}  # fmt: skip
    path.write_bytes("".join(composed.get(letter, letter) for letter in _POEM).encode("cp1258", "ignore"))


CASES = (
    Case("Texts", "bang-ma.txt", "the code page of an old Windows (1258)", _windows, "published", finds="ma sát"),
    Case("Texts", "utf-16.txt", "UTF-16, as old editors write Unicode", lambda path: path.write_bytes(("Văn bản " + _POEM).encode("utf-16")), "published", finds="ma sát"),
    Case("Texts", "dau-roi.txt", "letters and tones stored apart (macOS)", lambda path: path.write_text(unicodedata.normalize("NFD", "Dấu rời. " + _POEM), encoding="utf-8"), "published", finds="ma sát"),
    Case("Texts", "nua-chu.txt", "UTF-8 that is cut inside a letter", lambda path: path.write_bytes(("Bài cắt. " + _POEM + " ề").encode()[:-1]), "published", finds="ma sát"),
    Case("Texts", "trang-loi.pdf", "an error page that was saved as the file", lambda path: path.write_text("<!DOCTYPE html><html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>", encoding="utf-8"), "published", says=(said("wrong-extension", extension="pdf", media_type="text/html"),)),
    Case("Texts", "toan-khong.docx", "nothing but zeros: a disk that failed", lambda path: path.write_bytes(b"\0" * 9_000), "draft", says=(said("broken-file"),)),
    Case("Others", "the-gioi.swf", "a Flash film", lambda path: path.write_bytes(b"FWS\x05\x15\0\0\0\x40\0\0\x0a\x01\0\x40\0\0\0\0\0\0"), "published", says=(said("flash-not-run"),)),
    Case("Others", "mo-phong.exe", "a program", lambda path: path.write_bytes(b"MZ\x90\0" + b"\0" * 600), "published", says=(said("program-not-run"),)),
    Case("Others", "la.xyz", "a format that nobody knows", lambda path: path.write_bytes(b"\x00\x01\x02 khong ai biet"), "published", says=(said("unknown-format"),)),
    Case("Others", "Thumbs.db", "what Windows leaves in folders", lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0x"), "skipped", says=(said("litter"),)),
    Case("Others", "~$giao-an.docx", "the lock of an open document", lambda path: path.write_bytes(b"\x05Admin"), "skipped", says=(said("litter"),)),
    Case("Others", "Bai 1.lnk", "a shortcut to a file that stays on another computer", lambda path: path.write_bytes(b"L\0\0\0\x01\x14\x02\0"), "skipped", says=(said("litter"),)),
)  # fmt: skip
