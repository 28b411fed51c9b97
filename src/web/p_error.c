/* Errors in plain words: what happened, what to do, a reference that the log knows, a way back. Drawn without the database,
 * which may be what failed. */
#include "page.h"
#include "server.h"
#include "ui.h"

#include "fmt/json.h"
#include "route.h"

struct told {
    int status;
    struct words title, what;
};

static const struct told all[] = {
    {400, {"Yêu cầu không hiểu được", "The request is not understood"}, {"Địa chỉ hoặc dữ liệu gửi lên không đúng dạng. Hãy quay lại trang trước và làm lại.", "The address or what was sent is not well formed. Please go back and try again."}},
    {401, {"Cần đăng nhập", "Please sign in"}, {"Phiên làm việc đã kết thúc hoặc chưa bắt đầu.", "Your session has ended or has not begun."}},
    {403, {"Không được phép", "Not allowed"}, {"Chức vụ của bạn không cho phép việc này. Nếu cần, hãy hỏi người quản trị hoặc cấp trên.", "Your office does not allow this. If you need it, ask your administrator or superior."}},
    {404, {"Không tìm thấy", "Not found"}, {"Không có trang hoặc hồ sơ này, hoặc bạn không được xem.", "There is no such page or record, or it is not yours to see."}},
    {405, {"Không làm được theo cách này", "Not possible in this way"}, {"Trang này không nhận yêu cầu kiểu đó.", "This page does not take such a request."}},
    {409, {"Người khác vừa sửa trước", "Somebody else was first"}, {"Hồ sơ đã thay đổi từ khi bạn mở. Hãy mở lại để xem bản mới rồi sửa.", "The record has changed since you opened it. Open it again, look, and change it."}},
    {413, {"Gửi lên quá nhiều", "Too much was sent"}, {"Biểu mẫu tối đa 1 MB, tệp tối đa 20 MB. Tệp lớn hơn: dùng lệnh dangbo import.", "A form may have 1 MB, a file 20 MB. For larger files use dangbo import."}},
    {414, {"Địa chỉ quá dài", "The address is too long"}, {"Địa chỉ tối đa 8 KB. Hãy bớt điều kiện lọc rồi thử lại.", "An address may have 8 KB. Please take out some of the filters and try again."}},
    {422, {"Dữ liệu chưa đúng", "The data are not right yet"}, {"Hãy quay lại, sửa chỗ được nêu rồi gửi lại.", "Please go back, mend what is named, and send it again."}},
    {429, {"Thử quá nhiều lần", "Too many attempts"}, {"Hãy chờ ít phút rồi thử lại.", "Please wait a few minutes, then try again."}},
    {431, {"Phần đầu của yêu cầu quá lớn", "The head of the request is too large"}, {"Phần đầu tối đa 16 KB và 100 dòng. Hãy xóa cookie của trang này rồi thử lại.", "A head may have 16 KB and 100 lines. Please remove the cookies of this site and try again."}},
    {501, {"Không nhận kiểu mã hóa này", "This encoding is not taken"}, {"Thân yêu cầu gửi nguyên hoặc theo kiểu chunked.", "Send the body as it is, or chunked."}},
    {503, {"Máy chủ đang bận", "The server is busy"}, {"Hãy thử lại sau ít phút; những gì đã báo là lưu thì không mất.", "Please try again in a few minutes; nothing that was said to be saved is lost."}},
    {507, {"Đĩa của máy chủ đã đầy", "The server's disk is full"}, {"Chưa ghi được gì; vẫn xem được. Hãy báo người quản trị máy chủ.", "Nothing was written; reading still works. Please tell the administrator of the server."}},
    {500, {"Máy chủ gặp lỗi", "The server met a fault"}, {"Việc này chưa được ghi. Hãy thử lại; nếu vẫn lỗi, báo người quản trị kèm mã dưới đây.", "Nothing was written. Please try again; if it stays, tell the administrator the reference below."}},
};

static const struct told *told_of(int status)
{
    for (size_t i = 0; i < N(all); i++)
        if (all[i].status == status)
            return &all[i];
    return &all[N(all) - 1];
}

static void as_json(struct request *r, const struct told *t, const char *why)
{
    struct json_out j = {.to = &r->out};
    r->type = "application/problem+json";
    json_begin_object(&j);
    json_key(&j, "type");
    json_text(&j, "about:blank");
    json_key(&j, "title");
    json_text(&j, in_words(r->c, t->title));
    json_key(&j, "status");
    json_int(&j, r->status);
    json_key(&j, "detail");
    json_text(&j, why);
    json_key(&j, "instance");
    json_text(&j, r->id);
    json_end_object(&j);
}

/* Whether the page can stand in its frame, so that the work goes on from there: somebody is signed in, only read, and the store is well. */
static bool has_frame(const struct request *r, int status)
{
    return r->who.account && r->route && !(r->route->flags & OWN) && strcmp(r->method, "GET") == 0 && status < 500;
}

void error_page(struct request *r, int status)
{
    struct ctx *c = r->c;
    const struct told *t = told_of(status);
    /* What the program says of itself is for the log; what it says of the request is for people. */
    const char *why = c->err.text && c->err.code != ERR_BROKEN && c->err.code != ERR_CONFIG && status < 500 ? c->err.text : in_words(c, t->what);
    buf_clear(&r->out);
    r->status = status;
    r->type = NULL;
    r->location = r->download = r->file = NULL;
    if (status == 503)
        answer_header(r, "Retry-After", "5");
    if (r->route && (r->route->flags & API)) {
        as_json(r, t, why);
        return;
    }
    c->err = (struct err){0}; /* told now; the page itself needs a context that works */
    const struct page p = {.title = in_words(c, t->title), .bare = !has_frame(r, status), .error = true};
    page_begin(r, &p);
    c->err = (struct err){0};
    if (p.bare)
        html_f(&r->out, "<div class=\"card sorry\"><p class=\"mark\"><i aria-hidden=\"true\">ĐB</i><span>Đảng Bộ</span></p><h1>%s</h1>", p.title);
    else
        html(&r->out, "<div class=\"sheet sorry\">");
    html_f(&r->out, "<p>%s</p><p class=\"ref-no\">%s %d · %s: <code>%s</code></p><div class=\"actions\">", why, T(r, "Lỗi", "Error"), status, T(r, "Mã tham chiếu", "Reference"), r->id);
    ui_button(r, "/", "home", T(r, "Về trang chính", "To the home page"), true);
    if (!p.bare)
        ui_button(r, url(r, "/help", NULL), "help", T(r, "Trợ giúp", "Help"), false);
    html(&r->out, "</div></div>");
    page_end(r);
}
