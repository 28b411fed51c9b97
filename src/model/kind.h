/* The language in which kinds of records are declared: a typed C struct and a table of its fields.
 * From the table come schema, forms, validation, lists, filters, search, import, export, API, audit
 * and access. The compiler keeps table and struct in agreement: a field declared as something its member is
 * not does not compile. What it cannot see, kinds_check() finds at start.
 * This file knows no kind but by the list that the build makes from party/meson.build. */
#ifndef MODEL_KIND_H
#define MODEL_KIND_H

#include "base/buf.h"
#include "base/ctx.h"
#include "base/value.h"

/* Each storage type is a C type of its own. */
typedef struct text {
    const char *s; /* UTF-8, NFC; NULL = empty */
} text;
typedef struct number {
    int64_t v;
    bool set;
} number;
typedef struct flag {
    bool v;
} flag;
typedef struct choice {
    const char *s; /* a code of a rule's items; NULL = none */
} choice;

enum type { TYPE_TEXT, TYPE_NUMBER, TYPE_DAY, TYPE_PDAY, TYPE_FLAG, TYPE_ENUM, TYPE_CHOICE, TYPE_REF, TYPE__MAX };

enum field_flag {
    REQUIRED = 1,    /* must have a value */
    LISTED = 2,      /* a column of the list */
    SEARCHED = 4,    /* found by its words, without diacritics */
    READONLY = 8,    /* filled by the program; forms and imports do not set it */
    UNIQUE = 16,     /* no two live records share it, in the whole database */
    UNTIL = 32,      /* the end of something that lasts: the first day on which it no longer holds; none = open */
    INPUT = 64,      /* given when a record is made, used by its hooks, not stored */
    MOVED = 128,     /* the state of a life cycle: changes only along kind.moves */
    PERSONAL = 256,  /* a number that identifies a person: masked in lists */
    SECRET = 512     /* never leaves: not in lists, exports, audit */
};

struct word {
    const char *word; /* as stored, in JSON and on the command line */
    struct words label;
};

struct kind;

struct field {
    const char *name;
    struct words label;
    enum type type;
    unsigned flags;
    size_t offset;
    int64_t min, max;         /* length of text in characters, value of numbers; 0, 0 = the type's own limits */
    const struct word *words; /* TYPE_ENUM */
    size_t nwords;
    const struct kind *to;    /* TYPE_REF */
    const char *rule;         /* TYPE_CHOICE: the rule whose items are the choices */
    const char *also;         /* other heads that registers use for it, separated by | */
};

/* The envelope of every record, always its first member. */
struct row {
    int64_t id;    /* made by the program: 63 bits, ordered by time */
    int64_t shard; /* where it is kept; never changes */
    int64_t unit;  /* where it counts and who may see it */
    int64_t version;
    instant created_at, changed_at;
    int64_t created_by, changed_by; /* account; 0 = the program itself */
    instant removed_at;
};

/* Refusals, shown beside their fields. */
struct problem {
    const char *field; /* NULL: the record as a whole */
    const char *text;
    bool warning;      /* may be overridden with a reason */
    bool duplicate;    /* this may be the same as another record: a warning, or a refusal when asked so */
    int64_t other;     /* that record, or the one that has a value which must be unique; 0 = none */
    struct problem *next;
};
struct problems {
    struct ctx *c;
    struct problem *first, **last;
    size_t n, warnings, duplicates;
    bool refuse_duplicates; /* set by the caller: what may be the same is a refusal */
};
void problems_start(struct problems *, struct ctx *);
void problem(struct problems *, const char *field, const char *vi, const char *en, ...) PRINTF(3, 5) PRINTF(4, 5);
void warning(struct problems *, const char *field, const char *vi, const char *en, ...) PRINTF(3, 5) PRINTF(4, 5);

/* `other` may be the same as this one. */
void duplicate(struct problems *, const char *field, int64_t other, const char *vi, const char *en, ...) PRINTF(4, 6) PRINTF(5, 6);

enum when { WHEN_NONE, WHEN_EVENT, WHEN_SPELL };

/* A step of a life cycle. */
struct move {
    const char *from, *to; /* words of the MOVED field; from NULL: a new record */
    unsigned act;          /* the right that it takes */
};

/* What an actor may do with records of a kind. */
enum act { ACT_READ = 1, ACT_ADD = 2, ACT_CHANGE = 4, ACT_REMOVE = 8, ACT_EXPORT = 16, ACT_DECIDE = 32, ACT_ADMIN = 64 };

enum kind_flag {
    REFERENCE = 1,  /* kept whole on every node (units, accounts, settings) */
    SENSITIVE = 2,  /* every reading of a single record is logged */
    SYSTEM = 4,     /* for administrators of the installation, not tied to a unit */
    OPEN_START = 16, /* what lasts and has no first day lasted ever since */
    COMPUTED = 8,   /* written by the program only: no form, no import */
    SERVED = 32     /* whoever reads those of a unit and of all below it reads those of the places, too, that these serve today */
};

/* Where the records of a kind without days of its own were on any day: the spells of another kind tell. */
struct stays {
    const struct kind *kind;
    const char *of;           /* their reference to the record */
    const char *field, *word; /* only spells of which this field is this word */
};

struct kind {
    const char *name;
    struct words label, plural;
    size_t size;
    const struct field *fields;
    size_t nfields;
    const char *code, *title; /* fields: how people point at it, what names it */
    bool person_name;         /* the title sorts by given name */
    const char *counted;      /* the field by whose values lists are counted; NULL: the first enumeration of the list that has few */
    const char *beside;       /* a reference whose shard the record shares; NULL: its unit's */
    const char *where;        /* the envelope's "unit", or "id" for the units themselves */
    enum when when;
    const char *from, *until; /* fields; an event has only `from` */
    struct stays stays;
    const char *subject;      /* field: the person (or account) whose own case it is; "created_by" for who made it */
    unsigned flags;
    const char *const *indexes; /* column lists: "unit, since, until" */
    const char *const *lists;   /* those that no rule asks while records of the kind are written, but with bulk.h in mind */
    const struct move *moves;
    size_t nmoves;
    void (*fill)(struct ctx *, void *now, const void *was);                           /* derive */
    void (*check)(struct ctx *, struct problems *, const void *now, const void *was); /* refuse */
    void (*as_at)(struct ctx *, day, void **records, size_t n); /* shows what the records were on a past day */
    void (*saved)(struct ctx *, const void *now, const void *was);                    /* consequences, same transaction; now NULL: removed */
};

/* The offset of a member, or a compile error if the member is not a T. */
#define MEMBER(S, M, T) (offsetof(struct S, M) + 0 * sizeof(_Generic(((struct S *)0)->M, T: 0)))

#define TEXT(S, M, ...) {.name = #M, .type = TYPE_TEXT, .offset = MEMBER(S, M, text), __VA_ARGS__}
#define NUMBER(S, M, ...) {.name = #M, .type = TYPE_NUMBER, .offset = MEMBER(S, M, number), __VA_ARGS__}
#define DAY(S, M, ...) {.name = #M, .type = TYPE_DAY, .offset = MEMBER(S, M, day), __VA_ARGS__}
#define PDAY(S, M, ...) {.name = #M, .type = TYPE_PDAY, .offset = MEMBER(S, M, pday), __VA_ARGS__}
#define FLAG(S, M, ...) {.name = #M, .type = TYPE_FLAG, .offset = MEMBER(S, M, flag), __VA_ARGS__}
#define ENUM(S, M, E, ...) \
    {.name = #M, .type = TYPE_ENUM, .offset = MEMBER(S, M, enum E), .words = E##_words, .nwords = N(E##_words), __VA_ARGS__}
#define CHOICE(S, M, R, ...) {.name = #M, .type = TYPE_CHOICE, .offset = MEMBER(S, M, choice), .rule = #R, __VA_ARGS__}
#define REF(S, M, K, ...) {.name = #M, .type = TYPE_REF, .offset = MEMBER(S, M, K##_id), .to = &K##_kind, __VA_ARGS__}
#define FIELDS(F) .fields = F, .nfields = N(F)
#define EVENT(F) WHEN_EVENT, .from = F
#define SPELL(F, U) WHEN_SPELL, .from = F, .until = U
#define MOVES(M) .moves = M, .nmoves = N(M)

/* Every value of an enumeration has a word; value 0 is "none" and its word is NULL. */
#define COMPLETE(E, LAST) _Static_assert(N(E##_words) == (size_t)(LAST) + 1, #E " has a word for every value")

/* kinds.def is made by the build from the one list of kinds. */
#define X(k)                  \
    typedef struct k##_id {   \
        int64_t v;            \
    } k##_id;                 \
    extern const struct kind k##_kind;
#include "kinds.def"
#undef X

extern const struct kind *const kinds[];
extern const size_t nkinds;

const struct kind *kind_find(const char *name); /* NULL when there is none */
const struct kind *kind_of_places(void);            /* the one whose records are the places in which all others count */
size_t kind_index(const struct kind *);
const struct field *field_find(const struct kind *, const char *name);
const struct field *field_need(const struct kind *, const char *name); /* of a declaration: must exist */
static inline bool field_stored(const struct field *f)
{
    return !(f->flags & INPUT);
}
bool kind_searched(const struct kind *);

/* Finds what the compiler cannot: undeclared members, unlawful names, open moves, references to unlisted kinds.
 * Each fault is told; returns how many. */
size_t kinds_check(void (*tell)(void *to, const char *fault), void *to);
size_t kind_check(const struct kind *, void (*tell)(void *to, const char *fault), void *to); /* of one, listed or not */

/* Fields by value, for the borders. Text lives where the record lives. */
struct value field_get(const struct field *, const void *record);                  /* as stored */
void field_set(const struct field *, void *record, struct value);                  /* from storage: trusted */
bool field_empty(const struct field *, const void *record);
bool field_same(const struct field *, const void *a, const void *b);
int64_t field_ref(const struct field *, const void *record);

#define record_new(c, K) ((struct K *)arena_alloc(&(c)->arena, sizeof(struct K)))

#endif
