/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "../libfee/base/fee-error.h"
#include "../libfee/report/fee-document.h"
#include "../libfee/store/fee-book.h"

G_BEGIN_DECLS

/* What all tools share: interface.md section 1. A tool is an option table, one work function and a one-line main. */

typedef struct _FeeTool FeeTool;

typedef struct {
  const char *name;      /* "fee-run" */
  const char *arguments; /* "KIND FILE..." or "" */
  const char *summary;   /* one line: what it does; a msgid */
  const GOptionEntry *entries;
  gint min_arguments, max_arguments; /* max -1: any number */
  gboolean (*work) (FeeTool *tool, GError **error);
  gboolean documents;    /* it makes some: HTML and PDF too */
} FeeToolInfo;

struct _FeeTool {
  const FeeToolInfo *info;
  char *book_path, *format_name, *output, *lang_option, *expect_book, *by;
  gint wait;
  gboolean quiet, raw, excel, version, help;
  char **arguments;  /* what is left of the command line; NULL-terminated */
  gint n_arguments;
  FeeFormat format;
  gboolean progressing; /* a line of progress stands on the terminal */
  gboolean look;     /* exit status 1: done, and a person must look */
  gboolean trial;    /* nothing of what is written will be committed */
  char *now;         /* UTC, as records keep it */
  /* set by fee_tool_open_book() */
  FeeBook *book;
  gint decimals;
  char *lang;
};

/* The first thing that a tool does: how it takes memory and gives it back (memory.c). */
void fee_tool_settle_memory (void);

/* Exit status of the tool. */
int fee_tool_main (const FeeToolInfo *info, int argc, char **argv);

/* Opens the book and begins a transaction; checks --expect-book; finds currency and language. A book of an older schema is upgraded before
 * it is written to, but not for a trial. */
gboolean fee_tool_open_book (FeeTool *tool, gboolean write, GError **error);

/* Words for people: stderr, with the tool's name; not with --quiet. */
void fee_tool_say (FeeTool *tool, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* What a person must look at: stderr even with --quiet, and exit status 1. */
void fee_tool_warn (FeeTool *tool, const char *text);
/* Long work on a terminal: what is being done now; NULL wipes it. */
void fee_tool_progress (FeeTool *tool, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Where a document goes: stdout, or a file that is renamed into place when all is well. */
typedef struct _FeeOutput FeeOutput;
/* path: NULL is stdout. Owned by the caller; free with fee_output_free(), which drops what is not finished. */
gboolean fee_output_open (const char *path, FeeOutput **out, GError **error);
void fee_output_free (FeeOutput *output);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeOutput, fee_output_free)
/* A FeeWriteFunc whose data is a FeeOutput. */
gboolean fee_output_write (const char *bytes, gsize length, gpointer output, GError **error);
/* For what is to be committed between: all is on the disk but its name; a pipe or a terminal, which may let it wait, has nothing yet. */
gboolean fee_output_settle (FeeOutput *output, GError **error);
gboolean fee_output_finish (FeeOutput *output, GError **error);
/* The same at the end of a report: where it waited, the book is let go before, as readers of pipes may take their time. */
gboolean fee_tool_finish_output (FeeTool *tool, FeeOutput *output, GError **error);
/* What goes to standard output, or another thing that is no file, waits until fee_output_finish(): for what may fail on the way. Pipes and terminals
 * always wait. */
void fee_output_hold (FeeOutput *output);

/* A folder for documents that may be personal data: mode 0700 where it is new. Errors: FEE_ERROR_IO. */
gboolean fee_output_make_folder (const char *path, GError **error);

/* Of a document that goes to path (NULL: standard output): cells of the terminal, 0 where it is none; whether it may have colour. */
gint fee_terminal_width (const char *path);
gboolean fee_terminal_colour (const char *path);

/* A table to where --output says, in the form that --format says. */
typedef struct {
  FeeTool *tool;
  FeeOutput *output;
  FeeWriter *writer;
} FeeTableOutput;
gboolean fee_tool_begin_table (FeeTool *tool, const FeeOutputColumn *columns, guint n_columns, FeeTableOutput *table, GError **error);
/* Its rows are complete: fee_output_settle() of it. */
gboolean fee_tool_settle_table (FeeTableOutput *table, GError **error);
/* Ends it where ok; frees it in any case. Returns ok and the table's own outcome. */
gboolean fee_tool_end_table (FeeTableOutput *table, gboolean ok, GError **error);

/* The same for a document; path: NULL is stdout. In document.c, for tools that make documents. */
typedef struct {
  FeeTool *tool;
  FeeOutput *output;
  FeeDocument *document;
} FeeDocumentOutput;
gboolean fee_tool_begin_document (FeeTool *tool, const char *path, const char *title, FeeDocumentOutput *out, GError **error);
gboolean fee_tool_end_document (FeeDocumentOutput *out, gboolean ok, GError **error);

/* Values of options; errors are FEE_ERROR_USAGE and name the option. */
gboolean fee_tool_parse_period (const char *option, const char *text, FeePeriod *out, GError **error);
gboolean fee_tool_parse_date (const char *option, const char *text, FeeDate *out, GError **error);
gboolean fee_tool_usage (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Who acts: --by, $FEE_USER, or the login name. */
const char *fee_tool_by (FeeTool *tool);
/* The clock's day, in the time zone of the user. */
FeeDate fee_tool_today (void);

/* A file whole. Errors: FEE_ERROR_IO; FEE_ERROR_RECORDS for what no reader takes, such as a line over 64 MiB: that is not held in memory. Owned by the caller; free with g_bytes_unref(). */
gboolean fee_tool_read_file (const char *path, GBytes **out, GError **error);

/* Each is in the register, now or once; else FEE_ERROR_RECORDS. NULL: there are none to check. */
gboolean fee_tool_check_units (FeeTool *tool, char **units, GError **error);

/* The posted run of a month; FEE_ERROR_RECORDS where there is none. Owned by the caller; free with fee_run_head_free(). */
gboolean fee_tool_find_run (FeeTool *tool, FeePeriod period, const GPtrArray *runs, const FeeRunHead **out, GError **error);

G_END_DECLS
