/* Messages and the sticky first error; see ctx.h. */
#include "ctx.h"
#include "text.h"

#include <errno.h>

const char *say(struct ctx *c, const char *vi, const char *en, ...)
{
    va_list args;
    va_start(args, en);
    const char *s = arena_vprintf(&c->arena, c->lang == LANG_EN ? en : vi, args);
    va_end(args);
    return s;
}

void fail(struct ctx *c, enum err_code code, const char *vi, const char *en, ...)
{
    if (failed(c))
        return;
    va_list args;
    va_start(args, en);
    c->err.code = code;
    c->err.text = arena_vprintf(&c->arena, c->lang == LANG_EN ? en : vi, args);
    va_end(args);
}

const char *in_sentence(struct ctx *c, struct words w)
{
    return text_inside(&c->arena, words_in(w, c->lang));
}

void ctx_free(struct ctx *c)
{
    arena_free(&c->arena);
    arena_free(&c->kept);
    c->err = (struct err){0};
}

const char *os_says(struct ctx *c, int why)
{
    static const struct {
        int why;
        struct words said;
    } known[] = {
        {ENOENT, {"không có tệp hoặc thư mục này", "there is no such file or directory"}},
        {ENOTDIR, {"một phần của đường dẫn không phải là thư mục", "a part of the path is no directory"}},
        {EISDIR, {"đó là một thư mục", "it is a directory"}},
        {EACCES, {"không có quyền", "permission is denied"}},
        {EPERM, {"không có quyền", "permission is denied"}},
        {EROFS, {"ổ đĩa chỉ cho đọc", "the disk is read-only"}},
        {EEXIST, {"đã có tệp này", "it exists already"}},
        {ENOSPC, {"ổ đĩa đã đầy", "the disk is full"}},
        {EDQUOT, {"đã hết phần đĩa được cấp", "the disk quota is used up"}},
        {EFBIG, {"tệp không được lớn thêm", "the file may not grow"}},
        {EIO, {"ổ đĩa báo lỗi đọc, ghi", "the disk reports an error"}},
        {EMFILE, {"đang mở quá nhiều tệp", "too many files are open"}},
        {ENAMETOOLONG, {"tên quá dài", "the name is too long"}},
        {ENOMEM, {"không đủ bộ nhớ", "there is not enough memory"}},
    };
    for (size_t i = 0; i < N(known); i++)
        if (known[i].why == why)
            return in_words(c, known[i].said);
    return arena_text(&c->arena, strerror(why));
}
