"""A report about a plan, or a plan without sections: paragraphs that begin with who must do what, sentence by sentence."""

import re
from dataclasses import replace

from plans.importing.columns import MIXED
from plans.importing.document import Paragraph
from plans.importing.proposal import Warning
from plans.importing.understanding.duties import split_subject, with_roles
from plans.importing.understanding.meaning import Reading
from plans.importing.understanding.messages import warning
from plans.importing.understanding.raw import RawTask
from plans.importing.understanding.times import time_in
from plans.importing.understanding.verbs import BEGINS_DUTY_PRINTED

_SENTENCE = re.compile(r"(?<=[^\W\d_][.!?])\s+(?=[A-ZĐÀ-Ỹ])")
_CLAUSE = re.compile(r";\s+")
_LEAD_IN = re.compile(
    r"^(?:đồng thời|bên cạnh đó|qua đó|ngoài ra|(?:căn cứ|dựa)?\s*(?:trên )?(?:cơ sở |căn cứ )?kết quả[^,]{3,120}(?:, tổ chức)?),\s+|"
    r"^(?:trên cơ sở|căn cứ(?: trên)?|qua)\s[^,]{3,120}(?:, tổ chức)?,\s+",
    re.IGNORECASE,
)
_MODAL = re.compile(r"^(?:có trách nhiệm|chịu trách nhiệm|có nhiệm vụ|phải|cần)\s+", re.IGNORECASE)
_SHORTEST = 25


def read_narrative(paragraphs: list[Paragraph], reading: Reading) -> tuple[list[RawTask], list[Warning]]:
    """The duties found in running text. Uncertain by nature: one warning for the document says so."""
    tasks: list[RawTask] = []
    for paragraph in paragraphs:
        tasks += _of_paragraph(paragraph, reading)
    if not tasks:
        return [], []
    _settle_lead(tasks)
    message = "Văn bản không có bảng nhiệm vụ, cũng không chia mục; nhiệm vụ được tách theo từng câu. Hãy đối chiếu kỹ với văn bản."
    return tasks, [warning("several_tasks", "", message)]


def _settle_lead(tasks: list[RawTask]) -> None:
    """One agency is said to lead the whole: the others, of whom nothing is said, carry out."""
    leads = [
        one.agency_or_group
        for task in tasks
        for one in task.assignments or ()
        if one.role == "lead" and one.role_stated
    ]
    for task in tasks:
        task.assignments = [
            replace(one, role="implement")
            if leads and one.role == "lead" and not one.role_stated and one.agency_or_group not in leads
            else one
            for one in task.assignments or ()
        ]


def _of_paragraph(paragraph: Paragraph, reading: Reading) -> list[RawTask]:
    sentences = _SENTENCE.split(paragraph.text)
    owners, words, rest = split_subject(sentences[0], reading)
    if not owners or len(paragraph.text) < 60:
        return _timed_sentences(sentences, paragraph)
    if not BEGINS_DUTY_PRINTED.match(rest):
        return _timed_sentences(sentences, paragraph)
    tasks: list[RawTask] = []
    for place, sentence in enumerate(sentences):
        body = rest if place == 0 else sentence
        for clause in _clauses(body):
            assignments = with_roles(owners, clause, reading)
            tasks.append(
                RawTask(
                    clause,
                    paragraph.place,
                    agencies=[(MIXED, words)],
                    time_text=time_in(clause),
                    assignments=assignments,
                    has_time_column=False,
                )
            )
    return tasks


def _clauses(sentence: str) -> list[str]:
    clauses: list[str] = []
    for clause in _CLAUSE.split(sentence):
        plain = _MODAL.sub("", _LEAD_IN.sub("", clause.strip())).strip(" .")
        if len(plain) < _SHORTEST and clauses:
            clauses[-1] = f"{clauses[-1]}; {plain}"
        elif plain:
            clauses.append(plain)
    return clauses


def _timed_sentences(sentences: list[str], paragraph: Paragraph) -> list[RawTask]:
    """A sentence that sets a day is a duty even where it does not say whose."""
    tasks: list[RawTask] = []
    for sentence in sentences:
        time = time_in(sentence)
        if time and re.search(r"hoàn thành|thực hiện|triển khai|tiến hành", sentence):
            text = next((clause for clause in _CLAUSE.split(sentence) if time in clause), sentence)
            tasks.append(RawTask(text.strip(), paragraph.place, time_text=time, assignments=[], has_time_column=False))
    return tasks
