"""A report about a plan, or a plan without sections: paragraphs that begin with who must do what, sentence by sentence."""

import re
from dataclasses import replace

from agencies.folding import fold
from plans.importing.columns import COORDINATE, IMPLEMENT, MIXED
from plans.importing.document import Paragraph
from plans.importing.proposal import Assignment, Warning
from plans.importing.understanding.duties import split_subject, with_roles
from plans.importing.understanding.meaning import Reading
from plans.importing.understanding.messages import warning
from plans.importing.understanding.raw import RawTask
from plans.importing.understanding.times import time_in
from plans.importing.understanding.verbs import BEGINS_DUTY_PRINTED, GENERAL_DUTY

_SENTENCE = re.compile(r"(?<=[^\W\d_][.!?])\s+(?=[A-ZĐÀ-Ỹ])")
_CLAUSE = re.compile(r";\s+")
_LEAD_IN = re.compile(
    r"^(?:đồng thời|bên cạnh đó|qua đó|ngoài ra|(?:căn cứ|dựa)?\s*(?:trên )?(?:cơ sở |căn cứ )?kết quả[^,]{3,120}(?:, tổ chức)?),\s+|"
    r"^(?:trên cơ sở|căn cứ(?: trên)?|qua)\s[^,]{3,120}(?:, tổ chức)?,\s+",
    re.IGNORECASE,
)
_MODAL = re.compile(r"^(?:có trách nhiệm|chịu trách nhiệm|có nhiệm vụ|phải|cần)\s+", re.IGNORECASE)
_MANNER = re.compile(
    r"\s(?:(?:theo|bằng|qua|thông qua|dưới) (?:các|những|nhiều) hình thức(?: sau| như)?\s*:|(?:để|nhằm) (?:phục vụ|tham mưu)\s)",
    re.IGNORECASE,
)
_LEFT_OUT = re.compile(r"\((?:không bao gồm|không gồm|trừ)\s*:?\s*(?P<who>[^()]{4,300})\)", re.IGNORECASE)
_WITHIN_SCOPE = "thuộc phạm vi"
_SHORTEST, _SHORT = 25, 60
"""Lengths in characters: below the first a part is no duty of its own, below the second it may belong to the next."""


def read_narrative(paragraphs: list[Paragraph], reading: Reading) -> tuple[list[RawTask], list[Warning]]:
    """The duties found in running text. Uncertain by nature: one warning for the document says so."""
    tasks: list[RawTask] = []
    for paragraph in paragraphs:
        tasks += _of_paragraph(paragraph, reading)
    if not tasks:
        return [], []
    _settle_lead(tasks)
    message = "Văn bản không có bảng nhiệm vụ, cũng không chia mục; nhiệm vụ được tách theo từng câu. Hãy đối chiếu kỹ với văn bản."
    return tasks, [warning("several_tasks", "", message), *_exclusions(paragraphs, tasks, reading)]


def _exclusions(paragraphs: list[Paragraph], tasks: list[RawTask], reading: Reading) -> list[Warning]:
    """Who is left out of the scope that a text sets ("… (Không bao gồm: A, B) … nằm trong phạm vi khảo sát"): they do not owe
    what "the agencies within the scope" owe."""
    for paragraph in paragraphs:
        match = _LEFT_OUT.search(paragraph.text)
        if not match or "phạm vi" not in fold(paragraph.text):
            continue
        names = tuple(one.agency_or_group for one in reading.agencies(match["who"], COORDINATE).entries if one.known)
        inside = [
            task for task in tasks if any(_WITHIN_SCOPE in fold(one.agency_or_group) for one in task.assignments or ())
        ]
        for task in inside:
            task.assignments = [
                replace(one, excluded=names) if _WITHIN_SCOPE in fold(one.agency_or_group) else one
                for one in task.assignments or ()
            ]
        if names and inside:
            message = (
                f"Phạm vi của kế hoạch không bao gồm {', '.join(names)}; các cơ quan này không được giao "
                f"{len(inside)} nhiệm vụ chung. Hãy xác nhận."
            )
            return [warning("note_changes_task", match[0], message, paragraph.place)]
    return []


def _settle_lead(tasks: list[RawTask]) -> None:
    """One agency is said to lead the whole: the others, of whom nothing is said, carry out.

    What names nobody but a day belongs to that leader and to whom it contracts for the work, until a person confirms.
    """
    said = [one for task in tasks for one in task.assignments or ()]
    leads = [one.agency_or_group for one in said if one.role == "lead" and one.role_stated]
    for task in tasks:
        task.assignments = [
            replace(one, role=IMPLEMENT)
            if leads and one.role == "lead" and not one.role_stated and one.agency_or_group not in leads
            else one
            for one in task.assignments or ()
        ]
    whole = next((one for task in tasks if GENERAL_DUTY.search(fold(task.text)) for one in _leaders(task)), None)
    if not whole:
        return
    owners = [replace(whole, role_stated=False), *_contracted(tasks)]
    names = ", ".join(one.agency_or_group for one in owners)
    message = f"Câu này không nêu cơ quan; tạm giao cho {names} theo các câu khác của văn bản. Hãy xác nhận."
    for task in tasks:
        if not task.assignments:
            task.assignments = list(owners)
            task.agencies = [(MIXED, "; ".join(one.name or one.agency_or_group for one in owners))]
            task.warnings.append(warning("missing_lead", task.text[:80], message))


def _leaders(task: RawTask) -> list[Assignment]:
    return [one for one in task.assignments or () if one.role == "lead" and one.role_stated and not one.group]


def _contracted(tasks: list[RawTask]) -> list[Assignment]:
    """Whom the text contracts for the work ("ký hợp đồng với Bưu điện tỉnh"): they carry it out."""
    return [
        replace(one, role=IMPLEMENT, role_stated=False)
        for task in tasks
        if re.search(r"hợp đồng với", fold(task.text))
        for one in task.assignments or ()
        if one.role == "coordinate" and not one.group and one.known
    ]


def _of_paragraph(paragraph: Paragraph, reading: Reading) -> list[RawTask]:
    sentences = _SENTENCE.split(paragraph.text)
    owners, words, rest = split_subject(sentences[0], reading)
    if not owners or len(paragraph.text) < 60 or not BEGINS_DUTY_PRINTED.match(rest):
        return _timed_sentences(sentences, paragraph)
    return [
        _task(clause, owners, words, paragraph, reading)
        for place, sentence in enumerate(sentences)
        for clause in _clauses(rest if place == 0 else sentence)
    ]


def _task(clause: str, owners: list[Assignment], words: str, paragraph: Paragraph, reading: Reading) -> RawTask:
    text, note = _without_manner(clause)
    return RawTask(
        text,
        paragraph.place,
        agencies=[(MIXED, words)],
        time_text=time_in(clause),
        note=note,
        assignments=with_roles(owners, clause, reading),
        has_time_column=False,
    )


def _clauses(sentence: str) -> list[str]:
    """The duties of a sentence: its parts between semicolons, but a list after a colon stays with what it lists, and a
    part stays with the next one that goes on about the same things."""
    clauses: list[str] = []
    for clause in _CLAUSE.split(sentence):
        plain = _MODAL.sub("", _LEAD_IN.sub("", clause.strip())).strip(" .")
        if clauses and (len(plain) < _SHORTEST or ":" in clauses[-1] or _about_the_same(clauses[-1], plain)):
            clauses[-1] = f"{clauses[-1]}; {plain}"
        elif plain:
            clauses.append(plain)
    return clauses


def _about_the_same(clause: str, following: str) -> bool:
    """A short part ending in the very words that the next one uses: "lập danh sách điều tra viên, cộng tác viên"."""
    words = fold(clause).split()
    return len(clause) < _SHORT and len(words) > 4 and " ".join(words[-4:]) in fold(following)


def _without_manner(clause: str) -> tuple[str, str]:
    """What is to be done, and apart from it by which means or for whose use; these words go to the note."""
    match = _MANNER.search(clause)
    if not match or match.start() < _SHORT:
        return clause, ""
    return clause[: match.start()].rstrip(" ,"), clause[match.start() :].strip()


def _timed_sentences(sentences: list[str], paragraph: Paragraph) -> list[RawTask]:
    """A sentence that sets a day is a duty even where it does not say whose."""
    tasks: list[RawTask] = []
    for sentence in sentences:
        time = time_in(sentence)
        if time and re.search(r"hoàn thành|thực hiện|triển khai|tiến hành", sentence):
            text = next((clause for clause in _CLAUSE.split(sentence) if time in clause), sentence)
            tasks.append(RawTask(text.strip(), paragraph.place, time_text=time, assignments=[], has_time_column=False))
    return tasks
