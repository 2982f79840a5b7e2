#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""world.py SHIM LOCALES [NAME...]: the same months of the same book under cron, in six time zones and six locales, by clocks that are wrong,
in folders that can't be written: the same bytes. LOCALES: a folder of localedef's. Says how many worlds; exits 1 with what differed."""
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SMALL = Path(os.environ['FEE_TEST_DATA']) / 'small'
TOOLS = Path(shutil.which('fee-run')).parent
CHARMAPS = {'de_DE': 'ISO-8859-1', 'tr_TR': 'ISO-8859-9', 'zh_CN.GB18030': 'GB18030'}  # of the locales that localedef made
SPRING = 1714500000  # 2024-04-30

PARTIES = '房号,角色,编号,姓名,联系方式,起\n301,业主,O9,张三,13800000000,2024-03-01\n'.encode('gb18030')
COSTS = '凭证号,日期,费用类别,金额,摘要\nM1,2024/3/31,greening,"1,234.50",三月绿化\n'.encode('gb18030')

# What is done, and what of it is compared to the byte: (False: its standard output is not)
COMMANDS = [
    (False, 'fee-init {small}/policy.ini'),
    (False, 'fee-import units {small}/units.csv'),
    (False, 'fee-import parties {small}/parties.csv'),
    (False, 'fee-import quantities {small}/quantities.csv'),
    (False, 'fee-import costs {small}/costs-2024-01.csv'),
    (True, 'fee-run --quiet --period 2024-01 --format csv'),
    (False, 'fee-import costs {small}/costs-2024-02.csv'),
    (False, 'fee-import receipts {small}/receipts.csv'),
    (True, 'fee-run --quiet --period 2024-02 --format csv'),
    (False, 'fee-import parties {work}/业主.csv'),
    (False, 'fee-import costs {work}/费用.csv --by 会计'),
    (False, 'fee-import --retract 9 --reason 重复'),
    (False, 'fee-import costs {work}/费用.csv --by 会计'),
    (True, 'fee-run --quiet --period 2024-03'),
    (True, 'fee-statement --period 2024-02'),
    (True, 'fee-statement --period 2024-03 --lang zh_CN'),
    (True, 'fee-statement --period 2024-03 --format csv --excel --lang zh_CN'),
    (True, 'fee-statement --period 2024-03 --format json'),
    (True, 'fee-statement --period 2024-03 --format html --lang zh_CN'),
    (True, 'fee-statement --period 2024-03 --format pdf --lang zh_CN'),
    (True, 'fee-disclose --quiet --period 2024-Q1 --as-of 2024-03-31'),
    (True, 'fee-disclose --quiet --period 2024-03 --as-of 2024-03-31 --lang zh_CN --format csv'),
    (True, 'fee-disclose --quiet --period 2024-03 --as-of 2024-03-31 --format html'),
    (True, 'fee-ledger --as-of 2024-12-31 --format csv'),
    (True, 'fee-ledger --as-of 2024-12-31 --balances --lang zh_CN'),
    (True, 'fee-ledger --as-of 2024-12-31 --totals'),
    (True, 'fee-explain --period 2024-03 --format csv'),
    (True, 'fee-explain --period 2024-03 --unit 201 --trace'),
    (True, 'fee-explain --period 2024-03 --open --format json'),
    (True, 'fee-remind --as-of 2024-02-25 --lang zh_CN'),
    (True, 'fee-import --extract 9'),
    (True, 'fee-audit'),
    (True, 'fee-audit --period 2024-02 --bundle {out}/out.tar'),
    (False, 'fee-statement --period 2024-03 --output {out}/out.txt'),
    (False, 'fee-remind --as-of 2024-02-25 --letters {out}/letters --output {out}/list.csv --format csv'),
    (False, 'fee-audit --backup {out}/copy.db'),
]


class World:
    def __init__(self, name, variables=None, clock=SPRING, folder=None, umask=0o022, early=False, bare=False):
        self.name, self.clock, self.folder, self.umask, self.early, self.bare = name, clock, folder, umask, early, bare
        self.variables = {'LC_ALL': 'C.UTF-8', 'TZ': 'UTC'} if variables is None else variables


def worlds():
    yield World('as it should be')
    yield World('cron: no environment, folder /', {}, folder='/', bare=True)
    for zone in ['CST-8', 'NST3:30NDT,M3.2.0,M11.1.0', '<+14>-14', '<-11>11', '<+1030>-10:30<+11>-11,M10.1.0,M4.1.0', '<-12>12', 'nonsense/zone']:
        yield World(f'TZ={zone}', {'LC_ALL': 'C.UTF-8', 'TZ': zone})
    for locale in ['C', *CHARMAPS, 'xx_XX.nonsense']:
        yield World(f'LC_ALL={locale}', {'LC_ALL': locale, 'LANGUAGE': locale.split('.')[0], 'TZ': 'UTC'})
    yield World('LANG unset', {'TZ': 'UTC'})
    for umask in [0, 0o777]:
        yield World(f'umask {umask:o}', umask=umask)
    yield World('a folder that nobody can write', folder='/proc')
    for name, clock in [('2038', 2 ** 31), ('2100', 4102444800), ('going backwards', f'{SPRING}:-86400'), ('leaping', f'{SPRING}:86399')]:
        yield World(f'clock {name}', clock=clock)
    # by these no month is over
    for name, clock in [('1970', 0), ('before 1970', -86400), ('2500', 16725225600)]:
        yield World(f'clock {name}', clock=clock, early=True)


def start(world):
    os.umask(world.umask)
    if world.bare:
        os.setsid()
        os.close(0)
        resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))


def run(world, words, work):
    if world.early and words.startswith('fee-run') and (work / 'refused').exists():
        words += ' --early'
    words = [word.format(small=SMALL, work=work, out=work / 'out') for word in words.split()]
    tool = str(TOOLS / words[0])
    environment = dict(world.variables, LOCPATH=LOCALES, LD_PRELOAD=SHIM, FEE_CLOCK=str(world.clock), FEE_USER='tester', TMPDIR=str(work / 'put-aside'))
    environment.update({name: value for name, value in os.environ.items() if name.endswith('SAN_OPTIONS') or name == 'G_SLICE'})
    environment['ASAN_OPTIONS'] = environment.get('ASAN_OPTIONS', '') + ':verify_asan_link_order=0'
    return subprocess.run([tool, '--book', str(work / 'book.db')] + words[1:], cwd=world.folder or work, env=environment, capture_output=True,
                          stdin=None if world.bare else subprocess.DEVNULL, preexec_fn=lambda: start(world))


def live(world, work):
    """All that it made: by command its output, by file its bytes."""
    (work / '业主.csv').write_bytes(PARTIES)
    (work / '费用.csv').write_bytes(COSTS)
    (work / 'out').mkdir(mode=0o700)
    (work / 'put-aside').mkdir(mode=0o700)
    made = {}
    if world.early:
        run(world, COMMANDS[0][1], work)
        refused = run(world, 'fee-run --period 2024-01', work)
        assert refused.returncode == 65 and b'2024-01' in refused.stderr, refused
        (work / 'refused').touch()
    for compared, words in COMMANDS:
        done = run(world, words, work)
        assert done.returncode == 0, (words, done)
        if b'warning' in done.stderr.lower():
            raise AssertionError(words, done)
        if compared:
            made[words] = done.stdout
    for path in sorted(path for path in (work / 'out').rglob('*') if path.is_file()):
        assert path.stat().st_mode & 0o777 == 0o600, path
        # when and by whom is in these
        if world.clock == SPRING or path.suffix not in ('.tar', '.db'):
            made[str(path.relative_to(work))] = path.read_bytes()
    if world.clock == SPRING:
        made['book.db'] = (work / 'book.db').read_bytes()
    assert not list((work / 'put-aside').iterdir())
    return {name: data.replace(str(work).encode(), b'') for name, data in made.items()}


def check_locales():
    """Those that the test names are there: else all is the C locale, and nothing is tested."""
    for locale, charmap in CHARMAPS.items():
        said = subprocess.run(['locale', 'charmap'], env={'LC_ALL': locale, 'LOCPATH': LOCALES, 'PATH': os.environ['PATH']}, capture_output=True, text=True)
        assert said.stdout.strip() == charmap, (locale, said)


def main(names):
    expected, count = None, 0
    check_locales()
    for world in worlds():
        if names and expected is not None and not any(name in world.name for name in names):
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                made = live(world, Path(folder))
            except AssertionError as wrong:
                print(f'{world.name}: {wrong}')
                return 1
        expected = made if expected is None else expected
        for name, data in made.items():
            if data != expected[name] and not (name == 'fee-audit' and world.clock != SPRING):
                print(f'{world.name}: {name} is not the same:\n{expected[name].decode(errors="replace")}\n{data.decode(errors="replace")}')
                return 1
        count += 1
    print(f'{count} worlds')
    return 0


if __name__ == '__main__':
    SHIM, LOCALES = sys.argv[1:3]
    sys.exit(main(sys.argv[3:]))
