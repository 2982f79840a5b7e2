#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""make-style.py OUTPUT CSS: the style of HTML documents as a C source, with the hash by which a document allows it and no other."""
import base64
import hashlib
import re
import sys


def main():
    text = open(sys.argv[2], encoding='utf-8').read()
    text = re.sub(r'/\*.*?\*/', '', text, flags=re.S)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    style = ''.join(line + '\n' for line in lines)
    hashed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    with open(sys.argv[1], 'w', encoding='utf-8') as out:
        out.write('#include "report/fee-html-private.h"\n\nconst char fee_html_style[] =\n')
        for line in lines:
            quoted = line.replace('\\', '\\\\').replace('"', '\\"')
            out.write(f'  "{quoted}\\n"\n')
        out.write(f'  ;\n\nconst char fee_html_style_hash[] = "sha256-{hashed}";\n')


main()
