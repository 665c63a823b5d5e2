"""RTF as lines with their heading levels, and what the file says of itself.

An own reader, because the libraries there are keep the words and lose what
stands around them: outline levels, headers, notes, hidden and deleted text,
the code page of each font. Bytes are decoded by the font they are set in, as
the specification asks; Vietnamese font encodings stay as they are written.
"""

import re

from ingest.formats.images import image_size
from ingest.formats.rtf import words as rtf_words
from ingest.formats.rtf.story import ABOUT, ALTERNATIVE, BODY, FONTS, STYLES, Group, Line, Story, Style
from ingest.formats.rtf.tokens import BYTES, CLOSE, OPEN, WORD, tokens
from ingest.formats.rtf.words import ASIDE, CHARACTERS, CHARSETS, INFO, MARGINAL, PAGES
from ingest.formats.words import BREAK

_SYMBOL_FONT = "symbol"
_HEADING = re.compile(r"heading\s+([1-9])", re.IGNORECASE)
_MAX_PICTURES = 2000
# Bullets, rules and logos are no pictures to speak of.
_PICTURE_PIXELS = 32
# A note in a text box in a note: deeper ones flow into it.
_DEEPEST_STORY = 6
_APPEARANCE = "b i ul ulnone fs cf cb lang langfe langnp langfenp loch hich dbch af expnd expndtw kerning super sub"
_LOOKS = frozenset(_APPEARANCE.encode().split())
"""Words for nothing but how letters look: half of all words of a file, met first."""


class Rtf:
    """A file, read when it is made.

    lines: the text in order. margins: lines of headers and footers, each once. info: field -> text, "created" as
    YYYY-MM-DD. pages: as the file counts them. pictures: (width, height) in pixels. whole: every group was closed.
    """

    def __init__(self, data: bytes) -> None:
        self.margins: dict[str, None] = {}
        self.info: dict[str, str] = {}
        self.pages: int | None = None
        self.pictures: list[tuple[int, int]] = []
        self._codec = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._default_font = 0
        self._levels: dict[int, int] = {}
        self._style = Style()
        self._raw = bytearray()
        self._group = Group(Story(), self._codec)
        self._outer: list[Group] = []
        self._skipping = 0
        self._starred = False
        self._fallback = 0
        self._high = 0
        self._picture: bytearray | None = None
        body = self._group.story
        for kind, text, number in tokens(data):
            if self._skipping:
                self._skip(kind, text)
            elif kind == BYTES:
                self._bytes(text)
            elif kind == WORD:
                self._word(text, number)
            elif kind == OPEN:
                self._open()
            elif kind == CLOSE:
                self._close()
            else:
                self._symbol(text)
        self.whole = not self._outer and not self._skipping
        while self._outer:
            self._close()
        self._decode()
        self.lines = body.finish()

    def _open(self) -> None:
        self._decode()
        self._fallback = 0
        self._outer.append(self._group)
        self._group = self._group.inside()

    def _close(self) -> None:
        self._decode()
        self._fallback = 0
        self._starred = False
        if not self._outer:
            return
        inner, self._group = self._group, self._outer.pop()
        if inner.kind == STYLES:
            self._end_style()
        if inner.story is not self._group.story:
            self._end_story(inner)

    def _end_story(self, inner: Group) -> None:
        lines = inner.story.finish()
        if inner.kind == ABOUT:
            if text := " ".join(line.text for line in lines):
                field = INFO[inner.field]
                if text not in self.info.get(field, ""):
                    self.info[field] = f"{self.info[field]}; {text}" if field in self.info else text
        elif inner.field in MARGINAL:
            self.margins.update(dict.fromkeys(line.text for line in lines))
        else:
            self._group.story.after += (Line(line.text, 0) for line in lines)

    def _skip(self, kind: int, text: bytes) -> None:
        if kind == OPEN:
            self._skipping += 1
        elif kind == CLOSE:
            self._skipping -= 1
            if not self._skipping:
                self._end_picture()
                self._close()
        elif self._picture is not None and kind == BYTES and len(self._picture) < 2 * image_size.HEAD_BYTES:
            self._picture += text

    def _end_picture(self) -> None:
        head, self._picture = self._picture, None
        if head and len(self.pictures) < _MAX_PICTURES:
            # Vector pictures have no size in pixels, and what is no hexadecimal has no head.
            try:
                size = image_size.size(bytes.fromhex(head[: len(head) // 2 * 2].decode("ascii")))
            except ValueError:
                return
            if size and min(size) >= _PICTURE_PIXELS:
                self.pictures.append(size)

    def _symbol(self, sign: bytes) -> None:
        if sign == b"*":
            self._starred = True
        elif sign in rtf_words.SYMBOL_ENDS:
            self._decode()
            self._group.story.end_paragraph()
        elif sign in rtf_words.SYMBOLS:
            self._text(rtf_words.SYMBOLS[sign])
        elif sign in b"\\{}":
            self._bytes(sign)

    def _bytes(self, text: bytes) -> None:
        if self._fallback:
            # What stands for a character in programs that know no Unicode.
            text, self._fallback = text[self._fallback :], max(0, self._fallback - len(text))
        self._raw += text

    def _decode(self) -> None:
        if self._raw:
            raw, self._raw = bytes(self._raw), bytearray()
            codec = self._group.codec
            if codec == _SYMBOL_FONT:
                self._text("".join(chr(0xF000 + byte) for byte in raw))
            else:
                self._text(raw.decode(codec, "replace"))

    def _text(self, text: str) -> None:
        if self._raw:
            self._decode()
        group = self._group
        if group.kind == STYLES:
            self._style.name += text
        elif (group.kind == BODY and not group.hidden) or (group.kind == ABOUT and group.field):
            group.story.parts.append(text)

    def _word(self, word: bytes, number: int | None) -> None:
        if self._fallback:
            self._fallback -= 1
            return
        group = self._group
        starred, self._starred = self._starred, False
        if group.kind == ALTERNATIVE:
            # \upr holds the same text twice; the second time, in \ud, it is Unicode.
            if word != b"ud":
                self._skip_group()
                return
            group.kind = self._outer[-2].kind if len(self._outer) > 1 else BODY
        elif word == b"u":
            self._unicode(number or 0)
        elif word in CHARACTERS:
            self._text(CHARACTERS[word])
        elif word not in _LOOKS:
            self._decode()
            if word == b"pict":
                self._picture = bytearray()
                self._skip_group()
            elif word in rtf_words.UNREAD or (starred and group.kind != ABOUT and word not in rtf_words.STARRED):
                self._skip_group()
            elif word == b"upr":
                group.kind = ALTERNATIVE
            elif group.kind == BODY:
                self._body_word(group, word, number)
            else:
                self._table_word(group, word, number)

    def _skip_group(self) -> None:
        self._decode()
        self._skipping = 1
        if not self._outer:
            # Outside of every group nothing would end it.
            self._skipping = 0

    def _unicode(self, number: int) -> None:
        code = number & 0xFFFF
        self._decode()
        self._fallback = self._group.fallback
        if 0xD800 <= code < 0xDC00:
            self._high = code
        elif 0xDC00 <= code < 0xE000:
            if self._high:
                self._text(chr(0x10000 + ((self._high - 0xD800) << 10) + code - 0xDC00))
            self._high = 0
        else:
            self._text(chr(code))

    def _body_word(self, group: Group, word: bytes, number: int | None) -> None:
        story = group.story
        if word in rtf_words.ENDS:
            story.end_paragraph()
        elif word == b"line":
            story.parts.append(BREAK)
        elif word == b"pard":
            story.level, story.in_table = 0, False
        elif word == b"intbl":
            story.in_table = True
        elif word == b"cell":
            story.end_cell()
        elif word == b"row":
            story.end_row()
        elif word in (b"nestcell", b"nestrow"):
            story.parts.append(" ")
        elif word == b"s":
            story.level = self._levels.get(number or 0, 0)
        elif word == b"outlinelevel":
            story.level = _level(number)
        elif word in (b"v", b"deleted"):
            group.hidden = number != 0
        elif word == b"f":
            group.codec = self._fonts.get(number or 0, self._codec)
        elif word == b"plain":
            group.codec, group.hidden = self._fonts.get(self._default_font, self._codec), False
        elif word == b"uc":
            group.fallback = max(0, min(number or 0, 16))
        elif (word in ASIDE or word in MARGINAL) and group.story.depth < _DEEPEST_STORY:
            group.story, group.field = Story(group.story.depth + 1), word
        else:
            self._head_word(group, word, number)

    def _head_word(self, group: Group, word: bytes, number: int | None) -> None:
        """Words of the head of a file: its code page, and where its tables begin."""
        if word == b"ansicpg":
            self._codec = group.codec = PAGES.get(number or 0, self._codec)
        elif word == b"mac":
            self._codec = group.codec = "mac_roman"
        elif word in (b"pc", b"pca"):
            self._codec = group.codec = "cp437" if word == b"pc" else "cp850"
        elif word == b"deff":
            self._default_font = number or 0
        elif word == b"fonttbl":
            group.kind = FONTS
        elif word == b"stylesheet":
            group.kind = STYLES
        elif word == b"info":
            group.kind = ABOUT

    def _table_word(self, group: Group, word: bytes, number: int | None) -> None:
        """Words of the font table, the style sheet, the information group."""
        if word == b"f":
            self._font = number or 0
        elif word == b"fcharset":
            self._fonts[self._font] = _SYMBOL_FONT if number == 2 else CHARSETS.get(number or 0, self._codec)
        elif word == b"cpg":
            self._fonts[self._font] = PAGES.get(number or 0, self._codec)
        elif word == b"s":
            self._style.number = number
        elif word == b"outlinelevel":
            self._style.level = _level(number)
        elif group.kind == ABOUT:
            self._info_word(group, word, number)

    def _info_word(self, group: Group, word: bytes, number: int | None) -> None:
        if word in INFO:
            group.story, group.field = Story(), word
        elif word == b"creatim":
            group.field = b""
            self.info["created"] = ""
        elif word == b"nofpages":
            self.pages = number if number and 0 < number < 1_000_000 else None
        elif word in (b"yr", b"mo", b"dy") and self.info.get("created", "done").count("-") < 2:
            day = self.info["created"]
            self.info["created"] = f"{day}-{number or 0:02}" if day else f"{number or 0:04}"

    def _end_style(self) -> None:
        style, self._style = self._style, Style()
        if style.number is not None:
            named = _HEADING.match(style.name.strip())
            self._levels[style.number] = style.level or (int(named[1]) if named else 0)


def _level(number: int | None) -> int:
    """Outline levels count from 0; 9 is body text."""
    return (number or 0) + 1 if 0 <= (number or 0) < 9 else 0
