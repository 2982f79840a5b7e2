/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "fee-document-private.h"

G_BEGIN_DECLS

/* report/fee-document.css, and its hash as a content security policy names it. */
extern const char fee_html_style[], fee_html_style_hash[];

/* A text as text of HTML or within a quoted attribute: any bytes; control and bidi characters as fee_words_escape() shows them. */
void fee_html_append (GString *out, const char *text);
/* Begins the table for which begin_table() was called. wide: it becomes blocks on a phone. */
void fee_html_open_table (FeeDocument *document, guint n_columns, gboolean wide);

/* Tables of a document: the writer's data is the FeeDocument. */
extern const FeeWriterForm fee_writer_form_html;

G_END_DECLS
