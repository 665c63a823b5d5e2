"""Office mathematics (OMML) on one line, as it would be typed: (a+b)/2, x^2, √(x), ∑_(i=1)^n i.

Structure that a line can carry is carried; accents and boxes leave what they
stand on. Source: ECMA-376-1, 22.1.
"""

from collections.abc import Callable, Iterator
from typing import Any

from ingest.formats.ooxml.names import A, M, W

_TEXTS = (M + "t", W + "t", A + "t")


def settle(root: Any, text_tag: str) -> None:
    """Every equation becomes one element `text_tag` with its line, so that it is read where it stands."""
    for equation in list(root.iter(M + "oMath")):
        line = linear(equation)
        tail = equation.tail
        equation.clear()
        equation.tag, equation.text, equation.tail = text_tag, line, tail


def linear(element: Any) -> str:
    """An equation, or a piece of one, on a line. XML is at most 256 levels deep, so this ends."""
    form = _FORMS.get(element.tag)
    if form is not None:
        return form(element)
    if element.tag in _TEXTS:
        return element.text or ""
    if not isinstance(element.tag, str) or element.tag.endswith("Pr"):
        return ""
    return "".join(map(linear, element))


def _part(element: Any, name: str) -> str:
    child = element.find(M + name)
    return "" if child is None else linear(child).strip()


def _group(text: str) -> str:
    return text if len(text) < 2 or text.isalnum() else f"({text})"


def _setting(element: Any, name: str, otherwise: str) -> str:
    for properties in element:
        if isinstance(properties.tag, str) and properties.tag.endswith("Pr"):
            found = properties.find(M + name)
            if found is not None:
                return str(found.get(M + "val", ""))
    return otherwise


def _scripts(below: str, above: str) -> str:
    return (f"_{_group(below)}" if below else "") + (f"^{_group(above)}" if above else "")


def _fraction(element: Any) -> str:
    return f"{_group(_part(element, 'num'))}/{_group(_part(element, 'den'))}"


def _scripted(element: Any) -> str:
    return _group(_part(element, "e")) + _scripts(_part(element, "sub"), _part(element, "sup"))


def _before(element: Any) -> str:
    return _scripts(_part(element, "sub"), _part(element, "sup")) + _part(element, "e")


def _limit(element: Any) -> str:
    return f"{_part(element, 'e')}_{_group(_part(element, 'lim'))}"


def _root(element: Any) -> str:
    return f"{_part(element, 'deg')}√{_group(_part(element, 'e'))}"


def _nary(element: Any) -> str:
    sign = _setting(element, "chr", "∫")
    return f"{sign}{_scripts(_part(element, 'sub'), _part(element, 'sup'))} {_part(element, 'e')}"


def _delimited(element: Any) -> str:
    between = _setting(element, "sepChr", "|").join(linear(child).strip() for child in element.findall(M + "e"))
    return f"{_setting(element, 'begChr', '(')}{between}{_setting(element, 'endChr', ')')}"


def _function(element: Any) -> str:
    return f"{_part(element, 'fName')} {_part(element, 'e')}"


def _rows(element: Any) -> Iterator[str]:
    for row in element.findall(M + "mr"):
        yield ", ".join(linear(cell).strip() for cell in row.findall(M + "e"))


def _matrix(element: Any) -> str:
    return f"[{'; '.join(_rows(element))}]"


def _lines(element: Any) -> str:
    return "; ".join(linear(child).strip() for child in element.findall(M + "e"))


_FORMS: dict[str, Callable[[Any], str]] = {
    M + "f": _fraction, M + "sSup": _scripted, M + "sSub": _scripted, M + "sSubSup": _scripted, M + "sPre": _before,
    M + "limLow": _limit, M + "limUpp": _limit, M + "rad": _root, M + "nary": _nary, M + "d": _delimited,
    M + "func": _function, M + "m": _matrix, M + "eqArr": _lines,
}  # fmt: skip
