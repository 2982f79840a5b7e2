#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""large.py CASE... [N]: much of something. Each command within bounded memory (its peak is measured), with a clear error or the right
answer. Says the largest peak; exits 1 with what went wrong. N: units for the case `units` (else 200000)."""
import csv
import os
import random
import sys
import tempfile
import threading
from pathlib import Path

BOUND = 300  # MiB
MAX = '92233720368547758.07'
peak = 0


def measured(*words):
    """(status, standard output, standard error), within the bound."""
    global peak
    pid = os.fork()
    if pid == 0:
        for fd, name in [(1, 'said'), (2, 'wrong')]:
            os.dup2(os.open(name, os.O_CREAT | os.O_TRUNC | os.O_WRONLY), fd)
        os.execvp(words[0], words)
    _, status, used = os.wait4(pid, 0)
    peak = max(peak, used.ru_maxrss // 1024)
    assert used.ru_maxrss < BOUND * 1024, (words, used.ru_maxrss)
    return os.waitstatus_to_exitcode(status), Path('said').read_text(), Path('wrong').read_text()


def good(*words):
    status, said, wrong = measured(*words)
    assert status == 0, (words, status, wrong[:2000])
    return said


def refused(message, *words):
    status, said, wrong = measured(*words)
    assert (status, said) == (65, '') and wrong.startswith(message), (words, status, wrong[:2000])


def write(name, *parts):
    with open(name, 'w') as file:
        for part in parts:
            file.write(part if isinstance(part, str) else ''.join(part))


def book(policy, units, parties=True):
    write('policy.ini', '[book]\nname=Large\nstart=2024-01\nsupport=reciprocal\n[billing]\ndue_days=20\n', policy)
    write('units.csv', 'unit,area\n', (f'U{n:07},{n % 90 + 10}\n' for n in range(units)))
    write('parties.csv', 'unit,role,name\n', (f'U{n:07},owner,N{n}\n' for n in range(units)))
    good('fee-init', '-q', 'policy.ini')
    good('fee-import', '-q', 'units', 'units.csv')
    good('fee-import', '-q', 'parties', 'parties.csv')


def fen(text):
    return int(text.replace('.', ''))


def bills(month):
    return list(csv.DictReader(good('fee-statement', '--period', month, '--bills', '--format', 'csv').splitlines()))


# ---- Lines that do not end

def pour(kind, begin, again, times, message):
    """A file of a gibibyte comes through a pipe, is refused long before its end."""
    os.mkfifo('pipe')

    def fill():
        try:
            with open('pipe', 'wb') as pipe:
                pipe.write(begin)
                for _ in range(times):
                    pipe.write(again)
        except BrokenPipeError:
            pass
    filling = threading.Thread(target=fill)
    filling.start()
    refused(f'fee-import: pipe:{message}', 'fee-import', kind, 'pipe')
    filling.join()
    os.remove('pipe')


def lines():
    book('[centre grounds]\ndriver=area\n', 2)
    head = b'doc,date,category,amount,memo\n'
    row = b'D,2024-01-31,greening,1.00,'
    mebibyte = 1 << 20
    pour('costs', head + row, b'x' * mebibyte, 1024, '2: a line is over 64 MiB')
    pour('costs', head + row, b'x,' * (mebibyte // 2), 1024, '2: a line is over 64 MiB')
    pour('costs', b'', b'x' * mebibyte, 1024, '1: a line is over 64 MiB')
    pour('costs', head + row + b'"', (row + b'\n') * (mebibyte // 28), 1024, '2: what is quoted is over 16 MiB; is its quote closed?')
    pour('policy', b'[book]\nname=', b'x' * mebibyte, 1024, '2: a line is over 64 MiB')
    # nothing but holes
    with open('sparse.csv', 'wb') as file:
        file.truncate(1 << 30)
    refused('fee-import: sparse.csv:1: a line is over 64 MiB', 'fee-import', 'costs', 'sparse.csv')
    with open('sparse.csv', 'wb') as file:
        file.truncate(3 << 30)
    refused('fee-import: sparse.csv: the file is larger than 2 GiB', 'fee-import', 'costs', 'sparse.csv')
    # of UTF-16 no half of a character is a quote
    write('rows', 'doc,date,category,amount,memo\n', (f'D{n},2024-01-31,greening,1.00,∢{"单" * 40}\n' for n in range(20000)))
    Path('utf16.csv').write_bytes(Path('rows').read_text().encode('utf-16'))
    good('fee-import', '-q', '--dry-run', 'costs', 'utf16.csv')
    Path('utf16.csv').write_bytes(Path('rows').read_text().encode('utf-16-le'))
    good('fee-import', '-q', '--dry-run', 'costs', 'utf16.csv', '--encoding', 'UTF-16LE')


def columns():
    book('[centre grounds]\ndriver=area\n', 2)
    names = [f'c{n}' for n in range(10000)]
    write('wide.csv', 'unit,' + ','.join(names) + '\n', (f'W{n},' + ','.join(['7'] * 10000) + '\n' for n in range(20)))
    good('fee-import', '-q', 'units', 'wide.csv')
    good('fee-audit', '-q')
    write('wide.csv', 'doc,date,category,amount,' + ','.join(names) + '\n', 'D,2024-01-31,greening,1.00,' + ','.join(['7'] * 10000) + '\n')
    status, _, wrong = measured('fee-import', 'costs', 'wide.csv')
    assert status == 0 and wrong.count('\n') == 22, (status, wrong)
    assert 'wide.csv: columns that are not known and are left out, besides: 9980\n' in wrong, wrong
    write('wide.csv', 'unit,' + ','.join(names) + ',C7\nW,' + ','.join(['7'] * 10001) + '\n')
    refused('fee-import: wide.csv:1: the column "C7" is there twice\n', 'fee-import', 'units', 'wide.csv')


# ---- The edges of 64 bits

def money():
    policy = '[category greening]\ncentre=grounds\n[centre grounds]\ndriver=area\n'
    head = 'doc,date,category,amount\n'
    book(policy, 3)
    for rows, message in [('A,2024-01-31,greening,92233720368547758.08\n', ':2: amount "92233720368547758.08" is too large'),
                          ('A,2024-01-31,greening,-92233720368547758.09\n', ':2: amount "-92233720368547758.09" is too large'),
                          (f'A,2024-01-31,greening,{MAX}\nB,2024-01-31,greening,0.01\n', ': the sum of its amounts is too large')]:
        write('costs.csv', head, rows)
        refused('fee-import: costs.csv' + message, 'fee-import', 'costs', 'costs.csv')
    for month, sign, day in [('2024-01', '', 31), ('2024-02', '-', 29), ('2024-03', '-', 31), ('2024-04', '', 30)]:
        write('costs.csv', head, f'{month},{month}-{day},greening,{sign}{MAX}\n')
        good('fee-import', '-q', 'costs', 'costs.csv')
        good('fee-run', '-q', '--period', month)
        good('fee-audit', '-q', '--period', month)
        assert sum(fen(bill['total']) for bill in bills(month)) == fen(sign + MAX), month
        assert good('fee-explain', '--period', month, '--unit', 'U0000000', '--trace', '--format', 'csv').count('\n') == 2
    good('fee-audit', '-q')
    balances = csv.DictReader(good('fee-ledger', '--balances', '--as-of', '2024-12-31', '--format', 'csv').splitlines())
    assert sum(fen(row['balance']) for row in balances) == 0
    # what is too large together is refused by name, and nothing is posted
    for n in (1, 2):
        write('costs.csv', head, f'X{n},2024-05-31,greening,{MAX}\n')
        good('fee-import', '-q', 'costs', 'costs.csv')
    refused('fee-run: 2024-05: with X2 the pool greening is too large', 'fee-run', '--period', '2024-05')
    good('fee-audit', '-q')


# ---- Many

def units(n=200000):
    """One amount for all of them: the odd fen are shared out, and all adds up."""
    book('[category greening]\ncentre=grounds\n[centre grounds]\ndriver=one\n', n)
    write('costs.csv', f'doc,date,category,amount\nD,2024-01-31,greening,{n * 5}.07\n')
    good('fee-import', '-q', 'costs', 'costs.csv')
    good('fee-run', '-q', '--period', '2024-01')
    amounts = [fen(bill['total']) for bill in bills('2024-01')]
    assert sorted(set(amounts)) == [500, 501] and amounts.count(501) == 7 and len(amounts) == n, len(amounts)
    good('fee-audit', '-q', '--period', '2024-01')


def centres():
    many = range(1000)
    book(''.join(f'[category k{n}]\ncentre=c{n}\n[centre c{n}]\ndriver=area\n' for n in many), 100)
    write('costs.csv', 'doc,date,category,amount\n', (f'D{n},2024-01-31,k{n},{n}.17\n' for n in many))
    good('fee-import', '-q', 'costs', 'costs.csv')
    good('fee-run', '-q', '--period', '2024-01')
    assert sum(fen(bill['total']) for bill in bills('2024-01')) == sum(n * 100 + 17 for n in many)
    traced = list(csv.DictReader(good('fee-explain', '--period', '2024-01', '--unit', 'U0000007', '--trace', '--format', 'csv').splitlines()))
    assert sum(fen(row['amount']) for row in traced) == fen(bills('2024-01')[7]['total']) and len(traced) > 990, len(traced)
    good('fee-audit', '-q', '--period', '2024-01')


def support():
    """Fifty support centres, each of which serves all others."""
    many, chance = range(50), random.Random(1)
    book(''.join(f'[category k{n}]\ncentre=s{n}\n[driver h{n}]\nkind=level\n[centre s{n}]\nkind=support\ndriver=h{n}\n' for n in many)
         + '[centre grounds]\ndriver=area\n[centre guard]\ndriver=one\n', 20)
    targets = [f's{n}' for n in many] + ['grounds', 'guard']
    write('quantities.csv', 'driver,target,quantity,from\n',
          (f'h{n},{target},{chance.randrange(1, 10 ** 9)}.{chance.randrange(10 ** 6):06},2024-01-01\n' for n in many for target in targets if target != f's{n}'))
    amounts = [chance.randrange(10 ** 11) for _ in many]
    write('costs.csv', 'doc,date,category,amount\n', (f'D{n},2024-01-31,k{n},{amounts[n] // 100}.{amounts[n] % 100:02}\n' for n in many))
    good('fee-import', '-q', 'quantities', 'quantities.csv')
    good('fee-import', '-q', 'costs', 'costs.csv')
    good('fee-run', '-q', '--period', '2024-01')
    assert sum(fen(bill['total']) for bill in bills('2024-01')) == sum(amounts)
    good('fee-audit', '-q', '--period', '2024-01')


def months():
    """Twenty years."""
    book('[category greening]\ncentre=grounds\n[centre grounds]\ndriver=area\n', 3)
    every = [(year, month) for year in range(2024, 2044) for month in range(1, 13)]
    write('costs.csv', 'doc,date,category,amount,from,to\n', (f'D{y}{m:02},{y}-{m:02}-28,greening,{m}.01,,\n' for y, m in every),
          'L,2024-01-01,greening,1000.00,2024-01-01,2043-12-31\n')
    status, _, wrong = measured('fee-import', '-q', 'costs', 'costs.csv')
    assert status == 1 and 'more than 12 months after' in wrong, (status, wrong)
    good('fee-run', '-q', '--period', '2043-12', '--catch-up', '--early')
    good('fee-audit', '-q')
    good('fee-audit', '-q', '--period', '2043-12')
    balances = csv.DictReader(good('fee-ledger', '--balances', '--as-of', '2044-12-31', '--format', 'csv').splitlines())
    assert sum(fen(row['balance']) for row in balances) == sum(100 * m + 1 for _, m in every) + 100000


CASES = {f.__name__: f for f in [lines, columns, money, units, centres, support, months]}


def main(words):
    os.environ.update(LC_ALL='C.UTF-8', TZ='UTC', FEE_BOOK='book.db', FEE_USER='tester')
    numbers = [int(word) for word in words if word.isdigit()]
    for name in [word for word in words if not word.isdigit()] or CASES:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                CASES[name](*(numbers if name == 'units' else []))
            except AssertionError as wrong:
                print(f'{name}: {wrong}')
                return 1
            finally:
                os.chdir('/')
    print(f'peak {peak} MiB')
    return 0


if __name__ == '__main__':
    if os.environ.get('FEE_LARGE_BOUND'):
        BOUND = int(os.environ['FEE_LARGE_BOUND'])
    sys.exit(main(sys.argv[1:]))
