#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""make-unit-data.py FOLDER: writes depreciation.txt and reciprocal.txt, the exact answers that test-depreciate and test-support
compare with. Nothing of the engine is used: amounts are fractions, and the systems are solved by plain elimination."""
import datetime
import os
import random
import sys
from fractions import Fraction


def half_away(x):
    n = (2 * abs(x.numerator) + x.denominator) // (2 * x.denominator)
    return -n if x < 0 else n


def money(fen):
    return f'{"-" if fen < 0 else ""}{abs(fen) // 100}.{abs(fen) % 100:02d}'


# ---- Depreciation: rules.md section 4

def by_year(method, cost, residual, years):
    """What each year takes, exactly."""
    if method == 'sum-of-years':
        return [Fraction((cost - residual) * (years - y), years * (years + 1) // 2) for y in range(years)]
    book, takes = Fraction(cost), []
    while len(takes) < years:
        left = years - len(takes)
        if left <= 2:
            takes += [(book - residual) / left] * left
        else:
            takes.append(min(book * Fraction(2, years), book - residual))
        book = cost - sum(takes)
    return takes


def taken(method, cost, residual, life, n):
    if method == 'straight-line':
        return half_away(Fraction((cost - residual) * n, life))
    years = by_year(method, cost, residual, life // 12)
    return half_away(sum(years[:n // 12], Fraction(0)) + (years[n // 12] * Fraction(n % 12, 12) if n % 12 else 0))


def month_index(day):
    return day.year * 12 + day.month - 1


def depreciation_case(method, cost, residual, life, service, disposed, same_month, rng):
    first = month_index(service) + (0 if same_month else 1)
    last = month_index(disposed) if disposed else 10 ** 6
    points = sorted({first - 2, first - 1, first, first + 1, first + 11, first + 12, first + life - 2, first + life - 1,
                     first + life, first + life + 30} | {first + rng.randrange(life) for _ in range(6)})
    cells = []
    for month in points:
        n = max(0, min(min(month, last) - first + 1, life))
        cells.append(f'{month // 12}-{month % 12 + 1:02d} {money(taken(method, cost, residual, life, n) if last >= first else 0)}')
    return ' | '.join([method, money(cost), money(residual), str(life), str(service), str(disposed or ''),
                       'same-month' if same_month else 'next-month', ', '.join(cells)])


def depreciation(path):
    rng = random.Random(41)
    lines = [depreciation_case('straight-line', 1000000, 50000, 36, datetime.date(2025, 12, 10), None, False, rng)]
    for method in ('sum-of-years', 'double-declining'):
        lines.append(depreciation_case(method, 10000000, 400000, 60, datetime.date(2020, 12, 1), None, False, rng))
    for _ in range(240):
        method = rng.choice(['straight-line', 'sum-of-years', 'double-declining', 'double-declining'])
        life = rng.choice([12, 24, 36, 48, 60, 84, 120, 240, 360])
        if method == 'straight-line':
            life = rng.randrange(1, 400)
        cost = rng.choice([rng.randrange(1, 100), rng.randrange(1, 10 ** 7), rng.randrange(1, 10 ** 14)])
        residual = rng.choice([0, cost, cost * rng.randrange(60, 100) // 100, rng.randrange(cost + 1), cost // 20])
        service = datetime.date(rng.randrange(1995, 2060), rng.randrange(1, 13), rng.randrange(1, 29))
        disposed = service + datetime.timedelta(rng.randrange(0, life * 40)) if rng.random() < .3 else None
        lines.append(depreciation_case(method, cost, residual, life, service, disposed, rng.random() < .3, rng))
    with open(path, 'w', encoding='utf-8') as file:
        file.write('# Written by make-unit-data.py. method | cost | residual | life | in service | disposed | depreciation_start | '
                   'taken through the end of months\n')
        file.write('\n'.join(lines) + '\n')


# ---- Reciprocal support: rules.md section 5

def solve(matrix, right):
    n = len(matrix)
    rows = [list(row) + [value] for row, value in zip(matrix, right)]
    for k in range(n):
        pivot = next(r for r in range(k, n) if rows[r][k] != 0)
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [value / rows[k][k] for value in rows[k]]
        for r in range(n):
            if r != k and rows[r][k] != 0:
                rows[r] = [a - rows[r][k] * b for a, b in zip(rows[r], rows[k])]
    return [row[n] for row in rows]


def reciprocal(weights, own, n_primary):
    n = len(own)
    share = []
    for i in range(n):
        row = [0 if t == i else w for t, w in enumerate(weights[i])]
        share.append([Fraction(w, sum(row)) for w in row])
    x = solve([[(1 if i == j else 0) - share[j][i] for j in range(n)] for i in range(n)], [Fraction(v) for v in own])
    return [sum(x[i] * share[i][n + p] for i in range(n)) for p in range(n_primary)]


def rounded(exact, order):
    total = sum(exact)
    sign = -1 if total < 0 else 1
    exact = [value * sign for value in exact]
    parts = [value.numerator // value.denominator for value in exact]
    by_fraction = sorted(range(len(exact)), key=lambda p: (-(exact[p] - parts[p]), order[p]))
    for p in by_fraction[:int(sum(exact)) - sum(parts)]:
        parts[p] += 1
    return [part * sign for part in parts]


def reciprocal_file(path):
    rng = random.Random(42)
    with open(path, 'w', encoding='utf-8') as file:
        file.write('# Written by make-unit-data.py. weights of each support centre for all (;) | own pools | rank of primary centres by '
                   'id | what reaches them\n')
        for k in range(60):
            n, n_primary = rng.randrange(1, 9), rng.randrange(1, 7)
            size = rng.choice([5, 1000, 10 ** 9, 10 ** 15])
            weights = [[rng.choice([0, rng.randrange(size)]) for _ in range(n + n_primary)] for _ in range(n)]
            for row in weights:
                row[n + rng.randrange(n_primary)] += 1
            own = [rng.randrange(-10 ** 7, 10 ** 9) if k % 3 else rng.choice([0, rng.randrange(-10 ** 15, 10 ** 14)]) for _ in range(n)]
            order = list(range(n_primary))
            rng.shuffle(order)
            exact = reciprocal(weights, own, n_primary)
            cells = [f'{part}{"" if r else "-"}' for part, r in zip(rounded(exact, order), exact)]
            file.write(' | '.join(['; '.join(' '.join(map(str, row)) for row in weights), ' '.join(map(str, own)),
                                   ' '.join(map(str, order)), ' '.join(cells)]) + '\n')


if __name__ == '__main__':
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), 'data')
    depreciation(os.path.join(folder, 'depreciation.txt'))
    reciprocal_file(os.path.join(folder, 'reciprocal.txt'))
