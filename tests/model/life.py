#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Lives years of random communities on the real tools, with the model beside them, and checks after each step what always holds.

usage: life.py [--seeds A..B | --seed N] [--months N] [--checks N] [--faults P] [--timed] [--bindir DIR] [--jobs N] [--keep DIR]

--seeds A..B    the lives (default 1..20); --seed N: one, once more
--months N      how long each is (default: by the seed, 3 to 8 months, each twentieth 36)
--checks N      look at everything every N months (default 1)
--faults P      so many of a hundred steps are killed, doubled, or read meanwhile (default 25)
--timed         also kills after a time, not only at a numbered system call: such a life may not come out the same again
--no-clock      the tools see the real clock; without it a small library that is made here shows them that of the life
--bindir DIR    where fee-init, fee-import, ... are (default: found by PATH)
--jobs N        lives at once (default 2)
--keep DIR      where the folder of a failed life is kept, with LOG, all its commands (default: a new folder in TMPDIR)

What happens is thought up by genlife.py; what should come of it is said by feemodel.py. A life ends early where the books cannot be
mended any more, which is no failure. Ends with `N lives, N steps, N kills, N doubled; N failed`, and status 1 where a life failed.
"""
import argparse
import calendar
import collections
import concurrent.futures
import copy
import hashlib
import os
import random
import re
import select
import shlex
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import check
import disclosure
import feemodel as fm
import genlife

HERE = os.path.dirname(os.path.abspath(__file__))
Difference = check.Difference
CALLS = ['pwrite64', 'pwrite64', 'pwrite64', 'write', 'fsync', 'fdatasync', 'unlink', 'ftruncate', 'rename']
KILLED = -9
WRITES = ('init', 'import', 'retract', 'withdraw', 'run', 'catch-up', 'cron', 'record')
POSTED = ('explain', 'open', 'statement')


class Tools(check.Tools):
    """The tools as an office calls them: from here and there, in any time zone and language; each call is in the log."""

    def __init__(self, bindir, folder, book, rng, log):
        super().__init__(bindir, folder, book)
        self.rng, self.log, self.calls = rng, log, 0
        self.home = self.env

    def places(self):
        """Another place to stand for the next call."""
        rng = self.rng
        self.env = dict(self.home, LC_ALL=rng.choice(['C.UTF-8', 'C.UTF-8', 'C', 'de_DE.UTF-8', 'zh_CN.UTF-8']),
                        TZ=rng.choice(['UTC', 'Asia/Shanghai', 'Pacific/Kiritimati', 'America/St_Johns', 'Europe/Berlin']))
        self.cwd, self.umask = rng.choice([self.folder, self.folder, '/']), rng.choice([0o022, 0o022, 0, 0o077])

    def words(self, tool, *args):
        return [os.path.join(self.bindir, 'fee-' + tool) if self.bindir else 'fee-' + tool, '--book', self.book] + list(args)

    def call(self, tool, *args, before=(), **more):
        return self.end(self.begin(tool, *args, before=before, **more))

    def begin(self, tool, *args, before=(), **more):
        self.calls += 1
        words = list(before) + self.words(tool, *args)
        env = dict(self.env, **more)
        shown = ['%s=%s' % (k, env[k]) for k in sorted(env) if self.home.get(k) != env[k] or k in ('LC_ALL', 'TZ')]
        self.log.write('(cd %s; umask %03o; %s)\n' % (self.cwd, self.umask, ' '.join(shlex.quote(w) for w in ['env'] + shown + words)))
        self.log.flush()
        # files, not pipes: a tool that waits for its reader keeps others waiting
        streams = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        process = subprocess.Popen(words, cwd=self.cwd, env=env, stdin=subprocess.DEVNULL, stdout=streams[0], stderr=streams[1],
                                   umask=self.umask)
        process.streams = streams
        return process

    def end(self, process):
        if process.returncode is None:      # else it was dead already when it was to be killed
            ended = os.pidfd_open(process.pid)
            if not select.select([ended], [], [], 300)[0]:
                process.kill()
                raise Difference('it hangs: %s' % process.args)
            os.close(ended)
        code = process.wait()
        for stream in process.streams:
            stream.seek(0)
        out, err = (stream.read() for stream in process.streams)
        for stream in process.streams:
            stream.close()
        self.log.write('# %d\n' % code)
        if code not in (0, 1, 65, 78, KILLED):
            raise Difference('status %d: %s\n%s' % (code, ' '.join(process.args), err.decode('utf-8', 'replace')))
        return code, out, err.decode('utf-8', 'replace')


class Life(genlife.Living):
    def __init__(self, seed, folder, options):
        rng = random.Random('length %d' % seed)
        months = options.months or (36 if seed % 20 == 0 else rng.choice([3, 4, 5, 6, 7, 8]))
        self.options, self.clock_library = options, options.clock
        self.root = folder
        for name in ('in', 'book', 'out'):
            os.makedirs(os.path.join(folder, name))
        super().__init__(seed, os.path.join(folder, 'in'), months, bool(options.clock))
        open(os.path.join(folder, 'out', 'bills.csv'), 'w').close()
        self.log = open(os.path.join(folder, 'LOG'), 'w', encoding='utf-8', errors='surrogateescape')
        self.fault = random.Random('faults %d' % seed)
        self.book_path = os.path.join(folder, 'book', 'book.db')
        self.tools = Tools(options.bindir, self.folder, self.book_path, self.fault, self.log)
        self.reports = fm.Reports(self.book)
        self.n, self.counts, self.was_killed = 0, collections.Counter(), False
        self.rows_seen, self.frozen, self.bundles, self.listed, self.put = {}, {}, {}, [], []

    # -- a step on both sides

    def step(self, text, keep_refused=False):
        if self.over:
            return False
        self.n, self.was_killed = self.n + 1, False
        words = text.split(' ')
        self.log.write('\n# step %d: %s\n' % (self.n, text))
        if self.fault.random() < 0.5:
            self.tools.places()
        runs, size = list(self.book.runs), self.size()
        if words[0] == 'record':
            self.record(words)
            done = True
        elif words[0] in fm.PRINTS:
            self.table('%s-%s' % (words[0], words[1]))
            return True
        else:
            status, why = self.expect(words, text)
            self.perform(words, text, status, why, size)
            done = not status.startswith('refused')
            if done or keep_refused:
                self.steps.append(text)
        self.note_runs(runs, words)
        self.always()
        return done

    def expect(self, words, text):
        """The model's part."""
        if words[0] not in ('catch-up', 'cron'):
            status, tables = fm.do_step(self.book, self.folder, text)
            return status, tables.get('', '')
        last = fm.parse_period(words[1]) if words[0] == 'catch-up' else fm.month_of(fm.parse_date(words[1])) - 1
        status = 'already'
        for month in range(self.next_month(), last + 1):
            try:
                status = fm.run_period(self.book, month)
            except fm.Refused as e:
                return 'refused %d' % e.code, str(e)
        return status, ''

    def size(self):
        """Batches, and runs with withdrawals: what --list of fee-import and fee-run have by the model."""
        return self.book.sequence, len(self.book.runs) + 2 * len(self.book.withdrawn)

    def arguments(self, words, text):
        """tool, arguments, more environment"""
        tools = self.tools
        if words[0] == 'init':
            return ('init', tools.file(words[1])), {}
        if words[0] == 'import':
            return ('import', words[1], tools.file(words[2]), *words[3:]), {}
        if words[0] == 'retract':
            return ('import', '--retract', words[1], '--reason', ' '.join(words[2:])), {}
        if words[0] == 'withdraw':
            return ('run', '--period', words[1], '--withdraw', '--reason', ' '.join(words[2:])), {}
        if words[0] == 'catch-up':
            return ('run', '--period', words[1], '--catch-up', '--early', '--format', 'csv'), {}
        if words[0] == 'cron':
            day = fm.datetime.date.fromordinal(fm.parse_date(words[1]))
            noon = calendar.timegm(day.timetuple()) + 12 * 3600
            self.tools.env = dict(self.tools.env, TZ='UTC')
            return ('run', '--by', 'cron', '--format', 'csv'), {'LD_PRELOAD': self.clock_library, 'LIFE_CLOCK': str(noon)}
        return ('run', '--period', *words[1:], '--early', '--format', 'csv'), {}

    def perform(self, words, text, status, why, size):
        """The tools' part: plainly, or with something in between; then they must agree with the model."""
        args, env = self.arguments(words, text)
        want = [int(status.split()[1])] if status.startswith('refused') else [0, 1]
        own = self.book.batches.get(self.book.sequence, {})
        dice = self.fault.random() * 100 / max(self.options.faults, 0.01)
        if dice < 0.5:
            code, out, err = self.killed(args, env, words, size, self.size())
        elif dice < 0.75:
            code, out, err = self.doubled(args, env, words, status)
        elif dice < 0.85:
            code, out, err = self.watched(args, env)
        elif dice < 0.9 and words[0] in ('import', 'run') and status == 'ok':
            code, out, err = self.beside(args, env)
        elif dice < 1 and words[0] == 'run' and status == 'ok':
            code, out, err = self.foreseen(args, env)
        else:
            code, out, err = self.tools.call(*args, **env)
        if code not in want:
            raise Difference('%s: status %d, model: %s %s\n  %s' % (text, code, status, why, err.strip()))
        if status != 'already' and words[0] == 'import' and code in (0, 1):
            self.counted(words, own, err)
        if words[0] in ('run', 'catch-up', 'cron'):
            self.compare_runs(text, out)
        if words[0] == 'run' and '--restate' in words and status == 'ok':
            for month in [w for option, w in zip(words[2::2], words[3::2]) if option == '--restate']:
                if check.as_dicts(self.tools.report('now-' + month)):
                    raise Difference('%s: %s still differs' % (text, month))

    def counted(self, words, own, err):
        """Each row ends as new, changed or unchanged."""
        m = re.search(r': (\d+) rows?: (\d+) new, (\d+) changed, (\d+) unchanged \(batch (\d+)\)', err)
        if not m:
            if 'already' in err or self.tools.env['LC_ALL'].startswith(('zh', 'de')):
                return
            raise Difference('%s: nothing says what became of the rows: %s' % (' '.join(words), err))
        rows, new, changed, same, batch = map(int, m.groups())
        if rows != new + changed + same or self.book.batches.get(batch) != own or (own['rows'] and rows != len(own['rows'])):
            raise Difference('%s: model: %d rows in %d batches; tools: %s' % (' '.join(words), len(own['rows']), self.book.sequence, m.group(0)))

    def compare_runs(self, text, out):
        """The rows of new months; a call that was made again after a kill may not have those that were posted before."""
        got = {r['period']: r for r in check.as_dicts(out)} if out else {}
        for run in [r for r in self.book.runs if r['period'] not in self.frozen]:
            want = dict(zip(*self.reports.run(run['period'])))
            row = got.get(want['period'], {})
            for column, value in want.items():
                if row.get(column) != value and not (self.was_killed and not row):
                    raise Difference('%s: %s\n  model %s\n  tools %s' % (text, column, value, row.get(column)))
            if row and row['state'] not in ('posted', 'already-posted'):
                raise Difference('%s: %s' % (text, row))

    # -- with something in between

    def state(self):
        """How many batches and runs the tools see."""
        return tuple(len(check.as_dicts(self.tools.csv(tool, '--list'))) for tool in ('import', 'run'))

    def killed(self, args, env, words, size, grown, look=lambda: None):
        """kill -9 at some system call; then the same call again. The book has its size of before, or what it is to grow to, month by month."""
        if self.options.timed and self.fault.random() < 0.4:
            process = self.tools.begin(*args, **env)
            time.sleep(self.fault.random() * 0.012)
            process.kill()
            code, out, err = self.tools.end(process)
        else:
            call, when = self.fault.choice(CALLS), self.fault.choice([1, 1, 2, 2, 3, 4, 5, 7, 9, 12, 16])
            strace = ['strace', '-f', '-qq', '-o', os.path.join(self.root, 'trace'), '-e', 'trace=' + call,
                      '-e', 'inject=%s:signal=KILL:when=%d' % (call, when)]
            code, out, err = self.tools.call(*args, before=strace, **env, ASAN_OPTIONS='detect_leaks=0:exitcode=99')
        if code != KILLED:
            return code, out, err
        self.counts['kills'] += 1
        self.was_killed = True
        look()
        if words[0] == 'init':
            self.clear_away()
        else:
            if self.fault.random() < 0.3:
                self.audit()
            now = self.state()
            if now not in [(grown[0], n) for n in range(size[1], grown[1] + 1)] + [size]:
                raise Difference('killed: %s batches and runs, neither %s nor %s' % (now, size, grown))
            if words[0] == 'retract' and now != size:
                return 0, b'', ''
        return self.tools.call(*args, **env)

    def clear_away(self):
        """A book that was killed in the making has another name."""
        folder = os.path.dirname(self.book_path)
        for name in os.listdir(folder):
            if re.match(r'^book\.db\.[^.]{6}(-journal)?$', name):
                os.remove(os.path.join(folder, name))

    def doubled(self, args, env, words, status):
        """Twice at once: one effect."""
        self.counts['doubled'] += 1
        pair = [self.tools.begin(*args, **env) for _ in range(2)]
        ends = [self.tools.end(p) for p in pair]
        if status == 'ok' and words[0] == 'retract':
            if sorted(e[0] for e in ends) != [0, 65]:
                raise Difference('twice at once: %s' % ends)
            return next(e for e in ends if e[0] == 0)
        if ends[0][0] != ends[1][0] and not {ends[0][0], ends[1][0]} <= {0, 1}:
            raise Difference('twice at once: %s' % ends)
        if status == 'ok' and words[0] == 'run':
            states = sorted(check.as_dicts(e[1])[0]['state'] for e in ends)
            if states != ['already-posted', 'posted']:
                raise Difference('twice at once: %s' % states)
        if status == 'ok' and words[0] == 'import' and sum('unchanged (batch ' in e[2] for e in ends) > 1:
            raise Difference('twice at once: %s' % ends)
        if words[0] in ('catch-up', 'cron'):        # each says what it posted itself
            rows = [line for e in ends for line in e[1].splitlines(True)]
            by_state = {}
            for line in rows[1:]:
                cells = line.split(b',')
                if len(cells) > 2 and (cells[0] not in by_state or cells[2] == b'posted'):
                    by_state[cells[0]] = line
            head = rows[0] if rows else b''
            return ends[0][0], head + b''.join(v for k, v in by_state.items() if v != head), ends[0][2]
        return next((e for e in ends if 'unchanged (batch ' in e[2] or b',posted,' in e[1]), ends[0])

    def watched(self, args, env):
        """Somebody reads, audits or copies meanwhile: the book as before or as after."""
        if not os.path.exists(self.book_path):
            return self.tools.call(*args, **env)
        self.counts['watched'] += 1
        copy_ = os.path.join(self.root, 'out', 'copy-%d.db' % self.n)
        look = self.fault.choice([('import', '--list', '--format', 'csv'), ('ledger', '--format', 'csv'), ('run', '--list', '--format', 'csv'),
                                  ('audit', '--quiet'), ('audit', '--backup', copy_)])
        before = self.tools.call(*look)[1] if look[0] != 'audit' else b''
        pair = [self.tools.begin(*args, **env), self.tools.begin(*look)]
        done, seen = [self.tools.end(p) for p in pair]
        if seen[0] != 0:
            raise Difference('%s meanwhile: %s' % (' '.join(look), seen))
        if look[0] != 'audit' and seen[1] not in (before, self.tools.call(*look)[1]):
            raise Difference('%s meanwhile: neither as before nor as after' % ' '.join(look))
        if '--backup' in look:
            self.audit(book=copy_)
            os.remove(copy_)
        return done

    def beside(self, args, env):
        """Another clerk imports at the same time: both are taken, in whichever order."""
        self.counts['beside'] += 1
        name = self.income_file('beside', self.fault)
        pair = [self.tools.begin(*args, **env), self.tools.begin('import', 'income', self.tools.file(name))]
        done, other = [self.tools.end(p) for p in pair]
        if other[0] != 0:
            raise Difference('beside: %s' % (other,))
        number = [r['batch'] for r in check.as_dicts(self.tools.csv('import', '--list')) if r['file'] == name]
        self.log.write('# %s became batch %s\n' % (name, number))
        mine = self.book.sequence
        if self.book.import_data('income', fm.read_bytes(self.folder, name)) != 'ok' or len(number) != 1:
            raise Difference('beside: batch %s' % number)
        if int(number[0]) == mine:      # it was first
            batches = self.book.batches
            batches[mine], batches[mine + 1] = batches[mine + 1], batches[mine]
        return done

    def foreseen(self, args, env):
        """A dry run first; then just what it showed."""
        code, out, err = self.tools.call(*args, '--dry-run', **env)
        if code != 0 or check.as_dicts(out)[0]['state'] != 'dry-run':
            raise Difference('dry run: %d %s' % (code, err))
        first = check.as_dicts(out)[0]
        done = self.tools.call(*args, '--expect', first['digest'], **env)
        second = (check.as_dicts(done[1]) or [{}])[0]
        for column in ('period', 'recognised', 'prior', 'lines', 'bills', 'total', 'digest'):
            if first[column] != second.get(column):
                raise Difference('%s of the dry run: %s, of the run: %s' % (column, first[column], second.get(column)))
        return done

    # -- reminders

    def record(self, words):
        """The list of the day, its steps noted: the file that is kept goes into the model."""
        day, approved = words[1], check.APPROVED if len(words) > 2 else []
        want = getattr(self.reports, 'approved' if approved else 'remind')(fm.parse_date(day))
        due = [tuple(map(fm.unguard, r[2:5])) for r in want if r[0] == 'remind']
        args = ['remind', '--as-of', day, '--record', '--channel', 'post', '--proof', 'EMS', '--format', 'csv'] + approved
        size = self.size()
        grown = size[0] + (1 if due else 0), size[1]
        if self.fault.random() * 200 < self.options.faults:
            code, out, err = self.killed(args, {}, words, size, grown)
        else:
            code, out, err = self.tools.call(*args)
        if code not in (0, 1) or self.state() != grown:
            raise Difference('%s: status %d, %d steps are due: %s' % (' '.join(words), code, len(due), err))
        if not self.was_killed:
            check.compare(' '.join(words), want, out)
        if not due:
            return
        data = self.tools.call('import', '--extract', str(grown[0]))[1]
        taken = [(r['step'], r['unit'], r['party']) for r in fm.read_records('notices', data, 2).values()]
        if taken != due or self.book.import_data('notices', data) != 'ok':
            raise Difference('%s: recorded %s, due %s' % (' '.join(words), taken, due))
        if any(r['action'] == 'remind' for r in check.as_dicts(self.tools.csv('remind', '--as-of', day, '--record', *approved))):
            raise Difference('%s: yet there is one to remind' % ' '.join(words))

    # -- what was posted stays

    def note_runs(self, runs, words):
        """New months are compared cell by cell, and kept as they are; withdrawn ones are let go."""
        for run in [r for r in runs if r not in self.book.runs]:
            self.frozen.pop(run['period'], None)
            self.bundles.pop(run['period'], None)
            self.listed.append((fm.show_period(run['period']), 'withdrawal'))
        for run in [r for r in self.book.runs if r not in runs]:
            self.listed.append((fm.show_period(run['period']), 'run'))
            self.frozen[run['period']] = {}
            for kind in POSTED:
                self.frozen[run['period']][kind] = self.table('%s-%s' % (kind, fm.show_period(run['period'])))
            names = {'%s-%s' % (k, fm.show_period(run['period'])): self.frozen[run['period']][k] for k in POSTED}
            check.conserved(names)

    def table(self, name):
        """A report of the tools, cell by cell that of the model. Returns its bytes."""
        kind, when = name.split('-', 1)
        day = fm.parse_date(when) if when.count('-') == 2 else fm.parse_period(when)
        data = self.tools.report(name)
        check.compare(name, getattr(self.reports, kind)(day), data)
        return data

    def always(self):
        """After each step: rows are only ever added, the book is alone and private, a month that was posted is as it was."""
        folder = os.path.dirname(self.book_path)
        if os.listdir(folder) != ['book.db']:
            raise Difference('beside the book: %s' % os.listdir(folder))
        mode = stat.S_IMODE(os.stat(self.book_path).st_mode)
        if mode != 0o600:
            raise Difference('the book has mode %03o' % mode)
        self.rows_stay()
        if self.frozen and self.fault.random() < 0.3:
            self.as_posted(self.fault.choice(sorted(self.frozen)))

    def as_posted(self, period):
        kind = self.fault.choice(POSTED)
        name = '%s-%s' % (kind, fm.show_period(period))
        if self.tools.report(name) != self.frozen[period][kind]:
            raise Difference('%s is not what it was when it was posted' % name)

    def rows_stay(self):
        book = sqlite3.connect('file:%s?mode=ro' % self.book_path, uri=True)
        try:
            tables = {row[0] for row in book.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not set(self.rows_seen) <= tables:
                raise Difference('tables are gone: %s' % (set(self.rows_seen) - tables))
            for table in sorted(tables):
                count, was = self.rows_seen.get(table, (0, hashlib.sha256().digest()))
                seen, n = hashlib.sha256(), 0
                for row in book.execute('SELECT * FROM %s ORDER BY rowid' % table):
                    if n == count and seen.digest() != was:
                        break
                    seen.update(repr(row).encode())
                    n += 1
                if n < count or (n == count and seen.digest() != was):
                    raise Difference('rows of %s are not what they were' % table)
                self.rows_seen[table] = n, seen.digest()
        finally:
            book.close()

    # -- from time to time

    def audit(self, *args, book=None):
        tools = self.tools if book is None else Tools(self.options.bindir, self.folder, book, self.fault, self.log)
        check.audit(tools, *args)

    def live_month(self, month):
        super().live_month(month)
        if not self.over and (month - self.start) % self.options.checks == 0:
            self.look()

    def look(self):
        """Everything, on some day and of some month."""
        self.n += 1
        self.log.write('\n# step %d: look\n' % self.n)
        self.audit()
        self.lists()
        day = fm.show_date(self.fault.choice([self.today, self.today + 20, self.fault.randint(fm.first_day(self.start), self.today)]))
        for kind in ('balances', 'totals', 'ledger', self.fault.choice(['remind', 'approved'])):
            self.table('%s-%s' % (kind, day))
        self.sums(day)
        if self.frozen:
            period = self.fault.choice(sorted(self.frozen))
            month = fm.show_period(period)
            self.audit('--period', month)
            self.known_now(month)
            self.waiting()
            self.disclosed()
            if self.fault.random() < 0.4:
                self.bundle(period)
            if self.fault.random() * 200 < self.options.faults:
                self.printed(period)
        if self.fault.random() < 0.25:
            self.restore()
        self.always()

    def lists(self):
        batches = [[r['batch'], r['kind'], r['retracted_by'] != '', r['file'].startswith('retracts ')] for r in
                   check.as_dicts(self.tools.csv('import', '--list'))]
        if len(batches) != self.book.sequence:
            raise Difference('%d batches, model: %d' % (len(batches), self.book.sequence))
        for number, kind, retracted, retracts in batches:
            own = self.book.batches.get(int(number))
            if (own is None) != retracts or (own and (own['kind'], own['retracted']) != (kind, retracted)):
                raise Difference('batch %s is %s, retracted: %s' % (number, kind, retracted))
        runs = [(r['period'], r['kind']) for r in check.as_dicts(self.tools.csv('run', '--list'))]
        if runs != self.listed:
            raise Difference('runs: %s, model: %s' % (runs, self.listed))

    def sums(self, day):
        """Ledger, balances and totals have one sum, by age too."""
        entries = sum(check.minor(r['amount']) for r in check.as_dicts(self.tools.report('ledger-' + day)))
        balances = check.as_dicts(self.tools.report('balances-' + day))
        aged = sum(check.minor(r[c]) for r in balances for c in fm.BALANCES[3:10]) - sum(check.minor(r['credit']) for r in balances)
        owed = sum(check.minor(r['balance']) for r in balances)
        totals = sum(check.minor(r['outstanding']) for r in check.as_dicts(self.tools.report('totals-' + day)))
        if len({entries, aged, owed, totals}) > 1:
            raise Difference('%s: ledger %d, balances %d, by age %d, totals %d' % (day, entries, owed, aged, totals))

    def known_now(self, month):
        """Differences as the model has them, in parts that add up; or why there are none, where the month can't be computed any more."""
        try:
            data = self.table('now-' + month)
        except fm.Refused as e:
            return self.not_recomputed(self.tools.report('now-' + month), e)
        check.causes_add_up('now-' + month, data)

    @staticmethod
    def not_recomputed(data, why):
        if not any(r['cause'].startswith('not recomputed: ') for r in check.as_dicts(data)):
            raise Difference('as known now, model: %s\n%s' % (why, data.decode()))

    def waiting(self):
        """What waits, by origin and centre."""
        data = self.tools.csv('audit', '--pending')
        try:
            want = [self.reports.cells([origin, centre, posted, now, now - posted]) for origin, centre, posted, now in fm.waiting(self.book)]
        except fm.Refused as e:
            return self.not_recomputed(data, e)
        got = [[r[c] for c in ('origin', 'item', 'posted', 'recomputed', 'difference')] for r in check.as_dicts(data)]
        if got != want:
            raise Difference('--pending\n  model %s\n  tools %s' % ([r for r in want if r not in got], [r for r in got if r not in want]))

    def disclosed(self):
        """What is put up has the numbers of the model; what was put up is kept, and given back."""
        for name, table in disclosure.tables(self.book).items():
            check.compare(name, table, self.tools.report(name))
        if self.fault.random() < 0.3:
            self.put_up(fm.show_period(self.book.runs[-1]['period']))

    def put_up(self, month):
        args = ['disclose', '--period', month, '--posted', '%s..%s' % (fm.show_date(self.today), fm.show_date(self.today + 9)), '--record',
                '--format', self.fault.choice(['csv', 'json', 'html'])]
        had = len(self.put)
        code, out, err = self.killed(args, {}, ['disclose'], self.size(), self.size())
        if code not in (0, 1):
            raise Difference('disclose --record: status %d %s' % (code, err))
        self.put.append(out)
        listed = check.as_dicts(self.tools.csv('disclose', '--list'))
        if len(listed) != had + 1 and not (len(listed) == had and out in self.put[:-1]):
            raise Difference('%d disclosures are kept, %d were put up: %s' % (len(listed), had + 1, err))
        self.put = self.put[:len(listed)]
        number = self.fault.randrange(len(self.put))
        if self.tools.call('disclose', '--extract', str(number + 1))[1] != self.put[number]:
            raise Difference('disclosure %d is not what was put up' % (number + 1))

    def bundle(self, period):
        """The same bytes whenever; verified from itself alone."""
        path = os.path.join(self.root, 'out', 'bundle.tar')
        check.audit(self.tools, '--period', fm.show_period(period), '--bundle', path)
        self.counts['bundles'] += 1
        with open(path, 'rb') as f:
            sha = hashlib.sha256(f.read()).hexdigest()
        if self.bundles.setdefault(period, sha) != sha:
            raise Difference('the bundle of %s is not what it was' % fm.show_period(period))
        if stat.S_IMODE(os.stat(path).st_mode) != 0o600:
            raise Difference('a bundle that others can read')
        check.audit(self.tools, '--verify', path)
        os.remove(path)

    def printed(self, period):
        """A report that is killed while it is written leaves the file of before, or the whole new one."""
        path = os.path.join(self.root, 'out', 'bills.csv')
        with open(path, 'rb') as f:
            old = f.read()
        args = ['statement', '--period', fm.show_period(period), '--format', 'csv', '--output', path]
        self.killed(args, {}, ['statement'], self.size(), self.size(), lambda: self.whole(path, [old, self.frozen[period]['statement']]))
        self.whole(path, [self.frozen[period]['statement']])
        for name in os.listdir(os.path.dirname(path)):      # what a killed tool could not remove
            if re.match(r'^bills\.csv\.[^.]{6}$', name):
                os.remove(os.path.join(os.path.dirname(path), name))

    def whole(self, path, allowed):
        with open(path, 'rb') as f:
            if f.read() not in allowed:
                raise Difference('%s is neither the old report nor the new one' % path)

    def restore(self):
        """The disk is lost: life goes on from a backup, which holds all that the book held."""
        self.counts['backups'] += 1
        path = os.path.join(self.root, 'out', 'backup.db')
        code, out, err = self.tools.call('audit', '--backup', path)
        if code != 0:
            raise Difference('backup: status %d %s' % (code, err))
        os.replace(path, self.book_path)

    # -- the end

    def look_back(self):
        self.n += 1
        self.log.write('\n# step %d: look back\n' % self.n)
        self.tools.env, self.tools.cwd = self.tools.home, self.folder
        self.look()
        tables = {}
        for period, reports in self.frozen.items():
            for kind, data in reports.items():
                name = '%s-%s' % (kind, fm.show_period(period))
                tables[name] = self.tools.report(name)
                if tables[name] != data:
                    raise Difference('%s is not what it was when it was posted' % name)
        check.by_origin(tables)
        check.equal_flats(tables)
        for period in self.fault.sample(sorted(self.frozen), min(3, len(self.frozen))):
            self.audit('--period', fm.show_period(period))
        done = subprocess.run([sys.executable, os.path.join(HERE, 'digest.py'), self.book_path], stdout=subprocess.PIPE)
        if done.returncode:
            raise Difference('digests and seal: %s' % done.stdout.decode())


def live(seed, options):
    """Returns what was counted, and None or what is wrong."""
    folder = os.path.join(options.keep, 'life-%d' % seed)
    shutil.rmtree(folder, ignore_errors=True)
    life = Life(seed, folder, options)
    wrong = None
    try:
        life.live()
        life.look_back()
    except (Difference, OSError, UnicodeDecodeError) as e:
        wrong = str(e)
    except Exception:
        wrong = traceback.format_exc()
    life.log.close()
    counts = collections.Counter(life.counts, steps=life.n, calls=life.tools.calls, months=len(life.book.runs), ended_early=int(life.over))
    if wrong:
        with open(os.path.join(folder, 'LOG'), encoding='utf-8', errors='replace') as f:
            tail = f.read().splitlines()
        again = '--seed %d --months %d --checks %d --faults %g%s' % (
            seed, life.months, options.checks, options.faults, '' if options.clock else ' --no-clock')
        wrong = 'seed %d, step %d: %s\n  once more: life.py %s\n  the last commands of %s:\n    %s' % (
            seed, life.n, wrong, again, life.log.name, '\n    '.join(tail[-8:]))
    else:
        shutil.rmtree(folder)
    return counts, wrong


def make_clock(folder):
    library = os.path.join(folder, 'clock.so')
    subprocess.run([os.environ.get('CC', 'cc'), '-shared', '-fPIC', '-O1', '-o', library, os.path.join(HERE, 'clock.c')], check=True)
    return library


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--seeds', default='1..20')
    parser.add_argument('--seed')
    parser.add_argument('--months', type=int)
    parser.add_argument('--checks', type=int, default=1)
    parser.add_argument('--faults', type=float, default=25)
    parser.add_argument('--jobs', type=int, default=2)
    parser.add_argument('--bindir')
    parser.add_argument('--keep')
    parser.add_argument('--timed', action='store_true')
    parser.add_argument('--no-clock', action='store_true')
    options = parser.parse_args()
    options.bindir = options.bindir and os.path.abspath(options.bindir)
    options.keep = os.path.abspath(options.keep) if options.keep else tempfile.mkdtemp(prefix='fee-life-')
    os.makedirs(options.keep, exist_ok=True)
    options.clock = None if options.no_clock else make_clock(options.keep)
    first, _, last = (options.seed or options.seeds).partition('..')
    seeds = range(int(first), int(last or first) + 1)
    total, failed = collections.Counter(), 0
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        for counts, wrong in pool.map(live, seeds, [options] * len(seeds)):
            total.update(counts)
            if wrong:
                failed += 1
                print(wrong, flush=True)
    if not failed:
        shutil.rmtree(options.keep, ignore_errors=True)
    print('%d lives, %s; %d failed' % (len(seeds), ', '.join('%d %s' % (total[k], k.replace('_', ' ')) for k in (
        'months', 'steps', 'calls', 'kills', 'doubled', 'watched', 'beside', 'bundles', 'backups', 'ended_early')), failed))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
