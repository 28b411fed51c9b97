/* The parts that pages are made of; look.md names them, assets/app.css draws them. */
#ifndef WEB_UI_H
#define WEB_UI_H

#include "request.h"

void ui_icon(struct request *, const char *name); /* of assets/icons.svg; says nothing to readers of the screen */

enum tone { TONE_OK, TONE_DUE, TONE_LATE, TONE_INFO };
void ui_tag(struct request *, enum tone, const char *icon, const char *words);

/* <a class=btn>, the red one where `main`. icon NULL: none. */
void ui_button(struct request *, const char *href, const char *icon, const char *words, bool main);
/* A <form method=post> with the token of this session, until ui_form_end(). */
void ui_form(struct request *, const char *action, const char *classes);
/* The same, with a warning before what was typed is left unsaved. */
void ui_form_guarded(struct request *, const char *action, const char *classes);
void ui_form_end(struct request *);
/* A form of one button: what it does stands in the address. */
void ui_post_button(struct request *, const char *action, const char *icon, const char *words, bool main);
void ui_hidden(struct request *, const char *name, const char *value);

/* A box to tick with its words, and small words below; hint NULL: none. */
/* The label of an input; a remark in brackets at its end, "(không bắt buộc)", is set small. */
void ui_label(struct request *, const char *id, const char *words);
void ui_check(struct request *, const char *name, const char *value, bool on, const char *words, const char *hint);

/* A menu that opens without script: "Khác ▾". Items are ui_button() and the like between. */
void ui_menu(struct request *, const char *words, const char *icon);
void ui_menu_end(struct request *);

void ui_sheet(struct request *, const char *title, const char *more_href, const char *more); /* <section class=sheet>; all but r may be NULL */
void ui_sheet_end(struct request *);
void ui_empty(struct request *, const char *words, const char *href, const char *action); /* says what to do next; href may be NULL */

/* A figure that opens to its records: number, unit of measure, a remark. */
void ui_figure(struct request *, const char *label, const char *figure, const char *measure, const char *remark, const char *href);
void ui_figures(struct request *);
void ui_figures_end(struct request *);

/* Name and initials. */
void ui_face(struct request *, const char *name);

/* What was done, above the page: "Đã lưu", with what undoes it. undo: an action for a POST; NULL = none. */
void ui_notice(struct request *, const char *words, const char *undo);
/* From ?notice= of the address: words by name. */
void ui_notice_of_address(struct request *);

/* Refusals: the summary above a form, and the words beside a field. */
void ui_problems(struct request *, const struct problems *, const struct kind *);
const struct problem *ui_problem_of(const struct problems *, const char *field);

#endif
