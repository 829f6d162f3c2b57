import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import readExcel from 'read-excel-file/node';
import { Engine } from '#engine/duckdb.ts';
import { YibaoError } from '#kernel/errors.ts';
import { parseYuan, yuanText } from '#kernel/money.ts';
import {
  explainCase,
  explainPartCase,
  explainParts,
  renderPartCase,
  renderParts,
  settleYear,
} from '#payment/index.ts';
import { randomArea } from './support/random-area.ts';
import { runCli } from './support/run-cli.ts';
import { settleToFiles } from './support/settle-files.ts';
import { testWithSharedData } from './support/shared-data.ts';
import { writeArea } from './support/write-area.ts';

type Rows = readonly Readonly<Record<string, string>>[];
type Files = Readonly<Record<string, string>>;
type Values = Readonly<Record<string, readonly [unit: string, value: string]>>;
const YEAR = 2025;
const SEED = 3;

const rowsOf = (files: Files, name: string): Rows =>
  parse(files[name] ?? assert.fail(`no ${name}`), { columns: true }) as Rows;
const fen = (text: string | undefined): bigint =>
  parseYuan(text ?? '') ?? assert.fail(`${text} is no amount`);
const sumFen = (rows: Rows, field: string): bigint => rows.reduce((sum, row) => sum + fen(row[field]), 0n);
const sumPoints = (rows: Rows): bigint =>
  rows.reduce((sum, row) => sum + BigInt(row.points!.replace('.', '')), 0n);

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const codes = randomArea(SEED, 'plain').institutions.map((row) => row.fixmedins_code);

/** A random area with values of its own and further files. */
function areaWith(values: Values, files: Files): string {
  const folder = writeArea(randomArea(SEED, 'plain'));
  folders.push(folder);
  const overrides = Object.entries(values).map(
    ([name, [unit, value]]) =>
      `  ${name}:\n    unit: ${unit}\n    values:\n      2020-01-01: {value: "${value}", from: local, article: 第一条}\n`,
  );
  if (overrides.length > 0) {
    appendFileSync(
      join(folder, 'area.yaml'),
      `documents:\n  local: 随机市多元付费办法\noverrides:\n${overrides.join('')}`,
    );
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const table = (header: string, ...rows: readonly string[]) => `${[header, ...rows].join('\n')}\n`;
const [A, B, C] = codes as [string, string, string];

const BED_DAY: Values = {
  'parts.reference': ['choice', 'start-point-value'],
  'parts.bed_day': ['choice', 'fixed'],
  'parts.bed_day_pay': ['choice', 'at-most-cost'],
  'parts.bed_day_tiers': ['choice', 'by-days'],
  'parts.bed_day_fund': ['choice', 'less-patient-payments'],
};
const BED_DAY_FILES: Files = {
  // every list of three days and more at the second institution
  'bed_day_classes.csv': table(
    'year,class,category,diagnosis,fixmedins_code,minimum_stay',
    `${YEAR},精神类,一类,,${B},3`,
  ),
  'bed_day_rates.csv': table(
    'year,class,category,levels,first_day,yuan_per_day',
    `${YEAR},精神类,一类,,1,420`,
    `${YEAR},精神类,一类,1|2,11,310`,
  ),
};
const CAPITATION_FILES: Files = {
  'capitation.csv': table(
    'year,insutype,fixmedins_code,class,people',
    `${YEAR},310,${C},糖尿病,12`,
    `${YEAR},310,${A},糖尿病,5`,
    `${YEAR},390,${C},高血压,31`,
  ),
  'capitation_rates.csv': table(
    'year,insutype,class,per_capita,risk_factor',
    `${YEAR},310,糖尿病,320,1.05`,
    `${YEAR},390,高血压,210.5,0.9333`,
  ),
};
const FEE_FILES: Files = {
  'fee_for_service.csv': table(
    'year,insutype,fixmedins_code,item,amount,fund_amount',
    `${YEAR},310,${C},门诊大型检查,9000,6000.01`,
    `${YEAR},310,${A},门诊大型检查,7000,5000`,
    `${YEAR},390,${C},血液透析,8000.33,7000.33`,
  ),
};
const COMMUNITY: Values = {
  'parts.community': ['choice', 'fixed'],
  'parts.community_budget': ['choice', 'per-capita'],
  'parts.community_growth': ['ratio', '0.04'],
  'parts.community_reserve_ratio': ['ratio', '0.05'],
  'parts.community_keep_ratio': ['ratio', '0.5'],
  'parts.community_fund_share': ['ratio', '0.6'],
  'parts.community_unkept': ['choice', 'residual'],
};
const BUDGET_HEADER =
  'year,insutype,community,people,per_capita,last_year_fund,major_illness,out_of_area,in_county_spending,' +
  'out_of_county_spending,reasonable_deficit';
const COMMUNITY_FILES: Files = {
  'medical_communities.csv': table(
    'year,insutype,community,fixmedins_code,role',
    `${YEAR},310,东县医共体,${A},lead`,
  ),
  'community_budgets.csv': table(BUDGET_HEADER, `${YEAR},310,东县医共体,100,400,,1000,500,,2000,800`),
  'community_scores.csv': table(
    'year,community,indicator,weight,score',
    `${YEAR},东县医共体,县域内就诊率,3,90`,
    `${YEAR},东县医共体,满意度,1,70`,
  ),
};

const ALL: Values = {
  ...BED_DAY,
  ...COMMUNITY,
  'parts.capitation': ['choice', 'float'],
  'parts.fee_for_service': ['choice', 'capped'],
};
const ALL_FILES: Files = { ...BED_DAY_FILES, ...CAPITATION_FILES, ...FEE_FILES, ...COMMUNITY_FILES };

/** The budget of each scheme of the random area, big enough for what its parts take. */
function withBudget(files: Files, amount: string): Files {
  return {
    ...files,
    'budget.csv': table('year,insutype,budget', `${YEAR},310,${amount}`, `${YEAR},390,${amount}`),
  };
}
const RICH = '3000000.01';

function checkConservation(files: Files): void {
  for (const { insutype, budget } of rowsOf(files, 'part_budgets.csv')) {
    const of = (name: string) => rowsOf(files, name).filter((row) => row.insutype === insutype);
    const parts = sumFen(of('parts.csv'), 'due');
    assert.equal(
      yuanText(parts + sumFen(of('clearing.csv'), 'result') + sumFen(of('residual.csv'), 'residual')),
      budget,
      `parts + result + residual = budget in ${insutype}`,
    );
    const [split] = of('part_budgets.csv');
    assert.equal(
      yuanText(parts + fen(split!.inpatient_budget) + fen(split!.withheld)),
      budget,
      'parts + inpatient budget + withheld = budget',
    );
    assert.equal(of('point_values.csv')[0]!.budget, split!.inpatient_budget);
  }
}

test('parts of every kind share the budget with the inpatient points, to the fen', async () => {
  const files = await settleToFiles(areaWith(ALL, withBudget(ALL_FILES, RICH)), YEAR);
  checkConservation(files);
  const parts = rowsOf(files, 'parts.csv');
  assert.deepEqual([...new Set(parts.map((row) => `${row.part} ${row.lock}`))].toSorted(), [
    'bed-day fixed',
    'capitation float',
    'capitation inside',
    'community fixed',
    'fee-for-service capped',
    'fee-for-service inside',
  ]);
  const capitation = parts.find(
    (row) => row.part === 'capitation' && row.fixmedins_code === C && row.insutype === '310',
  )!;
  assert.equal(capitation.amount, '4032.00', '12 × 320 × 1.05');
  for (const row of parts) {
    if (row.lock === 'fixed') assert.equal(row.due, row.fund_amount);
    if (row.lock === 'capped') assert.ok(fen(row.due) <= fen(row.fund_amount));
    if (row.lock === 'inside') assert.deepEqual([row.due, row.points], ['0.00', '0.0000']);
  }
});

for (const lock of ['fixed', 'float', 'capped']) {
  for (const budget of ['800000', RICH]) {
    test(`every part ${lock} under a budget of ${budget}: conservation holds`, async () => {
      const locks: Values = Object.fromEntries(
        ['bed_day', 'capitation', 'fee_for_service', 'community'].map((part) => [
          `parts.${part}`,
          ['choice', lock] as const,
        ]),
      );
      const values: Values = {
        ...ALL,
        ...locks,
        'parts.reference': ['choice', 'mean-cost'],
        'parts.bed_day_fund': ['choice', lock === 'float' ? 'whole' : 'pooled-ratio'],
        'parts.community_unkept': ['choice', 'pool'],
      };
      checkConservation(await settleToFiles(areaWith(values, withBudget(ALL_FILES, budget)), YEAR));
    });
  }
}

test('parts work with every way of the point value', async () => {
  for (const [method, mode] of [
    ['ratio-pooled', 'floating'],
    ['ratio-own', 'floating'],
    ['deduction', 'fixed'],
  ] as const) {
    const values: Values = {
      ...ALL,
      'point_value.method': ['choice', method],
      'point_value.mode': ['choice', mode],
      ...(mode === 'fixed' ? { 'point_value.published': ['choice', 'start'] as const } : {}),
    };
    checkConservation(await settleToFiles(areaWith(values, withBudget(ALL_FILES, RICH)), YEAR));
  }
});

test("a county's institutions are not counted twice", async () => {
  const values: Values = {
    ...COMMUNITY,
    'parts.reference': ['choice', 'start-point-value'],
    'parts.capitation': ['choice', 'float'],
    'parts.fee_for_service': ['choice', 'float'],
    'parts.community': ['choice', 'float'],
  };
  const folder = areaWith(
    values,
    withBudget({ ...CAPITATION_FILES, ...FEE_FILES, ...COMMUNITY_FILES }, RICH),
  );
  const files = await settleToFiles(folder, YEAR);
  const plain = await settleToFiles(areaWith({}, withBudget({}, RICH)), YEAR);
  checkConservation(files);
  const inScheme = (rows: Rows, insutype = '310') => rows.filter((row) => row.insutype === insutype);
  const cases = inScheme(rowsOf(files, 'cases.csv'));
  const own = cases.filter((row) => row.fixmedins_code === A);
  assert.ok(own.length > 0, 'the community has lists');
  const others = cases.filter((row) => row.fixmedins_code !== A);

  // its lists bring no points of their own, neither in the year nor in a month
  const [value] = inScheme(rowsOf(files, 'point_values.csv'));
  assert.equal(BigInt(value!.points!.replace('.', '')), sumPoints(others));
  const months = inScheme(rowsOf(files, 'monthly.csv'));
  assert.equal(sumPoints(months), sumPoints(others));
  assert.ok(months.every((row) => row.fixmedins_code !== A));
  for (const row of inScheme(rowsOf(files, 'clearing.csv'))) {
    if (row.fixmedins_code === A) assert.deepEqual([row.cases, row.points, row.due], ['0', '0.0000', '0.00']);
  }
  // and it is paid once: its total, which has its capitation and fees already
  const lines = inScheme(rowsOf(files, 'parts.csv')).filter((row) => row.fixmedins_code === A);
  assert.deepEqual(
    lines.map((row) => [row.part, row.lock]),
    [
      ['capitation', 'inside'],
      ['community', 'float'],
      ['fee-for-service', 'inside'],
    ],
  );
  assert.ok(lines.every((row) => row.lock === 'float' || (row.due === '0.00' && row.points === '0.0000')));
  assert.deepEqual(
    rowsOf(files, 'part_lists.csv').map((row) => row.setl_id),
    own.map((row) => row.setl_id).toSorted(),
  );
  // the other scheme, in which there is no community, counts all lists of the institution as before
  const other = (each: Files) => inScheme(rowsOf(each, 'cases.csv'), '390');
  assert.deepEqual(other(files), other(plain));
  const [resident] = inScheme(rowsOf(files, 'point_values.csv'), '390');
  assert.equal(BigInt(resident!.points!.replace('.', '')), sumPoints(other(files)));
});

test('what a community has spent in the county is what its lists, capitation and fees have booked', async () => {
  const values: Values = {
    ...COMMUNITY,
    'parts.reference': ['choice', 'start-point-value'],
    'parts.capitation': ['choice', 'float'],
    'parts.fee_for_service': ['choice', 'float'],
  };
  const folder = areaWith(
    values,
    withBudget({ ...CAPITATION_FILES, ...FEE_FILES, ...COMMUNITY_FILES }, RICH),
  );
  const booked = randomArea(SEED, 'plain')
    .lists.filter(
      (list) =>
        list.fixmedins_code === A && list.insutype === '310' && list.dscg_time.startsWith(String(YEAR)),
    )
    .reduce((sum, list) => sum + fen(list.fund_pay_sumamt), 0n);
  const engine = await Engine.open();
  try {
    const settlement = await settleYear(engine, { areaFolder: folder, year: YEAR });
    const { communities } = (await explainParts(engine, settlement)).schemes.find(
      (each) => each.insutype === '310',
    )!;
    // 5 people × 320 × 1.05, and 5,000 yuan of fees
    assert.equal(communities[0]!.in_county, yuanText(booked + 168_000n + 500_000n));
    assert.equal(communities[0]!.score, '85.0000');
    assert.equal(communities[0]!.grown, '41600.00', '100 × 400 × 1.04');
  } finally {
    engine.close();
  }
});

test('the order of the rows of the files changes nothing', async () => {
  const turned: Files = Object.fromEntries(
    Object.entries(ALL_FILES).map(([name, text]) => {
      const [header, ...rows] = text.trimEnd().split('\n');
      return [name, table(header!, ...rows.toReversed())];
    }),
  );
  const [first, second] = await Promise.all([
    settleToFiles(areaWith(ALL, withBudget(ALL_FILES, RICH)), YEAR),
    settleToFiles(areaWith(ALL, withBudget(turned, RICH)), YEAR),
  ]);
  for (const name of Object.keys(first).filter((each) => each.endsWith('.csv'))) {
    assert.equal(second[name], first[name], name);
  }
});

for (const lock of ['fixed', 'capped']) {
  test(`parts that are ${lock} and paid in months: the months and the cash add up to what is due, in files, report and workbooks`, async () => {
    const locks: Values = Object.fromEntries(
      ['bed_day', 'capitation', 'fee_for_service', 'community'].map((part) => [
        `parts.${part}`,
        ['choice', lock] as const,
      ]),
    );
    const folder = areaWith(
      { ...ALL, ...locks, 'parts.monthly': ['choice', 'monthly'] },
      withBudget(ALL_FILES, RICH),
    );
    const files = await settleToFiles(folder, YEAR);
    checkConservation(files);
    const months = rowsOf(files, 'part_months.csv');
    const keyOf = (row: Rows[number]) => [row.part, row.insutype, row.fixmedins_code, row.item].join();
    const byLine = Map.groupBy(months, keyOf);
    const clearing = new Map(rowsOf(files, 'part_clearing.csv').map((row) => [keyOf(row), row]));
    const parts = rowsOf(files, 'parts.csv');
    assert.equal(clearing.size, parts.length);
    for (const row of parts) {
      const own = byLine.get(keyOf(row)) ?? [];
      const cash = clearing.get(keyOf(row))!;
      assert.equal(sumFen(own, 'base'), row.lock === 'inside' ? 0n : fen(row.fund_amount), keyOf(row));
      assert.equal(sumFen(own, 'paid'), fen(cash.monthly_paid));
      assert.equal(fen(cash.monthly_paid) + fen(cash.clearing_cash), fen(row.due));
      if (row.part === 'capitation' && row.lock !== 'inside') assert.equal(own.length, 12);
    }
    // a bed-day month has the lists discharged in it
    const bedDayMonths = months.filter((row) => row.part === 'bed-day');
    assert.ok(bedDayMonths.length > 0);

    const explained = await runCli(['parts', folder, '--year', String(YEAR), '--json']);
    const schemes = JSON.parse(explained.stdout).schemes as Record<string, string>[];
    assert.equal(
      schemes.reduce((sum, { monthly_paid }) => sum + fen(monthly_paid), 0n),
      sumFen(months, 'paid'),
    );

    const out = join(folder, 'out');
    const settled = await runCli([
      ...['settle', folder, '--year', String(YEAR), '--out', out, '--lang', 'zh'],
      ...['--report', '--workbooks'],
    ]);
    assert.equal(settled.exit, 0, settled.stderr);
    const report = readFileSync(join(out, 'report.html'), 'utf8');
    assert.match(report, /<section id="parts"/);
    const thousands = (value: bigint) => yuanText(value).replace(/\B(?=(\d{3})+(?!\d)\.)/g, ',');
    assert.ok(
      report.includes(thousands(sumFen(months, 'paid'))),
      'the report has all that was paid in months',
    );

    const paidInAll = new Map<string, bigint>();
    for (const name of ['clearing.csv', 'parts.csv']) {
      for (const row of rowsOf(files, name)) {
        const code = row.fixmedins_code!;
        const amount = fen(name === 'parts.csv' ? row.due : row.result);
        paidInAll.set(code, (paidInAll.get(code) ?? 0n) + amount);
      }
    }
    const line = async (file: string, title: string): Promise<bigint> => {
      const workbook = await readExcel(join(out, 'workbooks', file));
      const summary = workbook.find(({ sheet }) => sheet.startsWith('汇总'))!.data;
      const row = summary.find((cells) => String(cells[0]).startsWith(title)) ?? assert.fail(title);
      const total = summary[0]!.findIndex((cell) => String(cell).startsWith('合计'));
      return BigInt(Math.round(Number(row[total]) * 100));
    };
    const everything = [...paidInAll.values()].reduce((sum, each) => sum + each, 0n);
    assert.equal(await line('agency.xlsx', '合计支付'), everything);
    assert.equal(
      await line('agency.xlsx', '清算结果'),
      everything - (await line('agency.xlsx', '各部分应付')),
    );
    assert.equal(
      await line('agency.xlsx', '各部分应付'),
      (await line('agency.xlsx', '各部分已按月付')) + (await line('agency.xlsx', '各部分清算现金')),
    );
    for (const code of new Set(parts.map((row) => row.fixmedins_code!))) {
      assert.equal(await line(`institutions/${code}.xlsx`, '合计支付'), paidInAll.get(code), code);
    }
  });
}

test('without a part there is no further file, and every byte is as before', async () => {
  const files = await settleToFiles(areaWith({}, {}), YEAR);
  assert.ok(Object.keys(files).every((name) => !name.startsWith('part')));
  // a community that takes no institution with lists away leaves the others as they are
  const values: Values = { 'parts.reference': ['choice', 'start-point-value'] };
  const turnedOn = await settleToFiles(areaWith(values, {}), YEAR);
  assert.equal(
    turnedOn['parts.csv'],
    'part,insutype,fixmedins_code,item,basis,quantity,amount,fund_amount,points,lock,due\n',
  );
  for (const name of ['cases.csv', 'clearing.csv', 'point_values.csv', 'monthly.csv', 'residual.csv']) {
    assert.equal(turnedOn[name], files[name], name);
  }
});

describe('explanations', () => {
  test('parts and lists are explained in both languages, and the numbers are those of the files', async () => {
    const folder = areaWith(ALL, withBudget(ALL_FILES, RICH));
    const files = await settleToFiles(folder, YEAR);
    const engine = await Engine.open();
    try {
      const settlement = await settleYear(engine, { areaFolder: folder, year: YEAR });
      const explained = await explainParts(engine, settlement);
      const lines = explained.schemes.flatMap((scheme) =>
        scheme.lines.map((line) => [line.part, scheme.insutype, line.fixmedins_code, line.item, line.due]),
      );
      assert.deepEqual(
        lines.map(String).toSorted(),
        rowsOf(files, 'parts.csv')
          .map((row) => [row.part, row.insutype, row.fixmedins_code, row.item, row.due])
          .map(String)
          .toSorted(),
      );
      for (const language of ['zh', 'en'] as const) {
        const text = renderParts(explained, language);
        assert.match(text, language === 'zh' ? /东县医共体/ : /community 东县医共体/);
        assert.match(text, /parts\.community_growth = 0\.04/);
      }
      // the one-case rule is run again for every bed-day list, and throws where it differs
      const lists = rowsOf(files, 'part_lists.csv');
      assert.ok(lists.some((row) => row.part === 'bed-day') && lists.some((row) => row.part === 'community'));
      for (const { setl_id, part, amount } of lists) {
        const found = await explainPartCase(engine, settlement, setl_id!);
        if (part === 'bed-day') assert.equal(found!.bed_day!.amount, amount);
        else assert.equal(found!.community, '东县医共体');
        assert.match(renderPartCase(found!, 'en'), new RegExp(setl_id!));
      }
      const paid = new Set(lists.map((row) => row.setl_id));
      const inpatient = rowsOf(files, 'cases.csv').find((row) => !paid.has(row.setl_id))!.setl_id!;
      assert.equal(await explainPartCase(engine, settlement, inpatient), undefined);
      await explainCase(engine, settlement, inpatient);
    } finally {
      engine.close();
    }
  });

  test('yibao parts and yibao explain print them', async () => {
    const folder = areaWith(ALL, withBudget(ALL_FILES, RICH));
    const parts = await runCli(['parts', folder, '--year', String(YEAR), '--lang', 'zh']);
    assert.equal(parts.exit, 0, parts.stderr);
    assert.match(parts.stdout, /多元付费与点数/);
    const none = await runCli(['parts', areaWith({}, {}), '--year', String(YEAR), '--lang', 'en']);
    assert.match(none.stdout, /pays no parts in 2025: parts\.reference is none/);
    const json = await runCli(['parts', folder, '--year', String(YEAR), '--json']);
    assert.equal(JSON.parse(json.stdout).schemes.length, 2);
    const lists = rowsOf(await settleToFiles(folder, YEAR), 'part_lists.csv');
    const bedDay = lists.find((row) => row.part === 'bed-day')!.setl_id!;
    const explained = await runCli([
      'explain',
      folder,
      '--year',
      String(YEAR),
      '--case',
      bedDay,
      '--lang',
      'en',
    ]);
    assert.equal(explained.exit, 0, explained.stderr);
    assert.match(explained.stdout, /paid by the bed-day: 精神类\/一类/);
  });
});

describe('files of the parts that cannot be used', () => {
  const refused = async (values: Values, files: Files): Promise<string[]> => {
    const engine = await Engine.open();
    try {
      await settleYear(engine, { areaFolder: areaWith(values, files), year: YEAR });
    } catch (error) {
      assert.ok(error instanceof YibaoError, String(error));
      for (const problem of error.problems) {
        assert.ok(problem.definition.message.zh && problem.definition.remedy.en);
      }
      return error.problems.map(({ definition, file, row, field, value }) =>
        [definition.code, file, row, field, value]
          .filter((each) => each !== undefined && each !== '')
          .join(' '),
      );
    } finally {
      engine.close();
    }
    return assert.fail('the area was settled');
  };
  const row = (name: string, text: string, values: Values = ALL, files: Files = ALL_FILES) =>
    refused(values, withBudget({ ...files, [name]: `${files[name]}${text}\n` }, RICH));

  const BROKEN: readonly [name: string, file: string, text: string, expected: readonly string[]][] = [
    [
      'a rate that is no amount',
      'bed_day_rates.csv',
      `${YEAR},精神类,二类,4,1,abc`,
      ['area.bad-value bed_day_rates.csv 4 levels 4', 'area.bad-value bed_day_rates.csv 4 yuan_per_day abc'],
    ],
    [
      'a second rate for a level and day',
      'bed_day_rates.csv',
      `${YEAR},精神类,一类,2,11,300`,
      ['parts.two-rates bed_day_rates.csv 4 class,category,levels,first_day 精神类,一类,2,11'],
    ],
    [
      'a class whose first tier begins late',
      'bed_day_rates.csv',
      `${YEAR},康复类,,3,31,200`,
      ['parts.no-rate-from-day-one bed_day_rates.csv 4 first_day 31'],
    ],
    [
      'a class without a rate',
      'bed_day_classes.csv',
      `${YEAR},安宁疗护,,Z51,,1`,
      ['parts.unknown-class bed_day_classes.csv 3 class,category 安宁疗护,'],
    ],
    [
      'an institution nobody knows',
      'bed_day_classes.csv',
      `${YEAR},精神类,一类,F,HX,1`,
      ['area.unknown-institution bed_day_classes.csv 3 fixmedins_code HX'],
    ],
    [
      'people without a rate',
      'capitation.csv',
      `${YEAR},390,${A},肾衰,3`,
      ['parts.unknown-class capitation.csv 5 class 肾衰'],
    ],
    [
      'half a person',
      'capitation.csv',
      `${YEAR},390,${A},高血压,2.5`,
      ['area.bad-value capitation.csv 5 people 2.5'],
    ],
    [
      'a risk factor of nothing',
      'capitation_rates.csv',
      `${YEAR},390,肾衰,100,0`,
      ['area.bad-value capitation_rates.csv 4 risk_factor 0'],
    ],
    [
      'a fund part above the amount',
      'fee_for_service.csv',
      `${YEAR},310,${B},放疗,10,10.01`,
      ['parts.fund-above-amount fee_for_service.csv 5 fund_amount 10.01'],
    ],
    [
      'an institution in two communities, one of them without lead, budget and evaluation',
      'medical_communities.csv',
      `${YEAR},310,西县医共体,${A},member`,
      [
        `parts.in-two-communities medical_communities.csv 3 fixmedins_code ${A}`,
        'parts.wrong-number-of-leads medical_communities.csv 3 community 西县医共体',
        'parts.community-without-total medical_communities.csv 3 community 西县医共体',
      ],
    ],
    [
      'a budget of a community nobody knows',
      'community_budgets.csv',
      `${YEAR},390,西县医共体,1,1,,,,,,`,
      [
        'parts.community-without-members community_budgets.csv 3 community 西县医共体',
        'parts.no-evaluation community_budgets.csv 3 community 西县医共体',
      ],
    ],
    [
      'a score above 100',
      'community_scores.csv',
      `${YEAR},东县医共体,服务质量,1,100.0001`,
      ['area.bad-value community_scores.csv 4 score 100.0001'],
    ],
  ];
  for (const [name, file, text, expected] of BROKEN) {
    test(name, async () => assert.deepEqual(await row(file, text), expected));
  }

  test('a file that no parameter reads, and a parameter whose file is not there', async () => {
    assert.deepEqual(await refused({}, FEE_FILES), ['parts.file-not-used fee_for_service.csv']);
    const { 'parts.reference': reference } = BED_DAY as { 'parts.reference': readonly [string, string] };
    assert.deepEqual(
      await refused({ 'parts.reference': reference, 'parts.fee_for_service': ['choice', 'fixed'] }, {}),
      ['parts.file-needed fee_for_service.csv'],
    );
  });

  test('bed-days paid case by case and as a part', async () => {
    const files = {
      ...BED_DAY_FILES,
      'bed_days.csv': table(
        'class,diagnosis,level,fixmedins_code,minimum_stay,points_per_day,yuan_per_day',
        '精神,F,,,1,,300',
      ),
    };
    const values: Values = {
      ...BED_DAY,
      'adjustment.steps': ['steps', 'bed-day'],
      'bed_day.pay': ['choice', 'standard'],
    };
    assert.deepEqual(await refused(values, withBudget(files, RICH)), ['parts.bed-day-twice bed_days.csv']);
  });

  test('a part without the numbers that the area has to say', async () => {
    const { 'parts.bed_day_pay': _, ...rest } = BED_DAY;
    assert.deepEqual(await refused(rest, BED_DAY_FILES), ['policy.missing-value parts.bed_day_pay']);
  });

  test('fixed parts above the budget, and a community with a total below zero', async () => {
    const fixed: Values = {
      'parts.reference': ['choice', 'start-point-value'],
      'parts.capitation': ['choice', 'fixed'],
    };
    assert.deepEqual(await refused(fixed, withBudget(CAPITATION_FILES, '10')), [
      'parts.fixed-above-budget budget.csv budget 310',
    ]);
    const files = {
      ...ALL_FILES,
      'community_budgets.csv': table(BUDGET_HEADER, `${YEAR},310,东县医共体,1,1,,999,0,,0,0`),
    };
    assert.deepEqual(await refused(ALL, withBudget(files, RICH)), [
      'parts.community-total-negative community_budgets.csv 2 community 东县医共体',
    ]);
  });

  test('a column that the way of the total needs', async () => {
    const files = {
      ...ALL_FILES,
      'community_budgets.csv': table(BUDGET_HEADER, `${YEAR},310,东县医共体,,,100,,,,,`),
    };
    assert.deepEqual(await refused(ALL, withBudget(files, RICH)), [
      'parts.figure-needed community_budgets.csv 2 people',
      'parts.figure-needed community_budgets.csv 2 per_capita',
    ]);
  });
});

testWithSharedData(
  'the published bed-day table of Huzhou is ten rates, and pays the worked stays',
  async (data) => {
    const published = parse(readFileSync(join(data, 'payment', 'huzhou_bedday_2022.csv'), 'utf8'), {
      columns: true,
    }) as Rows;
    const LEVELS: Readonly<Record<string, string>> = {
      三级: '3',
      二级: '2',
      一级及以下: '1',
      二级及以下: '1|2',
    };
    const worked = JSON.parse(readFileSync(join(data, 'payment', 'worked_examples.json'), 'utf8')).J_huzhou;
    const rates = published.map(
      (row) =>
        `${YEAR},${row.disease_class},${row.category},${LEVELS[row.hospital_level!]},1,${row.yuan_per_day}`,
    );
    assert.equal(rates.length, 10);
    const files: Files = {
      'bed_day_classes.csv': table(
        'year,class,category,diagnosis,fixmedins_code,minimum_stay',
        `${YEAR},精神类,一类,,,2`,
        `${YEAR},慢性病及康复类,二类,,,1`,
      ),
      'bed_day_rates.csv': table('year,class,category,levels,first_day,yuan_per_day', ...rates),
    };
    const values: Values = {
      ...BED_DAY,
      'parts.bed_day': ['choice', 'float'],
      'parts.bed_day_pay': ['choice', 'standard'],
      'parts.bed_day_tiers': ['choice', 'whole-stay'],
      // no inpatient list is left to take a ratio from
      'parts.fund_ratio': ['choice', 'given'],
      'parts.fund_ratio_value': ['ratio', '0.7'],
    };
    const settled = await settleToFiles(areaWith(values, withBudget(files, RICH)), YEAR);
    checkConservation(settled);
    const level = new Map(
      randomArea(SEED, 'plain').institutions.map((row) => [row.fixmedins_code, Number(row.level)]),
    );
    const lists = rowsOf(settled, 'part_lists.csv');
    assert.equal(
      lists.length,
      rowsOf(settled, 'cases.csv').length,
      'every list is of one of the two classes',
    );
    for (const row of lists) {
      const [name, category] = row.item!.split('/');
      const wanted = published.find(
        (each) =>
          each.disease_class === name &&
          each.category === category &&
          LEVELS[each.hospital_level!]!.split('|').includes(String(level.get(row.fixmedins_code!))),
      )!;
      assert.equal(row.standard, yuanText(BigInt(row.days!) * fen(wanted.yuan_per_day)));
    }
    assert.equal(worked.psy_L3_class1_30d, yuanText(30n * fen(published[0]!.yuan_per_day)));
  },
);
