import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { Engine } from '#engine/duckdb.ts';
import { YibaoError } from '#kernel/errors.ts';
import { divide, fraction, multiply, parseDecimal, roundTo, scaledText } from '#kernel/fraction.ts';
import { parseYuan, yuanText } from '#kernel/money.ts';
import { explainCase, settleYear } from '#payment/index.ts';
import { DRG_YEAR, type DrgList, randomDrgArea } from './support/drg-area.ts';
import { writeDrgScheme } from './support/drg-scheme.ts';
import { settleToFiles } from './support/settle-files.ts';
import { testWithSharedData } from './support/shared-data.ts';
import { writeArea } from './support/write-area.ts';

type CsvRow = Readonly<Record<string, string>>;
type Values = Readonly<Record<string, readonly [unit: string, value: string]>>;
const rows = (text: string): CsvRow[] => parse(text, { columns: true });

function override(folder: string, values: Values): void {
  const lines = Object.entries(values).map(
    ([name, [unit, value]]) =>
      `  ${name}:\n    unit: ${unit}\n    values:\n      2022-01-01: {value: "${value}", from: local, article: 第一条}\n`,
  );
  appendFileSync(
    join(folder, 'area.yaml'),
    `documents:\n  local: 随机市费率办法\noverrides:\n${lines.join('')}`,
  );
}

const FIXED: Values = {
  'point_value.mode': ['choice', 'fixed'],
  'point_value.published': ['choice', 'file'],
};
const ELASTIC: Values = {
  'point_value.mode': ['choice', 'elastic'],
  'point_value.baseline': ['choice', 'last-year'],
  'point_value.baseline_share': ['ratio', '0.8'],
  'point_value.increment_cap': ['choice', 'ratio'],
  'point_value.increment_cap_ratio': ['ratio', '1.1'],
  'point_value.unallocated': ['choice', 'reserve'],
};
const RATES = 'year,insutype,rate\n2025,310,9575.25\n2025,390,8200\n';

const AREA = randomDrgArea(64);
const nonFundFen = (insutype: string, fixmedinsCode: string): bigint =>
  AREA.lists
    .filter(
      (list) =>
        list.dscg_time.startsWith(String(DRG_YEAR)) &&
        list.insutype === insutype &&
        list.fixmedins_code === fixmedinsCode,
    )
    .reduce((sum, list) => sum + parseYuan(list.medfee_sumamt)! - parseYuan(list.fund_pay_sumamt)!, 0n);

async function settle(values: Values, files: Readonly<Record<string, string>> = {}) {
  const folder = writeArea(AREA, 1, 'drg-reference');
  try {
    if (Object.keys(values).length > 0) override(folder, values);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return await settleToFiles(folder, DRG_YEAR);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('fixed, floating and elastic rates under DRG', () => {
  for (const [name, values, files] of [
    ['floating', {}, {}],
    ['fixed, the published rate', FIXED, { 'point_values_published.csv': RATES }],
    ['fixed, the start value', { ...FIXED, 'point_value.published': ['choice', 'start'] }, {}],
    ['elastic', ELASTIC, {}],
  ] as const satisfies readonly (readonly [string, Values, Readonly<Record<string, string>>])[]) {
    test(`${name}: results and residual are the budget of each scheme`, async () => {
      const result = await settle(values, files);
      const values4 = rows(result['point_values.csv']!);
      assert.equal(values4.length, 2);
      for (const { insutype, budget, settlement_point_value, start_point_value } of values4) {
        const own = rows(result['clearing.csv']!).filter((row) => row.insutype === insutype);
        const sum = (field: string) => own.reduce((all, row) => all + parseYuan(row[field]!)!, 0n);
        const residual = parseYuan(
          rows(result['residual.csv']!).find((row) => row.insutype === insutype)!.residual!,
        )!;
        assert.equal(yuanText(sum('result') + residual), budget);
        if (name === 'floating') assert.equal(yuanText(sum('due')), budget);
        if (name === 'fixed, the start value') assert.equal(settlement_point_value, start_point_value);
        if (name === 'fixed, the published rate') {
          const rate = parseDecimal(insutype === '310' ? '9575.25' : '8200')!;
          const value = divide(rate, fraction(1000n));
          assert.equal(settlement_point_value, scaledText(roundTo(value, 8), 8));
          // what each institution is due is its points at that value, less what others paid
          for (const row of own) {
            const earned = roundTo(multiply(parseDecimal(row.points!)!, multiply(value, fraction(100n))), 0);
            assert.equal(
              row.due,
              yuanText(earned - nonFundFen(insutype!, row.fixmedins_code!)),
              row.fixmedins_code!,
            );
          }
        }
      }
      if (name === 'elastic') {
        const pots = rows(result['point_value_pots.csv']!);
        for (const pot of ['baseline', 'increment'])
          assert.ok(
            pots.some((row) => row.pot === pot),
            pot,
          );
      }
    });
  }

  test('a rate and the point value it stands for give the same bytes', async () => {
    const rate = await settle(FIXED, { 'point_values_published.csv': RATES });
    const value = await settle(FIXED, {
      'point_values_published.csv': 'year,insutype,point_value\n2025,310,9.57525\n2025,390,8.2\n',
    });
    for (const name of Object.keys(rate).filter((each) => each !== 'manifest.json')) {
      assert.equal(value[name], rate[name], name);
    }
  });

  test('a row with both or neither of value and rate is refused with its line', async () => {
    const text = 'year,insutype,point_value,rate\n2025,310,9.5,9500\n2025,390,,\n';
    await assert.rejects(settle(FIXED, { 'point_values_published.csv': text }), (error: unknown) => {
      assert.ok(error instanceof YibaoError);
      assert.deepEqual(
        error.problems.map(({ definition, file, row }) => `${definition.code} ${file}:${row}`),
        [2, 3].map((row) => `clearing.value-or-rate point_values_published.csv:${row}`),
      );
      return true;
    });
  });
});

testWithSharedData(
  'the payment standards of Chongqing come out of a settled area: table weights, an institution coefficient, a fixed rate',
  async (data) => {
    const published = rows(readFileSync(join(data, 'payment', 'drg_published_standards.csv'), 'utf8'));
    const one = published.filter((row) => row.rate_yuan === published[0]!.rate_yuan);
    assert.ok(one.length >= 3);
    const [{ rate_yuan, inst_coef }] = one as [CsvRow];
    // one institution for each group: what it is due is the standard of its one case, less what others paid
    const institutions = one.map((row, index) => ({
      fixmedins_code: `H${index}`,
      name: row.drg_code!,
      level: 3,
    }));
    const list = (index: number, year: number): DrgList => ({
      setl_id: `S${year}${index}`,
      fixmedins_code: `H${index}`,
      psn_no: `P${index}`,
      insutype: '310',
      gend: '1',
      age: '50',
      dscg_way: '1',
      adm_time: `${year}-03-01`,
      dscg_time: `${year}-03-08`,
      medfee_sumamt: '8000.00',
      fund_pay_sumamt: '6000.00',
      diagnoses: `D${index}`,
      procedures: '',
    });
    const lists = [2022, 2023, 2024, DRG_YEAR].flatMap((year) => one.map((_, index) => list(index, year)));
    const area = {
      ...randomDrgArea(1),
      institutions,
      institutionYears: [],
      lists,
      budgets: [{ year: DRG_YEAR, insutype: '310', budget: '20000.00' }],
    };
    const folder = writeArea(area, 1, 'drg-reference');
    try {
      writeDrgScheme(
        join(folder, 'local'),
        one.map((row) => row.drg_code!),
      );
      override(folder, {
        ...FIXED,
        'grouping.scheme': ['name', 'local'],
        'score.source': ['choice', 'table'],
        'score.missing': ['choice', 'refuse'],
        'coefficient.method': ['choice', 'composite'],
      });
      const write = (name: string, lines: readonly string[]) =>
        writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
      write('weights.csv', ['group_code,weight', ...one.map((row) => `${row.drg_code},${row.weight}`)]);
      write('institution_coefficients.csv', [
        'fixmedins_code,component,value,source',
        ...institutions.map((row) => `${row.fixmedins_code},complete,${inst_coef},系数表`),
      ]);
      write('point_values_published.csv', ['year,insutype,rate', `${DRG_YEAR},310,${rate_yuan}`]);
      const files = await settleToFiles(folder, DRG_YEAR);
      const due = rows(files['clearing.csv']!);
      assert.deepEqual(
        due.map((row) => yuanText(parseYuan(row.due!)! + parseYuan('2000.00')!)),
        one.map((row) => row.expected_standard_yuan),
      );
      const engine = await Engine.open();
      try {
        const settlement = await settleYear(engine, {
          areaFolder: folder,
          year: DRG_YEAR,
          keepList: `S${DRG_YEAR}0`,
        });
        const explanation = await explainCase(engine, settlement, `S${DRG_YEAR}0`);
        assert.equal(explanation.rates!.settlement, rate_yuan);
      } finally {
        engine.close();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
