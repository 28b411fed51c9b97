/* What some kinds add to the generic lists. A kind that is not here is listed as it is declared. */
#include "show.h"
#include "ui.h"

#include "base/str.h"
#include "party/reporting/report.h"

/* The offices that each holds on the day: "Bí thư, Chi bộ thôn 4". */
static const char **offices_of(struct request *r, void *const *rows, size_t n)
{
    int64_t *ids = NEW_N(&r->c->arena, int64_t, n + 1);
    const char **under = NEW_N(&r->c->arena, const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = ((const struct row *)rows[i])->id;
    struct post *posts;
    size_t np = posts_of_people(r->c, ids, n, r->place.at, &posts);
    for (size_t i = 0; i < n; i++) {
        struct buf b = {0};
        for (size_t j = 0; j < np; j++)
            if (posts[j].person == ids[i])
                buf_printf(&b, "%s%s", b.n ? ", " : "", in_words(r->c, posts[j].office_label));
        under[i] = buf_take(&b, &r->c->arena);
    }
    return under;
}

/* Full years since admission was decided, or else since the day of admission. */
static const char *party_age(struct request *r, const void *record)
{
    int32_t from = person_member_since(record).v;
    char years[32];
    return from && from <= r->place.at.v ? arena_text(&r->c->arena, int_vi((r->place.at.v - from) / 10000, years)) : "—";
}

static const struct look_column person_extra[] = {{{"Tuổi Đảng", "Party age"}, true, party_age}};
static const char *const person_first[] = {"name", "born", "standing", "admitted_on", "official_on", NULL};

static const struct look_group person_groups[] = {
    {{"Nhân thân", "Who they are"}, "code"},
    {{"Nơi ở, liên lạc, công việc", "Home, contact, work"}, "residence"},
    {{"Trình độ", "Education"}, "schooling"},
    {{"Giấy tờ", "Papers"}, "cccd"},
    {{"Vào Đoàn, vào Đảng", "Youth Union and Party"}, "youth_on"},
    {{"Khác", "Other"}, "died_on"},
    {{"Sinh hoạt đảng", "Cell"}, "cell"},
};

static void take_file(struct request *r, int64_t id)
{
    ui_button(r, url_plain(r, arena_printf(&r->c->arena, "/attachment/%lld/file", (long long)id), NULL), "download", T(r, "Tải tệp về", "Download the file"), false);
}

static const struct look looks[] = {
    {.kind = &person_kind, .under = offices_of, .faces = true, .extra = person_extra, .nextra = N(person_extra), .first = person_first, .unit = {"Chi bộ", "Cell"}, .unit_first = true,
     .groups = person_groups, .ngroups = N(person_groups)},
    {.kind = &attachment_kind, .actions = take_file},
};

const struct look *look_of(const struct kind *k)
{
    for (size_t i = 0; i < N(looks); i++)
        if (looks[i].kind == k)
            return &looks[i];
    return NULL;
}

const char *look_group_of(struct request *r, const struct kind *k, const struct field *f)
{
    const struct look *look = look_of(k);
    for (size_t i = 0; look && i < look->ngroups; i++)
        if (strcmp(look->groups[i].from, f->name) == 0)
            return in_words(r->c, look->groups[i].head);
    return NULL;
}
