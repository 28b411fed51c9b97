/* Messages and the sticky first error; see ctx.h. */
#include "ctx.h"
#include "text.h"

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
