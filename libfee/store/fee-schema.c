/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fee-book-private.h"

/* Texts are TEXT, numbers INTEGER (money in minor units, dates as day numbers), bytes BLOB; rows are only ever added. The audit compares these
 * texts with those that SQLite keeps.
 * The first number is the schema that brought the table. */
const FeeSchemaTable fee_schema[FEE_N_SCHEMA_TABLES] = {
  { 1, "batch",
    "CREATE TABLE batch (batch INTEGER PRIMARY KEY, kind TEXT NOT NULL, retracts INTEGER NOT NULL, file TEXT NOT NULL,"
    " sha256 TEXT NOT NULL, size INTEGER NOT NULL, reading TEXT NOT NULL, through INTEGER NOT NULL, n_rows INTEGER NOT NULL,"
    " n_new INTEGER NOT NULL, n_changed INTEGER NOT NULL, first_day INTEGER NOT NULL, last_day INTEGER NOT NULL,"
    " amends TEXT NOT NULL, reason TEXT NOT NULL, made_at TEXT NOT NULL, made_by TEXT NOT NULL) STRICT" },
  { 1, "piece",
    "CREATE TABLE piece (batch INTEGER NOT NULL REFERENCES batch, piece INTEGER NOT NULL, bytes BLOB NOT NULL,"
    " PRIMARY KEY (batch, piece)) STRICT" },
  { 1, "run",
    "CREATE TABLE run (run INTEGER PRIMARY KEY, period INTEGER NOT NULL, issue INTEGER NOT NULL, due INTEGER NOT NULL,"
    " currency TEXT NOT NULL, arguments TEXT NOT NULL, last_batch INTEGER NOT NULL REFERENCES batch, rules INTEGER NOT NULL,"
    " recognised INTEGER NOT NULL, prior INTEGER NOT NULL, total INTEGER NOT NULL, n_bills INTEGER NOT NULL,"
    " n_lines INTEGER NOT NULL, digest TEXT NOT NULL, made_at TEXT NOT NULL, made_by TEXT NOT NULL,"
    " stages BLOB NOT NULL, counts BLOB NOT NULL) STRICT" },
  { 1, "page",
    "CREATE TABLE page (run INTEGER NOT NULL REFERENCES run, page INTEGER NOT NULL, first_bill INTEGER NOT NULL,"
    " n_bills INTEGER NOT NULL, first_unit TEXT NOT NULL, heads BLOB NOT NULL, lines BLOB NOT NULL,"
    " PRIMARY KEY (run, page)) STRICT" },
  { 1, "withdrawal",
    "CREATE TABLE withdrawal (withdrawal INTEGER PRIMARY KEY, run INTEGER NOT NULL UNIQUE REFERENCES run, last_run INTEGER NOT NULL REFERENCES run,"
    " last_batch INTEGER NOT NULL REFERENCES batch, reason TEXT NOT NULL, made_at TEXT NOT NULL, made_by TEXT NOT NULL) STRICT" },
  { 1, "entry", "CREATE TABLE entry (entry INTEGER PRIMARY KEY, seal TEXT NOT NULL) STRICT" },
  { FEE_SCHEMA_DISCLOSURES, "disclosure",
    "CREATE TABLE disclosure (disclosure INTEGER PRIMARY KEY, entry INTEGER NOT NULL UNIQUE REFERENCES entry, period TEXT NOT NULL,"
    " format TEXT NOT NULL, lang TEXT NOT NULL, as_of INTEGER NOT NULL, posted_from INTEGER NOT NULL, posted_to INTEGER NOT NULL,"
    " head TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL, made_at TEXT NOT NULL, made_by TEXT NOT NULL,"
    " bytes BLOB NOT NULL) STRICT" },
};
