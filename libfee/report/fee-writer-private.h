/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-writer.h"

G_BEGIN_DECLS

/* What a format does with the cells of a row; cells are never empty, but for empty(). Each appends to writer->buffer or
 * keeps. */
typedef struct {
  gboolean grouped; /* amounts for people: 1,234.50 */
  void (*begin) (FeeWriter *writer);
  void (*text) (FeeWriter *writer, const char *text);
  /* amount, quantity, date or period: ASCII that needs no quoting */
  void (*number) (FeeWriter *writer, const char *text, gsize length);
  void (*count) (FeeWriter *writer, gint64 count);
  void (*empty) (FeeWriter *writer);
  void (*end_row) (FeeWriter *writer);
  void (*finish) (FeeWriter *writer);
  void (*clear) (FeeWriter *writer);
} FeeWriterForm;

extern const FeeWriterForm fee_writer_form_csv, fee_writer_form_json, fee_writer_form_text;

/* The last day or month that a column showed: they repeat from row to row. */
typedef struct {
  char *(*format) (gint32 value, char *buffer);
  gint32 value;
  guint length;
  char text[FEE_DATE_SIZE];
} FeeWriterDay;

struct _FeeWriter {
  FeeWriterOptions options;
  const FeeOutputColumn *columns;
  guint n_columns;
  const FeeWriterForm *form;
  gpointer state; /* of the form */
  FeeWriterDay *days;
  guint column; /* of the next cell */
  gboolean any_row, sum; /* this row is one */
  GString *buffer;
  FeeWriteFunc func;
  gpointer data;
  GError *error;
};

/* The rest of a new writer whose options, func and data are set. */
void fee_writer_begin (FeeWriter *writer, const FeeWriterForm *form, const FeeOutputColumn *columns, guint n_columns);
/* How terminals are told to write bold or red, and plain again. */
#define FEE_TERMINAL_BOLD "\033[1m"
#define FEE_TERMINAL_RED "\033[31m"
#define FEE_TERMINAL_PLAIN "\033[0m"

/* Hands the buffer on where it holds 64 KiB. */
void fee_writer_flush (FeeWriter *writer, gboolean all);
/* Heading of a column in the language of the document. */
const char *fee_writer_heading (const FeeWriter *writer, guint column);

G_END_DECLS
