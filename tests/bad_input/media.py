"""Pictures, drawings, films, sound, captions: cut off, turned, without a length, out of order."""

import subprocess
from pathlib import Path

from PIL import Image

from tests.bad_input.case import Case, said
from tests.bad_input.documents import cut
from tests.faults.hostile.images import png
from tests.recordings import film, make, sound, srt

_DISORDER = (
    (30.0, 36.0, "Câu nói sau cùng về phép nhân."),
    (2.0, 9.0, "Câu nói đầu tiên về phép cộng."),
    (5.0, 12.0, "Câu này chồng lên câu trước."),
)


def _photo(path: Path, color: str = "teal", **how: object) -> Path:
    image = Image.effect_noise((400, 300), 60).convert("RGB")
    image.paste(color, (0, 0, 100, 100))
    image.save(path, **how)
    return path


def _located(path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (22.0, 39.0, 56.0), 3: "E", 4: (106.0, 15.0, 25.0)})
    _photo(path, "orange", exif=exif)


def _entities(path: Path) -> None:
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "hình">]>'
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&a;</text></svg>',
        encoding="utf-8",
    )


def _typed(path: Path) -> None:
    path.write_text(
        '<?xml version="1.0"?><!-- Inkscape --><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"><svg xmlns="http://www.w3.org/2000/svg" width="90" '
        'height="90"><text y="20">Sơ đồ mạch điện</text></svg>',
        encoding="utf-8",
    )


def _cut_film(path: Path) -> None:
    # The table of its frames stands at its end.
    cut(film(path), 0.6)


def _turned(path: Path) -> None:
    straight = film(path.with_name("straight.mp4"), seconds=2)
    make(path, "-i", straight, "-c", "copy", "-metadata:s:v:0", "rotate=90")
    straight.unlink()


def _endless(path: Path) -> None:
    """As a browser records: written to a pipe, so that nobody goes back to write how long it became."""
    whole = film(path.with_name("whole.webm"), "-c:v", "libvpx", "-b:v", "50k", "-c:a", "libopus", seconds=3)
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(whole), "-c", "copy", "-f", "webm", "-live", "1", "-"]
    path.write_bytes(subprocess.run(command, check=True, capture_output=True, timeout=120).stdout)
    whole.unlink()


def _cut_sound(path: Path) -> None:
    cut(sound(path, "-b:a", "64k", seconds=20), 0.3)


def _film_as_sound(path: Path) -> None:
    made = film(path.with_name("x.mp4"), seconds=2, size="160x90")
    made.rename(path)


def _beside(path: Path) -> None:
    film(path, seconds=5, size="128x72")
    path.with_suffix(".vtt").write_text("WEBVTT\n\nKhông có câu nào.\n", encoding="utf-8")


def _impossible(path: Path) -> None:
    lines = ((1.0, 4.0, "Câu có giờ đúng trong bài hát."),)
    path.write_text(srt(lines) + "\n2\n00:00:09,000 --> 00:00:05,000\nCâu có giờ sai.\n", encoding="utf-8")


CASES = (
    Case("Pictures", "anh-do.jpg", "a copy broken off", lambda path: cut(_photo(path), 0.5), "published", says=(said("damaged-picture"),)),
    Case("Pictures", "khong-canh.png", "its header says a width of 0", lambda path: path.write_bytes(png(0, 9)), "draft", says=(said("broken-file"),)),
    Case("Pictures", "bom.png", "its header says four gigapixels", lambda path: path.write_bytes(png(65_535, 65_535)), "published", says=(said("picture-too-large", height=65535, width=65535),)),
    Case("Pictures", "vi-tri.jpg", "it says where it was taken", _located, "published", says=(said("holds-position"),)),
    Case("Pictures", "that-ra-png.jpg", "a PNG that was renamed", lambda path: _photo(path, "red", format="PNG"), "published", says=(said("wrong-extension", extension="jpg", media_type="image/png"),)),
    Case("Drawings", "so-do.svg", "a document type before its root", _typed, "published", finds="mạch điện"),
    Case("Drawings", "thuc-the.svg", "entities of its own", _entities, "draft", says=(said("broken-file"),)),
    Case("Films and sound", "chep-do.mp4", "a copy broken off before the table of its frames", _cut_film, "draft", says=(said("broken-file"),)),
    Case("Films and sound", "quay.mp4", "filmed with the telephone held upright", _turned, "published"),
    Case("Films and sound", "ghi-man-hinh.webm", "recorded by a browser that wrote no length", _endless, "published"),
    Case("Films and sound", "chep-do.mp3", "a copy broken off", _cut_sound, "published"),
    Case("Films and sound", "phim.mp3", "a film that was renamed", _film_as_sound, "published", says=(said("wrong-extension", extension="mp3", media_type="video/mp4"),)),
    Case("Films and sound", "co-phu-de.mp4", "the captions beside it hold no caption", _beside, "published", says=(said("broken-captions"),)),
    Case("Captions", "lon-xon.srt", "captions out of order and overlapping", lambda path: path.write_text(srt(_DISORDER), encoding="utf-8"), "published", finds="phép nhân"),
    Case("Captions", "gio-sai.srt", "a caption ends before it begins", _impossible, "published", says=(said("impossible-times", cues=1),)),
    Case("Captions", "bang-ma.srt", "captions in the code page of an old Windows", lambda path: path.write_bytes(srt(((0.0, 4.0, "Bài học về sự rơi tự do"),)).encode("cp1258", "ignore")), "published"),
)  # fmt: skip
