/* See help.h. A section is a title and steps; both languages stand side by side, so that none is forgotten. */
#include "help.h"
#include "page.h"
#include "pages.h"
#include "ui.h"

#include "base/str.h"

enum { STEPS_MOST = 10 };

struct section {
    const char *name;
    struct words title;
    struct words steps[STEPS_MOST]; /* up to the first without words */
};

static const struct section sections[] = {
    {"start", {"Bắt đầu", "To begin"},
     {{"Trên cùng là nơi và thời điểm: mọi trang bên dưới nói về đơn vị ấy, vào ngày ấy.", "At the top stand place and time: every page below is about that unit on that day."},
      {"Bấm tên đơn vị để chọn đơn vị khác trên cây; bấm “Hôm nay” để xem số liệu của một ngày đã qua.", "Press the unit's name to choose another on the tree; press “Today” to see a past day."},
      {"Ô tìm (phím /) tìm người, đơn vị và việc cần làm, có dấu hay không dấu.", "The search (key /) finds people, units and what to do, with or without diacritics."},
      {"Cột bên trái là các đơn vị trực thuộc và các chương: Tổ chức, Con người, Báo cáo, Nhập từ Excel.", "At the left are the units below and the chapters: Organisation, People, Reports, Import."},
      {"Ghi nhầm thì bấm “Hoàn tác” trên dòng báo đã lưu, hoặc khôi phục trong mục Lịch sử của hồ sơ.", "A mistake is taken back by “Undo” beside “Saved”, or in the record's history."}}},
    {"people", {"Hồ sơ đảng viên", "Members"},
     {{"Thêm một người: Con người › Thêm hồ sơ. Cần ít nhất họ tên và chi bộ; ngày sinh có thể chỉ ghi năm.", "To add one: People › Add. A name and a cell are needed; of a birth day the year is enough."},
      {"Sửa: mở hồ sơ, bấm Sửa, lưu. Người khác vừa sửa cùng chỗ thì trang hiện cả hai giá trị để chọn.", "To change: open the record, press Change, save. When somebody else changed it too, both values are shown."},
      {"Chuyển sinh hoạt: làm ở mục sinh hoạt của hồ sơ, không sửa thẳng tên chi bộ.", "A transfer is made under the member's stays, not by changing the cell's name."},
      {"Lọc danh sách bằng các ô phía trên bảng. Địa chỉ trang giữ nguyên bộ lọc, gửi cho người khác được.", "Filter a list by the boxes above it. The address keeps the filter and can be sent to others."}}},
    {"units", {"Tổ chức và cây", "Units and the tree"},
     {{"Cây tổ chức cho thấy đơn vị và cấp dưới vào ngày đã chọn, kể cả các ngày đã qua.", "The tree shows a unit and what is below it on the chosen day, past days too."},
      {"Thành lập, sáp nhập, chia tách, đổi tên, giải thể: ghi bằng quyết định, không sửa thẳng. Trang xem trước cho thấy gì sẽ chuyển.", "Founding, mergers, splits, new names and endings are entered as decisions. A preview shows what will move."},
      {"Đơn vị đã giải thể vẫn còn trong sổ: số liệu của những ngày trước đó không đổi.", "A unit that ended stays on record: figures of the days before do not change."}}},
    {"import", {"Nhập từ Excel", "Import from Excel"},
     {{"Chọn loại danh sách, rồi chọn tệp đang có, hoặc dán các ô đã chép. Chưa có tệp thì tải biểu mẫu trống.", "Choose the kind, then a file or pasted cells. Without a file, take the blank template."},
      {"Ghép cột: tiêu đề quen được tự nhận ra; cột “chưa rõ” thì chọn trường. Lần sau tệp cùng tiêu đề tự nhận.", "Map columns: common heads are recognised; choose a field for the others. Next time they are known."},
      {"Kiểm tra: mọi lỗi nêu theo dòng và cột, chưa ghi gì. Tab “Nghi trùng” đặt dòng mới cạnh hồ sơ đang có.", "Check: every error by row and column; nothing is written. “Possible duplicates” shows both side by side."},
      {"Nhập tất cả, hoặc chỉ các dòng đúng. Các dòng lỗi tải về thành tệp Excel có cột “Lỗi”.", "Import all, or only the good rows. Refused rows come as an Excel file with a column “Error”."},
      {"Nhầm tệp: “Hoàn tác cả đợt” trả mọi dòng về như trước.", "The wrong file: “Undo it all” puts every row back."},
      {"Rời trang giữa chừng được: “Đang nhập dở” ở trang Nhập từ Excel giữ tệp trong một ngày.", "You may leave: “Not finished” on the import page keeps the file for a day."}}},
    {"report", {"Báo cáo", "Reports"},
     {{"Chọn đơn vị ở trên cùng, chọn kỳ: năm, quý, 6 tháng, 9 tháng, nhiệm kỳ hoặc từ ngày đến ngày.", "Choose the unit at the top and the period: year, quarter, half, nine months, term or from day to day."},
      {"Số liệu tính đến hết ngày cuối kỳ, theo cây tổ chức của ngày ấy.", "Figures are as at the end of the period, by the tree of that day."},
      {"Số có gạch chân mở ra danh sách đứng sau số đó.", "An underlined figure opens the list behind it."},
      {"In ra giấy A4 bằng Ctrl+P; tải về dạng CSV, HTML hoặc văn bản.", "Print on A4 by Ctrl+P; or download as CSV, HTML or text."}}},
    {"search", {"Tìm", "Search"},
     {{"Bấm / hoặc Ctrl+K ở bất cứ trang nào, gõ vài chữ đầu của tên.", "Press / or Ctrl+K on any page and type the beginnings of the name."},
      {"“duc nguyen” thấy mọi Nguyễn … Đức; gõ đúng dấu thì người đúng dấu đứng trước.", "“duc nguyen” finds every Nguyễn … Đức; with diacritics, exact hits come first."},
      {"Trong địa chỉ (và API) mỗi điều kiện là trường=giá trị; trường.from, trường.to là từ, đến; trường.has là có chứa. Trường trùng tên với từ của địa chỉ thì thêm .is: sort=name là sắp xếp, sort.is=party là khối đảng.",
       "In an address (and the API) a condition is field=value; field.from and field.to are bounds, field.has is contains. A field called like a word of addresses takes .is: sort=name orders, sort.is=party asks for the sort."},
      {"Gõ việc cần làm cũng được: “thêm”, “nhập”, “báo cáo”, “cây”.", "What to do can be typed as well: “add”, “import”, “report”, “tree”."},
      {"Chỉ thấy những gì đồng chí được xem.", "Only what you may see is found."}}},
    {"rights", {"Quyền và an toàn", "Rights and safety"},
     {{"Quyền đi theo chức vụ và ủy quyền, hết chức vụ thì hết quyền ngay. Mỗi hồ sơ có mục “Ai xem được”.", "Rights follow offices and grants and end with them at once. Each record says who can see it."},
      {"Mọi lần ghi, và mọi lần mở hồ sơ cá nhân, đều vào nhật ký. Không ai tự duyệt việc của mình.", "Every write, and every reading of a personal record, is logged. Nobody decides their own case."},
      {"Xuất danh sách cá nhân cần ghi lý do. Tệp đã tải về là tài liệu mật theo quy định, giữ như giấy.", "Taking personal lists out needs a reason. Treat the file like the paper."},
      {"Rời máy thì đăng xuất. Phiên tự hết sau 30 phút không dùng.", "Sign out when you leave. A session ends after 30 idle minutes."}}},
};

static const struct {
    const char *key;
    struct words what;
} keys[] = {
    {"/", {"Tìm (cũng là Ctrl+K)", "Search (also Ctrl+K)"}},
    {"?", {"Danh sách phím tắt, và chỗ tắt chúng", "List of keys, and the switch that turns them off"}},
    {"g t", {"Trang chính", "Home"}},
    {"g d", {"Tổ chức", "Organisation"}},
    {"g n", {"Con người", "People"}},
    {"g b", {"Báo cáo", "Reports"}},
    {"g i", {"Nhập từ Excel", "Import from Excel"}},
    {"Ctrl+S", {"Lưu biểu mẫu", "Save the form"}},
    {"Esc", {"Đóng hộp đang mở", "Close what is open"}},
};

static void steps(struct request *r, const struct section *s)
{
    html(&r->out, "<ol>");
    for (size_t i = 0; i < STEPS_MOST && s->steps[i].vi; i++)
        html_f(&r->out, "<li>%s</li>", in_words(r->c, s->steps[i]));
    html(&r->out, "</ol>");
}

static const struct section *section_named(const char *name)
{
    for (size_t i = 0; name && i < N(sections); i++)
        if (strcmp(sections[i].name, name) == 0)
            return &sections[i];
    return &sections[0];
}

void help_panel(struct request *r, const char *section)
{
    const struct section *s = section_named(section);
    html_f(&r->out, "<details class=\"menu help no-print\"><summary class=\"btn plain only\" aria-label=\"%s\">", T(r, "Trợ giúp trang này", "Help with this page"));
    ui_icon(r, "help");
    html_f(&r->out, "</summary><div class=\"pop side pad\"><h2>%s</h2>", in_words(r->c, s->title));
    steps(r, s);
    html_f(&r->out, "<p><a href=\"%s#%s\">%s</a></p></div></details>", url(r, "/help", NULL), s->name, T(r, "Xem toàn bộ hướng dẫn", "See the whole guide"));
}

void p_help(struct request *r)
{
    struct buf *o = &r->out;
    page_begin(r, &(struct page){.title = T(r, "Trợ giúp", "Help"), .lead = T(r, "Cách làm những việc chính, phím tắt, và hỏi ai.", "How to do the main things, keys, and whom to ask.")});
    html_f(o, "<nav class=\"chips no-print\" aria-label=\"%s\">", T(r, "Các mục", "Sections"));
    for (size_t i = 0; i < N(sections); i++)
        html_f(o, "<a class=\"chip\" href=\"#%s\">%s</a>", sections[i].name, in_words(r->c, sections[i].title));
    html_f(o, "<a class=\"chip\" href=\"#keys\">%s</a></nav><div class=\"stack help-text\">", T(r, "Phím tắt", "Keys"));
    for (size_t i = 0; i < N(sections); i++) {
        html_f(o, "<section class=\"sheet\" id=\"%s\"><header><h2>%s</h2></header><div class=\"body\">", sections[i].name, in_words(r->c, sections[i].title));
        steps(r, &sections[i]);
        html(o, "</div></section>");
    }
    html_f(o, "<section class=\"sheet\" id=\"keys\"><header><h2>%s</h2></header><div class=\"body\"><dl class=\"keylist\">", T(r, "Phím tắt", "Keys"));
    for (size_t i = 0; i < N(keys); i++)
        html_f(o, "<dt><kbd>%s</kbd></dt><dd>%s</dd>", keys[i].key, in_words(r->c, keys[i].what));
    html_f(o, "</dl></div></section><section class=\"sheet\" id=\"ask\"><header><h2>%s</h2></header><div class=\"body\"><p>%s</p><p>%s</p></div></section></div>", T(r, "Hỏi ai", "Whom to ask"),
           T(r, "Về quyền, tài khoản, mật khẩu: người quản trị hệ thống của cấp ủy. Về nghiệp vụ: ban tổ chức hoặc văn phòng đảng ủy cấp trên trực tiếp.",
             "About rights, accounts and passwords: the committee's administrator. About the work itself: the organisation board or office of the committee above."),
           T(r, "Trang báo lỗi có mã gồm 16 chữ số và chữ: gửi kèm mã ấy để người quản trị tìm được trong nhật ký.", "An error page bears a code of 16 characters: send it along, so that the administrator finds it in the log."));
    page_end(r);
}
