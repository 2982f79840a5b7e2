#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""compare-pages.py [--keep] KEPT.pgm.gz PAGE.pgm: is a page as it was, seen from a little way off?

Both are grey pictures of one size, as `pdftoppm -gray -r 45` makes them. They are compared by squares of 6 pixels (a sign of the text is about as
large): edges may come out a little different by another version of poppler or FreeType, but a line that moved, lacks or is another one may not.
--keep: the page becomes the one that is kept; look at it first."""
import gzip
import re
import sys

SQUARE = 6
TOLERANCE = 28  # levels of grey, of 255, in the mean of a square
MAY_DIFFER = 4  # squares of ten thousand


def read(text):
    m = re.match(rb'P5\s(?:#[^\n]*\n)?(\d+)\s(\d+)\s255\s', text)
    if not m:
        sys.exit('not a picture of pdftoppm -gray')
    width, height = int(m.group(1)), int(m.group(2))
    return width, height, text[m.end():]


def squares(picture):
    width, height, grey = picture
    for top in range(0, height, SQUARE):
        rows = [grey[y * width:(y + 1) * width] for y in range(top, min(top + SQUARE, height))]
        for left in range(0, width, SQUARE):
            part = b''.join(row[left:left + SQUARE] for row in rows)
            yield left, top, sum(part) / len(part)


def main():
    keep = sys.argv[1:2] == ['--keep']
    kept, page = sys.argv[2 if keep else 1:]
    new = open(page, 'rb').read()
    if keep:
        with open(kept, 'wb') as out:
            out.write(gzip.compress(new, mtime=0))
        return
    old, new = read(gzip.open(kept).read()), read(new)
    if old[:2] != new[:2]:
        sys.exit(f'{page}: {new[0]} x {new[1]} pixels, not {old[0]} x {old[1]}')
    pairs = list(zip(squares(old), squares(new)))
    other = [(x, y) for (x, y, a), (_, _, b) in pairs if abs(a - b) > TOLERANCE]
    if len(other) * 10000 > len(pairs) * MAY_DIFFER:
        sys.exit(f'{page}: {len(other)} of {len(pairs)} squares differ, first at {other[0]}, last at {other[-1]}')
    print(f'{page}: as kept, {len(other)} of {len(pairs)} squares differ')


main()
