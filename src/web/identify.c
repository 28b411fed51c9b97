/* See identify.h. */
#include "identify.h"
#include "party/verbs.h"
#include "model/scope.h"

void identify(struct request *r)
{
    r->c->actor = access_operator(r->c, "dev");
    r->c->after_begin = actor_refresh;
    r->who = (struct signed_in){.account = 1, .login = "dev", .name = "Nguyễn Văn Đức", .csrf = "x", .administrator = true, .ends_in = 1800};
}

bool trusted_form(struct request *r)
{
    (void)r;
    return true;
}
