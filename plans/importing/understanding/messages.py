"""The words of each warning: what is wrong and what to do, as a person in an office would say it."""

from plans.importing.proposal import Warning

_MESSAGES = {
    "impossible_date": "Thời hạn không có trong lịch. Hãy xem lại văn bản và ghi thời hạn đúng.",
    "past_at_signing": "Thời hạn đã qua khi kế hoạch được ký. Hãy xác nhận hoặc sửa lại thời hạn.",
    "year_mismatch": "Năm của thời hạn khác năm của kế hoạch. Hãy xác nhận hoặc sửa lại thời hạn.",
    "missing_deadline": "Nhiệm vụ chưa có thời hạn. Hãy bổ sung, hoặc xác nhận là không có thời hạn.",
    "needs_input": "Thời hạn phụ thuộc vào sự kiện hoặc văn bản khác. Hãy nhập ngày cụ thể khi biết.",
    "ambiguous_deadline": "Thời hạn có thể hiểu theo nhiều cách. Hãy chọn cách hiểu đúng.",
    "several_deadlines": "Ô thời gian có nhiều mốc. Hãy xác nhận mỗi mốc là một lần phải hoàn thành.",
    "excel_serial": "Thời hạn là số ngày của Excel, đã được đổi ra ngày. Hãy kiểm tra lại ngày này.",
    "start_after_due": "Ngày bắt đầu sau ngày hoàn thành. Hãy xem lại hai ngày này.",
    "weekend": "Ngày đến hạn rơi vào thứ bảy hoặc chủ nhật; hệ thống giữ nguyên ngày và nhắc việc sớm hơn.",
    "missing_lead": "Nhiệm vụ chưa có cơ quan thực hiện. Hãy bổ sung cơ quan.",
    "unknown_agency": "Chưa nhận ra cơ quan này trong danh mục. Hãy chọn cơ quan tương ứng hoặc thêm mới.",
    "misspelt_agency": "Tên cơ quan có thể viết sai. Hãy xác nhận cơ quan được chọn.",
    "obsolete_agency": "Cơ quan đã kết thúc hoạt động trước ngày ký kế hoạch. Hãy chọn cơ quan kế thừa.",
    "agency_ends_before_due": "Cơ quan kết thúc hoạt động trước khi đến hạn. Hãy dự kiến cơ quan kế thừa.",
    "same_agency_two_roles": "Một cơ quan được giao hai vai trò trong cùng nhiệm vụ. Hãy xác nhận vai trò.",
    "missing_coordinating": "Nhiệm vụ chưa ghi cơ quan phối hợp. Hãy bổ sung nếu có.",
    "duplicate_no": "Số thứ tự bị trùng với nhiệm vụ khác. Hãy đối chiếu với văn bản.",
    "missing_no": "Dòng này không có số thứ tự trong khi các dòng khác có. Hãy đối chiếu với văn bản.",
    "number_gap": "Số thứ tự không liền với dòng trước.",
    "duplicate_task": "Nhiệm vụ trùng nội dung và cơ quan với một nhiệm vụ khác. Hãy bỏ bớt nếu bị lặp.",
    "several_tasks": "Ô này có thể chứa nhiều nhiệm vụ với thời hạn riêng. Hãy tách ra nếu cần.",
    "continued_row": "Nội dung được ghép từ nhiều dòng của bảng. Hãy đối chiếu với văn bản.",
    "row_lost": "Có thể thiếu dòng hoặc phần đầu, phần cuối của dòng bị cắt. Hãy đối chiếu với bản gốc.",
    "table_without_head": "Bảng không có dòng tên cột nên được đọc theo các cột của bảng trước. Hãy kiểm tra lại.",
    "nested_table": "Ô này chứa một bảng con, đã đổi thành các dòng chữ. Hãy đối chiếu với văn bản.",
    "long_text": "Nội dung nhiệm vụ rất dài; nên kiểm tra xem có gồm nhiều nhiệm vụ hay không.",
    "missing_cell": "Dòng thiếu nội dung nhiệm vụ. Hãy bổ sung theo văn bản.",
    "ditto": "Ô ghi “như trên”, đã lấy theo dòng liền trước.",
    "note_changes_task": "Chú thích có thể thay đổi thời hạn hoặc phạm vi của nhiệm vụ. Hãy đọc chú thích và sửa nếu cần.",
    "partner_in_text": "Nội dung nêu cơ quan phối hợp không có trong ô cơ quan. Hãy bổ sung nếu cần giao việc.",
    "request_not_order": "Văn bản dùng từ “đề nghị”, không phải giao nhiệm vụ bắt buộc. Hãy xác nhận có theo dõi hay không.",
    "report_task": "Đây là nhiệm vụ báo cáo; có thể gắn với kỳ báo cáo của kế hoạch.",
    "encoding": "Chữ trong văn bản có dấu hiệu lỗi phông chữ, mã chữ hoặc nhận dạng. Hãy đối chiếu với bản gốc.",
}


def warning(code: str, words: str = "", message: str = "", place: str = "") -> Warning:
    """Make a warning with the standing message of its code, or with a message of its own."""
    words = words.strip()
    return Warning(code, words if len(words) <= 300 else words[:297] + "…", message or _MESSAGES.get(code, ""), place)
