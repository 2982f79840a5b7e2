#!/usr/bin/env python3
"""An independent model of the fee rules (rules.md), an oracle for the tests of the C tools.

usage: feemodel.py STEPS_FILE OUTDIR

A steps file holds one step a line (paths relative to its folder; '#' begins a comment line):

    init policy.ini
    import KIND FILE [--amend] [--through 2026-07-15]
    retract BATCH REASON...
    run 2026-01 [--restate 2025-12]... [--issue-date 2026-02-05]
    withdraw 2026-01 REASON...
    now 2026-01                 (what was posted for a month beside what is known now)
    ledger 2026-07-20
    balances 2026-07-20
    totals 2026-07-20
    remind 2026-07-20
    approved 2026-07-20         (remind with --approved-by)

OUTDIR gets status.txt (one line a step: `ok`, `already` or `refused 65|78`), and for each posted run
run-P.csv, explain-P.csv, open-P.csv and statement-P.csv, for each ledger or reminder step its table, such as balances-D.csv.

Only int and Fraction touch an amount. Clearness goes before speed everywhere: this is read beside rules.md.
Not modelled: digests, budgets and common-area income, and every check that changes no amount.
"""
import collections
import csv
import datetime
import hashlib
import io
import os
import re
import sys
import unicodedata
from fractions import Fraction

NEVER, FOREVER = -10 ** 9, 10 ** 9      # day numbers before and after all others
MICRO = 10 ** 6
BUILT_IN = ('personnel maintenance cleaning greening security office depreciation insurance other').split()
DECIMALS = {'JPY': 0, 'KRW': 0, 'KWD': 3, 'BHD': 3}     # all others: 2


class Refused(Exception):
    """What the tools refuse: `code` is their exit status."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def by_bytes(text):
    """Sort key: ids are ordered bytewise, everywhere."""
    return text.encode('utf-8')


# ---------------------------------------------------------------- numbers and dates (rules 1)

def round_half_away(a, b):
    """round(a/b), half away from zero; a Fraction or int over a positive int."""
    q = Fraction(a) / b
    whole = (abs(q) + Fraction(1, 2)).__floor__()
    return whole if q >= 0 else -whole


def parse_decimal(text, decimals):
    t = unicodedata.normalize('NFKC', text).strip()
    negative = t.startswith('(') and t.endswith(')')
    if negative:
        t = t[1:-1]
    if t.startswith('\u00a5'):
        t = t[1:]
    m = re.match(r'^(-?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?$', t)
    if not m or len(m.group(3) or '') > decimals or (negative and m.group(1)):
        raise Refused(65, 'amount "%s" is not a number' % text)
    value = int(m.group(2).replace(',', '') + (m.group(3) or '').ljust(decimals, '0'))
    return -value if negative or m.group(1) else value


def show_decimal(value, decimals):
    sign, digits = '-' if value < 0 else '', str(abs(value)).rjust(decimals + 1, '0')
    return sign + (digits[:-decimals] + '.' + digits[-decimals:] if decimals else digits)


def show_quantity(value):
    text = show_decimal(value, 6)
    return text.rstrip('0').rstrip('.')


def parse_date(text):
    t = unicodedata.normalize('NFKC', text).strip()
    m = (re.match(r'^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$', t) or re.match(r'^(\d{4})()(\d{2})(\d{2})$', t)
         or re.match(r'^(\d{4})()年(\d{1,2})月(\d{1,2})日$', t))
    try:
        return datetime.date(int(m.group(1)), int(m.group(3)), int(m.group(4))).toordinal()
    except (AttributeError, ValueError):
        raise Refused(65, '"%s" is not a date' % text)


def show_date(day):
    return datetime.date.fromordinal(day).isoformat()


def parse_period(text):
    m = re.match(r'^(\d{4})-(\d{2})$', text)
    if not m or not 1 <= int(m.group(2)) <= 12:
        raise Refused(65, '"%s" is not a month' % text)
    return int(m.group(1)) * 12 + int(m.group(2)) - 1


def show_period(month):
    return '%04d-%02d' % divmod_month(month)


def divmod_month(month):
    return month // 12, month % 12 + 1


def first_day(month):
    return datetime.date(*divmod_month(month), 1).toordinal()


def last_day(month):
    return first_day(month + 1) - 1


def month_of(day):
    d = datetime.date.fromordinal(day)
    return d.year * 12 + d.month - 1


# ---------------------------------------------------------------- allocate (rules 2)

def largest_remainder(amount, weights, tie):
    """Splits amount by integer weights. tie(i) orders equal remainders, smaller first.

    Returns the parts and the indexes that got an odd fen. The caller has seen to sum(weights) > 0.
    """
    total, size = sum(weights), abs(amount)
    parts = [size * w // total for w in weights]
    left = size - sum(parts)
    order = sorted((i for i, w in enumerate(weights) if w), key=lambda i: (-(size * weights[i] % total), tie(i)))
    odd = order[:left]
    for i in odd:
        parts[i] += 1
    return [p if amount >= 0 else -p for p in parts], odd


def allocate_to_centres(amount, weights):
    """weights: {centre: weight}. Ties go to the smaller id."""
    ids = [c for c in weights if weights[c]]
    parts, _ = largest_remainder(amount, [weights[c] for c in ids], lambda i: by_bytes(ids[i]))
    return dict(zip(ids, parts))


def allocate_to_units(amount, weights, counts):
    """weights: {unit: weight}. The odd fen go round: counts is brought up to date."""
    ids = sorted((u for u in weights if weights[u]), key=by_bytes)
    start = min([counts[u] for u in ids if u in counts], default=0)
    for u in ids:
        counts.setdefault(u, start)
    rank = range(len(ids))
    if amount >= 0:
        tie, step = (lambda i: (counts[ids[i]], rank[i])), 1
    else:
        tie, step = (lambda i: (-counts[ids[i]], -rank[i])), -1
    parts, odd = largest_remainder(amount, [weights[u] for u in ids], tie)
    for i in odd:
        counts[ids[i]] += step
    return dict(zip(ids, parts))


# ---------------------------------------------------------------- CSV in

TEXT, MONEY, QUANTITY, DATE = 'text', 'money', 'quantity', 'date'
FROM_NAMES, TO_NAMES = '起 开始日期 生效日 费用起', '止 结束日期 失效日 费用止'

# kind: (key columns, {column: (type, required, Chinese names)})
KINDS = {
    'units': (('unit', 'from'), {
        'unit': (TEXT, 1, '房号 房屋编码'), 'building': (TEXT, 0, '楼栋'), 'entrance': (TEXT, 0, '单元'),
        'floor': (TEXT, 0, '楼层'), 'kind': (TEXT, 0, '物业类型'), 'area': (TEXT, 0, '建筑面积'),
        'from': (DATE, 0, FROM_NAMES), 'to': (DATE, 0, TO_NAMES)}),
    'parties': (('unit', 'role', 'from'), {
        'unit': (TEXT, 1, '房号 房屋编码'), 'role': (TEXT, 1, '角色'), 'party': (TEXT, 0, '编号'),
        'name': (TEXT, 1, '姓名'), 'contact': (TEXT, 0, '联系方式'), 'from': (DATE, 0, FROM_NAMES),
        'to': (DATE, 0, TO_NAMES)}),
    'costs': (('doc', 'line'), {
        'doc': (TEXT, 1, '凭证号'), 'line': (TEXT, 0, '分录号'), 'date': (DATE, 1, '日期'),
        'category': (TEXT, 1, '费用类别'), 'amount': (MONEY, 1, '金额'), 'from': (DATE, 0, FROM_NAMES),
        'to': (DATE, 0, TO_NAMES), 'centre': (TEXT, 0, '作业中心'), 'spread': (TEXT, 0, ''),
        'supplier': (TEXT, 0, '供应商'), 'memo': (TEXT, 0, '摘要')}),
    'assets': (('asset',), {
        'asset': (TEXT, 1, '资产编号'), 'name': (TEXT, 1, '名称'), 'cost': (MONEY, 1, '原值'),
        'residual': (MONEY, 1, '残值'), 'life': (TEXT, 0, '使用月数'), 'in_service': (DATE, 1, '启用日期'),
        'disposed': (DATE, 0, '处置日期'), 'method': (TEXT, 0, ''), 'centre': (TEXT, 0, ''),
        'opening': (MONEY, 0, '已提折旧'), 'units': (QUANTITY, 0, '总工作量')}),
    'quantities': (('driver', 'target', 'from'), {
        'driver': (TEXT, 1, '动因'), 'target': (TEXT, 1, '对象'), 'quantity': (QUANTITY, 1, '数量'),
        'from': (DATE, 0, FROM_NAMES), 'to': (DATE, 0, TO_NAMES)}),
    'receipts': (('receipt',), {
        'receipt': (TEXT, 1, '收据号'), 'date': (DATE, 1, '收款日期'), 'unit': (TEXT, 1, '房号'),
        'amount': (MONEY, 1, '实收金额'), 'party': (TEXT, 0, ''), 'bill': (TEXT, 0, '账单号'),
        'reverses': (TEXT, 0, '冲销'), 'method': (TEXT, 0, '收款方式'), 'memo': (TEXT, 0, '备注')}),
    'adjustments': (('adjustment',), {
        'adjustment': (TEXT, 1, '编号'), 'date': (DATE, 1, '日期'), 'unit': (TEXT, 1, ''), 'party': (TEXT, 1, ''),
        'kind': (TEXT, 1, ''), 'amount': (MONEY, 1, '金额'), 'due': (DATE, 0, '到期日'), 'bill': (TEXT, 0, ''),
        'reason': (TEXT, 1, '原因'), 'approved_by': (TEXT, 0, '批准人')}),
    'holds': (('hold',), {
        'hold': (TEXT, 1, '编号'), 'unit': (TEXT, 1, '房号 房屋编码'), 'party': (TEXT, 0, ''), 'kind': (TEXT, 1, ''),
        'from': (DATE, 1, FROM_NAMES), 'to': (DATE, 0, TO_NAMES), 'bill': (TEXT, 0, ''), 'plan': (TEXT, 0, ''),
        'reason': (TEXT, 1, '')}),
    'instalments': (('plan', 'due'), {
        'plan': (TEXT, 1, ''), 'unit': (TEXT, 1, '房号 房屋编码'), 'party': (TEXT, 1, ''), 'due': (DATE, 1, ''),
        'amount': (MONEY, 1, '金额')}),
    'notices': (('notice',), {
        'notice': (TEXT, 1, ''), 'date': (DATE, 1, '日期'), 'unit': (TEXT, 1, '房号 房屋编码'), 'party': (TEXT, 0, ''),
        'step': (TEXT, 1, ''), 'channel': (TEXT, 0, ''), 'result': (TEXT, 0, ''), 'proof': (TEXT, 0, ''),
        'approved_by': (TEXT, 0, '批准人'), 'memo': (TEXT, 0, '备注')}),
}
# cells that may say it in Chinese
VALUES = {
    ('parties', 'role'): {'业主': 'owner', '使用人': 'occupant'},
    ('holds', 'kind'): {'困难': 'hardship', '争议': 'dispute', '分期': 'instalments', '诉讼': 'legal', '身故': 'deceased'},
    ('notices', 'result'): {'送达': 'delivered', '未送达': 'failed'},
}
HOLD_KINDS = 'deceased legal stop-contact instalments hardship dispute'.split()     # by precedence
INSTEAD = {'receipts': 'unit'}      # a cell that may be empty where the row names its bill
# kinds that change no amount here: kept as batches only
OPAQUE = {'budgets': 3, 'income': 1}


def decode(data):
    for bom, name in ((b'\xef\xbb\xbf', 'utf-8-sig'), (b'\xff\xfe', 'utf-16'), (b'\xfe\xff', 'utf-16')):
        if data.startswith(bom):
            return data.decode(name)
    try:
        return data.decode('utf-8')
    except UnicodeDecodeError:
        return data.decode('gb18030')


def read_table(data):
    """The header and the rows of a CSV file; blank lines are left out, a guarding ' is taken off."""
    text = decode(data)
    head = text.split('\n', 1)[0]
    delimiter = max(',;\t', key=head.count)
    rows = [[unguard(c) for c in r] for r in csv.reader(io.StringIO(text, newline=''), delimiter=delimiter) if r]
    if not rows:
        raise Refused(65, 'the file is empty')
    if any(len(r) != len(rows[0]) for r in rows):
        raise Refused(65, 'ragged row')
    return rows[0], rows[1:]


def unguard(cell):
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in '=+-@\t\r' else cell


def column_names(kind, header):
    """The header in the book's own names; None for a column that is left out."""
    columns = KINDS[kind][1]
    known = {alias: name for name, spec in columns.items() for alias in [name] + spec[2].split()}
    names = []
    for cell in header:
        plain = cell.strip().lower()
        names.append(known.get(plain, plain if kind == 'units' else None))
    given = [n for n in names if n]
    missing = [n for n, spec in columns.items() if spec[1] and n not in given and not (n == INSTEAD.get(kind) and 'bill' in given)]
    if missing or len(set(given)) != len(given):
        raise Refused(65, '%s: a column is missing or there twice' % kind)
    return names


def parse_cell(kind, name, text, decimals):
    type_, required = KINDS[kind][1].get(name, (TEXT, 0))[:2]
    if text == '':
        if required and name != INSTEAD.get(kind):
            raise Refused(65, '%s: %s is empty' % (kind, name))
        return '' if type_ == TEXT else None
    if type_ == MONEY:
        return parse_decimal(text, decimals)
    if type_ == QUANTITY:
        return parse_decimal(text, 6)
    return parse_date(text) if type_ == DATE else text


def read_records(kind, data, decimals):
    """The file's rows as {key: {column: value}}, with the columns that the file has."""
    if kind in OPAQUE:
        return {tuple(r): {} for r in read_table(data)[1]}
    header, rows = read_table(data)
    names, records = column_names(kind, header), {}
    for row in rows:
        record = {n: parse_cell(kind, n, c, decimals) for n, c in zip(names, row) if n}
        if kind == 'receipts' and 'bill' in record:
            record['bill'] = bill_of_reference(record['bill'])
        for column in record:
            record[column] = VALUES.get((kind, column), {}).get(record[column], record[column])
        key = tuple(record.get(c, None if KINDS[kind][1][c][0] == DATE else '') for c in KINDS[kind][0])
        if key in records:
            raise Refused(65, '%s: key %r twice in one file' % (kind, key))
        records[key] = record
    return records


def bill_of_reference(text):
    """A payment reference (ISO 11649: RF, two check digits, the bill number without its hyphen) is its bill's number."""
    folded = ''.join(unicodedata.normalize('NFKC', text).upper().split())
    if not folded.startswith('RF'):
        return text
    if not re.match(r'^RF\d{15,18}$', folded) or reference_of_bill(folded[4:]) != folded:
        raise Refused(65, '%s is no payment reference' % text)
    return folded[4:10] + '-' + folded[10:]


def reference_of_bill(bill):
    """R is 27, F is 15; with its check digits the number is 1 modulo 97."""
    digits = bill.replace('-', '')
    return 'RF%02d%s' % (98 - int(digits + '271500') % 97, digits)


def complete(kind, record):
    """Columns that no file gave are empty."""
    for name, spec in KINDS[kind][1].items():
        record.setdefault(name, '' if spec[0] == TEXT else None)
    return record


# ---------------------------------------------------------------- policy

Step = collections.namedtuple('Step', 'name type after wait approval')
DEFAULT_LADDER = [('notice', 'notice', -15, 0, False), ('friendly', 'letter', 7, 0, False),
                  ('second', 'letter', 20, 0, False), ('visit', 'visit', 35, 0, False),
                  ('demand', 'demand', 60, 15, True), ('mediation', 'internal', 75, 0, False),
                  ('legal', 'internal', 90, 0, False)]
CONTACTS = ('letter', 'visit', 'demand')


class Policy:
    def __init__(self, text):
        groups = self.parse(text)
        book, billing = groups.get('book', {}), groups.get('billing', {})
        if 'start' not in book or 'due_days' not in billing:
            raise Refused(78, 'policy: start and due_days are required')
        self.start = parse_period(book['start'])
        self.valid_from = parse_period(book.get('from', book['start']))
        self.currency = book.get('currency', 'CNY')
        self.support = book.get('support', 'direct')
        self.unsold = book.get('unsold', '')
        self.same_month = book.get('depreciation_start', 'next-month') == 'same-month'
        self.issue_after = billing.get('issue', 'after') == 'after'
        self.due_days = int(billing['due_days'])
        self.read_reminders(groups)
        listed = {g.split(' ', 1)[1]: v for g, v in groups.items() if g.startswith('category ')}
        self.categories = dict(listed)
        for name in BUILT_IN:
            self.categories.setdefault(name, {})
        self.centres = {g.split(' ', 1)[1]: v for g, v in groups.items() if g.startswith('centre ')}
        self.drivers = {g.split(' ', 1)[1]: v.get('kind', 'level') for g, v in groups.items()
                        if g.startswith('driver ')}
        for category in self.categories.values():
            if category.get('driver') and category.get('centre'):
                raise Refused(78, 'policy: a category has a driver or a centre, not both')
        for centre in self.centres.values():
            centre['conditions'] = parse_scope(centre.get('scope', ''))
        # the order in which targets are listed: categories, then centres
        self.order = {name: i for i, name in enumerate(list(self.categories) + list(self.centres))}

    def read_reminders(self, groups):
        keys = groups.get('reminders', {})
        self.minimum = parse_decimal(keys.get('minimum', '0'), DECIMALS.get(self.currency, 2))
        self.interval_days = int(keys.get('interval_days', 7))
        self.monthly_limit = int(keys.get('monthly_limit', 3))
        self.receipts_max_age = int(keys.get('receipts_max_age', 10))
        types = {step[0]: step[1] for step in DEFAULT_LADDER}
        self.steps = []
        for group, v in groups.items():
            if group.startswith('reminder '):
                name = group.split(' ', 1)[1]
                self.steps.append(Step(name, v.get('type', types.get(name, 'letter')), int(v['after']),
                                       int(v.get('wait', 0)), v.get('approval', 'no') == 'yes'))
        self.steps = self.steps or [Step(*step) for step in DEFAULT_LADDER]

    @staticmethod
    def parse(text):
        groups, group = {}, None
        for line in text.splitlines():
            line = line.strip()
            if not line or line.startswith('#'):
                continue
            if line.startswith('['):
                group = line[1:-1]
                if group in groups:
                    raise Refused(78, 'policy: group %s twice' % group)
                groups[group] = {}
            else:
                key, value = line.split('=', 1)
                groups[group][key.strip()] = value.strip()
        return groups

    def of_kind(self, kind):
        return [c for c, v in self.centres.items() if v.get('kind', 'primary') == kind]

    def driver_names(self):
        named = [v.get('driver') for v in list(self.categories.values()) + list(self.centres.values())]
        return set(self.drivers) | {n for n in named if n}


def parse_scope(text):
    conditions = []
    for part in filter(None, text.split(';')):
        name, op, value = re.match(r'^(.*?)(!=|<=|>=|=|<|>)(.*)$', part).groups()
        conditions.append((name.strip().lower(), op, value))
    return conditions


def in_scope(conditions, row):
    return all(holds(row.get(name) or '', op, value) for name, op, value in conditions)


def holds(have, op, want):
    if op in ('=', '!='):
        return (have in want.split(',')) == (op == '=')
    a, b = as_number(have), as_number(want)
    if a is None or b is None:
        return False
    return {'<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b}[op]


def as_number(text):
    """Micro-units, or None where the text is no number."""
    try:
        return parse_decimal(text, 6)
    except Refused:
        return None


# ---------------------------------------------------------------- the book: batches and what is known

class Book:
    def __init__(self):
        self.batches = {}       # number: {'kind', 'sha', 'rows', 'policy', 'retracted', 'through'}
        self.sequence = 0       # retractions take a number too
        self.runs = []
        self.withdrawn = []     # (run, reason), in order
        self.already = {}       # (kind, key): {(target, origin): amount}
        self.counts = {}        # unit: odd fen that it has borne
        self.cache = {}

    # -- batches

    def init(self, data):
        policy = Policy(decode(data))
        self.decimals = DECIMALS.get(policy.currency, 2)
        self.start = policy.start
        self.add('policy', data, {}, policy)

    def add(self, kind, data, rows, policy=None, through=None):
        self.sequence += 1
        self.batches[self.sequence] = {'kind': kind, 'sha': hashlib.sha256(data).digest(), 'rows': rows,
                                       'policy': policy, 'retracted': False, 'through': through}
        self.cache = {}

    def live(self, kind):
        return [b for _, b in sorted(self.batches.items()) if b['kind'] == kind and not b['retracted']]

    def import_data(self, kind, data, amend=False, through=None):
        """Returns 'ok' or 'already'."""
        sha = hashlib.sha256(data).digest()
        rows = {} if kind == 'policy' else read_records(kind, data, self.decimals)
        if kind == 'receipts' and through is None:
            through = max((r['date'] for r in rows.values()), default=None)
        if any(b['sha'] == sha and b['through'] == through for b in self.live(kind)):
            return 'already'
        if kind == 'policy':
            self.add(kind, data, {}, self.new_policy(data))
        else:
            self.add(kind, data, rows if kind in OPAQUE else self.merge(kind, rows, amend), through=through)
        try:
            self.validate()
        except Refused:
            del self.batches[self.sequence]
            self.sequence -= 1
            self.cache = {}
            raise
        return 'ok'

    def new_policy(self, data):
        policy = Policy(decode(data))
        first = self.policies()[0]
        if (policy.start, policy.currency) != (first.start, first.currency):
            raise Refused(78, 'policy: start and currency never change')
        used = {name for run in self.runs for row in run['explain'] for name in row[2:4] if row[0] != 'accrue'}
        if not used - {'*', 'units'} <= set(policy.order):
            raise Refused(78, 'policy: drops a category or centre that posted runs used')
        return policy

    def merge(self, kind, rows, amend):
        """A known key with new content needs --amend; columns that the file lacks keep their value."""
        known, merged = self.known(kind), {}
        if kind == 'receipts':
            self.give_units(rows)
        for key, row in rows.items():
            old = known.get(key)
            if old is None:
                merged[key] = complete(kind, dict(row))
                continue
            changed = any(old.get(c, '') != v for c, v in row.items())
            if changed and not amend:
                raise Refused(65, '%s %r is known with other content' % (kind, key))
            merged[key] = dict(old, **row)
        return merged

    def give_units(self, rows):
        """A receipt without a unit is of the unit of its bill, as bills are posted now."""
        units = {b['bill']: b['unit'] for run in self.runs for b in run['bills']}
        for row in rows.values():
            if row.get('unit', '') == '':
                row['unit'] = units.get(row.get('bill', ''))
                if row['unit'] is None:
                    raise Refused(65, 'receipts: %s needs its unit or its bill' % row['receipt'])

    def retract(self, number):
        batch = self.batches.get(number)
        if batch is None or batch['retracted'] or number == 1:
            raise Refused(65, 'batch %d cannot be retracted' % number)
        batch['retracted'], self.cache = True, {}
        try:
            self.validate()
        except Refused:
            batch['retracted'], self.cache = False, {}
            raise
        self.sequence += 1

    def known(self, kind):
        """{key: record}: for each key what the last batch that is not retracted says."""
        if kind not in self.cache:
            self.cache[kind] = {}
            for batch in self.live(kind):
                self.cache[kind].update(batch['rows'])
        return self.cache[kind]

    def through(self):
        """The day up to which receipts are complete; None without receipts."""
        return max((b['through'] for b in self.live('receipts') if b['through'] is not None), default=None)

    def policies(self):
        return [b['policy'] for b in self.live('policy')]

    def policy(self, month):
        """The version in force: greatest `from` not after the month, of equal ones the later batch."""
        usable = [p for p in self.policies() if p.valid_from <= max(month, self.start)]
        best = max(p.valid_from for p in usable)
        return [p for p in usable if p.valid_from == best][-1]

    # -- facts with a span of days

    def spans(self, kind, columns):
        """{columns' values: [(from, to, record)]}, by from. An open end lasts until the next row."""
        name = (kind, columns)
        if name not in self.cache:
            groups = {}
            for record in self.known(kind).values():
                groups.setdefault(tuple(record[c] for c in columns), []).append(record)
            self.cache[name] = {key: self.lay_out(kind, records) for key, records in groups.items()}
        return self.cache[name]

    @staticmethod
    def lay_out(kind, records):
        records = sorted(records, key=lambda r: NEVER if r['from'] is None else r['from'])
        starts = [NEVER if r['from'] is None else r['from'] for r in records] + [FOREVER]
        spans = []
        for i, r in enumerate(records):
            end = starts[i + 1] - 1 if r['to'] is None else r['to']
            if end < starts[i] or end >= starts[i + 1]:
                raise Refused(65, '%s: rows overlap or end before they begin: %r' % (kind, r))
            spans.append((starts[i], end, r))
        return spans

    def party_on(self, unit, role, day):
        for a, b, r in self.spans('parties', ('unit', 'role')).get((unit, role), []):
            if a <= day <= b:
                return party_id(r)
        return None

    # -- what an import or a retraction must not break

    def validate(self):
        self.spans('units', ('unit',))
        self.spans('parties', ('unit', 'role'))
        self.spans('quantities', ('driver', 'target'))
        units = {r['unit'] for r in self.known('units').values()}
        centres = {c for p in self.policies() for c in p.centres}
        categories = {c for p in self.policies() for c in p.categories}
        drivers = {d for p in self.policies() for d in p.driver_names()} | {'units-of-output'}
        assets = {r['asset'] for r in self.known('assets').values()}
        steps = {s.name for p in self.policies() for s in p.steps}
        for kind, column, allowed in (
                ('parties', 'unit', units), ('costs', 'category', categories), ('costs', 'centre', centres | {''}),
                ('assets', 'centre', centres | {''}), ('quantities', 'driver', drivers),
                ('quantities', 'target', units | centres | assets), ('receipts', 'unit', units | {'?'}),
                ('adjustments', 'unit', units), ('holds', 'unit', units), ('holds', 'kind', set(HOLD_KINDS)),
                ('instalments', 'unit', units), ('notices', 'unit', units), ('notices', 'step', steps),
                ('notices', 'result', {'', 'delivered', 'failed'})):
            for r in self.known(kind).values():
                if r[column] not in allowed:
                    raise Refused(65, '%s: no such %s: %s' % (kind, column, r[column]))
        for r in self.known('costs').values():
            cost_span(r)
        for r in self.known('assets').values():
            check_asset(self, r)
        self.validate_flows()
        self.validate_payments()

    def validate_flows(self):
        flows = {d for p in self.policies() for d, kind in p.drivers.items() if kind == 'flow'} | {'units-of-output'}
        for r in self.known('quantities').values():
            if r['driver'] in flows and (r['from'] is None or r['to'] is None):
                raise Refused(65, 'quantities: a flow needs from and to')

    def validate_payments(self):
        bills = {b['bill']: b for run in self.runs for b in run['bills']}
        notes = {r['adjustment']: r for r in self.known('adjustments').values()}
        receipts = {r['receipt']: r for r in self.known('receipts').values()}
        for r in receipts.values():
            self.check_named(r, bills.get(r['bill']) if r['bill'] else r)
        for r in notes.values():
            self.check_named(r, bills.get(r['bill'], notes.get(r['bill'])) if r['bill'] else r)
            if r['kind'] not in ('opening', 'charge') and not r['approved_by']:
                raise Refused(65, 'adjustments: approved_by is needed')
        for r in self.known('holds').values():
            self.check_named(r, bills.get(r['bill'], notes.get(r['bill'])) if r['bill'] else r)
            if (r['to'] is not None and r['to'] < r['from']) or (r['kind'] == 'instalments' and not r['plan']):
                raise Refused(65, 'holds: %s ends before it begins, or names no plan' % r['hold'])
        reversed_ = [r['reverses'] for r in receipts.values() if r['reverses']]
        for r in receipts.values():
            if not r['reverses']:
                continue
            other = receipts.get(r['reverses'])
            if (other is None or other['amount'] != -r['amount'] or r['date'] < other['date']
                    or other['unit'] != r['unit'] or reversed_.count(r['reverses']) > 1 or other['reverses']):
                raise Refused(65, 'receipts: %s does not reverse %s' % (r['receipt'], r['reverses']))

    @staticmethod
    def check_named(record, bill):
        if bill is None:
            raise Refused(65, 'no such bill: %s' % record['bill'])
        if bill['unit'] != record['unit'] or record['party'] not in ('', bill['party']):
            raise Refused(65, 'bill %s is of another unit or party' % record['bill'])


# ---------------------------------------------------------------- recognition (rules 3)

def served(first, last, day):
    """Days of the span first..last up to and with `day`."""
    return max(0, min(day, last) - first + 1)


def cost_span(r):
    """first, last, spread"""
    month = month_of(r['date'])
    first = first_day(month) if r['from'] is None else r['from']
    last = last_day(month) if r['to'] is None else r['to']
    if first > last:
        raise Refused(65, 'costs: from is after to: %s' % r['doc'])
    whole = first == first_day(month_of(first)) and last == last_day(month_of(last))
    return first, last, r['spread'] or ('months' if whole else 'days')


def cost_cum(r, month):
    """The part of a cost that is served through the end of a month."""
    first, last, spread = cost_span(r)
    if spread == 'days':
        return round_half_away(r['amount'] * served(first, last, last_day(month)), last - first + 1)
    months = month_of(last) - month_of(first) + 1
    return round_half_away(r['amount'] * min(max(0, month - month_of(first) + 1), months), months)


# ---------------------------------------------------------------- depreciation (rules 4)

def method_of(asset):
    return asset['method'] or 'straight-line'


def first_charge(book, asset):
    return month_of(asset['in_service']) + (0 if book.policy(book.start).same_month else 1)


def months_charged(book, asset, month):
    if asset['disposed'] is not None:
        month = min(month, month_of(asset['disposed']))
    return min(max(0, month - first_charge(book, asset) + 1), int(asset['life']))


def sum_of_years(base, years):
    return [Fraction(base * 2 * (years - y), years * (years + 1)) for y in range(years)]


def double_declining(cost, residual, years):
    charges, value = [], Fraction(cost)
    for y in range(max(0, years - 2)):
        charges.append(min(value * 2 / years, value - residual))
        value -= charges[-1]
    last = min(2, years)
    return charges + [(value - residual) / last] * last


def by_years(charges, n):
    """The sum after n months: whole years, then evenly by month."""
    year, rest = divmod(n, 12)
    return sum(charges[:year], Fraction(0)) + (charges[year] * rest / 12 if rest else 0)


def own_sum(book, asset, month):
    """Depreciation through a month by the method alone."""
    base, method = asset['cost'] - asset['residual'], method_of(asset)
    if method == 'units-of-output':
        return output_sum(book, asset, month)
    n = months_charged(book, asset, month)
    if method == 'straight-line':
        return round_half_away(base * n, int(asset['life']))
    years = int(asset['life']) // 12
    if method == 'sum-of-years':
        return round_half_away(by_years(sum_of_years(base, years), n), 1)
    return round_half_away(by_years(double_declining(asset['cost'], asset['residual'], years), n), 1)


def output_sum(book, asset, month):
    if asset['disposed'] is not None:
        month = min(month, month_of(asset['disposed']))
    if month < first_charge(book, asset):
        return 0
    rows = book.spans('quantities', ('driver', 'target')).get(('units-of-output', asset['asset']), [])
    made = sum(flow_cum(r, a, b, last_day(month)) for a, b, r in rows)
    return round_half_away((asset['cost'] - asset['residual']) * min(made, asset['units']), asset['units'])


def asset_cum(book, asset, month):
    own = own_sum(book, asset, book.start - 1)
    if asset['opening'] in (None, own):
        return own_sum(book, asset, month)
    # straight-line goes on from the books so far
    opening, base, life = asset['opening'], asset['cost'] - asset['residual'], int(asset['life'])
    n0, n = months_charged(book, asset, book.start - 1), months_charged(book, asset, month)
    return opening if n <= n0 else opening + round_half_away((base - opening) * (n - n0), life - n0)


def check_asset(book, asset):
    method, base = method_of(asset), asset['cost'] - asset['residual']
    if base < 0 or asset['residual'] < 0:
        raise Refused(65, 'assets: residual of %s' % asset['asset'])
    if method == 'units-of-output':
        if not asset['units'] or asset['units'] < 0:
            raise Refused(65, 'assets: %s needs its total units' % asset['asset'])
    elif not asset['life'].isdigit() or int(asset['life']) < 1 or (
            method != 'straight-line' and int(asset['life']) % 12):
        raise Refused(65, 'assets: life of %s' % asset['asset'])
    opening = asset['opening']
    if opening is None:
        return
    own = own_sum(book, asset, book.start - 1)
    in_book = month_of(asset['in_service']) >= book.start
    if not 0 <= opening <= base or (in_book and opening) or (method != 'straight-line' and opening != own):
        raise Refused(65, 'assets: opening of %s, computed %d' % (asset['asset'], own))


def recognise(book, period):
    """Accrue rows [(origin, kind rank, key, source, target, amount)] that bring `already` up to what is known."""
    rows = []
    for rank, kind in enumerate(('costs', 'assets')):
        known = book.known(kind)
        for key in set(known) | {k for kk, k in book.already if kk == kind}:
            done = book.already.get((kind, key), {})
            for (target, origin), amount in portions(book, kind, known.get(key), period, done).items():
                if amount:
                    source = '#'.join(filter(None, key))
                    rows.append((origin, rank, key, source, target, amount))
    order = {o: book.policy(o).order for o in range(book.start, period + 1)}
    for origin, _, _, source, target, _ in rows:
        if target not in order[origin]:
            raise Refused(78, '%s: the policy for %s has no %s' % (source, show_period(origin), target))
    rows.sort(key=lambda r: (r[0], r[1], tuple(map(by_bytes, r[2])), order[r[0]][r[4]]))
    return rows


def served_by(book, kind, record):
    """Where a record goes, and what of it is served through the end of a month."""
    if kind == 'costs':
        return record['centre'] or record['category'], lambda m: cost_cum(record, m)
    return record['centre'] or 'depreciation', lambda m: asset_cum(book, record, m)


def portions(book, kind, record, period, done):
    """{(target, origin): portion less what is already recognised}"""
    due = {}
    if record is not None:
        target, cum = served_by(book, kind, record)
        sums = [cum(m) for m in range(book.start - 1, period + 1)]
        due = {(target, book.start + i): sums[i + 1] - sums[i] for i in range(len(sums) - 1)}
    for place, amount in done.items():
        due[place] = due.get(place, 0) - amount
    return due


# ---------------------------------------------------------------- weights (rules 6)

def overlap(a, b, c, d):
    return max(0, min(b, d) - max(a, c) + 1)


def flow_cum(r, first, last, day):
    """The part of a flow row first..last through a day, in micro-units."""
    return round_half_away(r['quantity'] * served(first, last, day), last - first + 1)


def quantity_weight(book, policy, driver, target, month, ranges):
    """The imported quantity of a target: a level over the days in `ranges`, a flow over the whole month."""
    rows = book.spans('quantities', ('driver', 'target')).get((driver, target), [])
    if policy.drivers.get(driver) == 'flow':
        return sum(flow_cum(r, a, b, last_day(month)) - flow_cum(r, a, b, first_day(month) - 1) for a, b, r in rows)
    return sum(r['quantity'] * overlap(a, b, c, d) for a, b, r in rows for c, d in ranges)


def centre_weights(book, policy, driver, month, targets):
    """{centre: weight above 0}"""
    whole = [(first_day(month), last_day(month))]
    weights = {}
    for c in targets:
        w = quantity_weight(book, policy, driver, c, month, whole)
        if w < 0:
            raise Refused(65, 'driver %s is negative for %s' % (driver, c))
        if w:
            weights[c] = w
    return weights


def counted(book, conditions, month):
    """{unit: [(from, to, record)]}: the days of the month on which a unit is in the register and in the scope."""
    found, first, last = {}, first_day(month), last_day(month)
    for (unit,), spans in book.spans('units', ('unit',)).items():
        parts = [(max(a, first), min(b, last), r) for a, b, r in spans
                 if overlap(a, b, first, last) and in_scope(conditions, r)]
        if parts:
            found[unit] = parts
    return found


def attribute(name, row):
    """An attribute's value in micro-units; None where it is missing."""
    return MICRO if name == 'one' else as_number(row.get(name.lower()) or '')


def day_value(driver, row):
    values = [attribute(n, row) for n in driver.split('*')]
    if any(v is None or v < 0 for v in values):
        return None
    return values[0] if len(values) == 1 else round_half_away(values[0] * values[1], MICRO)


def unit_weight(book, policy, driver, unit, month, parts):
    """None where an attribute is missing or negative."""
    if driver in policy.drivers:
        w = quantity_weight(book, policy, driver, unit, month, [(a, b) for a, b, _ in parts])
        return None if w < 0 else w
    values = [(day_value(driver, r), b - a + 1) for a, b, r in parts]
    return None if any(v is None for v, _ in values) else sum(v * days for v, days in values)


# ---------------------------------------------------------------- the stages (rules 5)

class Origin:
    """The stages of one origin month within one run."""

    def __init__(self, book, month, counts):
        self.book, self.month, self.counts = book, month, counts
        self.policy = book.policy(month)
        self.pools = dict.fromkeys(list(self.policy.categories) + list(self.policy.centres), 0)
        self.rows = {'resource': [], 'support': [], 'activity': []}
        self.lines = []

    def row(self, stage, source, target, driver, weight, total, amount):
        show = lambda q: '' if q is None else show_quantity(q)
        self.rows[stage].append([stage, show_period(self.month), source, target, driver, show(weight), show(total),
                                 amount])

    def run(self, accrued):
        for target, amount in accrued:
            self.pools[target] += amount
        self.resource()
        if self.policy.support == 'reciprocal':
            self.reciprocal()
        else:
            self.direct_or_step()
        for centre in self.policy.of_kind('primary'):
            if self.pools[centre]:
                self.activity(centre)
        return self

    def spread(self, stage, source, driver, targets):
        """Empties a pool onto centres by a driver's quantities."""
        amount = self.pools[source]
        weights = centre_weights(self.book, self.policy, driver, self.month, targets)
        if not weights:
            raise Refused(65, 'pool %s, driver %s, %s: W = 0' % (source, driver, show_period(self.month)))
        parts, total = allocate_to_centres(amount, weights), sum(weights.values())
        for target in targets:
            if target in parts:
                self.row(stage, source, target, driver, weights[target], total, parts[target])
                self.pools[target] += parts[target]
        self.pools[source] = 0

    def resource(self):
        for name, category in self.policy.categories.items():
            if not self.pools[name]:
                continue
            if category.get('centre'):
                self.row('resource', name, category['centre'], '', None, None, self.pools[name])
                self.pools[category['centre']] += self.pools[name]
                self.pools[name] = 0
            elif category.get('driver'):
                self.spread('resource', name, category['driver'], list(self.policy.centres))
            else:
                raise Refused(78, 'category %s has money but neither driver nor centre' % name)

    def direct_or_step(self):
        supports = self.policy.of_kind('support')
        for i, source in enumerate(supports):
            if self.pools[source]:
                after = set(supports[i + 1:]) if self.policy.support == 'step' else set()
                targets = [c for c in self.policy.centres if c in after or c not in supports]
                self.spread('support', source, self.policy.centres[source].get('driver', ''), targets)

    def reciprocal(self):
        supports, primary = self.policy.of_kind('support'), self.policy.of_kind('primary')
        weights = {s: centre_weights(self.book, self.policy, self.policy.centres[s].get('driver', ''), self.month,
                                     [c for c in self.policy.centres if c != s]) for s in supports}
        own = {s: self.pools[s] for s in supports}
        reached = closure([s for s in supports if own[s]], lambda s: [t for t in weights[s] if t in own])
        for s in reached:
            ends = closure([s], lambda t: weights.get(t, []))
            if not set(ends) & set(primary):
                raise Refused(65, '%s: support centres serve only each other: %s' % (show_period(self.month), s))
        exact = dict.fromkeys(primary, Fraction(0))
        for s, x in solve(own, weights, reached).items():
            for t, w in weights[s].items():
                if t in exact:
                    exact[t] += x * Fraction(w, sum(weights[s].values()))
        for centre, part in round_once(exact, sum(own.values())).items():
            self.row('support', '*', centre, '', None, None, part)
            self.pools[centre] += part
        self.pools.update(dict.fromkeys(supports, 0))

    def activity(self, centre):
        policy, driver = self.policy, self.policy.centres[centre]['driver']
        pool = self.pools[centre]
        units = counted(self.book, policy.centres[centre]['conditions'], self.month)
        weights = {u: unit_weight(self.book, policy, driver, u, self.month, parts) for u, parts in units.items()}
        bad = [u for u, w in weights.items() if w is None]
        if bad:
            raise Refused(65, 'centre %s, driver %s: missing or negative for %s' % (centre, driver, bad))
        total = sum(weights.values())
        if total == 0:
            raise Refused(65, 'pool %s, driver %s, %s: W = 0' % (centre, driver, show_period(self.month)))
        self.row('activity', centre, 'units', driver, total, total, pool)
        for unit, amount in allocate_to_units(pool, weights, self.counts).items():
            common = {'item': centre, 'centre': centre, 'origin': show_period(self.month), 'driver': driver,
                      'weight': weights[unit], 'total_weight': total, 'pool': pool, 'unit': unit,
                      'unit_amount': amount, 'unit_days': sum(b - a + 1 for a, b, _ in units[unit])}
            self.lines += self.charge(unit, amount, units[unit], policy.centres[centre].get('payer', 'owner'), common)

    # -- who bears it (rules 7)

    def charge(self, unit, amount, parts, payer, common):
        days, roles = {}, {}        # dicts keep the order of the first day
        for day in (d for a, b, _ in parts for d in range(a, b + 1)):
            role, party = self.bearer(unit, payer, day)
            days[party] = days.get(party, 0) + 1
            roles.setdefault(party, role)
        shares, _ = largest_remainder(amount, list(days.values()), lambda i: i)
        return [dict(common, party=p, role=roles[p], days=days[p], amount=s) for p, s in zip(days, shares)]

    def bearer(self, unit, payer, day):
        for role in ('occupant', 'owner') if payer == 'occupant' else ('owner',):
            party = self.book.party_on(unit, role, day)
            if party is not None:
                return role, party
        if not self.policy.unsold:
            raise Refused(65, 'unit %s has no owner on %s' % (unit, show_date(day)))
        return 'unsold', self.policy.unsold


def closure(start, following):
    found, todo = list(start), list(start)
    while todo:
        for n in following(todo.pop()):
            if n not in found:
                found.append(n)
                todo.append(n)
    return found


def solve(own, weights, reached):
    """x = own + M x over the support centres that any pool reaches, in rational numbers."""
    n = len(reached)
    rows = []
    for i, s in enumerate(reached):
        row = [Fraction(int(i == j)) - Fraction(weights[t].get(s, 0), sum(weights[t].values()))
               for j, t in enumerate(reached)]
        rows.append(row + [Fraction(own[s])])
    for i in range(n):
        pivot = next(k for k in range(i, n) if rows[k][i])
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [v / rows[i][i] for v in rows[i]]
        for k in range(n):
            if k != i and rows[k][i]:
                rows[k] = [a - rows[k][i] * b for a, b in zip(rows[k], rows[i])]
    return {s: rows[i][n] for i, s in enumerate(reached)}


def round_once(exact, total):
    """Exact amounts to fen: floor each, what is left of the total to the largest fractional parts."""
    sign = -1 if total < 0 else 1
    exact = {c: sign * r for c, r in exact.items() if r}
    parts = {c: r.__floor__() for c, r in exact.items()}
    left = sign * total - sum(parts.values())
    for c in sorted(exact, key=lambda c: (parts[c] - exact[c], by_bytes(c)))[:left]:
        parts[c] += 1
    return {c: sign * p for c, p in parts.items()}


# ---------------------------------------------------------------- a run and its bills (rules 5, 8)

def run_period(book, period, restate=(), issue=None):
    """Posts the run of a month; 'ok' or 'already'. issue: not before that of the rule."""
    posted = next((r for r in book.runs if r['period'] == period), None)
    if posted:
        if set(restate) - posted['restated']:
            raise Refused(65, '%s is posted, and restates less' % show_period(period))
        return 'already'
    if period != (book.runs[-1]['period'] + 1 if book.runs else book.start):
        raise Refused(65, '%s does not follow the last run' % show_period(period))
    rule = issue_day(book.policy(period), period)
    if issue is not None and issue < rule:
        raise Refused(65, 'bills of this month are issued on %s at the earliest' % show_date(rule))
    accrued, counts = recognise(book, period), dict(book.counts)
    stages = {'accrue': [['accrue', show_period(o), source, target, '', '', '', amount]
                         for o, _, _, source, target, amount in accrued],
              'resource': [], 'support': [], 'activity': [], 'restate': []}
    for origin in restate:
        if not book.start <= origin < period:
            raise Refused(65, '%s is no posted month before %s' % (show_period(origin), show_period(period)))
    lines = []
    for origin in sorted({r[0] for r in accrued} | set(restate)):
        done = Origin(book, origin, counts).run([(r[4], r[5]) for r in accrued if r[0] == origin])
        lines += done.lines
        for stage, rows in done.rows.items():
            stages[stage] += rows
        if origin in restate:
            rows, corrections = restated(book, origin, done.lines)
            stages['restate'] += rows
            lines += corrections
    run = {'restated': set(restate), 'period': period, 'issue': rule if issue is None else issue, 'explain': [r for rows in stages.values() for r in rows], 'lines': lines,
           'recognised': sum(r[5] for r in accrued), 'prior': sum(r[5] for r in accrued if r[0] < period),
           'before': (book.already, book.counts), 'after': counts, 'policy': book.policy(period),
           'categories': {(r[3], r[4]): category_of(book, *r[1:3], r[4], r[0]) for r in accrued}}
    run['bills'] = make_bills(book, period, lines, run['issue'])
    assert run['recognised'] == sum(l['amount'] for l in lines)
    post(book, run, accrued, counts)
    run['open'] = open_items(book, period)
    return 'ok'


def category_of(book, rank, key, target, origin):
    """What a recognised amount is of, as the run knows it; of a record that was taken back, as it was at last."""
    if target in book.policy(origin).categories:
        return target
    if rank == 1:
        return 'depreciation'
    record = book.known('costs').get(key)
    if record is None:
        record = [b['rows'][key] for _, b in sorted(book.batches.items()) if b['kind'] == 'costs' and key in b['rows']][-1]
    return record['category']


def open_items(book, period):
    """What is prepaid, accrued and not yet depreciated at the end of a month, as its run knew the records."""
    rows, end = {'prepaid': [], 'accrued': [], 'asset': []}, last_day(period)
    for kind in ('costs', 'assets'):
        for key, r in book.known(kind).items():
            recognised = sum(book.already.get((kind, key), {}).values())
            source = '#'.join(filter(None, key))
            if kind == 'assets':
                before = asset_cum(book, r, book.start - 1)
                if r['in_service'] <= end and not (r['disposed'] is not None and r['disposed'] <= end):
                    rows['asset'].append((key, source, r['centre'] or 'depreciation', r['cost'], before, recognised,
                                          r['cost'] - before - recognised))
                continue
            before, target = cost_cum(r, book.start - 1), r['centre'] or r['category']
            where = 'prepaid' if r['date'] <= end else 'accrued'
            left = r['amount'] - before - recognised if where == 'prepaid' else recognised
            if left:
                rows[where].append((key, source, target, r['amount'], before, recognised, left))
    table = []
    for kind, found in rows.items():
        found.sort(key=lambda r: tuple(map(by_bytes, r[0])))
        table += [[show_period(period), kind] + list(r[1:]) for r in found]
        table.append([show_period(period), kind, 'total', ''] + [sum(r[i] for r in found) for i in range(3, 7)])
    return table


# ---------------------------------------------------------------- two months of a unit

def shares_alike(centre, a, b):
    """Whether a centre has the same driver and scope in two policies."""
    if centre not in a.centres or centre not in b.centres:
        return False
    rules = []
    for policy in (a, b):
        v = policy.centres[centre]
        driver = v.get('driver')
        rules.append((v.get('kind', 'primary'), driver, driver in policy.drivers, policy.drivers.get(driver, 'level'),
                      v['conditions']))
    return rules[0] == rules[1]


class Month:
    """What a centre and a unit were in one month: pool, and weights by day as known at home."""

    def __init__(self, run, unit, centre):
        month = show_period(run['period'])
        pools = [r for r in run['explain'] if r[:3] == ['activity', month, centre]]
        lines = [l for l in run['lines'] if (l['unit'], l['item']) == (unit, centre)]
        own = [l for l in lines if l['origin'] == month]
        level = bool(pools) and run['policy'].drivers.get(pools[0][4], 'level') == 'level'
        days = last_day(run['period']) - first_day(run['period']) + 1 if level else 1
        self.amount = sum(l['amount'] for l in own)
        self.late = sum(l['amount'] for l in lines if l['origin'] != month)
        self.pool = pools[0][7] if pools else 0
        self.total = Fraction(parse_decimal(pools[0][6], 6), days) if pools else None
        self.weight = Fraction(own[0]['weight'] if own else 0, days) if pools else None


def nearest(fraction):
    return round_half_away(fraction.numerator, fraction.denominator)


def change_rows(book, unit, q, p):
    """interface.md section 5, --change: [item, cause, before, now, amount]"""
    then, now = (next(r for r in book.runs if r['period'] == month) for month in (q, p))
    rows = []
    for centre in list(now['policy'].centres) + [c for c in then['policy'].centres if c not in now['policy'].centres]:
        a, b = Month(then, unit, centre), Month(now, unit, centre)
        parts = []
        if not shares_alike(centre, then['policy'], now['policy']):
            parts.append(('policy', a.amount, b.amount, b.amount - a.amount))
        elif a.total is not None or b.total is not None:
            # what shared nothing is taken to have had the quantities of the other
            wa, ta = (a.weight, a.total) if a.total is not None else (b.weight, b.total)
            wb, tb = (b.weight, b.total) if b.total is not None else (a.weight, a.total)
            parts.append(('cost', a.pool, b.pool, nearest((b.pool - a.pool) * wa / ta)))
            for cause, x, y, amount in (('own', a.weight, b.weight, b.pool * (wb - wa) / ta),
                                        ('denominator', a.total, b.total, b.pool * wb * (1 / tb - 1 / ta))):
                shown = [Number('' if v is None else show_quantity(nearest(v))) for v in (x, y)]
                parts.append((cause, *shown, nearest(amount)))
        rest = b.amount - a.amount - sum(part[3] for part in parts)
        parts += [('correction', a.late, b.late, b.late - a.late), ('rounding', Number(''), Number(''), rest)]
        rows += [[centre, *part] for part in parts if part[3]]
    totals = [sum(bill['total'] for bill in run['bills'] if bill['unit'] == unit) for run in (then, now)]
    assert sum(r[4] for r in rows) == totals[1] - totals[0]
    return rows + [['total', '', *totals, totals[1] - totals[0]]]
# ---------------------------------------------------------------- a month as known now (rules 10)

def as_known_now(book, origin):
    """The lines of a month on all records known now, as if nothing had been recognised of it."""
    accrued = []
    for kind in ('costs', 'assets'):
        for record in book.known(kind).values():
            target, cum = served_by(book, kind, record)
            accrued.append((target, cum(origin) - cum(origin - 1)))
    before = next((r['after'] for r in book.runs if r['period'] == origin - 1), {})
    return Origin(book, origin, dict(before)).run(accrued)


def postings_of(book, origin, own):
    """{centre: [(its lines, it restates)]}: what runs posted with the origin, in their order, `own` at last."""
    found = {}
    for lines, rows in [(r['lines'], r['explain']) for r in book.runs] + [(own, [])]:
        for restates in (False, True):
            for line in lines:
                if line['origin'] == show_period(origin) and ('posted' in line) == restates:
                    place = found.setdefault(line['item'], [])
                    if not place or place[-1][0] is not lines or place[-1][2] != restates:
                        place.append((lines, [], restates))
                    place[-1][1].append(line)
        for row in rows:        # a restatement may need no line
            place = found.get(row[2], [])
            if row[:2] == ['restate', show_period(origin)] and not (place and place[-1][0] is lines and place[-1][2]):
                found.setdefault(row[2], []).append((lines, [], True))
    return {centre: [(p, restates) for _, p, restates in places] for centre, places in found.items()}


def who(line):
    return line['unit'], line['party']


def is_rounding(postings, now):
    """Nothing but rounding: in every posting since the last restatement the lines are as now, and the pools add up."""
    last = max([i for i, (_, restates) in enumerate(postings) if restates], default=0)
    pool = {l['pool'] for l in now} or {0}
    if sum(p[0]['pool'] for p, _ in postings[last:] if p) != pool.pop():
        return False
    form = {who(l): (l['weight'], l['total_weight'], l['days']) for l in now}
    weights = {l['unit']: l['weight'] for l in now}
    total = now[0]['total_weight'] if now else 0
    for lines, _ in postings[last:]:
        had = {who(l): (l['weight'], l['total_weight'], l['days']) for l in lines if l['days']}
        gone = [l for l in lines if not l['days']]
        if had != form or any((l['weight'], l['total_weight']) != (weights.get(l['unit'], 0), total) for l in gone):
            return False
    return True


def corrections_of(postings, now):
    """The lines that bring what was posted to what is known now, by unit and party."""
    earlier, bearing = [l for lines, _ in postings for l in lines], {who(l): l for l in now}
    of_unit, made = {l['unit']: l for l in now}, []
    for place in sorted(set(map(who, earlier)) | set(bearing), key=lambda p: (by_bytes(p[0]), by_bytes(p[1]))):
        posted = sum(l['amount'] for l in earlier if who(l) == place)
        line = bearing.get(place)
        if line is None and posted == 0:
            continue
        if line is None:        # bears nothing now
            last = [l for l in earlier if who(l) == place][-1]
            pattern = of_unit.get(place[0]) or dict((now or [last])[0], weight=0, unit_amount=0, unit_days=0)
            if not now:
                pattern = dict(pattern, driver='', total_weight=0, pool=0)
            line = dict(pattern, unit=place[0], party=place[1], role=last['role'], days=0, amount=0)
        made.append(dict(line, amount=line['amount'] - posted, posted=posted))
    return made


def restated(book, origin, own):
    """Rows of stage restate, and lines: all differences of a month that are not rounding, `own` late lines included."""
    done = as_known_now(book, origin)
    rows, lines, postings = [], [], postings_of(book, origin, own)
    centres = list(done.policy.centres)
    for centre in sorted(set(postings) | {l['item'] for l in done.lines},
                         key=lambda c: (centres.index(c) if c in centres else len(centres), by_bytes(c))):
        now, earlier = [l for l in done.lines if l['item'] == centre], postings.get(centre, [])
        if earlier and is_rounding(earlier, now):
            continue
        row = next((r for r in done.rows['activity'] if r[2] == centre), None)
        rows.append(['restate'] + (row[1:] if row else [show_period(origin), centre, 'units', '', '', '', 0]))
        lines += corrections_of(earlier, now)
    return rows, lines


def waiting(book):
    """What --restate would post, were the next month billed now: [origin, centre, posted, recomputed], late lines of that run posted."""
    months, counts, found = [r['period'] for r in book.runs], dict(book.counts), []
    late = collections.defaultdict(list)
    for origin, _, _, _, target, amount in recognise(book, months[-1] + 1) if months else []:
        if origin in months:
            late[origin].append((target, amount))
    own = {origin: Origin(book, origin, counts).run(late[origin]).lines for origin in sorted(late)}
    for origin in months:
        rows, lines = restated(book, origin, own.get(origin, []))
        for row in rows:
            theirs = [l for l in lines if l['item'] == row[2]]
            if any(l['amount'] for l in theirs):
                posted = sum(l['posted'] for l in theirs)
                found.append([row[1], row[2], posted, posted + sum(l['amount'] for l in theirs)])
    return found


def differences_now(book, origin):
    if origin not in [r['period'] for r in book.runs]:
        raise Refused(65, '%s is not posted' % show_period(origin))
    centres = list(book.policy(origin).centres)
    lines = [l for l in restated(book, origin, [])[1] if l['amount']]
    return sorted(lines, key=lambda l: (by_bytes(l['unit']), by_bytes(l['party']),
                                        centres.index(l['item']) if l['item'] in centres else len(centres), by_bytes(l['item'])))


def issue_day(policy, period):
    return first_day(period + 1 if policy.issue_after else period)


def make_bills(book, period, lines, issue):
    policy, bills = book.policy(period), {}
    for line in lines:
        bills.setdefault((line['unit'], line['party']), []).append(line)
    made = []
    for number, place in enumerate(sorted(bills, key=lambda p: (by_bytes(p[0]), by_bytes(p[1]))), 1):
        made.append({'bill': '%04d%02d-%07d' % (*divmod_month(period), number), 'unit': place[0], 'party': place[1],
                     'issue': issue, 'due': issue + policy.due_days, 'lines': bills[place],
                     'total': sum(l['amount'] for l in bills[place])})
    return made


def post(book, run, accrued, counts):
    already = {k: dict(v) for k, v in book.already.items()}
    for origin, rank, key, _, target, amount in accrued:
        places = already.setdefault((('costs', 'assets')[rank], key), {})
        places[target, origin] = places.get((target, origin), 0) + amount
    book.already, book.counts, book.cache = already, counts, {}
    book.runs.append(run)


def withdraw(book, period, reason):
    """Takes back the last run, while no receipt, adjustment or hold names its bills."""
    if any(r['period'] == period for r, _ in book.withdrawn) and period not in [r['period'] for r in book.runs]:
        return 'already'
    if not book.runs or book.runs[-1]['period'] != period:
        raise Refused(65, '%s is not the last run' % show_period(period))
    bills = {b['bill'] for b in book.runs[-1]['bills']}
    if any(r['bill'] in bills for kind in ('receipts', 'adjustments', 'holds') for r in book.known(kind).values()):
        raise Refused(65, 'a receipt names a bill of %s' % show_period(period))
    run = book.runs.pop()
    book.already, book.counts = run['before']
    book.withdrawn.append((run, reason))
    book.cache = {}
    return 'ok'


# ---------------------------------------------------------------- receipts, balances, aging (rules 9)

WITHDRAWN, BILL, ADJUSTMENT, RECEIPT, REVERSAL = range(-1, 4)       # their order on one day


class Ledger:
    """The events up to a day, in order. Every payment is kept as (source, item) -> amount."""

    def __init__(self, book, day):
        self.book, self.day = book, day
        self.rows = []          # [date, kind, ref, unit, party, due, amount, balance, memo]
        self.balance = {}       # (unit, party): amount
        self.items = {}         # event: {'unit', 'party', 'due', 'open', 'number'}
        self.credits = {}       # (event, party): {'unit', 'left'}; an event is (date, class, number)
        self.paid = {}          # (source event, item event): amount
        self.bills = {b['bill']: b for run in book.runs for b in run['bills']}
        self.moves = {}         # event: {party: amount}
        self.names = {}         # event: the number of the bill that it settles first
        self.of_unit = collections.defaultdict(list)    # unit: events of its items
        self.ends = []          # (day, events of the items open at its end), for each day with an event
        for event, record in self.events():
            {WITHDRAWN: self.on_withdrawn, BILL: self.on_bill, ADJUSTMENT: self.on_adjustment, RECEIPT: self.on_receipt,
             REVERSAL: self.on_reversal}[event[1]](event, record)
            if self.ends and self.ends[-1][0] == event[0]:
                self.ends.pop()
            self.ends.append((event[0], {e for e, i in self.items.items() if i['open']}))

    def open_at_end_of(self, day):
        """The events of the items that were open at the end of a day: what is dated later has not come yet."""
        return next((found for end, found in reversed(self.ends) if end <= day), set())

    @staticmethod
    def at(book, day):
        """Kept as long as the book stays what it is."""
        if ('ledger', day) not in book.cache:
            book.cache['ledger', day] = Ledger(book, day)
        return book.cache['ledger', day]

    def events(self):
        found = [((b['issue'], BILL, by_bytes(n)), b) for n, b in self.bills.items()]
        for run, reason in self.book.withdrawn:
            found += [((b['issue'], WITHDRAWN, by_bytes(b['bill'])), (b, reason)) for b in run['bills']]
        for r in self.book.known('adjustments').values():
            found.append(((r['date'], ADJUSTMENT, by_bytes(r['adjustment'])), r))
        for r in self.book.known('receipts').values():
            found.append(((r['date'], REVERSAL if r['reverses'] else RECEIPT, by_bytes(r['receipt'])), r))
        return sorted((f for f in found if f[0][0] <= self.day), key=lambda f: f[0])

    # -- the kinds of event

    def on_withdrawn(self, event, withdrawn):
        """Shown, and taken away at once: it counts on no day and leaves nothing behind."""
        b, reason = withdrawn
        before = self.balance.get((b['unit'], b['party']), 0)
        for kind, due, amount, balance, memo in (('bill', show_date(b['due']), b['total'], before + b['total'], ''),
                                                 ('withdrawal', '', -b['total'], before, reason)):
            self.rows.append([show_date(event[0]), kind, b['bill'], b['unit'], b['party'], due, amount, balance, memo])

    def on_bill(self, event, b):
        self.record(event, 'bill', b['bill'], b['unit'], b['due'], {b['party']: b['total']}, '')
        self.item_or_credit(event, b['bill'], b['unit'], b['party'], b['due'], b['total'])

    def on_adjustment(self, event, r):
        due = None if r['amount'] < 0 else r['date'] if r['due'] is None else r['due']
        self.record(event, r['kind'], r['adjustment'], r['unit'], due, {r['party']: r['amount']}, r['reason'])
        if r['amount'] < 0:
            self.names[event] = r['bill']
        self.item_or_credit(event, r['adjustment'], r['unit'], r['party'], due, r['amount'])

    def on_receipt(self, event, r):
        if r['amount'] < 0:
            party = self.party_of(r, None)
            self.record(event, 'refund', r['receipt'], r['unit'], r['date'], {party: -r['amount']}, r['memo'])
            self.item_or_credit(event, r['receipt'], r['unit'], party, r['date'], -r['amount'])
            return
        left, moves, last = r['amount'], {}, None
        bill = self.bills.get(r['bill'])
        if not (bill and bill['issue'] > r['date']):
            wanted = self.open_items(r['unit'], r['party'] or None)
            named = [i for i in wanted if bill and self.items[i]['number'] == r['bill']]
            for item in named + [i for i in wanted if i not in named]:
                amount = min(left, self.items[item]['open'])
                if amount:
                    last = self.items[item]['party']
                    moves[last] = moves.get(last, 0) - amount
                    self.pay(event, item, amount)
                    left -= amount
        if left or r['amount'] == 0:
            party = self.party_of(r, last)
            moves[party] = moves.get(party, 0) - left
        if left:
            if bill and bill['issue'] > r['date']:
                self.names[event] = r['bill']
            self.credits[event, party] = {'unit': r['unit'], 'left': left}
            self.settle(r['unit'], party)
        self.record(event, 'receipt', r['receipt'], r['unit'], None, moves, r['memo'])

    def on_reversal(self, event, r):
        old = next(e for e in self.moves if e[1] == RECEIPT and e[2] == by_bytes(r['reverses']))
        for (source, item), amount in list(self.paid.items()):
            if source == old:
                self.items[item]['open'] += amount
                del self.paid[source, item]
            elif item == old:       # a refund: what had paid it is credit again
                place = source, self.items[item]['party']
                self.credits.setdefault(place, {'unit': r['unit'], 'left': 0})['left'] += amount
                del self.paid[source, item]
        for place in [p for p in self.credits if p[0] == old]:
            del self.credits[place]
        self.items.pop(old, None)
        moves = {p: -a for p, a in self.moves[old].items()}
        self.record(event, 'reversal', r['receipt'], r['unit'], None, moves, r['memo'])
        for party in moves:
            self.settle(r['unit'], party)

    # -- items and credits

    def item_or_credit(self, event, number, unit, party, due, amount):
        if amount > 0:
            self.of_unit[unit].append(event)
            self.items[event] = {'unit': unit, 'party': party, 'due': due, 'open': amount, 'number': number,
                                 'amount': amount}
        elif amount < 0:
            self.credits[event, party] = {'unit': unit, 'left': -amount}
        self.settle(unit, party)

    def open_items(self, unit, party=None):
        """Oldest due first, ties: the smaller number."""
        found = [e for e in self.of_unit[unit]
                 if e in self.items and self.items[e]['open'] and party in (None, self.items[e]['party'])]
        return sorted(found, key=lambda e: (self.items[e]['due'], by_bytes(self.items[e]['number']), e))

    def settle(self, unit, party):
        """Credits of a unit and party pay what is open, the oldest credit first; its named bill before others."""
        sources = sorted(e for e, p in self.credits if p == party and self.credits[e, p]['unit'] == unit)
        for named in (True, False):
            for source in sources:
                for item in self.open_items(unit, party):
                    if named and self.items[item]['number'] != self.names.get(source):
                        continue
                    amount = min(self.credits[source, party]['left'], self.items[item]['open'])
                    self.credits[source, party]['left'] -= amount
                    self.pay(source, item, amount)

    def pay(self, source, item, amount):
        if amount:
            self.items[item]['open'] -= amount
            self.paid[source, item] = self.paid.get((source, item), 0) + amount

    def party_of(self, r, last):
        """Whose credit what is left of a receipt becomes; whose item a refund is."""
        if r['party'] or r['unit'] == '?':
            return r['party']
        if r['bill']:
            return self.bills[r['bill']]['party']
        if last is not None:
            return last
        issued = [b for b in self.bills.values() if b['unit'] == r['unit'] and b['issue'] <= r['date']]
        if issued:
            return max(issued, key=lambda b: b['bill'])['party']
        owner = self.book.party_on(r['unit'], 'owner', r['date'])
        return owner if owner is not None else self.book.policy(month_of(r['date'])).unsold

    # -- what is printed

    def record(self, event, kind, ref, unit, due, moves, memo):
        """One row for each party whose balance moves; by 0.00 too: a bill or receipt of 0.00 is not silent."""
        self.moves[event] = moves
        for party in sorted(moves, key=by_bytes):
            place = unit, party
            self.balance[place] = self.balance.get(place, 0) + moves[party]
            self.rows.append([show_date(event[0]), kind, ref, unit, party, '' if due is None else show_date(due),
                              moves[party], self.balance[place], memo])

    def balances(self):
        rows = []
        for unit, party in sorted(self.balance, key=lambda p: (by_bytes(p[0]), by_bytes(p[1]))):
            buckets = [0] * 7
            for e in self.open_items(unit, party):
                late = self.day - self.items[e]['due']
                buckets[sum(late > limit for limit in (0, 30, 60, 90, 180, 365))] += self.items[e]['open']
            credit = sum(c['left'] for (_, p), c in self.credits.items() if p == party and c['unit'] == unit)
            assert sum(buckets) - credit == self.balance[unit, party]
            rows.append([unit, party, self.balance[unit, party]] + buckets + [credit])
        return rows

    def totals(self):
        """Of what was billed for a period, how much is paid by the day; then what is no bill, and what is in credit."""
        rows = []
        for run in self.book.runs:
            bills = [b for b in run['bills'] if b['issue'] <= self.day]
            if bills:
                numbers = {b['bill'] for b in bills}
                left = sum(i['open'] for e, i in self.items.items() if e[1] == BILL and i['number'] in numbers)
                rows.append(self.total_row(show_period(run['period']), sum(b['total'] for b in bills), left, True))
        others = [i for e, i in self.items.items() if e[1] != BILL]     # a refund that was reversed is none any more
        rows.append(self.total_row('other', sum(i['amount'] for i in others), sum(i['open'] for i in others), False))
        rows.append(['credit', '', '', -sum(c['left'] for c in self.credits.values()), ''])
        assert sum(r[3] for r in rows) == sum(self.balance.values())
        return rows

    @staticmethod
    def total_row(name, billed, left, rated):
        rate = Number(show_decimal(round_half_away(10000 * (billed - left), billed), 2)) if rated and billed > 0 else ''
        return [name, billed, billed - left, left, rate]


# ---------------------------------------------------------------- reminders (interface 4 and 5, remind rules)

def three_years_on(day):
    d = datetime.date.fromordinal(day)
    return datetime.date(d.year + 3, d.month, 28 if (d.month, d.day) == (2, 29) else d.day).toordinal()


class Reminders:
    """The reminder list of a day: one case for each (unit, party) that owes something or has a hold."""

    def __init__(self, book, day, approved):
        self.book, self.day, self.approved = book, day, approved
        self.policy, self.ledger, self.through = book.policy(month_of(day)), Ledger.at(book, day), book.through()
        self.place_of = {s.name: i for i, s in enumerate(self.policy.steps)}
        self.holds = [h for h in book.known('holds').values()
                      if h['from'] <= day and (h['to'] is None or day <= h['to'])]
        self.notices = [n for n in book.known('notices').values() if n['result'] != 'failed' and n['date'] <= day]

    def open_at_end_of(self, day):
        return self.ledger.open_at_end_of(day)

    def places(self):
        """(unit, party), bytewise; receipts that wait for their unit have no row."""
        owing = {(i['unit'], i['party']) for i in self.ledger.items.values() if i['open']}
        found, units = set(owing), {unit for unit, _ in owing}
        for h in self.holds:
            if h['party']:
                found.add((h['unit'], h['party']))
            elif h['unit'] not in units:
                owner = self.book.party_on(h['unit'], 'owner', self.day)
                found.add((h['unit'], self.policy.unsold if owner is None else owner))
        return sorted((p for p in found if p[0] != '?'), key=lambda p: (by_bytes(p[0]), by_bytes(p[1])))

    def cases(self):
        return [Case(self, unit, party) for unit, party in self.places()]

    def rows(self):
        return [c.row() for c in self.cases()]


class Case:
    """One unit and party on the day of the list."""

    def __init__(self, at, unit, party):
        self.at, self.day, self.policy, self.unit, self.party = at, at.day, at.policy, unit, party
        theirs = lambda r: r['unit'] == unit and r['party'] in ('', party)
        self.holds = {kind: [h for h in at.holds if h['kind'] == kind and theirs(h)] for kind in HOLD_KINDS}
        self.notices = [n for n in at.notices if theirs(n)]
        self.open = {e: i for e, i in at.ledger.items.items() if i['open'] and (i['unit'], i['party']) == (unit, party)}
        self.disputed = {e: i for e, i in self.open.items() if self.is_disputed(e, i)}
        self.pressed = {e: i for e, i in self.open.items() if e not in self.disputed}
        self.broken = [h for h in self.holds['instalments'] if not self.is_kept(h, self.day)]
        self.kept = bool(self.holds['instalments']) and not self.broken
        self.oldest = min((i['due'] for i in (self.pressed or self.open).values()), default=None)
        self.steps_taken()

    # -- what is owed

    def is_disputed(self, event, item):
        return any(event[1] in (BILL, ADJUSTMENT) and item['number'] == h['bill'] if h['bill'] else event[0] <= h['from']
                   for h in self.holds['dispute'])

    @staticmethod
    def sum_of(items):
        return sum(i['open'] for i in items.values())

    @staticmethod
    def overdue(items, day):
        return {e: i for e, i in items.items() if i['due'] < day}

    def is_kept(self, hold, day):
        """Would be, on that day, if nothing were paid or billed any more."""
        plan = [r['amount'] for r in self.at.book.known('instalments').values()
                if r['plan'] == hold['plan'] and r['due'] > day - 10]
        return self.sum_of(self.overdue(self.open, day)) <= sum(plan)

    def breaks_on(self):
        """Overdue grows the day after a due day, a plan shrinks 10 days after that of an instalment."""
        days = [i['due'] + 1 for i in self.open.values()]
        days += [r['due'] + 10 for r in self.at.book.known('instalments').values()]
        return min((x for x in days if x > self.day
                    and not all(self.is_kept(h, x) for h in self.holds['instalments'])), default=None)

    # -- what was done so far

    def steps_taken(self):
        """Which recorded steps count for the ladder: what was open then must be open now."""
        counted = []        # (date, place in the ladder)
        for n in self.notices:
            if n['step'] in self.at.place_of and self.at.open_at_end_of(n['date']) & set(self.open):
                counted.append((n['date'], self.at.place_of[n['step']]))
        self.last = max(counted, default=None)
        if self.broken:     # the ladder begins again with the latest plan; the last step shown is what it was
            start = max(h['from'] for h in self.holds['instalments'])
            counted = [c for c in counted if c[0] >= start]
        self.furthest = max((place for _, place in counted), default=None)
        self.furthest_on = max((date for date, place in counted if place == self.furthest), default=None)
        self.contacts = [n['date'] for n in self.notices
                         if n['step'] not in self.at.place_of or self.step_of(n).type in CONTACTS]

    def step_of(self, notice):
        return self.policy.steps[self.at.place_of[notice['step']]]

    def limitation(self):
        if not self.open:
            return None
        proven = [n['date'] for n in self.notices
                  if n['proof'] and n['step'] in self.at.place_of and self.step_of(n).type == 'demand']
        return three_years_on(max([min(i['due'] for i in self.open.values())] + proven))

    # -- what to do

    def next_step(self, types):
        steps, start = self.policy.steps, 0
        if self.broken:
            contacts = [i for i, s in enumerate(steps) if s.type in CONTACTS]
            start = self.at.place_of.get('friendly', contacts[0] if contacts else 0)
        if self.furthest is not None:
            start = max(start, self.furthest + 1)
        return next((s for s in steps[start:] if s.type in types), None)

    def in_30_days(self, day):
        return sum(day - 29 <= c <= day for c in self.contacts)

    def ready_on(self, step):
        """After the due day, and the waiting time of the step before."""
        ready = self.oldest + step.after
        if self.furthest is not None:
            ready = max(ready, self.furthest_on + self.policy.steps[self.furthest].wait)
        return ready

    def contact_from(self):
        return max(self.contacts) + self.policy.interval_days if self.contacts else NEVER

    def allowed_on(self, step, first=NEVER):
        """The earliest day that after, wait, interval and monthly limit allow; None for never."""
        day = max(first, self.ready_on(step))
        if step.type not in CONTACTS:
            return day
        if self.policy.monthly_limit == 0:
            return None
        day = max(day, self.contact_from())
        while self.in_30_days(day) >= self.policy.monthly_limit:
            day += 1
        return day

    def decide(self):
        """(action, reason, step, next_on)"""
        if not self.open:
            return 'skip', 'paid', None, None
        for kind in ('deceased', 'legal'):
            if self.holds[kind]:
                return self.hold(kind)
        if self.holds['stop-contact']:
            if self.kept or self.holds['hardship'] or not self.pressed:
                return self.hold('stop-contact')
            answer = self.press(('notice', 'demand'))
            return answer if answer[0] == 'remind' else self.hold('stop-contact')
        if self.kept:
            return 'hold', 'instalments', None, self.breaks_on()
        if self.holds['hardship']:
            return self.hold('hardship', 'assist')
        if not self.pressed:
            return self.hold('dispute')
        return self.press(CONTACTS + ('notice', 'internal'))

    def hold(self, kind, action='hold'):
        ends = [h['to'] for h in self.holds[kind]]
        return action, kind, None, None if None in ends else max(ends) + 1

    def press(self, types):
        step, day, policy = self.next_step(types), self.day, self.policy
        if self.sum_of(self.overdue(self.pressed, day) or self.pressed) < policy.minimum:
            return 'skip', 'minimum', step, None
        if any(n['date'] == day for n in self.notices):
            return 'skip', 'recorded', step, step and self.allowed_on(step, day + 1)
        if step is None:
            return 'skip', 'recorded', None, None
        if day < self.ready_on(step):
            return 'skip', 'wait', step, self.allowed_on(step)
        if step.type in CONTACTS and day < self.contact_from():
            return 'skip', 'interval', step, self.allowed_on(step)
        if step.type in CONTACTS and self.in_30_days(day) >= policy.monthly_limit:
            return 'skip', 'monthly-limit', step, self.allowed_on(step)
        if self.at.through is None or day - self.at.through > policy.receipts_max_age:
            return 'skip', 'receipts-old', step, None
        if step.approval and not self.at.approved:
            return 'skip', 'approval', step, day
        left = self.limitation() - day
        near = [limit for limit in (30, 90, 180) if left <= limit]
        return 'remind', 'limitation-%d' % near[0] if near else 'due', step, day

    # -- what is printed

    def person(self):
        """Name and contact: of the latest row that has begun by the day; where none has, of the latest."""
        rows = [(a, r) for (unit, role), spans in self.at.book.spans('parties', ('unit', 'role')).items()
                for a, _, r in spans if unit == self.unit and party_id(r) == self.party]
        begun = [r for r in rows if r[0] <= self.day] or rows
        if not begun:
            return '', ''
        row = max(begun, key=lambda r: r[0])[1]
        return row['name'], row['contact']

    def row(self):
        show = lambda day: '' if day is None else show_date(day)
        action, reason, step, next_on = self.decide()
        balance = self.at.ledger.balance.get((self.unit, self.party), 0)
        assert not self.open or balance == self.sum_of(self.open)
        held = max(0, balance) if action in ('hold', 'assist') else self.sum_of(self.disputed)
        limit = self.limitation()
        return [action, reason, step.name if step else '', self.unit, self.party, *self.person(), show(self.oldest),
                '' if self.oldest is None else Number(max(0, self.day - self.oldest)),
                self.sum_of(self.overdue(self.open, self.day)), held, balance,
                self.policy.steps[self.last[1]].name if self.last else '', show(self.last and self.last[0]),
                show(next_on), show(limit), '' if limit is None else Number(limit - self.day)]


def party_id(row):
    """The id of a row of parties."""
    return row['party'] or '%s:%s:%s' % (row['unit'], row['role'], '' if row['from'] is None else show_date(row['from']))


# ---------------------------------------------------------------- CSV out

RUN = 'period,recognised,prior,lines,bills,total'.split(',')
EXPLAIN = 'stage,origin,source,target,driver,weight,total_weight,amount'.split(',')
OPEN = 'period,kind,source,target,amount,before,recognised,open'.split(',')
CHANGE = 'period,against,unit,item,cause,before,now,amount'.split(',')
NOW = 'period,unit,party,item,origin,posted,recomputed,difference'.split(',')
STATEMENT = ('period,bill,unit,party,role,item,origin,driver,weight,total_weight,pool,days,amount,unit_amount,'
             'unit_days,posted').split(',')
LEDGER = 'date,kind,ref,unit,party,due,amount,balance,memo'.split(',')
TOTALS = 'period,billed,received,outstanding,rate'.split(',')
REMIND = ('action,reason,step,unit,party,name,contact,oldest_due,days_overdue,overdue,held,balance,last_step,last_date,'
          'next_on,limitation,days_left').split(',')
BALANCES = 'unit,party,balance,not_due,d1_30,d31_60,d61_90,d91_180,d181_365,d366,credit'.split(',')


def guard(cell):
    return "'" + cell if cell[:1] in ('=', '+', '-', '@', '\t', '\r') else cell


class Number(str):
    """A cell that is no text, and so is never guarded."""


class Reports:
    """The tables as lists of cells, header first. Text cells are guarded, ints are money unless said otherwise."""

    def __init__(self, book):
        self.book = book

    def money(self, amount):
        return show_decimal(amount, self.book.decimals)

    def cells(self, row):
        return [self.money(c) if isinstance(c, int) else c if isinstance(c, Number) else guard(c) for c in row]

    def run_of(self, period):
        return next(r for r in self.book.runs if r['period'] == period)

    def run(self, period):
        run = self.run_of(period)
        total = sum(b['total'] for b in run['bills'])
        return [RUN, [show_period(period), self.money(run['recognised']), self.money(run['prior']),
                      str(len(run['lines'])), str(len(run['bills'])), self.money(total)]]

    def explain(self, period):
        return [EXPLAIN] + [self.cells(r) for r in self.run_of(period)['explain']]

    def open(self, period):
        return [OPEN] + [self.cells(r) for r in self.run_of(period)['open']]

    def change(self, unit, q, p):
        return [CHANGE] + [self.cells([show_period(p), show_period(q), unit] + r) for r in change_rows(self.book, unit, q, p)]

    def statement(self, period):
        rows = [STATEMENT]
        for b in self.run_of(period)['bills']:
            for l in b['lines']:
                rows.append(self.cells([
                    show_period(period), b['bill'], b['unit'], b['party'], l['role'], l['item'], l['origin'],
                    l['driver'], show_quantity(l['weight']), show_quantity(l['total_weight']), l['pool'],
                    str(l['days']), l['amount'], l['unit_amount'], str(l['unit_days']), l.get('posted', '')]))
        return rows

    def now(self, period):
        month = show_period(period)
        return [NOW] + [self.cells([month, l['unit'], l['party'], l['item'], month, l['posted'], l['posted'] + l['amount'],
                                    l['amount']]) for l in differences_now(self.book, period)]

    def ledger(self, day):
        return [LEDGER] + [self.cells(r) for r in Ledger.at(self.book, day).rows]

    def balances(self, day):
        return [BALANCES] + [self.cells(r) for r in Ledger.at(self.book, day).balances()]

    def totals(self, day):
        return [TOTALS] + [self.cells(r) for r in Ledger.at(self.book, day).totals()]

    def remind(self, day):
        return [REMIND] + [self.cells(r) for r in Reminders(self.book, day, False).rows()]

    def approved(self, day):
        return [REMIND] + [self.cells(r) for r in Reminders(self.book, day, True).rows()]


def csv_text(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator='\n').writerows(rows)
    return out.getvalue()


# ---------------------------------------------------------------- steps

OF_A_DAY = ('ledger', 'balances', 'totals', 'remind', 'approved')      # steps that only print
PRINTS = OF_A_DAY + ('now', 'disclose')


def read_steps(path):
    with open(path, encoding='utf-8') as f:
        return [line.rstrip('\n') for line in f if line.strip() and not line.startswith('#')]


def read_bytes(folder, name):
    with open(os.path.join(folder, name), 'rb') as f:
        return f.read()


def do_step(book, folder, step):
    """Returns (status, {output name: table}); status as in status.txt."""
    words, reports = step.split(' '), Reports(book)
    try:
        if words[0] == 'init':
            book.init(read_bytes(folder, words[1]))
            return 'ok', {}
        if words[0] == 'import':
            through = parse_date(words[words.index('--through') + 1]) if '--through' in words else None
            return book.import_data(words[1], read_bytes(folder, words[2]), '--amend' in words[3:], through), {}
        if words[0] == 'retract':
            book.retract(int(words[1]))
            return 'ok', {}
        if words[0] == 'withdraw':
            return withdraw(book, parse_period(words[1]), ' '.join(words[2:])), {}
        if words[0] == 'run':
            period = parse_period(words[1])
            options = list(zip(words[2::2], words[3::2]))
            issue = [parse_date(w) for option, w in options if option == '--issue-date']
            status = run_period(book, period, sorted({parse_period(w) for option, w in options if option == '--restate'}),
                                *issue)
            return status, {'%s-%s' % (t, words[1]): getattr(reports, t)(period)
                            for t in ('run', 'explain', 'open', 'statement')}
        if words[0] == 'now':
            return 'ok', {'now-' + words[1]: reports.now(parse_period(words[1]))}
        if words[0] in OF_A_DAY:
            return 'ok', {'%s-%s' % (words[0], words[1]): getattr(reports, words[0])(parse_date(words[1]))}
    except Refused as e:
        return 'refused %d' % e.code, {'': str(e)}
    raise SystemExit('unknown step: ' + step)


def play(steps_path):
    """Runs a steps file; yields (step, status, tables)."""
    book, folder = Book(), os.path.dirname(os.path.abspath(steps_path))
    for step in read_steps(steps_path):
        yield (step,) + do_step(book, folder, step)
    import disclosure
    yield 'disclose', 'ok', disclosure.tables(book)


def main(argv):
    if len(argv) != 3:
        raise SystemExit(__doc__)
    os.makedirs(argv[2], exist_ok=True)
    with open(os.path.join(argv[2], 'status.txt'), 'w', encoding='utf-8') as status_file:
        for step, status, tables in play(argv[1]):
            why = tables.pop('', '')
            status_file.write('%s\t%s%s\n' % (step, status, '\t' + why if why else ''))
            for name, table in tables.items():
                with open(os.path.join(argv[2], name + '.csv'), 'w', encoding='utf-8', newline='') as f:
                    f.write(csv_text(table))
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
