"""Samples of what is seen and heard: a photograph, a drawing, captions, a film. Each says what lies beside it."""

from collections.abc import Callable
from pathlib import Path

from PIL import Image, PngImagePlugin

from tests.recordings import make, srt, vtt

_ROLLING = (
    (0.0, 2.0, "hôm nay chúng ta"),
    (2.0, 4.0, "hôm nay chúng ta\nhọc về thấu kính"),
    (4.0, 6.0, "học về thấu kính\nhội tụ &amp; phân kì"),
    (61.0, 64.0, "<i>Sau đây</i> là {\\an8}phần luyện tập."),
    (70.0, 75.0, "Các em vẽ ảnh của vật AB."),
)


def photo(path: Path) -> None:
    """A turned photograph with a title in PNG's own texts, an author and a position in EXIF."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x013B] = "To Dia ly"
    exif.get_ifd(0x8769)[0x9003] = "2023:11:20 07:00:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (22.0, 39.0, 56.0), 3: "E", 4: (106.0, 15.0, 25.0)})
    text = PngImagePlugin.PngInfo()
    text.add_itxt("Title", "Thác Bản Giốc mùa nước")
    Image.new("RGB", (64, 48), "teal").save(path, pnginfo=text, exif=exif)


def drawing(path: Path) -> None:
    """An SVG with a script, a remote picture, and words worth finding."""
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180"><title>Đường truyền của tia sáng</title>'
        '<script>alert(1)</script><image href="http://127.0.0.1/a.png"/>'
        "<text x='9' y='20'>Thấu kính hội tụ</text><text x='9' y='60'>Tiêu điểm F và tiêu cự f</text></svg>",
        encoding="utf-8",
    )


def captions(path: Path) -> None:
    """Rolling captions, out of order, with markup and a time that cannot be; UTF-16."""
    text = srt(_ROLLING)
    odd = "9\n-00:00:03,000 --> 00:00:01,000\ndòng này đứng trước phim\n"
    path.write_bytes(f"{text}\n{odd}".encode("utf-16"))


def recording(path: Path) -> tuple[Path, ...]:
    """A film with chapters, tags and captions inside, and English ones beside it. Raw frames: no encoder's mood."""
    told, inside, beside = path.with_suffix(".txt"), path.with_suffix(".srt"), path.with_suffix(".en.vtt")
    told.write_text(
        ";FFMETADATA1\ntitle=Bài 7: Quang hợp\nartist=Tổ Sinh học\nlocation=+22.66+106.25/\n"
        "[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=26\ntitle=Khái niệm\n"
        "[CHAPTER]\nTIMEBASE=1/1\nSTART=26\nEND=56\ntitle=Thí nghiệm\n",
        encoding="utf-8",
    )
    inside.write_text(srt(), encoding="utf-8")
    beside.write_text(vtt(((3, 8, "Today we talk about what the leaf does with the light."),)), encoding="utf-8")
    make(
        path, "-f", "lavfi", "-i", "testsrc=d=56:s=64x36:r=1", "-i", inside, "-i", told, "-map", "0", "-map", "1",
        "-map_metadata", "2", "-c:v", "mjpeg", "-c:s", "subrip", "-metadata:s:s:0", "language=vie",
    )  # fmt: skip
    return (beside,)


SAMPLES: dict[str, Callable[[Path], tuple[Path, ...] | None]] = {
    "photo.png": photo,
    "drawing.svg": drawing,
    "captions.srt": captions,
    "recording.mkv": recording,
}
