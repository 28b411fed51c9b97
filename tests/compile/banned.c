/* Functions that have no place here do not compile; src/base/banned.h says what to use. */
/* refused -DCALL=strcpy: banned_function_strcpy */
/* refused -DCALL=strcat: banned_function_strcat */
/* refused -DCALL=strncpy: banned_function_strncpy */
/* refused -DCALL=strncat: banned_function_strncat */
/* refused -DCALL=sprintf: banned_function_sprintf */
/* refused -DCALL=vsprintf: banned_function_vsprintf */
/* refused -DCALL=strtok: banned_function_strtok */
/* refused -DCALL=strtok_r: banned_function_strtok_r */
/* refused -DCALL=strdup: banned_function_strdup */
/* refused -DCALL=strndup: banned_function_strndup */
/* refused -DCALL=atoi: banned_function_atoi */
/* refused -DCALL=atol: banned_function_atol */
/* refused -DCALL=atoll: banned_function_atoll */
/* refused -DCALL=strtol: banned_function_strtol */
/* refused -DCALL=strtoul: banned_function_strtoul */
/* refused -DCALL=strtoll: banned_function_strtoll */
/* refused -DCALL=strtoull: banned_function_strtoull */
/* refused -DCALL=sscanf: banned_function_sscanf */
/* refused -DCALL=scanf: banned_function_scanf */
/* refused -DCALL=fscanf: banned_function_fscanf */
/* refused -DCALL=gmtime: banned_function_gmtime */
/* refused -DCALL=localtime: banned_function_localtime */
/* refused -DCALL=ctime: banned_function_ctime */
/* refused -DCALL=asctime: banned_function_asctime */
/* refused -DCALL=mktime: banned_function_mktime */
/* refused -DCALL=tmpnam: banned_function_tmpnam */
/* refused -DCALL=mktemp: banned_function_mktemp */
/* refused -DCALL=system: banned_function_system */
/* refused -DCALL=popen: banned_function_popen */
/* refused -DCALL=rand: banned_function_rand */
/* refused -DCALL=srand: banned_function_srand */
/* refused -DCALL=alloca: banned_function_alloca */
/* refused -DCALL=malloc: banned_function_malloc */
/* refused -DCALL=calloc: banned_function_calloc */
/* refused -DCALL=realloc: banned_function_realloc */
/* refused -DCALL=free: banned_function_free */
#include "base/base.h"

int snippet(char *to, const char *from);

#ifndef CALL
#define CALL(a, b) ((a)[0] == (b)[0])
#endif

int snippet(char *to, const char *from)
{
    return CALL(to, from);
}
