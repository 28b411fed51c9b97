/* A field declared as something its member is not does not compile, nor does an enumeration without a word for each value. */
/* refused -DBAD=1: (_Generic|generic|not compatible) */
/* refused -DBAD=2: (_Generic|generic|not compatible) */
/* refused -DBAD=3: (_Generic|generic|not compatible) */
/* refused -DBAD=4: (_Generic|generic|not compatible) */
/* refused -DBAD=5: (_Generic|generic|not compatible) */
/* refused -DBAD=6: (_Generic|generic|not compatible) */
/* refused -DBAD=7: (_Generic|generic|not compatible) */
/* refused -DBAD=8: has a word for every value */
/* refused -DBAD=9: (no member|has no member) */
/* refused -DBAD=10: (override|initialized field overwritten) */
/* refused -DBAD=11: (_Generic|generic|not compatible) */
#include "model/kind.h"

enum snippet_state { SNIPPET_NONE, SNIPPET_OPEN, SNIPPET_DONE };
enum snippet_other { OTHER_NONE, OTHER_ONE };
static const struct word snippet_state_words[] = {
    {NULL, {"", ""}},
    {"open", {"Mở", "Open"}},
#if BAD != 8
    {"done", {"Xong", "Done"}},
#endif
};
static const struct word snippet_other_words[] = {{NULL, {"", ""}}, {"one", {"Một", "One"}}};
COMPLETE(snippet_state, SNIPPET_DONE);
COMPLETE(snippet_other, OTHER_ONE);

struct snippet {
    struct row row;
    text title;
    day since;
    pday born;
    number size;
    flag on;
    choice type;
    enum snippet_state state;
    enum snippet_other other;
    person_id person;
    unit_id place;
};

#define WORDS .label = {"Tên", "Name"}

const struct field snippet_fields[] = {
    TEXT(snippet, title, WORDS),
    DAY(snippet, since, WORDS),
    PDAY(snippet, born, WORDS),
    NUMBER(snippet, size, WORDS),
    FLAG(snippet, on, WORDS),
    CHOICE(snippet, type, unit_type, WORDS),
    ENUM(snippet, state, snippet_state, WORDS),
    ENUM(snippet, other, snippet_other, WORDS),
    REF(snippet, person, person, WORDS),
    REF(snippet, place, unit, WORDS),
#if BAD == 1
    TEXT(snippet, since, WORDS),
#elif BAD == 2
    REF(snippet, person, unit, WORDS),
#elif BAD == 3
    DAY(snippet, born, WORDS),
#elif BAD == 4
    NUMBER(snippet, on, WORDS),
#elif BAD == 5
    ENUM(snippet, other, snippet_state, WORDS),
#elif BAD == 6
    TEXT(snippet, type, WORDS),
#elif BAD == 7
    CHOICE(snippet, title, unit_type, WORDS),
#elif BAD == 9
    TEXT(snippet, no_such_member, WORDS),
#elif BAD == 10
    TEXT(snippet, title, WORDS, .type = TYPE_DAY),
#elif BAD == 11
    REF(snippet, title, person, WORDS),
#endif
};
