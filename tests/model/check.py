#!/usr/bin/env python3
"""Plays random books on the real tools and on the model, and compares every cell.

usage: check.py [--seeds A..B] [--bindir DIR] [--properties] [--explained] [--accounts] [--days N] [--heyuan DIR] [--jobs N] [--keep DIR]

--seeds A..B    the seeds of genbook.py (default 1..50 unless --heyuan is given)
--bindir DIR    where fee-init, fee-import, ... are (default: found by PATH)
--properties    also: order of rows, a second run, another TZ/LANG/umask/folder, conservation, equal flats
--explained     also: who bore each document, and why a unit's total changed
--accounts      also: what must hold of the ledger on every day; what is dated later; reminders that are recorded
--days N        so many of these days a book, those next to an edge first (default 40; 0: all)
--heyuan DIR    the demo community, with its expected/ files, the same way
--jobs N        books at once (default 2)
--keep DIR      where the folder of a failed book is kept (default: a new folder in /tmp)

Ends with `N passed, N failed`, and status 1 where a book failed.
"""
import argparse
import collections
import concurrent.futures
import csv
import functools
import io
import os
import random
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import disclosure
import feemodel as fm
import genbook

PLAIN = {'LC_ALL': 'C.UTF-8', 'TZ': 'UTC'}
ABROAD = {'LC_ALL': 'zh_CN.UTF-8', 'LANG': 'de_DE.UTF-8', 'TZ': 'Pacific/Kiritimati'}
HEYUAN_KINDS = 'units parties assets quantities budgets adjustments holds instalments'.split()

APPROVED = ['--approved-by', 'Zhou']

EXPECTED = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'data', 'heyuan-expected')


class Difference(Exception):
    pass


# ---------------------------------------------------------------- the real tools

class Tools:
    """One book of the real tools."""

    def __init__(self, bindir, folder, book, env=PLAIN, cwd=None, umask=0o022):
        self.bindir, self.folder, self.book = bindir, folder, book
        self.env = dict({k: os.environ[k] for k in ('PATH', 'HOME', 'LD_LIBRARY_PATH') if k in os.environ},
                        FEE_USER='check', **env)
        self.cwd, self.umask = cwd or folder, umask

    def call(self, tool, *args):
        path = os.path.join(self.bindir, 'fee-' + tool) if self.bindir else 'fee-' + tool
        done = subprocess.run([path, '--book', self.book] + list(args), cwd=self.cwd, env=self.env,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              umask=self.umask, timeout=120)
        return done.returncode, done.stdout, done.stderr.decode('utf-8', 'replace')

    def csv(self, tool, *args):
        code, out, err = self.call(tool, *args, '--format', 'csv')
        if code not in (0, 1):
            raise Difference('fee-%s %s: status %d: %s' % (tool, ' '.join(args), code, err.strip()))
        return out

    def file(self, name):
        """Absolute unless the tools stand in the folder already, so that both ways are tried."""
        return name if self.cwd == self.folder else os.path.join(self.folder, name)

    def step(self, step):
        """Status and stderr of a step that changes the book."""
        words = step.split(' ')
        if words[0] == 'init':
            return self.call('init', self.file(words[1]))
        if words[0] == 'import':
            return self.call('import', words[1], self.file(words[2]), *words[3:])
        if words[0] == 'retract':
            return self.call('import', '--retract', words[1], '--reason', ' '.join(words[2:]))
        if words[0] == 'withdraw':
            return self.call('run', '--period', words[1], '--withdraw', '--reason', ' '.join(words[2:]))
        return self.call('run', '--period', *words[1:], '--early', '--format', 'csv')

    def report(self, name):
        """The table NAME-DAY or NAME-PERIOD, as the model calls it."""
        kind, when = name.split('-', 1)
        if kind == 'ledger':
            return self.csv('ledger', '--as-of', when)
        if kind in ('balances', 'totals'):
            return self.csv('ledger', '--' + kind, '--as-of', when)
        if kind in ('remind', 'approved'):
            return self.csv('remind', '--as-of', when, *(APPROVED if kind == 'approved' else []))
        if kind == 'open':
            return self.csv('explain', '--period', when, '--open')
        if kind == 'now':
            return self.csv('audit', '--period', when, '--known', 'now')
        if kind == 'disclose':
            return disclosed(self.csv('disclose', '--period', when, '--lang', 'en'))
        return self.csv(kind, '--period', when)


def disclosed(data):
    """Of a disclosure the sections and columns that the model has."""
    rows = [[r[c] for c in disclosure.COLUMNS] for r in as_dicts(data) if r['section'] in disclosure.SECTIONS]
    return fm.csv_text([disclosure.COLUMNS] + disclosure.shown(rows)).encode()


# ---------------------------------------------------------------- comparing

def rows_of(data):
    return list(csv.reader(io.StringIO(data.decode('utf-8'), newline='')))


def compare(name, expected, data):
    """expected: the model's rows; data: the tool's bytes. More columns at the end are allowed."""
    got, width = rows_of(data), len(expected[0])
    for i in range(max(len(expected), len(got))):
        want = expected[i] if i < len(expected) else None
        have = got[i][:width] if i < len(got) else None
        if want != have:
            columns = '' if want is None or have is None else ' (%s)' % ', '.join(
                expected[0][j] for j in range(width) if want[j:j + 1] != have[j:j + 1])
            raise Difference('%s row %d%s\n  model %s\n  tools %s' % (name, i + 1, columns, show(want), show(have)))


def show(row):
    return 'no row' if row is None else ','.join(row)


def compare_run(step, status, expected, out):
    """The one row of fee-run against the model's."""
    got = rows_of(out)
    row = dict(zip(got[0], got[1])) if len(got) == 2 else {}
    want = dict(zip(*expected), state='posted' if status == 'ok' else 'already-posted')
    for column, value in want.items():
        if row.get(column) != value:
            raise Difference('%s: %s\n  model %s\n  tools %s' % (step, column, value, row.get(column)))


def play_both(steps_path, tools, all_again):
    """Plays the steps on both sides; returns what the tools print at the end: of the runs, or of every table."""
    tables = {}
    for step, status, expected in fm.play(steps_path):
        why = expected.pop('', '')
        if step.startswith(fm.PRINTS):
            code = 0
        else:
            code, out, err = tools.step(step)
            want = [int(status.split()[1])] if status.startswith('refused') else [0, 1]
            if code not in want:
                raise Difference('%s: status %d, model: %s %s\n  %s' % (step, code, status, why, err.strip()))
        if status == 'ok' and '--restate' in step:
            clean_now(step, tools)
        for name, rows in expected.items():
            if name.startswith('run-'):
                compare_run(step, status, rows, out)
                continue
            data = tools.report(name)
            compare(name, rows, data)
            if name.startswith('now-'):
                causes_add_up(name, data)
            tables[name] = data
    posted = ('explain', 'open', 'statement')
    final = {name: tools.report(name) for name in tables if all_again or name.startswith(posted)}
    for name, data in final.items():       # nothing in a posted run changes
        if name.startswith(posted) and tables[name] != data:
            raise Difference('%s is not what it was when it was posted' % name)
    return final


def causes_add_up(name, data):
    """Every difference has its parts: batches and later postings, at last rounding, of a few fen at most."""
    for r in as_dicts(data):
        parts = [p.rpartition(': ') for p in r['cause'].split('; ')]
        if parts[-1][0] != 'rounding' or sum(minor(p[2]) for p in parts) != minor(r['difference']):
            raise Difference('%s: the parts of %s do not add up' % (name, r))
        if abs(minor(parts[-1][2])) > 20:
            raise Difference('%s: much is left to rounding: %s' % (name, r))


def clean_now(step, tools):
    """What was restated is as known now, and waits no more."""
    months = step.split(' ')[3::2]
    for month in months:
        if as_dicts(tools.report('now-' + month)):
            raise Difference('%s: %s still differs\n%s' % (step, month, tools.report('now-' + month).decode()))
    waiting = {r['origin'] for r in as_dicts(tools.csv('audit', '--pending'))} & set(months)
    if waiting:
        raise Difference('%s: yet %s wait' % (step, waiting))


def audited(tools, tables, steps_path):
    """The book is as it should be, and every posted month comes out the same once more, the last of them and the last that restates others from a
    bundle."""
    periods = sorted(n.split('-', 1)[1] for n in tables if n.startswith('explain-'))
    restating = {s.split(' ')[1] for s in fm.read_steps(steps_path) if s.startswith('run ') and '--restate' in s}
    for period in periods:
        audit(tools, '--period', period)
    audit(tools)
    bundle = os.path.join(tools.cwd, 'bundle.tar')
    for period in sorted(set(periods[-1:]) | set([p for p in periods if p in restating][-1:])):
        audit(tools, '--period', period, '--bundle', bundle)
        audit(tools, '--verify', bundle)


def audit(tools, *args):
    code, out, err = tools.call('audit', *args)
    if code != 0:
        raise Difference('fee-audit %s: status %d\n%s%s' % (' '.join(args), code, out.decode('utf-8', 'replace'), err))


# ---------------------------------------------------------------- properties

def replay(what, steps_path, tools, tables, listed):
    """The same steps under other circumstances: the same bytes, the same digests."""
    for step in fm.read_steps(steps_path):
        if not step.startswith(fm.PRINTS):
            tools.step(step)
    for name, data in tables.items():
        other = tools.report(name)
        if other != data:
            compare('%s: %s' % (what, name), rows_of(data), other)
            raise Difference('%s: %s: other bytes, same cells' % (what, name))
    same_digests(what, listed, digests(tools))


def digests(tools):
    rows = rows_of(tools.csv('run', '--list'))
    keep = [rows[0].index(c) for c in ('run', 'period', 'kind', 'recognised', 'total', 'bills', 'digest')]
    return [[r[i] for i in keep] for r in rows]


def same_digests(name, a, b):
    if a != b:
        raise Difference('%s: digests\n  %s\n  %s' % (name, a, b))


def shuffled(folder, target, rng):
    """A copy of a book's files with the rows of each CSV in another order."""
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns('*.db*'))
    for name in os.listdir(target):
        if name.endswith('.csv'):
            path = os.path.join(target, name)
            with open(path, 'rb') as f:
                header, rows = fm.read_table(f.read())
            rng.shuffle(rows)
            with open(path, 'w', encoding='utf-8', newline='') as f:
                csv.writer(f, lineterminator='\n').writerows([header] + [[fm.guard(c) for c in r] for r in rows])


def run_again(tools, tables, listed):
    """A second run of each posted month says so, with status 0, and changes nothing."""
    for period in [r[0] for r in standing(listed)]:
        code, out, err = tools.step('run ' + period)
        if code != 0 or [r['state'] for r in as_dicts(out)] != ['already-posted']:
            raise Difference('second run of %s: status %d %s' % (period, code, err.strip()))
    same_digests('second run', listed, digests(tools))


def withdrawn_again(steps_path, tools, tables, listed):
    """Each month taken back as soon as it is posted, and run again: as if nothing had been."""
    folder = os.path.dirname(steps_path)
    twice = Tools(tools.bindir, folder, os.path.join(folder, 'twice.db'))
    for step in fm.read_steps(steps_path):
        if step.startswith(fm.PRINTS):
            continue
        code, out, err = twice.step(step)
        if step.startswith('run ') and code == 0 and [r['state'] for r in as_dicts(out)] == ['posted']:
            for again in ('withdraw %s for a test' % step.split(' ')[1], step):
                code, out, err = twice.step(again)
                if code != 0:
                    raise Difference('%s, at once: status %d %s' % (again, code, err.strip()))
    for name, data in tables.items():
        if name.startswith('ledger-'):
            data, other = ([r for r in standing_rows(rows_of(x))] for x in (data, twice.report(name)))
            if data != other:
                raise Difference('taken back and run again: %s\n  %s\n  %s' % (name, data, other))
        elif twice.report(name) != data:
            compare('taken back and run again: %s' % name, rows_of(data), twice.report(name))
    same_digests('taken back and run again', standing(listed), standing(digests(twice)))
    audited(twice, tables, steps_path)


def standing_rows(rows):
    """The rows of a ledger without bills that were taken back: such a bill comes right before its withdrawal."""
    return [r for i, r in enumerate(rows) if r[1] != 'withdrawal' and not (i + 1 < len(rows) and rows[i + 1][1] == 'withdrawal')]


def standing(listed):
    """The runs of a list that stand, by period and digest."""
    stack = []
    for number, period, kind, *rest in listed[1:] if listed[0][0] == 'run' else listed:
        if kind == 'withdrawal':
            stack.pop()
        else:
            stack.append([period, kind] + rest)
    return stack


def as_dicts(data):
    rows = rows_of(data)
    return [dict(zip(rows[0], r)) for r in rows[1:]]


def minor(text):
    """Minor units of an amount whatever the currency's decimals: only sums of like amounts are compared."""
    return int(text.replace('.', ''))


def conserved(tables):
    """accrue = activity = lines = bills for each origin; each category's pool and each centre's lines add up."""
    for name, data in tables.items():
        if not name.startswith('explain-'):
            continue
        sums, lines = collections.Counter(), collections.Counter()
        into, out_of = collections.Counter(), collections.Counter()
        for r in as_dicts(data):
            amount, origin = minor(r['amount']), r['origin']
            sums[r['stage'], origin] += amount
            if r['stage'] in ('accrue', 'resource', 'support'):
                into[origin, r['target']] += amount
            if r['stage'] not in ('accrue', 'restate'):
                out_of[origin, r['source']] += amount
        for r in as_dicts(tables[name.replace('explain', 'statement')]):
            sums['lines', r['origin']] += minor(r['amount'])
            if r['posted'] == '':
                lines[r['origin'], r['item']] += minor(r['amount'])
        for stage in ('activity', 'lines'):
            for origin in {o for _, o in sums}:
                if sums[stage, origin] != sums['accrue', origin]:
                    raise Difference('%s: %s of %s do not add up to what accrued' % (name, stage, origin))
        reciprocal = {o for o, source in out_of if source == '*'}
        left = collections.Counter()        # reciprocal support that cancels out reaches nobody, and has no row
        for place in set(into) | set(out_of):
            left[place[0]] += into[place] - out_of[place]
        reciprocal |= {o for o, _ in into if not left[o] and not any(out_of[o, c] for _, c in into if into[o, c] != out_of[o, c])}
        for place in set(into) | set(out_of):
            if place[0] not in reciprocal and into[place] != out_of[place]:
                raise Difference('%s: the pool of %s: in %d, out %d' % (name, place, into[place], out_of[place]))
        for place, amount in lines.items():
            if amount != out_of[place]:
                raise Difference('%s: the lines of %s: %d of %d' % (name, place, amount, out_of[place]))


def by_origin(tables):
    """All lines of a centre and origin, in whichever run, come to the pool that its restatement says."""
    sums = collections.Counter()
    for name in sorted(n for n in tables if n.startswith('statement-')):
        for r in as_dicts(tables[name]):
            sums[r['origin'], r['item']] += minor(r['amount'])
        for r in as_dicts(tables[name.replace('statement', 'explain')]):
            if r['stage'] == 'restate' and sums[r['origin'], r['source']] != minor(r['amount']):
                raise Difference('%s: %s of %s: %d was posted in all, not %s' % (
                    name, r['source'], r['origin'], sums[r['origin'], r['source']], r['amount']))


def equal_flats(tables):
    """Units with equal weights in the same pools: one fen apart at most, in a run and in all together."""
    pools, runs = collections.defaultdict(list), collections.defaultdict(collections.Counter)
    for name in sorted(n for n in tables if n.startswith('statement-')):
        seen = set()
        for r in as_dicts(tables[name]):
            place = name, r['origin'], r['item']
            if r['posted'] != '':       # rules 2: restatements aside
                continue
            if (r['unit'], place) not in seen:
                seen.add((r['unit'], place))
                pools[r['unit']].append(place + (r['weight'],))
                runs[r['unit']][name] += minor(r['unit_amount'])
    alike = collections.defaultdict(list)
    for unit, places in pools.items():
        alike[tuple(sorted(places))].append(unit)
    for units in alike.values():
        for name in list(runs[units[0]]) + [None]:
            amounts = [runs[u][name] if name else sum(runs[u].values()) for u in units]
            if max(amounts) - min(amounts) > 1:
                raise Difference('equal flats differ in %s: %s' % (name or 'all bills', dict(zip(units, amounts))))


def properties(steps_path, tools, tables):
    conserved(tables)
    by_origin(tables)
    equal_flats(tables)
    listed, folder = digests(tools), os.path.dirname(steps_path)
    run_again(tools, tables, listed)
    withdrawn_again(steps_path, tools, tables, listed)
    abroad = Tools(tools.bindir, folder, os.path.join(folder, 'abroad.db'), ABROAD, '/', 0o000)
    replay('another TZ, LANG, umask, folder', steps_path, abroad, tables, listed)
    other = folder + '.shuffled'
    shuffled(folder, other, random.Random(1))
    mixed = Tools(tools.bindir, other, os.path.join(other, 'book.db'))
    replay('rows in another order', os.path.join(other, 'STEPS'), mixed, tables, listed)
    shutil.rmtree(other)


# ---------------------------------------------------------------- explanations

def who_bore(tools, period, explained, stated):
    """--doc of every document: adds up to what was recognised of it, and of all documents to the lines; as --trace has it."""
    accrued, borne, lines = collections.Counter(), collections.Counter(), collections.Counter()
    for r in explained:
        if r['stage'] == 'accrue':
            accrued[r['origin'], r['source']] += minor(r['amount'])
    for r in stated:
        if not r['posted']:            # a difference that restates a line comes of no document
            lines[r['origin'], r['item'], r['unit'], r['party']] += minor(r['amount'])
    cells = collections.Counter()
    for doc in sorted({source for _, source in accrued}):
        rows = as_dicts(tools.csv('explain', '--period', period, '--doc', fm.unguard(doc)))
        for r in rows:
            if r['doc'] != doc:
                continue               # another line of the document, or an asset of that name
            accrued[r['origin'], doc] -= minor(r['amount'])
            borne[r['origin'], r['centre'], r['unit'], r['party']] += minor(r['amount'])
            cells[r['origin'], r['centre'], r['unit'], r['party'], doc] += minor(r['amount'])
    if any(accrued.values()):
        raise Difference('%s: --doc and accrue: %s' % (period, {k: v for k, v in accrued.items() if v}))
    for place in set(lines) | set(borne):
        if lines[place] != borne[place] and place[2]:
            raise Difference('%s: the documents of %s: %d of %d' % (period, place, borne[place], lines[place]))
    for origin in {place[0] for place in borne}:
        if sum(amount for place, amount in borne.items() if place[0] == origin and not place[2]):
            raise Difference('%s: what nobody bears of %s does not cancel out' % (period, origin))
    return cells


def traced(tools, period, unit, cells):
    of_unit = collections.Counter()
    for r in as_dicts(tools.csv('explain', '--period', period, '--unit', fm.unguard(unit), '--trace')):
        of_unit[r['origin'], r['item'], unit, r['party'], r['doc']] += minor(r['amount'])
    for place in set(of_unit) | {place for place in cells if place[2] == unit}:
        if of_unit[place] != cells[place]:
            raise Difference('%s: --trace of %s: %d, --doc %d' % (period, place, of_unit[place], cells[place]))


def explanations(steps_path, tools, tables):
    folder, book = os.path.dirname(steps_path), fm.Book()
    for step in fm.read_steps(steps_path):
        fm.do_step(book, folder, step)
    rng, reports, last = random.Random(os.path.basename(folder)), fm.Reports(book), None
    for name in sorted(n for n in tables if n.startswith('statement-')):
        period, stated = name.split('-', 1)[1], as_dicts(tables[name])
        cells = who_bore(tools, period, as_dicts(tables['explain-' + period]), stated)
        units = sorted({r['unit'] for r in stated})
        for unit in rng.sample(units, min(3, len(units))):
            traced(tools, period, unit, cells)
        for unit in rng.sample(units, min(8, len(units))) if last else []:
            p, q = fm.parse_period(period), fm.parse_period(last)
            data = tools.csv('explain', '--period', period, '--unit', fm.unguard(unit), '--change', last)
            compare('change of %s from %s to %s' % (unit, last, period), reports.change(fm.unguard(unit), q, p), data)
        last = period


# ---------------------------------------------------------------- accounts, day by day

class Accounts:
    """What must hold of the ledger of a book, whatever is in it."""

    def __init__(self, tools, n_days, rng):
        self.tools, self.rng = tools, rng
        self.ledger = tools.csv('ledger')
        self.entries = as_dicts(self.ledger)
        self.days = self.choose(n_days) if self.entries else []

    def choose(self, n_days):
        """From the first entry to 40 days after the last one."""
        first, last = (fm.parse_date(self.entries[i]['date']) for i in (0, -1))
        days = range(first - 1, last + 41)
        edges = {fm.parse_date(r['date']) for r in self.entries} | {
            fm.parse_date(r['due']) + late for r in self.entries if r['due'] for late in (0, 1, 31, 61, 91, 181, 366)}
        edges, rest = [d for d in days if d in edges], [d for d in days if d not in edges]
        if 0 < n_days < len(days):
            edges = self.rng.sample(edges, min(len(edges), n_days * 3 // 4))
            rest = self.rng.sample(rest, min(len(rest), n_days - len(edges)))
        return sorted(edges + rest)

    def check(self):
        for day in self.days:
            self.check_day(fm.show_date(day))
        for period in {r['period'] for r in as_dicts(self.tools.csv('run', '--list'))}:
            self.check_statement(period)

    def check_day(self, day):
        balances, totals = (as_dicts(self.tools.report('%s-%s' % (t, day))) for t in ('balances', 'totals'))
        entries = collections.Counter()
        for r in self.entries:
            if r['date'] <= day:
                entries[r['unit'], r['party']] += minor(r['amount'])
        for r in balances:
            aged = sum(minor(r[c]) for c in fm.BALANCES[3:10]) - minor(r['credit'])
            if not aged == minor(r['balance']) == entries[r['unit'], r['party']]:
                raise Difference('%s: %s: balance %s, by age %d, by entries %d' % (
                    day, r['unit'], r['balance'], aged, entries[r['unit'], r['party']]))
        sums = [sum(minor(r['balance']) for r in balances), sum(minor(r['outstanding']) for r in totals),
                sum(entries.values())]
        if len(set(sums)) > 1:
            raise Difference('%s: balances, totals and entries add up to %s' % (day, sums))
        for r in totals:
            if r['billed'] and minor(r['billed']) - minor(r['received']) != minor(r['outstanding']):
                raise Difference('%s: totals of %s' % (day, r['period']))
        ledger = self.tools.report('ledger-' + day)
        if not self.ledger.startswith(ledger) or len(as_dicts(ledger)) != sum(r['date'] <= day for r in self.entries):
            raise Difference('%s: the ledger of that day is not where the whole ledger begins' % day)

    def check_statement(self, period):
        for r in as_dicts(self.tools.csv('statement', '--period', period, '--bills')):
            found = [b['balance'] for b in as_dicts(self.balances_on(r['issue']))
                     if (b['unit'], b['party']) == (r['unit'], r['party'])]
            if [max(0, minor(b)) for b in found] != [minor(r['payable'])]:
                raise Difference('bill %s: payable %s, balance on its issue day %s' % (r['bill'], r['payable'], found))

    @functools.lru_cache(None)
    def balances_on(self, day):
        return self.tools.report('balances-' + day)


def another(tools, name):
    """A copy of the book."""
    path = os.path.join(os.path.dirname(tools.book), name)
    shutil.copyfile(tools.book, path)
    return Tools(tools.bindir, tools.folder, path)


def later_records(tools, accounts, book, days):
    """What is dated after a day changes no byte of what is printed for it."""
    copy, after = another(tools, 'later.db'), fm.show_date(max(accounts.days + days + [r['date'] for r in book.known('receipts').values()]) + 1)
    names = ['%s-%s' % (t, fm.show_date(d)) for d in days for t in fm.OF_A_DAY]
    before = {n: tools.report(n) for n in names}
    owed = [r for r in accounts.entries if r['unit'] != '?']
    r, money, receipts = accounts.rng.choice(owed), fm.Reports(book).money, book.known('receipts').values()
    undone = {x['reverses'] for x in receipts}
    free = [x for x in receipts if not x['reverses'] and x['receipt'] not in undone]
    files = {'receipts': [['receipt', 'date', 'unit', 'amount', 'reverses'], ['zz1', after, r['unit'], '5000000', ''],
                          ['zz2', after, r['unit'], '-3', '']] +
             [['zz3', after, x['unit'], money(-x['amount']), x['receipt']] for x in accounts.rng.sample(free, min(1, len(free)))],
             'adjustments': [['adjustment', 'date', 'unit', 'party', 'kind', 'amount', 'due', 'reason', 'approved_by'],
                             ['zz4', after, r['unit'], r['party'], 'opening', '77', '2020-01-01', 'x', ''],
                             ['zz5', after, r['unit'], r['party'], 'waiver', '-7', '', 'x', 'y']],
             'holds': [['hold', 'unit', 'party', 'kind', 'from', 'reason'], ['zz6', r['unit'], '', 'legal', after, 'x']]}
    for kind, rows in files.items():
        path = os.path.join(tools.folder, 'later-%s.csv' % kind)
        with open(path, 'w', encoding='utf-8', newline='') as f:
            csv.writer(f, lineterminator='\n').writerows([rows[0]] + [[fm.guard(c) for c in x] for x in rows[1:]])
        code, _, err = copy.call('import', kind, path, *(['--through', '1990-01-01'] if kind == 'receipts' else []))
        if code not in (0, 1):
            raise Difference('later %s: status %d: %s' % (kind, code, err.strip()))
    for name in names:
        if copy.report(name) != before[name]:
            compare('what is dated later: %s' % name, rows_of(before[name]), copy.report(name))
            raise Difference('what is dated later: %s: other bytes' % name)


def recorded(tools, book, days):
    """Recorded, nobody is to be reminded again that day; and the days after it are what the model says."""
    copy = another(tools, 'recorded.db')
    for n, day in enumerate(days):
        list_ = fm.Reports(book).approved(day)
        got = copy.csv('remind', '--as-of', fm.show_date(day), '--record', '--proof', 'EMS', *APPROVED)
        compare('remind --record', list_, got)
        cases = fm.Reminders(book, day, True).cases()
        rows = [['n%d-%d' % (n, i), fm.show_date(day), c.unit, c.party, c.decide()[2].name, 'EMS']
                for i, c in enumerate(cases) if c.decide()[0] == 'remind']
        head = ['notice', 'date', 'unit', 'party', 'step', 'proof']
        text = fm.csv_text([head] + [[fm.guard(c) for c in r] for r in rows])
        book.import_data('notices', text.encode('utf-8'))
        for more in ['--record'], []:
            again = as_dicts(copy.csv('remind', '--as-of', fm.show_date(day), *more, *APPROVED))
            if any(r['action'] == 'remind' for r in again):
                raise Difference('remind %s is recorded, and yet there is one to remind' % fm.show_date(day))
        for later in (day - 1, day, day + 1, day + 7, day + 8, day + 30):
            for table in 'remind', 'approved':
                name = '%s-%s' % (table, fm.show_date(later))
                compare('after a record: %s' % name, getattr(fm.Reports(book), table)(later), copy.report(name))


def accounts_of(steps_path, tools, n_days):
    folder = os.path.dirname(steps_path)
    rng, book = random.Random(os.path.basename(folder)), fm.Book()
    for step in fm.read_steps(steps_path):
        fm.do_step(book, folder, step)
    accounts = Accounts(tools, n_days, rng)
    accounts.check()
    days = sorted({fm.parse_date(s.split(' ')[1]) for s in fm.read_steps(steps_path) if s.startswith('remind')})
    if days and accounts.entries:
        later_records(tools, accounts, book, rng.sample(days, min(2, len(days))))
        recorded(tools, book, sorted(rng.sample(days, min(2, len(days)))))


# ---------------------------------------------------------------- books

def heyuan_steps():
    """The demo community in the order of its README."""
    steps = ['init policy.ini'] + ['import %s %s.csv' % (k, k) for k in HEYUAN_KINDS]
    for m in range(1, 7):
        month = '2026-%02d' % m
        steps += ['import quantities quantities-%s.csv' % month,
                  'import costs costs-%s.csv%s' % (month, ' --amend' if m == 4 else ''),
                  'run ' + month, 'import receipts receipts-2026-%02d.csv' % (m + 1)]
    return steps + ['import income income.csv'] + [
        '%s %s' % (t, d) for d in ('2026-03-31', '2026-06-30', '2026-07-20') for t in fm.OF_A_DAY]


def heyuan_expected(folder, tables):
    for month in ('2026-01', '2026-02'):
        for kind in ('explain', 'statement'):
            with open(os.path.join(EXPECTED, '%s-%s.csv' % (kind, month)), 'rb') as f:
                compare('expected/%s-%s.csv' % (kind, month), rows_of(f.read()), tables['%s-%s' % (kind, month)])


def check_book(what, options):
    """what: a seed, or the folder of Heyuan. Returns None, or what is wrong."""
    folder = os.path.join(options.keep, 'book-%s' % (what if isinstance(what, int) else 'heyuan'))
    for old in (folder, folder + '.shuffled'):
        shutil.rmtree(old, ignore_errors=True)
    steps = os.path.join(folder, 'STEPS')
    try:
        if isinstance(what, int):
            genbook.generate(what, folder)
        else:
            shutil.copytree(what, folder)
            os.chmod(folder, 0o755)
            with open(steps, 'w') as f:
                f.write('\n'.join(heyuan_steps()) + '\n')
        tools = Tools(options.bindir, folder, os.path.join(folder, 'book.db'))
        tables = play_both(steps, tools, options.properties)
        audited(tools, tables, steps)
        if not isinstance(what, int):
            heyuan_expected(what, tables)
        if options.properties:
            properties(steps, tools, tables)
        if options.explained:
            explanations(steps, tools, tables)
        if options.accounts:
            accounts_of(steps, tools, options.days)
    except (Difference, OSError, subprocess.TimeoutExpired, UnicodeDecodeError) as e:
        return '%s\n  kept: %s' % (e, folder)
    shutil.rmtree(folder)
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ('--seeds', '--bindir', '--heyuan', '--keep'):
        parser.add_argument(name)
    parser.add_argument('--jobs', type=int, default=2)
    parser.add_argument('--days', type=int, default=40)
    for name in ('--properties', '--explained', '--accounts'):
        parser.add_argument(name, action='store_true')
    options = parser.parse_args()
    options.bindir = options.bindir and os.path.abspath(options.bindir)
    options.keep = os.path.abspath(options.keep) if options.keep else tempfile.mkdtemp(prefix='feecheck-')
    books = [options.heyuan] if options.heyuan else []
    if options.seeds or not books:
        first, _, last = (options.seeds or '1..50').partition('..')
        books += range(int(first), int(last or first) + 1)
    failed = 0
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        for what, wrong in zip(books, pool.map(check_book, books, [options] * len(books))):
            if wrong:
                failed += 1
                print('%s: %s' % ('seed %d' % what if isinstance(what, int) else 'heyuan', wrong), flush=True)
    if not failed:
        shutil.rmtree(options.keep, ignore_errors=True)
    print('%d passed, %d failed' % (len(books) - failed, failed))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
