#!/usr/bin/env python3
"""Every worked example of rules.md, held against the model; and the Heyuan demo where its folder is given.

Run: python3 tests/model/test_model.py       (HEYUAN=/path/to/heyuan adds the demo)
"""
import collections
import os
import sys
import tempfile
import unittest
from fractions import Fraction

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import check
import feemodel as fm
import genbook
import genremind

POLICY = '''[book]
currency=CNY
start=%(start)s
support=%(support)s
unsold=developer
[billing]
due_days=20
[category personnel]
driver=staff
[driver staff]
[centre service]
driver=area
'''

EXPECTED = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'data', 'heyuan-expected')


def policy(start='2025-01', support='direct', more=''):
    return POLICY % {'start': start, 'support': support} + more


def table(text):
    """Lines of an example, blanks around cells allowed, as CSV bytes."""
    rows = [','.join(c.strip() for c in line.split(',')) for line in text.strip().splitlines()]
    return ('\n'.join(rows) + '\n').encode('utf-8')


def make_book(policy_text=None, **files):
    book = fm.Book()
    book.init((policy_text or policy()).encode('utf-8'))
    for kind, text in files.items():
        book.import_data(kind, table(text))
    return book


ONE_UNIT = 'unit, area\n101, 100'


def run(book, first, last=None):
    for month in range(fm.parse_period(first), fm.parse_period(last or first) + 1):
        fm.run_period(book, month)


def explain(book, month, stage):
    rows = fm.Reports(book).explain(fm.parse_period(month))[1:]
    return [r for r in rows if r[0] == stage]


def recognised(book):
    return [fm.Reports(book).money(r['recognised']) for r in book.runs]


class Allocate(unittest.TestCase):
    """rules 2"""

    def units(self, amount, weights, counts):
        return list(fm.allocate_to_units(amount, weights, counts).values())

    def test_the_odd_fen_go_round(self):
        counts, abc = {}, {'A': 1, 'B': 1, 'C': 1}
        self.assertEqual(self.units(10000, abc, counts), [3334, 3333, 3333])
        self.assertEqual(self.units(-10000, abc, counts), [-3334, -3333, -3333])
        self.assertEqual(counts, {'A': 0, 'B': 0, 'C': 0})

    def test_largest_remainder(self):
        self.assertEqual(self.units(5, {'A': 3, 'B': 3, 'C': 1}, {}), [2, 2, 1])
        self.assertEqual(self.units(100000, dict.fromkeys('ABC', 33300000), {}), [33334, 33333, 33333])

    def test_a_year_of_equal_shares(self):
        counts, totals = {}, [0, 0, 0]
        for _ in range(12):
            parts = self.units(10000, {'A': 1, 'B': 1, 'C': 1}, counts)
            totals = [a + b for a, b in zip(totals, parts)]
        self.assertEqual(totals, [40000] * 3)

    def test_a_newcomer_starts_at_the_lowest_count(self):
        counts = {'A': 7, 'B': 5}
        self.units(0, {'A': 1, 'B': 1, 'C': 1}, counts)
        self.assertEqual(counts['C'], 5)

    def test_weight_0_gets_nothing_and_no_count(self):
        counts = {}
        self.assertEqual(fm.allocate_to_units(7, {'A': 1, 'B': 0}, counts), {'A': 7})
        self.assertEqual(counts, {'A': 0})

    def test_among_centres_the_smaller_id(self):
        self.assertEqual(fm.allocate_to_centres(-1, {'b': 1, 'a': 1}), {'a': -1, 'b': 0})

    def test_round_is_half_away_from_zero(self):
        self.assertEqual([fm.round_half_away(n, 2) for n in (-3, -1, 0, 1, 3)], [-2, -1, 0, 1, 2])


class Recognition(unittest.TestCase):
    """rules 3"""

    def months(self, start, last, row):
        book = make_book(policy(start), units=ONE_UNIT, costs=(
            'doc, date, category, amount, from, to, centre, spread\n%s' % row))
        run(book, start, last)
        return recognised(book)

    def test_insurance_by_month(self):
        got = self.months('2026-01', '2026-12', 'a, 2026-01-05, insurance, 12000, 2026-01-01, 2026-12-31, service, ')
        self.assertEqual(got, ['1000.00'] * 12)

    def test_a_contract_by_days(self):
        got = self.months('2026-01', '2026-05', 'a, 2026-01-05, other, 10000, 2026-01-15, 2026-04-14, service, ')
        self.assertEqual(got, ['1888.89', '3111.11', '3444.44', '1555.56', '0.00'])

    def test_insurance_by_days(self):
        got = self.months('2024-03', '2025-03', 'a, 2024-03-15, insurance, 1000, 2024-03-15, 2025-03-14, service, ')
        self.assertEqual(got, '46.58 82.19 84.93 82.19 84.93 84.93 82.20 84.93 82.19 84.93 84.93 76.71 38.36'.split())

    def test_two_fen_over_three_months(self):
        got = self.months('2025-01', '2025-03', 'a, 2025-01-31, other, 0.02, 2025-01-31, 2025-03-31, service, ')
        self.assertEqual(got, ['0.00', '0.01', '0.01'])

    def test_blank_span_is_the_month_of_the_date(self):
        self.assertEqual(self.months('2025-01', '2025-03', 'a, 2025-02-11, other, 28, , , service, '),
                         ['0.00', '28.00', '0.00'])

    def test_what_was_served_before_the_book_is_not_this_books(self):
        got = self.months('2026-01', '2026-02', 'a, 2025-12-01, other, 900, 2025-12-01, 2026-02-28, service, ')
        self.assertEqual(got, ['300.00', '300.00'])

    def test_an_amended_record_moves_its_target(self):
        more = '[centre b]\ndriver=one\n'
        book = make_book(policy('2025-01', more=more), units=ONE_UNIT,
                         costs='doc, date, category, amount, centre\na, 2025-01-05, other, 10, service')
        run(book, '2025-01')
        book.import_data('costs', table('doc, date, category, amount, centre\na, 2025-01-05, other, 12, b'), True)
        run(book, '2025-02')
        self.assertEqual(explain(book, '2025-02', 'accrue'), [
            ['accrue', '2025-01', 'a', 'service', '', '', '', '-10.00'],
            ['accrue', '2025-01', 'a', 'b', '', '', '', '12.00']])
        book.retract(4)
        run(book, '2025-03')
        self.assertEqual([r[3:] for r in explain(book, '2025-03', 'accrue')],
                         [['service', '', '', '', '10.00'], ['b', '', '', '', '-12.00']])


class Depreciation(unittest.TestCase):
    """rules 4"""

    def charges(self, start, last, row, quantities=None):
        book = make_book(policy(start), units=ONE_UNIT, assets=(
            'asset, name, cost, residual, life, in_service, disposed, method, centre, opening, units\n%s' % row))
        if quantities:
            book.import_data('quantities', table('driver, target, quantity, from, to\n' + quantities))
        run(book, start, last)
        return recognised(book)

    def test_straight_line(self):
        got = self.charges('2025-01', '2028-01', 'a, a, 10000, 500, 36, 2024-12-15, , , service, , ')
        self.assertEqual(got[:6], ['263.89'] * 4 + ['263.88', '263.89'])
        total = [sum(fm.parse_decimal(a, 2) for a in part) for part in (got[:17], got)]
        self.assertEqual(total, [448611, 950000])
        self.assertEqual(got[36], '0.00')

    def yearly(self, method):
        got = self.charges('2025-01', '2029-12', 'a, a, 100000, 4000, 60, 2024-12-31, , %s, service, , ' % method)
        return [sum(fm.parse_decimal(a, 2) for a in got[i:i + 12]) // 100 for i in range(0, 60, 12)]

    def test_sum_of_years(self):
        self.assertEqual(self.yearly('sum-of-years'), [32000, 25600, 19200, 12800, 6400])

    def test_double_declining(self):
        self.assertEqual(self.yearly('double-declining'), [40000, 24000, 14400, 8800, 8800])

    def test_first_charge_is_the_month_after(self):
        got = self.charges('2025-08', '2025-11', 'a, a, 60000, 3000, 60, 2025-09-01, , , service, , ')
        self.assertEqual(got, ['0.00', '0.00', '950.00', '950.00'])

    def test_disposal_ends_with_its_month(self):
        got = self.charges('2025-01', '2025-03', 'a, a, 1200, 0, 12, 2024-12-01, 2025-02-01, , service, , ')
        self.assertEqual(got, ['100.00', '100.00', '0.00'])

    def test_opening_goes_on_from_the_books_so_far(self):
        got = self.charges('2025-07', '2026-02', 'a, a, 1200, 0, 12, 2024-12-01, , , service, 900, ')
        self.assertEqual(got, ['50.00'] * 6 + ['0.00'] * 2)
        self.assertEqual(self.charges('2025-07', '2025-08', 'a, a, 1200, 0, 12, 2024-12-01, , , service, 600, '),
                         ['100.00'] * 2)

    def test_opening_is_refused(self):
        for row in ('2025-07-01, , , service, 1, ', '2024-12-01, , , service, 1201, ',
                    '2024-12-01, , sum-of-years, service, 1, '):
            with self.assertRaises(fm.Refused):
                self.charges('2025-07', '2025-07', 'a, a, 1200, 0, 12, ' + row)

    def test_units_of_output(self):
        got = self.charges('2025-01', '2025-05', 'a, a, 1000, 100, , 2025-01-10, , units-of-output, service, , 900',
                           'units-of-output, a, 100, 2025-01-10, 2025-01-31\n'
                           'units-of-output, a, 200, 2025-02-01, 2025-02-28\n'
                           'units-of-output, a, 1000, 2025-04-01, 2025-04-30')
        self.assertEqual(got, ['0.00', '300.00', '0.00', '600.00', '0.00'])


class Support(unittest.TestCase):
    """rules 5"""

    def pools(self, method, centres, costs, quantities):
        more = ''.join('[centre %s]\nkind=%s\ndriver=%s\n' % c for c in centres)
        more += ''.join('[driver %s]\n' % d for d in {c[2] for c in centres if c[1] == 'support'})
        book = make_book(policy(support=method, more=more), units=ONE_UNIT,
                         quantities='driver, target, quantity\n' + '\n'.join(quantities),
                         costs='doc, date, category, amount, centre\n' + '\n'.join(
                             '%s, 2025-01-01, other, %s, %s' % (c, a, c) for c, a in costs.items()))
        run(book, '2025-01')
        return [r[7] for r in explain(book, '2025-01', 'activity')]

    def s1_s2(self, method):
        return self.pools(method, [('S1', 'support', 'd1'), ('S2', 'support', 'd2'), ('P1', 'primary', 'one'),
                                   ('P2', 'primary', 'one')], {'S1': 400, 'S2': 300, 'P1': 1000, 'P2': 2000},
                          ['d1, S2, 20', 'd1, P1, 50', 'd1, P2, 30', 'd2, S1, 10', 'd2, P1, 60', 'd2, P2, 30'])

    def test_the_example(self):
        self.assertEqual(self.s1_s2('reciprocal'), ['1452.04', '2247.96'])
        self.assertEqual(self.s1_s2('step'), ['1453.33', '2246.67'])
        self.assertEqual(self.s1_s2('direct'), ['1450.00', '2250.00'])

    def test_cutting_and_sewing(self):
        got = self.pools('reciprocal', [('M', 'support', 'hours'), ('GF', 'support', 'space'), ('C', 'primary', 'one'),
                                        ('S', 'primary', 'one')], {'M': 100000, 'GF': 270000, 'C': 56400, 'S': 75000},
                         ['hours, GF, 2000', 'hours, C, 9000', 'hours, S, 9000', 'space, M, 2500', 'space, C, 5000',
                          'space, S, 8500'])
        self.assertEqual(got, ['210288.89', '291111.11'])

    def test_machining_and_assembly(self):
        def pools(method):
            return self.pools(method, [('PM', 'support', 'd1'), ('IS', 'support', 'd2'), ('Mach', 'primary', 'one'),
                                       ('Ass', 'primary', 'one')],
                              {'PM': 6300000, 'IS': 1452150, 'Mach': 4000000, 'Ass': 2000000},
                              ['d1, IS, 20', 'd1, Mach, 30', 'd1, Ass, 50',
                               'd2, PM, 10', 'd2, Mach, 80', 'd2, Ass, 10'])
        self.assertEqual(pools('direct'), ['7653300.00', '6098850.00'])
        self.assertEqual(pools('step'), ['8300800.00', '5451350.00'])
        self.assertEqual(pools('reciprocal'), ['8187025.00', '5565125.00'])

    def test_support_centres_that_serve_only_each_other(self):
        centres = [('S1', 'support', 'd1'), ('S2', 'support', 'd2'), ('P', 'primary', 'one')]
        with self.assertRaises(fm.Refused):
            self.pools('reciprocal', centres, {'S1': 1, 'P': 1}, ['d1, S2, 1', 'd2, S1, 1'])
        self.assertEqual(self.pools('reciprocal', centres, {'P': 1}, ['d1, S2, 1', 'd2, S1, 1']), ['1.00'])

    def test_rounded_once(self):
        third = Fraction(100, 3)
        self.assertEqual(fm.round_once({'b': third, 'a': third, 'c': third}, 100), {'b': 33, 'a': 34, 'c': 33})
        self.assertEqual(fm.round_once({'b': -third, 'a': -2 * third}, -100), {'b': -33, 'a': -67})


class Bearers(unittest.TestCase):
    """rules 6 and 7"""

    def test_tenants_and_an_empty_time(self):
        book = make_book(policy('2025-03').replace('driver=area', 'driver=area\npayer=occupant'), units=ONE_UNIT,
                         parties='unit, role, party, name, from, to\n101, owner, O, o, ,\n'
                                 '101, occupant, A, a, 2025-03-01, 2025-03-14\n'
                                 '101, occupant, B, b, 2025-03-18, 2025-03-31',
                         costs='doc, date, category, amount, centre\na, 2025-03-01, other, 1000, service')
        run(book, '2025-03')
        got = {l['party']: (l['role'], l['days'], l['amount']) for l in book.runs[0]['lines']}
        self.assertEqual(got, {'A': ('occupant', 14, 45161), 'B': ('occupant', 14, 45161), 'O': ('owner', 3, 9678)})

    def test_a_level_is_weighed_by_days(self):
        book = make_book(policy('2025-03'), units='unit, area, from, to\n101, 100, , 2025-03-15\n'
                                                  '101, 120, 2025-03-16,\n102, 50, 2025-03-20,',
                         costs='doc, date, category, amount, centre\na, 2025-03-01, other, 1000, service')
        run(book, '2025-03')
        self.assertEqual([r[5] for r in explain(book, '2025-03', 'activity')], [str(100 * 15 + 120 * 16 + 50 * 12)])

    def test_a_missing_attribute_stops_the_run(self):
        book = make_book(units='unit, area\n101, 100\n102, ',
                         costs='doc, date, category, amount, centre\na, 2025-01-01, other, 1000, service')
        with self.assertRaises(fm.Refused):
            run(book, '2025-01')


class Receipts(unittest.TestCase):
    """rules 9"""

    def book(self, receipts):
        book = make_book(units=ONE_UNIT, parties='unit, role, party, name\n101, owner, O, o',
                         costs='doc, date, category, amount, from, to, centre\n'
                               'a, 2025-01-01, other, 900, 2025-01-01, 2025-03-31, service')
        run(book, '2025-01', '2025-03')
        book.import_data('receipts', table('receipt, date, unit, amount, reverses\n' + receipts))
        return book

    def balances(self, receipts, day):
        return fm.Ledger(self.book(receipts), fm.parse_date(day)).balances()[0][2:]

    def test_one_receipt_pays_all_three(self):
        self.assertEqual(self.balances('r1, 2025-04-10, 101, 1000, ', '2025-04-30'),
                         [-10000, 0, 0, 0, 0, 0, 0, 0, 10000])

    def test_reversed_all_three_are_open_with_their_old_due_days(self):
        receipts = 'r1, 2025-04-10, 101, 1000, \nr2, 2025-04-20, 101, -1000, r1'
        self.assertEqual(self.balances(receipts, '2025-04-30'), [90000, 0, 30000, 30000, 30000, 0, 0, 0, 0])
        self.assertEqual(self.balances(receipts, '2025-04-19'), [-10000, 0, 0, 0, 0, 0, 0, 0, 10000])

    def test_a_receipt_in_parts(self):
        self.assertEqual(self.balances('r1, 2025-04-10, 101, 750.50, ', '2025-04-21'),
                         [14950, 14950, 0, 0, 0, 0, 0, 0, 0])

    def test_a_refund_is_paid_by_the_credit_and_reversed(self):
        receipts = 'r1, 2025-04-10, 101, 1000, \nr2, 2025-04-20, 101, -60, '
        self.assertEqual(self.balances(receipts, '2025-04-30')[-1], 4000)
        self.assertEqual(self.balances(receipts + '\nr3, 2025-04-21, 101, 60, r2', '2025-04-30')[-1], 10000)


class Totals(unittest.TestCase):
    """interface 5, fee-ledger --totals"""

    def totals(self, day, amounts='900', **files):
        costs = ''.join('c%d, 2025-%02d-01, other, %s, service\n' % (m, m, a) for m, a in enumerate(amounts.split(), 1))
        book = make_book(units=ONE_UNIT, parties='unit, role, party, name\n101, owner, O, o',
                         costs='doc, date, category, amount, centre\n' + costs)
        run(book, '2025-01', '2025-%02d' % len(amounts.split()))
        for kind, text in files.items():
            book.import_data(kind, table(text))
        return fm.Reports(book).totals(fm.parse_date(day))[1:]

    RECEIPTS = 'receipt, date, unit, amount, reverses\n'

    def test_a_bill_counts_from_its_issue_day(self):
        last = [['other', '0.00', '0.00', '0.00', ''], ['credit', '', '', '0.00', '']]
        self.assertEqual(self.totals('2025-01-31'), last)
        self.assertEqual(self.totals('2025-02-01'), [['2025-01', '900.00', '0.00', '900.00', '0.00']] + last)

    def test_the_rate_is_rounded_half_away(self):
        for paid, rate in (('877.80', '97.53'), ('0.04', '0.00'), ('0.05', '0.01'), ('900', '100.00')):
            got = self.totals('2025-03-01', receipts=self.RECEIPTS + 'r, 2025-02-03, 101, %s, ' % paid)
            self.assertEqual(got[0][4], rate)
        got = self.totals('2025-03-01', '160', receipts=self.RECEIPTS + 'r, 2025-02-03, 101, 0.20, ')
        self.assertEqual(got[0][4], '0.13')         # 0.125

    def test_what_is_left_is_credit_and_a_refund_is_other(self):
        receipts = self.RECEIPTS + 'r1, 2025-02-03, 101, 1000, \nr2, 2025-02-04, 101, -130, \nr3, 2025-02-05, 101, 130, r2'
        self.assertEqual(self.totals('2025-02-03', receipts=receipts)[1:],
                         [['other', '0.00', '0.00', '0.00', ''], ['credit', '', '', '-100.00', '']])
        self.assertEqual(self.totals('2025-02-04', receipts=receipts)[1:],
                         [['other', '130.00', '100.00', '30.00', ''], ['credit', '', '', '0.00', '']])
        self.assertEqual(self.totals('2025-02-05', receipts=receipts)[1][1:3], ['0.00', '0.00'])

    def test_a_bill_below_zero(self):
        self.assertEqual(self.totals('2025-04-01', '100 -40 0'),
                         [['2025-01', '100.00', '40.00', '60.00', '40.00'], ['2025-02', '-40.00', '-40.00', '0.00', ''],
                          ['other', '0.00', '0.00', '0.00', ''], ['credit', '', '', '0.00', '']])
        self.assertEqual(self.totals('2025-03-01', '-40')[-1], ['credit', '', '', '-40.00', ''])

    def test_openings_are_other(self):
        notes = ('adjustment, date, unit, party, kind, amount, reason\na1, 2025-01-01, 101, O, opening, 50, x\n'
                 'a2, 2025-01-02, 101, O, opening, -20, x')
        self.assertEqual(self.totals('2025-01-01', adjustments=notes)[0], ['other', '50.00', '0.00', '50.00', ''])
        self.assertEqual(self.totals('2025-01-02', adjustments=notes)[0], ['other', '50.00', '20.00', '30.00', ''])


DUE = fm.parse_date('2025-06-10')


class RemindCase(unittest.TestCase):
    """interface 4 and 5, fee-remind: 300.00 for unit 101 and party O, dated 2025-01-05, due 2025-06-10"""

    LADDER = 'minimum=20\n'

    def setUp(self):
        self.book = self.make()

    def make(self, reminders=None, steps='', due='2025-06-10', amount='300'):
        book = make_book(policy(more='[reminders]\n%s\n%s' % (reminders or self.LADDER, steps)),
                         units='unit, area\n101, 100\n102, 50',
                         parties='unit, role, party, name, contact, from, to\n101, owner, O, Old, 1, , \n'
                                 '101, occupant, T, Ten, 2, 2025-03-01, ',
                         adjustments='adjustment, date, unit, party, kind, amount, due, reason\n'
                                     'a1, 2025-01-05, 101, O, opening, %s, %s, x' % (amount, due))
        book.import_data('receipts', b'receipt,date,unit,amount\n', through=fm.parse_date('2040-01-01'))
        self.numbers = iter('x%d' % i for i in range(1000))
        return book

    def rows(self, day, approved=False, book=None):
        day = day if isinstance(day, int) else fm.parse_date(day)
        table = (fm.Reports.approved if approved else fm.Reports.remind)(fm.Reports(book or self.book), day)
        return [dict(zip(table[0], r)) for r in table[1:]]

    def is_(self, day, answer, approved=False, book=None):
        """answer: action reason step next_on, `-` for empty; the last ones may be left out"""
        row = self.rows(day, approved, book)[0]
        got = [row[c] or '-' for c in ('action', 'reason', 'step', 'next_on')]
        want = answer.split()
        self.assertEqual(got[:len(want)], want)
        return row

    def note(self, **row):
        kind = row.pop('kind_of_file')
        self.book.import_data(kind, table('\n'.join([', '.join(row), ', '.join(map(str, row.values()))])))

    def hold(self, kind, first, last='', **more):
        self.note(kind_of_file='holds', **dict(dict(hold=next(self.numbers), unit='101', party='O', kind=kind, reason='x',
                                                    to=last, **{'from': first}), **more))

    def taken(self, step, day, **more):
        day = fm.show_date(day) if isinstance(day, int) else day
        self.note(kind_of_file='notices', **dict(dict(notice=next(self.numbers), date=day, unit='101', party='O', step=step),
                                                 **more))

    def instalment(self, plan, due, amount):
        self.note(kind_of_file='instalments', plan=plan, unit='101', party='O', due=due, amount=amount)

    def opening(self, number, day, due, amount, party='O'):
        self.note(kind_of_file='adjustments', adjustment=number, date=day, unit='101', party=party, kind='opening',
                  amount=amount, due=due, reason='x')

    def receipt(self, number, day, amount, reverses=''):
        self.note(kind_of_file='receipts', receipt=number, date=day, unit='101', amount=amount, reverses=reverses)


class Aging(RemindCase):
    def test_days_and_buckets(self):
        for late, bucket in ((0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (180, 4), (181, 5),
                             (365, 5), (366, 6)):
            with self.subTest(late=late):
                buckets = [0] * 7
                buckets[bucket] = 30000
                self.assertEqual(fm.Ledger(self.book, DUE + late).balances()[0][3:10], buckets)
                row = self.rows(DUE + late)[0]
                self.assertEqual((row['days_overdue'], row['overdue']), (str(late), '300.00' if late else '0.00'))
        self.assertEqual(self.rows(DUE - 3)[0]['days_overdue'], '0')

    def test_all_columns(self):
        self.assertEqual(fm.Reports(self.book).remind(DUE + 7)[1:], [
            'remind due notice 101 O Old 1 2025-06-10 7 300.00 0.00 300.00'.split() + ['', '', '2025-06-17', '2028-06-10',
                                                                                     str(3 * 365 + 1 - 7)]])


class Ladder(RemindCase):
    def test_first_step_by_days(self):
        self.is_(DUE - 16, 'skip wait notice 2025-05-26')
        self.is_(DUE - 15, 'remind due notice 2025-05-26')
        self.taken('notice', DUE - 15)
        self.is_(DUE - 15, 'skip recorded friendly 2025-06-17')
        self.is_(DUE + 6, 'skip wait friendly 2025-06-17')
        self.is_(DUE + 7, 'remind due friendly 2025-06-17')

    def test_interval_on_the_7th_and_8th_day(self):
        self.taken('friendly', DUE + 20)
        self.is_(DUE + 20, 'skip recorded second 2025-07-07')
        self.is_(DUE + 26, 'skip interval second 2025-07-07')
        self.is_(DUE + 27, 'remind due second')

    def test_a_failed_notice_is_none(self):
        self.taken('friendly', DUE + 20, result='failed')
        self.is_(DUE + 20, 'remind due notice')
        self.assertEqual(self.rows(DUE + 20)[0]['last_step'], '')
        self.taken('friendly', DUE + 20, result='送达')
        row = self.is_(DUE + 20, 'skip recorded second')
        self.assertEqual((row['last_step'], row['last_date']), ('friendly', '2025-06-30'))

    def test_the_fourth_contact_in_30_days(self):
        first = DUE + 40
        for i, step in enumerate(('friendly', 'second')):
            self.taken(step, first + 8 * i)
        self.is_(first + 16, 'remind due visit')            # two so far: the third may come
        self.taken('visit', first + 16)
        self.is_(first + 29, 'skip monthly-limit demand ' + fm.show_date(first + 30), True)     # not the fourth
        self.is_(first + 30, 'remind due demand', True)

    def test_monthly_limit_waits_for_the_oldest_to_leave(self):
        self.book = self.make('interval_days=0\nmonthly_limit=2')
        for day in (DUE + 60, DUE + 62, DUE + 63):
            self.taken('second', day)
        self.is_(DUE + 70, 'skip monthly-limit visit ' + fm.show_date(DUE + 92))
        self.is_(DUE + 91, 'skip monthly-limit visit')
        self.is_(DUE + 92, 'remind due visit')

    def test_no_contacts_at_all(self):
        self.book = self.make('monthly_limit=0')
        self.is_(DUE, 'remind due notice')
        self.taken('notice', DUE - 1)
        self.is_(DUE + 20, 'skip monthly-limit friendly -')
        self.is_(DUE + 3, 'skip wait friendly -')
        self.taken('demand', DUE + 90)
        self.is_(DUE + 105, 'remind due mediation')          # internal: no contact

    def test_wait_after_a_step(self):
        self.taken('demand', DUE + 70)
        self.is_(DUE + 84, 'skip wait mediation ' + fm.show_date(DUE + 85))
        self.is_(DUE + 85, 'remind due mediation')

    def test_the_wait_is_that_of_the_furthest_step(self):
        self.taken('demand', DUE + 70)
        self.taken('friendly', DUE + 82)
        row = self.is_(DUE + 85, 'remind due mediation')
        self.assertEqual((row['last_step'], row['last_date']), ('friendly', fm.show_date(DUE + 82)))

    def test_no_step_left(self):
        self.taken('legal', DUE + 100)
        self.is_(DUE + 100, 'skip recorded - -')
        self.is_(DUE + 200, 'skip recorded - -')

    def test_approval(self):
        self.taken('visit', DUE + 50)
        self.is_(DUE + 60, 'skip approval demand ' + fm.show_date(DUE + 60))
        self.is_(DUE + 60, 'remind due demand', True)

    def test_minimum(self):
        for amount, reason in (('19.99', 'minimum'), ('20', 'due')):
            self.is_(DUE + 7, ('skip minimum notice -' if reason == 'minimum' else 'remind due notice'),
                     book=self.make(amount=amount))

    def test_minimum_is_of_what_is_overdue(self):
        self.book = self.make(amount='19')
        self.opening('a2', '2025-01-06', '2025-06-12', '1')
        self.is_('2025-06-11', 'skip minimum')      # 19.00 overdue
        self.is_('2025-06-10', 'remind due')        # nothing overdue: all of it
        self.is_('2025-06-13', 'remind due')

    def test_receipts_age(self):
        self.book = self.make('receipts_max_age=10')
        list(self.book.live('receipts'))[0]['through'] = DUE
        self.is_(DUE + 10, 'remind due')
        self.is_(DUE + 11, 'skip receipts-old notice -')
        list(self.book.live('receipts'))[0]['retracted'] = True
        self.book.cache = {}
        self.is_(DUE - 2, 'skip receipts-old notice -')

    def test_the_ladder_starts_anew_when_nothing_of_then_is_open(self):
        self.taken('second', DUE + 21)
        self.opening('a2', '2025-07-20', '2025-07-25', '80')
        self.receipt('r1', '2025-07-21', '300')
        row = self.is_('2025-08-20', 'remind due notice')
        self.assertEqual((row['last_step'], row['oldest_due']), ('', '2025-07-25'))
        self.receipt('r2', '2025-08-21', '-300', 'r1')      # bounced: what was open then is open again
        row = self.is_('2025-08-21', 'remind due visit')
        self.assertEqual((row['last_step'], row['oldest_due']), ('second', '2025-06-10'))

    def test_a_notice_counts_by_what_was_open_on_its_day(self):
        self.taken('second', '2025-01-04')
        self.is_(DUE + 30, 'remind due notice')
        self.taken('second', '2025-01-05')
        self.is_(DUE + 35, 'remind due visit')

    def test_a_notice_to_nobody_in_particular_is_to_all(self):
        self.opening('a2', '2025-06-11', '2025-06-12', '40', 'T')
        self.taken('friendly', DUE + 10, party='')
        got = [(r['party'], r['action'], r['step']) for r in self.rows(DUE + 20)]
        self.assertEqual(got, [('O', 'remind', 'second'), ('T', 'skip', 'second')])

    def test_a_step_that_the_policy_has_no_more_is_a_contact_still(self):
        self.taken('friendly', DUE + 20)
        self.taken('second', DUE + 26)
        text = policy(more='[reminder friendly]\nafter=7\n[reminder visit]\nafter=21\n')
        self.book.import_data('policy', text.replace('start=2025-01', 'start=2025-01\nfrom=2025-07').encode())
        self.assertEqual(fm.show_date(DUE + 26), '2025-07-06')
        row = self.is_(DUE + 27, 'skip interval visit ' + fm.show_date(DUE + 33))
        self.assertEqual(row['last_step'], 'friendly')

    def test_policy_of_the_month_of_the_day(self):
        text = policy(more='[reminder first]\nafter=0\n').replace('start=2025-01', 'start=2025-01\nfrom=2025-07')
        self.book.import_data('policy', text.encode())
        self.is_('2025-06-30', 'remind due notice')
        self.is_('2025-07-01', 'remind due first')
        self.assertEqual(self.rows('2024-12-31'), [])


class Holds(RemindCase):
    def test_the_day_a_hold_ends(self):
        self.hold('hardship', '2025-06-12', '2025-06-30')
        self.is_('2025-06-11', 'remind')
        self.is_('2025-06-12', 'assist hardship - 2025-07-01')
        row = self.is_('2025-06-30', 'assist hardship - 2025-07-01')
        self.assertEqual((row['held'], row['overdue']), ('300.00', '300.00'))
        self.assertEqual(self.is_('2025-07-01', 'remind due')['held'], '0.00')

    def test_the_latest_end_of_that_kind(self):
        self.hold('legal', '2025-06-01', '2025-06-30')
        self.hold('legal', '2025-06-02', '2025-07-31')
        self.hold('hardship', '2025-06-02')
        self.is_('2025-06-20', 'hold legal - 2025-08-01')
        self.hold('legal', '2025-06-02')
        self.is_('2025-06-20', 'hold legal - -')

    def test_precedence(self):
        order = ['dispute', 'hardship', 'stop-contact', 'legal', 'deceased']
        for kind in order:
            self.hold(kind, '2025-06-01')
            self.is_('2025-06-20', ('assist ' if kind == 'hardship' else 'hold ') + kind)

    def test_nothing_open(self):
        self.receipt('r1', '2025-06-01', '350')
        self.assertEqual(self.rows('2025-06-01'), [])
        self.hold('legal', '2025-06-01')
        row = self.is_('2025-06-01', 'skip paid - -')
        self.assertEqual([row[c] for c in ('oldest_due', 'days_overdue', 'held', 'balance', 'limitation', 'days_left')],
                         ['', '', '0.00', '-50.00', '', ''])

    def test_a_hold_of_the_whole_unit(self):
        self.hold('legal', '2025-06-01', party='')
        self.opening('a2', '2025-06-11', '2025-06-12', '40', 'T')
        self.assertEqual([(r['party'], r['reason']) for r in self.rows('2025-06-20')], [('O', 'legal'), ('T', 'legal')])
        self.hold('dispute', '2025-06-01', unit='102', party='')
        self.assertEqual([(r['unit'], r['party'], r['reason']) for r in self.rows('2025-06-20')][2:],
                         [('102', 'developer', 'paid')])
        self.book.import_data('parties', table('unit, role, party, name, from\n102, owner, B, Buyer, 2025-06-20'))
        self.assertEqual([self.rows(d)[2]['party'] for d in ('2025-06-20', '2025-06-19')], ['B', 'developer'])

    def test_a_dispute_of_one_bill(self):
        self.opening('a2', '2025-06-11', '2025-06-12', '40')
        self.hold('dispute', '2025-06-01', bill='a1')
        row = self.is_('2025-06-20', 'remind due notice')
        self.assertEqual([row[c] for c in ('oldest_due', 'days_overdue', 'overdue', 'held', 'limitation')],
                         ['2025-06-12', '8', '340.00', '300.00', '2028-06-10'])
        self.hold('dispute', '2025-06-10', '2025-06-25', bill='a2')
        row = self.is_('2025-06-20', 'hold dispute - -')
        self.assertEqual((row['oldest_due'], row['held']), ('2025-06-10', '340.00'))

    def test_a_dispute_of_all_up_to_its_day(self):
        self.opening('a2', '2025-06-11', '2025-06-12', '40')
        self.hold('dispute', '2025-06-10', '2025-06-20')
        self.assertEqual(self.is_('2025-06-20', 'remind')['held'], '300.00')
        self.hold('dispute', '2025-06-11', '2025-06-25')
        self.is_('2025-06-20', 'hold dispute - 2025-06-26')

    def test_minimum_of_what_is_pressed(self):
        self.opening('a2', '2025-06-11', '2025-06-12', '19.99')
        self.hold('dispute', '2025-06-10')
        self.assertEqual(self.is_('2025-06-20', 'skip minimum notice -')['held'], '300.00')

    def test_stop_contact_leaves_notice_and_demand(self):
        self.hold('stop-contact', '2025-01-01', '2025-12-31')
        self.is_(DUE, 'remind due notice')
        self.taken('notice', DUE)
        self.is_(DUE + 7, 'hold stop-contact - 2026-01-01')
        self.is_(DUE + 60, 'hold stop-contact -')                   # not approved
        self.is_(DUE + 60, 'remind due demand', True)
        self.taken('demand', DUE + 60)
        self.is_(DUE + 100, 'hold stop-contact', True)
        self.hold('hardship', '2025-01-01')
        self.is_(DUE - 1, 'hold stop-contact', True)

    def test_stop_contact_after_a_letter(self):
        self.taken('second', DUE + 25)
        self.hold('stop-contact', '2025-07-20')
        self.is_(DUE + 59, 'hold stop-contact', True)
        self.is_(DUE + 60, 'remind due demand', True)


class Plans(RemindCase):
    """300.00 in three instalments, due 06-20, 07-20, 08-20"""

    def setUp(self):
        super().setUp()
        for due in ('2025-06-20', '2025-07-20', '2025-08-20'):
            self.instalment('p', due, 100)
        self.hold('instalments', '2025-06-15', plan='p')

    def test_kept_and_in_grace_and_missed(self):
        self.is_('2025-06-20', 'hold instalments - 2025-06-30')
        self.is_('2025-06-29', 'hold instalments - 2025-06-30')     # in grace: due + 9
        self.is_('2025-06-30', 'remind due friendly')
        self.receipt('r1', '2025-06-29', '100')
        self.is_('2025-06-30', 'hold instalments - 2025-07-30')
        self.is_('2025-07-29', 'hold instalments - 2025-07-30')
        self.is_('2025-07-30', 'remind due friendly')
        self.receipt('r2', '2025-07-30', '99.99')
        self.is_('2025-07-30', 'remind due friendly')
        self.receipt('r3', '2025-07-30', '0.01')
        self.is_('2025-07-30', 'hold instalments - 2025-08-30')

    def test_a_new_item_breaks_it_when_it_is_overdue(self):
        self.opening('a2', '2025-06-16', '2025-06-25', '0.01')
        self.is_('2025-06-25', 'hold instalments - 2025-06-26')
        self.is_('2025-06-26', 'remind due friendly')

    def test_the_ladder_begins_again_at_friendly(self):
        self.taken('second', '2025-06-14')
        self.is_('2025-06-29', 'hold instalments')
        row = self.is_('2025-06-30', 'remind due friendly')
        self.assertEqual((row['last_step'], row['last_date']), ('second', '2025-06-14'))    # shown as it was
        self.taken('notice', '2025-06-15')
        self.assertEqual(self.is_('2025-06-30', 'remind due friendly')['last_step'], 'notice')
        self.taken('second', '2025-07-01')
        self.is_('2025-07-15', 'remind due visit')

    def test_without_friendly_the_first_contact(self):
        self.book = self.make(steps='[reminder notice]\nafter=0\n[reminder note]\nafter=1\ntype=letter\n')
        self.hold('instalments', '2025-06-15', plan='none')
        self.is_('2025-06-16', 'remind due note')

    def test_without_any_contact_the_first_step(self):
        self.book = self.make(steps='[reminder sms]\nafter=0\ntype=notice\n[reminder file]\nafter=1\ntype=internal\n')
        self.taken('sms', '2025-06-14')
        self.hold('instalments', '2025-06-15', plan='none')
        self.is_('2025-06-16', 'remind due sms')

    def test_a_plan_without_instalments_is_kept_until_anything_is_overdue(self):
        self.hold('instalments', '2025-05-01', '2025-06-14', plan='none')
        self.is_('2025-06-10', 'hold instalments - 2025-06-11')
        self.is_('2025-06-11', 'skip wait friendly 2025-06-17')

    def test_every_plan_must_be_kept(self):
        self.hold('instalments', '2025-06-20', plan='none')
        self.is_('2025-06-19', 'hold instalments')
        self.is_('2025-06-20', 'remind due friendly')

    def test_with_hardship_and_stop_contact(self):
        self.hold('hardship', '2025-06-01')
        self.is_('2025-06-29', 'hold instalments')
        self.is_('2025-06-30', 'assist hardship - -')
        self.hold('stop-contact', '2025-06-01')
        self.is_('2025-06-29', 'hold stop-contact')


class Limitation(RemindCase):
    def test_180_90_30_0(self):
        end = fm.parse_date('2028-06-10')
        for left, reason in ((181, 'due'), (180, 'limitation-180'), (91, 'limitation-180'), (90, 'limitation-90'),
                             (31, 'limitation-90'), (30, 'limitation-30'), (0, 'limitation-30'), (-1, 'limitation-30')):
            with self.subTest(left=left):
                row = self.is_(end - left, 'remind %s notice' % reason)
                self.assertEqual((row['limitation'], row['days_left']), ('2028-06-10', str(left)))

    def test_29_february(self):
        self.assertEqual(self.rows('2025-06-01', book=self.make(due='2024-02-29'))[0]['limitation'], '2027-02-28')
        self.assertEqual(self.rows('2025-06-01', book=self.make(due='2025-02-28'))[0]['limitation'], '2028-02-28')
        self.assertEqual(fm.show_date(fm.three_years_on(fm.parse_date('2024-02-28'))), '2027-02-28')

    def test_a_demand_with_proof_starts_it_anew(self):
        self.taken('demand', '2025-09-01')
        self.taken('demand', '2025-09-02', proof='EMS1', result='failed')
        self.taken('visit', '2025-09-03', proof='photo')
        self.assertEqual(self.rows('2026-01-01')[0]['limitation'], '2028-06-10')
        self.taken('demand', '2025-09-04', proof='EMS2')
        self.assertEqual(self.rows('2026-01-01')[0]['limitation'], '2028-09-04')
        self.assertEqual(self.rows('2025-09-03')[0]['limitation'], '2028-06-10')

    def test_the_disputed_item_counts_too(self):
        self.opening('a2', '2025-06-11', '2025-06-12', '40')
        self.hold('dispute', '2025-06-01', bill='a1')
        self.assertEqual(self.rows('2025-07-01')[0]['limitation'], '2028-06-10')


class People(RemindCase):
    def test_the_latest_row_that_has_begun(self):
        self.book.import_data('parties', table('unit, role, party, name, contact, from, to\n101, owner, O, New, 3, 2025-06-15, \n'
                                               '102, owner, O, Other, 4, 2025-06-16, '))
        self.assertEqual([self.rows(d)[0]['name'] for d in ('2025-06-14', '2025-06-15', '2025-06-20')], ['Old', 'New', 'New'])

    def test_where_none_has_begun_the_latest(self):
        self.opening('a2', '2025-01-06', '2025-01-07', '40', 'T')
        self.assertEqual([r['name'] for r in self.rows('2025-01-10')], ['Old', 'Ten'])

    def test_the_unsold_party_has_no_row(self):
        self.opening('a2', '2025-01-06', '2025-01-07', '40', 'developer')
        self.assertEqual([(r['party'], r['name'], r['contact']) for r in self.rows('2025-01-10')][1], ('developer', '', ''))


class RandomBooks(unittest.TestCase):
    """The properties that rules.md promises, of the model itself."""

    def test_conservation_and_equal_flats(self):
        with tempfile.TemporaryDirectory() as folder:
            for seed in range(1, 11):
                genbook.generate(seed, os.path.join(folder, 'book'))
                tables = {}
                for _, status, more in fm.play(os.path.join(folder, 'book', 'STEPS')):
                    if not status.startswith('refused'):
                        tables.update({n: fm.csv_text(t).encode('utf-8') for n, t in more.items()})
                check.conserved(tables)
                check.equal_flats(tables)


class NextOn(unittest.TestCase):
    """Where nothing else changes until then, the list of next_on says something new, and that of the day before does not."""

    WAITING = ('wait', 'interval', 'monthly-limit')

    def test_next_on(self):
        checked = collections.Counter()
        with tempfile.TemporaryDirectory() as folder:
            for seed in range(61, 73):
                book = fm.Book()
                genbook.generate(seed, os.path.join(folder, 'book'))
                steps = fm.read_steps(os.path.join(folder, 'book', 'STEPS'))
                for step in steps:
                    if not step.startswith(fm.OF_A_DAY):
                        fm.do_step(book, os.path.join(folder, 'book'), step)
                days = {fm.parse_date(s.split(' ')[1]) + i for s in steps if s.startswith('remind') for i in (0, 2)}
                for day in days:
                    for case in fm.Reminders(book, day, True).cases():
                        self.follow(book, case, checked)
        self.assertGreater(min(checked[w] for w in self.WAITING + ('instalments', 'legal')), 0, checked)

    def follow(self, book, case, checked):
        action, reason, step, next_on = case.decide()
        if next_on is None or action == 'remind' or reason == 'approval':
            return
        then, eve = (self.same(book, case, d) for d in (next_on, next_on - 1))
        if then and reason in self.WAITING + ('recorded',):
            self.assertNotIn(then.decide()[1], self.WAITING)
            self.assertTrue(not eve or eve.day <= case.day or eve.decide()[1] in self.WAITING)
        elif then and reason == 'instalments':
            self.assertTrue(then.broken)
            self.assertTrue(not eve or eve.kept)
        elif action in ('hold', 'assist') and reason != 'instalments':
            at = fm.Reminders(book, next_on, True)
            self.assertFalse(fm.Case(at, case.unit, case.party).holds[reason])
            then = True
        checked[reason] += bool(then)

    @staticmethod
    def same(book, case, day):
        """The case on another day, if it owes the same, and has the same policy, holds and notices."""
        at = fm.Reminders(book, day, True)
        other = fm.Case(at, case.unit, case.party)
        alike = all(getattr(other, a) == getattr(case, a) for a in ('policy', 'open', 'holds', 'notices', 'broken'))
        return other if alike or other.broken and other.open == case.open and other.holds == case.holds else None


class Coverage(unittest.TestCase):
    def test_every_reason_and_step_comes_up_in_seeds_1_to_60(self):
        found = genremind.coverage(range(1, 61))
        wanted = [('remind', r) for r in ('due', 'limitation-180', 'limitation-90', 'limitation-30')]
        wanted += [('skip', r) for r in ('minimum', 'wait', 'interval', 'monthly-limit', 'approval', 'receipts-old', 'paid',
                                         'recorded')]
        wanted += [('assist' if kind == 'hardship' else 'hold', kind) for kind in fm.HOLD_KINDS]
        wanted += [(what, step) for what in ('step', 'last step') for step in genremind.OWN_STEPS]
        wanted += [('next', 'never'), ('limitation', 'over'), ('dispute', 'of a part')]
        self.assertEqual([w for w in wanted if found[w] < 20], [])
        reasons = {what for what in found if what[0] in ('remind', 'hold', 'assist', 'skip')}
        self.assertLessEqual(reasons, set(wanted))


@unittest.skipUnless(os.environ.get('HEYUAN'), 'HEYUAN is not set')
class Heyuan(unittest.TestCase):
    RECOGNISED = ('54145.66 57479.20 57237.80 55067.50 56322.10 57516.50'.split(),
                  '0.00 1949.34 1315.43 1297.97 1431.53 1848.00'.split())
    JUNE = ('7975.87 13880.04 6883.52 4682.17 6078.64 1769.37 4601.14 4276.11 3871.64 1650.00').split()

    @classmethod
    def setUpClass(cls):
        cls.folder, cls.tables, book = os.environ['HEYUAN'], {}, fm.Book()
        for step in check.heyuan_steps():
            status, tables = fm.do_step(book, cls.folder, step)
            assert status == 'ok', (step, status, tables)
            cls.tables.update(tables)

    def test_recognised(self):
        rows = [self.tables['run-2026-%02d' % m][1] for m in range(1, 7)]
        self.assertEqual(([r[1] for r in rows], [r[2] for r in rows]), self.RECOGNISED)

    def test_june_after_support(self):
        rows = [r for r in self.tables['explain-2026-06'] if r[:2] == ['activity', '2026-06']]
        self.assertEqual([r[7] for r in rows], self.JUNE)

    def test_expected_files_byte_for_byte(self):
        for month in ('2026-01', '2026-02'):
            explained = fm.csv_text(self.tables['explain-' + month])
            bills = fm.csv_text([r[:13] for r in self.tables['statement-' + month]])
            for name, text in (('explain', explained), ('statement', bills)):
                with open(os.path.join(EXPECTED, '%s-%s.csv' % (name, month)), 'rb') as f:
                    self.assertEqual(f.read(), text.encode('utf-8'))


if __name__ == '__main__':
    unittest.main()
