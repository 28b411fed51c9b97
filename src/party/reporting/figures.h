/* What the files of this folder share: figures gathered from the database, each by a fixed number of statements whatever
 * the number of units and members, and the ways in which they are written down. */
#ifndef PARTY_REPORTING_FIGURES_H
#define PARTY_REPORTING_FIGURES_H

#include "report.h"

struct count {
    int64_t n, women, probation;
};

void count_add(struct count *, const struct count *);

/* Counts by a code of a rule; code "" = not known. */
struct tally {
    const char *code;
    struct count count;
};
struct tallies {
    struct tally *v;
    size_t n, room;
};
void tally_add(struct ctx *, struct tallies *, const char *code, const struct count *);
struct count tally_of(const struct tallies *, const char *code);

enum { AGE_30, AGE_40, AGE_50, AGE_60, AGE_OVER, AGE_UNKNOWN, AGES };
enum { PARTY_AGE_UNKNOWN = 7, PARTY_AGES };
enum { MEN, WOMEN, SEX_NOT_KNOWN, SEXES };

/* An organisation directly below, or the unit itself for those who have their home in it. */
struct branch {
    int64_t unit;
    const char *name, *type, *sort;
    int64_t cells, young;
    struct count count;
};

/* Members at home in a unit and below it on a day. */
struct roll {
    int64_t unit;
    day on;
    int64_t official, probation; /* by a statement of its own, without looking at people */
    struct count sex[SEXES], age[AGES], party_age[PARTY_AGES];
    int64_t age_sum, age_known;
    struct tallies ethnicity, schooling, qualification, theory, spells;
    int64_t guests;
    struct branch *branches; /* those directly below, then the unit itself, then one of unit 0 for what none of them holds */
    size_t nbranches, last;
};

bool roll_gather(struct ctx *, struct roll *, int64_t unit, day);
void roll_whole(struct ctx *, struct roll *); /* official and probation alone, of roll->unit on roll->on */
struct count roll_sum(const struct count *, size_t n);

/* Coming and going between two days, for a unit and all that stood below it at the time. */
struct movement {
    day before, last; /* the day before the period, and its last day */
    struct count start, in, out, end;
    struct tallies came, went;    /* by reason */
    int64_t recognised;           /* from probationary to official */
    int64_t passed, returned;     /* people who came and went, who went and came back */
};

bool movement_gather(struct ctx *, struct movement *, int64_t unit, const struct period *);

/* --- statements ----------------------------------------------------------------------------------- */

#define add_value(q, lit, x) (sql_add((q), lit), sql_arg((q), V(x)))

void add_state(struct sql *, day);                         /* joins s, the state of unit u on the day */
void add_readable(struct sql *);                           /* 1 where p is a person whose record the actor may read, else 0 */
void add_person(struct sql *);                             /* joins p, the person of m, when the actor may read it */
/* "(SELECT ...)": the units that the report of a unit speaks of: it and all below, and the areas that these serve, with
 * the authorities, mass bodies and areas below them. */
void add_units_of(struct sql *, int64_t unit, day);
/* Sees to it that two ways of counting the same agree. */
void must_agree(struct ctx *, const char *what, int64_t counted, int64_t whole);
const char *rows_copy(struct ctx *, struct rows *, int col); /* text that outlives the step; "" when null */

/* --- writing down ---------------------------------------------------------------------------------- */

const char *code_label(struct ctx *, const char *rule, const char *code, day); /* as the code was called on the day */
struct value share_of(int64_t n, int64_t all);                                /* percent; no data when all is 0 */
void write_units(struct ctx *, struct doc *, const struct roll *);
void write_posts(struct ctx *, struct doc *, int64_t unit, day);

void make_members(struct ctx *, struct doc *, int64_t unit, const struct period *);
void make_posts(struct ctx *, struct doc *, int64_t unit, const struct period *);
void make_duties(struct ctx *, struct doc *, int64_t unit, const struct period *);

#endif
