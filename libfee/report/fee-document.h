/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-writer.h"

G_BEGIN_DECLS

/* A document for people (a bill, a letter, the disclosure): said once, block by block, and made as text, HTML or PDF. All texts are plain UTF-8 that may
 * come from records: each form escapes them as it needs. Errors stick: the first one is kept and given by fee_document_finish(). */
typedef struct _FeeDocument FeeDocument;

typedef struct {
  FeeFormat format;  /* FEE_FORMAT_TEXT, _HTML or _PDF */
  gint decimals;     /* of the currency */
  const char *lang;  /* "en" or "zh_CN" */
  const char *title; /* of the whole: window, properties of the file */
  gint width;        /* of text in cells; 0: no limit */
  gboolean colour;   /* of text, by escape sequences of terminals */
  gboolean contents; /* a table of contents of the headings of level 2; holds the document until its end */
} FeeDocumentOptions;

/* Owned by the caller; free with fee_document_free(). */
FeeDocument *fee_document_new (const FeeDocumentOptions *options, FeeWriteFunc func, gpointer data);
void fee_document_free (FeeDocument *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FeeDocument, fee_document_free)

/* The language of what follows, from a sheet on; that of the options is the whole document's. */
void fee_document_set_lang (FeeDocument *document, const char *lang);
/* What has no sheets, only lines: who says a text by a form of its own keeps to it. */
gboolean fee_document_is_text (const FeeDocument *document);

/* What is to be said can't be: the document ends with this error, which is taken, unless there is one before. */
void fee_document_fail (FeeDocument *document, GError *error);

/* Begins a sheet, on a page of its own: whose it is (the community) and what it is, which is the heading of level 1. */
void fee_document_sheet (FeeDocument *document, const char *over, const char *title);
/* A heading of level 2 or 3 (where something begins within a part). */
void fee_document_heading (FeeDocument *document, gint level, const char *text);
/* Line breaks in it stay. */
void fee_document_paragraph (FeeDocument *document, const char *text);
void fee_document_printf (FeeDocument *document, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* The same in small print. */
void fee_document_note (FeeDocument *document, const char *text);
/* Where a group of blocks ends: a blank line before the next one, if any. */
void fee_document_gap (FeeDocument *document);

/* What stands side by side at the head of a sheet: "Number 202601-0000001   Month 2026-01". */
typedef struct {
  const char *label, *value;
} FeeDocumentFact;
void fee_document_facts (FeeDocument *document, const FeeDocumentFact *facts, guint n_facts);

/* Amounts one below the other, each with what it is; strong: one that matters most. */
void fee_document_amount (FeeDocument *document, const char *label, FeeMoney amount, gboolean strong);

/* A table, filled by fee_writer_text() and the like up to fee_document_end_table(), before any other block. caption: NULL or what it shows (for who can't
 * see it; text has none). The writer is borrowed from the document; columns are borrowed until the table ends. */
FeeWriter *fee_document_begin_table (FeeDocument *document, const FeeOutputColumn *columns, guint n_columns, const char *caption);
void fee_document_end_table (FeeDocument *document);

/* Bars, one below the other, each with its label and its figure as text beside: colour is never all that tells. A bar may be stacked of several series. */
typedef struct {
  const char *title;
  const char *const *series; /* names, n_series of them; NULL where there is one */
  guint n_series;
  const char *const *labels; /* n_bars of them */
  const char *const *texts;  /* n_bars of them */
  guint n_bars;
  const gint64 *values;      /* bar by bar, n_series each; none is negative */
  gint64 full;               /* what fills the width; 0: the greatest bar */
} FeeDocumentChart;
void fee_document_chart (FeeDocument *document, const FeeDocumentChart *chart);

/* Pages that have begun, of a PDF; 0 of other forms. */
guint fee_document_pages (const FeeDocument *document);

/* Ends the document. FALSE with the first error. */
gboolean fee_document_finish (FeeDocument *document, GError **error);

G_END_DECLS
