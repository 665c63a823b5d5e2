"""Letters that are typed or exported wrongly in Vietnamese texts."""

_STROKES = str.maketrans({"\u00d0": "\u0110", "\u00f0": "\u0111"})


def with_strokes(text: str) -> str:
    """Ð and ð (Icelandic eth) become Đ and đ. Only for text that is known to be Vietnamese.

    The two look alike in capitals, and old keyboards and fonts write one for the other.
    """
    return text.translate(_STROKES) if "\u00d0" in text or "\u00f0" in text else text
