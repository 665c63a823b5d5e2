"""Every sentence people read exists in both languages, and none is there for nobody."""

import ast
import re
import string
import unicodedata
from collections.abc import Iterable, Iterator

import pytest

from docs.generate import classes, plain
from ingest.errors import BY_CODE, IngestError
from service.errors import LibraryError
from service.messages import LANGUAGES, catalogue
from tests.unit.house.tree import ROOT, parsed, sources

CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
# Of service/messages, service/cli/session.py and ingest/document.py.
SPEAKERS = {"sentence", "remedy", "text", "say", "complain", "Warning", "Check"}
TONES_ELSEWHERE = re.compile(r"(?:[óòỏõọ][ae]|(?<!q)[úùủũụ]y)\b|\b[hklmst][ýỳỷỹỵ]\b", re.IGNORECASE)
ASKED_IN_TEMPLATE = re.compile(r"""\b(?:t|say|sentence|text)\(\s*["']([a-z0-9-]+)["']\s*[,)]""")


def _fields(entry: object) -> set[str]:
    names: set[str] = set()
    for part in plain(entry):
        names |= {field for _, field, _, _ in string.Formatter().parse(part) if field}
    return names


def test_both_languages_have_the_same_codes() -> None:
    vi, en = (set(catalogue(language)) for language in LANGUAGES)
    assert vi ^ en == set()


def test_both_languages_take_the_same_parameters() -> None:
    vi, en = (catalogue(language) for language in LANGUAGES)
    assert [code for code in set(vi) & set(en) if _fields(vi[code]) != _fields(en[code])] == []


def test_both_languages_have_a_remedy_or_neither() -> None:
    vi, en = (catalogue(language) for language in LANGUAGES)
    assert [code for code in set(vi) & set(en) if bool(plain(vi[code])[1]) != bool(plain(en[code])[1])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_composed_and_calm(language: str) -> None:
    texts = {code: " ".join(plain(entry)) for code, entry in catalogue(language).items()}
    assert [code for code, text in texts.items() if unicodedata.normalize("NFC", text) != text] == []
    assert [code for code, text in texts.items() if "!" in text] == []


def test_vietnamese_is_spelt_in_one_way() -> None:
    """The tone on the last vowel (xoá, khoẻ, huỷ) and i after a lone consonant (lí do, kí tự, xử lí)."""
    texts = {code: " ".join(plain(entry)) for code, entry in catalogue("vi").items()}
    assert {code: found[0] for code, text in texts.items() if (found := TONES_ELSEWHERE.search(text))} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted({kind.code for kind in classes(LibraryError) if kind is not LibraryError}))
def test_a_library_error_has_a_sentence_and_a_remedy(code: str, language: str) -> None:
    text, advice = plain(catalogue(language)[code])
    assert text
    assert advice


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(BY_CODE))
def test_a_reading_error_has_a_sentence_and_a_remedy(code: str, language: str) -> None:
    text, advice = plain(catalogue(language)[code])
    assert text
    assert advice


def test_the_table_of_reading_errors_is_whole() -> None:
    assert set(BY_CODE.values()) == set(classes(IngestError)) - {IngestError}


def test_error_codes_are_used_once() -> None:
    kinds = [kind for root in (LibraryError, IngestError) for kind in classes(root) if kind is not root]
    codes = [kind.code for kind in kinds]
    assert sorted(codes) == sorted(set(codes))


def _literals(nodes: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def _spoken() -> Iterator[tuple[str, str]]:
    """(place, code) wherever code or a template asks for a sentence by a literal code."""
    for path in sources("service", "ingest"):
        calls = (node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call) and node.args)
        said = [node.args[0] for node in calls if isinstance(node.func, ast.Name) and node.func.id in SPEAKERS]
        for line, code in _literals(said):
            if CODE.fullmatch(code):
                yield f"{path.relative_to(ROOT)}:{line}", code
    for path in sources("service/web", suffix=".html"):
        for code in ASKED_IN_TEMPLATE.findall(path.read_text(encoding="utf-8")):
            yield str(path.relative_to(ROOT)), code


def test_every_sentence_asked_for_exists() -> None:
    known = set(catalogue("vi"))
    asked = list(_spoken())
    assert len(asked) > 20
    assert [f"{place}: {code}" for place, code in asked if code not in known] == []


def _mentioned() -> tuple[set[str], set[str]]:
    """Codes written as whole strings anywhere, and beginnings that code completes (`"locator-" + kind`)."""
    strings: set[str] = set()
    for path in (*sources("service"), *sources("ingest"), *sources("deploy")):
        strings |= {text for _, text in _literals(ast.walk(parsed(path)))}
    for suffix in (".html", ".js", ".xml"):
        for path in sources("service/web", suffix=suffix):
            strings |= set(re.findall(r"""["']([a-z0-9-]+)["']""", path.read_text(encoding="utf-8")))
    return strings, {text for text in strings if text.endswith("-") and CODE.fullmatch(text[:-1])}


def test_every_sentence_is_said_somewhere() -> None:
    strings, beginnings = _mentioned()
    unused = [code for code in catalogue("vi") if code not in strings and not code.startswith(tuple(beginnings))]
    assert unused == []
