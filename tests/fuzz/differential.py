#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""differential.py PROGRAM [N [SEED]]: amounts, quantities and days as the library reads them (PROGRAM is parse-lines) and as interface.md section 3 has them,
written once more here with decimal and datetime. N random cells, most of them nearly right. TAP; names the cells that the two read differently."""
import datetime
import decimal
import random
import re
import subprocess
import sys

BLANKS = ' \t\n\v\f\r\u00a0\u3000'
LONGEST = 61 # signs of a cell that is a number or a day
SIGNS = {'\u2212': '-', '¥': 'Y', '￥': 'Y', '元': 'R', '年': 'y', '月': 'm', '日': 'd'}


def fold(text):
    """ASCII for full-width forms, one blank for many, none outside; None for what stands in no number and no day."""
    out = ''
    for sign in text:
        code = ord(sign)
        plain = chr(code - 0xFEE0) if 0xFF01 <= code <= 0xFF5E else sign
        if sign in BLANKS:
            out += ' '
        elif plain in '0123456789.,-/()':
            out += plain
        elif sign in SIGNS:
            out += SIGNS[sign]
        else:
            return None
    out = re.sub(' +', ' ', out).strip(' ')
    return out if 0 < len(out) <= LONGEST else None


def number(text, point, decimals, money):
    text = fold(text)
    if text is None:
        return None
    group = ',' if point == '.' else '.'
    digits = r'(?P<whole>[1-9][0-9]{0,2}(?:@[0-9]{3})+|[0-9]+)(?:#(?P<fraction>[0-9]+))?'.replace('@', re.escape(group)).replace('#', re.escape(point))
    if money:
        forms = [r'(?P<y>Y ?)?(?P<minus>-)(?P<y2>Y ?)?N(?P<r> ?R)?', r'(?P<y>Y ?)?(?P<minus>\()(?P<y2>Y ?)?N(?P<r> ?R)?\)(?P<r2> ?R)?',
                 r'(?P<y>Y ?)?(?P<y2>)N(?P<r> ?R)?']
    else:
        forms = [r'(?P<minus>-)N', r'(?P<minus>\()N\)', r'N']
    for form in forms:
        found = re.fullmatch(form.replace('N', digits), text)
        if not found:
            continue
        parts = found.groupdict()
        if (parts.get('y') and parts.get('y2')) or (parts.get('r') and parts.get('r2')):
            continue
        fraction = parts['fraction'] or ''
        if len(fraction) > decimals:
            return None
        with decimal.localcontext() as context:
            context.prec = 200
            value = decimal.Decimal(parts['whole'].replace(group, '') + '.' + (fraction or '0')).scaleb(decimals)
            value = int(-value if parts.get('minus') else value)
        least = -2 ** 63 if money else -2 ** 63 + 1
        return value if least <= value < 2 ** 63 else None
    return None


def plain(text):
    found = re.fullmatch(r'-?[0-9]+(?:\.[0-9]{1,6})?', text, re.A)
    if not found:
        return None
    value = int(decimal.Context(prec=2000).scaleb(decimal.Decimal(text), 6))
    return value if -2 ** 63 < value < 2 ** 63 else None


def day(text, form):
    text = fold(text)
    if text is None:
        return None
    for pattern in (r'([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})', r'([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})', r'([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})',
                    r'([0-9]{4})y([0-9]{1,2})m([0-9]{1,2})d', r'([0-9]{4})([0-9]{2})([0-9]{2})'):
        found = re.fullmatch(pattern, text)
        if found:
            return make(*map(int, found.groups()))
    found = re.fullmatch(r'([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})', text)
    if found and form in (1, 2):
        first, second, year = int(found.group(1)), int(found.group(3)), int(found.group(4))
        return make(year, second, first) if form == 1 else make(year, first, second)
    if form == 3 and re.fullmatch('[0-9]{5}', text):
        date = datetime.date(1899, 12, 30) + datetime.timedelta(days=int(text))
        return make(date.year, date.month, date.day)
    return None


def make(year, month, of_month):
    try:
        date = datetime.date(year, month, of_month)
    except ValueError:
        return None
    return date.isoformat() if 1990 <= year <= 2100 else None


# ---------------------------------------------------------------- Cells

ALPHABET = list('0123456789' * 3 + '.,-/()  ') + ['¥', '￥', '元', '年', '月', '日', '−', '—', '\u3000', '\u00a0', '０', '５', '９', '．', '，', '－', '（', '）',
                                                  'e', '+', "'", '%', 'Y', 'R', '\t', '٣', 'x', '\ufeff', '\u200b']


def digits(dice, most):
    return ''.join(dice.choice('0123456789') for _ in range(dice.randint(1, most)))


def amount(dice):
    whole = dice.choice([digits(dice, 3), digits(dice, 7), digits(dice, 20), str(2 ** 63 + dice.randint(-3, 3)), '0'])
    whole = dice.choice([whole[:-2] or '0', whole, whole])
    if dice.random() < 0.4:
        whole = f'{int(whole):,}'
    text = whole + dice.choice(['', '', '.' + digits(dice, 2), '.' + digits(dice, 2), '.' + digits(dice, 7), '.07', '.08'])
    if dice.random() < 0.3:
        text = text.translate(str.maketrans('.,', ',.'))
    text = dice.choice(['', '', '', '¥', '￥ ', '¥ ']) + text + dice.choice(['', '', '', '元', ' 元'])
    text = dice.choice([text, text, '-' + text, '(' + text + ')', '¥-' + text, '¥(' + text + ')', '(' + text + ')元', '-¥' + text])
    return text


def a_day(dice):
    year, month, of_month = dice.choice([dice.randint(1985, 2105), dice.randint(2020, 2030)]), dice.randint(0, 13), dice.choice([dice.randint(0, 32), 28, 29, 30, 31])
    forms = [f'{year}-{month:02}-{of_month:02}', f'{year}/{month}/{of_month}', f'{year}.{month}.{of_month}', f'{year}{month:02}{of_month:02}',
             f'{year}年{month}月{of_month}日', f'{of_month}/{month}/{year}', f'{month:02}.{of_month:02}.{year}', f'{of_month}-{month}-{year}', str(dice.randint(32000, 74000))]
    return dice.choice(forms)


def spoil(dice, text):
    """As it is, in full width, with blanks, or with some signs changed."""
    how = dice.random()
    if how < 0.15:
        text = ''.join(chr(ord(sign) + 0xFEE0) if '!' <= sign <= '~' and dice.random() < 0.7 else sign for sign in text)
    if how > 0.8:
        text = dice.choice(BLANKS) + text + dice.choice(BLANKS) * dice.randint(0, 2)
    for _ in range(dice.choice([0, 0, 1, 1, 2, 3]) if how > 0.6 else 0):
        at = dice.randint(0, len(text))
        text = text[:at] + dice.choice(['', dice.choice(ALPHABET)]) + text[at + dice.choice([0, 1]):]
    return text


def cells(dice, n):
    for _ in range(n):
        form = dice.choice(['m2.', 'm2.', 'm2,', 'm0.', 'm3.', 'm4,', 'q.', 'q,', 'p', 'd0', 'd0', 'd1', 'd2', 'd3'])
        yield form, spoil(dice, a_day(dice) if form[0] == 'd' else amount(dice))


def read(form, text):
    if form[0] == 'd':
        return day(text, int(form[1]))
    if form[0] == 'p':
        return plain(text)
    return number(text, form[-1], int(form[1]) if form[0] == 'm' else 6, form[0] == 'm')


def main():
    program, n, seed = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1000000, int(sys.argv[3]) if len(sys.argv) > 3 else 1
    asked = list(cells(random.Random(seed), n))
    lines = ''.join(f'{form} {text.encode().hex()}\n' for form, text in asked)
    done = subprocess.run([program], input=lines, capture_output=True, text=True, check=True)
    answers = done.stdout.split('\n')[:-1]
    print('1..1')
    taken, wrong = 0, []
    for (form, text), answer in zip(asked, answers):
        wanted = read(form, text)
        taken += wanted is not None
        if answer != ('-' if wanted is None else str(wanted)):
            wrong.append(f'{form} {text!r}: the library says {answer}, interface.md {wanted}')
    ok = not wrong and len(answers) == n and n / 5 < taken < n
    print(('ok' if ok else 'not ok') + f' 1 - {n} cells read as interface.md has them, {n - taken} of them refused (seed {seed})')
    for line in wrong[:20]:
        print('#', line)


main()
