#!/usr/bin/env python3
"""Writes a random small book: CSV files, policies and a STEPS file that feemodel.py and check.py play.

usage: genbook.py SEED OUTDIR

The same seed gives the same bytes. A book is made with the model at hand: a step that the model would refuse is
left out, save those that are wrong on purpose, so most books run through. Every 16th seed is kept whatever happens.
What is made is aimed at the edges of rules.md: see the EDGES that each maker names.
"""
import copy
import csv
import io
import os
import random
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import feemodel as fm
import genremind

BASE = 'hall'               # a primary centre that every centre driver reaches, so that W > 0
ODD_UNITS = ['=1+1', '+86', '-5', '@home', "O'Neil", "'q", 'a,b', 'x"y', 'é-1', '𬱖-1', '007', '7', '07', '甲-101',
             '甲-0101', '1e3', 'A', 'a', 'Z 9', '车位#1']
ODD_PARTIES = ['=p', '张三', 'a"b', '-', '0', '00', 'developer', 'x;y', '@w', 'p,q']
SCOPES = ['', '', 'kind=flat', 'kind=flat,shop', 'kind!=bay', 'floor>=1', 'floor<=99;kind=flat', 'area>50',
          'building=1,2', 'building!=9;floor>-5', 'Area>=80.00', '系数!=0', 'kind=flat;lift>0']
UNIT_DRIVERS = ['one', 'area', 'Area', 'lift', 'area*lift', '系数', 'AREA*系数', 'meter', 'trips', 'share']
CATEGORIES = fm.BUILT_IN + ['electricity', '电费', 'misc', 'guards']


class Spec:
    """A policy in the making."""

    def __init__(self, rng, start, currency):
        self.start, self.currency = start, currency
        self.valid_from = None
        self.support = rng.choice(['direct', 'step', 'reciprocal', 'reciprocal'])
        self.unsold = 'developer' if rng.random() < 0.9 else ''
        self.start_rule = rng.choice(['next-month', 'next-month', 'same-month', None])
        self.issue = rng.choice(['after', 'after', 'before', None])
        self.due_days = rng.choice([0, 10, 20, 30])
        self.drivers = {'meter': 'flow', 'trips': 'flow', 'share': 'level'}
        self.centres, self.categories = {}, {}

    def copy(self):
        twin = Spec.__new__(Spec)
        twin.__dict__ = copy.deepcopy(self.__dict__)
        return twin

    def of_kind(self, kind):
        return [c for c, v in self.centres.items() if v['kind'] == kind]

    def centre_drivers(self):
        """The drivers whose quantities for centres are asked for."""
        named = [v.get('driver') for v in self.categories.values()]
        named += [v['driver'] for v in self.centres.values() if v['kind'] == 'support']
        return sorted({n for n in named if n})

    def routable(self):
        return [c for c, v in self.categories.items() if v]

    def text(self):
        out = ['# made by genbook.py', '[book]', 'name=Test', 'code=T1', 'currency=' + self.currency,
               'start=' + fm.show_period(self.start), 'support=' + self.support]
        out += ['unsold=' + self.unsold] if self.unsold else []
        out += ['from=' + fm.show_period(self.valid_from)] if self.valid_from else []
        out += ['depreciation_start=' + self.start_rule] if self.start_rule else []
        out += ['', '[billing]', 'due_days=%d' % self.due_days] + (['issue=' + self.issue] if self.issue else [])
        for kind, groups in (('category', self.categories), ('centre', self.centres)):
            for name, keys in groups.items():
                out += ['', '[%s %s]' % (kind, name)] + ['%s=%s' % kv for kv in keys.items() if kv[1] is not None]
        for name, kind in self.drivers.items():
            out += ['', '[driver %s]' % name, 'kind=' + kind]
        out += self.reminding.text()
        return '\n'.join(out) + '\n'


class Generator(genremind.Owed):
    def __init__(self, rng, folder, owed):
        self.rng, self.folder, self.owed = rng, folder, owed
        self.later = random.Random('later %r' % (rng.getstate()[1][:4],))      # a stream of its own
        self.book, self.steps, self.shown, self.files = fm.Book(), [], [], 0
        self.failed = False
        self.currency = 'CNY' if rng.random() < 0.85 else rng.choice(['JPY', 'KWD', 'USD'])
        self.decimals = fm.DECIMALS.get(self.currency, 2)
        self.start = fm.parse_period(rng.choice(['2023-12', '2024-01', '2024-11', '2025-01', '2025-06', '2025-12']))
        self.months = rng.randint(1, 5)
        self.end = self.start + self.months - 1
        self.encodings = rng.random() < 0.25      # some books come from offices with old spreadsheets
        self.serial, self.people, self.busy = 0, 0, None

    # -- small helpers

    def chance(self, p):
        return self.rng.random() < p

    def day(self, first=None, last=None):
        """A day of the book's months, or of the months given."""
        first = self.start if first is None else first
        return self.rng.randint(fm.first_day(first), fm.last_day(self.end if last is None else last))

    def next(self, prefix):
        self.serial += 1
        return '%s%03d' % (prefix, self.serial)

    # -- steps and files

    def step(self, text, keep_refused=False):
        """Plays a step on the live model; a refused one is left out unless it is meant to be refused."""
        status, tables = fm.do_step(self.book, self.folder, text)
        if status.startswith('refused') and not keep_refused:
            return False
        self.steps.append(text)
        self.shown.append((text, tables))
        return not status.startswith('refused')

    def write(self, name, text, encoding='utf-8'):
        with open(os.path.join(self.folder, name), 'wb') as f:
            f.write(text.encode(encoding))

    def load(self, kind, rows, columns=None, amend=False, keep_refused=False, through=None):
        """Writes rows (dicts of canonical values) as a file in some office's form, and imports it."""
        if not rows:
            return False
        self.files += 1
        name = '%s-%d.csv' % (kind, self.files)
        columns = columns or sorted({c for r in rows for c in r} | {c for c, s in fm.KINDS[kind][1].items() if s[1]})
        columns = self.rng.sample(columns, len(columns))
        rows = self.rng.sample(rows, len(rows))
        out = io.StringIO()
        writer = csv.writer(out, lineterminator=self.rng.choice(['\n', '\n', '\r\n']),
                            delimiter=self.rng.choice([',', ',', ',', ';', '\t']) if self.encodings else ',')
        writer.writerow([self.header(kind, c) for c in columns])
        for row in rows:
            writer.writerow([self.cell(kind, c, row.get(c)) for c in columns])
            if self.chance(0.02):
                out.write('\n')
        encoding = self.rng.choice(['utf-8', 'utf-8-sig', 'gb18030', 'utf-16']) if self.encodings else 'utf-8'
        self.write(name, out.getvalue(), encoding)
        more = (' --amend' if amend else '') + (' --through ' + fm.show_date(through) if through else '')
        done = self.step('import %s %s%s' % (kind, name, more), keep_refused)
        if not done and not keep_refused:
            os.remove(os.path.join(self.folder, name))
        return done

    def load_policy(self, spec):
        self.files += 1
        name = 'policy-%d.ini' % self.files
        self.write(name, spec.text())
        return self.step('import policy ' + name)

    def header(self, kind, column):
        aliases = fm.KINDS[kind][1].get(column, (0, 0, ''))[2].split()
        if self.encodings and aliases and self.chance(0.3):
            return self.rng.choice(aliases)
        return column.upper() if self.chance(0.03) and column.isascii() else column

    def cell(self, kind, column, value):
        type_ = fm.KINDS[kind][1].get(column, (fm.TEXT,))[0]
        if value is None or value == '':
            return ''
        if self.encodings and self.chance(0.3):
            value = {v: k for k, v in fm.VALUES.get((kind, column), {}).items()}.get(value, value)
        if type_ == fm.DATE:
            return self.show_date(value)
        if type_ == fm.MONEY:
            return self.show_money(value)
        return fm.show_quantity(value) if type_ == fm.QUANTITY else value

    def show_date(self, day):
        y, m, d = fm.show_date(day).split('-')
        if self.chance(0.93):
            return '-'.join((y, m, d))
        return self.rng.choice(['%s/%d/%d', '%s.%d.%d', '%s%02d%02d', '%s年%d月%d日']) % (y, int(m), int(d))

    def show_money(self, amount):
        text = fm.show_decimal(amount, self.decimals)
        if self.chance(0.95):
            return text
        whole, dot, rest = text.lstrip('-').partition('.')
        if amount < 0:
            return '(%s%s%s)' % (whole, dot, rest)
        return self.rng.choice(['¥', '￥', '']) + '{:,}'.format(int(whole)) + dot + rest

    # -- the policy

    def make_policy(self):
        spec, rng = Spec(self.rng, self.start, self.currency), self.rng
        supports = rng.choice([0, 0, 1, 2, 2, 3, 4])
        primaries = rng.randint(1, 8 - supports)
        names = rng.sample(['lifts', 'pumps', '电梯', 'garage', 'order', 'a', 'Z', 'refuse', '绿化'], primaries - 1)
        centres = [BASE] + names + ['s%d' % i for i in range(supports)]
        for name in rng.sample(centres, len(centres)):
            spec.centres[name] = self.make_centre(spec, name)
        resource = ['time', 'space', 'heads', 'trips'][:rng.randint(1, 4)]
        for d in resource:      # without a group: an imported level
            if d != 'trips' and self.chance(0.6):
                spec.drivers[d] = rng.choice(['level', 'level', 'flow', None])
        for name in rng.sample(CATEGORIES, rng.randint(1, 12)):
            spec.categories[name] = self.make_route(spec, resource)
        if not spec.routable():
            spec.categories['misc'] = {'centre': BASE}
        self.first_centres = list(spec.centres)
        if self.chance(0.3):        # traps, for break_and_mend only
            spec.centres['nowhere'] = {'kind': 'primary', 'driver': 'one', 'scope': 'kind=castle'}
            for a, b in ('l1', 'l2'), ('l2', 'l1'):
                spec.centres[a] = {'kind': 'support', 'driver': 'for-' + a}
        self.resource, self.spec = resource, spec
        spec.reminding = genremind.Reminding(self.owed, self.decimals)
        spec.drivers = {d: k or 'level' for d, k in spec.drivers.items()}
        self.write('policy.ini', spec.text())
        assert self.step('init policy.ini')

    def make_centre(self, spec, name):
        if name.startswith('s') and name[1:].isdigit():
            driver = self.rng.choice(['for-' + name, 'for-' + name, 'time'])
            if driver != 'time' and self.chance(0.6):
                spec.drivers[driver] = self.rng.choice(['level', 'flow'])
            return {'kind': 'support', 'driver': driver}
        centre = {'kind': 'primary', 'driver': self.rng.choice(UNIT_DRIVERS), 'scope': self.rng.choice(SCOPES),
                  'payer': self.rng.choice(['owner', 'occupant', None])}
        return {k: centre[k] for k in self.rng.sample(list(centre), 4)}

    def make_route(self, spec, resource):
        dice = self.rng.random()
        if dice < 0.6:
            return {'driver': self.rng.choice(resource)}
        return {'centre': self.rng.choice(list(spec.centres))} if dice < 0.95 else {}

    def change_policy(self):
        """EDGES: another order, scope, driver, payer or support method for some months, posted ones too."""
        spec, rng = self.spec.copy(), self.rng
        spec.valid_from = rng.randint(self.start, self.end)
        spec.centres = {c: spec.centres[c] for c in rng.sample(list(spec.centres), len(spec.centres))}
        spec.categories = {c: spec.categories[c] for c in rng.sample(list(spec.categories), len(spec.categories))}
        for name in spec.centres:
            if self.chance(0.4) and spec.centres[name]['kind'] == 'primary' and name != 'nowhere':
                spec.centres[name] = self.make_centre(spec, name)
        for name in spec.routable():
            if self.chance(0.3):
                spec.categories[name] = {'centre': rng.choice(self.first_centres)} if self.chance(0.4) else {
                    'driver': rng.choice(self.resource)}
        if self.chance(0.3):
            spec.centres['new'] = self.make_centre(spec, 'new')
        spec.support = rng.choice(['direct', 'step', 'reciprocal'])
        spec.due_days = rng.choice([spec.due_days, 15])
        if self.owed.random() < 0.5:
            spec.reminding = genremind.Reminding(self.owed, self.decimals)
        before = set(self.spec.centre_drivers())
        if self.load_policy(spec):
            self.load('quantities', self.base_quantities(set(spec.centre_drivers()) - before))
            if self.chance(0.5):
                self.spec = spec

    # -- units and parties

    def make_units(self):
        """EDGES: equal flats, weight 0, versions in mid-month, leaving, joining, coming back."""
        rng, n = self.rng, self.rng.randint(2, 30)
        ids = ['1-1-%02d0%d' % (f, d) for f in range(1, 16) for d in (1, 2)]
        odd = rng.sample(ODD_UNITS, min(len(ODD_UNITS), n // 3)) if self.chance(0.6) else []
        self.units = (rng.sample(ids, n - len(odd)) + odd)[:n]
        self.base_units = self.units[:2]
        self.busy = rng.choice(self.base_units) if self.chance(0.6) else None
        rows = []
        for unit in self.units:
            rows += self.unit_rows(unit) if unit not in self.base_units else [self.attributes(unit, True)]
        later = [r for r in rows if r.get('from') and self.chance(0.2)]
        first = [r for r in rows if r not in later and all(r['unit'] != x['unit'] for x in later)]
        late_units = [r for r in rows if r not in first]
        assert self.load('units', first)
        self.late_units = late_units

    def attributes(self, unit, base=False):
        rng = self.rng
        row = {'unit': unit, 'building': '1', 'floor': '3', 'kind': 'flat', 'lift': '1', '系数': '1',
               'area': rng.choice(['89.50', '100', '118.2'])}
        if not base:
            row['building'] = rng.choice(['1', '1', '2', '3', '9', '甲'])
            row['floor'] = rng.choice(['-1', '1', '2', '3', '3', '12', 'B1', ''])
            row['kind'] = rng.choice(['flat'] * 6 + ['shop', 'bay', ''])
            row['area'] = rng.choice(['89.50', '89.50', '100', '118.2', '12.72', '33.333333', '0'])
            row['lift'] = rng.choice(['1', '1', '1', '0.6', '0.8', '0', '0.333333'])
            row['系数'] = rng.choice(['1', '1', '1.5', '0', '0.25'])
        return row

    def unit_rows(self, unit):
        row, dice = self.attributes(unit), self.rng.random()
        if dice < 0.55:
            return [dict(row)]
        a = self.day()
        if dice < 0.65:
            return [dict(row, **{'from': a})]
        if dice < 0.75:
            return [dict(row, to=a)]
        second = dict(row, **{'from': a + self.rng.choice([0, 0, 1, 9, 40])})
        change = self.rng.choice(['area', 'lift', 'kind', '系数', 'building'])
        second[change] = self.attributes(unit)[change]
        explicit = second['from'] > a or self.chance(0.5)
        return [dict(row, to=a - 1 if explicit else None), second]

    def make_parties(self):
        """EDGES: sales and tenants in mid-month, gaps, nobody, empty ids, one party in two roles and in many units."""
        rows, known = [], {r['unit'] for r in self.book.known('units').values()}
        for unit in self.units:
            new = self.owner_rows(unit) + self.tenant_rows(unit)
            (rows if unit in known else self.late_units).extend(new)
        self.load('parties', rows)
        self.parties = sorted({r['party'] for r in rows if r.get('party')})

    def party(self):
        if self.chance(0.15):
            return self.rng.choice(ODD_PARTIES)
        return 'P%02d' % self.rng.randint(1, 40)

    def person(self, unit, role, first, last):
        self.people += 1
        return {'unit': unit, 'role': role, 'party': '' if self.chance(0.08) else self.party(),
                'name': self.owed.choice(['某%d', '=%d', 'N. "%d"', "'%d"]) % self.people,
                'contact': self.owed.choice(['', '-1', '13900001234']),
                'from': first, 'to': last}

    def owner_rows(self, unit):
        dice, a = self.rng.random(), self.day()
        gap = self.rng.choice([0, 0, 3, 20]) if self.spec.unsold else 0
        if dice < 0.12 and self.spec.unsold:
            return []
        if dice < 0.7:
            return [self.person(unit, 'owner', self.rng.choice([None, fm.first_day(self.start - 9)]), None)]
        return [self.person(unit, 'owner', None, a - 1 if gap or self.chance(0.5) else None),
                self.person(unit, 'owner', a + gap, None)]

    def tenant_rows(self, unit):
        if self.chance(0.6) and unit != self.busy:
            return []
        a = self.day(self.start - 1)
        b = a + self.rng.choice([0, 5, 20, 45])
        rows = [self.person(unit, 'occupant', a, b if self.chance(0.7) else None)]
        if self.chance(0.4):
            rows.append(self.person(unit, 'occupant', b + self.rng.choice([1, 1, 4]), None))
        return rows

    def late_people(self):
        """What the office learns later: units and parties that were left out, new areas, a move not known before."""
        rows, self.late_units = self.late_units, []
        self.load('units', [r for r in rows if 'role' not in r])
        self.load('parties', [r for r in rows if 'role' in r])
        unit = self.rng.choice(self.units)
        known = [r for r in self.book.known('units').values() if r['unit'] == unit]
        if known and self.chance(0.4) and unit not in self.base_units:
            r = self.rng.choice(known)
            self.load('units', [{'unit': unit, 'from': r['from'], 'area': self.attributes(unit)['area']}],
                      ['unit', 'from', 'area'], amend=True)
        if self.chance(0.4):
            self.load('parties', [self.person(unit, 'occupant', self.day(), None)])
        people = list(self.book.known('parties').values())
        if self.chance(0.3) and people:
            r = self.rng.choice(people)
            columns = list(fm.KINDS['parties'][0]) + ['name', 'party']
            self.load('parties', [dict({c: r[c] for c in columns}, party=self.party())], columns, amend=True)

    # -- quantities

    def base_quantities(self, drivers):
        """The rows that keep W above 0, whatever else comes or goes."""
        rows, done = [], self.book.known('quantities')
        for d in drivers:
            targets = self.base_units if d in ('meter', 'trips', 'share') else []
            targets = targets + ([BASE] if d not in ('meter', 'share', 'for-l1', 'for-l2') else [])
            for target in targets:
                rows += self.flow_rows(d, target, True) if self.spec.drivers.get(d) == 'flow' else [
                    self.quantity(d, target, self.rng.choice([5, 10]) * fm.MICRO, None, None)]
        return [r for r in rows if (r['driver'], r['target'], r['from']) not in done]

    @staticmethod
    def quantity(driver, target, quantity, first, last):
        return {'driver': driver, 'target': target, 'quantity': quantity, 'from': first, 'to': last}

    def amount_of(self):
        part = self.rng.choice([0, 0, 0, 500000, 333333, 1])
        return self.rng.choice([0, 1, 1, 2, 3, 3, 10, 100, 7040]) * fm.MICRO + part

    def flow_rows(self, driver, target, steady):
        """EDGES: rows that span months, end in mid-month, leave gaps."""
        rows, day, last = [], fm.first_day(self.start) - self.rng.choice([0, 10]), fm.last_day(self.end)
        while day <= last:
            end = fm.last_day(fm.month_of(day)) + self.rng.choice([0, 0, 0, -8, 10, 45])
            end = max(day, end)
            rows.append(self.quantity(driver, target, self.amount_of() + (5 * fm.MICRO if steady else 0), day, end))
            day = end + 1 + (0 if steady else self.rng.choice([0, 0, 0, 12]))
        return rows

    def level_rows(self, driver, target):
        """EDGES: a change in mid-month, a `to` that leaves a gap."""
        rows, day = [], None
        for _ in range(self.rng.choice([1, 1, 2, 3])):
            low = fm.first_day(self.start) - 20 if day is None else day + 1
            end = low + self.rng.randint(5, 60)
            rows.append(self.quantity(driver, target, self.amount_of(), day, end if self.chance(0.5) else None))
            day = end + self.rng.choice([1, 1, 10])
        return rows

    def make_quantities(self):
        """Those that hold from the start, and those that come with a month (self.late_quantities)."""
        drivers = set(self.spec.centre_drivers()) | {'meter', 'trips', 'share'}
        self.load('quantities', self.base_quantities(sorted(drivers)))
        rows = []
        for d in sorted(drivers):
            if d in ('for-l1', 'for-l2'):
                rows.append(self.quantity(d, 'l2' if d == 'for-l1' else 'l1', fm.MICRO, None, None))
                continue
            targets = list(self.first_centres) if d not in ('meter', 'share') else []
            targets = targets + (self.units if d in ('meter', 'trips', 'share') else [])
            for target in targets:
                steady = target in self.base_units or target == BASE
                if not steady and self.chance(0.6):
                    rows += (self.flow_rows(d, target, False) if self.spec.drivers.get(d) == 'flow'
                             else self.level_rows(d, target))
            if d.startswith('for-s') and self.chance(0.4):      # EDGES: equal shares for the tie among centres
                rows = [r for r in rows if r['driver'] != d] + [
                    self.quantity(d, c, 10 * fm.MICRO, None, None) for c in self.first_centres if c != BASE]
        self.late_quantities = [r for r in rows if self.chance(0.3) or r['target'] in
                                {x['unit'] for x in self.late_units}]
        self.load('quantities', [r for r in rows if r not in self.late_quantities])

    def month_quantities(self):
        now = [r for r in self.late_quantities if self.chance(0.5)]
        self.late_quantities = [r for r in self.late_quantities if r not in now]
        for part in (now, [r for r in now if self.chance(0.5)]):
            if self.load('quantities', part):
                break
        known = [r for r in self.book.known('quantities').values()
                 if r['target'] not in self.base_units + [BASE] and r['driver'] != 'units-of-output']
        if known and self.chance(0.3):
            r = self.rng.choice(known)
            self.load('quantities', [dict(r, quantity=self.amount_of())], amend=True)

    # -- costs

    def amount(self):
        """EDGES: one fen, nothing, credits, very large."""
        rng = self.rng
        dice = rng.random()
        if dice < 0.08:
            return rng.choice([1, 2, -1, 0])
        if dice < 0.22:
            return -rng.randint(1, 300000)
        if dice < 0.24:
            return rng.randint(10 ** 11, 10 ** 13)
        return rng.choice([rng.randint(1, 99), rng.randint(100, 1000000), rng.randint(1, 999) * 10 ** self.decimals])

    def span(self, month):
        """EDGES: blank, month, quarter, year, days across months, prepaid, before the book."""
        rng, first, last = self.rng, fm.first_day, fm.last_day
        kind = rng.choice(['blank', 'blank', 'month', 'quarter', 'year', 'days', 'across', 'late', 'prepaid', 'before',
                           'half'])
        if kind == 'blank':
            return None, None
        if kind == 'days':
            a = self.day(month, month)
            return a, a + rng.randint(0, 12)
        if kind == 'across':
            a = self.day(month - 1, month)
            return a, a + rng.randint(5, 120)
        if kind == 'half':
            return rng.choice([(self.day(month, month), None), (None, self.day(month, month))])
        months = {'month': (month, month), 'quarter': (month, month + 2), 'year': (month, month + 11),
                  'late': (rng.randint(self.start, month),) * 2, 'prepaid': (month + 1, month + 3),
                  'before': (self.start - 2, self.start + 1)}[kind]
        return first(months[0]), last(months[1])

    def cost(self, month):
        rng = self.rng
        a, b = self.span(month)
        return {'doc': self.next(rng.choice(['V', 'V', '=V', '凭', 'v'])), 'line': '', 'date': self.day(month, month),
                'category': rng.choice(self.spec.routable()), 'amount': self.amount(), 'from': a, 'to': b,
                'centre': rng.choice(self.first_centres) if self.chance(0.35) else '',
                'spread': rng.choice(['', '', '', 'days', 'months']), 'supplier': self.next('S'), 'memo': ''}

    def make_costs(self, month):
        rows = [self.cost(month) for _ in range(self.rng.randint(1, 12))]
        if self.chance(0.3):        # a document of several lines
            rows += [dict(self.cost(month), doc=rows[0]['doc'], line=n) for n in ('1', '10', '2')]
        if self.chance(0.3):        # a pool of 0.00
            r = self.cost(month)
            rows += [r, dict(r, doc=self.next('N'), amount=-r['amount'])]
        if self.chance(0.3) and month > self.start:     # late
            r = self.cost(self.rng.randint(self.start, month - 1))
            rows.append(r)
        for r in rows:              # an invoice that comes after the service
            if r['from'] is not None and r['to'] is not None and r['amount'] % 4 == 0:
                r['date'] += 40
        columns = None if self.chance(0.7) else [c for c in rows[0] if c not in ('supplier', 'memo')]
        self.load('costs', rows, columns)

    def amend_costs(self):
        """EDGES: another amount, target, span or category for a posted record; columns that the file lacks."""
        known = list(self.book.known('costs').values())
        if not known:
            return
        rows, rng = [], self.rng
        for r in rng.sample(known, min(len(known), rng.randint(1, 3))):
            new = dict(r)
            for column in rng.sample(['amount', 'centre', 'category', 'from', 'spread', 'date'], rng.randint(1, 2)):
                other = self.cost(fm.month_of(r['date']))
                new[column] = other[column]
                if column == 'from':
                    new['to'] = other['to']
            rows.append(new)
        columns = None
        if self.chance(0.4):
            columns = ['doc', 'line', 'date', 'category', 'amount']
        self.load('costs', rows, columns, amend=True)

    # -- assets

    def make_assets(self):
        """EDGES: every method, before and in the book's time, disposal, an opening of its own."""
        rows = []
        for _ in range(self.rng.randint(0, 4)):
            rows.append(self.asset())
        self.load('assets', rows)
        for r in list(self.book.known('assets').values()):
            if r['method'] == 'units-of-output':
                self.load('quantities', self.flow_rows('units-of-output', r['asset'], False))

    def asset(self):
        rng = self.rng
        cost = rng.randint(1, 9000000)
        method = rng.choice(['', 'straight-line', 'sum-of-years', 'double-declining', 'units-of-output'])
        service = self.day(self.start - rng.choice([1, 6, 24, 36, 70]), self.end)
        row = {'asset': self.next(rng.choice(['FA', '=FA', '资'])), 'name': 'x', 'cost': cost, 'method': method,
               'residual': rng.choice([0, cost // 20, cost // 3, cost // 2, cost]), 'in_service': service,
               'life': str(12 * rng.choice([1, 2, 3, 5])) if method not in ('', 'straight-line') else
               str(rng.choice([1, 2, 7, 12, 36, 60])), 'disposed': None, 'opening': None, 'units': None,
               'centre': rng.choice(self.first_centres)}
        if 'depreciation' in self.spec.routable() and self.chance(0.5):
            row['centre'] = ''
        if self.chance(0.2):
            row['disposed'] = max(service, self.day(self.start - 1))
        if method == 'units-of-output':
            row.update(units=rng.choice([100, 1000, 20000]) * fm.MICRO, life='')
        elif self.chance(0.5) and fm.month_of(service) < self.start:
            full = fm.complete('assets', dict(row))
            row['opening'] = fm.own_sum(self.book, full, self.start - 1)
            if method in ('', 'straight-line') and self.chance(0.7):
                row['opening'] = rng.randint(0, cost - row['residual'])
        return row

    def amend_asset(self):
        known = list(self.book.known('assets').values())
        if known:
            r = self.rng.choice(known)
            self.load('assets', [dict(r, disposed=max(r['in_service'], self.day()))], amend=True)

    # -- receipts and adjustments

    def bills(self):
        return [b for r in self.book.runs for b in r['bills']]

    def receipt(self, unit, amount, day, **more):
        return dict({'receipt': self.next(self.rng.choice(['R', 'R', 'R', '=R', '收'])), 'date': day, 'unit': unit,
                     'amount': amount, 'party': '', 'bill': '', 'reverses': '', 'memo': ''}, **more)

    def make_receipts(self):
        """EDGES: named bills, also not issued yet; in parts, too much, twice, refunded, bounced, before any bill."""
        rng, rows = self.rng, []
        bills = self.bills()
        for b in rng.sample(bills, min(len(bills), rng.randint(0, 12))):
            day = b['issue'] + rng.choice([0, 5, 5, 20, 40, -3])
            total = b['total']
            amount = max(1, rng.choice([total, total, total // 2, total + 100, total * 3, 5000]))
            more = {'party': rng.choice(['', b['party']]), 'bill': rng.choice(['', '', b['bill']]),
                    'memo': rng.choice(['', '', '=memo', '一次缴清', 'a\nb', 'x, "y"'])}
            rows.append(self.receipt(b['unit'], amount, day, **more))
        for _ in range(rng.choice([0, 0, 1, 2])):
            unit = rng.choice(self.known_units())
            rows.append(self.receipt(unit, rng.randint(1, 90000), self.day(self.start - 1)))
            if self.chance(0.5):
                rows.append(self.receipt(unit, -rng.randint(1, 9000), self.day(self.start)))
        rows += self.reversals(rows)
        self.load('receipts', rows)

    def busy_unit(self):
        """EDGES: one unit where prepayments, refunds and bounced receipts meet, with equal due days."""
        rng, bills = self.rng, [b for b in self.bills() if b['unit'] == self.busy]
        if not bills:
            return
        receipts, notes = [], []
        for _ in range(rng.randint(1, 6)):
            b = rng.choice(bills)
            day = b['issue'] + rng.choice([-40, -9, 0, 0, 7, 20, 45])
            part = max(1, abs(b['total']) // rng.choice([1, 1, 2, 3]))
            more = {'party': rng.choice(['', b['party'], b['party']]), 'bill': rng.choice(['', '', '', b['bill']])}
            if self.chance(0.7):
                receipts.append(self.receipt(self.busy, rng.choice([part, part, 2 * part, -part]), day, **more))
            else:
                amount = rng.choice([part, part, -part])
                notes.append({'adjustment': self.next(rng.choice(['0A', 'A'])), 'date': day, 'unit': self.busy,
                              'party': rng.choice(bills)['party'],
                              'kind': 'opening', 'amount': amount, 'due': b['due'] if amount > 0 else None, 'bill': '',
                              'reason': '因'})
        old = [r for r in self.book.known('receipts').values() if r['unit'] == self.busy]
        done = {r['reverses'] for r in old}
        for r in [r for r in old if r['receipt'] not in done and not r['reverses'] and self.chance(0.3)]:
            day = max(r['date'], bills[-1]['issue']) + rng.choice([0, 9])
            receipts.append(self.receipt(self.busy, -r['amount'], day, reverses=r['receipt']))
        self.load('receipts', receipts)
        self.load('adjustments', notes)

    def known_units(self):
        return sorted({r['unit'] for r in self.book.known('units').values()})

    def reversals(self, new):
        old = list(self.book.known('receipts').values())
        done = {r['reverses'] for r in old}
        free = [r for r in old + new if r['receipt'] not in done and not r['reverses']]
        picked = self.rng.sample(free, min(len(free), self.rng.choice([0, 0, 1, 2])))
        return [self.receipt(r['unit'], -r['amount'], r['date'] + self.rng.choice([0, 0, 1, 9, 30]),
                             reverses=r['receipt']) for r in picked]

    def make_adjustments(self):
        """EDGES: openings of both signs, waivers that name a bill, transfers, write-offs of another adjustment."""
        rng, rows, bills = self.rng, [], self.bills()
        for _ in range(rng.randint(0, 4)):
            b = rng.choice(bills) if bills and self.chance(0.7) else {
                'unit': rng.choice(self.known_units()), 'party': rng.choice(self.parties or ['P01']), 'bill': '',
                'issue': self.day()}
            kind = rng.choice(['opening', 'charge', 'waiver', 'correction', 'transfer', 'write-off'])
            amount = rng.randint(1, 60000) * (-1 if kind in ('waiver', 'write-off') or self.chance(0.3) else 1)
            day = b['issue'] + rng.choice([-20, 0, 3, 30])
            row = {'adjustment': self.next('A'), 'date': day, 'unit': b['unit'], 'party': b['party'], 'kind': kind,
                   'amount': amount,
                   'due': day + rng.choice([-60, 0, 15]) if amount > 0 and self.chance(0.6) else None,
                   'bill': b['bill'] if amount < 0 and self.chance(0.5) else '', 'reason': '因', 'approved_by': '某'}
            rows.append(row)
            if kind == 'transfer':
                rows.append(dict(row, adjustment=self.next('A'), amount=-amount, due=None, bill='',
                                 unit=rng.choice(self.known_units())))
            if amount > 0 and self.chance(0.3):
                rows.append(dict(row, adjustment=self.next('A'), kind='waiver', amount=-amount // 2, due=None,
                                 bill=row['adjustment']))
        self.load('adjustments', rows)

    def ledgers(self, n):
        for _ in range(n):
            day = fm.show_date(self.day(self.start - 1, self.end + 5))
            if 'ledger ' + day not in self.steps:
                self.step('ledger ' + day)
                self.step('balances ' + day)

    # -- retractions and what is wrong on purpose

    def retract(self):
        kinds = ['costs'] * 4 + ['quantities', 'units', 'parties', 'policy', 'receipts']
        kind = self.rng.choice(kinds)
        numbers = [n for n, b in self.book.batches.items() if b['kind'] == kind and not b['retracted'] and n > 1]
        if numbers and (kind not in ('units', 'parties', 'quantities') or len(numbers) > 2):
            number = numbers[-1] if self.chance(0.7) else self.rng.choice(numbers)
            self.step('retract %d wrong file' % number)

    def import_again(self):
        """Already imported, or back again after its retraction."""
        imports = [s for s in self.steps if s.startswith('import')]
        self.step(self.rng.choice(imports[-6:]))

    def break_and_mend(self, month):
        """A batch that makes the run stop; the run; the batch's retraction."""
        run = 'run ' + fm.show_period(month)
        if not self.rng.choice([self.break_route, self.break_attribute, self.break_flow, self.break_owner])(month):
            return
        self.step(run, keep_refused=True)
        if not self.book.runs or self.book.runs[-1]['period'] != month:     # else it did no harm here
            self.step('retract %d mended' % self.book.sequence)

    def break_route(self, month):
        """Money that has nowhere to go: no driver, an empty scope, support centres that serve only each other."""
        bad = dict(self.cost(month), centre='', amount=100, **{'from': None, 'to': None})
        lost = [c for c in fm.BUILT_IN if c not in self.spec.routable()]
        traps = [c for c in ('nowhere', 'l1') if c in self.spec.centres]
        if traps and self.chance(0.7):
            bad['centre'] = self.rng.choice(traps)
        elif lost:
            bad['category'] = self.rng.choice(lost)
        return self.load('costs', [bad])

    def break_attribute(self, month):
        bad = {'unit': self.rng.choice(self.base_units)}
        bad.update(dict.fromkeys(['area', 'lift', '系数'], self.rng.choice(['', '-1'])))
        return self.load('units', [bad], list(bad), amend=True)

    def break_flow(self, month):
        unit = self.rng.choice(self.base_units)
        flows = [r for r in self.book.known('quantities').values() if r['target'] == unit]
        return self.load('quantities', [dict(r, quantity=-10 ** 6 * fm.MICRO) for r in flows], amend=True)

    def break_owner(self, month):
        """A new flat without an owner row: no harm where the policy has an `unsold` party."""
        return self.load('units', [dict(self.attributes('nobody', True), unit='nobody')])

    def refused_import(self):
        """Files that must be refused whole."""
        kind = self.rng.choice(['known', 'unit', 'overlap', 'reversal'])
        if kind == 'known' and self.book.known('costs'):
            r = self.rng.choice(list(self.book.known('costs').values()))
            self.load('costs', [dict(r, amount=r['amount'] + 1), self.cost(self.start)], keep_refused=True)
        elif kind == 'unit':
            self.load('parties', [self.person('no-such-unit', 'owner', None, None)], keep_refused=True)
        elif kind == 'overlap':
            row = self.person(self.units[0], 'occupant', fm.first_day(self.start), fm.last_day(self.end))
            self.load('parties', [dict(row, **{'from': row['from'] + i}) for i in (0, 3)], keep_refused=True)
        elif self.book.known('receipts'):
            r = self.rng.choice(list(self.book.known('receipts').values()))
            self.load('receipts', [self.receipt(r['unit'], -r['amount'] - 1, r['date'], reverses=r['receipt'])],
                      keep_refused=True)

    # -- the whole book

    def make(self):
        self.make_policy()
        self.make_units()
        self.make_parties()
        self.make_quantities()
        self.make_assets()
        self.make_adjustments()
        for month in range(self.start, self.end + 1):
            self.make_month(month)
            if self.failed:
                break
        self.ledgers(3)
        if self.book.runs and self.chance(0.5):     # once more: already posted
            self.step('run ' + fm.show_period(self.book.runs[-1]['period']))
        for run in self.book.runs:
            self.step('now ' + fm.show_period(run['period']))
        self.owe()
        self.write('STEPS', '\n'.join(self.steps) + '\n')
        return not self.failed

    def late_area(self):
        """EDGES: what a unit weighs is known better later; a unit leaves the register for good, or an owner was another all along."""
        kind = self.later.choice(['area', 'area', 'lift', 'owner', 'level'])
        if kind in ('area', 'lift'):
            rows = [r for r in self.book.known('units').values() if r['unit'] in self.base_units and kind in r]
            if rows:
                row = self.later.choice(rows)
                self.load('units', [dict(row, **{kind: str(self.later.randint(1, 200))})], list(row), amend=True)
        else:
            kind, column = ('parties', 'party') if kind == 'owner' else ('quantities', 'quantity')
            rows = list(self.book.known(kind).values())
            if rows:
                row = self.later.choice(rows)
                new = 'later' if kind == 'parties' else row['quantity'] + 1000000
                self.load(kind, [dict(row, **{column: new})], amend=True)

    def withdraw(self, month):
        """EDGES: twice; a month before the last; one whose bill a receipt names; new costs, or none, before it runs again."""
        period, bills = fm.show_period(month), self.book.runs[-1]['bills']
        if self.later.random() < 0.2:
            self.step('withdraw %s not the last' % fm.show_period(month - 1), keep_refused=True)
        if bills and self.later.random() < 0.3:
            b = self.later.choice(bills)
            self.load('receipts', [self.receipt(b['unit'], 100, b['issue'], bill=b['bill'])])
        done = self.step('withdraw %s wrong, again' % period, keep_refused=True)
        if self.later.random() < 0.3:
            self.step('withdraw %s twice' % period, keep_refused=True)
        if self.later.random() < 0.6:
            self.make_costs(month)
        if done and self.later.random() < 0.3 and len(self.book.runs) > 0:
            self.step('withdraw %s also' % fm.show_period(month - 1), keep_refused=True)
            if self.book.runs[-1:] == [] or self.book.runs[-1]['period'] < month - 1:
                self.step('run ' + fm.show_period(month - 1), keep_refused=True)
        self.failed = not self.step('run ' + period, keep_refused=True)

    def make_month(self, month):
        if self.chance(0.92):       # or nothing new this month
            self.make_costs(month)
        for p, work in ((0.6, self.month_quantities), (0.3, self.late_people), (0.25, self.change_policy),
                        (0.35, self.amend_costs), (0.2, self.retract), (0.15, self.amend_asset),
                        (0.15, self.refused_import), (0.15, self.import_again),
                        (0.2, lambda: self.break_and_mend(month))):
            if self.chance(p):
                work()
        period = fm.show_period(month)
        earlier = [fm.show_period(r['period']) for r in self.book.runs]
        if earlier and self.later.random() < 0.7:
            self.late_area()
        if earlier and self.later.random() < 0.3:
            self.step('now ' + self.later.choice(earlier))
        if self.later.random() < 0.05:
            self.step('run %s --restate %s' % (period, period), keep_refused=True)
        restate = ''.join(' --restate ' + p for p in earlier if self.later.random() < 0.5)
        if self.chance(0.05):       # a month after a gap
            self.step('run ' + fm.show_period(month + 1), keep_refused=True)
        if month not in [r['period'] for r in self.book.runs]:
            self.failed = not self.step('run ' + period + restate, keep_refused=True)
        if not self.failed and self.later.random() < 0.15:
            self.withdraw(month)
        self.make_receipts()
        if self.busy:
            self.busy_unit()
        if self.chance(0.4):
            self.make_adjustments()
        self.ledgers(self.rng.choice([0, 0, 1]))


def generate(seed, folder):
    """Tries until a book runs through; every 16th seed keeps its first try. Returns its steps, with what the model shows."""
    for attempt in range(40):
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        owed = random.Random('owed %d/%d' % (seed, attempt))
        book = Generator(random.Random('%d/%d' % (seed, attempt)), folder, owed)
        if book.make() or seed % 16 == 0:
            break
    return book.shown


if __name__ == '__main__':
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    generate(int(sys.argv[1]), sys.argv[2])
