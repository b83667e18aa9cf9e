"""Words that officers wrote in the story: short, factual, by number of the task in Appendix V (0: any task)."""

RETURN_REASON = "Đề nghị bổ sung số, ký hiệu văn bản triển khai và số liệu cụ thể; minh chứng gửi kèm chưa thể hiện kết quả thực hiện."
EXTRA = "Đã bổ sung văn bản triển khai và bảng số liệu theo yêu cầu của Sở Nội vụ."
RESULTS: dict[int, list[str]] = {
    0: [
        "Đã phân công phòng chuyên môn chủ trì, ban hành văn bản triển khai tới các đơn vị trực thuộc; đang thực hiện theo tiến độ.",
        "Đang thực hiện theo kế hoạch, kết quả kỳ này đạt yêu cầu; chưa phát sinh vướng mắc.",
        "Đã hoàn thành phần việc của kỳ; tiếp tục duy trì và theo dõi trong các tháng tới.",
    ],
    1: [
        "Đã ban hành kế hoạch của cơ quan triển khai Kế hoạch số 82/KH-UBND, phân công cụ thể từng phòng, đơn vị.",
        "Đã ban hành văn bản triển khai và quán triệt tại hội nghị giao ban tháng 3; gửi Sở Nội vụ theo dõi.",
    ],
    6: [
        "Niêm yết 100% chính sách mới tại trụ sở và Bộ phận Một cửa; đăng 14 tin, bài trên trang thông tin điện tử.",
        "Phát 22 lượt tin trên hệ thống truyền thanh cơ sở; tổ chức 3 buổi tuyên truyền chính sách tại khu dân cư.",
        "Công khai đầy đủ chính sách thuộc lĩnh vực quản lý; giải đáp 37 lượt câu hỏi của người dân.",
    ],
    7: [
        "Đăng 4 dự thảo văn bản lấy ý kiến trên trang thông tin điện tử, nhận 61 ý kiến góp ý, đã tiếp thu 48 ý kiến.",
        "Phát 300 phiếu lấy ý kiến người dân, thu về 284 phiếu; đang tổng hợp, tiếp thu.",
    ],
    8: [
        "Tham mưu tháo gỡ khó khăn cho 11 dự án; thu hút 6 dự án đầu tư mới trên địa bàn.",
        "Tổ chức gặp mặt, đối thoại với 45 doanh nghiệp, hợp tác xã; xử lý 9/12 kiến nghị.",
    ],
    9: ["Phát hành 12.000 tờ rơi về khám, chữa bệnh bảo hiểm y tế; phối hợp Đài PT-TH phát 8 chuyên mục."],
    10: ["Đã cử 26 lượt bác sĩ tuyến tỉnh luân phiên về trạm y tế xã; bổ sung thiết bị cho 9 trạm y tế."],
    11: ["Sửa chữa, nâng cấp 31 phòng học; tập huấn chuyên môn cho 412 giáo viên; thêm 4 trường đạt chuẩn quốc gia."],
    12: ["Đã yêu cầu đơn vị bán lẻ điện công khai giá điện và lịch ngừng cấp điện; kiểm tra 5 đơn vị."],
    14: ["Hoàn thành sửa chữa 3 công trình cấp nước; tỷ lệ hộ dân nông thôn dùng nước sạch tăng thêm 0,8%."],
    15: ["Triển khai đợt cao điểm bảo đảm trật tự công cộng; xử lý 100% tin báo, tố giác tội phạm đúng thời hạn."],
    16: ["Đã trình dự thảo quy định về quản lý, bảo trì đường địa phương; duy tu 42 km đường tỉnh."],
    17: ["Chi trả trợ cấp qua tài khoản cho 87% đối tượng bảo trợ xã hội; tuyên truyền BHXH tự nguyện tại 60 xã."],
    18: [
        "Đăng 18 tin, bài về kết quả cải cách hành chính; lồng ghép tuyên truyền trong 5 hội nghị.",
        "Xây dựng 2 phóng sự về cải cách thủ tục hành chính, phát trên truyền thanh và mạng xã hội.",
    ],
    19: [
        "Công khai 100% thủ tục hành chính trên Cổng Dịch vụ công; bổ sung mã QR tra cứu tại nơi tiếp nhận hồ sơ.",
        "Cập nhật 126 thủ tục hành chính trên trang thông tin điện tử, phát tờ hướng dẫn tại Bộ phận Một cửa.",
    ],
    20: ["Đã thay biển hiệu, bổ sung ghế chờ, máy lấy số tự động, máy tính phục vụ người dân nộp hồ sơ trực tuyến."],
    21: ["Niêm yết đầy đủ 100% thủ tục hành chính; hồ sơ giải quyết trước hạn và đúng hạn đạt 98,7%."],
    22: ["Rà soát 45 thủ tục, kiến nghị cắt giảm thời gian giải quyết 12 thủ tục (bình quân 30%)."],
    23: ["Tỷ lệ hồ sơ trực tuyến đạt 71%, thanh toán trực tuyến đạt 54%; hướng dẫn trực tiếp 1.150 lượt người dân."],
    24: ["Kiểm tra 7 đơn vị về giải quyết thủ tục hành chính; chấn chỉnh 3 trường hợp chậm xin lỗi người dân."],
    25: ["Rà soát 100% nhân sự Bộ phận Một cửa; thay thế 4 công chức chưa đáp ứng yêu cầu."],
    27: ["Đã hoàn thiện dự thảo Quy chế, lấy ý kiến 32 cơ quan; đang tiếp thu, trình UBND tỉnh ban hành."],
    28: ["Đã tổ chức lớp tập huấn kỹ năng giao tiếp cho 96 công chức Bộ phận Một cửa."],
    29: ["Khen thưởng 6 công chức Bộ phận Một cửa có thành tích trong quý."],
    30: ["100% kết quả được trả theo cơ chế một cửa; 23 hồ sơ trễ hẹn đã có thư xin lỗi theo quy định."],
    32: [
        "Đã tổng hợp kết quả đánh giá trên phần mềm: 99,1% lượt đánh giá hài lòng, rất hài lòng; công khai trên Cổng TTĐT."
    ],
    33: ["Công khai đường dây nóng; tiếp nhận 19 phản ánh, kiến nghị, xử lý xong 18, công khai kết quả."],
}
