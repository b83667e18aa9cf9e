"""From the words as printed to one canonical wording, so that the grammar need not know how they were typed.

Canonical words are lower case, without diacritics, one space apart. Words whose meaning hangs on a diacritic keep
apart: `sau` is after and `sau6` is six, `tu` is from and `tu4` is four, `ngay` is day and `ngaylap` is at once; a word
that only looks like a word of time ("quỹ" like "quý") ends in `~`.
"""

import html
import re
import unicodedata

LONGEST = 2000
"""Characters of a cell that are read; a longer text is no time cell."""

BLANK = "chotrong"
"""Stands for dots to be filled in ("…/…/2024"): something is missing that no reader can know."""

_LOOKALIKES = str.maketrans(
    "авекмнорстхуіјѕԁԛѵοιαερτυκνχ",
    "abekmhopctxyijsdqvoiaeptykvx",
)
_FOOTNOTE_MARKS = dict.fromkeys(map(ord, "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉ªº†‡"), None)
_ARROWS = str.maketrans(dict.fromkeys("−÷~→⇒⟶➔➝►∼～•●▪◦○■□✓✔·", "-"))
_GUARDED = {
    "quý": "quy", "quí": "quy", "qúy": "quy", "qúi": "quy",
    "tháng": "thang", "năm": "nam", "ngày": "ngay", "tuần": "tuan", "đầu": "dau",
    "hai": "hai", "ba": "ba", "một": "mot", "bốn": "bon", "tư": "tu4", "sáu": "sau6", "sau": "sau", "bảy": "bay",
    "bẩy": "bay",
    "tám": "tam", "chín": "chin", "mười": "muoi", "mươi": "muoi", "từ": "tu", "đến": "den", "tới": "toi", "hết": "het",
    "mỗi": "moi", "nhất": "nhat", "giờ": "gio", "trước": "truoc", "hàng": "hang", "hằng": "hang", "hẳng": "hang",
    "từng": "tung", "các": "cac", "cả": "ca", "và": "va", "vào": "vao", "lần": "lan", "cuối": "cuoi", "giữa": "giua",
    "nửa": "nua", "năn": "nam", "kỳ": "ky", "kì": "ky", "ký": "ky", "kí": "ky", "khi": "khi", "trừ": "tru~",
}  # fmt: skip
_GUARDED_FOLDS = {
    "quy", "thang", "nam", "ngay", "tuan", "dau", "hai", "ba", "mot", "bon", "sau", "bay", "tam", "chin", "muoi", "tu",
    "den", "toi", "het", "moi", "nhat", "gio", "hang", "tung", "ca", "va", "vao", "lan", "nua", "khi",
}  # fmt: skip
_SPLIT_WORDS = {"quy", "thang", "truoc", "ngay", "thuong", "xuyen", "hang", "hoan", "thanh", "trong", "cham"}
_OTHER_WORDS = {
    "thanh",
    "trong",
    "truong",
    "chuong",
    "thong",
    "khang",
    "phuong",
    "tham",
    "tang",
    "hang",
    "trang",
    "chang",
    "nga",
    "nay",
    "gay",
    "ngai",
    "truc",
}
"""Words one letter away from a word of time that are words of their own."""

_GLUED = re.compile(
    r"(?<![^\W\d_])(trước|xuyên|hằng|hàng|mỗi|từng|trong|cuối|đầu|giữa|hết|từ|đến)"
    r"(?=(?:quý|tháng|năm|ngày)(?![^\W\d_])|quý[iv]{1,3}(?![^\W\d_]))"
)
"""Two words that lost the space between them: "TrướcQuý III", "hằngquý"."""

_YEAR_BEFORE = re.compile(
    r"(?<![\d/])(?:năm\s+)?((?:19|20)\d\d)\s*:\s*(quý\s+(?:[iv]{1,3}|\d)|tháng\s+\d{1,2})(?![\w/.])(?!\s*(?:/|năm))"
)
""" "2023: Quý III; 2024: Quý I": each year dates the period behind its colon."""

_DITTO = re.compile(r"""^[\s\-"'“”„‟〃″‘’.,()*]*(?:nt|n/t|như trên|nhu tren|như hàng trên|như dòng trên|như mục trên"""
                    r"""|như ô trên|như nội dung trên|như nhiệm vụ trên|ditto)[\s\-"'“”.,;()*]*$""")  # fmt: skip
_DITTO_MARKS = re.compile(r"""^\s*[\-\s]*(?:["“”„〃″]|''|,,|‘‘|’’)[\-\s]*$""")
_NO_TIME = re.compile(r"^[\s\-_.…/,;:*+]*$")


def fold(text: str) -> str:
    """Without diacritics: "Quý" -> "Quy", "đ" -> "d"."""
    stripped = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return stripped.replace("đ", "d").replace("Đ", "D")


def is_ditto(text: str | None) -> bool:
    """Does the cell say "as above" (-nt-, Như trên, 〃)? Only the reader of the table knows the row above."""
    if not text:
        return False
    plain = " ".join(_clean(text).split())
    return bool(_DITTO.match(plain) or _DITTO_MARKS.match(plain))


def is_blank(text: str | None) -> bool:
    """Nothing is printed, or only a dash or dots that stand for nothing."""
    return text is None or (bool(_NO_TIME.match(_clean(text))) and not is_ditto(text))


def _clean(text: str) -> str:
    text = html.unescape(str(text)[:LONGEST].translate(_FOOTNOTE_MARKS))
    text = re.sub(r"<\s*(?:br|/p|/li|/div)[^<>]{0,40}>", "\n", text, flags=re.IGNORECASE)
    text = re.sub(r"</?[a-zA-Z][^<>]{0,80}>", " ", text)
    text = unicodedata.normalize("NFKC", text).lower()
    text = unicodedata.normalize("NFC", text)
    kept = (
        "-" if unicodedata.category(c) == "Pd" else c
        for c in text
        if unicodedata.category(c) not in {"Cf", "Cs", "Co", "Cn"}
    )
    text = "".join(kept).translate(_LOOKALIKES).translate(_ARROWS)
    return "".join(
        c if c == "\n" or unicodedata.category(c) != "Cc" else ("\n" if c in "\r\v\f" else " ") for c in text
    )


def canonical(text: str) -> str:
    """The wording the grammar reads; newlines are kept, as they may separate the entries of a list."""
    text = re.sub(r"[ \t]+", " ", _clean(text)).strip()
    text = _GLUED.sub(r"\1 ", text)
    text = re.sub(r"\[[\s\d*]*\]|\(\s*[*\d]{0,2}\s*\)|[*_#^`]+", " ", text)
    text = re.sub(r"[“”„‟\"'‘’«»<>{}]+", " ", text)
    text = text.replace("\\", "/").replace("…", "...").replace("\uff0f", "/").replace("⁄", "/")
    text = re.sub(r"=>|--+|-\s*>", "-", text)
    text = re.sub(r"\s*/+\s*", "/", text)
    text = re.sub(r"/(?=năm\s)", " ", text)
    text = re.sub(r"(?<![^\W\d_])(năm|tháng|ngày|quý|trước|đến|đợt|lần)(?=\d)", r"\1 ", text)
    text = re.sub(r"(^|[\n;])\s*(?:\d{1,2}|[a-eđ])[.)]\s+(?=[^\W\d_]|\d{1,2}/)", r"\1 ", text)
    text = re.sub(r"[._]{2,}(?=\s*/)|(?<=/)\s*[._]{2,}", f" {BLANK} ", text)
    text = re.sub(r"\b(ngày|tháng|quý|năm)\s*[._]{2,}", rf"\1 {BLANK} ", text)
    text = _roman_quarters(_numbers(text))
    text = _YEAR_BEFORE.sub(r"\2/\1", text)
    words = re.sub(r"[ \t]+", " ", _words(text))
    words = re.sub(r"\b(thuong|hang|lien|dinh)-(?=[a-z])", r"\1 ", words)
    return re.sub(r" *\n[ \n]*", _line_break, words).strip()


def _line_break(match: re.Match) -> str:
    """A new line separates entries only after a complete one and before the beginning of another."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    complete = re.search(r"(?:\d|\b[iv]+|[;,.:)]|xuyen|\bnam|\bquy|\bthang)$", before)
    begins = re.match(
        r"(?:[-+•*(]|\d+[/.)\- ]|quy [iv\d]|thang \d|truoc|tu |ngay \d|dot|lan|cham|hang|dinh|thuong"
        r"|trong|het|den|cuoi|hoan|bao cao)",
        after,
    )
    return " \n " if complete and begins and not re.search(r"\b(?:quy|thang)$", before) else " "


def _numbers(text: str) -> str:
    """Letters O and l typed for digits, and dates torn by spaces."""
    text = re.sub(r"(?<![^\W\d_])o(?=\d)|(?<=\d)o(?=[\d/.\-]|\b(?!\w))", "0", text)
    text = re.sub(r"(?<=/)o(?=\d)|(?<=\d)o(?=\d)", "0", text)
    text = re.sub(r"(?<![\w])[l|](?=\d/)|(?<=[\d/])[l|](?=[\d/])|(?<=/)[l|](?=\d)|(?<=\d)[l|](?=\d)", "1", text)
    text = re.sub(r"(?<!\d)(\d{1,2})\s*-\s*(\d{1,2})\s*-\s*(\d{4})(?!\d)", r"\1-\2-\3", text)
    text = re.sub(r"(?<!\d)(\d{1,2})\s?\.\s?(\d{1,2})\s?\.\s?(\d{4})(?!\d)", r"\1.\2.\3", text)
    text = re.sub(r"(?<=\d)\s*-\s*(?=\d)", " - ", text) if not re.search(r"\d-\d{1,2}-\d", text) else text
    text = re.sub(r"(\btháng\s+1)\s(?=[0-2]/(?:19|20)\d\d)", r"\1", text)
    return re.sub(r"(?<!\d)(\d)\s(\d)(?=/\d{1,2}/\d{4})", r"\1\2", text)


def _roman_quarters(text: str) -> str:
    """ "quýiii", "q.ii", "quý i v" (torn), "quý lll": the number of the quarter in plain Roman letters."""
    text = re.sub(r"\b(qu)\s(ý|í)\b", r"\1\2", text)
    text = re.sub(r"\b(qu[yýíi]|qúy|qúi|quỷ|quỹ)(?=[ivl|]{1,3}\b|[1-4]\b)", r"\1 ", text)
    text = re.sub(r"\bq\s?\.?\s?(?=(?:[ivl|]{1,4}|0?\d)(?![\w%]))", "quý ", text)
    quarter = r"(\bqu(?:ý|í|y|ỷ|ỹ|ì|ỳ|i)|\bqúy|\bqúi)\s*[.:]?\s*"
    text = re.sub(quarter + r"([il1|!])\s([vil1|!]|[il1|!]\s?[il1|!])(?![\w|/]*\w*[àáảãạâăêôơưđ]|\w)", _join_torn, text)
    return _listed_romans(re.sub(quarter + r"([ivl1|!jy]+)(?=[\W_]|$)", _roman, text))


def _listed_romans(text: str) -> str:
    """ "quý ii - iil": the l typed for an i in the quarters that follow the first."""
    joined = r"(quý [iv]+(?:\s*(?:[-,;&]|và|đến)\s*[iv]+)*\s*(?:[-,;&]|và|đến)\s*)"
    later = re.compile(joined + r"([iv]*[l|!][il|!]*)(?![^\W_]|\d)")
    while later.search(text):
        text = later.sub(lambda found: found[1] + re.sub(r"[l|!]", "i", found[2]), text)
    return text


def _join_torn(match: re.Match) -> str:
    joined = re.sub(r"\s", "", match[2] + match[3])
    return f"quý {joined}"


def _roman(match: re.Match) -> str:
    letters = match[2]
    if letters.isdigit() and len(letters) == 1:
        return f"quý {letters}"
    tail = "!" if letters.endswith("!") and len(letters) > 1 else ""
    roman = re.sub(r"[l1|!j]", "i", letters.removesuffix(tail) if tail else letters).replace("y", "v")
    doubtful = "?" if letters.isdigit() else ""
    return f"quý {roman}{doubtful}"


def _words(text: str) -> str:
    tokens = re.findall(r"\n|[^\W\d_]+|\d+|[^\w\s]|[ \t]+", text)
    out: list[str] = []
    for index, token in enumerate(tokens):
        out.append(_word(token, tokens[index + 1 :]) if token[0].isalpha() else token)
    return _mend(_join_split("".join(out)))


def _word(token: str, rest: list[str]) -> str:
    if token in _GUARDED:
        return _GUARDED[token]
    plain = fold(token)
    if plain not in _GUARDED_FOLDS or plain == token:
        return plain
    following = next((t for t in rest if t.strip()), "")
    numbered = following[:1].isdigit() or bool(re.fullmatch(r"i{1,3}|iv|vi?|l{1,3}", following))
    if numbered and plain in {"quy", "thang", "nam", "ngay", "tuan"}:
        return plain
    return plain + "~"


def _join_split(text: str) -> str:
    """ "th áng" -> "thang": only where the pieces are no words of their own."""

    def join(match: re.Match) -> str:
        whole = match[1] + match[2]
        return whole if whole in _SPLIT_WORDS else match[0]

    return re.sub(r"\b(qu|th|tr|tru|ng|nga|tha|thu|thuo|xu|xuye|ha|hoa|than|ch|cha)\s([a-z]{1,4})\b", join, text)


def _mend(text: str) -> str:
    """Plain "ngay" is "at once" before sau/khi, else a day; misprints one letter away from a word of time."""
    text = re.sub(r"\bngay (?=(?:trong|tu dau)\b)", "", text)
    text = re.sub(r"(?<!\d )(?<!lam viec )\bngay(?= (?:sau|khi|lap tuc|tu khi)\b)", "ngaylap", text)
    text = re.sub(r"\b(hang|ca|den|tu|moi|het)~(?= (?:thang|quy|nam|ngay|tuan|\d))", r"\1", text)
    text = re.sub(r"(?<=\bhang )(thang|quy|nam|tuan)~|(?<=\b(?:cham|muon) )(nhat)~", r"\1\2", text)
    text = re.sub(r"(?<!quy )(?<!thang )\btu4(?= (?:thang|quy|ngay|nam|\d))", "tu", text)
    text = text.replace("thuongxuyen", "thuong xuyen").replace("lientuc", "lien tuc")
    text = re.sub(r"\bsau(?= ?/ ?(?:19|20)\d\d| nam (?:19|20)\d\d)(?<=thang sau)", "sau6", text)
    text = re.sub(r"(?<=\bquy )tu(?= *(?:$|/|nam|[,;.\n]))", "tu4", text)
    text = re.sub(r"\b([a-z]{4,6})(?= \d)", lambda m: _misprint(m, "thang", "truoc"), text)
    text = re.sub(r"\b([a-z]{3,5})(?= \d{1,2}/\d)", lambda m: _misprint(m, "ngay"), text)
    text = re.sub(r"\b([a-z]{4,6})(?= ngay \d)", lambda m: _misprint(m, "truoc"), text)
    text = re.sub(r"\b([a-z]{5,7})(?= xuyen\b)", lambda m: _misprint(m, "thuong"), text)
    return re.sub(r"(?<=\bthuong )([a-z]{4,6})\b", lambda m: _misprint(m, "xuyen"), text)


def _misprint(match: re.Match, *rights: str) -> str:
    word = match[1]
    near = [right for right in rights if word == right or _one_letter_apart(word, right)]
    return near[0] if near and word not in _OTHER_WORDS else word


def _one_letter_apart(word: str, right: str) -> bool:
    if len(word) == len(right):
        differing = [i for i, (a, b) in enumerate(zip(word, right, strict=True)) if a != b]
        swapped = len(differing) == 2 and differing[1] == differing[0] + 1
        return len(differing) == 1 or (
            swapped and word[differing[0]] == right[differing[1]] and word[differing[1]] == right[differing[0]]
        )
    short, long = sorted((word, right), key=len)
    return len(long) - len(short) == 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
