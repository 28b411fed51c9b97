/* The page of slow work: how far it is, how long it still takes, what came of it. Works without JavaScript by asking again by itself. */
#include "job.h"
#include "page.h"
#include "pages.h"
#include "ui.h"

#include "base/str.h"

enum { AGAIN_SECONDS = 3, SOON_SECONDS = 5 };

static const char *left_words(struct request *r, const struct job_look *j)
{
    if (j->total <= 0 || j->done <= 0 || j->seconds < SOON_SECONDS)
        return T(r, "Đang tính thời gian còn lại…", "Working out how long it takes…");
    int64_t left = (j->total - j->done) * j->seconds / j->done;
    if (left < 60)
        return T(r, "Còn chưa đến 1 phút.", "Less than a minute is left.");
    return arena_printf(&r->c->arena, T(r, "Còn khoảng %lld phút.", "About %lld minutes are left."), (long long)(left + 59) / 60);
}

static void going(struct request *r, const struct job_look *j)
{
    struct buf *o = &r->out;
    if (j->state == JOB_WAITS && j->ahead)
        html_f(o, "<p>%s %zu</p>", T(r, "Đang chờ đến lượt; số việc đứng trước:", "Waiting for its turn; before it:"), j->ahead);
    else
        html_f(o, "<p>%s</p>", j->stopping ? T(r, "Đang dừng…", "Stopping…") : T(r, "Đang làm. Có thể rời trang này; việc vẫn chạy tiếp.", "Working. You may leave this page; it goes on."));
    if (j->total > 0)
        html_f(o, "<progress max=\"%lld\" value=\"%lld\" data-job=\"%s\" aria-label=\"%s\"></progress><p class=\"soft\">%lld %% · %s</p>", (long long)j->total, (long long)j->done,
               r->parts[0], j->title, (long long)(100 * j->done / j->total), left_words(r, j));
    else
        html_f(o, "<progress data-job=\"%s\" aria-label=\"%s\"></progress>", r->parts[0], j->title);
    html(o, "<div class=\"submit no-print\">");
    ui_button(r, here(r, "part", "", NULL), NULL, T(r, "Xem lại tiến độ", "Look again"), false);
    if (j->may_stop && !j->stopping)
        ui_post_button(r, url(r, arena_printf(&r->c->arena, "/job/%s/stop", r->parts[0]), NULL), NULL, T(r, "Dừng, không ghi gì", "Stop, write nothing"), false);
    html(o, "</div>");
}

static void ended(struct request *r, const struct job_look *j)
{
    struct buf *o = &r->out;
    if (j->state == JOB_DONE) {
        html_f(o, "<p>%s</p><div class=\"submit\"><a class=\"btn main\" data-go href=\"%s\">%s</a></div>", T(r, "Đã xong.", "Done."), j->result, T(r, "Xem kết quả", "See the result"));
        return;
    }
    html_f(o, "<div class=\"errors\" id=\"errors\" role=\"alert\" tabindex=\"-1\"><h2>%s</h2><ul><li>%s</li></ul></div><div class=\"submit\">",
           j->state == JOB_STOPPED ? T(r, "Đã dừng, không ghi gì", "Stopped, nothing was written") : T(r, "Không làm xong được", "It could not be done"),
           j->why ? j->why : T(r, "Đã dừng theo yêu cầu.", "Stopped as you asked."));
    ui_button(r, j->back, "back", T(r, "Quay lại để sửa", "Back, to mend it"), true);
    html(o, "</div>");
}

void p_job(struct request *r)
{
    struct job_look j;
    if (!job_look(r->server->jobs, r->c, r->who.account, r->parts[0], &j)) {
        fail(r->c, ERR_MISSING, "Không còn việc này: đã xong từ lâu, hoặc máy chủ đã khởi động lại. Việc chưa xong thì chưa ghi gì; hãy làm lại.",
             "This job is no more: it ended long ago, or the server was restarted. What had not ended wrote nothing; begin again.");
        return;
    }
    bool over = j.state >= JOB_DONE, part = query_get(r, "part") != NULL;
    if (part)
        html(&r->out, "<!doctype html><html lang=\"vi\"><head><title>-</title></head><body>");
    else if (j.state == JOB_DONE) {
        redirect(r, j.result);
        return;
    } else {
        page_begin(r, &(struct page){.title = j.title, .refresh = over ? 0 : AGAIN_SECONDS, .error = over});
        html(&r->out, "<section class=\"sheet\"><div class=\"body job\">");
    }
    if (over)
        ended(r, &j);
    else
        going(r, &j);
    if (part) {
        html(&r->out, "</body></html>");
        return;
    }
    html(&r->out, "</div></section>");
    page_end(r);
}

void p_job_stop(struct request *r)
{
    if (!job_stop(r->server->jobs, r->who.account, r->parts[0]))
        fail(r->c, ERR_MISSING, "Không có việc này, hoặc nó không dừng giữa chừng được.", "There is no such job, or it cannot be stopped.");
    else
        redirect(r, url(r, arena_printf(&r->c->arena, "/job/%s", r->parts[0]), NULL));
}
