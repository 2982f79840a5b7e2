#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""make-map.py OUTPUT HEADER...: a version script that exports what the public headers declare, and nothing else.

Rooms share some functions through their *-private.h; these keep the prefix fee_ and stay inside the shared library."""
import re
import sys


def declared(path):
    text = re.sub(r'/\*.*?\*/', ' ', open(path, encoding='utf-8').read(), flags=re.S)
    text = re.sub(r'^[ \t]*#.*?(?<!\\)$', '', text, flags=re.M | re.S)
    # bodies of inline functions call others
    while re.search(r'\{[^{}]*\}', text):
        text = re.sub(r'\{[^{}]*\}', ';', text)
    inline = set(re.findall(r'static inline[^;]*?\b(fee_\w+) \(', text))
    return set(re.findall(r'\b(fee_\w+) \(', text)) - inline


def main():
    names = sorted(set().union(*(declared(path) for path in sys.argv[2:])))
    with open(sys.argv[1], 'w', encoding='utf-8') as out:
        out.write('{\n  global:\n' + ''.join(f'    {name};\n' for name in names) + '  local: *;\n};\n')


main()
