"""Vietnamese text at the border: one spelling for storing, folded keys for comparing, searching and sorting.

Real documents hold decomposed letters (NFD), no-break spaces, zero-width characters, soft hyphens and five kinds of dash.
The embedded PostgreSQL has neither ``unaccent`` nor ICU, so keys are computed here and stored in columns of their own.
"""

import re
import unicodedata

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})
# "hoà" and "hòa", "thuỷ" and "thủy" are two spellings of one word: the tone mark sits on either vowel.
_TONE_PLACES = {
    unicodedata.normalize("NFC", first + second + mark): unicodedata.normalize("NFC", first + mark + second)
    for first, second in ("oa", "oe", "uy")
    for mark in ("\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
}
_TONE_AT_END = re.compile("(?<!q)(" + "|".join(_TONE_PLACES) + r")(?!\w)")

# Order of letters in the Vietnamese alphabet; tones come after letters (TCVN 6909, dictionary practice).
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_LETTER_MARKS = {"\u0302", "\u0306", "\u031b"}


def nfc(text: str) -> str:
    """Return the text composed (NFC), without invisible characters and NUL; spaces and line ends stay as they are."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text.replace("\x00", "")))


def printable(text: str) -> str:
    """Return the text without the characters that XML forbids, so no Word or Excel file: pasted words bring some along."""
    return _FORBIDDEN.sub("", text)


def squeeze(text: str) -> str:
    """Return the text on one line: NFC, every run of white space one space, nothing at the ends."""
    return _SPACES.sub(" ", nfc(text)).strip()


def fold(text: str) -> str:
    """Return the key under which two spellings of the same words meet.

    NFC, lower case, one space, one dash, and one place for the tone mark ("hoà" = "hòa").
    """
    plain = _DASHES.sub("-", squeeze(text).casefold().translate(_QUOTES))
    return _TONE_AT_END.sub(lambda match: _TONE_PLACES[match.group(1)], unicodedata.normalize("NFC", plain))


def unaccent(text: str) -> str:
    """Return the folded text without diacritics, đ as d: "Sở Nội vụ" gives "so noi vu". Used for searching."""
    letters = unicodedata.normalize("NFD", fold(text).replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def sort_key(text: str) -> str:
    """Return a plain ASCII key whose byte order is Vietnamese alphabetical order.

    Letters first (a < ă < â, d < đ), tones only between words that are otherwise equal.
    Numbers sort by value: "Khu phố 2" before "Khu phố 10".
    """
    letters: list[str] = []
    tones: list[str] = []
    for word in re.findall(r"\d+|\D", fold(text)):
        if word.isdigit():
            letters.append(f"0{len(word):02d}{word}")
            continue
        parts = unicodedata.normalize("NFD", word)
        base = unicodedata.normalize("NFC", parts[0] + "".join(part for part in parts[1:] if part in _LETTER_MARKS))
        place = _ALPHABET.find(base)
        letters.append(f"{chr(65 + place // 26)}{chr(97 + place % 26)}" if place >= 0 else " " if base == " " else "")
        tones.append(str(next((_TONES[part] for part in parts[1:] if part in _TONES), 0)))
    return "".join(letters) + " " + "".join(tones).rstrip("0")
