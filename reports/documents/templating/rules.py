"""What may stand in a template: names, fields, conditions, loops over known lists. Everything else is refused.

The check works on the parsed template, before anything of it runs: no call, no arithmetic, no assignment, no include, no
macro, no name that the product does not give. So nothing that Jinja can do harm with ever reaches the renderer. Knows
Jinja only; no Django in here, since it runs in the confined process.
"""

import difflib
import re
from dataclasses import dataclass, field
from typing import Any

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

Shape = dict[str, dict[str, Any]]
FILTERS = ("upper", "lower", "trim", "length")
TESTS = ("defined", "odd", "even")
LOOP = ("index", "index0", "first", "last", "length", "revindex")
DEEPEST_LOOP = 2
MOST_TAGS = 2000
ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const, nodes.For, nodes.If,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.Test,
)  # fmt: skip
FORBIDDEN_WORDS = {
    nodes.Call: "gọi hàm", nodes.Include: "chèn tệp khác (include)", nodes.Import: "nạp tệp khác (import)",
    nodes.FromImport: "nạp tệp khác (import)", nodes.Extends: "kế thừa mẫu khác (extends)", nodes.Macro: "macro",
    nodes.CallBlock: "macro", nodes.FilterBlock: "khối filter", nodes.Assign: "gán biến (set)",
    nodes.AssignBlock: "gán biến (set)", nodes.With: "khối with", nodes.Block: "khối block",
    nodes.Getitem: "truy cập bằng dấu ngoặc vuông", nodes.List: "danh sách tự viết", nodes.Dict: "từ điển tự viết",
    nodes.CondExpr: "biểu thức if rút gọn (hãy dùng {% if %})", nodes.Concat: "nối chữ bằng ~",
}  # fmt: skip
ADVICE = (
    (r"Unexpected end of template", "thiếu thẻ đóng ({% endfor %} hoặc {% endif %})"),
    (r"unknown tag '(\w+)'", "thẻ “{0}” không dùng được ở đây; chỉ dùng for, endfor, if, elif, else, endif"),
    (r"unexpected char", "có ký tự lạ bên trong dấu ngoặc nhọn; tên biến viết không dấu, không cách"),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a template, where (the words of the paragraph), and what to do."""

    words: str
    place: str

    def as_dict(self) -> dict[str, str]:
        """Return JSON values."""
        return {"words": self.words, "place": self.place}


def environment() -> ImmutableSandboxedEnvironment:
    """Return the environment in which templates are parsed and rendered: sandboxed, escaping, and nearly empty."""
    made = ImmutableSandboxedEnvironment(autoescape=True, cache_size=0)
    made.globals.clear()
    made.filters = {name: made.filters[name] for name in FILTERS}
    made.tests = {name: made.tests[name] for name in TESTS}
    return made


def problems_in(source: str, shape: Shape, part: str) -> list[Problem]:
    """Return all that is wrong in one part (body, header …), already patched by docxtpl, one paragraph a line."""
    lines = source.split("\n")
    try:
        tree = environment().parse(source)
    except TemplateSyntaxError as error:
        return [Problem(_advice(str(error.message)), _place(lines, error.lineno, part))]
    walk = _Walk(shape, lines, part)
    walk.visit(tree, {}, 0)
    return list(dict.fromkeys(walk.found))


def _advice(message: str) -> str:
    for pattern, words in ADVICE:
        match = re.search(pattern, message)
        if match:
            return f"Cú pháp chưa đúng: {words.format(*match.groups()) if match.groups() else words}."
    return "Cú pháp chưa đúng: nội dung trong {{ }} hoặc {% %} viết sai."


def _place(lines: list[str], number: int, part: str) -> str:
    """Return the words of the paragraph at a line of the source, or of the nearest one above that has words."""
    for line in lines[min(number, len(lines)) - 1 :: -1]:
        words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", line)).strip()
        if words:
            return f"{part}: “{words[:80]}{'…' if len(words) > 80 else ''}”"
    return part


@dataclass
class _Walk:
    """Goes through a parsed template; ``rows`` names the loop variables in sight and the list each runs over."""

    shape: Shape
    lines: list[str]
    part: str
    found: list[Problem] = field(default_factory=list)
    tags: int = 0

    def visit(self, node: nodes.Node, rows: dict[str, str], depth: int) -> None:
        self.tags += 1
        if self.tags > MOST_TAGS * 4:
            self._say(node, "Mẫu có quá nhiều thẻ.") if self.tags == MOST_TAGS * 4 + 1 else None
            return
        if not isinstance(node, ALLOWED):
            words = FORBIDDEN_WORDS.get(type(node), f"biểu thức {type(node).__name__}")
            self._say(node, f"Mẫu không được dùng {words}; chỉ dùng biến, {{% for %}} và {{% if %}}.")
            return
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            self._say(node, f"Bộ lọc “{node.name}” không dùng được; chỉ dùng {', '.join(FILTERS)}.")
        elif isinstance(node, nodes.Test) and node.name not in TESTS:
            self._say(node, f"Phép thử “{node.name}” không dùng được; chỉ dùng {', '.join(TESTS)}.")
        elif isinstance(node, nodes.For):
            self._loop(node, rows, depth)
        elif isinstance(node, nodes.Getattr):
            self._field(node, rows)
        elif isinstance(node, nodes.Name):
            self._name(node, rows)
        elif isinstance(node, nodes.Output):
            self._printed(node, rows, depth)
        else:
            for child in node.iter_child_nodes():
                self.visit(child, rows, depth)

    def _printed(self, node: nodes.Output, rows: dict[str, str], depth: int) -> None:
        for child in node.nodes:
            name = child.name if isinstance(child, nodes.Name) else ""
            if name in rows or (name in self.shape and self.shape[name]["fields"]):
                fields = self.shape[rows.get(name, name)]["fields"]
                row = "dong" if name not in rows and self.shape[name]["is_list"] else name
                self._say(child, f"“{name}” có nhiều giá trị: hãy ghi rõ, ví dụ {{{{ {row}.{fields[0]} }}}}.")
            else:
                self.visit(child, rows, depth)

    def _loop(self, node: nodes.For, rows: dict[str, str], depth: int) -> None:
        if not isinstance(node.target, nodes.Name) or not isinstance(node.iter, nodes.Name) or node.recursive:
            self._say(node, "Vòng lặp chỉ có dạng {% for dong in ten_danh_sach %}.")
            return
        name, listed = node.target.name, node.iter.name
        if not self.shape.get(listed, {}).get("is_list"):
            lists = [known for known, one in self.shape.items() if one["is_list"]]
            self._say(node, f"“{listed}” không phải là danh sách.{self._nearest(listed, lists)}")
            return
        if name in self.shape or name == "loop" or name.startswith("_"):
            self._say(node, f"Tên “{name}” trong vòng lặp trùng với biến có sẵn. Hãy dùng tên khác, ví dụ “dong”.")
            return
        if depth >= DEEPEST_LOOP:
            self._say(node, "Vòng lặp lồng nhau quá sâu (tối đa hai tầng).")
            return
        for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
            self.visit(child, rows | {name: listed}, depth + 1)

    def _field(self, node: nodes.Getattr, rows: dict[str, str]) -> None:
        if not isinstance(node.node, nodes.Name):
            self._say(node, "Chỉ được lấy một tầng giá trị, ví dụ {{ ke_hoach.so }}.")
            return
        owner, name = node.node.name, node.attr
        if owner == "loop" and rows:
            known = list(LOOP)
        else:
            listed = rows.get(owner, owner)
            if listed not in self.shape:
                self._unknown(node, owner, rows)
                return
            if owner == listed and self.shape[listed]["is_list"]:
                self._say(node, f"“{owner}” là danh sách: hãy lấy từng dòng bằng {{% for dong in {owner} %}}.")
                return
            known = self.shape[listed]["fields"]
        if name not in known:
            self._say(node, f"“{owner}” không có giá trị “{name}”.{self._nearest(name, known)}")

    def _name(self, node: nodes.Name, rows: dict[str, str]) -> None:
        if node.name not in self.shape and node.name not in rows:
            self._unknown(node, node.name, rows)

    def _unknown(self, node: nodes.Node, name: str, rows: dict[str, str]) -> None:
        self._say(node, f"Không có biến “{name}”.{self._nearest(name, [*self.shape, *rows])}")

    @staticmethod
    def _nearest(name: str, known: list[str]) -> str:
        close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        return f" Có phải là “{close[0]}”?" if close else " Hãy xem danh sách biến."

    def _say(self, node: nodes.Node, words: str) -> None:
        self.found.append(Problem(words, _place(self.lines, node.lineno, self.part)))
