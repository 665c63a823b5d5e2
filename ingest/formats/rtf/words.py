"""What control words of RTF mean to a reader of its text. Source: RTF Specification 1.9.1 (Microsoft, 2008)."""

# Signs that have a word of their own, and words that a sign stands for best.
CHARACTERS = {
    b"tab": " ", b"emspace": " ", b"enspace": " ", b"qmspace": " ", b"emdash": "\u2014", b"endash": "\u2013",
    b"bullet": "\u2022", b"lquote": "\u2018", b"rquote": "\u2019", b"ldblquote": "\u201c", b"rdblquote": "\u201d",
    # Formulas: denominator, exponent and index are groups of their own.
    b"mden": "/", b"msup": "^", b"msub": "_",
}  # fmt: skip
SYMBOLS = {b"~": " ", b"_": "-", b"\t": " "}
ENDS = frozenset({b"par", b"sect", b"page", b"column"})
SYMBOL_ENDS = frozenset({b"\n", b"\r"})
"""A backslash before a line feed ends a paragraph."""

_NOT_TEXT = """
colortbl listtable listoverridetable revtbl rsidtbl filetbl generator objdata objclass objname objalias objsect fldinst
sp sn sv shprslt nonshppict nonesttables xe tc tcn rxe bkmkstart bkmkend atnid atnauthor atntime atndate atnicn atnref
atnparent atrfstart atrfend template private ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn themedata colorschememapping
datastore latentstyles xmlnstbl mmathPict falt panose fontemb passwordhash datafield formfield mailmerge userprops
docvar listname blipuid pgptbl
"""
_ASTERISKED = "shpinst shptxt footnote annotation shppict do dptxbxtext moMath moMathPara ud nesttableprops txfieldtext"

ASIDE = frozenset({b"footnote", b"annotation", b"shptxt", b"dptxbxtext"})
"""Groups whose text stands apart from the paragraph they are anchored in."""
MARGINAL = frozenset({b"header", b"headerl", b"headerr", b"headerf", b"footer", b"footerl", b"footerr", b"footerf"})
UNREAD = frozenset(_NOT_TEXT.encode().split())
"""Groups that hold no text of the document, whether they begin with an asterisk or not."""
STARRED = frozenset(_ASTERISKED.encode().split())
"""Groups that begin with an asterisk and are read all the same; others are for those who know them."""

INFO = {
    b"title": "title", b"author": "creator", b"subject": "description", b"doccomm": "description",
    b"keywords": "keyword", b"company": "publisher",
}  # fmt: skip

# Charset numbers of fonts (\fcharset) to Python's codecs; 0, 1 and 2 are the document's own code page.
CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
    254: "cp437", 255: "cp850",
}  # fmt: skip
PAGES = {
    437: "cp437", 708: "iso8859_6", 850: "cp850", 852: "cp852", 855: "cp855", 857: "cp857", 860: "cp860", 862: "cp862",
    863: "cp863", 864: "cp864", 865: "cp865", 866: "cp866", 874: "cp874", 932: "cp932", 936: "gbk", 949: "cp949",
    950: "cp950", 1250: "cp1250", 1251: "cp1251", 1252: "cp1252", 1253: "cp1253", 1254: "cp1254", 1255: "cp1255",
    1256: "cp1256", 1257: "cp1257", 1258: "cp1258", 1361: "johab", 10000: "mac_roman", 65001: "utf-8",
}  # fmt: skip
