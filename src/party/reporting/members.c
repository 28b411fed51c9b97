/* The report "Tổ chức đảng và đảng viên": units, members by what they are, coming and going, units directly below,
 * offices. Only writes down: roll.c and movement.c count. */
#include "figures.h"

#include "base/str.h"

/* --- by what members are --------------------------------------------------------------------------- */

static struct table *share_table(struct ctx *c, struct doc *d, const char *caption, const char *head)
{
    struct table *t = doc_table(d, caption);
    doc_column(t, head, COL_TEXT)->heads_row = true;
    doc_column(t, say(c, "Số đảng viên", "Members"), COL_NUMBER);
    doc_column(t, say(c, "Tỷ lệ", "Share"), COL_PERCENT);
    doc_group(t, say(c, "Trong đó", "Of them"));
    doc_column(t, say(c, "Nữ", "Women"), COL_NUMBER);
    doc_column(t, say(c, "Dự bị", "Probationary"), COL_NUMBER);
    doc_group(t, NULL);
    return t;
}

static void share_row(struct table *t, enum row_kind kind, const char *label, const struct count *n, int64_t all)
{
    doc_row(t, kind);
    doc_put(t, label);
    doc_put(t, n->n);
    doc_put(t, share_of(n->n, all));
    doc_put(t, n->women);
    doc_put(t, n->probation);
}

static void share_rows(struct ctx *c, struct table *t, const struct words *labels, const struct count *counts, size_t n, bool last_unknown)
{
    struct count all = roll_sum(counts, n);
    for (size_t i = 0; i < n; i++)
        if (counts[i].n || !last_unknown || i + 1 < n)
            share_row(t, ROW_PLAIN, in_words(c, labels[i]), &counts[i], all.n);
    share_row(t, ROW_TOTAL, say(c, "Cộng", "Total"), &all, all.n);
}

/* Rows in the order of the rule; `some`: only those that anybody has, but the first always. Codes that the rule does not
 * know, and members of whom nothing is known, stand last. */
static void share_codes(struct ctx *c, struct table *t, const char *rule, const struct tallies *counts, day on, bool some)
{
    const struct rule_item **items;
    size_t n = rule_items(c, rule, on, &items);
    struct count all = {0};
    for (size_t i = 0; i < counts->n; i++)
        count_add(&all, &counts->v[i].count);
    for (size_t i = 0; i < n; i++) {
        struct count one = tally_of(counts, items[i]->code);
        if (one.n || !some || i == 0)
            share_row(t, ROW_PLAIN, in_words(c, items[i]->label), &one, all.n);
    }
    for (size_t i = 0; i < counts->n; i++) {
        bool known = false;
        for (size_t j = 0; j < n; j++)
            known |= strcmp(items[j]->code, counts->v[i].code) == 0;
        if (!known && *counts->v[i].code)
            share_row(t, ROW_PLAIN, code_label(c, rule, counts->v[i].code, on), &counts->v[i].count, all.n);
    }
    struct count unknown = tally_of(counts, "");
    if (unknown.n)
        share_row(t, ROW_PLAIN, code_label(c, rule, "", on), &unknown, all.n);
    share_row(t, ROW_TOTAL, say(c, "Cộng", "Total"), &all, all.n);
}

static const struct words sex_labels[SEXES] = {{"Nam", "Men"}, {"Nữ", "Women"}, {"Chưa rõ", "Not known"}};
static const struct words age_labels[AGES] = {{"Đến 30 tuổi", "Up to 30"}, {"31–40 tuổi", "31–40"},    {"41–50 tuổi", "41–50"},
                                              {"51–60 tuổi", "51–60"},     {"Trên 60 tuổi", "Over 60"}, {"Chưa rõ", "Not known"}};
static const struct words party_age_labels[PARTY_AGES] = {
    {"Dưới 10 năm", "Under 10 years"}, {"10–19 năm", "10–19 years"}, {"20–29 năm", "20–29 years"},        {"30–39 năm", "30–39 years"},
    {"40–49 năm", "40–49 years"},      {"50–59 năm", "50–59 years"}, {"Từ 60 năm", "60 years and longer"}, {"Chưa rõ", "Not known"}};

/* Who is at home in a unit (and below, unless alone) at the end of the period: what the list of stays calls so. */
static const char *stays(struct ctx *c, int64_t unit, day on, const char *more)
{
    char iso[DAY_TEXT];
    return unit ? arena_printf(&c->arena, "membership?unit=%lld&at=%s&stay=home%s", (long long)unit, day_iso(on.v, iso), more) : NULL;
}

/* Those who had reached their official day by then. */
static const char *official_stays(struct ctx *c, int64_t unit, day on)
{
    char iso[DAY_TEXT];
    return stays(c, unit, on, arena_printf(&c->arena, "&official_on.to=%s", day_iso(on.v, iso)));
}

static void write_status(struct ctx *c, struct doc *d, const struct roll *roll)
{
    int64_t all = roll->official + roll->probation;
    struct table *t = doc_table(d, say(c, "Đảng viên theo tình trạng", "Members by status"));
    doc_column(t, say(c, "Tình trạng", "Status"), COL_TEXT)->heads_row = true;
    doc_column(t, say(c, "Số đảng viên", "Members"), COL_NUMBER);
    doc_column(t, say(c, "Tỷ lệ", "Share"), COL_PERCENT);
    const struct {
        const char *label;
        int64_t n;
        const char *opens;
    } rows[] = {{say(c, "Đảng viên chính thức", "Official members"), roll->official, official_stays(c, roll->unit, roll->on)},
                {say(c, "Đảng viên dự bị", "Probationary members"), roll->probation, NULL}};
    for (size_t i = 0; i < N(rows); i++) {
        doc_row(t, ROW_PLAIN);
        doc_put(t, rows[i].label);
        doc_put(t, rows[i].n);
        doc_opens(t, rows[i].opens);
        doc_put(t, share_of(rows[i].n, all));
    }
    doc_row(t, ROW_TOTAL);
    doc_put(t, say(c, "Cộng", "Total"));
    doc_put(t, all);
    doc_opens(t, stays(c, roll->unit, roll->on, ""));
    doc_put(t, share_of(all, all));
    const struct rule_item **items;
    size_t n = rule_items(c, "spell", roll->on, &items);
    for (size_t i = 0; i < n; i++) {
        int64_t many = tally_of(&roll->spells, items[i]->code).n;
        if (many || str_same(items[i]->code, "exempt") || str_same(items[i]->code, "suspended"))
            doc_put_pair(d, say(c, "Trong đó: %s", "Of them: %s", in_words(c, items[i]->label)), many);
    }
    doc_put_pair(d, say(c, "Ngoài danh sách: đến sinh hoạt tạm thời", "Beside the roll: temporary guests"), roll->guests);
    doc_note(d, say(c,
                    "Tính là đảng viên của đơn vị: người sinh hoạt chính thức, trong ngày đó, ở một chi bộ thuộc đơn vị theo cây tổ chức của ngày đó. Người đã "
                    "được giới thiệu đi nhưng nơi đến chưa tiếp nhận vẫn tính ở nơi đi; người đến sinh hoạt tạm thời không tính. Dự bị là người chưa đến "
                    "ngày chính thức.",
                    "A member of the unit is who is at home, on that day, in a cell that belongs to the unit by the tree of that day. Who was sent but not yet "
                    "received counts at the sender; temporary guests do not count. Probationary is who has not reached the official day."));
}

static void write_bands(struct ctx *c, struct doc *d, const struct roll *roll)
{
    share_rows(c, share_table(c, d, say(c, "Đảng viên theo giới tính", "Members by sex"), say(c, "Giới tính", "Sex")), sex_labels, roll->sex, SEXES, true);
    struct table *t = share_table(c, d, say(c, "Đảng viên theo độ tuổi", "Members by age"), say(c, "Độ tuổi", "Age"));
    share_rows(c, t, age_labels, roll->age, AGES, true);
    doc_table_note(t, say(c, "Tuổi là số năm tròn tính đến ngày báo cáo; người chỉ ghi năm sinh coi như sinh đầu năm.",
                          "Age is in full years on the day of the report; who has only a year of birth counts as born at its beginning."));
    if (roll->age_known)
        doc_pair(d, say(c, "Tuổi trung bình của %s đảng viên có ngày sinh", "Average age of the %s members whose birth is known",
                        doc_value(d, &(struct column){.kind = COL_NUMBER}, V(roll->age_known))),
                 value_real((double)roll->age_sum / (double)roll->age_known));
    t = share_table(c, d, say(c, "Đảng viên theo tuổi đảng", "Members by years in the Party"), say(c, "Tuổi đảng", "Years in the Party"));
    share_rows(c, t, party_age_labels, roll->party_age, PARTY_AGES, true);
    doc_table_note(t, say(c, "Tuổi đảng tính từ ngày quyết định kết nạp, không có thì từ ngày vào Đảng; chưa trừ thời gian gián đoạn.",
                          "Years in the Party run from the decision of admission, else from admission; interruptions are not taken off."));
}

static void write_dossiers(struct ctx *c, struct doc *d, const struct roll *roll)
{
    const struct {
        const char *rule, *caption, *head;
        const struct tallies *counts;
        bool some;
    } tables[] = {
        {"ethnicity", say(c, "Đảng viên theo dân tộc", "Members by ethnicity"), say(c, "Dân tộc", "Ethnicity"), &roll->ethnicity, true},
        {"schooling", say(c, "Đảng viên theo trình độ phổ thông", "Members by schooling"), say(c, "Trình độ", "Schooling"), &roll->schooling, false},
        {"qualification", say(c, "Đảng viên theo trình độ chuyên môn", "Members by qualification"), say(c, "Trình độ", "Qualification"), &roll->qualification, false},
        {"theory", say(c, "Đảng viên theo trình độ lý luận chính trị", "Members by political theory"), say(c, "Trình độ", "Theory"), &roll->theory, false},
    };
    for (size_t i = 0; i < N(tables); i++) {
        struct table *t = share_table(c, d, tables[i].caption, tables[i].head);
        share_codes(c, t, tables[i].rule, tables[i].counts, roll->on, tables[i].some);
    }
    doc_note(d, say(c, "Giới tính, tuổi, dân tộc và trình độ lấy theo hồ sơ hiện có; “Chưa rõ” là hồ sơ chưa ghi hoặc người lập không được xem.",
                    "Sex, age, ethnicity and education are as the dossiers stand now; “Not known” is what they do not say or what the maker of the report may not see."));
}

/* --- coming and going ------------------------------------------------------------------------------ */

static void move_row(struct table *t, enum row_kind kind, const char *label, const struct count *n)
{
    doc_row(t, kind);
    doc_put(t, label);
    doc_put(t, n->n);
    doc_put(t, n->women);
    doc_put(t, n->probation);
}

/* Reasons of the rule that change the roll of any unit stand always, the others when there were any. */
static void move_reasons(struct ctx *c, struct table *t, const char *rule, const struct tallies *counts, day on)
{
    const struct rule_item **items;
    size_t n = rule_items(c, rule, on, &items);
    for (size_t i = 0; i < n; i++) {
        struct count one = tally_of(counts, items[i]->code);
        if (one.n || !(rule_flag(items[i], "internal") || rule_flag(items[i], "temporary") || rule_flag(items[i], "error")))
            move_row(t, ROW_PLAIN, arena_printf(&c->arena, "– %s", in_words(c, items[i]->label)), &one);
    }
    for (size_t i = 0; i < counts->n; i++) {
        bool known = false;
        for (size_t j = 0; j < n; j++)
            known |= strcmp(items[j]->code, counts->v[i].code) == 0;
        if (!known)
            move_row(t, ROW_PLAIN,
                     *counts->v[i].code ? code_label(c, rule, counts->v[i].code, on) : say(c, "– Chưa ghi lý do", "– Reason not given"), &counts->v[i].count);
    }
}

static void write_movement(struct ctx *c, struct doc *d, const struct movement *v)
{
    char before[DAY_TEXT], last[DAY_TEXT];
    struct table *t = doc_table(d, say(c, "Biến động đảng viên", "Movement of members"));
    doc_column(t, say(c, "Nội dung", "Item"), COL_TEXT)->heads_row = true;
    doc_column(t, say(c, "Tổng số", "In all"), COL_NUMBER);
    doc_group(t, say(c, "Trong đó", "Of them"));
    doc_column(t, say(c, "Nữ", "Women"), COL_NUMBER);
    doc_column(t, say(c, "Dự bị", "Probationary"), COL_NUMBER);
    doc_group(t, NULL);
    move_row(t, ROW_PART, say(c, "Có đến hết ngày %s", "At the end of %s", day_vi(v->before.v, before)), &v->start);
    move_reasons(c, t, "membership_begin", &v->came, v->last);
    move_row(t, ROW_PART, say(c, "Cộng tăng", "Came in all"), &v->in);
    move_reasons(c, t, "membership_end", &v->went, v->last);
    move_row(t, ROW_PART, say(c, "Cộng giảm", "Went in all"), &v->out);
    doc_row(t, ROW_PLAIN);
    doc_put(t, say(c, "Dự bị được công nhận chính thức", "Probationary members made official"));
    doc_cell(t, value_null());
    doc_cell(t, value_null());
    doc_put(t, v->recognised);
    move_row(t, ROW_TOTAL, say(c, "Có đến hết ngày %s", "At the end of %s", day_vi(v->last.v, last)), &v->end);
    doc_table_note(t, say(c, "Đầu kỳ + tăng − giảm = cuối kỳ (cột dự bị: trừ thêm số được công nhận chính thức). Chuyển giữa các chi bộ trong đơn vị "
                             "không tính là tăng, giảm; chi bộ nhập vào hoặc tách khỏi đơn vị thì đảng viên tăng, giảm theo tổ chức.",
                          "Start + came − went = end (probationary: those made official are taken off too). Transfers between cells of the unit are neither; "
                          "when a cell joins or leaves the unit its members come or go with it."));
    doc_put_pair(d, say(c, "Người đến rồi đi ngay trong kỳ", "People who came and went within the period"), v->passed);
    doc_put_pair(d, say(c, "Người đi rồi trở lại trong kỳ", "People who went and came back within the period"), v->returned);
    if (v->start.probation + v->in.probation - v->out.probation - v->recognised != v->end.probation)
        doc_note(d, say(c, "Cột dự bị không khớp: có người mang ngày chính thức khác nhau ở các lần sinh hoạt. Chạy “dangbo check”.",
                        "The column of probationary members does not agree: somebody has different official days in their stays. Run “dangbo check”."));
}

/* --- directly below -------------------------------------------------------------------------------- */

static bool branch_shown(struct ctx *c, const struct roll *roll, const struct branch *b)
{
    bool party = strcmp(b->sort, "party") == 0 && !rule_flag(rule_item(c, "unit_type", b->type, roll->on), "organ");
    return party || b->count.n || b->cells;
}

static void branch_row(struct table *t, enum row_kind kind, const char *name, const char *type, const struct branch *b, int64_t all, const char *opens)
{
    doc_row(t, kind);
    doc_put(t, name);
    doc_put(t, type);
    doc_put(t, b->cells);
    doc_put(t, b->count.n);
    doc_opens(t, opens);
    doc_put(t, b->count.women);
    doc_put(t, b->count.probation);
    doc_put(t, b->young);
    doc_put(t, share_of(b->count.n, all));
}

static void write_branches(struct ctx *c, struct doc *d, const struct roll *roll)
{
    struct branch sum = {0};
    int64_t all = roll->official + roll->probation;
    struct table *t = doc_table(d, say(c, "Theo đơn vị trực thuộc", "By unit directly below"));
    doc_column(t, say(c, "Đơn vị", "Unit"), COL_TEXT)->heads_row = true;
    doc_column(t, say(c, "Loại hình", "Type"), COL_TEXT);
    doc_column(t, say(c, "Số chi bộ", "Cells"), COL_NUMBER);
    doc_column(t, say(c, "Đảng viên", "Members"), COL_NUMBER);
    doc_column(t, say(c, "Nữ", "Women"), COL_NUMBER);
    doc_column(t, say(c, "Dự bị", "Probationary"), COL_NUMBER);
    doc_column(t, say(c, "Đến 30 tuổi", "Up to 30"), COL_NUMBER);
    doc_column(t, say(c, "Tỷ lệ", "Share"), COL_PERCENT);
    for (size_t i = 0; i < roll->nbranches; i++) {
        const struct branch *b = &roll->branches[i];
        sum.cells += b->cells;
        sum.young += b->young;
        count_add(&sum.count, &b->count);
        const char *name = b->unit == roll->unit ? say(c, "Sinh hoạt trực tiếp ở đơn vị", "At home in the unit itself")
                           : b->unit             ? b->name
                                                 : say(c, "Đơn vị khác", "Other units");
        if (branch_shown(c, roll, b))
            branch_row(t, ROW_PLAIN, name, *b->type ? code_label(c, "unit_type", b->type, roll->on) : "", b, all,
                       stays(c, b->unit, roll->on, b->unit == roll->unit ? "&alone=1" : ""));
    }
    branch_row(t, ROW_TOTAL, say(c, "Cộng", "Total"), "", &sum, all, stays(c, roll->unit, roll->on, ""));
}

/* --- the whole ------------------------------------------------------------------------------------- */

void make_members(struct ctx *c, struct doc *d, int64_t unit, const struct period *period)
{
    struct roll roll;
    struct movement movement;
    char on[DAY_TEXT];
    if (!roll_gather(c, &roll, unit, period->to) || !movement_gather(c, &movement, unit, period))
        return;
    must_agree(c, say(c, "bảng biến động", "the table of movement"), movement.end.n, roll.official + roll.probation);
    doc_note(d, say(c, "Số liệu tại hết ngày %s, theo cây tổ chức của ngày đó.", "Figures as at the end of %s, by the tree of that day.", day_vi(period->to.v, on)));
    doc_heading(d, 1, say(c, "1. Tổ chức", "1. Units"));
    write_units(c, d, &roll);
    doc_heading(d, 1, say(c, "2. Đảng viên", "2. Members"));
    write_status(c, d, &roll);
    write_bands(c, d, &roll);
    write_dossiers(c, d, &roll);
    doc_heading(d, 1, say(c, "3. Biến động trong kỳ", "3. Movement within the period"));
    write_movement(c, d, &movement);
    doc_heading(d, 1, say(c, "4. Đơn vị trực thuộc", "4. Units directly below"));
    write_branches(c, d, &roll);
    doc_heading(d, 1, say(c, "5. Chức vụ và phân công", "5. Offices and duties"));
    write_posts(c, d, unit, period->to);
}
