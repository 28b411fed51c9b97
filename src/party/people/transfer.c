/* See transfer.h. */
#include "transfer.h"

size_t transfers_of(struct ctx *c, int64_t unit, bool incoming, bool waiting, day since, struct transfer **out)
{
    struct transfer *v = NEW_N(&c->arena, struct transfer, TRANSFERS_MOST);
    size_t n = 0;
    struct sql q = sql_new(c);
    bool from_units = unit && !waiting; /* few are on their way, and found at once; those who have arrived are looked for in the units */
    sql_add(&q, "SELECT t.id, t.person, p.name, p.code, f.name, g.name, w.paper, COALESCE(w.sent_on, 0), COALESCE(t.since, 0) FROM ");
    if (from_units)
        sql_add(&q, "unit_above ua CROSS JOIN ");
    if (from_units && !incoming)
        sql_add(&q, "membership w CROSS JOIN membership t");
    else
        sql_add(&q, "membership t CROSS JOIN membership w");
    sql_add(&q, " CROSS JOIN person p CROSS JOIN unit f CROSS JOIN unit g");
    if (unit && !from_units)
        sql_add(&q, " CROSS JOIN unit_above ua");
    sql_add(&q, " WHERE w.id = t.previous AND p.id = t.person AND f.shard = 0 AND f.id = w.unit AND g.shard = 0 AND g.id = t.unit AND t.removed_at = 0 AND w.removed_at = 0 "
                "AND w.sent_on IS NOT NULL AND t.stay = 'home'");
    if (unit) {
        if (!from_units)
            sql_add(&q, " AND ua.shard = 0");
        sql_add(&q, " AND ua.unit = ");
        sql_col(&q, incoming ? "t" : "w", "unit");
        sql_add(&q, " AND ua.above = ");
        sql_arg(&q, V(unit));
        sql_lasts(&q, "ua", c->today);
    }
    if (waiting) {
        sql_add(&q, " AND t.since IS NULL");
    } else {
        sql_add(&q, " AND t.since >= ");
        sql_arg(&q, V(since));
    }
    if (incoming)
        scope_where(&q, &membership_kind, ACT_READ, "t");
    else
        scope_where(&q, &membership_kind, ACT_READ, "w");
    sql_add(&q, " ORDER BY COALESCE(t.since, w.sent_on) DESC, t.id DESC LIMIT ");
    sql_arg(&q, V((int64_t)TRANSFERS_MOST));
    struct rows *r = sql_query(&q);
    while (n < TRANSFERS_MOST && rows_next(r)) {
        const char *text_of[5];
        for (int i = 0; i < 5; i++)
            text_of[i] = rows_text(r, 2 + i) ? arena_text(&c->arena, rows_text(r, 2 + i)) : "";
        v[n++] = (struct transfer){.stay = rows_int(r, 0), .person = rows_int(r, 1), .name = text_of[0], .person_code = text_of[1], .from = text_of[2], .to = text_of[3], .paper = text_of[4],
                                   .sent_on = {(int32_t)rows_int(r, 7)}, .received_on = {(int32_t)rows_int(r, 8)}};
    }
    rows_close(r);
    *out = v;
    return n;
}

void *transfer_stay(struct ctx *c, int64_t person, bool sends)
{
    int64_t id = sends ? db_one_int(c,
                                    "SELECT id FROM membership WHERE person = $1 AND stay = 'home' AND removed_at = 0 AND since IS NOT NULL AND until = 99999999 LIMIT 1",
                                    V(person))
                       : db_one_int(c, "SELECT id FROM membership WHERE person = $1 AND removed_at = 0 AND since IS NULL AND previous IS NOT NULL LIMIT 1", V(person));
    void *stay = id ? record_find(c, &membership_kind, id, ACT_CHANGE) : NULL;
    if (!stay)
        fail(c, ERR_MISSING, sends ? "Đảng viên này không sinh hoạt chính thức ở chi bộ nào mà bạn quản lý." : "Không có giấy giới thiệu nào của đảng viên này đang chờ bạn tiếp nhận.",
             sends ? "This member has no open home stay in your cells." : "No transfer of this member waits for you.");
    return stay;
}
