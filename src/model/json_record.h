/* A record as JSON, the same on the command line and in the API. Ids are strings, references stand as codes with their names
 * beside them, days as ISO. */
#ifndef MODEL_JSON_RECORD_H
#define MODEL_JSON_RECORD_H

#include "fmt/json.h"
#include "list.h"

#define JSON_EXACT (INT64_C(1) << 53) /* readers bend whole numbers beyond it */

/* `whole`: also numbers that identify a person, which lists mask. */
void json_record(struct ctx *, struct json_out *, const struct kind *, void *record, const struct labels *, bool whole);

#endif
