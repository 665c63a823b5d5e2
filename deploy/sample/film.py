"""A short film: a card a scene over a quiet tone, with captions in a track of its own. Made by ffmpeg."""

import html
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pymupdf

_WIDTH, _HEIGHT = 640, 360
_SCENE_SECONDS = 20
_GROUNDS = ("#e8f2f7", "#fdf3dc", "#e6f2ea", "#e3ecf8")


@dataclass(frozen=True, slots=True)
class Scene:
    """second: when it begins. lines: what is said, one caption each."""

    second: int
    title: str
    lines: tuple[str, ...]


def build(title: str, scenes: Sequence[Scene], folder: Path) -> bytes:
    """The film's bytes, the same each time with one version of ffmpeg.

    Raises: FileNotFoundError: no ffmpeg; subprocess.CalledProcessError: one that lacks what it takes.
    """
    cards = [f"file '{_card(folder, number, scene)}'\nduration {_SCENE_SECONDS}" for number, scene in enumerate(scenes)]
    (folder / "cards.txt").write_text("\n".join(cards) + "\n", encoding="utf-8")
    (folder / "captions.srt").write_text("\n\n".join(_captions(scenes)) + "\n", encoding="utf-8")
    seconds = scenes[-1].second + _SCENE_SECONDS
    subprocess.run(  # noqa: S603 - our own words, and the ffmpeg that this machine has
        ["ffmpeg",  # noqa: S607
          "-v", "error", "-nostdin", "-y", "-f", "concat", "-safe", "0", "-i", str(folder / "cards.txt"),
         "-f", "lavfi", "-i", f"sine=frequency=220:duration={seconds}", "-i", str(folder / "captions.srt"),
         "-map", "0:v", "-map", "1:a", "-map", "2:s", "-af", "volume=0.04", "-r", "5", "-t", str(seconds),
         "-c:v", "libx264", "-threads", "1", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "32k", "-ac", "1",
         "-c:s", "mov_text", "-metadata:s:s:0", "language=vie", "-metadata:s:a:0", "language=vie",
         "-metadata", f"title={title}", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact",
         "-movflags", "+faststart", str(folder / "film.mp4")],
        check=True, capture_output=True,
    )  # fmt: skip
    return (folder / "film.mp4").read_bytes()


def _card(folder: Path, number: int, scene: Scene) -> Path:
    pdf = pymupdf.open()
    page = pdf.new_page(width=_WIDTH, height=_HEIGHT)
    ground = tuple(int(_GROUNDS[number % len(_GROUNDS)][at : at + 2], 16) / 255 for at in (1, 3, 5))
    page.draw_rect(page.rect, color=None, fill=ground)
    page.draw_rect(pymupdf.Rect(0, 50, _WIDTH, 180), color=None, fill=(0.07, 0.27, 0.42))
    page.insert_htmlbox(
        pymupdf.Rect(40, 88, _WIDTH - 40, 170),
        f'<p style="font: bold 36px serif; color: #ffffff; text-align: center">{html.escape(scene.title)}</p>',
    )
    path = folder / f"card-{number}.png"
    page.get_pixmap().save(path)
    pdf.close()
    return path


def _captions(scenes: Sequence[Scene]) -> Iterator[str]:
    number = 0
    for scene in scenes:
        share = _SCENE_SECONDS / max(1, len(scene.lines))
        for place, line in enumerate(scene.lines):
            number += 1
            start = scene.second + place * share
            yield f"{number}\n{_clock(start)} --> {_clock(start + share - 0.4)}\n{line}"


def _clock(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02},{rest % 1000:03}"
