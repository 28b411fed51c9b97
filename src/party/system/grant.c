/* Rights given to an account by name, over a unit and all below it, from a day until a day, with the reason. For what no
 * office gives: the administrator of the installation, somebody who enters data for a secretary. */
#include "party/verbs.h"

struct grant {
    struct row row;
    account_id account;
    choice role;
    unit_id over_unit;
    day since, until;
    text reason;
};

static const struct field fields[] = {
    REF(grant, account, account, .label = {"Tài khoản", "Account"}, .flags = REQUIRED | LISTED),
    CHOICE(grant, role, right, .label = {"Quyền", "Role"}, .flags = REQUIRED | LISTED),
    REF(grant, over_unit, unit, .label = {"Phạm vi đơn vị", "Over unit"}, .flags = LISTED),
    DAY(grant, since, .label = {"Từ ngày", "Since"}, .flags = LISTED),
    DAY(grant, until, .label = {"Kết thúc từ ngày", "Until"}, .flags = UNTIL | LISTED),
    TEXT(grant, reason, .label = {"Lý do", "Reason"}, .flags = REQUIRED | LISTED, .min = 3, .max = 300),
};

static void fill(struct ctx *c, void *now, const void *was)
{
    struct grant *g = now;
    (void)c;
    (void)was;
    g->row.unit = g->over_unit.v;
}

/* Nobody gives more rights than their own. */
static void check(struct ctx *c, struct problems *p, const void *now, const void *was)
{
    const struct grant *g = now;
    (void)was;
    if ((!g->until.v || g->until.v > c->today.v) && !access_may_grant(c, g->role.s, g->over_unit.v))
        problem(p, "role", "Vai trò này có quyền mà bạn không có ở đơn vị đó: người có đủ quyền cấp, hoặc người giữ máy chủ.",
                "This role has rights that you do not have over that unit: somebody who has them gives it, or the operator of the machine.");
}

static const char *const indexes[] = {"account, until", NULL};

const struct kind grant_kind = {
    .name = "grant", .label = {"Phân quyền", "Grant"}, .plural = {"Phân quyền", "Grants"}, .size = sizeof(struct grant), FIELDS(fields), .title = "role",
    .where = "unit", .when = SPELL("since", "until"), .subject = "account", .flags = REFERENCE | SYSTEM | OPEN_START, .indexes = indexes, .fill = fill, .check = check,
};
