"""Thumbnails of films, sounds and pictures: something is to be seen on them, upright, and never larger than it is."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageStat

from ingest import illustrate
from ingest.errors import BrokenFile, NoReader
from tests.recordings import film, make, needs_ffmpeg, sound


def _drawn(path: Path, media_type: str, width: int = 320) -> Image.Image:
    data = illustrate.picture(path, media_type=media_type, page=1, width=width)
    assert data[8:12] == b"WEBP"
    return Image.open(BytesIO(data)).convert("RGB")


def _contrast(image: Image.Image) -> float:
    return ImageStat.Stat(image.convert("L")).stddev[0]


@needs_ffmpeg
@pytest.mark.parametrize(("start", "end"), [(0, 8), (2, 10)], ids=["black for four fifths", "black to the end"])
def test_a_frame_with_something_on_it_is_found(start: int, end: int, tmp_path: Path) -> None:
    path = make(
        tmp_path / "a.mp4", "-f", "lavfi", "-i", "testsrc=d=10:s=320x180:r=5", "-vf",
        f"drawbox=c=black:t=fill:enable='between(t,{start},{end})'", "-g", "5",
    )  # fmt: skip
    assert _contrast(_drawn(path, "video/mp4")) > 30


@needs_ffmpeg
def test_a_sharp_frame_is_preferred_to_blurred_ones(tmp_path: Path) -> None:
    path = make(
        tmp_path / "a.mp4", "-f", "lavfi", "-i", "testsrc=d=20:s=320x180:r=5", "-vf",
        "gblur=sigma=25:enable='not(between(t,8.5,9.5))'", "-g", "5",
    )  # fmt: skip
    sharp = make(tmp_path / "sharp.png", "-ss", "9", "-i", path, "-frames:v", "1")
    blurred = make(tmp_path / "blurred.png", "-ss", "2", "-i", path, "-frames:v", "1")

    def unlike(other: Path) -> float:
        with Image.open(other) as image:
            pairs = zip(image.convert("L").tobytes(), _drawn(path, "video/mp4").convert("L").tobytes(), strict=True)
            return sum(abs(a - b) for a, b in pairs)

    assert unlike(sharp) < unlike(blurred)


@needs_ffmpeg
def test_a_film_that_is_black_all_along_has_a_black_picture(tmp_path: Path) -> None:
    path = make(tmp_path / "a.mp4", "-f", "lavfi", "-i", "color=black:d=2:s=64x48")
    assert _drawn(path, "video/mp4").size == (64, 48)


@needs_ffmpeg
def test_a_telephone_film_is_upright_and_not_enlarged(tmp_path: Path) -> None:
    lying = film(tmp_path / "lying.mp4")
    turned = make(tmp_path / "turned.mp4", "-i", lying, "-c", "copy", "-metadata:s:v", "rotate=90")
    assert _drawn(turned, "video/mp4", 1440).size == (180, 320)
    assert _drawn(turned, "video/mp4", 90).size == (90, 160)


@needs_ffmpeg
def test_sound_shows_its_cover_or_nothing(tmp_path: Path) -> None:
    cover = make(tmp_path / "cover.png", "-f", "lavfi", "-i", "testsrc=s=640x480", "-frames:v", "1")
    words = ("-i", cover, "-map", "0:a", "-map", "1:v", "-c:v", "copy", "-disposition:v", "attached_pic")
    assert _drawn(sound(tmp_path / "a.mp3", *words), "audio/mpeg").size == (320, 240)
    with pytest.raises(NoReader):
        _drawn(sound(tmp_path / "b.mp3"), "audio/mpeg")


@needs_ffmpeg
def test_a_film_has_one_picture(tmp_path: Path) -> None:
    with pytest.raises(BrokenFile):
        illustrate.picture(film(tmp_path / "a.mp4"), media_type="video/mp4", page=2, width=320)


def test_an_animation_that_fades_in_shows_a_frame_with_something_on_it(tmp_path: Path) -> None:
    frames = [Image.new("L", (64, 64), 0)] * 3 + [Image.linear_gradient("L").resize((64, 64))]
    path = tmp_path / "a.gif"
    frames[0].save(path, save_all=True, append_images=frames[1:])
    assert _contrast(_drawn(path, "image/gif")) > 30


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I", "F"])
def test_every_kind_of_pixels_is_drawn_small_on_white(mode: str, tmp_path: Path) -> None:
    path = tmp_path / ("a.png" if mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16") else "a.tif")
    if mode in ("LA", "RGBA"):
        source = Image.new(mode, (640, 480))
    else:
        source = Image.linear_gradient("L").resize((640, 480))
        source = source.convert("I").convert(mode) if mode == "I;16" else source.convert(mode)
    source.save(path)
    image = _drawn(path, "image/png" if path.suffix == ".png" else "image/tiff")
    assert image.size == (320, 240)
    if mode in ("LA", "RGBA"):
        assert min(image.getpixel((5, 5))) > 250  # type: ignore[type-var]
    elif mode != "I;16":
        assert _contrast(image) > 30


def test_a_large_scan_is_drawn_small_and_not_refused(tmp_path: Path) -> None:
    # 121 megapixels with the grain of paper.
    grain = Image.effect_noise((1100, 1100), 40)
    scan = Image.new("L", (11_000, 11_000))
    for left in range(0, 11_000, 1100):
        for top in range(0, 11_000, 1100):
            scan.paste(grain, (left, top))
    for name, media_type in (("a.jpg", "image/jpeg"), ("a.tif", "image/tiff")):
        scan.save(tmp_path / name)
        assert _drawn(tmp_path / name, media_type).size == (320, 320)


def test_an_endlessly_tall_picture_fits_into_webp(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("1", (10, 60_000), 1).save(path)
    assert _drawn(path, "image/png").size == (10, illustrate.MAX_SIDE)
