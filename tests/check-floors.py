#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""check-floors.py [ROOT]: the rules of design.md ("Floors") and HACKING.md that a reader could break without noticing.

Prints one line a finding, `file:line: what`, and exits 1 where there is one."""
import os
import re
import sys

MAY_INCLUDE = {
    'base': {'base'},
    'model': {'base', 'model'},
    'input': {'base', 'model', 'input'},
    'engine': {'base', 'model', 'engine'},
    'ledger': {'base', 'model', 'ledger'},
    'report': {'base', 'model', 'engine', 'ledger', 'report'},
    'store': {'base', 'model', 'input', 'engine', 'ledger', 'store'},
    'cmd': {'base', 'model', 'input', 'engine', 'ledger', 'report', 'store', 'cmd'},
}
# header: files (a folder ends with /) that may include it
ONLY_IN = {
    'csv.h': ['libfee/input/fee-csv.c'],
    'sqlite3.h': ['libfee/store/'],
    'zstd.h': ['libfee/store/'],
    'archive.h': ['libfee/store/fee-archive.c'],
    'archive_entry.h': ['libfee/store/fee-archive.c'],
    'pangocairo.h': ['libfee/report/fee-document-pdf-private.h'],
    'cairo-pdf.h': ['libfee/report/fee-document-pdf.c', 'libfee/report/fee-document-pdf-page.c'],
}
PURE = ('engine', 'ledger')
PURE_HEADERS = re.compile(r'stdio\.h|unistd\.h|fcntl\.h|time\.h|locale\.h|dirent\.h|sys/.*|gio/.*|glib/gstdio\.h')


def calls(*names):
    return re.compile(r'\b(?:' + '|'.join(names) + r')\s*\(')


PRINTS = calls(r'v?f?printf', 'vprintf', 'v?dprintf', 'f?puts', 'f?putc', 'putchar', 'perror', 'fwrite', 'g_print', 'g_printerr', 'g_log\\w*',
               'g_(?:warning|message|critical|error|info|debug)(?:_once)?', 'exit', '_exit', 'quick_exit')
CLOCK = calls('time', 'clock', 'ftime', 'gettimeofday', 'clock_gettime', 'localtime(?:_r)?', 'gmtime(?:_r)?', 'strftime', 'g_get_real_time',
              'g_get_monotonic_time', 'g_get_current_time', 'g_date_time_new_now\\w*', 'g_date_time_new_from_unix_local', 'g_timer_new',
              'g_date_set_time\\w*')
PLACE = calls('getenv', 'secure_getenv', 'g_getenv', 'g_get_environ', 'g_environ_getenv', 'setenv', 'g_setenv', 'setlocale', 'newlocale',
              'uselocale', 'localeconv', 'nl_langinfo', 'bindtextdomain', 'textdomain', 'g_get_user_name', 'g_get_language_names',
              'getpwuid(?:_r)?', 'getlogin(?:_r)?', 'g_get_charset', 'umask')
GUESSES = calls('strtod', 'strtof', 'strtold', 'atof', 'atoi', 'atol', 'atoll', 'g_ascii_strtod', 'g_strtod', 'g_date_set_parse', 'strcoll',
                'g_utf8_collate\\w*', 'rand', 'srand', 'random', 'g_random_\\w+')
FILES = calls('f?open(?:at)?', 'f?read', 'write', 'close', 'fclose', 'lseek', 'stat', 'lstat', 'fstat', 'unlink', 'rename', 'mkdir', 'rmdir',
              'system', 'popen', 'fork', 'g_file_\\w+', 'g_fopen', 'g_open', 'g_unlink', 'g_mkdir\\w*', 'g_stat', 'g_dir_\\w+',
              'g_spawn_\\w+', 'g_io_channel_\\w+', 'g_mapped_file_\\w+')
FLOATS = re.compile(r'\b(?:float|double|gfloat|gdouble|G_OPTION_ARG_DOUBLE|_Float\w+|__float128)\b')
STATIC = re.compile(r'\bstatic\b(?!\s+(?:inline|_Thread_local\s+inline)\b)([^;{}()=]*)[=;]')
# file, what is found there, why it may be: kept short
ALLOWED = [
    ('libfee/base/fee-strings.c', 'g_error', 'ends the program where 32 bits end, as GLib does where memory ends'),
]
LICENCE = '/* SPDX-License-Identifier: LGPL-2.1-or-later */'

findings = []


def find(path, line, what):
    findings.append(f'{path}:{line}: {what}')


def without(pattern, text):
    """Blanks, so that places stay."""
    return re.sub(pattern, lambda m: re.sub(r'[^\n]', ' ', m.group()), text, flags=re.S)


def bare_code(text):
    """Without comments, texts and signs, in one pass: a quote in a comment opens nothing, nor does /* in a text."""
    return without(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', text)


def line_of(text, at):
    return text.count('\n', 0, at) + 1


def room_of(path):
    parts = path.split('/')
    if parts[0] == 'libfee':
        return parts[1] if len(parts) > 2 else None  # fee.h stands above the rooms
    return parts[0]


def check_own_include(path, line, target):
    room = room_of(path)
    reached = os.path.normpath(os.path.join(os.path.dirname(path), target))
    if room not in MAY_INCLUDE or '/' not in reached:  # config.h
        return
    if reached.startswith('..'):
        find(path, line, f'"{target}" leads out of the project')
    elif room_of(reached) not in MAY_INCLUDE[room]:
        find(path, line, f'{room}/ may not include "{target}"')
    elif reached.endswith('-private.h') and room_of(reached) != room:
        find(path, line, f'"{target}" is private to its room')


def check_includes(path, text):
    code = without(r'/\*.*?\*/', text)
    for m in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', code, flags=re.M):
        line, own, target = line_of(code, m.start()), m.group(1) == '"', m.group(2)
        for header, places in ONLY_IN.items():
            if os.path.basename(target) == header and not any(path == p or (p.endswith('/') and path.startswith(p)) for p in places):
                find(path, line, f'only {", ".join(places)} may include {header}')
        if own:
            check_own_include(path, line, target)
        elif room_of(path) in PURE and PURE_HEADERS.fullmatch(target):
            find(path, line, f'{room_of(path)}/ is pure: no <{target}>')


def check_pattern(path, code, pattern, why):
    for m in pattern.finditer(code):
        what = ' '.join(m.group().split()).rstrip('( ')
        if not any((path, what) == entry[:2] for entry in ALLOWED):
            find(path, line_of(code, m.start()), f'{what}: {why}')


def check_statics(path, code):
    for m in STATIC.finditer(code):
        declared = ' '.join(m.group(1).split())
        pointed = declared.rpartition('*')[2] if '*' in declared else declared
        if not re.search(r'\bconst\b', pointed):
            find(path, line_of(code, m.start()), f'static {declared}: {room_of(path)}/ keeps no state')


def check_source(root, path):
    text = open(os.path.join(root, path), encoding='utf-8').read()
    code = bare_code(text)
    if not text.startswith(LICENCE):
        find(path, 1, 'the first line is not the licence')
    check_pattern(path, code, re.compile(r'\bgoto\b'), 'never')
    check_includes(path, text)
    if path.startswith(('libfee/', 'cmd/')):
        check_pattern(path, code, FLOATS, 'money and quantities are integers')
    if path.startswith('libfee/'):
        check_pattern(path, code, PRINTS, 'only cmd/ prints or ends the program')
        check_pattern(path, code, CLOCK, 'only cmd/ reads the clock')
        check_pattern(path, code, PLACE, 'only cmd/ reads environment and locale')
        check_pattern(path, code, GUESSES, 'depends on the locale, guesses or is not repeatable')
    if room_of(path) in PURE:
        check_pattern(path, code, FILES, f'{room_of(path)}/ is pure')
        check_statics(path, code)


def check_tests(root):
    """A test that nobody runs is worse than none."""
    registered = open(os.path.join(root, 'tests/meson.build'), encoding='utf-8').read()
    for name in sorted(os.listdir(os.path.join(root, 'tests'))):
        word = re.fullmatch(r'test-(.*)\.c|(.*\.bats)', name)
        if word and f"'{word.group(1) or word.group(2)}'" not in registered:
            find('tests/' + name, 1, 'not in tests/meson.build')


def check_messages(root, paths):
    """What po/POTFILES lacks is never translated."""
    listed = [line.strip() for line in open(os.path.join(root, 'po/POTFILES'), encoding='utf-8')]
    for path in paths:
        code = bare_code(open(os.path.join(root, path), encoding='utf-8').read())
        if not path.startswith('tests/') and re.search(r'\b(?:N?_|n?gettext|g_dn?gettext)\s*\(', code) and path not in listed:
            find(path, 1, 'has messages, and is not in po/POTFILES')
    for path in listed:
        if path and not path.startswith('#') and path not in paths:
            find('po/POTFILES', 1, f'{path} is not there')


def sources(root):
    for top in ('libfee', 'cmd', 'tests'):
        for folder, folders, names in os.walk(os.path.join(root, top)):
            folders.sort()
            for name in sorted(names):
                if name.endswith(('.c', '.h')):
                    yield os.path.relpath(os.path.join(folder, name), root)


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    paths = list(sources(root))
    if not any(path.startswith('libfee/') for path in paths):
        sys.exit(f'{root}: no sources here')
    for path in paths:
        check_source(root, path)
    check_tests(root)
    check_messages(root, paths)
    print('\n'.join(findings) if findings else f'{len(paths)} files keep the floors')
    sys.exit(1 if findings else 0)


main()
