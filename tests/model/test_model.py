#!/usr/bin/env python3
"""Every worked example of rules.md, held against the model; and the Heyuan demo where its folder is given.

Run: python3 tests/model/test_model.py       (HEYUAN=/path/to/heyuan adds the demo)
"""
import os
import sys
import tempfile
import unittest
from fractions import Fraction

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import check
import feemodel as fm
import genbook

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
