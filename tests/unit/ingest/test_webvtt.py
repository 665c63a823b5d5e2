"""Captions written anew: times in order, text escaped, nothing else."""

from ingest.formats.media import captions
from ingest.formats.media.cues import Cue
from ingest.formats.media.webvtt import written


def test_cues_come_in_order_escaped_and_never_without_length() -> None:
    cues = [Cue(3661.5, 3661.5, ("b",)), Cue(0.0, 1.25, ("a < b --> c", "", " \n&amp; ")), Cue(5, 6, ("",))]
    assert written(cues) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.250\na &lt; b --&gt; c\n&amp;amp;\n\n01:01:01.500 --> 01:01:02.500\nb\n"
    )


def test_what_a_hostile_file_adds_is_gone() -> None:
    hostile = (
        "WEBVTT\n\nSTYLE\n::cue { background: url(https://example.org/x) }\n\n"
        "00:01.000 --> 00:02.000 position:0%\n<c.red onclick=alert(1)>Chào</c><script>alert(1)</script>\n"
    )
    text = written(captions.read(hostile.encode()).cues)
    assert "url(" not in text
    assert "position" not in text
    assert "<" not in text
    assert "Chào" in text
