"""What a plan's reminding comes to, month by month."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from notices.models import Notice
from notices.yearly import months_of
from tests.cast import Cast
from tests.factories import PeriodFactory, work_item


def test_a_month_is_counted_by_what_is_told_and_nothing_of_the_rehearsal_stays(cast: Cast) -> None:
    work_item(cast.health, plan=cast.plan, due=date(2024, 6, 14), state="in_progress", percent=40)
    PeriodFactory(plan=cast.plan, due_date=date(2024, 6, 9))
    march, april, may, june, july = months_of(cast.plan, date(2024, 7, 14))
    assert dict(march.counts) == {"Giao việc": 1}
    assert (dict(april.counts), dict(may.counts)) == ({}, {"Nhắc nộp báo cáo": 1})
    assert june.due == ["14/6/2024: hạn của nhiệm vụ " + str(cast.plan.tasks.get().position)]
    assert june.counts["Nhắc trước hạn"] == 3
    assert june.counts["Quá hạn"] == 3
    assert june.counts["Nhắc nộp báo cáo"] == 1
    assert (june.in_time, july.counts["Phó Chủ tịch"]) == (4, 2)
    assert not Notice.objects.exists()
    assert cast.plan.periods.get().status == "proposed"


def test_the_command_prints_the_table_or_json_and_knows_no_other_plan(cast: Cast) -> None:
    work_item(cast.health, plan=cast.plan, due=date(2024, 6, 14))
    out = StringIO()
    call_command("rehearse_year", "--plan", "82 / KH-UBND", "--until", "2024-06-30", "--json", stdout=out)
    assert [month["told"] for month in json.loads(out.getvalue())] == [1, 0, 0, 8]
    with pytest.raises(CommandError, match="Không có kế hoạch 83/KH-UBND"):
        call_command("rehearse_year", "--plan", "83/KH-UBND")
