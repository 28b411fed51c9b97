/* The table of routes; see route.h. A literal stands before a {part} that would match it too. */
#include "api.h"
#include "pages.h"
#include "route.h"

#include "base/str.h"

const struct route routes[] = {
    {"GET", "/", SLOW | KEPT, 0, p_home},
    {"GET", "/organisation", SLOW | KEPT, 0, p_organisation},
    {"GET", "/people", SLOW | KEPT, 0, p_people},
    {"GET", "/s/{file}", ANYBODY | OWN | NAMELESS, 0, p_asset},
    {"GET", "/robots.txt", ANYBODY | OWN | NAMELESS, 0, p_robots},
    {"GET", "/favicon.ico", ANYBODY | OWN | NAMELESS, 0, p_favicon},
    {"POST", "/language", ANYBODY | OWN, 0, p_language},
    {"POST", "/theme", ANYBODY | OWN, 0, p_theme},

    /* signing in */
    {"GET", "/sign-in", ANYBODY | OWN | SLOW, 0, p_sign_in},
    {"POST", "/sign-in", ANYBODY | OWN, 0, p_sign_in_post},
    {"GET", "/sign-in/code", ANYBODY | OWN | SLOW, 0, p_sign_in},
    {"POST", "/sign-in/code", ANYBODY | OWN, 0, p_sign_in_code_post},
    {"POST", "/sign-out", OWN, 0, p_sign_out},
    {"GET", "/setup", ANYBODY | OWN | SLOW, 0, p_setup},
    {"POST", "/setup", ANYBODY | OWN, 0, p_setup_post},
    {"GET", "/confirm", OWN, 0, p_confirm},
    {"POST", "/confirm", OWN, 0, p_confirm_post},

    /* one's own account; the kind of accounts has its list under /admin/accounts */
    {"GET", "/account", SLOW, 0, p_account},
    {"POST", "/account/end", OWN, 0, p_account_end},
    {"GET", "/account/password", 0, 0, p_account_password},
    {"POST", "/account/password", OWN, 0, p_account_password_post},
    {"GET", "/account/second", FRESH, 0, p_second},
    {"POST", "/account/second", OWN | FRESH, 0, p_second_post},
    {"POST", "/account/second/codes", OWN | FRESH, 0, p_second_codes_post},
    {"POST", "/account/second/off", OWN | FRESH, 0, p_second_off_post},
    {"GET", "/account/token", FRESH, 0, p_account_token},
    {"POST", "/account/token", OWN | FRESH | REPEATS, 0, p_account_token_post},
    {"POST", "/account/token/end", OWN, 0, p_account_token_end},

    /* administration; making an account goes by a page of its own, because it needs a first password */
    {"GET", "/admin", ADMIN | SLOW, 0, p_admin},
    {"GET", "/admin/accounts", ADMIN | SLOW, 0, p_admin_accounts},
    {"GET", "/admin/accounts/new", ADMIN | FRESH, 0, p_admin_account_new},
    {"POST", "/admin/accounts/new", ADMIN | OWN | FRESH, 0, p_admin_account_new_post},
    {"GET", "/account/new", ADMIN | FRESH, 0, p_admin_account_new},
    {"POST", "/account/new", ADMIN | OWN | FRESH, 0, p_admin_account_new_post},
    {"GET", "/admin/accounts/{id}", ADMIN | SLOW, 0, p_admin_account},
    {"GET", "/admin/accounts/{id}/reset", ADMIN | FRESH, 0, p_admin_account_reset},
    {"POST", "/admin/accounts/{id}/reset", ADMIN | OWN | FRESH, 0, p_admin_account_reset_post},
    {"GET", "/admin/accounts/{id}/second", ADMIN | FRESH, 0, p_admin_account_second},
    {"POST", "/admin/accounts/{id}/second", ADMIN | OWN | FRESH, 0, p_admin_account_second_post},
    {"POST", "/admin/accounts/{id}/lock", ADMIN | OWN, 0, p_admin_account_lock},
    {"POST", "/admin/accounts/{id}/end", ADMIN | OWN, 0, p_admin_account_end},
    {"GET", "/admin/audit", ADMIN | SLOW, 0, p_audit},
    {"POST", "/admin/audit/verify", ADMIN | OWN, 0, p_audit_verify},

    /* programs */
    {"GET", "/api/v1/openapi.json", API, 0, api_document},
    {"GET", "/api/v1/me", API, 0, api_me},
    {"GET", "/api/v1/tree", API, 0, api_tree},
    {"GET", "/api/v1/report/{name}", API | SLOW, 0, api_report},
    {"GET", "/api/v1/{kind}", API, ACT_READ, api_list},
    {"POST", "/api/v1/{kind}", API | OWN, ACT_ADD, api_create},
    {"GET", "/api/v1/{kind}/{id}", API | SLOW, ACT_READ, api_get},
    {"PATCH", "/api/v1/{kind}/{id}", API | OWN, ACT_CHANGE, api_change},
    {"DELETE", "/api/v1/{kind}/{id}", API | OWN, ACT_REMOVE, api_remove},
    {"POST", "/api/v1/{kind}/{id}/restore", API | OWN, ACT_REMOVE, api_restore},
    {"GET", "/api/v1/{kind}/{id}/history", API, ACT_READ, api_history},

    /* units */
    {"GET", "/u/{code}", SLOW | KEPT, 0, p_unit},
    {"GET", "/tree", PART | KEPT, 0, p_tree},
    {"GET", "/tree/diff", SLOW, 0, p_tree_diff},
    {"GET", "/change", 0, 0, p_change},
    {"GET", "/change/{act}", REPEATS, 0, p_change_form},
    {"POST", "/change/{act}", OWN | REPEATS, 0, p_change_post},
    {"GET", "/change/{id}/done", 0, 0, p_change_done},
    {"POST", "/change/{id}/undo", OWN, 0, p_change_undo},
    {"GET", "/transfer", 0, 0, p_transfer},
    {"GET", "/transfer/send", 0, 0, p_transfer_send},
    {"POST", "/transfer/send", OWN, 0, p_transfer_send_post},
    {"GET", "/transfer/{id}/receive", 0, 0, p_transfer_receive},
    {"POST", "/transfer/{id}/receive", OWN, 0, p_transfer_receive_post},

    {"GET", "/ref/{kind}", 0, 0, p_ref},

    /* files that belong to records */
    {"GET", "/attachment/new", OWN, 0, p_attach},
    {"POST", "/attachment/new", OWN | TAKES_FILE, 0, p_attach_post},
    {"GET", "/attachment/{id}/file", OWN | SLOW, 0, p_attached_file},

    /* bringing in: import, jobs, search, reports, help */
    {"GET", "/import", SLOW, 0, p_import},
    {"GET", "/import/new/{kind}", 0, 0, p_import_new},
    {"POST", "/import/new/{kind}", OWN | TAKES_FILE, 0, p_import_file},
    {"GET", "/import/template/{kind}", OWN | SLOW, ACT_READ, p_import_template},
    {"GET", "/import/j/{id}", SLOW, 0, p_import_resume},
    {"GET", "/import/j/{id}/columns", SLOW, 0, p_import_columns},
    {"POST", "/import/j/{id}/columns", OWN, 0, p_import_columns_post},
    {"GET", "/import/j/{id}/check", SLOW, 0, p_import_check},
    {"POST", "/import/j/{id}/run", OWN, 0, p_import_run},
    {"GET", "/import/j/{id}/result", SLOW, 0, p_import_result},
    {"GET", "/import/j/{id}/refused", SLOW, 0, p_import_refused},
    {"POST", "/import/j/{id}/drop", OWN, 0, p_import_drop},
    {"POST", "/import/batch/{id}/undo", OWN, 0, p_import_undo},
    {"GET", "/job/{id}", PART, 0, p_job},
    {"POST", "/job/{id}/stop", OWN, 0, p_job_stop},
    {"GET", "/made/{id}", SLOW, 0, p_made},
    {"GET", "/made/{id}/file", SLOW, 0, p_made_file},
    {"POST", "/made/{id}/drop", OWN, 0, p_made_drop},
    {"GET", "/search", PART, 0, p_search},
    {"GET", "/report", 0, 0, p_reports},
    {"GET", "/report/{name}", OWN | SLOW, 0, p_report},
    {"GET", "/help", 0, 0, p_help},

    /* every kind */
    {"GET", "/{kind}", RECORDS | REPEATS | KEPT, ACT_READ, p_list},
    {"GET", "/{kind}/export", OWN | SLOW | REPEATS, ACT_EXPORT, p_export},
    {"POST", "/{kind}/export", OWN | REPEATS, ACT_EXPORT, p_export_ticked},
    {"GET", "/{kind}/removed", 0, ACT_REMOVE, p_removed},
    {"GET", "/{kind}/new", 0, ACT_ADD, p_new},
    {"POST", "/{kind}/new", OWN, ACT_ADD, p_new_post},
    {"POST", "/{kind}/bulk", OWN | REPEATS, ACT_CHANGE, p_bulk},
    {"POST", "/batch/{id}/undo", OWN, 0, p_batch_undo},
    {"GET", "/{kind}/{id}", SLOW, ACT_READ, p_record},
    {"GET", "/{kind}/{id}/edit", SLOW, ACT_CHANGE, p_edit},
    {"POST", "/{kind}/{id}/edit", OWN, ACT_CHANGE, p_edit_post},
    {"POST", "/{kind}/{id}/remove", OWN, ACT_REMOVE, p_remove},
    {"POST", "/{kind}/{id}/restore", OWN, ACT_REMOVE, p_restore},
};
const size_t nroutes = N(routes);

/* Whether the path is of the pattern; its parts go to r->parts. */
static bool fits(struct request *r, const char *pattern)
{
    const char *path = r->path;
    r->nparts = 0;
    r->kind = NULL;
    while (*pattern && *path) {
        size_t n = strcspn(path, "/"), m = strcspn(pattern, "/");
        if (m && *pattern == '{') {
            if (!n || r->nparts == PARTS_MOST)
                return false;
            const char *part = arena_copy(&r->c->arena, path, n);
            if (str_starts(pattern, "{kind}") && !(r->kind = kind_find(part)))
                return false;
            r->parts[r->nparts++] = part;
        } else if (n != m || strncmp(path, pattern, n) != 0) {
            return false;
        }
        path += n;
        pattern += m;
        if (*path != *pattern)
            return false;
        if (*path == '/')
            path++, pattern++;
    }
    return *path == *pattern;
}

const struct route *route_match(struct request *r, bool *other)
{
    *other = false;
    for (size_t i = 0; i < nroutes; i++) {
        if (!fits(r, routes[i].pattern))
            continue;
        if (strcmp(routes[i].method, r->method) == 0)
            return &routes[i];
        *other = true;
    }
    return NULL;
}
