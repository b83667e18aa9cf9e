"""Words of reports in the sample data, as officers write them."""

RESULTS = (
    "Ban hành kế hoạch của cơ quan thực hiện Kế hoạch số 82/KH-UBND, giao nhiệm vụ cụ thể đến từng phòng, đơn vị.\n"
    "Công khai 100% thủ tục hành chính thuộc phạm vi quản lý; tỷ lệ hồ sơ giải quyết đúng hạn và trước hạn đạt 99,1%.\n"
    "Tiếp nhận 17 phản ánh, kiến nghị, đã trả lời 17 trường hợp.",
    "Rà soát, kiến nghị cắt giảm thời gian giải quyết 08 thủ tục hành chính, bình quân 30% so với quy định.\n"
    "Tỷ lệ hồ sơ nộp trực tuyến đạt 72,4%; hướng dẫn trực tiếp 640 lượt tổ chức, cá nhân tại Bộ phận Một cửa.",
    "Tổ chức 02 hội nghị đối thoại với người dân, doanh nghiệp; giải quyết tại chỗ 21/26 kiến nghị.\n"
    "Đăng 35 tin, bài về chính sách mới trên trang thông tin điện tử; niêm yết mã QR tra cứu thủ tục tại nơi tiếp nhận.",
    "Kiểm tra đột xuất việc chấp hành kỷ luật, kỷ cương hành chính tại 04 đơn vị trực thuộc, chấn chỉnh 02 trường hợp.\n"
    "Tập huấn kỹ năng giao tiếp cho 58 công chức, viên chức làm việc tại Bộ phận Một cửa.",
    "Nâng cấp phòng tiếp công dân và Bộ phận Một cửa: bổ sung ghế chờ, máy lấy số, máy tính phục vụ người dân.\n"
    "Khảo sát ý kiến 450 lượt tổ chức, cá nhân sau khi nhận kết quả: 98,2% đánh giá hài lòng trở lên.",
    "Xử lý dứt điểm 05 hồ sơ tồn đọng; gửi thư xin lỗi đối với 03 hồ sơ trả kết quả chậm.\n"
    "Phối hợp với các cơ quan báo chí tuyên truyền 12 chuyên mục về cải cách hành chính.",
)
SHORTCOMINGS = (
    "Một số nội dung tuyên truyền chưa thường xuyên; nguyên nhân do công chức kiêm nhiệm nhiều việc.",
    "",
    "Tỷ lệ thanh toán trực tuyến còn thấp do thói quen dùng tiền mặt của người dân.",
    "Việc cập nhật tiến độ của một số phòng chuyên môn còn chậm; nguyên nhân do chưa phân công đầu mối theo dõi.",
    "",
    "Trang thiết bị tại nơi tiếp nhận hồ sơ đã cũ, chưa được bố trí kinh phí thay thế.",
)
PROPOSALS = (
    "Đề nghị Sở Nội vụ tổ chức tập huấn phương pháp đo lường sự hài lòng theo Quyết định số 1001/QĐ-BNV.",
    "Đề nghị Sở Thông tin và Truyền thông nâng cấp đường truyền của Cổng Dịch vụ công tỉnh.",
    "Đề nghị Sở Tài chính hướng dẫn bố trí kinh phí nâng cấp Bộ phận Một cửa cấp xã.",
)
NEXT = (
    "Tiếp tục rà soát, đơn giản hóa thủ tục hành chính; xử lý kịp thời phản ánh, kiến nghị của người dân.",
    "Nâng tỷ lệ hồ sơ trực tuyến toàn trình lên 80%; duy trì khảo sát sự hài lòng hằng quý.",
    "Hoàn thành các nhiệm vụ đến hạn trong quý III; kiểm tra việc thực hiện tại các đơn vị trực thuộc.",
    "Duy trì giao ban hằng tuần về tiến độ; phân công lãnh đạo cơ quan theo dõi từng nhiệm vụ đến hạn trong quý III.",
)
