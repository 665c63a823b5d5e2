"""Recordings and captions that the tests make with ffmpeg: a test card, a tone, chapters, tracks of captions."""

import shutil
import subprocess
from pathlib import Path

import pytest

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")

LINES = (
    (0, 4, "Chào các em, hôm nay chúng ta học về quang hợp."),
    (4, 9, "Quang hợp là quá trình cây xanh dùng ánh sáng"),
    (9, 14, "để tạo ra chất hữu cơ từ khí cacbonic và nước."),
    (14, 20, "Lá cây là cơ quan quang hợp chính của cây."),
    (20, 26, "Diệp lục nằm trong lục lạp của tế bào lá."),
    (26, 33, "Bây giờ chúng ta xem một thí nghiệm với rong đuôi chó."),
    (33, 40, "Bọt khí thoát ra là khí oxi."),
    (40, 47, "Que đóm còn tàn đỏ bùng cháy trong khí ấy,"),
    (47, 54, "vậy cây nhả khí oxi khi có ánh sáng."),
)


def clock(seconds: float, sign: str = ",") -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{sign}{thousandths:03}"


def srt(lines: tuple[tuple[float, float, str], ...] = LINES) -> str:
    return "\n".join(
        f"{number}\n{clock(start)} --> {clock(end)}\n{text}\n" for number, (start, end, text) in enumerate(lines, 1)
    )


def vtt(lines: tuple[tuple[float, float, str], ...] = LINES) -> str:
    return "WEBVTT\n\n" + "\n".join(
        f"{clock(start, '.')} --> {clock(end, '.')}\n{text}\n" for start, end, text in lines
    )


def make(path: Path, *words: str | Path) -> Path:
    """Run ffmpeg with these words and the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, words), str(path)]
    subprocess.run(command, check=True, timeout=120)
    return path


def film(path: Path, *words: str | Path, seconds: float = 4, size: str = "320x180") -> Path:
    """A moving test card with a tone."""
    return make(
        path, "-f", "lavfi", "-i", f"testsrc=d={seconds}:s={size}:r=10", "-f", "lavfi", "-i", f"sine=d={seconds}",
        *words, "-t", str(seconds),
    )  # fmt: skip


def sound(path: Path, *words: str | Path, seconds: float = 4) -> Path:
    return make(path, "-f", "lavfi", "-i", f"sine=d={seconds}", *words)


def captioned(path: Path, folder: Path, *words: str | Path) -> Path:
    """A film of 56 seconds with `LINES` as a track inside."""
    captions = folder / "inside.srt"
    captions.write_text(srt(), encoding="utf-8")
    return make(
        path, "-f", "lavfi", "-i", "testsrc=d=56:s=160x90:r=2", "-i", captions, *words,
        "-metadata:s:s:0", "language=vie",
    )  # fmt: skip
