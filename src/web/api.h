/* JSON for programs: what the files of the API share. */
#ifndef WEB_API_H
#define WEB_API_H

#include "fmt/json.h"
#include "request.h"

/* An error as a problem document (RFC 9457). problems may be NULL; each becomes a pointer to its field. */
void api_problem(struct request *, int status, const char *detail, const struct problems *);
void api_record(struct request *, void *record); /* one record, with its version as ETag */
bool api_id(struct request *, int64_t *id);      /* the id or code of the address; false after an answer */

void api_list(struct request *);
void api_get(struct request *);
void api_history(struct request *);
void api_tree(struct request *);
void api_report(struct request *);
void api_me(struct request *);
void api_document(struct request *);
void api_create(struct request *);
void api_change(struct request *);
void api_remove(struct request *);
void api_restore(struct request *);

#endif
