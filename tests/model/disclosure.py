"""The numbers of a public disclosure by the model: domain.md section 2, interface.md section 5. Budgets and common-area income are not in it."""
import feemodel as fm

COLUMNS = 'section,item,amount,previous,driver_total,unit_cost,rate,received,before,support'.split(',')
SECTIONS = ('income', 'category', 'centre', 'support', 'result', 'receivables', 'late')
LEAST = 5
AGES = 'not_due,d1_30,d31_60,d61_90,d91_180,d181_365,d366'.split(',')


def span_of(text):
    """The months of 2026-03, 2026-Q1 or 2026."""
    if 'Q' in text:
        first = fm.parse_period('%s-%02d' % (text[:4], int(text[6]) * 3 - 2))
        return first, first + 2
    if len(text) == 4:
        first = fm.parse_period(text + '-01')
        return first, first + 11
    return (fm.parse_period(text),) * 2


def periods_of(book):
    """The last month, its quarter and its year."""
    year, month = fm.divmod_month(book.runs[-1]['period'])
    return ['%04d-%02d' % (year, month), '%04d-Q%d' % (year, (month + 2) // 3), '%04d' % year]


def shown(rows):
    """Without items that only a budget would show."""
    zero = lambda cell: not str(cell).strip('0.-')
    return [r for r in rows if r[0] != 'category' or r[1] == 'total' or not (zero(r[2]) and zero(r[3]))]


class Disclosure:
    def __init__(self, book, text):
        self.book = book
        first, last = span_of(text)
        self.runs = [r for r in book.runs if first <= r['period'] <= last]
        self.months = [r['period'] for r in self.runs]
        length, posted = last - first + 1, {r['period']: r for r in book.runs}
        self.earlier = [posted.get(m - length) for m in self.months]
        if None in self.earlier:
            self.earlier = None
        through = book.through()
        self.day = through if through is not None else max(fm.last_day(last), self.runs[-1]['issue'])
        self.policy = book.policy(self.months[-1])

    def row(self, section, item, amount, **cells):
        return [section, item, amount] + [cells.get(c, '') for c in COLUMNS[3:]]

    def rows(self):
        return shown([r for section in SECTIONS for r in getattr(self, section)()])

    def before(self, of_runs):
        return '' if self.earlier is None else of_runs(self.earlier)

    # -- income

    def building(self, unit, month):
        spans = self.book.spans('units', ('unit',)).get((unit,), [])
        if not spans:
            return ''
        begun = [r for a, _, r in spans if a <= fm.last_day(month)]
        return (begun[-1] if begun else spans[0][2]).get('building', '')

    def groups(self):
        """{building: the buildings it is shown with}"""
        parts = {}
        for run in self.runs:
            payers = {}
            for b in run['bills']:
                name = self.building(b['unit'], run['period'])
                parts.setdefault(name, {name})
                if b['total']:
                    payers.setdefault(name, set()).add(b['party'])
            groups = [({name}, who) for name, who in payers.items()]
            while len(groups) > 1:
                groups.sort(key=lambda g: (len(g[1]), min(map(fm.by_bytes, g[0]))))
                if len(groups[0][1]) >= LEAST:
                    break
                groups[:2] = [(groups[0][0] | groups[1][0], groups[0][1] | groups[1][1])]
            if len(groups) == 1 and len(groups[0][1]) < LEAST:
                groups = [(set(), set())]
                self.one = True
            for names, _ in groups:
                for name in names:
                    joined = set().union(*(parts[n] for n in names))
                    for n in joined:
                        parts[n] = joined
        if getattr(self, 'one', False):
            parts = dict.fromkeys(parts, set(parts))
        return parts

    def income(self):
        ledger, billed, left = fm.Ledger.at(self.book, self.day), {}, {}
        open_of = {i['number']: i['open'] for e, i in ledger.items.items() if e[1] == fm.BILL}
        parts = self.groups()
        for run in self.runs:
            for b in run['bills']:
                group = '+'.join(sorted(parts[self.building(b['unit'], run['period'])], key=fm.by_bytes))
                billed[group] = billed.get(group, 0) + b['total']
                rest = b['total'] if b['issue'] > self.day else open_of.get(b['bill'], 0)
                left[group] = left.get(group, 0) + rest
        rows = [self.income_row(g, billed[g], billed[g] - left[g]) for g in
                sorted(billed, key=lambda g: fm.by_bytes(min(g.split('+'), key=fm.by_bytes) if g else g))]
        total = self.income_row('total', sum(billed.values()), sum(billed.values()) - sum(left.values()))
        total[3] = self.before(lambda runs: sum(b['total'] for r in runs for b in r['bills']))
        return rows + [total]

    def income_row(self, item, billed, received):
        rate = fm.Number(fm.show_decimal(fm.round_half_away(10000 * received, billed), 2)) if billed > 0 else ''
        return self.row('income', item, billed, received=received, rate=rate)

    # -- costs

    def group_of(self, category, origin):
        return self.book.policy(origin).categories.get(category, {}).get('group', category)

    def by_item(self, runs):
        sums = {}
        for run in runs:
            for _, origin, source, target, _, _, _, amount in (r for r in run['explain'] if r[0] == 'accrue'):
                item = self.group_of(run['categories'][source, target], fm.parse_period(origin))
                sums[item] = sums.get(item, 0) + amount
        return sums

    def table(self, section, order, now, before):
        order = list(dict.fromkeys(list(order) + list(now) + list(before or {})))
        rows = [self.row(section, i, now.get(i, 0), previous='' if before is None else before.get(i, 0)) for i in order]
        total = self.row(section, 'total', sum(now.values()), previous='' if before is None else sum(before.values()))
        return rows + [total]

    def category(self):
        last = self.months[-1]
        order = list(fm.BUILT_IN) + [self.group_of(c, last) for c in self.policy.categories]
        return self.table('category', order, self.by_item(self.runs), None if self.earlier is None else self.by_item(self.earlier))

    def centres_of(self, kind):
        return list(dict.fromkeys(c for m in reversed(self.months) for c in self.book.policy(m).of_kind(kind)))

    def by_centre(self, runs, wanted=lambda origin: True):
        sums = {}
        for line in (l for run in runs for l in run['lines'] if wanted(fm.parse_period(l['origin']))):
            sums[line['item']] = sums.get(line['item'], 0) + line['amount']
        return sums

    def centre(self):
        now, late = self.by_centre(self.runs), self.by_centre(self.runs, lambda origin: origin < self.months[0])
        rows = self.table('centre', self.centres_of('primary'), now, None if self.earlier is None else self.by_centre(self.earlier))
        given = {}
        for r in (r for run in self.runs for r in run['explain'] if r[0] == 'support'):
            given[r[3]] = given.get(r[3], 0) + r[7]
        for row in rows[:-1]:
            row[8], row[9] = late.get(row[1], 0), given.get(row[1], 0)
            row[4], row[5] = self.measure(row[1], row[2] - row[8])
        for column in (8, 9):
            rows[-1][column] = sum(row[column] for row in rows[:-1])
        return rows

    def measure(self, centre, own):
        """What it was shared by, as known at home, and what one of it costs."""
        weights, stands, drivers = {}, set(), set()
        for run in self.runs:
            for stage, origin, source, _, driver, _, total, _ in run['explain']:
                month = fm.parse_period(origin)
                if stage not in ('activity', 'restate') or source != centre or month not in self.months or total == '':
                    continue
                own_month = stage == 'restate' or month == run['period']
                if month in stands and not own_month:
                    continue
                weights[month] = fm.parse_decimal(total, 6)
                stands |= {month} if own_month else set()
                drivers.add(driver)
        weight = sum(weights.values())
        if len(drivers) != 1 or weight == 0:
            return '', ''
        flow = self.policy.drivers.get(drivers.pop()) == 'flow'
        days = 1 if flow else sum(fm.last_day(m) - fm.first_day(m) + 1 for m, w in weights.items() if w)
        home = weight // days if weight % days == 0 else fm.round_half_away(weight * 100, days * 10 ** 6) * 10 ** 4
        price = fm.round_half_away(own * 10 ** (10 - self.book.decimals) * days, weight)
        return fm.Number(fm.show_quantity(home)), fm.Number(fm.show_decimal(price, 4))

    def collected(self, runs):
        sums = {}
        for stage, origin, _, target, _, _, _, amount in (r for run in runs for r in run['explain'] if r[0] in ('accrue', 'resource')):
            policy = self.book.policy(fm.parse_period(origin))
            if target in policy.centres and target in policy.of_kind('support'):
                sums[target] = sums.get(target, 0) + amount
        return sums

    def support(self):
        return self.table('support', self.centres_of('support'), self.collected(self.runs),
                          None if self.earlier is None else self.collected(self.earlier))

    def result(self):
        billed = lambda runs: sum(b['total'] for r in runs for b in r['bills'])
        costs = lambda runs: -sum(r['recognised'] for r in runs)
        return [self.row('result', name, of(self.runs), previous=self.before(of)) for name, of in
                (('billed', billed), ('costs', costs), ('total', lambda runs: billed(runs) + costs(runs)))]

    def receivables(self):
        sums = [sum(column) for column in list(zip(*fm.Ledger.at(self.book, self.day).balances()))[2:]] or [0] * 9
        return [self.row('receivables', age, amount) for age, amount in zip(AGES, sums[1:8])] + [
            self.row('receivables', 'credit', -sums[8]), self.row('receivables', 'total', sums[0])]

    def late(self):
        sums = {}
        for run in self.runs:
            for _, origin, _, _, _, _, _, amount in (r for r in run['explain'] if r[0] == 'accrue'):
                if fm.parse_period(origin) < run['period']:
                    sums[origin] = sums.get(origin, 0) + amount
        return [self.row('late', origin, sums[origin]) for origin in sorted(sums)] + [self.row('late', 'total', sum(sums.values()))]


def tables(book):
    """{name: table} for what is posted at the end."""
    reports = fm.Reports(book)
    return {'disclose-' + p: [COLUMNS] + [reports.cells(r) for r in Disclosure(book, p).rows()] for p in periods_of(book)} if book.runs else {}
