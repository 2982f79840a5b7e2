#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What happens to a community, month by month: the part of life.py that thinks it up.

It goes on from genbook.py (and genremind.py), which make short books aimed at the edges of the rules: the same makers, over
years, with the events of an office between them. Each event is a step: life.py plays it on model and tools.
"""
import collections
import os
import random
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import feemodel as fm
import genbook


class Living(genbook.Generator):
    SIZE = (5, 15)

    def __init__(self, seed, folder, months, clock):
        super().__init__(random.Random('life %d' % seed), folder, random.Random('owed in life %d' % seed))
        self.start = fm.parse_period(self.rng.choice(['2019-12', '2021-12', '2022-03', '2022-11', '2023-01', '2023-07']))
        self.months, self.clock = months, clock
        self.end = self.last = self.start + months - 1
        self.unpaid, self.unread, self.lost, self.over = [], [], [], False
        self.today = fm.first_day(self.start)
        self.own_files, self.own_years, self.seen_bills, self.pending = 0, [], set(), collections.defaultdict(list)

    def live(self):
        self.make_policy()
        for make in (self.make_units, self.make_parties, self.make_quantities, self.make_assets, self.make_adjustments):
            make()
        self.find_metered()
        for month in range(self.start, self.last + 1):
            self.live_month(month)
            if self.over:
                break
        if not self.over and self.next_month() <= self.last:
            self.bill_missing(self.last)

    def next_month(self):
        """The month that has its turn to be billed."""
        return self.book.runs[-1]['period'] + 1 if self.book.runs else self.start

    def live_month(self, month):
        self.end = month + 1        # what comes now is about days up to now
        self.today = fm.last_day(month) + self.rng.randint(1, 6)
        events = [(0.9, self.bring_costs), (0.9, self.read_meters), (0.3, self.move), (0.15, self.move_out),
                  (0.2, lambda m: self.late_people()), (0.15, lambda m: self.late_area()), (0.12, self.new_area),
                  (0.25, lambda m: self.amend_costs()), (0.1, lambda m: self.retract()), (0.1, self.new_policy),
                  (0.05, lambda m: self.amend_asset()), (0.08, lambda m: self.buy_asset()), (0.1, lambda m: self.refused_import()),
                  (0.15, lambda m: self.import_again()), (0.25, self.new_level), (0.3, self.common_income), (0.6, self.make_budget)]
        self.rng.shuffle(events)
        for p, event in events:
            if self.chance(p) and not self.over:
                event(month)
        if not self.over:
            self.bill(month)
        if not self.over and self.book.runs:
            self.collect(month)

    # -- units and people

    def make_units(self):
        """As of genbook, but fewer, and most are there all along."""
        self.units = ['%d-%02d0%d' % (1 + i % 2, 1 + i // 4, 1 + i % 4) for i in range(self.rng.randint(*self.SIZE))]
        odd = self.rng.sample(genbook.ODD_UNITS, min(4, len(self.units) - 2)) if self.chance(0.4) else []
        self.units[len(self.units) - len(odd):] = odd
        self.base_units = self.units[:2]
        self.busy = self.rng.choice(self.base_units)
        rows = [r for u in self.units for r in ([self.attributes(u, True)] if u in self.base_units or self.chance(0.5)
                                                else self.unit_rows(u))]
        assert self.load('units', rows)
        self.late_units = []

    def move(self, month):
        """EDGES: known only months later, tenants and owners, on the first and last day, over one who is still there."""
        unit, role = self.rng.choice(self.units), self.rng.choice(['occupant', 'occupant', 'owner'])
        month = month if self.chance(0.7) else self.rng.randint(self.start, month)
        day = self.rng.choice([fm.first_day(month), fm.last_day(month), self.day(month, month), self.day(month, month)])
        last = day + self.rng.randint(0, 400) if role == 'occupant' and self.chance(0.3) else None
        self.load('parties', [self.person(unit, role, day, last)])

    def move_out(self, month):
        rows = [r for r in self.book.known('parties').values() if r['role'] == 'occupant' and r['to'] is None]
        if rows:
            r = self.rng.choice(rows)
            day = max(self.day(month, month), r['from'] or 0)
            self.load('parties', [{'unit': r['unit'], 'role': 'occupant', 'from': r['from'], 'name': r['name'], 'to': day}],
                      ['unit', 'role', 'from', 'name', 'to'], amend=True)

    def new_area(self, month):
        """Measured anew, from a day on."""
        unit = self.rng.choice(self.units)
        rows = [r for r in self.book.known('units').values() if r['unit'] == unit and r['to'] is None]
        if rows:
            day = self.day(month, month)
            row = dict(max(rows, key=lambda r: r['from'] or 0), **{'from': day})
            row[self.rng.choice(['area', 'lift', '系数'])] = self.rng.choice(['88.8', '120', '1', '0', '0.75'])
            self.load('units', [row], list(row))

    # -- meters

    def find_metered(self):
        """Units whose water is read by the month."""
        known = {r['target'] for r in list(self.book.known('quantities').values()) + self.late_quantities
                 if r['driver'] == 'meter'}
        self.metered = [u for u in self.units if u not in known]

    def read_meters(self, month):
        """EDGES: a meter swapped in mid-month, a reading that comes later, one that was wrong."""
        rows, first, last = [], fm.first_day(month), fm.last_day(month)
        for unit in self.metered:
            dice, used = self.rng.random(), self.rng.choice([0, 4, 11, 7.5])
            if dice < 0.08:
                day = self.day(month, month)
                spans = [(first, day - 1), (day, last)] if first < day else [(first, last)]
            else:
                spans = [(first, last)]
            read = [self.quantity('meter', unit, int(used * fm.MICRO) + i, a, b) for i, (a, b) in enumerate(spans)]
            (self.unread if 0.08 <= dice < 0.14 else rows).extend(read)
        if self.unread and self.chance(0.4):
            rows, self.unread = rows + self.unread, []
        self.load('quantities', rows)
        read = [r for r in self.book.known('quantities').values() if r['target'] in self.metered and r['driver'] == 'meter']
        if read and self.chance(0.15):
            self.load('quantities', [dict(self.rng.choice(read), quantity=self.amount_of())], amend=True)
        if self.chance(0.3):
            self.month_quantities()

    def new_level(self, month):
        """EDGES: a level that ends in a month, that holds on, that comes before one that is known."""
        levels = sorted(d for d in set(self.spec.centre_drivers()) | {'share'} if self.spec.drivers.get(d, 'level') == 'level')
        if levels:
            driver = self.rng.choice(levels)
            some = self.units[2:] if driver == 'share' else [c for c in self.first_centres if c != genbook.BASE]
            for target in self.rng.sample(some, min(len(some), 1)):
                day = self.day(month, month) if self.chance(0.7) else self.day(self.start, month)
                last = day + self.rng.randint(0, 70) if self.chance(0.6) else None
                self.load('quantities', [self.quantity(driver, target, self.amount_of(), day, last)])

    # -- costs, policy, the rest

    def bring_costs(self, month):
        if self.chance(0.1):
            return self.make_costs(month)
        rows = [self.cost(month) for _ in range(self.rng.randint(1, 4))]
        if self.chance(0.2) and month > self.start:         # late
            rows.append(self.cost(self.rng.randint(self.start, month - 1)))
        self.load('costs', rows)

    def ahead(self, make):
        """Rows that must go on to the end of the life."""
        self.end = self.last
        make()
        self.end = min(self.last, fm.month_of(self.today))

    def new_policy(self, month):
        self.ahead(self.change_policy)

    def buy_asset(self):
        self.load('assets', [dict(self.asset(), opening=None)])

    def raw(self, name, header, rows):
        self.write(name, '\n'.join([header] + [','.join(map(str, r)) for r in rows]) + '\n')

    def income_file(self, prefix, rng):
        """Income of common areas, as the model knows it by its batch only."""
        self.own_files += 1
        name = '%s-%d.csv' % (prefix, self.own_files)
        self.raw(name, 'doc,date,kind,amount', [[
            '%s%d-%d' % (prefix, self.own_files, i), fm.show_date(self.today), rng.choice(['advertising', 'parking', 'rent', 'other']),
            rng.randint(1, 9000)] for i in range(rng.randint(1, 3))])
        return name

    def common_income(self, month):
        self.step('import income ' + self.income_file('income', self.rng))

    def make_budget(self, month):
        year = month // 12
        if year not in self.own_years:
            self.own_years.append(year)
            self.raw('budgets-%d.csv' % year, 'period,category,centre,amount', [[year, c, '', self.rng.randint(0, 9000)]
                                                                                for c in list(self.spec.categories)[:3]])
            self.step('import budgets budgets-%d.csv' % year)

    # -- billing

    def bill(self, month):
        """EDGES: a run that stops and is mended, late, with other months anew, taken back; a cron that slept for a month or two."""
        rng = self.rng
        if self.next_month() < month or (month < self.last and self.chance(0.08)):
            if month == self.last or month - self.next_month() >= 2 or self.chance(0.4):
                self.bill_missing(month)
            return
        if self.chance(0.06):
            self.break_and_mend(month)
        if self.next_month() > month:
            return
        if self.chance(0.04):       # a month after a gap
            self.step('run ' + fm.show_period(month + 1), keep_refused=True)
        if self.clock and self.chance(0.2):
            return self.bill_missing(month)
        earlier = [fm.show_period(r['period']) for r in self.book.runs]
        text = 'run ' + fm.show_period(month)
        if earlier and self.chance(0.25):
            text += ''.join(' --restate ' + p for p in sorted(rng.sample(earlier, min(len(earlier), rng.choice([1, 1, 2, 6])))))
        if self.chance(0.08):
            text += ' --issue-date ' + fm.show_date(fm.first_day(month + 1) + rng.choice([0, 0, 3, 12, -1]))
        self.run_or_mend(text, month)
        if not self.over and self.next_month() == month + 1 and self.chance(0.07):
            self.withdraw(month)
            self.failed = False
            if self.next_month() <= month and not self.over:
                self.bill_missing(month)

    def bill_missing(self, month):
        """All that is missing: by cron, which knows the day, or by hand."""
        text = 'catch-up ' + fm.show_period(month)
        if self.clock and self.chance(0.6):
            text = 'cron ' + fm.show_date(fm.last_day(month) + self.rng.choice([1, 1, 5, 20]))
        self.run_or_mend(text, month)

    def run_or_mend(self, text, month):
        """A run that is refused is mended by taking back what came since the last one, the latest first."""
        for _ in range(30):
            self.step(text, keep_refused=True)
            if self.next_month() > month:
                return
            text = 'run ' + fm.show_period(month) if self.next_month() == month else 'catch-up ' + fm.show_period(month)
            numbers = [n for n, b in self.book.batches.items() if not b['retracted'] and n > 5]
            if not any(self.step('retract %d to mend' % n, keep_refused=True) for n in reversed(numbers[-12:])):
                break
        self.over = True

    # -- money comes in, or does not

    def collect(self, month):
        self.days = sorted({self.today + d for d in (0, self.rng.randint(1, 12), self.rng.randint(13, 40))})
        if self.clock and self.chance(0.1):     # cron once more, mostly for nothing
            self.step('cron ' + fm.show_date(self.today), keep_refused=True)
        self.pay()
        for p, event in ((0.15, self.make_receipts), (0.2, self.busy_unit), (0.15, self.make_adjustments), (0.3, self.claim),
                         (0.6, self.press_on), (0.2, self.think_again)):
            if self.chance(p):
                event()
        if self.chance(0.5):
            self.step('record %s%s' % (fm.show_date(self.rng.choice(self.days)), self.rng.choice(['', ' approved'])))

    def pay(self):
        """EDGES: by reference without a unit, by bill, by unit, in parts, too much; late; of a unit that nobody knows yet."""
        new = [b for b in self.book.runs[-1]['bills'] if b['total'] > 0 and b['bill'] not in self.seen_bills]
        self.seen_bills |= {b['bill'] for b in new}
        standing = {b['bill']: b for b in self.bills()}
        rows, left = [], []
        for b in [standing[n] for n in self.unpaid if n in standing] + new:
            if not self.chance(0.5):
                left.append(b['bill'])
                continue
            amount = b['total'] if self.chance(0.85) else max(1, self.rng.choice([b['total'] // 2, b['total'] + 100, 1]))
            day = max(b['issue'], self.today) + self.rng.randint(0, 20)
            how = self.rng.choice([{}, {}, {'party': b['party']}, {'bill': b['bill']}, {'bill': self.reference(b), 'unit': ''},
                                   {'bill': b['bill'], 'unit': ''}, {'unit': '?'}])
            if how.get('unit') == '?' and not self.chance(0.3):
                how = {}
            rows.append(dict(self.receipt(b['unit'], amount, day), **how))
            if 'unit' in how and how['unit'] == '?':
                self.lost.append((rows[-1]['receipt'], b))
        self.unpaid = left[-20:]
        rows += self.reversals([]) if self.chance(0.3) else []
        if rows and all(r['unit'] == '' for r in rows) and self.chance(0.5):
            rows = [{c: v for c, v in r.items() if c != 'unit'} for r in rows]
            return self.load('receipts', rows, list(rows[0]))
        self.load('receipts', rows, through=self.today if self.chance(0.5) else None)

    def reference(self, b):
        text = fm.reference_of_bill(b['bill'])
        return text if self.chance(0.7) else ' '.join(text[i:i + 4] for i in range(0, len(text), 4)).lower()

    def claim(self):
        """Money whose unit is found: by the unit, or by its bill alone."""
        known = self.book.known('receipts')
        if self.lost:
            number, b = self.lost.pop(self.rng.randrange(len(self.lost)))
            r = known.get((number,))
            if r and self.chance(0.5):
                self.load('receipts', [dict(r, unit=b['unit'])], amend=True)
            elif r:
                self.load('receipts', [{'receipt': number, 'date': r['date'], 'amount': r['amount'], 'bill': self.reference(b)}],
                          ['receipt', 'date', 'amount', 'bill'], amend=True)

    HARD_TIMES = genbook.Generator.PATTERNS + [genbook.Generator.any_hold, genbook.Generator.dispute, genbook.Generator.plan]

    def press_on(self):
        """Arrears of some: plans kept and broken, disputes and other holds, steps taken, openings."""
        debtors = self.debtors()
        for unit, party in self.rng.sample(debtors, min(len(debtors), self.rng.choice([1, 1, 2]))):
            self.rng.choice(self.HARD_TIMES)(self, unit, party, self.rng.choice(self.days))
        self.flush()
