"""What a text is, by how it begins: the root of its markup, the first line of captions, a question with its answer.

Looked at in the worker, where no limit ends what takes too long. So nothing
here tries a text in two ways: markup is walked once from sign to sign, and a
pattern gives back nothing that it has taken (`*+`, `++`).
"""

import re
from dataclasses import dataclass

# Of a text without markup: questions stand at its beginning, or somewhere in a program.
_QUESTIONS_WITHIN = 4096

# Root elements whose prefix says nothing -> media type; names in lower case, as everything here.
_ROOTS = {
    "html": "text/html",
    "svg": "image/svg+xml",
    "quiz": "application/x-moodle-xml",
    "assessmentitem": "application/x-qti",
    "assessmenttest": "application/x-qti",
    "qti-assessment-item": "application/x-qti",
    "qti-assessment-test": "application/x-qti",
    "questestinterop": "application/x-qti",
    "tt": "application/ttml+xml",
}
_PREFIXED_ROOTS = {
    # Which of the three it is stands behind all its namespaces: the reader says so.
    "office:document": "application/vnd.oasis.opendocument.text-flat-xml",
    "w:worddocument": "application/msword",
}
# What a page begins with when whoever wrote it left out its root.
_PIECES = frozenset(("head", "body", "title", "meta", "div", "p", "table", "h1", "center", "font"))

_FIRST_LINES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"webvtt(?:\s|\Z)"), "text/vtt"),
    (
        re.compile(r"(?:\d++[^\S\n]*+\n\s*+)?-?\d{1,2}:\d\d:\d\d[,.]\d{1,3}[^\S\n]*+-->"),
        "application/x-subrip",
    ),
    (re.compile(r"\[script info\]"), "text/x-ssa"),
    (re.compile(r"\[internetshortcut\]"), "application/x-mswinurl"),
)
_NAME = re.compile(r"<((?:[\w.-]++:)?[\w.-]++)(?=[\s/>])")
_TYPE = re.compile(r"<!doctype\s++([\w.:-]++)")
_MSO = re.compile(r"<\?mso-application\s++progid=\"word")
# What ends a document type or hides its end. A quote without its pair is the last of its kind: looked for once.
_IN_TYPE = re.compile(r"\"[^\"]*+\"|'[^']*+'|<!--|<\?|[\[\]>]")
_AIKEN = re.compile(r"^answer:\s*+[a-z][^\S\n]*+(?:\n|\Z)", re.MULTILINE)
# A named question with its answers in braces, or answers of which one is right: C++ has :: too, LaTeX {~.
_GIFT_NAMED = re.compile(r"^[^\S\n]*+::[^:\n]++::", re.MULTILINE)
_GIFT_ANSWERS = re.compile(r"\{\s*+(?:=|~[^{}=]*+=)")


@dataclass(frozen=True, slots=True)
class Markup:
    """What stands before and at the root of a text with marks; names are empty where they are not to be seen.

    declared: begins with an XML declaration. doctype: the root that a document type names. root: with its prefix.
    of_word: says that Word wrote it.
    """

    declared: bool
    doctype: str
    root: str
    of_word: bool


def media_type(text: str) -> str | None:
    """The media type of a text by its first characters; None: nothing claims it."""
    start = text.lstrip("\ufeff \t\r\n").lower()
    if start.startswith("<"):
        found = _marked_up(markup(start))
    else:
        found = next((kind for pattern, kind in _FIRST_LINES if pattern.match(start)), None)
    return found or _questions(start[:_QUESTIONS_WITHIN])


def markup(text: str) -> Markup:
    """Walk a text in lower case to its root: past its declaration, comments, instructions and document type."""
    declared, doctype, of_word = text.startswith("<?xml"), "", False
    place = 0
    while True:
        place = _past_space(text, place)
        if text.startswith("<!--", place):
            end = text.find("-->", place + 4)
        elif text.startswith("<?", place):
            of_word = of_word or _MSO.match(text, place) is not None
            end = text.find("?>", place + 2)
        elif named := _TYPE.match(text, place):
            doctype = doctype or named[1]
            end = _end_of_type(text, named.end())
        else:
            name = _NAME.match(text, place)
            return Markup(declared, doctype, name[1] if name else "", of_word)
        if end < 0:
            return Markup(declared, doctype, "", of_word)
        place = text.index(">", end) + 1


def _marked_up(found: Markup) -> str | None:
    # A document type names the root, which may lie further on than is looked; HTML is called so by nothing else.
    root = found.root or found.doctype
    local = root.rpartition(":")[2]
    if found.of_word:
        return "application/msword"
    if found.doctype == "html":
        return "text/html"
    if known := _PREFIXED_ROOTS.get(root) or _ROOTS.get(local):
        return known
    if found.declared:
        return "application/xml"
    return "text/html" if root in _PIECES else None


def _questions(text: str) -> str | None:
    """Aiken and GIFT, sought in what nothing else claims."""
    if _AIKEN.search(text):
        return "text/x-aiken"
    named = _GIFT_NAMED.search(text)
    if (named and "{" in text[named.end() :]) or _GIFT_ANSWERS.search(text):
        return "text/x-gift"
    return None


def _past_space(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def _end_of_type(text: str, place: int) -> int:
    """Where the `>` of a document type stands, past the declarations that it may hold in brackets; -1: further on."""
    inside = False
    while sign := _IN_TYPE.search(text, place):
        place = sign.end()
        if sign[0] in ("<!--", "<?"):
            end = text.find("-->" if sign[0] == "<!--" else "?>", place)
            if end < 0:
                return -1
            place = text.index(">", end) + 1
        elif sign[0] == ">" and not inside:
            return sign.start()
        elif sign[0] in "[]":
            inside = sign[0] == "["
    return -1
