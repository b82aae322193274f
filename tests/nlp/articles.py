"""Short articles and posts written for these tests, with the stance towards each agency; none is in the corpus."""

from typing import NamedTuple


class Article(NamedTuple):
    title: str
    text: str
    stances: dict[str, str]


ARTICLES = [
    Article(
        "Phê bình Sở Y tế vì chậm mua sắm vật tư",
        "Tại phiên họp thường kỳ sáng 3/10, Chủ tịch UBND tỉnh đã phê bình Sở Y tế chậm trễ trong mua sắm vật tư tiêu hao. "
        "Theo báo cáo, 11 bệnh viện phải tạm dừng nhiều kỹ thuật. Đơn vị này cũng chưa trả lời kiến nghị của các bệnh viện.",
        {"so-yte": "negative", "van-phong-ubnd": "neutral"},
    ),
    Article(
        "Công an tỉnh bắt nhóm cướp giật",
        "Ngày 12/9, Công an tỉnh Thanh Hóa bắt giữ bốn đối tượng chuyên cướp giật tài sản của phụ nữ đi đường. "
        "Nhóm này gây ra hơn 20 vụ tại TP Thanh Hóa và Quảng Xương.",
        {"cong-an": "neutral"},
    ),
    Article(
        "Triệt phá đường dây ma túy xuyên biên giới",
        "Sau ba tháng theo dõi, Công an tỉnh triệt phá thành công đường dây vận chuyển ma túy từ Lào về, thu 60 bánh heroin. "
        "Bộ trưởng đã gửi thư khen, biểu dương tinh thần mưu trí, dũng cảm của lực lượng công an.",
        {"cong-an": "positive"},
    ),
    Article(
        "Lịch tiêm chủng tháng 11",
        "Sở Y tế Thanh Hóa thông báo lịch tiêm chủng mở rộng tháng 11 tại các trạm y tế. Phụ huynh mang theo sổ tiêm của trẻ.",
        {"so-yte": "neutral"},
    ),
    Article(
        "Giải ngân vốn đầu tư công: nơi nhanh, nơi chậm",
        "Báo cáo nêu Sở Xây dựng giải ngân đạt 96% kế hoạch, dẫn đầu toàn tỉnh, được Chủ tịch UBND tỉnh biểu dương. "
        "Trong khi đó, Sở Nông nghiệp và Môi trường mới đạt 21%, bị phê bình vì để nhiều dự án đình trệ.",
        {"so-xd": "positive", "so-nnmt": "negative"},
    ),
    Article(
        "Người dân bức xúc vì đường hỏng",
        "Con đường nối hai xã Hoằng Phụ và Hoằng Thanh xuống cấp nhiều năm. Người dân bức xúc vì đã gửi đơn nhiều lần mà "
        "Sở Xây dựng không trả lời.",
        {"so-xd": "negative"},
    ),
    Article(
        "Trả kết quả trước hẹn",
        "Chị Nguyễn Thị Hương cho biết chị rất hài lòng khi Trung tâm Phục vụ hành chính công tỉnh trả kết quả trước hẹn hai ngày. "
        "Cán bộ ở đây hướng dẫn tận tình, niềm nở.",
        {"tt-hcc": "positive"},
    ),
    Article(
        "Kết quả quan trắc nước biển",
        "Sở Nông nghiệp và Môi trường vừa công bố kết quả quan trắc nước biển ven bờ tháng 9. Có 14/15 điểm đạt quy chuẩn.",
        {"so-nnmt": "neutral"},
    ),
    Article(
        "Xử phạt nhà máy xả thải",
        "Sở Nông nghiệp và Môi trường xử phạt Công ty Giấy Mục Sơn 450 triệu đồng vì xả nước thải gây ô nhiễm sông Chu.",
        {"so-nnmt": "neutral"},
    ),
    Article(
        "Nguyên lãnh đạo sở hầu tòa",
        "Sáng nay, nguyên giám đốc Sở Giáo dục và Đào tạo Thanh Hóa hầu tòa với cáo buộc nâng khống giá thiết bị, gây thất thoát 30 tỷ đồng.",
        {"so-gddt": "negative"},
    ),
    Article(
        "Học sinh giành 8 huy chương vàng",
        "Đoàn học sinh của tỉnh giành 8 huy chương vàng. Sở Giáo dục và Đào tạo được Bộ trưởng tặng bằng khen vì thành tích xuất sắc.",
        {"so-gddt": "positive"},
    ),
    Article(
        "Sở Y tế Nghệ An bị phê bình",
        "Sở Y tế Nghệ An bị phê bình vì chậm mua thuốc. Cùng ngày, Sở Y tế Thanh Hóa thông báo mở lớp tập huấn phòng dịch.",
        {"so-yte": "neutral"},
    ),
    Article(
        "",
        "cho em hỏi trung tâm phục vụ hành chính công tỉnh sáng thứ 7 có làm việc không ạ?",
        {"tt-hcc": "neutral"},
    ),
    Article(
        "",
        "Chán Sở Xây dựng thật sự, nộp hồ sơ ba tháng không thấy hồi âm, gọi điện thì không ai nghe máy.",
        {"so-xd": "negative"},
    ),
    Article(
        "",
        "cong an tinh thanh hoa lam viec rat nhanh, tim lai duoc xe cho gia dinh toi, xin cam on",
        {"cong-an": "positive"},
    ),
    Article(
        "Tỉnh giảm tai nạn giao thông",
        "Nhờ sự vào cuộc quyết liệt của Công an tỉnh, số vụ tai nạn giao thông giảm 32%. Không còn tình trạng xe quá tải chạy trong đêm.",
        {"cong-an": "positive"},
    ),
    Article(
        "Không còn cảnh chờ đợi",
        "Từ khi áp dụng lấy số trực tuyến, tại Trung tâm Phục vụ hành chính công tỉnh không còn tình trạng chậm trễ, phiền hà.",
        {"tt-hcc": "positive"},
    ),
    Article(
        "Chất vấn về ô nhiễm bãi rác",
        "Đại biểu HĐND tỉnh chỉ rõ Sở Tài nguyên và Môi trường buông lỏng quản lý, để bãi rác Đông Nam gây ô nhiễm kéo dài. "
        "Giám đốc sở này thừa nhận khuyết điểm.",
        {"so-tnmt": "negative"},
    ),
    Article(
        "Bác tin đồn bắt cóc trẻ em",
        "Công an tỉnh khẳng định thông tin bắt cóc trẻ em tại Nông Cống lan truyền trên mạng là sai sự thật, đề nghị người dân không chia sẻ.",
        {"cong-an": "neutral"},
    ),
    Article(
        "Chặt chém ở bãi biển",
        "Du khách phản ánh tình trạng chặt chém ở bãi biển tái diễn. Nhiều ý kiến cho rằng UBND thành phố Sầm Sơn quản lý lỏng lẻo, "
        "ra quân rồi đâu lại vào đấy.",
        {"ubnd-sam-son": "negative"},
    ),
    Article(
        "Hoàn tiền cho du khách",
        "Chỉ 30 phút sau khi nhận phản ánh, UBND thành phố Sầm Sơn đã xử lý, buộc nhà hàng trả lại tiền cho khách. "
        "Du khách khen cách làm nhanh chóng, trách nhiệm.",
        {"ubnd-sam-son": "positive"},
    ),
    Article(
        "CPI tháng 9 tăng 0,3%",
        "Theo Thống kê tỉnh Thanh Hóa, chỉ số giá tiêu dùng tháng 9 tăng 0,3% so với tháng trước, giảm 0,1% so với cùng kỳ.",
        {"thong-ke": "neutral"},
    ),
    Article(
        "Cổng dịch vụ công gặp sự cố",
        "Cổng dịch vụ công liên tục sập trong giờ cao điểm. Doanh nghiệp thất vọng vì Sở Khoa học và Công nghệ không đưa ra lời giải thích nào.",
        {"so-khcn": "negative"},
    ),
    Article(
        "Ứng phó bão số 7",
        "Sở Nông nghiệp và Môi trường yêu cầu chủ tàu đưa phương tiện vào bờ trước 17 giờ. Bão có thể gây mưa lớn, sạt lở ở miền núi.",
        {"so-nnmt": "neutral"},
    ),
    Article(
        "Thủ tục đầu tư: nhanh nhất từ trước tới nay",
        "Nhà đầu tư Nhật Bản đánh giá cao Sở Tài chính Thanh Hóa khi cấp giấy chứng nhận chỉ trong ba ngày, thủ tục minh bạch, cán bộ chuyên nghiệp.",
        {"so-tc": "positive"},
    ),
    Article(
        "Hội nghị xúc tiến thương mại",
        "Sở Công Thương tổ chức hội nghị kết nối cung cầu với 120 doanh nghiệp. Hội nghị diễn ra trong hai ngày.",
        {"so-ct": "neutral"},
    ),
    Article(
        "Di tích bị trùng tu sai",
        "Giới chuyên môn lên án Sở Văn hóa, Thể thao và Du lịch vì để di tích quốc gia bị trùng tu sai, làm biến dạng nhiều hạng mục.",
        {"so-vhttdl": "negative"},
    ),
    Article(
        "Lễ hội an toàn, văn minh",
        "Lễ hội Lam Kinh năm nay được Sở Văn hóa, Thể thao và Du lịch tổ chức chu đáo, an toàn, để lại ấn tượng đẹp với du khách.",
        {"so-vhttdl": "positive"},
    ),
    Article(
        "Thanh tra điểm mặt hai sở",
        "Kết luận thanh tra chỉ ra sai phạm trong đấu thầu tại Sở Công Thương, Sở Tài chính và yêu cầu kiểm điểm trách nhiệm người đứng đầu.",
        {"so-ct": "negative", "so-tc": "negative"},
    ),
    Article(
        "Bắt cán bộ nhận hối lộ",
        "Công an tỉnh vừa khởi tố, bắt tạm giam phó trưởng phòng thuộc Sở Xây dựng về hành vi nhận hối lộ.",
        {"cong-an": "neutral", "so-xd": "negative"},
    ),
    Article(
        "Cháy xưởng gỗ trong đêm",
        "Vụ cháy xưởng gỗ tại Hoằng Hóa thiêu rụi 500 m2 nhà xưởng. Công an tỉnh huy động sáu xe chữa cháy đến hiện trường, nguyên nhân đang được điều tra.",
        {"cong-an": "neutral"},
    ),
]
