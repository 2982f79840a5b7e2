#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Recomputes the digest of every run and the seal of a book from man/fee-digest.5 alone.

usage: digest.py BOOK. Ends with "N digests and the seal agree", or names what differs and exits 1. Needs the command zstd."""
import collections
import hashlib
import sqlite3
import struct
import subprocess
import sys


def unpack(blob):
    return subprocess.run(['zstd', '-dc'], input=blob, capture_output=True, check=True).stdout


class Packed:
    """Numbers of seven bits a byte, texts with their length (fee-digest(5), "The form in the store")."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def unsigned(self):
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def signed(self):
        value = self.unsigned()
        return (value >> 1) ^ -(value & 1)

    def text(self):
        length = self.unsigned()
        self.at += length
        return self.data[self.at - length:self.at]

    def text_after(self, before):
        keep = self.unsigned()
        return before[:keep] + self.text()


class Hash:
    def __init__(self):
        self.sha = hashlib.sha256()

    def numbers(self, *values):
        for value in values:
            self.sha.update(struct.pack('>q', value))

    def text(self, text):
        data = text.encode() if isinstance(text, str) else text
        self.numbers(len(data))
        self.sha.update(data)


def hash_stages(h, stages):
    n = stages.unsigned()
    h.numbers(n)
    for _ in range(n):
        stage, flags, origin = stages.unsigned(), stages.unsigned(), stages.signed()
        source, line, target, driver = (stages.text() for _ in range(4))
        weight, total = (stages.signed(), stages.signed()) if flags & 4 else (0, 0)
        h.numbers(stage, origin, flags & 1)
        h.text(source)
        h.text(line)
        h.numbers(flags >> 1 & 1)
        h.text(target)
        h.text(driver)
        h.numbers(weight, total, stages.signed())


def hash_lines(h, lines, n):
    activity = 0
    for _ in range(n):
        activity = (activity + lines.unsigned()) % 2 ** 32
        flags, weight, days, amount = lines.unsigned(), lines.signed(), lines.unsigned(), lines.signed()
        if not flags & 4:
            lines.unsigned()
            lines.signed()
        if flags & 8:
            lines.signed()
        h.numbers(flags & 3, activity, weight, days, amount, flags >> 3 & 1)


def hash_page(h, run, first_bill, n_bills, heads, lines):
    heads, lines, unit = Packed(unpack(heads)), Packed(unpack(lines)), b''
    for bill in range(first_bill, first_bill + n_bills):
        unit = heads.text_after(unit)
        party, total, n_lines = heads.text(), heads.signed(), heads.unsigned()
        h.text('%04d%02d-%07d' % (run['period'] // 12, run['period'] % 12 + 1, bill))
        h.text(unit)
        h.text(party)
        h.numbers(run['issue'], run['due'], total, n_lines)
        hash_lines(h, lines, n_lines)


def counts_of(blob):
    counts, unit, found = Packed(unpack(blob)), b'', {}
    for _ in range(counts.unsigned()):
        unit = counts.text_after(unit)
        found[unit] = counts.signed()
    return found


def digest_of(book, run, previous, before):
    h = Hash()
    for text in ('fee-run 1', previous, run['currency']):
        h.text(text)
    words = run['arguments'].split()
    months = [int(m[:4]) * 12 + int(m[5:]) - 1 for option, m in zip(words[::2], words[1::2]) if option == '--restate']
    h.numbers(run['period'], run['issue'], len(months), *months)
    hash_stages(h, Packed(unpack(run['stages'])))
    bills = 0
    for page in book.execute('SELECT first_bill, n_bills, heads, lines FROM page WHERE run = ? ORDER BY page', (run['run'],)):
        hash_page(h, run, *page)
        bills += page[1]
    after = counts_of(run['counts'])
    changed = [(unit, count) for unit, count in sorted(after.items()) if before.get(unit) != count]
    h.numbers(bills, len(changed))
    for unit, count in changed:
        h.text(unit)
        h.numbers(count)
    return h.sha.hexdigest(), after


def records_of(book):
    """Batches, runs and withdrawals in the order in which they came: after the last batch and run that were there; disclosures at their entries."""
    found = records_in_order(book)
    if book.execute('PRAGMA user_version').fetchone()[0] >= 2:
        for row in book.execute('SELECT disclosure, entry, period, format, lang, as_of, posted_from, posted_to, head, size, sha256, made_at, made_by '
                                'FROM disclosure ORDER BY entry'):
            found.insert(row[1] - 1, 'disclosure\n' + '\n'.join(map(str, row)))
    return found


def records_in_order(book):
    batches = ['batch\n' + '\n'.join(map(str, row)) for row in book.execute('SELECT * FROM batch ORDER BY batch')]
    found, done = [], 0
    withdrawals = list(book.execute('SELECT * FROM withdrawal ORDER BY withdrawal'))
    for row in book.execute('SELECT run, period, issue, due, currency, arguments, last_batch, rules, recognised, prior, total, '
                            'n_bills, n_lines, digest, made_at, made_by FROM run ORDER BY run'):
        found += batches[done:row[6]] + ['run\n' + '\n'.join(map(str, row))]
        done = row[6]
        for taken in [w for w in withdrawals if w[2] == row[0]]:
            found += batches[done:taken[3]] + ['withdrawal\n' + '\n'.join(map(str, taken))]
            done = taken[3]
    return found + batches[done:]


def seal_of(book):
    seal = '0' * 64
    for record in records_of(book):
        h = Hash()
        h.text(seal)
        h.text(record)
        seal = h.sha.hexdigest()
        yield seal


def main(path):
    book = sqlite3.connect(path)
    rows = sqlite3.connect(path)
    rows.row_factory = sqlite3.Row
    stack, wrong, n = [('0' * 64, {})], [], 0      # digest and counts of the runs that stand
    taken = collections.Counter(row[0] for row in book.execute('SELECT last_run FROM withdrawal'))
    for run in rows.execute('SELECT * FROM run ORDER BY run'):
        digest, after = digest_of(book, run, *stack[-1])
        previous = run['digest']
        stack.append((previous, after))
        stack = stack[:len(stack) - taken[run['run']]]
        n += 1
        if digest != previous:
            wrong.append('run %d: digest %s, not %s' % (run['run'], digest, previous))
    seals = [row[0] for row in book.execute('SELECT seal FROM entry ORDER BY entry')]
    if seals != list(seal_of(book)):
        wrong.append('the seal differs')
    print('\n'.join(wrong) if wrong else '%d digests and the seal agree' % n)
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
