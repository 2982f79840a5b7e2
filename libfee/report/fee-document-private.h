/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-document.h"
#include "fee-writer-private.h"

G_BEGIN_DECLS

/* What a form does with each block. It appends to document->buffer, which is handed on between blocks where it is full, or keeps in document->state. Not
 * called after an error. */
typedef struct {
  void (*begin) (FeeDocument *document);
  void (*sheet) (FeeDocument *document, const char *over, const char *title);
  void (*heading) (FeeDocument *document, gint level, const char *text);
  void (*paragraph) (FeeDocument *document, const char *text, gboolean small);
  void (*gap) (FeeDocument *document); /* before a block; never two in a row, nor one at the end */
  void (*facts) (FeeDocument *document, const FeeDocumentFact *facts, guint n_facts);
  /* grouped: 1,234.50 */
  void (*amount) (FeeDocument *document, const char *label, const char *grouped, gboolean strong);
  const FeeWriterForm *table; /* its writer's func appends to document->buffer, its data is the document */
  void (*begin_table) (FeeDocument *document, const char *caption); /* before the writer begins; NULL: nothing to do */
  void (*chart) (FeeDocument *document, const FeeDocumentChart *chart);
  void (*finish) (FeeDocument *document);
  void (*clear) (FeeDocument *document); /* of the state; after an error too */
} FeeDocumentMaker;

extern const FeeDocumentMaker fee_document_maker_text, fee_document_maker_html, fee_document_maker_pdf;

struct _FeeDocument {
  FeeDocumentOptions options; /* texts are its own */
  const FeeDocumentMaker *maker;
  gpointer state; /* of the maker */
  guint n_pages;  /* begun, of forms that have pages */
  guint n_sheets; /* with the one that begins */
  gboolean gap;   /* wanted before the next block */
  gboolean held;  /* by the maker: nothing is handed on before the end */
  GString *buffer;
  FeeWriter *table; /* that is being filled */
  FeeWriteFunc func;
  gpointer data;
  GError *error;
};

/* Hands the buffer on where it holds 64 KiB. */
void fee_document_flush (FeeDocument *document, gboolean all);
/* Line breaks and tabs stay; everything else that a terminal would obey, or a reader be deceived by, is escaped. Owned by the caller; free with
 * g_free(). */
char *fee_document_escape_lines (const char *text);
gboolean fee_document_is_chinese (const FeeDocument *document);
/* The greatest of its bars, or what the chart says is full; at least 1. */
gint64 fee_document_chart_full (const FeeDocumentChart *chart);
/* The sum of a bar's series; sums over 64 bits stay at the greatest number. */
gint64 fee_document_chart_sum (const FeeDocumentChart *chart, guint bar);

G_END_DECLS
