#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""check-disclosure.py CHECK: whether disclosures of Heyuan agree with what other tools print of the same book (disclose.bats).

In the current folder: d-PERIOD.csv (fee-disclose), totals.csv and balances.csv (fee-ledger), runs.csv (fee-run --list), and by month
lines-MONTH.csv and bills-MONTH.csv (fee-statement) and stages-MONTH.csv (fee-explain)."""
import csv
import sys
from decimal import Decimal
from glob import glob

SECTIONS = ['income', 'category', 'centre', 'support', 'result', 'common', 'receivables', 'rules', 'late', 'head']
MONTHS = ['2026-%02d' % month for month in range(1, 7)]
QUARTERS = {'2026-Q1': MONTHS[:3], '2026-Q2': MONTHS[3:]}


def rows(name):
    with open(name + '.csv', encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


def section(period, name):
    return {row['item']: row for row in rows('d-' + period) if row['section'] == name}


def money(text):
    return Decimal(text or 0)


def total(name, column, wanted=lambda row: True):
    return sum((money(row[column]) for row in rows(name) if wanted(row)), Decimal(0))


def same(got, wanted, *what):
    assert got == wanted, (*what, got, wanted)


def sums():
    for period in MONTHS + list(QUARTERS):
        all_rows = rows('d-' + period)
        same(list(dict.fromkeys(row['section'] for row in all_rows)), SECTIONS, period)
        for name in SECTIONS:
            parts = [row for row in all_rows if row['section'] == name]
            if name in ('rules', 'head'):
                continue
            same(parts[-1]['item'], 'total', period, name)
            for column in ('amount', 'budget', 'previous', 'received', 'before', 'support'):
                if column == 'previous' and name in ('common', 'income'):
                    continue  # buildings and spending of the period before are not shown
                same(sum(money(row[column]) for row in parts[:-1]), money(parts[-1][column]), period, name, column)


def income():
    ledger = {row['period']: row for row in rows('totals')}
    for month in MONTHS:
        own = section(month, 'income')
        same([own['total'][column] for column in ('amount', 'received', 'rate')],
             [ledger[month][column] for column in ('billed', 'received', 'rate')], month)
        for building in '123P':
            same(money(own[building]['amount']), total('bills-' + month, 'total', lambda row: row['unit'][0] == building), month, building)
    for quarter, months in QUARTERS.items():
        for building in ('1', '2', '3', 'P', 'total'):
            for column in ('amount', 'received'):
                same(money(section(quarter, 'income')[building][column]),
                     sum(money(section(month, 'income')[building][column]) for month in months), quarter, building, column)


def receivables():
    own = section('2026-06', 'receivables')
    for age in ('not_due', 'd1_30', 'd31_60', 'd61_90', 'd91_180', 'd181_365', 'd366'):
        same(money(own[age]['amount']), total('balances', age), age)
    same(money(own['credit']['amount']), -total('balances', 'credit'))
    same(money(own['total']['amount']), total('balances', 'balance'))


def costs():
    for month in MONTHS:
        recognised = total('runs', 'recognised', lambda row: row['period'] == month)
        same(money(section(month, 'category')['total']['amount']), recognised, month)
        same(money(section(month, 'centre')['total']['amount']), recognised, month)
        same(money(section(month, 'result')['costs']['amount']), -recognised, month)
        for item, row in section(month, 'centre').items():
            wanted = lambda stage: stage['stage'] == 'activity' and item in (stage['source'], 'total')
            same(money(row['amount']), total('stages-' + month, 'amount', wanted), month, item)
            same(money(row['amount']), total('lines-' + month, 'amount', lambda line: item in (line['item'], 'total')), month, item)
            same(money(row['support']),
                 total('stages-' + month, 'amount', lambda stage: stage['stage'] == 'support' and item in (stage['target'], 'total')), month, item)
        same(money(section(month, 'support')['total']['amount']), total('stages-' + month, 'amount', lambda stage: stage['stage'] == 'support'), month)
        same(money(section(month, 'late')['total']['amount']),
             total('stages-' + month, 'amount', lambda stage: stage['stage'] == 'accrue' and stage['origin'] != month), month)


def periods():
    for quarter, months in QUARTERS.items():
        for name in ('category', 'centre', 'support'):
            for item, row in section(quarter, name).items():
                for column in ('amount', 'budget'):
                    parts = [section(month, name).get(item, {}).get(column) for month in months]
                    same(money(row[column]), sum(map(money, parts)), quarter, name, item, column)
    for before, now in list(zip(MONTHS, MONTHS[1:])) + [('2026-Q1', '2026-Q2')]:
        for name in ('category', 'centre', 'support', 'result'):
            for item, row in section(now, name).items():
                same(money(row['previous']), money(section(before, name).get(item, {}).get('amount')), now, name, item)
        same(section(now, 'common')['opening']['amount'], section(before, 'common')['total']['amount'], now)
    assert all(row['previous'] == '' for row in rows('d-2026-01') + rows('d-2026-Q1'))


def prices():
    """Own quantity as it is known at home, times the price, is the line; to the fen or so, as the price has four decimals."""
    own = section('2026-06', 'centre')
    lines = [row for row in rows('lines-2026-06') if row['origin'] == '2026-06' and row['unit'] == '1-1-0501']
    assert len(lines) == 8  # its floor has no booster pump
    for line in lines:
        quantity = money(line['weight']) / 30
        assert abs(quantity * money(own[line['item']]['unit_cost']) - money(line['amount'])) < Decimal('0.02'), line


def private():
    import re
    text = ''.join(open(name, encoding='utf-8').read() for name in glob('all-*'))
    examples = sys.argv[2]
    words, hidden = set(re.findall(r'[\w*-]+', text)), set()
    for name, columns in (('parties', ('party', 'contact', 'unit')), ('units', ('unit',)), ('costs-2026-06', ('supplier', 'doc'))):
        with open(f'{examples}/{name}.csv', encoding='utf-8') as file:
            for row in csv.DictReader(file):
                hidden |= {row[column] for column in columns}
                assert not row.get('name') or row['name'] not in text, row
    hidden -= {'', 'common'}  # a word of any text, too
    assert len(hidden) > 400 and len(text) > 10000
    assert not hidden & words, hidden & words


{check.__name__: check for check in (sums, income, receivables, costs, periods, prices, private)}[sys.argv[1]]()
