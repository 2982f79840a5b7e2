#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""make-forms.py OUTPUT FORM...: the letter forms of examples/letters as a C source, so that what users copy is what the program has."""
import os
import sys


def quoted(text):
    safe = ''.join(c if 32 <= ord(c) < 127 and c not in '"\\?' else ''.join(f'\\{b:03o}' for b in c.encode()) for c in text)
    return f'"{safe}"'


def main():
    with open(sys.argv[1], 'w', encoding='utf-8') as out:
        out.write('#include "report/fee-letter-private.h"\n\nconst FeeLetterForm fee_letter_built_in[] = {\n')
        for path in sys.argv[2:]:
            lines = open(path, encoding='utf-8', newline='').read().splitlines(keepends=True)
            out.write(f'  {{ {quoted(os.path.basename(path))},\n' + ''.join(f'    {quoted(line)}\n' for line in lines) + '  },\n')
        out.write(f'}};\n\nconst guint fee_n_letter_built_in = {len(sys.argv) - 2};\n')


main()
