import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { Engine } from '#engine/duckdb.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { parseYuan, yuanText } from '#kernel/money.ts';
import { explainCase, renderCaseExplanation, settlementWarnings, settleYear } from '#payment/index.ts';
import type { OracleArea } from './support/oracle.ts';
import { randomArea } from './support/random-area.ts';
import { settleToFiles } from './support/settle-files.ts';
import { writeArea } from './support/write-area.ts';

type Rows = readonly Readonly<Record<string, string>>[];
type Files = Readonly<Record<string, string>>;
const YEAR = 2025;
const rowsOf = (files: Files, name: string): Rows =>
  parse(files[name] ?? assert.fail(`no ${name}`), { columns: true }) as Rows;
const sumFen = (rows: Rows, field: string): bigint =>
  rows.reduce((sum, row) => sum + parseYuan(row[field]!)!, 0n);

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A random area with values of its own and further files. */
function areaWith(
  values: Readonly<Record<string, readonly [unit: string, value: string]>>,
  files: Files = {},
  area: OracleArea = randomArea(7, 'plain'),
): string {
  const folder = writeArea(area);
  folders.push(folder);
  const overrides = Object.entries(values).map(
    ([name, [unit, value]]) =>
      `  ${name}:\n    unit: ${unit}\n    values:\n      2020-01-01: {value: "${value}", from: local, article: 第一条}\n`,
  );
  if (overrides.length > 0) {
    appendFileSync(
      join(folder, 'area.yaml'),
      `documents:\n  local: 随机市清算办法\noverrides:\n${overrides.join('')}`,
    );
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const BANDS = {
  'clearing.steps': ['steps', 'bands > assessment > audit > adjustment-fund'],
  'clearing.booked': ['choice', 'after-audit'],
  'clearing.surplus_low_ratio': ['ratio', '0.85'],
  'clearing.surplus_share': ['ratio', '1'],
  'clearing.overspend_bands': ['ratio', '1.15:0.5 | 0'],
} as const;

function checkConservation(files: Files): void {
  const clearing = rowsOf(files, 'clearing.csv');
  const steps = rowsOf(files, 'clearing_steps.csv');
  for (const row of clearing) {
    const own = steps.filter(
      (each) => each.insutype === row.insutype && each.fixmedins_code === row.fixmedins_code,
    );
    assert.equal(yuanText(sumFen(own, 'amount')), row.result, 'the lines add up to the result');
    assert.equal(own.at(-1)!.running_total, row.result);
  }
  for (const row of rowsOf(files, 'residual.csv')) {
    const budget = rowsOf(files, 'point_values.csv').find((each) => each.insutype === row.insutype)!.budget!;
    const own = clearing.filter((each) => each.insutype === row.insutype);
    assert.equal(yuanText(sumFen(own, 'result') + parseYuan(row.residual!)!), budget);
    const lines = rowsOf(files, 'residual_steps.csv').filter((each) => each.insutype === row.insutype);
    assert.equal(yuanText(sumFen(lines, 'amount')), row.residual);
  }
}

test('under the reference profile there are no further files', async () => {
  const files = await settleToFiles(areaWith({}), YEAR);
  assert.deepEqual(Object.keys(files).toSorted(), [
    'cases.csv',
    'clearing.csv',
    'coefficients.csv',
    'groups.csv',
    'manifest.json',
    'monthly.csv',
    'point_values.csv',
    'refused.csv',
    'residual.csv',
  ]);
  const { clearing } = JSON.parse(files['manifest.json']!);
  assert.equal(clearing.deadline, '2026-05-31');
  assert.equal(clearing.cash_share_target, '0.05');
});

test('an area with bands, ratio method and deposits tells every step, and keeps every fen', async () => {
  const area = randomArea(7, 'plain');
  const scores = area.institutions.map(
    (row, index) => `${YEAR},${row.fixmedins_code},${65 + ((index * 20) % 35)}`,
  );
  const folder = areaWith(
    {
      ...BANDS,
      'clearing.steps': ['steps', 'bands > assessment > audit > deposit > adjustment-fund'],
      'point_value.method': ['choice', 'ratio-own'],
      'deposit.mode': ['choice', 'assessed'],
      'deposit.ratio': ['ratio', '0.05'],
      'deposit.return_bands': ['ratio', '70:0 | 90:0.9 | 1'],
      'clearing.period': ['choice', 'quarter'],
      'clearing.quarter_ratio': ['ratio', '0.98'],
      'prepayment.mode': ['choice', 'last-year'],
      'prepayment.months': ['months', '1'],
      'prepayment.minimum_score': ['score', '70'],
    },
    {
      'assessment_scores.csv': `year,fixmedins_code,score\n${scores.join('\n')}\n`,
      'adjustment_fund.csv': `year,insutype,amount\n${YEAR},310,1000\n`,
    },
  );
  const files = await settleToFiles(folder, YEAR);
  checkConservation(files);
  for (const row of rowsOf(files, 'month_accounts.csv')) {
    const [base, paid, deduction, retained] = ['base', 'paid', 'deduction', 'retained'].map(
      (name) => parseYuan(row[name]!)!,
    );
    assert.equal(paid! + deduction! + retained!, base!, String(row.month));
  }
  for (const row of rowsOf(files, 'clearing_cash.csv')) {
    const [result, monthly, quarter, advance, cash] = [
      'result',
      'monthly_paid',
      'quarter_paid',
      'advance_paid',
      'clearing_cash',
    ].map((name) => parseYuan(row[name]!)!);
    assert.equal(result! - monthly! - quarter! - advance!, cash);
  }
  const quarters = rowsOf(files, 'quarterly.csv');
  for (const row of rowsOf(files, 'clearing_cash.csv')) {
    const own = quarters.filter(
      (each) => each.insutype === row.insutype && each.fixmedins_code === row.fixmedins_code,
    );
    assert.equal(yuanText(sumFen(own, 'quarter_cash')), row.quarter_paid);
  }
  const prepaid = rowsOf(files, 'prepayments.csv');
  assert.ok(prepaid.some((row) => row.prepayment !== '0.00'));
  for (const row of prepaid) {
    const expected = Number(row.score) >= 70 ? Number(row.last_year_fund) / 12 : 0;
    assert.ok(Math.abs(Number(row.prepayment) - expected) < 0.0051, JSON.stringify(row));
  }
});

test('explain tells the steps with the numbers of the run', async () => {
  const folder = areaWith(
    { ...BANDS, 'point_value.method': ['choice', 'ratio-pooled'] },
    {
      'month_deductions.csv': `month,insutype,fixmedins_code,amount,reason\n2025-03,310,${randomArea(7, 'plain').institutions[0]!.fixmedins_code},12.34,重复收费\n`,
    },
  );
  const files = await settleToFiles(folder, YEAR);
  checkConservation(files);
  const engine = await Engine.open();
  try {
    const settlement = await settleYear(engine, { areaFolder: folder, year: YEAR });
    for (const row of rowsOf(files, 'cases.csv').filter((_, index) => index % 9 === 0)) {
      const explanation = await explainCase(engine, settlement, row.setl_id!);
      const steps = rowsOf(files, 'clearing_steps.csv').filter(
        (each) => each.insutype === row.insutype && each.fixmedins_code === row.fixmedins_code,
      );
      assert.deepEqual(
        explanation.clearing.steps.map((step) => [step.step, step.change, step.amount]),
        steps.slice(1).map((each) => [each.step, each.amount, each.running_total]),
      );
      const result = rowsOf(files, 'clearing.csv').find(
        (each) => each.insutype === row.insutype && each.fixmedins_code === row.fixmedins_code,
      )!;
      assert.equal(explanation.clearing.result, result.result);
      assert.equal(explanation.clearing.cash.clearing_cash, result.clearing_cash);
      const text = renderCaseExplanation(explanation, 'zh');
      assert.match(text, /比例法/);
      assert.match(text, /清算第 1 步 结余留用与超支分担/);
      assert.match(text, /clearing\.overspend_bands = 1\.15:0\.5 \| 0/);
      assert.match(text, /随机市清算办法/);
      assert.match(renderCaseExplanation(explanation, 'en'), /step 1, retained surplus and shared overspend/);
    }
  } finally {
    engine.close();
  }
});

describe('months are locked', () => {
  const area = randomArea(7, 'plain');
  const lists = area.lists.filter((list) => list.dscg_time.startsWith('2025-0'));
  const one = lists.find((list) => list.dscg_time.startsWith('2025-02') && list.setl_id.startsWith('S'))!;
  const locks = 'month,lock_date\n2025-02,2025-03-15\n2025-03,2025-04-15\n';

  test('a list uploaded after the lock of its month is paid with the next open one, and told of', async () => {
    const uploads = `setl_id,upload_date\n${one.setl_id},2025-03-16\n`;
    const files = await settleToFiles(
      areaWith({}, { 'month_locks.csv': locks, 'list_uploads.csv': uploads }),
      YEAR,
    );
    assert.deepEqual(rowsOf(files, 'late_lists.csv'), [
      {
        setl_id: one.setl_id,
        fixmedins_code: one.fixmedins_code,
        insutype: one.insutype,
        month: '2025-02',
        upload_date: '2025-03-16',
        lock_date: '2025-03-15',
        paid_in: '2025-03',
      },
    ]);
    const plain = await settleToFiles(areaWith({}), YEAR);
    const cases = (all: Files, month: string) =>
      rowsOf(all, 'monthly.csv')
        .filter(
          (row) =>
            row.month === month && row.insutype === one.insutype && row.fixmedins_code === one.fixmedins_code,
        )
        .reduce((sum, row) => sum + Number(row.cases), 0);
    assert.equal(cases(files, '2025-02'), cases(plain, '2025-02') - 1);
    assert.equal(cases(files, '2025-03'), cases(plain, '2025-03') + 1);
    // the year does not change: due, result and residual are those of all its lists
    assert.equal(files['residual.csv'], plain['residual.csv']);
    assert.equal(files['point_values.csv'], plain['point_values.csv']);
    const engine = await Engine.open();
    try {
      const folder = areaWith({}, { 'month_locks.csv': locks, 'list_uploads.csv': uploads });
      const settlement = await settleYear(engine, { areaFolder: folder, year: YEAR });
      const explanation = await explainCase(engine, settlement, one.setl_id);
      assert.equal(explanation.month.month, '2025-03');
      assert.match(renderCaseExplanation(explanation, 'zh'), /迟到清单：2025-03-16 上传.*转入 2025-03/);
    } finally {
      engine.close();
    }
  });

  test('on the day of the lock it is in time', async () => {
    const uploads = `setl_id,upload_date\n${one.setl_id},2025-03-15\n`;
    const files = await settleToFiles(
      areaWith({}, { 'month_locks.csv': locks, 'list_uploads.csv': uploads }),
      YEAR,
    );
    assert.equal(files['late_lists.csv'], undefined);
  });

  test('a locked month is paid the same with and without the late list', async () => {
    const uploads = `setl_id,upload_date\n${one.setl_id},2025-04-16\n`;
    const late = await settleToFiles(
      areaWith({}, { 'month_locks.csv': locks, 'list_uploads.csv': uploads }),
      YEAR,
    );
    const without = await settleToFiles(
      areaWith({}, {}, { ...area, lists: area.lists.filter((list) => list.setl_id !== one.setl_id) }),
      YEAR,
    );
    const closed = (files: Files) => rowsOf(files, 'monthly.csv').filter((row) => row.month! <= '2025-03');
    assert.deepEqual(closed(late), closed(without));
  });

  test('after the last lock only the annual clearing counts it', async () => {
    const all = Array.from(
      { length: 12 },
      (_, index) => `2025-${String(index + 1).padStart(2, '0')},2026-01-31`,
    );
    const files = await settleToFiles(
      areaWith(
        {},
        {
          'month_locks.csv': `month,lock_date\n${all.join('\n')}\n`,
          'list_uploads.csv': `setl_id,upload_date\n${one.setl_id},2026-02-01\n`,
        },
      ),
      YEAR,
    );
    assert.equal(rowsOf(files, 'late_lists.csv')[0]!.paid_in, '2025');
    const total = rowsOf(files, 'monthly.csv').reduce((sum, row) => sum + Number(row.cases), 0);
    assert.equal(total, rowsOf(files, 'cases.csv').length - 1);
  });
});

describe('start-of-year point values', () => {
  const pv0 = async (values: Parameters<typeof areaWith>[0], files: Files = {}) =>
    rowsOf(await settleToFiles(areaWith(values, files), YEAR), 'point_values.csv').map(
      (row) => row.start_point_value!,
    );

  test('each scheme has its own, or both have one', async () => {
    const [together, apart] = [
      await pv0({}),
      await pv0({ 'point_value.start_scope': ['choice', 'by-scheme'] }),
    ];
    assert.equal(together[0], together[1]);
    assert.notEqual(apart[0], apart[1]);
    const bounds = apart.map(Number).toSorted((a, b) => a - b);
    assert.ok(bounds[0]! <= Number(together[0]) && Number(together[0]) <= bounds[1]!);
  });

  test('the value zone is not above the mean of the region', async () => {
    const [mean] = await pv0({});
    const [zone] = await pv0({ 'point_value.start_zone': ['choice', 'value-zone'] });
    assert.ok(Number(zone) < Number(mean));
  });

  test('the two-dimensional zone needs operating costs, and lies among its institutions', async () => {
    const zone = { 'point_value.start_zone': ['choice', 'value-zone-2d'] } as const;
    await assert.rejects(settleToFiles(areaWith(zone), YEAR), (error: YibaoError) =>
      error.problems.some(
        (each) => each.definition.code === 'clearing.file-needed' && each.file === 'operating_costs.csv',
      ),
    );
    const area = randomArea(7, 'plain');
    const rows = [2022, 2023, 2024].flatMap((year) =>
      area.institutions.map((row, index) => `${year},${row.fixmedins_code},,${index * 1000 + 500}.00`),
    );
    const costs = `year,fixmedins_code,income,operating_cost\n${rows.join('\n')}\n`;
    const [first, second] = await pv0(zone, { 'operating_costs.csv': costs });
    assert.equal(first, second);
    assert.ok(Number(first) > 0 && Number(first) < Number((await pv0({}))[0]));
  });

  test('trimming leaves out cases beyond the quantiles, and a share outside the range is refused where the policy says so', async () => {
    const trimming = (minimum: string, check: string) =>
      ({
        'point_value.start_trimming': ['choice', 'group-quantiles'],
        'point_value.trim_minimum_cases': ['cases', '20'],
        'point_value.trim_share_minimum': ['ratio', minimum],
        'point_value.trim_share_maximum': ['ratio', '0.08'],
        'point_value.trim_share_check': ['choice', check],
      }) as const;
    const [mean] = await pv0({});
    const [trimmed] = await pv0(trimming('0', 'report'));
    assert.notEqual(trimmed, mean);
    await assert.rejects(
      settleToFiles(areaWith(trimming('0.07', 'refuse')), YEAR),
      /clearing\.trimmed-share/,
    );
  });
});

describe('an old year stays reproducible under its own rules', () => {
  /** the lists of the random area, two years earlier */
  const earlier = (years: number): OracleArea => {
    const area = randomArea(11, 'plain');
    const back = (text: string) => text.replace(/^(\d{4})/, (year) => String(Number(year) - years));
    return {
      ...area,
      lists: area.lists.map((list) => ({
        ...list,
        adm_time: back(list.adm_time),
        dscg_time: back(list.dscg_time),
      })),
      budgets: area.budgets.map((row) => ({ ...row, year: row.year - years })),
      institutionYears: area.institutionYears.map((row) => ({ ...row, year: row.year - years })),
    };
  };
  const settled = async (area: OracleArea, year: number) => {
    const folder = areaWith({}, {}, area);
    const header = readFileSync(join(folder, 'area.yaml'), 'utf8');
    writeFileSync(join(folder, 'area.yaml'), header.replace('profile: reference', 'profile: dip-2021'));
    return settleToFiles(folder, year);
  };

  for (const year of [2021, 2022, 2023, 2024]) {
    test(`${year}: pooled ratio, declared months, the limits themselves count`, async () => {
      const area = earlier(2025 - year);
      const files = await settled(area, year);
      assert.deepEqual(await settled(area, year), files);
      for (const row of rowsOf(files, 'month_accounts.csv')) {
        const [cost, nonFund, base, paid] = ['cost', 'non_fund', 'base', 'paid'].map(
          (name) => parseYuan(row[name]!)!,
        );
        assert.equal(base, cost! - nonFund!, 'the fund money declared');
        assert.equal(paid, (base! * 9n + 5n) / 10n, '90 % of it');
      }
      for (const row of rowsOf(files, 'point_values.csv')) {
        const own = rowsOf(files, 'clearing.csv').filter((each) => each.insutype === row.insutype);
        assert.equal(yuanText(sumFen(own, 'due')), row.budget);
        assert.ok(
          own.every((each) => parseYuan(each.due!)! >= 0n),
          'a ratio method owes nobody less than nothing',
        );
      }
      // the same lists under the new rules come to other numbers
      const now = await settled(earlier(0), 2025);
      assert.notEqual(now['clearing.csv'], files['clearing.csv']);
      assert.equal(
        JSON.parse(now['manifest.json']!).policy_sha256 === JSON.parse(files['manifest.json']!).policy_sha256,
        false,
      );
    });
  }
});

const problemsOf = async (folder: string): Promise<readonly Problem[]> => {
  try {
    await settleToFiles(folder, YEAR);
  } catch (error) {
    if (error instanceof YibaoError) return error.problems;
    throw error;
  }
  return [];
};
const shown = (problems: readonly Problem[]) =>
  problems.map(({ definition, file, row, field }) =>
    `${definition.code} ${file}:${row ?? ''} ${field ?? ''}`.trim(),
  );

describe('what is wrong with the files of the clearing is told together', () => {
  test('rows', async () => {
    const folder = areaWith(
      {},
      {
        'month_deductions.csv':
          'month,insutype,fixmedins_code,amount,reason\n2025-13,310,H0,-1,x\n2025-03,310,H0,1,x\n',
        'month_locks.csv': 'month,lock_date\n2025-02,2025-02-27\n2025-02,2025-03-01\n',
        'list_uploads.csv': 'setl_id,upload_date\nS1,2025-02-30\n',
        'assessment_scores.csv': 'year,fixmedins_code,score\n2025,H0,101\n',
      },
    );
    assert.deepEqual(shown(await problemsOf(folder)), [
      'area.bad-value month_deductions.csv:2 month',
      'area.bad-value month_deductions.csv:2 amount',
      'area.unknown-institution month_deductions.csv:3 fixmedins_code',
      'clearing.lock-before-month-ends month_locks.csv:2 lock_date',
      'area.repeated-row month_locks.csv:3 month',
      'area.bad-value list_uploads.csv:2 upload_date',
      'area.bad-value assessment_scores.csv:2 score',
    ]);
  });

  test('files a choice needs', async () => {
    const folder = areaWith({
      'point_value.mode': ['choice', 'fixed'],
      'point_value.published': ['choice', 'file'],
      'clearing.assessment': ['choice', 'score-bands'],
      'clearing.assessment_bands': ['ratio', '90:0.9 | 1'],
    });
    assert.deepEqual(shown(await problemsOf(folder)), [
      'clearing.file-needed point_values_published.csv:',
      'clearing.file-needed assessment_scores.csv:',
    ]);
  });

  test('other funds that paid more than all funds, and those that move the due by what they paid', async () => {
    const choice = { 'payment.patient_payments': ['choice', 'non-pool'] } as const;
    const list = randomArea(7, 'plain').lists.find(
      (each) =>
        each.dscg_time.startsWith('2025-05') &&
        each.setl_id.startsWith('S') &&
        Number(each.fund_pay_sumamt) > 10,
    )!;
    const row = (amount: string) =>
      `month,insutype,fixmedins_code,amount\n2025-05,${list.insutype},${list.fixmedins_code},${amount}\n2025-06,${list.insutype === '310' ? '390' : '310'},${list.fixmedins_code},0\n`;
    const wrong = areaWith(choice, { 'other_fund_payments.csv': row('99999999.00') });
    assert.deepEqual(shown(await problemsOf(wrong)), [
      'clearing.other-funds-too-much other_fund_payments.csv:2 amount',
    ]);
    const files = await settleToFiles(areaWith(choice, { 'other_fund_payments.csv': row('10.00') }), YEAR);
    const plain = await settleToFiles(areaWith({}), YEAR);
    const nonFund = (all: Files) =>
      parseYuan(rowsOf(all, 'point_values.csv').find((each) => each.insutype === list.insutype)!.non_fund!)!;
    assert.equal(nonFund(files) - nonFund(plain), 1000n);
    const base = (all: Files) =>
      parseYuan(
        rowsOf(all, 'monthly.csv').find(
          (each) =>
            each.month === '2025-05' &&
            each.insutype === list.insutype &&
            each.fixmedins_code === list.fixmedins_code,
        )!.base!,
      )!;
    assert.equal(base(plain) - base(files), 1000n);
  });

  test('choices that exclude each other, and a chosen step without its numbers', async () => {
    const clash = await problemsOf(
      areaWith({
        'point_value.method': ['choice', 'ratio-own'],
        'point_value.mode': ['choice', 'elastic'],
        'point_value.baseline': ['choice', 'file'],
        'point_value.baseline_share': ['ratio', '0.8'],
        'point_value.increment_cap': ['choice', 'none'],
        'point_value.unallocated': ['choice', 'reserve'],
      }),
    );
    assert.equal(clash[0]!.definition.code, 'policy.inconsistent-values');
    const missing = await problemsOf(areaWith({ 'clearing.steps': ['steps', 'bands > audit'] }));
    assert.deepEqual(
      missing.map((each) => [each.definition.code, each.field]),
      [
        'clearing.booked',
        'clearing.surplus_low_ratio',
        'clearing.surplus_share',
        'clearing.overspend_bands',
      ].map((name) => ['policy.missing-value', name]),
    );
  });
});

describe('budgets by plan and talks', () => {
  const plan = (rows: string) => `plans:\n${rows}`;
  const GROWTH = `  - year: 2025
    insutype: 310
    way: growth
    last_year_dip: "1000000.00"
    factors:
      - { factor: 参保人数, rate: "0.02", source: 参保统计, proposed_by: 医保中心 }
      - { factor: 病例组合, rate: "0.015", source: 上年清单, proposed_by: 医疗机构代表 }
`;
  const negotiation = (more: { amount: string; sha256: string; method?: string; sides?: string }) => `rounds:
  - id: budget-2025
    subject: 2025 年预算
    agreed_on: 2025-02-20
    proposals:
      - by: 医保中心
        on: 2025-02-10
        proposes: 增长 3.5%
        data:
          - { file: budget_plan.yaml, sha256: ${more.sha256} }
          - { figure: "1000000.00", source: 上年清算 }
    participants:
      - { name: 甲, organisation: 医保中心, side: agency }
      - { name: 乙, organisation: 第一医院, side: ${more.sides ?? 'institution'} }
    signed_by: [甲, 乙]
    fixes:
      budgets:
        - { year: 2025, insutype: 310, amount: "${more.amount}" }
      parameters:
        - { year: 2025, parameter: point_value.method, value: ${more.method ?? 'deduction'} }
`;
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  /** the random area without its own budget of the employee scheme */
  const planned = (files: Files, values: Parameters<typeof areaWith>[0] = {}) => {
    const area = randomArea(7, 'plain');
    return areaWith(values, files, {
      ...area,
      budgets: area.budgets.filter((row) => row.year !== YEAR || row.insutype !== '310'),
    });
  };

  test('a planned budget is settled, what the talks fixed is told, and both are in the manifest', async () => {
    const text = plan(GROWTH);
    const folder = planned({
      'budget_plan.yaml': text,
      'negotiation.yaml': negotiation({ amount: '1035000.00', sha256: hash(text) }),
    });
    const files = await settleToFiles(folder, YEAR);
    assert.equal(rowsOf(files, 'point_values.csv')[0]!.budget, '1035000.00');
    const manifest = JSON.parse(files['manifest.json']!);
    assert.deepEqual(manifest.negotiations, [
      {
        id: 'budget-2025',
        agreed_on: '2025-02-20',
        fixes: ['budget 2025 310 = 1035000.00', '2025 point_value.method = deduction'],
      },
    ]);
    assert.deepEqual(manifest.budgets, [
      { insutype: '310', way: 'growth', budget: '1035000.00', reserve: '0.00' },
    ]);
    const inputs = manifest.inputs.map((each: { file: string }) => each.file);
    assert.ok(inputs.includes('budget_plan.yaml') && inputs.includes('negotiation.yaml'));
    const engine = await Engine.open();
    try {
      const settlement = await settleYear(engine, { areaFolder: folder, year: YEAR });
      const list = rowsOf(files, 'cases.csv').find((row) => row.insutype === '310')!;
      const explanation = await explainCase(engine, settlement, list.setl_id!);
      const told = renderCaseExplanation(explanation, 'zh');
      assert.match(told, /协商 budget-2025（2025-02-20）确定：budget 2025 310 = 1035000\.00/);
      assert.match(told, /病种付费总额 = 1000000\.00 × \(1 \+ 0\.035000\) = 1035000\.00/);
    } finally {
      engine.close();
    }
  });

  test('the growth is capped by the target, a reserve is kept and feeds the adjustment fund', async () => {
    const files = await settleToFiles(
      planned(
        { 'budget_plan.yaml': plan(GROWTH) },
        {
          'budget.growth_cap': ['choice', 'target'],
          'budget.growth_target': ['ratio', '0.03'],
          'budget.reserve_ratio': ['ratio', '0.05'],
        },
      ),
      YEAR,
    );
    // 1,000,000 × 1.03 × 0.95
    assert.equal(rowsOf(files, 'point_values.csv')[0]!.budget, '978500.00');
  });

  test('a number that differs from what was agreed is refused with the line of the minutes and its own place', async () => {
    const text = plan(GROWTH);
    const problems = await problemsOf(
      planned({
        'budget_plan.yaml': text,
        'negotiation.yaml': negotiation({ amount: '1040000', sha256: hash(text), method: 'ratio-pooled' }),
      }),
    );
    assert.deepEqual(shown(problems), [
      'negotiation.not-as-agreed negotiation.yaml:18 budgets 310',
      'negotiation.not-as-agreed negotiation.yaml:20 point_value.method',
    ]);
    assert.equal(problems[0]!.parameters!.place, 'budget_plan.yaml:2');
    assert.match(String(problems[1]!.parameters!.place), /policies\/national\/clearing-reference\.yaml:\d+/);
  });

  test('data changed since the talks, and talks of one side, are refused', async () => {
    const problems = await problemsOf(
      planned({
        'budget_plan.yaml': plan(GROWTH),
        'negotiation.yaml': negotiation({ amount: '1035000', sha256: hash('other') }),
      }),
    );
    assert.deepEqual(shown(problems), ['negotiation.data-changed negotiation.yaml:10 sha256']);
    const oneSided = await problemsOf(
      planned({
        'budget_plan.yaml': plan(GROWTH),
        'negotiation.yaml': negotiation({ amount: '1035000', sha256: hash(plan(GROWTH)), sides: 'agency' }),
      }),
    );
    assert.deepEqual(shown(oneSided), ['negotiation.one-sided negotiation.yaml:12']);
  });

  test('a budget that the plan does not come to, and plans that say too little or too much', async () => {
    const differs = await problemsOf(areaWith({}, { 'budget_plan.yaml': plan(GROWTH) }));
    assert.deepEqual(shown(differs), ['budget.differs-from-plan budget.csv:2 budget']);
    const wrong = await problemsOf(
      planned({
        'budget_plan.yaml':
          plan(`  - { year: 2025, insutype: 310, way: subtract, outpatient: "1", inpatient: "x" }
  - { year: 2025, insutype: 390, way: growth }
  - { year: 25, insutype: 320, way: guess }
`),
      }),
    );
    assert.deepEqual(shown(wrong), [
      'budget.bad-value budget_plan.yaml:2 inpatient',
      'budget.unused-figure budget_plan.yaml:2 outpatient',
      'budget.missing-figure budget_plan.yaml:3 last_year_dip',
      'budget.missing-figure budget_plan.yaml:3 factors',
      'budget.bad-value budget_plan.yaml:4 year',
      'policy.unknown-choice budget_plan.yaml:4 insutype',
      'policy.unknown-choice budget_plan.yaml:4 way',
    ]);
  });
});

test('rows of institution_year.csv without a budget are said aloud, and with it they are not', async () => {
  const area = randomArea(11, 'scheme-without-lists');
  const code = area.institutions[0]!.fixmedins_code;
  const row = {
    year: YEAR,
    fixmedins_code: code,
    insutype: '390',
    audit_deduction: '1.00',
    advance_paid: '0',
  };
  const institutionYears = [{ ...row, assessment_coefficient: '1' }];
  const notes = async (budgets: OracleArea['budgets']) => {
    const folder = areaWith({}, {}, { ...area, institutionYears, budgets });
    const engine = await Engine.open();
    try {
      const settlement = await settleYear(engine, { areaFolder: folder, year: YEAR });
      return (await settlementWarnings(engine, settlement)).map(({ en }) => en).join('\n');
    } finally {
      engine.close();
    }
  };
  assert.doesNotMatch(await notes(area.budgets), /institution_year/);
  const employees = area.budgets.filter(({ insutype }) => insutype === '310');
  assert.match(await notes(employees), /institution_year\.csv has 1 rows of scheme 390/);
});
