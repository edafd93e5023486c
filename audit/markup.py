"""The parts of a page: its tables, texts, scripts and attributes; whatever reports do not have is a fault."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from .figures import Printed, Word

Attributes = list[tuple[str, str | None]]

TAGS = frozenset(
    [
        "html",
        "head",
        "meta",
        "img",
        "title",
        "style",
        "body",
        "a",
        "header",
        "h1",
        "h2",
        "h3",
        "h4",
        "p",
        "noscript",
        "nav",
        "ol",
        "ul",
        "li",
        "main",
        "section",
        "figure",
        "figcaption",
        "i",
        "div",
        "script",
        "details",
        "summary",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "small",
        "span",
        "footer",
        "code",
        "b",
        "em",
        "strong",
        "br",
    ]
)
INLINE = frozenset({"small", "span", "i", "a", "code", "b", "em", "strong"})
VOID = frozenset({"meta", "br", "img"})
NAMED = frozenset({"id", "href", "data-chart", "aria-labelledby"})
SPOKEN = frozenset({"aria-label", "title"})
PLAIN = frozenset({"scope", "role", "lang", "charset", "name", "type", "http-equiv", "open"})
FIXED = frozenset(
    {("alt", ""), ("tabindex", "0"), ("rowspan", "2")}
    | {("charset", "utf-8"), ("content", "width=device-width, initial-scale=1")}
    | {("dir", "auto"), ("colspan", "3"), ("colspan", "4")}
)
_WORN = {("img", "src"): "logo", ("script", "data-library"): "library", ("script", "data-integrity"): "integrity"}
_CLASS = re.compile(r"[a-z]+(?:-[a-z]+)*(?:-[1-3])?")
_STYLE = re.compile(r"--(depth|columns):(\d{1,3})")
_LANE = re.compile(r"--low:\d{1,3};--index:\d{1,3};--high:\d{1,3}")
_SHARE = re.compile(r"--share:(\d{1,3})")
_POLICY = re.compile(
    r"(?:default-src|script-src|style-src|img-src|base-uri|form-action|'none'|'unsafe-inline'|'strict-dynamic'|data:|blob:"
    r"|'sha256-[\w+/=]{44}'|[; ])+"
)


@dataclass(slots=True)
class Slot:
    """A cell of a table: its text, the small print in it, and what only a screen reader says.

    drawn: the ends and the middle of a picture in it; bar: the shares of one.
    """

    head: bool
    classes: tuple[str, ...]
    depth: int | None = None
    text: str = ""
    small: str = ""
    spoken: str = ""
    drawn: tuple[tuple[str, str], ...] = ()
    bar: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """A name in the path of a team page, or in the list of all pages, with its level in small print."""

    depth: int | None
    text: str = ""
    small: str = ""


@dataclass(slots=True)
class Table:
    """A table: the id of its section, its class, the number of columns its style speaks of, and its rows.

    above: the last summary before it, which a reader opens it by.
    """

    section: str
    kind: str
    columns: int | None
    above: str = ""
    rows: list[list[Slot]] = field(default_factory=list)
    row_classes: list[tuple[str, ...]] = field(default_factory=list)


@dataclass(slots=True)
class Script:
    """A script or a stylesheet: its id, the chart it is for, its type, its text."""

    id: str
    chart: str
    type: str
    text: str


class Markup(HTMLParser):
    """Takes a page apart.

    names: what ids may hold besides letters and a number at the end (the ids of dimensions).
    """

    def __init__(self, printed: Printed, names: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.printed = printed
        known = "|".join(sorted(map(re.escape, names - {""}), key=len, reverse=True)) or "(?!)"
        self._names = re.compile(rf"(?<=-)(?:{known})(?=-[0-9]+$|$)")
        self.tables: list[Table] = []
        self.scripts: list[Script] = []
        self.path: list[Entry] = []
        self.pages: list[Entry] = []
        self._list: list[Entry] | None = None
        self._entry: Entry | None = None
        self.lang = "en"
        self._counters: dict[str, set[int]] = {}
        self._seen: Counter[str] = Counter()
        self._sections: list[str] = []
        self.sections: list[str] = []
        self._block: list[str] = []
        self._block_tag = ""
        self._inline: list[tuple[str, tuple[str, ...]]] = []
        self._table: Table | None = None
        self._slot: Slot | None = None
        self._raw: Script | None = None
        self._question = self._unit = self._summary = ""

    # Elements

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """An element begins: its attributes are checked, and the text before it ends unless it goes on in a line."""
        if tag not in TAGS:
            self.printed.fault(self.place, f"an element <{tag}>, which reports do not have")
        given = {name: value or "" for name, value in attrs}
        for name, value in attrs:  # one by one: of two attributes of one name, readers may take either
            self._check(tag, name, value or "")
        classes = tuple(given.get("class", "").split())
        if tag == "html":
            self.lang = given.get("lang", "en")
        if tag in {"script", "style"}:
            self._raw = Script(given.get("id", ""), given.get("data-chart", ""), given.get("type", tag), "")
        elif tag in INLINE:
            self._inline.append((tag, classes))
        elif tag != "br":
            self._flush()
            self._block_tag = tag
        if tag == "section":
            self._sections.append(given.get("id", ""))
            self.sections.append(given.get("id", ""))
        elif tag == "table":
            style = _STYLE.fullmatch(given.get("style", ""))
            columns = int(style[2]) if style and style[1] == "columns" else None
            self._table = Table(self.section, " ".join(classes), columns, self._summary)
            self.tables.append(self._table)
        elif self._table is not None:
            self._in_table(tag, classes, given)
        else:
            self._in_list(tag, classes, given)

    def _in_table(self, tag: str, classes: tuple[str, ...], given: dict[str, str]) -> None:
        assert self._table is not None  # noqa: S101 (told by the caller)
        if tag == "tr":
            self._table.rows.append([])
            self._table.row_classes.append(classes)
        elif tag in {"td", "th"} and self._table.rows:
            style = _STYLE.fullmatch(given.get("style", ""))
            depth = int(style[2]) if style and style[1] == "depth" else None
            self._slot = Slot(tag == "th", classes, depth)
            self._table.rows[-1].append(self._slot)
            if tag == "td" and _LANE.fullmatch(given.get("style", "")):
                self._slot.drawn = tuple(_drawn(given["style"]))
        elif tag == "i" and self._slot is not None:
            share = _SHARE.fullmatch(given.get("style", ""))
            self._slot.bar += [int(share[1])] if share else []

    def _in_list(self, tag: str, classes: tuple[str, ...], given: dict[str, str]) -> None:
        if tag in {"ol", "ul"}:
            self._list = {"path": self.path, "pages": self.pages}.get(" ".join(classes))
            if self._list:
                self.printed.fault(self.place, "a list that stands there twice")
        elif tag == "li" and self._list is not None:
            style = _STYLE.fullmatch(given.get("style", ""))
            self._entry = Entry(int(style[2]) if style and style[1] == "depth" else None)
            self._list.append(self._entry)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        """An element that closes itself."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        if tag in {"script", "style"}:
            if self._raw is not None:
                self.scripts.append(self._raw)
            self._raw = None
        elif tag in INLINE:
            self._inline = self._inline[:-1]
        else:
            self._flush()
        if tag == "section":
            self._sections = self._sections[:-1]
        elif tag == "table":
            self._table = None
        elif tag in {"td", "th"}:
            self._slot = None
        elif tag == "li":
            self._entry = None
        elif tag in {"ol", "ul"}:
            self._list = None

    def handle_data(self, data: str) -> None:
        """A text: of a script, of a cell, or of the block it stands in."""
        if self._raw is not None:
            self._raw.text += data
        elif self._slot is not None:
            tag, classes = self._inline[-1] if self._inline else ("", ())
            if "vh" in classes:
                self._slot.spoken += data
            elif tag == "small":
                self._slot.small += data
            else:
                self._slot.text += data
        elif self._entry is not None:
            if self._inline and self._inline[-1][0] == "small":
                self._entry.small += data
            else:
                self._entry.text += data
        elif data.strip() or self._block:
            self._block.append(data)

    def handle_comment(self, data: str) -> None:
        """Reports have no comments: nobody would look into them, so anything could stand there."""
        self.printed.fault(self.place, f"a comment that no reader sees: “{data.strip()[:60]}”")

    def handle_decl(self, decl: str) -> None:
        """The declaration of the document type."""
        if decl.casefold() != "doctype html":
            self.printed.fault(self.place, f"a declaration that reports do not have: “{decl[:60]}”")

    def unknown_decl(self, data: str) -> None:
        """A declaration that is none of HTML."""
        self.printed.fault(self.place, f"a declaration that reports do not have: “{data[:60]}”")

    def handle_pi(self, data: str) -> None:
        """A processing instruction."""
        self.printed.fault(self.place, f"an instruction that reports do not have: “{data[:60]}”")

    def close(self) -> None:
        """The page ends: numbers at the end of ids must only count them."""
        super().close()
        self._flush()
        for stem, numbers in self._counters.items():
            if max(numbers) > len(numbers) + 1:
                self.printed.fault(f"ids beginning with “{stem}”", f"the number {max(numbers)} does not count anything")

    # Where we are

    @property
    def section(self) -> str:
        """The innermost section that has an id; before the first one, "head"."""
        return next((id_ for id_ in reversed(self._sections) if id_), "head" if not self._seen["section"] else "foot")

    @property
    def place(self) -> str:
        """Where the reader is, in words."""
        return f"line {self.getpos()[0]}, part “{self.section}”"

    def _flush(self) -> None:
        text = " ".join("".join(self._block).split())
        self._summary = text if text and self._block_tag == "summary" else self._summary
        if text and self.section == "comments" and self._block_tag in {"h3", "summary", "li"}:
            self._hear(text)
        elif text and self.section == "introduction":
            self.printed.worn.append(("introduction", text))
        elif text:
            self.printed.say(self.place, self.section, text)
            if self._block_tag in {"h1", "title"}:
                self.printed.claims.setdefault(self._block_tag, text)
            if self.section == "foot":
                self.printed.claims["foot"] = f"{self.printed.claims.get('foot', '')}\n{text}".strip()
        self._block = []

    def _hear(self, text: str) -> None:
        """A comment, the unit above it, or the question above that."""
        if self._block_tag == "h3":
            self._question, self._unit = text, ""
        elif self._block_tag == "summary":
            self._unit = text
        said = text if self._block_tag == "li" else ""
        if said or self._block_tag == "h3":
            self.printed.words.append(Word(self.place, self._question, self._unit, said))

    # Attributes

    def _check(self, tag: str, name: str, value: str) -> None:
        if tag == "section" and name == "id" and value != "introduction":
            self._seen["section"] += 1
        if (tag, name) in _WORN:
            self.printed.worn.append((_WORN[tag, name], value))
        elif name in SPOKEN:
            self.printed.say(f"{self.place}, attribute {name}", self.section, value)
        elif name in NAMED:
            self._check_name(name, value)
        elif name == "colspan" and (name, value) not in FIXED:
            self.printed.say(f"{self.place}, attribute colspan", "colspan", value)
        elif name == "content" and tag == "meta":
            if not _POLICY.fullmatch(value) and (name, value) not in FIXED:
                self.printed.say(f"{self.place}, attribute content", "head", value)
        elif not self._is_harmless(name, value) and not self._is_picture(tag, name, value):
            self.printed.fault(self.place, f"an attribute that may carry a figure: {name}=“{value[:60]}”")

    def _is_harmless(self, name: str, value: str) -> bool:
        """Whether an attribute is one that every report has."""
        if name == "class":
            return all(_CLASS.fullmatch(one) for one in value.split())
        if name == "style":
            return _STYLE.fullmatch(value) is not None
        return (name, value) in FIXED or (name in PLAIN and not any(map(str.isnumeric, value)))

    def _is_picture(self, tag: str, name: str, value: str) -> bool:
        """Whether an attribute draws a picture in a table of a team page, which is held against the table's figures."""
        kind = self._table.kind if self._table is not None and name == "style" else ""
        if kind == "lanes" and tag == "td":
            return _LANE.fullmatch(value) is not None
        return kind == "side" and tag == "i" and self._slot is not None and _SHARE.fullmatch(value) is not None

    def _check_name(self, name: str, value: str) -> None:
        """An id, or what points to one: letters, the id of a measure, and at most a number that counts."""
        if name == "href" and not value.startswith("#"):
            self.printed.links.append((self.place, value))
            return
        rest = value.removeprefix("#")
        if any(map(str.isnumeric, rest)):
            rest = self._names.sub("", rest)
        stem, _, number = rest.rpartition("-")
        if re.fullmatch(r"[0-9]{1,9}", number):
            self._counters.setdefault(stem, set()).add(int(number))
            rest = stem
        if any(map(str.isnumeric, rest)):
            self.printed.fault(self.place, f"a number in {name}=“{value[:60]}”")


def _drawn(style: str) -> Iterator[tuple[str, str]]:
    """The figures that a picture is drawn from, as written."""
    for part in style.split(";"):
        name, _, value = part.removeprefix("--").partition(":")
        yield name, value
