"""Names in TCVN3, the encoding of the .VnTime fonts, in which Vietnamese was typed before Unicode.

A letter with its tone is one sign of Latin-1 there, so a name that Windows
took over as it was typed reads `Bµi tËp to¸n` today.
Source: TCVN 5712:1993, VN3
"""

import re

# Capital letters without a tone, small ones, then each vowel with its five tones.
_SIGNS = (
    ("¡¢£¤¥¦§", "ĂÂÊÔƠƯĐ"), ("¨©ª«¬\u00ad®", "ăâêôơưđ"), ("µ¶·¸¹", "àảãáạ"), ("»¼½¾Æ", "ằẳẵắặ"), ("ÇÈÉÊË", "ầẩẫấậ"),
    ("ÌÎÏÐÑ", "èẻẽéẹ"), ("ÒÓÔÕÖ", "ềểễếệ"), ("×ØÜÝÞ", "ìỉĩíị"), ("ßáâãä", "òỏõóọ"), ("åæçèé", "ồổỗốộ"),
    ("êëìíî", "ờởỡớợ"), ("ïñòóô", "ùủũúụ"), ("õö÷øù", "ừửữứự"), ("úûüýþ", "ỳỷỹýỵ"),
)  # fmt: skip
_LETTERS = {ord(sign): letter for signs, letters in _SIGNS for sign, letter in zip(signs, letters, strict=True)}
# Signs that stand inside of no word of any language, or, of đ, at no word's beginning: one shows what the others are.
_SHOWS = re.compile(r"(?<=[A-Za-z])[¢£¤¥¦§¨©¬®¶¸¹¼½¾µª](?=[A-Za-zÀ-ÿ])|(?<![^\s_(-])®(?=[A-Za-zÀ-ÿ])")


def decoded(text: str) -> str:
    """A name in Unicode; as it is where nothing shows that it was typed in TCVN3."""
    others = {sign for sign in text if not sign.isascii()}
    if not others or not all(ord(sign) in _LETTERS for sign in others) or not _SHOWS.search(text):
        return text
    return text.translate(_LETTERS)
