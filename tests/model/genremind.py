#!/usr/bin/env python3
"""The part of genbook.py that makes arrears: ladders, holds, plans, notices, old openings, late and bounced receipts.

It comes after the book's months and has random numbers of its own. Days of the list are chosen first; what is made is
aimed at the edges of these days, one pattern of PATTERNS at a time.

usage: genremind.py A..B        counts what the reminder lists of these seeds hold, by the model
"""
import collections
import os
import random
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import feemodel as fm

# name: (type, after, wait); None: that of the default ladder
OWN_STEPS = {'notice': (None, -15, 0), 'friendly': (None, 7, 0), 'second': (None, 20, 0), 'visit': (None, 35, 0),
             'demand': (None, 60, 15), 'mediation': (None, 75, 0), 'legal': (None, 90, 0), 'sms': ('notice', 1, 0),
             'letter two': (None, 25, 10), '上门': ('visit', 30, 3), 'formal': ('demand', 45, 15), 'file': ('internal', 80, 5)}


# Where the reminder rules say more than interface.md section 3 lets a file say: the model has it, the tools refuse the file.
EMPTY_PARTY = False             # a notice to nobody in particular is to all of the unit
DISPUTED_ADJUSTMENTS = False    # a dispute names an adjustment


class Reminding:
    """[reminders] and [reminder X] of a policy in the making."""

    def __init__(self, rng, decimals):
        self.keys, self.steps = {}, {}
        choices = {'minimum': ['0', '20', '20', '100', '3000'], 'interval_days': ['0', '3', '7', '14'],
                   'monthly_limit': ['1', '2', '3', '3', '0'], 'receipts_max_age': ['0', '10', '45', '3650', '3650']}
        for key, values in choices.items():
            if rng.random() < 0.6:
                self.keys[key] = rng.choice(values)
        if self.keys.get('minimum', '0') != '0' and decimals and rng.random() < 0.5:
            self.keys['minimum'] += '.' + '5'.ljust(decimals, '0')
        if rng.random() < 0.6:
            self.make_steps(rng)

    def make_steps(self, rng):
        names = rng.sample(list(OWN_STEPS), rng.randint(1, 7))
        if rng.random() < 0.8:
            names.sort(key=lambda n: OWN_STEPS[n][1])
        for name in names:
            type_, after, wait = OWN_STEPS[name]
            step = {'after': after + rng.choice([0, 0, 0, -3, 5]), 'wait': rng.choice([0, wait, wait]), 'type': type_}
            if rng.random() < 0.1:
                step['type'] = rng.choice(['notice', 'letter', 'visit', 'demand', 'internal'])
            if rng.random() < (0.5 if name in ('demand', 'formal') else 0.1):
                step['approval'] = 'yes'
            self.steps[name] = {k: v for k, v in step.items() if v is not None and (v or k == 'after')}

    def text(self):
        out = ['', '[reminders]'] + ['%s=%s' % kv for kv in self.keys.items()] if self.keys else []
        for name, step in self.steps.items():
            out += ['', '[reminder %s]' % name] + ['%s=%s' % kv for kv in step.items()]
        return out


class Owed:
    """A mixin of genbook.Generator: self.rng is that of the arrears from owe() on."""

    def owe(self):
        if not self.book.runs:
            return
        self.rng, self.pending = self.owed, collections.defaultdict(list)
        self.choose_days()
        self.load_first_receipts()
        for unit, party in self.debtors():
            for _ in range(self.rng.choice([1, 2, 2, 3, 4])):
                pattern = self.rng.choice(self.PATTERNS)
                pattern(self, unit, party, self.rng.choice(self.days))
        self.unknown_units()
        self.flush()
        self.lists(self.days)
        if self.chance(0.6):
            self.think_again()
            self.lists(self.rng.sample(self.days, 2))

    # -- days and places

    def choose_days(self):
        """EDGES: around the last bills; near the limitation of the book's own bills, 29 February among them."""
        last, rng = max(b['issue'] for r in self.book.runs for b in r['bills'] or [{'issue': fm.first_day(self.end)}]), self.rng
        first = last + rng.choice([-20, 0, 30, 60])
        if self.chance(0.15):
            first = fm.three_years_on(last) - rng.choice([190, 90, 40, 0])
        self.days = sorted({first + rng.randint(0, 110) for _ in range(rng.randint(3, 5))} | {first, first + 110})
        if self.start <= fm.parse_period('2024-02') and self.chance(0.3):
            self.days.append(fm.parse_date('2027-02-28') - rng.choice([-1, 0, 30, 90, 180]))

    def policy_on(self, day):
        return self.book.policy(fm.month_of(day))

    def debtors(self):
        """Some units and parties: of bills, owners and tenants without any, the developer."""
        places = {(b['unit'], b['party']) for b in self.bills()}
        people = {(r['unit'], fm.party_id(r)) for r in self.book.known('parties').values()}
        many = sorted(places, key=str) + sorted(people - places, key=str)[:4]
        return self.rng.sample(many, min(len(many), self.rng.randint(4, 12)))

    def theirs(self, unit, party, day):
        """{event: item} that is open, and what of it is overdue."""
        items = fm.Ledger.at(self.book, day).items
        found = [i for i in items.values() if i['open'] and (i['unit'], i['party']) == (unit, party)]
        return found, sum(i['open'] for i in found if i['due'] < day)

    def late(self, kind, /, **row):
        self.pending[kind].append(row)

    def flush(self):
        """EDGES: several batches a kind; receipts complete up to a day of their own."""
        for kind in ('adjustments', 'receipts', 'instalments', 'holds', 'notices'):
            rows = self.pending.pop(kind, [])
            some = [r for r in rows if self.chance(0.5)] if kind in ('holds', 'notices') else []
            for part in (some, [r for r in rows if r not in some]):
                self.load(kind, part, through=self.choose_through() if kind == 'receipts' else None)

    def choose_through(self):
        dice = self.rng.random()
        if dice < 0.15:
            return None
        return max(self.days) if dice < 0.65 else self.rng.choice(self.days) - self.rng.choice([0, 1, 10, 11, 45, 46])

    def load_first_receipts(self):
        """Most lists need to know up to when receipts are complete."""
        if self.chance(0.8):
            day = min(self.days)
            self.late('receipts', **self.receipt(self.rng.choice(self.known_units()), 1, day - self.rng.choice([0, 9])))
            self.flush()

    def lists(self, days):
        for day in map(fm.show_date, days):
            for table in ['remind', 'approved', 'totals'] + (['balances'] if self.chance(0.3) else []):
                self.step('%s %s' % (table, day))

    # -- what is owed

    def opening(self, unit, party, due, amount=None):
        amount = amount or self.rng.choice([1, 1900, 2000, 30000, 66600])
        first = fm.first_day(self.start)
        self.late('adjustments', adjustment=self.next('A'), date=self.rng.choice([first, first, max(due, first)]), unit=unit,
                  party=party, kind=self.rng.choice(['opening', 'charge']), amount=amount, due=due, bill='', reason='因')

    def due_for_a_step(self, unit, party, day):
        step = self.rng.choice(self.policy_on(day).steps)
        self.opening(unit, party, day - step.after + self.rng.choice([-1, 0, 0, 1]))

    def due_for_limitation(self, unit, party, day):
        d = fm.datetime.date.fromordinal(day)
        back = fm.datetime.date(d.year - 3, d.month, min(d.day, 28)).toordinal()
        self.opening(unit, party, back + self.rng.choice([-40, 0, 30, 30, 31, 90, 90, 91, 180, 181]))

    def near_minimum(self, unit, party, day):
        minimum = self.policy_on(day).minimum
        items, overdue = self.theirs(unit, party, day)
        missing = minimum - (overdue or sum(i['open'] for i in items)) + self.rng.choice([-1, 0, 0, 1])
        if 0 < missing:
            self.opening(unit, party, day - self.rng.choice([0, 1, 40]), missing)
        elif missing < -1:
            self.late('receipts', **self.receipt(unit, -missing, day - self.rng.choice([0, 3]), party=party))

    def paid_and_bounced(self, unit, party, day):
        """EDGES: all paid, too much, in part; taken back; the ladder begins anew or goes on."""
        paid = day - self.rng.choice([0, 1, 10, 50])
        total = sum(i['open'] for i in self.theirs(unit, party, paid)[0])
        if not total:
            return
        amount = self.rng.choice([total, total, total, total + 700, max(1, total // 2)])
        r = self.receipt(unit, amount, paid, party=self.rng.choice(['', party, party]))
        self.late('receipts', **r)
        self.notice(unit, party, paid - self.rng.choice([1, 5, 20]))
        if self.chance(0.5):
            self.late('receipts', **self.receipt(unit, -amount, paid + self.rng.choice([0, 1, 7, 30]), reverses=r['receipt']))

    def refunded(self, unit, party, day):
        amount = self.rng.choice([500, 20000])
        r = self.receipt(unit, -amount, day - self.rng.choice([0, 1, 8, 60]), party=party)
        self.late('receipts', **r)
        if self.chance(0.3):
            self.late('receipts', **self.receipt(unit, amount, r['date'] + self.rng.choice([0, 5]), reverses=r['receipt']))

    def unknown_units(self):
        for _ in range(self.rng.choice([0, 0, 1, 2])):
            amount = self.rng.choice([100, 25000, -4000])
            self.late('receipts', **self.receipt('?', amount, self.rng.choice(self.days) - self.rng.choice([0, 9])))

    # -- holds and plans

    def hold(self, unit, party, kind, day, **more):
        first = day + self.rng.choice([0, -1, -30, -30, 1])
        last = self.rng.choice([None, None, day, day - 1, day + 1, day + 30])
        row = dict({'hold': self.next('H'), 'unit': unit, 'party': '' if self.chance(0.3) else party, 'kind': kind,
                    'from': first, 'to': None if last is None else max(first, last), 'bill': '', 'plan': '', 'reason': '因'},
                   **more)
        self.late('holds', **row)

    def any_hold(self, unit, party, day):
        self.hold(unit, party, self.rng.choice(['hardship', 'legal', 'deceased', 'stop-contact', 'stop-contact']), day)

    def two_holds(self, unit, party, day):
        for kind in self.rng.sample(fm.HOLD_KINDS, 2):
            if kind == 'instalments':
                self.plan(unit, party, day)
            else:
                self.hold(unit, party, kind, day)

    def dispute(self, unit, party, day):
        """EDGES: one item or all, of a bill or an adjustment, of all that is overdue."""
        items, _ = self.theirs(unit, party, day)
        own = [i['number'] for i in items if i['number'] not in self.not_disputed()]
        if own and self.chance(0.6):
            self.hold(unit, party, 'dispute', day, bill=self.rng.choice(own))
        else:
            self.hold(unit, party, 'dispute', day)

    def not_disputed(self):
        notes = [] if DISPUTED_ADJUSTMENTS else self.book.known('adjustments').values()
        return {r['receipt'] for r in self.book.known('receipts').values()} | {r['adjustment'] for r in notes}

    def plan(self, unit, party, day):
        """EDGES: kept to the fen, missed by one, in grace, none left; from before or after a notice; two plans."""
        plan, (items, overdue) = self.next('PL'), self.theirs(unit, party, day)
        total = overdue or sum(i['open'] for i in items) or 300
        parts = self.rng.choice([0, 1, 2, 3])
        due = day - self.rng.choice([9, 10, 11, 0, -20])
        amounts = [total // parts] * (parts - 1) + [total - total // parts * (parts - 1)] if parts else []
        for i, amount in enumerate(amounts):
            amount += self.rng.choice([0, 0, 0, 1, -1]) if i == 0 else 0
            self.late('instalments', plan=plan, unit=unit, party=party, due=due + 30 * i, amount=max(1, amount))
        self.hold(unit, party, 'instalments', day, plan=plan)
        if self.chance(0.5):
            self.notice(unit, party, day - self.rng.choice([0, 5, 29, 31, 60]))

    # -- steps taken

    def notice(self, unit, party, day, step=None, **more):
        steps = [s.name for p in self.book.policies() for s in p.steps]
        row = {'notice': self.next('N'), 'date': day, 'unit': unit,
               'party': '' if EMPTY_PARTY and self.chance(0.15) else party,
               'step': step or self.rng.choice(steps), 'channel': self.rng.choice(['', 'EMS']),
               'result': self.rng.choice(['', '', 'delivered', 'delivered', 'failed']),
               'proof': self.rng.choice(['', '', 'EMS 1'])}
        self.late('notices', **dict(row, **more))

    def ladder(self, unit, party, day):
        """EDGES: the day a wait or an interval is over, the day before; steps in order, once more, one left out."""
        policy, rng = self.policy_on(day), self.rng
        last = rng.choice(policy.steps)
        step = policy.steps.index(last)
        gap = rng.choice([last.wait, policy.interval_days, policy.interval_days, 8]) + rng.choice([-1, 0, 0, 1])
        when = day - max(0, gap)
        for s in reversed(policy.steps[max(0, step - rng.choice([0, 1, 2])):step + 1]):
            self.notice(unit, party, when, s.name, result=rng.choice(['', 'delivered', 'delivered', 'failed']))
            when -= rng.choice([1, 7, 8, 30])

    def recorded(self, unit, party, day):
        self.notice(unit, party, day)

    def crowded(self, unit, party, day):
        """EDGES: as many contacts in 30 days as are allowed, the first on the 29th or 30th day before."""
        policy = self.policy_on(day)
        contacts = [s.name for s in policy.steps if s.type in fm.CONTACTS]
        if not contacts or day < max(self.days) and self.chance(0.3):
            return
        first = day - self.rng.choice([29, 29, 30])
        limit = policy.monthly_limit
        for i in range(max(1, limit)):
            self.notice(unit, party, first + i * self.rng.choice([7, 8]), contacts[0], result='delivered')
        self.opening(unit, party, day - 120)

    def proven_demand(self, unit, party, day):
        demands = [s.name for p in self.book.policies() for s in p.steps if s.type == 'demand']
        if demands:
            back = fm.parse_date('%d-%s' % (int(fm.show_date(day)[:4]) - 3, '03-01'))
            self.notice(unit, party, self.rng.choice([back, day - 1000, day - 20, day - 90]), self.rng.choice(demands),
                        proof=self.rng.choice(['EMS 2', 'EMS 3', '']))

    PATTERNS = [due_for_a_step, due_for_a_step, due_for_limitation, due_for_limitation, near_minimum, paid_and_bounced,
                refunded, any_hold, two_holds, dispute, plan, plan, ladder, ladder, ladder, recorded, crowded, crowded,
                proven_demand]

    # -- what the office learns later

    def think_again(self):
        """EDGES: a hold that ends earlier, a letter that came back, a batch taken back, money whose unit is found."""
        holds, notices = (list(self.book.known(k).values()) for k in ('holds', 'notices'))
        lost = [r for r in self.book.known('receipts').values() if r['unit'] == '?']
        if holds and self.chance(0.5):
            h = self.rng.choice(holds)
            self.load('holds', [dict(h, to=max(h['from'], self.rng.choice(self.days)))], amend=True)
        if notices and self.chance(0.5):
            self.load('notices', [dict(self.rng.choice(notices), result='failed')], amend=True)
        if lost and self.chance(0.7):
            self.load('receipts', [dict(self.rng.choice(lost), unit=self.rng.choice(self.known_units()))], amend=True)
        numbers = [n for n, b in self.book.batches.items()
                   if b['kind'] in ('holds', 'notices', 'instalments', 'receipts') and not b['retracted']]
        if numbers and self.chance(0.4):
            self.step('retract %d wrong file' % self.rng.choice(numbers))


def coverage(seeds):
    """{(action, reason): rows, or another thing worth seeing: rows} over the lists of these seeds, by the model."""
    import genbook
    found = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            target = os.path.join(folder, 'book')
            for step, tables in genbook.generate(seed, target):
                if step.startswith(('remind', 'approved')):
                    for table in tables.values():
                        found.update(what for row in table[1:] for what in seen(dict(zip(table[0], row))))
    return found


def seen(row):
    yield row['action'], row['reason']
    yield 'step', row['step']
    if row['last_step']:
        yield 'last step', row['last_step']
    if row['next_on'] == '' and row['reason'] in ('wait', 'interval', 'monthly-limit'):
        yield 'next', 'never'
    if row['days_left'].startswith('-'):
        yield 'limitation', 'over'
    if row['action'] not in ('hold', 'assist') and row['held'].strip('0.'):
        yield 'dispute', 'of a part'
    if row['last_step'] == '' and row['action'] == 'remind' and row['step'] == 'friendly':
        yield 'friendly', 'without one before'


if __name__ == '__main__':
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    first, _, last = sys.argv[1].partition('..')
    for what, n in sorted(coverage(range(int(first), int(last or first) + 1)).items()):
        print('%-14s %-20s %6d' % (what + (n,)))
