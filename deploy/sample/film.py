"""A short film: a card a scene, its lines spoken or over a quiet tone, captions in a track of its own. Made by ffmpeg.

A scene `## 20 Title` begins at its second over the tone; in a film whose head says
`voice: yes` the titles have no second: a scene lasts as long as its words.
"""

import html
import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pymupdf

from deploy.sample import speech
from deploy.sample.section import Section, Source
from deploy.sample.speech import Line

_WIDTH, _HEIGHT = 640, 360
_SCENE_SECONDS = 20
_GROUNDS = ("#e8f2f7", "#fdf3dc", "#e6f2ea", "#e3ecf8")


def build(source: Source) -> bytes:
    """The film's bytes, the same each time with one version of ffmpeg and espeak-ng.

    Raises: ValueError: a scene without its second. FileNotFoundError: no ffmpeg, or no espeak-ng for a voice;
    subprocess.CalledProcessError: one that lacks what it takes.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        has_voice = source.head.get("voice") == "yes"
        scenes = _spoken(source, folder) if has_voice else [_silent(source, one) for one in source.sections]
        seconds = scenes[-1][1] + scenes[-1][2]
        tone = ["-f", "lavfi", "-i", f"sine=frequency=220:duration={seconds}"]
        sound = ["-i", str(folder / "said.wav")] if has_voice else tone
        return _film(source, folder, scenes, sound, volume=1.0 if has_voice else 0.04)


_Scene = tuple[str, float, float, list[Line]]
"""Title, when it begins, how long it lasts, what is said."""


def _silent(source: Source, section: Section) -> _Scene:
    found = re.fullmatch(r"(\d+) (.+)", section.title)
    if found is None:
        raise ValueError(f"{source.name}: a scene without its second: {section.title}")
    start, share = int(found[1]), _SCENE_SECONDS / max(1, len(section.lines))
    lines = [
        Line(str(text), start + place * share, start + (place + 1) * share - 0.4)
        for place, text in enumerate(section.lines)
    ]
    return found[2], start, _SCENE_SECONDS, lines


def _spoken(source: Source, folder: Path) -> list[_Scene]:
    scenes: list[_Scene] = []
    samples, rate, at = b"", 22_050, 0.0
    for section in source.sections:
        lines, said, rate = speech.speak([str(line) for line in section.lines], source.head["language"], start=at)
        seconds = len(said) / 2 / rate
        scenes.append((section.title, at, seconds, lines))
        samples += said
        at += seconds
    speech.write(str(folder / "said.wav"), samples, rate)
    return scenes


def _film(source: Source, folder: Path, scenes: Sequence[_Scene], sound: list[str], *, volume: float) -> bytes:
    cards = [
        f"file '{_card(folder, number, title)}'\nduration {seconds:.3f}"
        for number, (title, _, seconds, _) in enumerate(scenes)
    ]
    (folder / "cards.txt").write_text("\n".join(cards) + "\n", encoding="utf-8")
    captions = (
        f"{number}\n{speech.clock(line.start)} --> {speech.clock(line.end)}\n{line.text}"
        for number, line in enumerate((line for scene in scenes for line in scene[3]), start=1)
    )
    (folder / "captions.srt").write_text("\n\n".join(captions) + "\n", encoding="utf-8")
    seconds = scenes[-1][1] + scenes[-1][2]
    subprocess.run(  # noqa: S603 - our own words, and the ffmpeg that this machine has
        ["ffmpeg",  # noqa: S607
          "-v", "error", "-nostdin", "-y", "-f", "concat", "-safe", "0", "-i", str(folder / "cards.txt"),
         *sound, "-i", str(folder / "captions.srt"),
         "-map", "0:v", "-map", "1:a", "-map", "2:s", "-af", f"volume={volume}", "-r", "2", "-t", f"{seconds:.3f}",
         "-c:v", "libx264", "-preset", "veryfast", "-threads", "1", "-pix_fmt", "yuv420p",
         "-c:a", "aac", "-b:a", "32k", "-ac", "1",
         "-c:s", "mov_text", "-metadata:s:s:0", "language=vie", "-metadata:s:a:0", "language=vie",
         "-metadata", f"title={source.head['title']}", "-fflags", "+bitexact", "-flags:v", "+bitexact",
         "-flags:a", "+bitexact", "-movflags", "+faststart", str(folder / "film.mp4")],
        check=True, capture_output=True,
    )  # fmt: skip
    return (folder / "film.mp4").read_bytes()


def _card(folder: Path, number: int, title: str) -> Path:
    pdf = pymupdf.open()
    page = pdf.new_page(width=_WIDTH, height=_HEIGHT)
    ground = tuple(int(_GROUNDS[number % len(_GROUNDS)][at : at + 2], 16) / 255 for at in (1, 3, 5))
    page.draw_rect(page.rect, color=None, fill=ground)
    page.draw_rect(pymupdf.Rect(0, 50, _WIDTH, 180), color=None, fill=(0.07, 0.27, 0.42))
    page.insert_htmlbox(
        pymupdf.Rect(40, 88, _WIDTH - 40, 170),
        f'<p style="font: bold 36px serif; color: #ffffff; text-align: center">{html.escape(title)}</p>',
    )
    path = folder / f"card-{number}.png"
    page.get_pixmap().save(path)
    pdf.close()
    return path
