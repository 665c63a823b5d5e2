"""A sound recording in MP3, spoken by espeak-ng, with its text as WebVTT beside it."""

import subprocess
import tempfile
from pathlib import Path

from deploy.sample import speech
from deploy.sample.section import AUTHOR, Source


def build(source: Source) -> dict[str, bytes]:
    """The recording and its captions, by name.

    Raises: FileNotFoundError: no espeak-ng or ffmpeg; subprocess.CalledProcessError: one that lacks what it takes.
    """
    language = source.head["language"]
    spoken = [str(line) for section in source.sections for line in (section.title, *section.lines)]
    lines, samples, rate = speech.speak(spoken, language)
    with tempfile.TemporaryDirectory() as folder:
        speech.write(f"{folder}/said.wav", samples, rate)
        made = Path(folder) / "said.mp3"
        subprocess.run(  # noqa: S603 - our own words, and the ffmpeg that this machine has
            ["ffmpeg",  # noqa: S607
             "-v", "error", "-nostdin", "-y", "-i", f"{folder}/said.wav", "-c:a", "libmp3lame", "-b:a", "40k",
             "-metadata", f"title={source.head['title']}", "-metadata", f"artist={AUTHOR}",
             "-metadata", f"language={language}", "-fflags", "+bitexact", "-flags:a", "+bitexact", str(made)],
            check=True, capture_output=True,
        )  # fmt: skip
        cues = "\n\n".join(
            f"{speech.clock(line.start, '.')} --> {speech.clock(line.end, '.')}\n{line.text}" for line in lines
        )
        stem = source.name.removesuffix(".mp3")
        return {source.name: made.read_bytes(), f"{stem}.{language}.vtt": f"WEBVTT\n\n{cues}\n".encode()}
