/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* entries receipts FOLDER [SEED]: from what `fee-ledger --format csv` prints of a book that has bills only (standard input), the
 *   receipts of each month of bills, FOLDER/receipts-1.csv, -2.csv, ...: 0.8 a bill, of which 70 % are exact, 15 % are in part and
 *   15 % over, one in a hundred is reversed and one in a thousand of nobody yet; by day, and in any order on it, as a bank sends them.
 * entries journal: the rows of the same table as transactions for ledger(1), to standard output.
 *
 * Cells of the bench hold no comma and no quote. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 9, DAYS = 28, LINE = 4096 };
enum { DATE, KIND, REF, UNIT, PARTY, DUE, AMOUNT };

typedef struct {
  char date[11], ref[32], unit[24], party[24];
  long long amount; /* fen */
} Bill;

typedef struct {
  Bill *bills;
  size_t n, room;
} Month;

static uint64_t state; /* of splitmix64 */

static unsigned
chance (unsigned below)
{
  uint64_t z = state += UINT64_C (0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C (0x94d049bb133111eb);
  return (unsigned) ((z ^ (z >> 31)) % below);
}

static void
stop (const char *what)
{
  fprintf (stderr, "entries: %s: %s\n", what, errno != 0 ? strerror (errno) : "is not what fee-ledger prints");
  exit (74);
}

/* The next row of the table; the header is passed over. */
static bool
read_row (char *line, char *cells[COLUMNS])
{
  static bool header = true;
  errno = 0;
  if ((header && fgets (line, LINE, stdin) == NULL) || fgets (line, LINE, stdin) == NULL)
    return false;
  header = false;
  line[strcspn (line, "\n")] = '\0';
  for (int i = 0; i < COLUMNS; i++) {
    cells[i] = strsep (&line, ",");
    if (cells[i] == NULL)
      stop ("a row");
  }
  return true;
}

static long long
fen (const char *amount)
{
  long long value = 0;
  for (const char *at = amount; *at != '\0'; at++)
    if (*at >= '0' && *at <= '9')
      value = value * 10 + *at - '0';
  return *amount == '-' ? -value : value;
}

/* ---- Receipts */

static void
copy (char *to, size_t room, const char *text)
{
  if (snprintf (to, room, "%s", text) >= (int) room)
    stop (text);
}

static void
add_bill (Month *month, char *cells[COLUMNS])
{
  if (month->n == month->room) {
    month->room = month->room * 2 + 1024;
    month->bills = realloc (month->bills, month->room * sizeof (Bill));
    if (month->bills == NULL)
      stop ("memory");
  }
  Bill *bill = &month->bills[month->n++];
  copy (bill->date, sizeof bill->date, cells[DATE]);
  copy (bill->ref, sizeof bill->ref, cells[REF]);
  copy (bill->unit, sizeof bill->unit, cells[UNIT]);
  copy (bill->party, sizeof bill->party, cells[PARTY]);
  bill->amount = fen (cells[AMOUNT]);
}

static void
write_receipt (FILE *file, const Bill *bill, const char *number, unsigned day)
{
  unsigned how = chance (100), names = chance (4);
  long long amount = bill->amount;
  if (how >= 85)
    amount += 1 + chance (20000);
  else if (how >= 70)
    amount -= amount * chance (90) / 100;
  bool nobody = chance (1000) == 0;
  fprintf (file, "%s,%.8s%02u,%s,%lld.%02lld,%s,%s,,转账,物业费\n", number, bill->date, day, nobody ? "?" : bill->unit, amount / 100,
           amount % 100, names == 1 && !nobody ? bill->party : "", names >= 2 && !nobody ? bill->ref : "");
  if (chance (100) == 0)
    fprintf (file, "%s-R,%.8s%02u,%s,-%lld.%02lld,,,%s,退票,\n", number, bill->date, day, nobody ? "?" : bill->unit, amount / 100,
             amount % 100, number);
}

/* One month's, day by day. */
static void
write_receipts (const char *folder, unsigned n, Month *month)
{
  char path[LINE], number[32];
  unsigned written = 0;
  if (snprintf (path, sizeof path, "%s/receipts-%u.csv", folder, n) >= (int) sizeof path)
    stop (folder);
  FILE *file = fopen (path, "w");
  if (file == NULL)
    stop (path);
  setvbuf (file, NULL, _IOFBF, 1 << 20);
  fputs ("receipt,date,unit,amount,party,bill,reverses,method,memo\n", file);
  for (size_t i = month->n; i > 1; i--) {
    size_t j = chance ((unsigned) i);
    Bill bill = month->bills[j];
    month->bills[j] = month->bills[i - 1];
    month->bills[i - 1] = bill;
  }
  for (size_t i = 0; i < month->n; i++) {
    if (chance (10) >= 8 || month->bills[i].amount <= 0)
      continue;
    snprintf (number, sizeof number, "R%.4s%.2s-%07u", month->bills[i].date, month->bills[i].date + 5, ++written);
    write_receipt (file, &month->bills[i], number, (unsigned) (i * DAYS / month->n) + 1);
  }
  if (ferror (file) != 0 || fclose (file) != 0)
    stop (path);
  month->n = 0;
}

static void
receipts (const char *folder)
{
  char line[LINE], *cells[COLUMNS];
  Month month = { 0 };
  unsigned n = 0;
  while (read_row (line, cells)) {
    if (month.n > 0 && strcmp (month.bills[0].date, cells[DATE]) != 0)
      write_receipts (folder, ++n, &month);
    if (strcmp (cells[KIND], "bill") == 0)
      add_bill (&month, cells);
  }
  if (month.n > 0)
    write_receipts (folder, ++n, &month);
  free (month.bills);
}

/* ---- A journal */

static void
journal (void)
{
  char line[LINE], *cells[COLUMNS];
  while (read_row (line, cells)) {
    const char *other = strcmp (cells[KIND], "bill") == 0 ? "Income:Fees" : "Assets:Bank";
    printf ("%s * %s\n    Receivable:%s:%s    %s\n    %s\n\n", cells[DATE], cells[REF], strcmp (cells[UNIT], "?") == 0 ? "unknown" : cells[UNIT],
            *cells[PARTY] != '\0' ? cells[PARTY] : "nobody", cells[AMOUNT], other);
  }
  if (fflush (stdout) != 0)
    stop ("standard output");
}

int
main (int argc, char **argv)
{
  if (argc == 2 && strcmp (argv[1], "journal") == 0) {
    journal ();
    return 0;
  }
  if (argc < 3 || argc > 4 || strcmp (argv[1], "receipts") != 0) {
    fputs ("usage: entries receipts FOLDER [SEED] | entries journal\n", stderr);
    return 64;
  }
  state = argc > 3 ? strtoull (argv[3], NULL, 10) : 1;
  receipts (argv[2]);
  return 0;
}
