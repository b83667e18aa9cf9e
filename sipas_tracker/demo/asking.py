"""What agencies asked for in the sample data: later due dates and the removal of obstacles, through the verbs people use."""

from datetime import date
from typing import Any

from agencies.models import Agency
from plans.giving.breaking_down import break_down, units_of
from plans.giving.declining import decline
from plans.models import Extension, Obstacle, Plan, WorkItem
from sipas_tracker.demo.story import Story


def tell_requests(plan: Plan, story: Story) -> None:
    """Play the requests of May and June 2024: some decided, some waiting for each of the people one can sign in as."""
    _extensions(plan, story)
    _obstacles(plan, story)
    _giving(plan, story)


def _extensions(plan: Plan, story: Story) -> None:
    coordinator = story.coordinator
    granted = _ask(
        plan, story, "STTTT", 27, date(2024, 5, 27), date(2024, 7, 31),
        "Dự thảo Quy chế còn 9/32 cơ quan chưa gửi ý kiến góp ý; cần thêm thời gian tiếp thu, thẩm định trước khi trình UBND tỉnh.",
    )  # fmt: skip
    if granted:
        granted.approve(by=coordinator, on=date(2024, 5, 29), words="Đồng ý; đề nghị trình chậm nhất ngày 25/7/2024.")
    offered = _ask(
        plan, story, "SXD", 1, date(2024, 5, 20), date(2024, 6, 28),
        "Do kiện toàn phòng chuyên môn tham mưu cải cách hành chính, kế hoạch của Sở chưa được ban hành.",
    )  # fmt: skip
    if offered:
        words = "Kế hoạch của Sở phải có trước kỳ báo cáo 6 tháng đầu năm."
        offered.offer(by=coordinator, on=date(2024, 5, 23), until=date(2024, 6, 7), words=words)
    forwarded = _ask(
        plan, story, "SNV", 4, date(2024, 5, 24), date(2024, 7, 15),
        "Văn bản chỉ đạo cần cập nhật kết quả công bố Chỉ số SIPAS năm 2023 của Bộ Nội vụ.",
    )  # fmt: skip
    if forwarded:
        forwarded.forward(by=coordinator, on=date(2024, 5, 27), words="Trình UBND tỉnh tại Tờ trình số 67/TTr-SNV.")
    _ask(
        plan, story, "UBND huyện Lập Thạch", 28, date(2024, 5, 30), date(2024, 7, 31),
        "Giảng viên lớp tập huấn kỹ năng giao tiếp chỉ bố trí được vào giữa tháng 7; đã có danh sách 64 học viên.",
    )  # fmt: skip


def _obstacles(plan: Plan, story: Story) -> None:
    _put(
        plan, story, "SYT", 23, date(2024, 5, 31), to="STTTT",
        words="Phần mềm tiếp nhận hồ sơ cấp phép hành nghề khám, chữa bệnh chưa kết nối với Cổng Dịch vụ công của tỉnh.",
        cause="Hai hệ thống do hai đơn vị cung cấp, chưa thống nhất chuẩn dữ liệu trao đổi.",
        proposal="Chủ trì thống nhất chuẩn dữ liệu, hoàn thành kết nối trong tháng 6.",
    )  # fmt: skip
    _put(
        plan, story, "UBND huyện Lập Thạch", 20, date(2024, 6, 3),
        words="Chưa bố trí được kinh phí thay máy lấy số tự động tại Bộ phận Một cửa của 4 xã.",
        cause="Dự toán năm 2024 giao từ cuối năm 2023, chưa có nội dung này.",
        proposal="Tổng hợp, báo cáo UBND tỉnh hỗ trợ từ nguồn kinh phí cải cách hành chính.",
    )  # fmt: skip
    answered = _put(
        plan, story, "STP", 18, date(2024, 5, 22),
        words="Chưa có tài liệu tuyên truyền thống nhất về Chỉ số hài lòng để đăng trên trang thông tin điện tử.",
        proposal="Cung cấp bộ tài liệu tuyên truyền dùng chung.",
    )  # fmt: skip
    if answered:
        words = "Sở Nội vụ đã biên soạn bộ hỏi - đáp và 2 mẫu tin, gửi các cơ quan để đăng tải."
        answered.answer_it(
            by=story.coordinator, on=date(2024, 5, 24), words=words, document="Công văn số 812/SNV-CCHC ngày 24/5/2024"
        )


def _giving(plan: Plan, story: Story) -> None:
    """A task that an agency declines, and one that a district breaks down to three of its communes."""
    wrong = _item(plan, "STP", 8)
    if wrong and wrong.agency_id in story.officers:
        reason = (
            "Sở Tư pháp không có chức năng tham mưu chính sách thu hút đầu tư, tín dụng, việc làm; đề nghị giao Sở Kế hoạch "
            "và Đầu tư chủ trì, Sở Tư pháp thẩm định văn bản khi được yêu cầu."
        )
        decline(wrong, by=story.officers[wrong.agency_id], on=date(2024, 5, 31), reason=reason)
    share = _item(plan, "UBND huyện Lập Thạch", 11)
    if share and share.agency_id in story.officers:
        on = date(2024, 5, 30)
        communes = list(units_of(share, on).order_by("sort_key")[:3])
        if communes:
            break_down(share, communes, by=story.officers[share.agency_id], on=on, due=date(2024, 10, 31))


def _item(plan: Plan, place: str, position: int) -> WorkItem | None:
    """Return the agency's next open delivery of that task."""
    agencies = Agency.objects.filter(province=plan.province_id, name=place) | Agency.objects.filter(
        province=plan.province_id, code=place
    )
    items = WorkItem.objects.filter(task__plan=plan, task__position=position, agency__in=agencies)
    return items.deliveries().open().for_lists().order_by("due_date", "pk").first()


def _ask(plan: Plan, story: Story, place: str, position: int, on: date, until: date, reason: str) -> Extension | None:
    item = _item(plan, place, position)
    if item is None or item.agency_id not in story.officers:
        return None
    return Extension.ask(item, by=story.officers[item.agency_id], on=on, until=until, reason=reason)


def _put(
    plan: Plan, story: Story, place: str, position: int, on: date, *, to: str = "", **words: Any
) -> Obstacle | None:
    item = _item(plan, place, position)
    if item is None or item.agency_id not in story.officers:
        return None
    addressee = Agency.objects.filter(province=plan.province_id, code=to).first()
    by = story.officers[item.agency_id]
    return Obstacle.put(by=by, on=on, agency=item.agency, task=item.task, item=item, addressee=addressee, **words)
