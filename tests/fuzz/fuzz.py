#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""fuzz.py PROGRAM SECONDS: lets a libFuzzer program look for inputs that break it, for so long ($FUZZ_SECONDS overrides it). TAP.

It begins with the corpus ($FUZZ_CORPUS/NAME) and, where there are any, with the inputs that earlier calls came upon ($FUZZ_FINDINGS/NAME/corpus). An input
that breaks the program is printed as base64 and kept in $FUZZ_FINDINGS/NAME."""
import base64
import os
import re
import subprocess
import sys
import tempfile

# A long input is no better than a short one here; programs that take long for each begin with whole ones
LENGTHS = {'book': 600, 'bundle': 600, 'engine': 600, 'reports': 1000, 'letters': 3000, 'kept': 2000, 'policy': 4096, 'rows': 4096}
WHOLE = ('book', 'bundle', 'engine', 'kept')


def options(name, seconds, findings):
    corpus = os.path.join(os.environ['FUZZ_CORPUS'], name)
    dictionary = os.path.join(os.environ['FUZZ_CORPUS'], name + '.dict')
    given = ['-seed=1', f'-max_total_time={seconds}', '-timeout=20', '-rss_limit_mb=2048', '-print_final_stats=1', '-entropic=0',
             f'-artifact_prefix={findings}/', f'-max_len={LENGTHS.get(name, 400)}']
    if name in WHOLE:
        given.append('-len_control=0')
    if os.path.exists(dictionary):
        given.append('-dict=' + dictionary)
    return given, corpus


def main():
    program, seconds = sys.argv[1], int(os.environ.get('FUZZ_SECONDS', sys.argv[2]))
    name = os.path.basename(program).removeprefix('fuzz-')
    findings = os.path.join(os.environ['FUZZ_FINDINGS'], name)
    os.makedirs(os.path.join(findings, 'corpus'), exist_ok=True)
    before = set(os.listdir(findings))
    environment = dict(os.environ, ASAN_OPTIONS='detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1',
                       LSAN_OPTIONS='suppressions=' + os.path.join(os.environ['FEE_SOURCE'], 'tests/leaks.txt') + ':print_suppressions=0',
                       UBSAN_OPTIONS='halt_on_error=1:print_stacktrace=1', LC_ALL='C.UTF-8', TZ='UTC')
    given, corpus = options(name, seconds, findings)
    with tempfile.TemporaryDirectory() as scratch:
        environment['TMPDIR'] = scratch
        done = subprocess.run([program, *given, os.path.join(findings, 'corpus'), corpus], env=environment, stdin=subprocess.DEVNULL, capture_output=True)
    said = done.stderr.decode('utf-8', 'replace')
    count = re.search(r'number_of_executed_units: *(\d+)', said)
    print('1..1')
    if done.returncode == 0 and count:
        print(f'ok 1 - {name}: nothing found\n# {count.group(1)} inputs')
        return
    print(f'not ok 1 - {name}: nothing found')
    for line in said.splitlines()[-60:]:
        print('#', line)
    for file in sorted(set(os.listdir(findings)) - before):
        path = os.path.join(findings, file)
        with open(path, 'rb') as content:
            print(f'# {path}: base64 {base64.b64encode(content.read()).decode()}')


main()
