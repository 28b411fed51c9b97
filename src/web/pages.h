/* The pages, one function each; see the table in routes.c. */
#ifndef WEB_PAGES_H
#define WEB_PAGES_H

#include "request.h"

void p_home(struct request *);
void p_organisation(struct request *);
void p_people(struct request *);
void p_language(struct request *);
void p_theme(struct request *);
void p_asset(struct request *);
void p_favicon(struct request *);
void p_robots(struct request *);

/* signing in: p_sign_in.c */
void p_sign_in(struct request *);
void p_sign_in_post(struct request *);
void p_sign_in_code_post(struct request *);
void p_sign_out(struct request *);
void p_setup(struct request *);
void p_setup_post(struct request *);
void p_confirm(struct request *);
void p_confirm_post(struct request *);

/* one's own account: p_account.c */
void p_account(struct request *);
void p_account_end(struct request *);
void p_account_password(struct request *);
void p_account_password_post(struct request *);
void p_account_token(struct request *);
void p_account_token_post(struct request *);
void p_account_token_end(struct request *);

/* its second factor: p_second.c */
void p_second(struct request *);
void p_second_post(struct request *);
void p_second_codes_post(struct request *);
void p_second_off_post(struct request *);

/* administration: p_admin.c, p_admin_account.c, p_audit.c */
void p_admin(struct request *);
void p_admin_accounts(struct request *);
void p_admin_account(struct request *);
void p_admin_account_new(struct request *);
void p_admin_account_new_post(struct request *);
void p_admin_account_reset(struct request *);
void p_admin_account_reset_post(struct request *);
void p_admin_account_second(struct request *);
void p_admin_account_second_post(struct request *);
void p_admin_account_lock(struct request *);
void p_admin_account_end(struct request *);
void p_audit(struct request *);
void p_audit_verify(struct request *);

/* every kind: p_list.c, p_export.c, p_record.c, p_form.c, p_bulk.c */
void p_list(struct request *);
void p_export(struct request *);
void p_export_ticked(struct request *);
void p_record(struct request *);
void p_remove(struct request *);
void p_restore(struct request *);
void p_new(struct request *);
void p_new_post(struct request *);
void p_edit(struct request *);
void p_edit_post(struct request *);
void p_ref(struct request *);
void p_bulk(struct request *);
void p_batch_undo(struct request *);
void p_removed(struct request *);
void place_of_form(struct request *); /* the place of a page that answers a form: the unit that the form carries */
int64_t form_new_id(struct request *); /* the id that a form for a new record was given, so that sent twice it is saved once; 0 = none */

/* files that belong to records: p_attach.c */
void p_attach(struct request *);
void p_attach_post(struct request *);
void p_attached_file(struct request *);

/* units: p_unit.c, p_tree.c, p_change.c, p_transfer.c */
void p_unit(struct request *);
void p_tree(struct request *);
void p_tree_diff(struct request *);
void p_change(struct request *);
void p_change_form(struct request *);
void p_change_post(struct request *);
void p_change_done(struct request *);
void p_change_undo(struct request *);
void p_transfer(struct request *);
void p_transfer_send(struct request *);
void p_transfer_send_post(struct request *);
void p_transfer_receive(struct request *);
void p_transfer_receive_post(struct request *);
struct decision;
const char *decision_words(struct request *, const struct decision *); /* NULL: none is known */

/* bringing in and looking up: p_import.c, p_import_columns.c, p_import_check.c, p_job.c, p_made.c, p_search.c, p_report.c, p_help.c */
void p_import(struct request *);
void p_import_new(struct request *);
void p_import_file(struct request *);
void p_import_template(struct request *);
void p_import_resume(struct request *);
void p_import_columns(struct request *);
void p_import_columns_post(struct request *);
void p_import_check(struct request *);
void p_import_run(struct request *);
void p_import_result(struct request *);
void p_import_refused(struct request *);
void p_import_drop(struct request *);
void p_import_undo(struct request *);
void p_job(struct request *);
void p_job_stop(struct request *);
void p_made(struct request *);
void p_made_file(struct request *);
void p_made_drop(struct request *);
void p_search(struct request *);
void p_reports(struct request *);
void p_report(struct request *);
void p_help(struct request *);

const char *own_path(const char *to); /* where a form may lead back to: a page of ours, else "/" */

#endif
