"""BibTeX, in UTF-8: what LaTeX and most reference managers read.

Names stand in braces of their own, so that no program takes the given name
of a Vietnamese author for the family name.
Source: https://www.ctan.org/pkg/bibtex, btxdoc
"""

from service.crosswalks import Format, Record, day, line, moment

FORMAT = Format(
    name="bibtex",
    label="BibTeX",
    accepts=("application/x-bibtex", "text/x-bibtex"),
    extension=".bib",
    source="https://www.ctan.org/pkg/bibtex",
)
FIELDS = {
    "identifier": "the entry's key: its last part",
    "url": "url",
    "titles": "title: the first",
    "descriptions": "abstract",
    "languages": "language",
    "keywords": "keywords",
    "type": "the entry's kind: book or misc",
    "subjects": "keywords",
    "grades": "keywords",
    "outcomes": "keywords",
    "creators": "author",
    "publishers": "publisher",
    "organisation": "organization",
    "created": "year and month, where it was not published",
    "published": "year, month, date",
    "version": "version",
    "licence": "copyright",
    "isbns": "isbn",
    "pages": "pagetotal",
}

# A brace counts for BibTeX even behind a backslash, so none may stand alone.
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{char: f"\\{char}" for char in "&%$#_"},
}


def write(record: Record) -> str:
    """One entry."""
    kind = "book" if record.type and record.type.same.get("schema") == "Book" else "misc"
    at = moment(record.published)[:10] or day(record.created)
    words = [concept.label.value for concept in (*record.subjects, *record.grades, *record.outcomes)]
    fields = {
        "author": " and ".join(f"{{{_safe(name)}}}" for name in record.creators if line(name)),
        "title": f"{{{_safe(record.title.value)}}}",
        "year": at[:4],
        "month": at[5:7].lstrip("0"),
        "date": at,
        "publisher": "; ".join(filter(None, map(_safe, record.publishers))),
        "organization": _safe(record.organisation),
        "version": _safe(record.version),
        "isbn": ", ".join(filter(None, map(_safe, record.isbns))),
        "language": ", ".join(filter(None, map(_safe, record.languages))),
        # An address is copied as it is; ours hold nothing that BibTeX minds.
        "url": "".join(char for char in line(record.url) if char not in "{}\\"),
        "copyright": _safe((record.licence.same.get("uri") or record.licence.label.value) if record.licence else ""),
        "keywords": ", ".join(filter(None, map(_safe, (*words, *(word.value for word in record.keywords))))),
        "abstract": _safe(" ".join(text.value for text in record.descriptions)),
        "pagetotal": str(record.pages or ""),
    }
    rows = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{kind}{{{_key(record.identifier)},\n{rows}}}\n"


def _key(identifier: str) -> str:
    last = identifier.rpartition(":")[2]
    return "".join(char for char in last if char.isascii() and char.isalnum()) or "resource"


def _safe(text: str) -> str:
    return "".join(_ESCAPES.get(char, char) for char in line(text))
