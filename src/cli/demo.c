/* dangbo demo DIR: the five localities, brought in through the same import as a user's files. */
#include "cli.h"

#include "base/embedded.h"
#include "base/str.h"
#include "model/import.h"
#include "model/schema.h"
#include "party/verbs.h"

#include <errno.h>
#include <unistd.h>

/* The file as a user would have it: on disk, in a folder of its own that is removed afterwards. */
static bool put_out(struct ctx *c, const char *path, const struct embedded *e)
{
    FILE *f = fopen(path, "we");
    bool ok = f && fwrite(e->data, 1, e->size, f) == e->size;
    ok = f && fclose(f) == 0 && ok;
    if (!ok)
        fail(c, ERR_CANNOT_MAKE, "Không ghi được %s: %s.", "Cannot write %s: %s.", path, os_says(c, errno));
    return ok;
}

static void import_one(struct cli *cli, const struct kind *k, const char *name)
{
    struct ctx *c = cli->c;
    const struct embedded *e = embedded_find(arena_printf(&c->arena, "demo/%s", name));
    const char *slash = strrchr(name, '/'), *path = arena_printf(&c->arena, "%s/.demo-%s", store_where(cli->store), slash ? slash + 1 : name);
    struct import_options o = {.note = import_batch_note};
    struct import_result r = {0};
    if (!e) {
        fail(c, ERR_BROKEN, "Chương trình thiếu tệp mẫu %s.", "The program lacks the sample file %s.", name);
        return;
    }
    if (!put_out(c, path, e))
        return;
    bool ok = import_file(c, k, path, &o, &r);
    unlink(path);
    for (size_t i = 0; i < r.nerrors && !ok; i++)
        cli_note(cli, "  dòng %lld: %s", "  row %lld: %s", (long long)r.errors[i].row, r.errors[i].text);
    if (!ok)
        fail(c, ERR_BAD_INPUT, "Tệp mẫu %s có %lld dòng lỗi.", "The sample file %s has %lld bad rows.", name, (long long)r.bad);
    else
        cli_note(cli, "  %-36s %lld dòng", "  %-36s %lld rows", name, (long long)r.saved);
}

void run_demo(struct cli *cli)
{
    struct ctx *c = cli->c;
    const struct embedded *order = embedded_find("demo/order.txt");
    if (!order) {
        fail(c, ERR_BROKEN, "Chương trình này được dựng không kèm dữ liệu mẫu.", "This program was built without the sample data.");
        return;
    }
    if (!schema_apply(c))
        return;
    c->actor = access_operator(c, "demo");
    const char *s = (const char *)order->data;
    while (*s && !failed(c)) {
        size_t n = strcspn(s, "\n"), split = strcspn(s, "\t ");
        struct arena_mark mark = arena_mark(&c->arena);
        if (n && *s != '#' && split < n) {
            const struct kind *k = kind_find(arena_copy(&c->arena, s, split));
            const char *file = str_clean(&c->arena, s + split, n - split);
            if (k)
                import_one(cli, k, file);
        }
        if (!failed(c))
            arena_rewind(&c->arena, mark);
        s += n + (s[n] == '\n');
    }
    if (!failed(c))
        cli_note(cli, "Đã tạo dữ liệu mẫu ở %s. Thử: dangbo --data %s unit tree", "Made the sample data at %s. Try: dangbo --data %s unit tree", store_where(cli->store),
                 store_where(cli->store));
}
