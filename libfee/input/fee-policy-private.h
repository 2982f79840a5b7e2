/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../model/fee-policy.h"

G_BEGIN_DECLS

/* The parts of fee_policy_read(). A policy is read in three passes: lines (fee-policy-scan.c) give groups and keys with
 * their line numbers, groups (fee-policy-groups.c, by tables of their keys) make categories, centres and so on, links
 * (fee-policy-links.c) resolve what refers to other groups. The values are GKeyFile's. */

typedef struct {
  char *key;    /* "name" */
  char *locale; /* "zh_CN" of name[zh_CN], or NULL */
  char *full;   /* as GKeyFile knows it */
  char *shown;  /* the value, quoted for messages */
  gboolean empty;
  guint line;
} FeePolicyEntry;

typedef struct {
  char *header;    /* between the brackets */
  char *kind, *id; /* of [kind id]; id NULL for [kind] */
  char *shown;     /* "[kind id]", for messages */
  guint line;
  gint index;         /* of what was made from it, in the array of its kind */
  GPtrArray *entries; /* of FeePolicyEntry * */
} FeePolicyGroup;

typedef struct {
  const char *file;
  GKeyFile *keys;
  GArray *problems;      /* with their lines */
  GPtrArray *groups;     /* of FeePolicyGroup *, in the order of the file */
  GHashTable *by_header; /* header -> FeePolicyGroup * */
  FeePolicy *policy;
  GHashTable *categories, *centres, *drivers, *attributes; /* id -> index + 1 */
} FeePolicyReader;

/* Adds "file:line: ...". */
void fee_policy_problem (FeePolicyReader *reader, guint line, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* Fills groups and keys. FALSE where the text is no key file: the problems say why, and nothing more can be read. */
gboolean fee_policy_scan (FeePolicyReader *reader, const char *text, gsize length);

/* Borrowed; NULL where there is none. key: without locale. */
const FeePolicyGroup *fee_policy_group (const FeePolicyReader *reader, const char *header);
const FeePolicyEntry *fee_policy_entry (const FeePolicyGroup *group, const char *key);

/* The value with its escapes undone and without outer blanks; NULL where it can't be, or holds control characters other than
 * allowed (the problem is added). Owned by the caller; free with g_free(). */
char *fee_policy_value (FeePolicyReader *reader, const FeePolicyGroup *group, const FeePolicyEntry *entry,
                        const char *allowed);
/* The values of a list, each as above and not empty; a last empty one is no value. Owned by the caller; free with
 * g_strfreev(). */
char **fee_policy_list (FeePolicyReader *reader, const FeePolicyGroup *group, const FeePolicyEntry *entry);

/* A key that a group may have. read is NULL where the value is read later, as it depends on other groups. */
typedef struct _FeePolicyField FeePolicyField;
typedef struct {
  FeePolicyReader *reader;
  const FeePolicyEntry *entry;
  const FeePolicyField *field;
  const char *value;
} FeePolicyCell;
struct _FeePolicyField {
  const char *key;
  void (*read) (const FeePolicyCell *cell, gpointer member);
  gsize offset;             /* of the member in what the group makes */
  const char *const *words; /* those that the value may be */
  gint least, most;         /* of a number */
  gboolean translated;      /* key[zh_CN] too; other languages are passed over */
  gboolean spoken;          /* debtors read it */
};

void fee_policy_read_text (const FeePolicyCell *cell, gpointer member);      /* char * */
void fee_policy_read_name (const FeePolicyCell *cell, gpointer member);      /* FeeName */
void fee_policy_read_word (const FeePolicyCell *cell, gpointer member);      /* enumeration, gboolean: its place */
void fee_policy_read_word_text (const FeePolicyCell *cell, gpointer member); /* char *: the word */
void fee_policy_read_number (const FeePolicyCell *cell, gpointer member);    /* gint */
void fee_policy_read_month (const FeePolicyCell *cell, gpointer member);     /* FeePeriod */
void fee_policy_read_percent (const FeePolicyCell *cell, gpointer member);   /* FeeQuantity */
void fee_policy_read_total (const FeePolicyCell *cell, gpointer member);     /* FeeQuantity */
void fee_policy_read_currency (const FeePolicyCell *cell, gpointer member);  /* char * */
/* Every group may have a name, also where nothing shows it. */
void fee_policy_read_nothing (const FeePolicyCell *cell, gpointer member);

/* Reads the keys of a group into target; fields end with a NULL key. A key that is none of them is a problem. */
void fee_policy_read_fields (FeePolicyReader *reader, const FeePolicyGroup *group, const FeePolicyField *fields,
                             gpointer target);

/* Makes what the group says, but for its references to other groups, and sets its index. */
void fee_policy_read_group (FeePolicyReader *reader, FeePolicyGroup *group);

/* Resolves the references of all groups, and adds the nine categories that are not listed. */
void fee_policy_link (FeePolicyReader *reader);

/* Reads `scope`, which is not empty, into an array of FeeCondition. */
void fee_policy_read_scope (FeePolicyReader *reader, const FeePolicyGroup *group, const FeePolicyEntry *entry,
                            GArray *scope);

/* Adds a problem where a text that debtors read presses by what the law forbids. */
void fee_policy_refuse_threat (FeePolicyReader *reader, guint line, const char *where, const char *text);
/* The type that a step of that id has in the default ladder, else a letter; and its names, where the step has none. */
void fee_policy_prepare_step (FeeStep *step);
void fee_policy_name_step (FeeStep *step);
void fee_policy_add_default_ladder (FeePolicy *policy);

G_END_DECLS
