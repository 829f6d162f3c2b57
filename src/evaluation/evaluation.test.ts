import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { Engine } from '#engine/duckdb.ts';
import { evaluateYear, loadIndicators, NO_FILES } from '#evaluation/index.ts';
import { compare, fraction, parseDecimal, roundTo, scaledText } from '#kernel/fraction.ts';
import { parseYuan } from '#kernel/money.ts';
import { keptTables, type WorkedYear } from '../../test/support/evaluation-tables.ts';
import { testWithSharedData } from '../../test/support/shared-data.ts';
import { decimalsOf } from './definitions.ts';
import { type CostSums, integerSquareRoot, squaresOf, variation6 } from './spread.ts';

type Expected = {
  readonly scope: string;
  readonly id?: string;
  readonly month?: number;
  readonly indicator: string;
  readonly value?: string;
  readonly last_year?: string;
  readonly status?: string;
  readonly absent?: boolean;
};
type Worked = WorkedYear & {
  readonly name: string;
  readonly expect?: readonly Expected[];
  readonly signals?: readonly Readonly<Record<string, string>>[];
  readonly alerts?: readonly string[];
  readonly peers?: readonly Readonly<Record<string, string | number>>[];
  readonly charges?: readonly Readonly<Record<string, string | number>>[];
  readonly insured?: Readonly<Record<string, number>>;
  readonly last_point_values?: Readonly<Record<string, string>>;
};

const cases = parse(readFileSync(join(import.meta.dirname, 'evaluation.cases.yaml'), 'utf8')) as Worked[];

async function evaluated(worked: Worked): Promise<Engine> {
  const engine = await keptTables(worked);
  const money = (row: Readonly<Record<string, string | number>>, name: string) =>
    row[name] === undefined ? null : parseYuan(String(row[name]))!;
  await evaluateYear(engine, {
    ...NO_FILES,
    charges: (worked.charges ?? []).map((row) => [
      String(row.id),
      ...['own_pay', 'self_pay', 'outside_insurance', 'medical_service', 'drug', 'consumable'].map((name) =>
        money(row, name),
      ),
      row.surgery_grade ?? null,
    ]),
    insured: Object.entries(worked.insured ?? {}).map(([scheme, persons]) => [2025, scheme, BigInt(persons)]),
    lastPointValues: Object.entries(worked.last_point_values ?? {}).map(([scheme, value]) => [
      scheme,
      roundTo(parseDecimal(value)!, 8),
    ]),
  });
  return engine;
}

describe('worked evaluations', () => {
  const { indicators } = loadIndicators();
  const decimals = new Map(indicators.map((each) => [each.name, each.decimals]));
  for (const worked of cases) {
    test(worked.name, async () => {
      const engine = await evaluated(worked);
      try {
        for (const each of worked.expect ?? []) {
          const { scope, id = '', month = 0, indicator } = each;
          const where = `${scope} ${id} ${month} ${indicator}`;
          const [row] = await engine.rows(
            'SELECT value, last_year_value, status FROM indicator_result WHERE scope = ? AND id = ? AND month = ? AND indicator = ?',
            [scope, id, month, indicator],
          );
          if (each.absent) {
            assert.equal(row, undefined, where);
            continue;
          }
          assert.ok(row, where);
          assert.equal(row.status, each.status ?? 'given', where);
          const text = (value: unknown) => scaledText(value as bigint, decimals.get(indicator)!);
          if (each.status !== undefined) assert.equal(row.value, null, where);
          else assert.equal(text(row.value), each.value, where);
          if (each.last_year !== undefined)
            assert.equal(text(row.last_year_value), each.last_year, `${where}, last year`);
        }
        for (const each of worked.signals ?? []) {
          const [row] = await engine.rows(
            'SELECT scaled_text(value4, 4) AS value, scaled_text(limit4, 4) AS limit_value, reference FROM signal_result WHERE setl_id = ? AND signal = ?',
            [each.case!, each.signal!],
          );
          assert.ok(row, `${each.case} ${each.signal}`);
          for (const field of ['value', 'limit_value', 'reference'] as const) {
            if (each[field] !== undefined)
              assert.equal(row[field] ?? '', each[field], `${each.case} ${each.signal} ${field}`);
          }
        }
        if (worked.signals) {
          const told = new Set(worked.signals.map(({ signal }) => signal));
          const { n } = await engine.row(
            `SELECT count(*) AS n FROM signal_result WHERE signal IN (${[...told].map((each) => `'${each}'`).join(', ')})`,
          );
          assert.equal(Number(n), worked.signals.length, 'no further cases have these signals');
        }
        if (worked.alerts) {
          const alerts = await engine.rows('SELECT alert, scope, id, month FROM alert_result');
          assert.deepEqual(
            alerts
              .map(({ alert, scope, id, month }) =>
                [alert, scope, id, month === 0 ? '' : month].filter((part) => part !== '').join(' '),
              )
              .toSorted(),
            worked.alerts.toSorted(),
          );
        }
        for (const each of worked.peers ?? []) {
          const row = await engine.row(
            `SELECT p.peers, coalesce(scaled_text(p.percentile4, 4), '') AS percentile, scaled_text(p.p25, d.decimals) AS p25
               , scaled_text(p.median, d.decimals) AS median, scaled_text(p.p75, d.decimals) AS p75
             FROM peer_result AS p JOIN indicator_definition AS d ON d.indicator = p.indicator
             WHERE p.fixmedins_code = ? AND p.indicator = ?`,
            [each.institution!, each.indicator!],
          );
          const { institution, indicator, ...expected } = each;
          assert.deepEqual({ ...row, peers: Number(row.peers) }, expected, `${institution} ${indicator}`);
        }
      } finally {
        engine.close();
      }
    });
  }
});

testWithSharedData('the worked example of the indices is the published one', (data) => {
  const published = JSON.parse(readFileSync(join(data, 'payment', 'worked_examples.json'), 'utf8')).O_index;
  const expected = cases[0]!.expect!;
  const own = (indicator: string) =>
    expected.find((each) => each.id === 'A' && each.indicator === indicator)!.value;
  assert.equal(own('time_index'), published.time_index_6dp);
  assert.equal(own('cost_index'), published.cost_index_6dp);
  assert.equal(own('cmi'), published.cmi_4dp);
});

describe('the spread of costs is exact', () => {
  const costs = fc.array(fc.bigInt({ min: 1n, max: 10n ** 13n }), { minLength: 2, maxLength: 12 });
  const sumsOf = (values: readonly bigint[]): CostSums => ({
    cases: BigInt(values.length),
    cost: values.reduce((sum, value) => sum + value, 0n),
    squares: values.reduce((sum, value) => sum + value * value, 0n),
  });

  test('the root of a square, and of what lies around it', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 40n }), (root) => {
        assert.equal(integerSquareRoot(root * root), root);
        assert.equal(integerSquareRoot(root * root - 1n), root - 1n);
        assert.equal(integerSquareRoot(root * root + root), root);
      }),
    );
  });

  test('the CV is within half a unit of its square', () => {
    fc.assert(
      fc.property(costs, (values) => {
        const { cases: n, cost, squares } = sumsOf(values);
        const square = fraction(n * squares - cost * cost, cost * cost);
        const cv = variation6({ cases: n, cost, squares });
        const half = (units: bigint) => fraction(units * units, 4n * 10n ** 12n);
        assert.ok(compare(square, half(2n * cv + 1n)) < 0);
        if (cv > 0n) assert.ok(compare(square, half(2n * cv - 1n)) >= 0);
      }),
    );
  });

  test('between and within add up to the total: deviations from the means themselves', () => {
    fc.assert(
      fc.property(fc.array(costs, { minLength: 1, maxLength: 5 }), (groups) => {
        const all = groups.flat();
        const mean = fraction(sumsOf(all).cost, BigInt(all.length));
        const deviation = groups.reduce((sum, values) => {
          const own = fraction(sumsOf(values).cost, BigInt(values.length));
          const apart = own.numerator * mean.denominator - mean.numerator * own.denominator;
          const square = fraction(
            apart * apart * BigInt(values.length),
            (own.denominator * mean.denominator) ** 2n,
          );
          return {
            numerator: sum.numerator * square.denominator + square.numerator * sum.denominator,
            denominator: sum.denominator * square.denominator,
          };
        }, fraction(0n));
        const { between } = squaresOf(groups.map(sumsOf));
        // each group is rounded to 10^-6 fen²
        const apart = roundTo(fraction(deviation.numerator, deviation.denominator), 6) - roundTo(between, 6);
        assert.ok((apart < 0n ? -apart : apart) <= BigInt(groups.length), String(apart));
      }),
    );
  });
});

describe('definitions', () => {
  const { families, indicators } = loadIndicators();

  test('every indicator says formula, evidence and source, and its rule leads to an anchor', () => {
    assert.ok(indicators.length > 60 && families.length === 6);
    for (const each of indicators) {
      for (const text of [each.title, each.formula, ...(each.needs ? [each.needs] : [])])
        assert.ok(text.zh && text.en, each.name);
      const [page, anchor] = each.rule.split('#');
      const path = join(import.meta.dirname, '..', '..', page!);
      assert.ok(existsSync(path), each.rule);
      assert.match(readFileSync(path, 'utf8'), new RegExp(`id="${anchor}"`), each.rule);
      assert.ok([0, 2, 4, 6, 8].includes(each.decimals), each.name);
      assert.ok(each.source !== '', each.name);
    }
    assert.equal(new Set(indicators.map(({ name }) => name)).size, indicators.length);
  });

  test('the end of a measure tells its decimals', () => {
    const expected = {
      cost_fen: 2,
      standard_fen10: 12,
      points4: 4,
      cost_index12: 12,
      start_point_value8: 8,
      readmission_14: 0,
      cases: 0,
      cv6: 6,
    };
    for (const [measure, decimals] of Object.entries(expected))
      assert.equal(decimalsOf(measure), decimals, measure);
  });

  test('no text tells anybody to add services, days or diagnoses, or to split a stay', () => {
    const said = [
      ...indicators.flatMap(({ title, formula, needs }) => [title, formula, ...(needs ? [needs] : [])]),
    ].flatMap(({ zh, en }) => [zh, en]);
    for (const text of said) {
      assert.doesNotMatch(
        text,
        /(增加|补充).{0,4}(服务|检查|项目|诊断)|延长住院|更改诊断|修改诊断|分次住院|建议/,
      );
      assert.doesNotMatch(text, /\b(add|extend|prolong|split|change the diagnosis|should|recommend)\b/i);
    }
  });
});
