/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* generate N FOLDER [SEED [MONTHS]]: a book of N units for the bench, the same bytes for the same N, SEED and MONTHS.
 *
 * Buildings of 200 units: 170 flats in two entrances of 17 floors, 10 shops, 20 bays. An owner for each unit, one measured
 * flow for each unit (over all months), N/50 cost documents a month; twelve primary centres, of which a unit meets 10.6 on the
 * average. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IN_BUILDING = 200, SHOPS = 10, BAYS = 20, FLATS_ON_FLOOR = 5, FLOORS = 17 };

typedef enum { FLAT, SHOP, BAY } Kind;

typedef struct {
  Kind kind;
  unsigned building, entrance, floor;
  char id[24];
} Unit;

typedef struct {
  const char *folder;
  uint64_t state; /* of splitmix64 */
  unsigned n_units, months;
} Bench;

/* of 2026 */
static const unsigned days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

/* ---- Chance and files */

static unsigned
chance (Bench *bench, unsigned below)
{
  uint64_t z = bench->state += UINT64_C (0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C (0x94d049bb133111eb);
  return (unsigned) ((z ^ (z >> 31)) % below);
}

static void
stop (const char *what)
{
  fprintf (stderr, "generate: %s: %s\n", what, strerror (errno));
  exit (74);
}

static FILE *
begin (const Bench *bench, const char *name)
{
  char path[4096];
  if (snprintf (path, sizeof path, "%s/%s", bench->folder, name) >= (int) sizeof path) {
    errno = ENAMETOOLONG;
    stop (bench->folder);
  }
  FILE *file = fopen (path, "w");
  if (file == NULL)
    stop (path);
  setvbuf (file, NULL, _IOFBF, 1 << 20);
  return file;
}

static void
end (FILE *file, const char *name)
{
  if (ferror (file) != 0 || fclose (file) != 0)
    stop (name);
}

/* ---- Units and who owns them */

static Unit
unit_at (unsigned index)
{
  unsigned place = index % IN_BUILDING, flats = IN_BUILDING - SHOPS - BAYS;
  Unit unit = { FLAT, index / IN_BUILDING + 1, 1, 1, "" };
  if (place < flats) {
    unsigned in_entrance = place % (flats / 2);
    unit.entrance = place / (flats / 2) + 1;
    unit.floor = in_entrance / FLATS_ON_FLOOR + 1;
    snprintf (unit.id, sizeof unit.id, "%04u-%u-%02u%02u", unit.building, unit.entrance, unit.floor,
              in_entrance % FLATS_ON_FLOOR + 1);
  } else {
    unit.kind = place < flats + SHOPS ? SHOP : BAY;
    unsigned number = unit.kind == SHOP ? place - flats : place - flats - SHOPS;
    snprintf (unit.id, sizeof unit.id, "%04u-%c%02u", unit.building, unit.kind == SHOP ? 'S' : 'B', number + 1);
  }
  return unit;
}

/* area in hundredths of a square metre */
static unsigned
area_of (Bench *bench, Kind kind)
{
  switch (kind) {
  case FLAT: return 6000 + chance (bench, 9000);
  case SHOP: return 3000 + chance (bench, 22000);
  default: return 1250 + chance (bench, 300);
  }
}

static const char *
lift_weight (const Unit *unit)
{
  if (unit->floor == 1 || unit->kind != FLAT)
    return "0";
  return unit->floor == 2 ? "0.6" : unit->floor == 3 ? "0.8" : "1";
}

static void
write_units (Bench *bench)
{
  static const struct {
    const char *kind, *bills, *class, *cleanings, *refuse;
  } by_kind[] = { { "flat", "1", "1", "15", "1" }, { "shop", "1", "1.5", "10", "2" }, { "bay", "0.25", "0.5", "0", "0" } };
  FILE *file = begin (bench, "units.csv");
  fputs ("unit,building,entrance,floor,kind,area,bills,class,cleanings,lift,refuse\n", file);
  for (unsigned i = 0; i < bench->n_units; i++) {
    Unit unit = unit_at (i);
    unsigned area = area_of (bench, unit.kind);
    fprintf (file, "%s,%04u,%u,%u,%s,%u.%02u,%s,%s,%s,%s,%s\n", unit.id, unit.building, unit.entrance, unit.floor,
             by_kind[unit.kind].kind, area / 100, area % 100, by_kind[unit.kind].bills, by_kind[unit.kind].class,
             by_kind[unit.kind].cleanings, lift_weight (&unit), by_kind[unit.kind].refuse);
  }
  end (file, "units.csv");
}

static void
write_parties (Bench *bench)
{
  static const char *const surnames[] = { "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙",
                                          "马", "朱", "胡", "郭", "何", "林", "高", "罗", "欧阳", "上官" };
  static const char *const given[] = { "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳",
                                       "杰", "娟", "涛", "明", "超", "秀", "霞", "平", "刚", "桂", "英", "华" };
  const unsigned n_surnames = sizeof surnames / sizeof *surnames, n_given = sizeof given / sizeof *given;
  FILE *file = begin (bench, "parties.csv");
  fputs ("unit,role,party,name,from\n", file);
  for (unsigned i = 0; i < bench->n_units; i++) {
    const char *surname = surnames[chance (bench, n_surnames)], *first = given[chance (bench, n_given)];
    const char *second = chance (bench, 3) == 0 ? "" : given[chance (bench, n_given)];
    unsigned year = 2008 + chance (bench, 17), month = 1 + chance (bench, 12), day = 1 + chance (bench, 28);
    fprintf (file, "%s,owner,O%07u,%s%s%s,%u-%02u-%02u\n", unit_at (i).id, i + 1, surname, first, second, year, month, day);
  }
  end (file, "parties.csv");
}

/* ---- Quantities: of centres, then what each unit's meter showed */

/* what ends with a comma holds until further notice, the rest is measured over all months */
static const char *const centre_quantities[] = {
  "staff-time,general,60,2026-01-01,",
  "staff-time,engineering,10,2026-01-01,",
  "staff-time,service,10,2026-01-01,",
  "staff-time,order,10,2026-01-01,",
  "staff-time,indoor,10,2026-01-01,",
  "cleaning-goods,indoor,75,2026-01-01,",
  "cleaning-goods,grounds,25,2026-01-01,",
  "work-orders,engineering,300,2026-01-01",
  "work-orders,lifts,800,2026-01-01",
  "work-orders,fire,500,2026-01-01",
  "work-orders,upkeep,900,2026-01-01",
  "work-orders,drains,200,2026-01-01",
  "power-use,lifts,321000,2026-01-01",
  "power-use,hot-water,93000,2026-01-01",
  "power-use,lighting,204500,2026-01-01",
  "power-use,charging,61000,2026-01-01",
  "general-support,engineering,10,2026-01-01,",
  "general-support,service,25,2026-01-01,",
  "general-support,order,30,2026-01-01,",
  "general-support,indoor,20,2026-01-01,",
  "general-support,grounds,15,2026-01-01,",
  "engineering-support,general,5,2026-01-01,",
  "engineering-support,lifts,25,2026-01-01,",
  "engineering-support,lighting,25,2026-01-01,",
  "engineering-support,hot-water,15,2026-01-01,",
  "engineering-support,upkeep,30,2026-01-01,",
};

static void
write_quantities (Bench *bench)
{
  FILE *file = begin (bench, "quantities.csv");
  char to[16];
  snprintf (to, sizeof to, "2026-%02u-%02u", bench->months, days[bench->months - 1]);
  fputs ("driver,target,quantity,from,to\n", file);
  for (unsigned i = 0; i < sizeof centre_quantities / sizeof *centre_quantities; i++) {
    const char *row = centre_quantities[i];
    bool level = row[strlen (row) - 1] == ',';
    fprintf (file, "%s%s%s\n", row, level ? "" : ",", level ? "" : to);
  }
  for (unsigned i = 0; i < bench->n_units; i++) {
    Unit unit = unit_at (i);
    unsigned tenths = 5 + chance (bench, unit.kind == FLAT ? 120 : 2400);
    fprintf (file, "%s,%s,%u.%u,2026-01-01,%s\n", unit.kind == FLAT ? "hot-water" : "meter", unit.id, tenths / 10,
             tenths % 10, to);
  }
  end (file, "quantities.csv");
}

/* ---- Costs */

static const struct {
  const char *category, *centre, *supplier, *memo;
} cost_kinds[] = {
  { "personnel", "", "", "项目经理及客服工资" },           { "personnel", "order", "", "秩序维护员工资" },
  { "personnel", "indoor", "", "保洁员工资" },             { "maintenance", "", "五金店", "维修材料" },
  { "maintenance", "lifts", "电梯公司", "电梯维保" },      { "maintenance", "fire", "消防公司", "消防设施维保" },
  { "electricity", "", "供电公司", "公共用电" },           { "cleaning", "", "清洁用品店", "保洁用品" },
  { "cleaning", "refuse", "环卫公司", "垃圾清运" },        { "greening", "", "园林公司", "绿化养护" },
  { "security", "", "安防公司", "监控系统维护" },          { "office", "", "通信运营商", "电话及网络费" },
  { "insurance", "", "保险公司", "公众责任险" },           { "maintenance", "hot-water", "供热公司", "热水机组" },
  { "electricity", "charging", "供电公司", "充电设施用电" },
};

static void
write_costs_of (Bench *bench, FILE *file, unsigned month, unsigned n_costs)
{
  static const char *const spans[] = { ",", "2026-01-01,2026-12-31", "2026-01-01,2026-03-31", "2026-01-12,2026-04-11" };
  const unsigned n_kinds = sizeof cost_kinds / sizeof *cost_kinds;
  for (unsigned i = 0; i < n_costs; i++) {
    unsigned kind = i % n_kinds, span = chance (bench, 10), day = 1 + chance (bench, days[month - 1]);
    /* no amount twice: two alike from one supplier on one day would be named as doubtful */
    uint64_t fen = (uint64_t) chance (bench, 30) * 100000 + i % 100000 + 10000;
    fprintf (file, "V26%02u-%06u,2026-%02u-%02u,%s,%" PRIu64 ".%02u,%s,%s,,%s,%s\n", month, i + 1, month, day, cost_kinds[kind].category,
             fen / 100, (unsigned) (fen % 100), month == 1 && span < 3 ? spans[span + 1] : spans[0], cost_kinds[kind].centre,
             cost_kinds[kind].supplier, cost_kinds[kind].memo);
  }
}

static void
write_costs (Bench *bench)
{
  const unsigned n_kinds = sizeof cost_kinds / sizeof *cost_kinds;
  FILE *file = begin (bench, "costs.csv");
  fputs ("doc,date,category,amount,from,to,centre,spread,supplier,memo\n", file);
  unsigned n_costs = bench->n_units / 50 < n_kinds ? n_kinds : bench->n_units / 50;
  for (unsigned month = 1; month <= bench->months; month++)
    write_costs_of (bench, file, month, n_costs);
  end (file, "costs.csv");
}

/* ---- The policy */

static const char policy[] =
  "[book]\nname=Bench\nname[zh_CN]=测试小区\ncode=BENCH\nstart=2026-01\nsupport=reciprocal\nunsold=developer\n\n"
  "[billing]\ndue_days=20\n\n"
  "[category personnel]\ndriver=staff-time\n\n[category maintenance]\ndriver=work-orders\n\n"
  "[category electricity]\ngroup=maintenance\ndriver=power-use\n\n[category cleaning]\ndriver=cleaning-goods\n\n"
  "[category greening]\ncentre=grounds\n\n[category security]\ncentre=order\n\n[category office]\ncentre=general\n\n"
  "[category insurance]\ncentre=upkeep\n\n"
  "[driver staff-time]\ntotal=100\nunit=%\n\n[driver cleaning-goods]\ntotal=100\nunit=%\n\n"
  "[driver work-orders]\nkind=flow\nunit=orders\n\n[driver power-use]\nkind=flow\nunit=kWh\n\n"
  "[driver general-support]\ntotal=100\nunit=%\n\n[driver engineering-support]\ntotal=100\nunit=%\n\n"
  "[driver hot-water]\nkind=flow\nunit=m3\n\n[driver meter]\nkind=flow\nunit=kWh\n\n"
  "[centre general]\nname=General management\nname[zh_CN]=综合管理\nkind=support\ndriver=general-support\n\n"
  "[centre engineering]\nname=Engineering\nname[zh_CN]=工程维修\nkind=support\ndriver=engineering-support\n\n"
  "[centre service]\nname=Service desk\nname[zh_CN]=客户服务与收费\ndriver=bills\npayer=occupant\n\n"
  "[centre order]\nname=Order keeping\nname[zh_CN]=秩序维护\ndriver=area*class\nscope=kind=flat,shop,bay\npayer=occupant\n\n"
  "[centre indoor]\nname=Indoor cleaning\nname[zh_CN]=楼内保洁\ndriver=cleanings\nscope=kind=flat,shop\npayer=occupant\n\n"
  "[centre grounds]\nname=Grounds\nname[zh_CN]=外围保洁与绿化\ndriver=area\npayer=occupant\n\n"
  "[centre lifts]\nname=Lifts\nname[zh_CN]=电梯运行\ndriver=area*lift\nscope=kind=flat;floor>=2\npayer=occupant\n\n"
  "[centre lighting]\nname=Lighting\nname[zh_CN]=公共照明\ndriver=area\npayer=occupant\n\n"
  "[centre fire]\nname=Fire protection\nname[zh_CN]=消防\ndriver=area\nscope=area>0\npayer=occupant\n\n"
  "[centre drains]\nname=Drains\nname[zh_CN]=排水\ndriver=one\nscope=kind!=store\n\n"
  "[centre upkeep]\nname=Upkeep and insurance\nname[zh_CN]=房屋本体养护与保险\ndriver=area\n\n"
  "[centre refuse]\nname=Refuse\nname[zh_CN]=垃圾清运与消杀\ndriver=refuse\nscope=kind=flat,shop\npayer=occupant\n\n"
  "[centre hot-water]\nname=Hot water\nname[zh_CN]=集中热水\ndriver=hot-water\nscope=kind=flat\npayer=occupant\n\n"
  "[centre charging]\nname=Charging\nname[zh_CN]=充电与商铺用电\ndriver=meter\nscope=kind=shop,bay\npayer=occupant\n";

static void
write_policy (const Bench *bench)
{
  FILE *file = begin (bench, "policy.ini");
  fputs (policy, file);
  end (file, "policy.ini");
}

static uint64_t
number (const char *text)
{
  char *rest;
  errno = 0;
  unsigned long long value = strtoull (text, &rest, 10);
  if (errno != 0 || rest == text || *rest != '\0' || *text == '-') {
    fprintf (stderr, "generate: \"%s\" is not a number\n", text);
    exit (64);
  }
  return value;
}

int
main (int argc, char **argv)
{
  if (argc < 3 || argc > 5) {
    fputs ("usage: generate N FOLDER [SEED [MONTHS]]\n", stderr);
    return 64;
  }
  uint64_t n_units = number (argv[1]), months = argc > 4 ? number (argv[4]) : 1;
  if (n_units < IN_BUILDING || n_units > 9999 * (uint64_t) IN_BUILDING) {
    fputs ("generate: N must be from 200 to 1999800\n", stderr);
    return 64;
  }
  if (months < 1 || months > 12) {
    fputs ("generate: MONTHS must be from 1 to 12\n", stderr);
    return 64;
  }
  Bench bench = { argv[2], argc > 3 ? number (argv[3]) : 1, (unsigned) n_units, (unsigned) months };
  write_policy (&bench);
  write_units (&bench);
  write_parties (&bench);
  write_quantities (&bench);
  write_costs (&bench);
  return 0;
}
