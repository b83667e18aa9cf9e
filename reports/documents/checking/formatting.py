"""Effective formatting of a Word document: what a reader sees, not what one place of the file says.

In Word a property comes, from the weakest to the strongest, from: the defaults of the document; the style of the table;
the style of the paragraph and what it is based on; the style of the characters; the run itself (ECMA-376, 17.7.2).
Switches (bold, italic, capitals) in styles turn one another over; in the run they are final (17.7.3).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
WORDS_OWN_FONT, WORDS_OWN_SIZE = "Times New Roman", 20
"""Word's own font and size (half points) where a file says nothing at all."""
SINGLE = 240
"""A single line in `w:spacing`."""
LONGEST_CHAIN = 30
_SWITCHES = ("b", "i", "caps", "strike", "vanish")


def tag(name: str) -> str:
    """Return the full name of an element or attribute of WordprocessingML."""
    return f"{{{W}}}{name}"


def value(element: etree._Element | None, name: str = "val") -> str | None:
    """Return an attribute of WordprocessingML, or None."""
    return None if element is None else element.get(tag(name))


def whole(words: str | None, otherwise: int = 0) -> int:
    """Return the whole number that an attribute holds; files from outside hold anything ("12.5", "auto", "")."""
    try:
        return int(float(words or ""))
    except (ValueError, OverflowError):
        return otherwise


@dataclass(frozen=True, slots=True)
class Letters:
    """How the words of a run look. ``size`` is in points; fonts are those of Latin, East Asian and complex scripts."""

    font: str
    east_asian: str
    complex_script: str
    size: float
    bold: bool
    italic: bool
    underlined: bool
    capitals: bool
    colour: str
    language: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """How a paragraph stands: alignment, indents and spacing in twips (1/20 point)."""

    align: str
    left: int
    right: int
    first_line: int
    before: int
    after: int
    line: int
    line_rule: str


class Formatting:
    """The styles, defaults and theme of one document."""

    def __init__(
        self, styles: etree._Element | None, theme: etree._Element | None, numbering: etree._Element | None
    ) -> None:
        self._root = styles
        self._theme = theme
        self._numbering = numbering
        self._chains: dict[str, list[etree._Element]] = {}

    # Styles

    @cached_property
    def _styles(self) -> dict[str, etree._Element]:
        found = self._root.findall(tag("style")) if self._root is not None else []
        return {name: style for style in found if (name := value(style, "styleId"))}

    @cached_property
    def _default_paragraph_style(self) -> str:
        for name, style in self._styles.items():
            if value(style, "type") == "paragraph" and value(style, "default") in ("1", "true", "on"):
                return name
        return ""

    def _defaults(self, kind: str) -> list[etree._Element]:
        path = f"{tag('docDefaults')}/{tag(kind + 'Default')}/{tag(kind)}"
        found = self._root.find(path) if self._root is not None else None
        return [] if found is None else [found]

    def _chain(self, name: str) -> list[etree._Element]:
        """Return a style and what it is based on, the farthest first; a ring of styles ends where it closes."""
        if name not in self._chains:
            chain: list[etree._Element] = []
            seen: set[str] = set()
            here: str | None = name
            while here and here in self._styles and here not in seen and len(chain) < LONGEST_CHAIN:
                seen.add(here)
                chain.append(self._styles[here])
                here = value(self._styles[here].find(tag("basedOn")))
            self._chains[name] = chain[::-1]
        return self._chains[name]

    def _of_styles(self, names: list[str], kind: str) -> list[list[etree._Element]]:
        """Return the properties of each style's chain, the weakest first."""
        return [[found for style in self._chain(name) for found in style.findall(tag(kind))] for name in names if name]

    def paragraph_style(self, paragraph: etree._Element) -> str:
        """Return the id of the paragraph's style."""
        return value(paragraph.find(f"{tag('pPr')}/{tag('pStyle')}")) or self._default_paragraph_style

    # Runs

    def letters(self, run: etree._Element, paragraph: etree._Element, table_style: str = "") -> Letters:
        """Return how the words of a run look."""
        own = run.find(tag("rPr"))
        character = value(own.find(tag("rStyle"))) if own is not None else None
        levels = self._of_styles([table_style, self.paragraph_style(paragraph), character or ""], "rPr")
        flat = [
            *self._defaults("rPr"),
            *(one for level in levels for one in level),
            *([own] if own is not None else []),
        ]
        switched = {name: self._switch(name, levels, own) for name in _SWITCHES}
        fonts = self._fonts(flat)
        underline = _last(flat, "u")
        return Letters(
            # Vietnamese letters with accents stand in the range of hAnsi, plain ones in that of ascii.
            font=fonts["hAnsi"] if fonts["ascii"] == WORDS_OWN_FONT else fonts["ascii"],
            east_asian=fonts["eastAsia"],
            complex_script=fonts["cs"],
            size=whole(value(_last(flat, "sz")), WORDS_OWN_SIZE) / 2,
            bold=switched["b"],
            italic=switched["i"],
            underlined=(value(underline) or "none") != "none",
            capitals=switched["caps"],
            colour=_colour(_last(flat, "color")),
            language=value(_last(flat, "lang")) or "",
            hidden=switched["vanish"],
        )

    def _switch(self, name: str, levels: list[list[etree._Element]], own: etree._Element | None) -> bool:
        mark = own.find(tag(name)) if own is not None else None
        if mark is not None:
            return _is_on(mark)
        default = any(_is_on(mark) for one in self._defaults("rPr") for mark in one.findall(tag(name)))
        turned = False
        for level in levels:
            last = _last(level, name)
            turned ^= last is not None and _is_on(last)
        return default or turned

    def _fonts(self, properties: list[etree._Element]) -> dict[str, str]:
        """Return the font of each script; a theme's font in the same place is stronger than a name (17.3.2.26)."""
        found = {"ascii": WORDS_OWN_FONT, "hAnsi": WORDS_OWN_FONT, "eastAsia": "", "cs": ""}
        for one in properties:
            for fonts in one.findall(tag("rFonts")):
                for script in found:
                    theme = value(fonts, "cstheme" if script == "cs" else f"{script}Theme")
                    name = self._theme_font(theme) if theme else value(fonts, script)
                    if name:
                        found[script] = name
        return found

    def _theme_font(self, name: str) -> str:
        if self._theme is None:
            return ""
        scheme = "majorFont" if name.startswith("major") else "minorFont"
        script = "latin" if name.endswith(("Ascii", "HAnsi")) else "ea" if name.endswith("EastAsia") else "cs"
        found = self._theme.find(f".//{{{A}}}{scheme}/{{{A}}}{script}")
        return found.get("typeface", "") if found is not None else ""

    # Paragraphs

    def layout(self, paragraph: etree._Element, table_style: str = "") -> Layout:
        """Return how a paragraph stands."""
        own = paragraph.find(tag("pPr"))
        levels = self._of_styles([table_style, self.paragraph_style(paragraph)], "pPr")
        chain = [*self._defaults("pPr"), *(one for level in levels for one in level)]
        number = self._number_level([*chain, *([own] if own is not None else [])])
        flat = [*chain, *([number] if number is not None else []), *([own] if own is not None else [])]
        indents, spacing = _merged(flat, "ind"), _merged(flat, "spacing")
        left = indents.get("left", indents.get("start"))
        first = whole(indents.get("firstLine")) - whole(indents.get("hanging"))
        return Layout(
            align=value(_last(flat, "jc")) or "left",
            left=whole(left),
            right=whole(indents.get("right", indents.get("end"))),
            first_line=first,
            before=_distance(spacing, "before"),
            after=_distance(spacing, "after"),
            line=whole(spacing.get("line"), SINGLE),
            line_rule=spacing.get("lineRule", "auto"),
        )

    def _number_level(self, properties: list[etree._Element]) -> etree._Element | None:
        """Return the paragraph properties of the list level that a numbered paragraph stands on."""
        marks = _last(properties, "numPr")
        if marks is None or self._numbering is None:
            return None
        number = value(marks.find(tag("numId")))
        level = value(marks.find(tag("ilvl"))) or "0"
        for known in self._numbering.findall(tag("num")):
            if value(known, "numId") == number:
                abstract = value(known.find(tag("abstractNumId")))
                return self._abstract_level(abstract, level)
        return None

    def _abstract_level(self, abstract: str | None, level: str) -> etree._Element | None:
        assert self._numbering is not None
        for one in self._numbering.findall(tag("abstractNum")):
            if value(one, "abstractNumId") == abstract:
                for found in one.findall(tag("lvl")):
                    if value(found, "ilvl") == level:
                        return found.find(tag("pPr"))
        return None


def _last(properties: list[etree._Element], name: str) -> etree._Element | None:
    found = None
    for one in properties:
        mark = one.find(tag(name))
        found = mark if mark is not None else found
    return found


def _merged(properties: list[etree._Element], name: str) -> dict[str, str]:
    """Return the attributes of an element as they add up from the weakest to the strongest."""
    merged: dict[str, str] = {}
    for one in properties:
        for mark in one.findall(tag(name)):
            said = {str(etree.QName(key).localname): str(words) for key, words in mark.attrib.items()}
            if "hanging" in said:
                merged.pop("firstLine", None)
            if "firstLine" in said:
                merged.pop("hanging", None)
            merged.update(said)
    return merged


def _distance(spacing: dict[str, str], side: str) -> int:
    """Return the space above or below; "automatic" is 14 points as browsers have it."""
    if spacing.get(f"{side}Autospacing") in ("1", "true", "on"):
        return 280
    return whole(spacing.get(side))


def _is_on(mark: etree._Element) -> bool:
    return (value(mark) or "true") not in ("0", "false", "off", "none")


def _colour(mark: etree._Element | None) -> str:
    """Return "" for black and automatic, else the colour: six figures, or the name of a theme's colour."""
    if mark is None:
        return ""
    theme = value(mark, "themeColor")
    if theme:
        plain = not value(mark, "themeTint") and not value(mark, "themeShade")
        return "" if theme in ("text1", "dark1") and plain else theme
    said = (value(mark) or "auto").lower()
    return "" if said in ("auto", "000000") else said


def runs(paragraph: etree._Element) -> Iterator[etree._Element]:
    """Yield the runs of a paragraph that a reader sees: also in links and content controls, not what is deleted."""
    for child in paragraph:
        if child.tag == tag("r"):
            yield child
        elif child.tag in _HOLDERS:
            yield from runs(child)


_HOLDERS = {tag(name) for name in ("hyperlink", "ins", "smartTag", "sdt", "sdtContent", "fldSimple", "moveTo")}
