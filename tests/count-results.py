#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""count-results.py PASS BUILD EXPECTED_SKIPS SUITE...: counts what `meson test` of these suites did, test by test.

Names what failed or was skipped without being expected on stderr; prints `passed failed skipped unexpected` (unexpected: of
the skipped). Meson itself takes an empty plan, "Bail out!" and `not ok # TODO` for no failure: here they are."""
import json
import os
import re
import sys

LINE = re.compile(r'^(not )?ok\b\s*(\d*)\s*(?:-\s+)?(.*?)\s*(?:#\s*(skip|todo)\S*\s*(.*))?$', re.I)


class Count:
    def __init__(self, name, expected):
        self.name, self.expected = name, expected
        self.passed = self.failed = self.skipped = self.unexpected = 0

    def say(self, what, test, why=''):
        print(f'{what}: {self.name}: {test}' + (f' ({why})' if why else ''), file=sys.stderr)

    def fail(self, test, why=''):
        self.failed += 1
        self.say('FAILED', test, why)

    def skip(self, test, why):
        self.skipped += 1
        if f'{self.name}: {test}' not in self.expected:
            self.unexpected += 1
            self.say('SKIPPED', test, why)


def count_tap(count, output):
    """The number of tests planned and found."""
    plan, found, bad = None, 0, None
    for text in output.splitlines():
        if bad and text.startswith('#'): # what it says of the failure above
            print('   ', text, file=sys.stderr)
        planned = re.match(r'^1\.\.(\d+)', text)
        if planned:
            plan = int(planned.group(1))
        match = LINE.match(text)
        if not match:
            continue
        found += 1
        bad, number, name, directive, why = match.groups()
        name = name or number
        if directive and directive.lower() == 'skip' and not bad:
            count.skip(name, why)
        elif bad or directive:
            count.fail(name, directive or '')
        else:
            count.passed += 1
    return plan, found


def count_program(count, test, result):
    if result is None:
        count.fail('did not run')
        return
    state = result['result']
    if test['protocol'] != 'tap':
        if state == 'OK':
            count.passed += 1
        elif state == 'SKIP':
            count.skip('all of it', '')
        else:
            count.fail('all of it', state)
        return
    plan, found = count_tap(count, result.get('stdout') or '')
    if plan is None or plan != found or found == 0:
        count.fail('the plan', f'{found} of {plan} tests ran, {state}')
    elif state not in ('OK', 'SKIP') and count.failed == 0:
        count.fail('the program', f'{state}, exit status {result["returncode"]}')


def read_results(build):
    path = os.path.join(build, 'meson-logs/testlog.json')
    if not os.path.exists(path):
        return {}
    with open(path, encoding='utf-8') as lines:
        results = [json.loads(line) for line in lines]
    return {result['name'].split(' / ')[-1].split(':')[-1]: result for result in results}


def read_expected(path, this_pass):
    """Lines `any|normal|sanitized PROGRAM: TEST`."""
    with open(path, encoding='utf-8') as lines:
        words = [line.strip().split(' ', 1) for line in lines if line.strip() and not line.startswith('#')]
    return {name for when, name in words if when in ('any', this_pass)}


def main():
    this_pass, build, skips, suites = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
    expected, results = read_expected(skips, this_pass), read_results(build)
    with open(os.path.join(build, 'meson-info/intro-tests.json'), encoding='utf-8') as file:
        tests = [test for test in json.load(file) if any(suite.split(':')[-1] in suites for suite in test['suite'])]
    counts = []
    for test in tests:
        counts.append(Count(test['name'], expected))
        count_program(counts[-1], test, results.get(test['name']))
    print(*(sum(getattr(count, field) for count in counts) for field in ('passed', 'failed', 'skipped', 'unexpected')))


main()
