/* A change of units on its way through its steps. Nothing is kept between them but what the address or the form carries: each step asks
 * some names and takes all others along. Shared by p_change*.c. */
#ifndef WEB_CHANGING_H
#define WEB_CHANGING_H

#include "request.h"

#include "party/organisation/change.h"

enum { PARTS_OF_SPLIT = 12, PARTS_AT_FIRST = 2 };

enum change_step { CHANGE_UNITS, CHANGE_DETAILS, CHANGE_ASSIGN, CHANGE_PREVIEW };

/* What each change asks. */
struct change_sort {
    const char *act, *icon;
    struct words title, what, verb; /* verb: of the button that does it to n units; NULL = the title */
    enum { PICK_NONE, PICK_ONE, PICK_MANY } picks; /* of the units that it is about */
    bool superior;                  /* a unit above is chosen from a tree */
    bool assigns;                   /* who goes where is a step of its own */
};

struct changing {
    struct request *r;
    const struct change_sort *sort;
    const struct problems *p; /* NULL, or what is wrong */
    const char *picks[64];    /* codes, once each */
    size_t npicks;
    bool posted;              /* it goes on by POST: more was typed than an address should hold */
};

extern const struct change_sort change_sorts[];
extern const size_t nchange_sorts;

/* A value of the form, else of the address; the last of its name, so that a button says another than a hidden input. "" when none. */
const char *given(const struct request *, const char *name);
/* The same with a number behind the name: "code", 2 -> "code.2". */
const char *given_of(struct request *, const char *name, size_t n);
bool was_picked(const struct changing *, const char *code);
void wrong_of(struct changing *, const char *field); /* the words beside a field */
/* Head of the page with the steps; ends with page_end(). */
void change_page_begin(struct changing *, enum change_step, const char *lead);
/* What other steps asked, as hidden inputs. */
void change_carry(struct changing *, enum change_step shown);
/* "Quay lại" and the button that goes on, as parts of the form. */
void change_submit(struct changing *, const char *back, const char *on, const char *words);
/* One field of a unit_change, under its own or another name; label and hint NULL: as declared, none. */
void change_input(struct changing *, const char *field, const char *label, const char *hint, const char *otherwise);
void change_types(struct changing *, const char *name, const char *rule, const char *label, const char *blank);

/* The change carried out: for good and sent on to its result, or to be shown and rolled back; with words where it cannot be. Begins its own
 * transactions. */
enum change_outcome { CHANGE_REFUSED, CHANGE_SHOWN, CHANGE_DONE };
enum change_outcome change_try(struct changing *, bool confirm, struct problems *, struct change_effects *);

/* Each writes its page, within a transaction. */
void change_units_page(struct changing *);
void change_details_page(struct changing *);
void change_assign_page(struct changing *);
void change_preview_page(struct changing *, const struct change_effects *);
void change_effects_show(struct request *, const struct change_effects *, bool done);
/* A branch of the tree to pick from, for a tree that is being opened. */
void change_branch_part(struct changing *);

/* The parts of a split as typed: rows without anything are left out. */
struct change_row {
    size_t n;               /* of its row, from 1; 0: the unit itself, which goes on */
    const char *code, *name, *type;
};
size_t change_rows(struct changing *, struct change_row *out, size_t room);

#endif
