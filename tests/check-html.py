#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What tests/html.bats asks of HTML documents.

    check-html.py harness NAME=FILE...        a page that shows each document as a phone (360) and a screen (1000) would, and says what it measured
    check-html.py fits DUMP                   nothing is wider than its frame; the frame that is made too wide is found
    check-html.py reads DUMP                  text has 4.5:1 to its ground, styles were allowed, levels of headings leave none out, ids are there once
    check-html.py figures DUMP NAME CSV       each bill of NAME has every figure of its lines in the table of fee-statement
    check-html.py texts DUMP NAME             the text of a document, an article a line
    check-html.py well-formed FILE...         tags are closed in their order
    check-html.py contrast CSS                the colours of both grounds, by the formula of WCAG 2
    check-html.py pages TEXT ROWS HEADING     of pdftotext -layout: every row whole on a page that repeats the heading
"""
import csv
import html
import html.parser
import json
import re
import sys

MEASURE = '''
const ratio = (a, b) => { const l = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4 });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b }; const [x, y] = [l(a), l(b)]; return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05) };
const colour = text => text.match(/[\\d.]+/g).map(Number);
const ground = (view, e) => { for (; e; e = e.parentElement) { const c = colour(view.getComputedStyle(e).backgroundColor);
  if (c.length < 4 || c[3] > 0) return c.slice(0, 3) } return [255, 255, 255] };
const hidden = e => e.closest('.unseen, svg') || (e.closest('thead') && e.ownerDocument.defaultView.getComputedStyle(e.closest('thead')).position === 'absolute');
onload = () => {
  const all = [...document.querySelectorAll('iframe')].map(frame => {
    const page = frame.contentDocument, view = frame.contentWindow, root = page.documentElement;
    const shown = [...page.body.querySelectorAll('*')].filter(e => !hidden(e));
    const spoken = shown.filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()));
    return { name: frame.name, frame: frame.width, width: root.scrollWidth, room: root.clientWidth,
      out: shown.filter(e => e.getBoundingClientRect().right > root.clientWidth + 1).map(e => e.outerHTML.slice(0, 80)),
      contrast: Math.min(...spoken.map(e => ratio(colour(view.getComputedStyle(e).color).slice(0, 3), ground(view, e)))),
      styled: view.getComputedStyle(page.body).overflowWrap, stacked: [...page.querySelectorAll('.wide tr')].some(e => view.getComputedStyle(e).display === 'block'),
      levels: [...page.querySelectorAll('h1, h2, h3')].map(e => +e.tagName[1]), ids: [...page.querySelectorAll('[id]')].map(e => e.id),
      links: [...page.querySelectorAll('a')].map(e => e.getAttribute('href').slice(1)), articles: [...page.querySelectorAll('article')].map(e => e.textContent) };
  });
  console.log('measured ' + all.length);
  document.body.textContent = JSON.stringify(all);
};
'''


def harness(*documents):
    frames = []
    for document in documents:
        name, path = document.split('=', 1)
        text = html.escape(open(path, encoding='utf-8').read(), quote=True)
        frames += [f'<iframe name="{name}" width="{width}" height="600" srcdoc="{text}"></iframe>' for width in (360, 1000)]
    frames.append('<iframe name="too-wide" width="360" height="99" srcdoc="<!DOCTYPE html><article><div style=\'width:400px\'>x</div></article>"></iframe>')
    print('<!DOCTYPE html><meta charset="utf-8"><title>harness</title><body>' + '\n'.join(frames) + f'<script>{MEASURE}</script>')


def measured(dump):
    text = open(dump, encoding='utf-8').read()
    return json.loads(html.unescape(re.search(r'<body>(.*)</body>', text, re.S).group(1)))


def check(bad):
    for line in bad:
        print(line)
    sys.exit(1 if bad else 0)


def fits(dump):
    bad = []
    for m in measured(dump):
        too_wide = m['width'] > m['room'] or bool(m['out'])
        if m['room'] > int(m['frame']) or m['room'] < int(m['frame']) - 20 or too_wide != (m['name'] == 'too-wide'):
            bad.append(f"{m['name']} at {m['frame']}: {m['width']} of {m['room']}, {m['out'][:3]}")
        if m['name'] != 'too-wide' and m['stacked'] != (m['frame'] == '360'):
            bad.append(f"{m['name']} at {m['frame']}: stacked is {m['stacked']}")
    check(bad)


def reads(dump):
    bad = []
    for m in measured(dump):
        if m['name'] == 'too-wide':
            continue
        skipped = [(a, b) for a, b in zip([0] + m['levels'], m['levels']) if b > a + 1]
        if m['contrast'] < 4.5 or m['styled'] != 'anywhere' or skipped or len(set(m['ids'])) != len(m['ids']) or not set(m['links']) <= set(m['ids']):
            bad.append(str({key: m[key] for key in ('name', 'frame', 'contrast', 'styled', 'levels', 'ids', 'links')}))
    check(bad)


def grouped(amount):
    sign, whole, part = re.fullmatch(r'(-?)(\d+)(\.\d+)', amount).groups()
    return f'{sign}{int(whole):,}{part}'


def articles(dump, name):
    return next(m['articles'] for m in measured(dump) if m['name'] == name)


def figures(dump, name, path):
    bad, rows = [], list(csv.DictReader(open(path, encoding='utf-8')))
    of_bill = {re.search(r'\d{6}-\d{7}', text).group(): text for text in articles(dump, name)}
    for row in rows:
        for column in ('bill', 'unit', 'pool', 'amount', 'total', 'payable', 'reference', 'issue', 'due'):
            value = row.get(column) or ''
            value = grouped(value) if re.fullmatch(r'-?\d+\.\d\d', value) else value
            if value not in of_bill.get(row['bill'], ''):
                bad.append(f'{row["bill"]}: no {column} {value}')
    if not rows or len({row['bill'] for row in rows}) != len(of_bill):
        bad.append(f'{len(rows)} rows, {len(of_bill)} bills')
    check(bad)


def cells(dump, name, path):
    """What a disclosure has as CSV, on its sheet; but for what only CSV has, and totals of nothing."""
    sheet = re.sub(r'\s+', '', ''.join(articles(dump, name)))
    bad, rows = [], list(csv.DictReader(open(path, encoding='utf-8')))
    lone = {row['section'] for row in rows} - {row['section'] for row in rows if row['item'] != 'total'}
    for row in rows:
        for column in ('name', 'amount', 'budget', 'previous', 'note', 'driver', 'unit_cost', 'rate', 'received', 'before'):
            value = grouped(row[column]) if re.fullmatch(r'-?\d+\.\d+', row[column]) else row[column]
            if row['section'] not in lone and re.sub(r'\s+', '', value) not in sheet:
                bad.append(f'{row["section"]} {row["item"]}: no {column} {value}')
    check(bad or ([] if len(rows) > 40 else [f'{len(rows)} rows']))


def texts(dump, name):
    for text in articles(dump, name):
        print(re.sub(r'\s+', ' ', text))


class Nesting(html.parser.HTMLParser):
    void = {'meta', 'br', 'rect'}

    def __init__(self):
        super().__init__()
        self.open, self.bad = [], []

    def handle_starttag(self, tag, attrs):
        if len({name for name, _ in attrs}) != len(attrs):
            self.bad.append(f'{self.getpos()}: an attribute of <{tag}> twice')
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in self.void:
            return
        if not self.open or self.open.pop() != tag:
            self.bad.append(f'{self.getpos()}: </{tag}>')


def well_formed(*files):
    bad = []
    for path in files:
        nesting = Nesting()
        nesting.feed(open(path, encoding='utf-8').read())
        nesting.close()
        bad += [f'{path}: {what}' for what in nesting.bad + nesting.open]
    check(bad)


def ratio(a, b):
    def light(colour):
        parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b
    x, y = sorted((light(a), light(b)), reverse=True)
    return (x + 0.05) / (y + 0.05)


def contrast(path):
    bad = []
    grounds = re.findall(r':root \{(.*?)\}', open(path, encoding='utf-8').read(), re.S)
    for ground in grounds:
        colours = {name: '#' + ''.join(c * (2 if len(value) == 3 else 1) for c in value)
                   for name, value in re.findall(r'--(\w+): #(\w+)', ground)}
        for name, value in colours.items():
            least = {'ink': 7, 'soft': 4.5, 'link': 4.5, 'line': 3}.get(name, 3 if re.fullmatch(r's\d', name) else 0)
            for on in ('paper', 'tint', 'track')[:3 if name[0] == 's' and name != 'soft' else 2]:
                if ratio(value, colours[on]) < least:
                    bad.append(f'{name} {value} on {on} {colours[on]}: {ratio(value, colours[on]):.2f}')
    check(bad if len(grounds) == 2 else ['not two grounds'])


def pages(path, rows, heading):
    bad = []
    sheets = [page for page in open(path, encoding='utf-8').read().split('\f') if page.strip()]
    for row in open(rows, encoding='utf-8').read().splitlines():
        name, amount = row.split('|')
        found = [page for page in sheets for line in page.splitlines() if name in line and re.search(rf'(^|\s){re.escape(amount)}$', line.rstrip())]
        if not found or any(heading not in page for page in found):
            bad.append(f'{row}: {len(found)} lines')
    print(len(sheets))
    check(bad)


globals()[sys.argv[1].replace('-', '_')](*sys.argv[2:])
