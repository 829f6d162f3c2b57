import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { Engine } from '#engine/duckdb.ts';
import { makeTable, runScript, sourceFile } from '#engine/sql-file.ts';
import { fraction, parseDecimal, roundTo, scaledText } from '#kernel/fraction.ts';
import { parseYuan, yuanText } from '#kernel/money.ts';
import type { OptionOf } from '#policy/index.ts';
import { type BedDayRule, type BedDayTier, bedDayAccount, bedDays, chooseBedDayClass } from './bed-day.ts';
import { capitationFen, communityAccount, evaluationScore } from './community.ts';
import { partMonths } from './part-months.ts';
import { amountOf, onFundBasis, type ReferenceValue, referenceValue, toPoints4 } from './reference-value.ts';
import { type PoolLine, sharePool } from './share-pool.ts';

type Named<Given, Expect> = {
  readonly name: string;
  readonly source: string;
  readonly given: Given;
  readonly expect: Expect;
};
type Cases = {
  readonly bed_days: readonly Named<
    {
      tiers: Readonly<Record<string, string>>;
      days: number;
      cost: string;
      pay: OptionOf<'parts.bed_day_pay'>;
      by: OptionOf<'parts.bed_day_tiers'>;
    },
    { standard: string; amount: string }
  >[];
  readonly capitation: readonly Named<{ people: number; per_capita: string; risk_factor: string }, string>[];
  readonly points: readonly Named<
    { basis: 'fund' | 'total-cost'; amount: string; value: string; fund_ratio: string },
    string
  >[];
  readonly communities: readonly Named<
    Readonly<Record<string, string>> & { budget: OptionOf<'parts.community_budget'> },
    Readonly<Record<string, string>>
  >[];
  readonly pools: readonly Named<
    {
      budget: string;
      withheld: string;
      inpatient_points: string;
      cap_ratio: string;
      lines: readonly { lock: PoolLine['lock']; points: string; fund: string }[];
    },
    { due: readonly string[]; inpatient: string } | 'refused'
  >[];
  readonly months: readonly Named<
    { fund: string; weights: 'every-month' | Readonly<Record<string, string>>; ratio: string },
    { months?: readonly number[]; base: readonly string[]; paid: readonly string[] }
  >[];
};

const cases: Cases = parse(readFileSync(join(import.meta.dirname, 'parts.cases.yaml'), 'utf8'));
const yuan = (text: string): bigint => parseYuan(text) ?? assert.fail(`${text} is no amount`);
const decimal = (text: string | number) => parseDecimal(String(text)) ?? assert.fail(`${text} is no decimal`);
const points4 = (text: string) => roundTo(decimal(text), 4);
const tiersOf = (tiers: Readonly<Record<string, string>>): BedDayTier[] =>
  Object.entries(tiers).map(([day, rate]) => ({ firstDay: Number(day), fenPerDay: yuan(rate) }));

let engine: Engine;
before(async () => {
  engine = await Engine.open();
  await runScript(engine, sourceFile('engine/macros/exact.sql'));
  await runScript(engine, sourceFile('catalogue/area_tables.sql'));
  await runScript(engine, sourceFile('payment/parts/parts_tables.sql'));
});
after(() => engine.close());

type SqlStay = { id: string; diagnosis: string; institution: number; days: number; costFen: bigint };
type SqlClass = { diagnosisStart: string; institution: number | null; minimumStay: number };

/** Bed-day lists by the SQL file: institution n has level n + 1; each class has its own tiers, the same at every level. */
async function bySql(
  stays: readonly SqlStay[],
  classes: readonly SqlClass[],
  tiers: readonly (readonly BedDayTier[])[],
  rule: BedDayRule,
): Promise<Map<string, { kind: string; standardFen: bigint; amountFen: bigint }>> {
  await engine.run(`
    DELETE FROM institution; DELETE FROM bed_day_class; DELETE FROM bed_day_rate;
    DELETE FROM bed_day_stay; DELETE FROM community_member;
    CREATE OR REPLACE TABLE case_score (
      setl_id VARCHAR, signature_no INTEGER, institution_no INTEGER, scheme SMALLINT, cost_fen BIGINT, fund_fen BIGINT);
    CREATE OR REPLACE TABLE signature (signature_no INTEGER, diagnosis VARCHAR);
    INSERT INTO institution VALUES (0, 'H1', 'H1', 1, 1), (1, 'H2', 'H2', 2, 2), (2, 'H3', 'H3', 3, 3);
    CREATE OR REPLACE TABLE policy_value (parameter VARCHAR, value VARCHAR);
    INSERT INTO policy_value VALUES ('parts.bed_day_pay', '${rule.pay}'), ('parts.bed_day_tiers', '${rule.tiers}')`);
  await engine.append(
    'case_score',
    stays.map((stay, index) => [stay.id, index, stay.institution, 310, stay.costFen, 0n]),
  );
  await engine.append(
    'signature',
    stays.map((stay, index) => [index, stay.diagnosis]),
  );
  await engine.append(
    'bed_day_stay',
    stays.map((stay) => [stay.id, stay.days]),
  );
  await engine.append(
    'bed_day_class',
    classes.map((row, kind) => [
      kind,
      `class ${kind}`,
      '',
      row.diagnosisStart,
      row.institution,
      row.minimumStay,
    ]),
  );
  await engine.append(
    'bed_day_rate',
    tiers.flatMap((each, kind) =>
      [1, 2, 3].flatMap((level) =>
        each.map((tier, index) => {
          const next = each[index + 1]?.firstDay;
          return [kind, level, tier.firstDay, next === undefined ? null : next - 1, tier.fenPerDay];
        }),
      ),
    ),
  );
  await makeTable(engine, sourceFile('payment/parts/bed_day_list.sql'));
  const rows = await engine.rows('SELECT * FROM bed_day_list ORDER BY setl_id');
  return new Map(
    rows.map((row) => [
      String(row.setl_id),
      {
        kind: String(row.class),
        standardFen: row.standard_fen as bigint,
        amountFen: row.amount_fen as bigint,
      },
    ]),
  );
}

describe('bed-day', () => {
  for (const { name, given, expect } of cases.bed_days) {
    const rule: BedDayRule = { pay: given.pay, tiers: given.by };
    test(`${name}: TypeScript`, () => {
      const account = bedDayAccount(
        { days: given.days, costFen: yuan(given.cost) },
        tiersOf(given.tiers),
        rule,
      );
      assert.deepEqual(
        { standard: yuanText(account.standardFen), amount: yuanText(account.amountFen) },
        expect,
      );
      const days = account.lines.reduce((sum, line) => sum + line.days, 0);
      assert.equal(days, given.days, 'every day is paid once');
    });
    test(`${name}: SQL`, async () => {
      const stay = {
        id: 'S1',
        diagnosis: 'F20.900',
        institution: 0,
        days: given.days,
        costFen: yuan(given.cost),
      };
      const classes = [{ diagnosisStart: 'F20', institution: null, minimumStay: 1 }];
      const found = (await bySql([stay], classes, [tiersOf(given.tiers)], rule)).get('S1');
      assert.ok(found, 'the list is paid by the bed-day');
      assert.deepEqual({ standard: yuanText(found.standardFen), amount: yuanText(found.amountFen) }, expect);
    });
  }

  test('a stay of one date is one day, and a night over new year is one day', () => {
    const day = (text: string) => Temporal.PlainDate.from(text);
    assert.equal(bedDays(day('2025-03-01'), day('2025-03-01')), 1);
    assert.equal(bedDays(day('2024-12-31'), day('2025-01-01')), 1);
    assert.equal(bedDays(day('2024-02-01'), day('2024-03-01')), 29);
  });

  test('the row for the institution goes first, then the longer diagnosis, then the longer minimum stay', () => {
    const row = (diagnosisStart: string, fixmedinsCode: string | null, minimumStay: number) => ({
      diagnosisStart,
      fixmedinsCode,
      minimumStay,
    });
    const rows = [row('F', null, 1), row('F20', null, 1), row('F20', null, 30), row('', 'H1', 1)];
    const of = (diagnosis: string, fixmedinsCode: string, days: number) =>
      rows.indexOf(chooseBedDayClass({ diagnosis, fixmedinsCode, days }, rows)!);
    assert.equal(of('F20.900', 'H2', 10), 1);
    assert.equal(of('F20.900', 'H2', 30), 2);
    assert.equal(of('F31.000', 'H2', 30), 0);
    assert.equal(of('F20.900', 'H1', 30), 3);
    assert.equal(of('I10.x00', 'H2', 30), -1);
  });

  test('SQL chooses the class and counts the days as the one-case rule does, for random stays and rates', async () => {
    const tier = fc.record({
      firstDay: fc.integer({ min: 2, max: 40 }),
      fenPerDay: fc.bigInt({ min: 1n, max: 99_999n }),
    });
    const tierList = fc
      .tuple(
        fc.bigInt({ min: 1n, max: 99_999n }),
        fc.uniqueArray(tier, { maxLength: 3, selector: (each) => each.firstDay }),
      )
      .map(([first, rest]) => [
        { firstDay: 1, fenPerDay: first },
        ...rest.toSorted((a, b) => a.firstDay - b.firstDay),
      ]);
    const classRow = fc.record({
      diagnosisStart: fc.constantFrom('', 'F', 'F2', 'F20', 'Z51'),
      institution: fc.constantFrom(null, 0, 1),
      minimumStay: fc.integer({ min: 1, max: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc
          .uniqueArray(classRow, {
            minLength: 1,
            maxLength: 6,
            selector: (row) => JSON.stringify(row),
          })
          .chain((rows) => fc.tuple(fc.constant(rows), fc.tuple(...rows.map(() => tierList)))),
        fc.array(
          fc.record({
            diagnosis: fc.constantFrom('F20.900', 'F31.000', 'Z51.800', 'I10.x00'),
            institution: fc.integer({ min: 0, max: 2 }),
            days: fc.integer({ min: 1, max: 60 }),
            costFen: fc.bigInt({ min: 1n, max: 5_000_000n }),
          }),
          { minLength: 1, maxLength: 30 },
        ),
        fc.constantFrom('standard' as const, 'at-most-cost' as const),
        fc.constantFrom('whole-stay' as const, 'by-days' as const),
        async ([rows, tiers], drawn, pay, by) => {
          const stays = drawn.map((stay, index) => ({ ...stay, id: `S${index}` }));
          const rule = { pay, tiers: by };
          const sql = await bySql(stays, rows, tiers, rule);
          const named = rows.map((row, kind) => ({
            ...row,
            kind,
            fixmedinsCode: row.institution === null ? null : `H${row.institution + 1}`,
          }));
          for (const stay of stays) {
            const list = {
              diagnosis: stay.diagnosis,
              fixmedinsCode: `H${stay.institution + 1}`,
              days: stay.days,
            };
            const chosen = chooseBedDayClass(list, named);
            const account = chosen && bedDayAccount(stay, tiers[chosen.kind]!, rule);
            assert.deepEqual(
              sql.get(stay.id),
              chosen && {
                kind: `class ${chosen.kind}`,
                standardFen: account!.standardFen,
                amountFen: account!.amountFen,
              },
            );
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('capitation', () => {
  for (const { name, given, expect } of cases.capitation) {
    test(name, () => {
      const fen = capitationFen(BigInt(given.people), yuan(given.per_capita), points4(given.risk_factor));
      assert.equal(yuanText(fen), expect);
    });
  }
});

describe('points by the common reference value', () => {
  for (const { name, given, expect } of cases.points) {
    test(name, () => {
      const value = referenceValue(decimal(given.value));
      const points =
        given.basis === 'fund'
          ? toPoints4(amountOf('fund', yuan(given.amount)), onFundBasis(value, decimal(given.fund_ratio)))
          : toPoints4(amountOf('total-cost', yuan(given.amount)), value);
      assert.equal(scaledText(points, 4), expect);
    });
  }

  test('fund money and a value of total cost do not meet: it does not compile, and is refused', () => {
    const total = referenceValue(fraction(12n));
    const fund: ReferenceValue<'fund'> = onFundBasis(total, decimal('0.8'));
    // @ts-expect-error an amount of the fund and a value of total cost
    assert.throws(() => toPoints4(amountOf('fund', 100n), total), /cannot be mixed/);
    // @ts-expect-error an amount of total cost and a value of the fund
    assert.throws(() => toPoints4(amountOf('total-cost', 100n), fund), /cannot be mixed/);
    // @ts-expect-error a value of the fund is not brought to the fund basis twice
    onFundBasis(fund, decimal('0.8'));
  });
});

describe('medical communities', () => {
  for (const { name, given, expect } of cases.communities) {
    test(name, () => {
      const cell = (field: string) => String(given[field]);
      const account = communityAccount(
        {
          people: BigInt(cell('people')),
          perCapitaFen: yuan(cell('per_capita')),
          lastYearFundFen: yuan(cell('last_year')),
          majorIllnessFen: yuan(cell('major_illness')),
          outOfAreaFen: yuan(cell('out_of_area')),
          inCountyFen: yuan(cell('in_county')),
          outOfCountyFen: yuan(cell('out_of_county')),
          reasonableDeficitFen: yuan(cell('reasonable')),
          score: decimal(cell('score')),
        },
        {
          budget: given.budget,
          growth: decimal(cell('growth')),
          reserveRatio: decimal(cell('reserve')),
          keepRatio: decimal(cell('keep')),
          fundShare: decimal(cell('share')),
        },
      );
      assert.deepEqual(
        {
          total: yuanText(account.totalFen),
          net: yuanText(account.netFen),
          kept: yuanText(account.keptFen),
          unkept: yuanText(account.unkeptFen),
          shared: yuanText(account.sharedFen),
          due: yuanText(account.dueFen),
        },
        expect,
      );
    });
  }

  test('the score of the evaluation is the mean of its indicators by weight', () => {
    const score = evaluationScore([
      { weight4: 30_000n, score4: 900_000n },
      { weight4: 10_000n, score4: 700_000n },
    ]);
    assert.deepEqual(score, fraction(85n));
  });
});

describe('the budget between parts and inpatient points', () => {
  const share = (given: Cases['pools'][number]['given']) =>
    sharePool(
      yuan(given.budget),
      yuan(given.withheld),
      points4(given.inpatient_points),
      given.lines.map((line) => ({
        lock: line.lock,
        points4: points4(line.points),
        fundFen: yuan(line.fund),
      })),
      decimal(given.cap_ratio),
    );
  for (const { name, given, expect } of cases.pools) {
    test(name, () => {
      const shares = share(given);
      assert.deepEqual(
        shares ? { due: shares.due.map(yuanText), inpatient: yuanText(shares.inpatientFen) } : 'refused',
        expect,
      );
    });
  }

  const lines = fc.array(
    fc.record({
      lock: fc.constantFrom<PoolLine['lock']>('fixed', 'float', 'capped', 'inside'),
      points4: fc.bigInt({ min: 0n, max: 10n ** 9n }),
      fundFen: fc.bigInt({ min: 0n, max: 10n ** 8n }),
    }),
    { maxLength: 12 },
  );
  const amounts = fc.bigInt({ min: 0n, max: 10n ** 10n });

  test('every fen is given out, fixed parts are paid in full, caps hold, and nothing is negative', () => {
    fc.assert(
      fc.property(lines, amounts, amounts, fc.integer({ min: 0, max: 20 }), (each, budget, points, cap) => {
        const shares = sharePool(budget, 0n, points, each, fraction(BigInt(cap), 10n));
        const fixed = each
          .filter((line) => line.lock === 'fixed')
          .reduce((sum, line) => sum + line.fundFen, 0n);
        if (fixed > budget) return assert.equal(shares, undefined);
        assert.ok(shares);
        assert.equal(shares.due.reduce((sum, due) => sum + due, 0n) + shares.inpatientFen, budget);
        for (const [index, line] of each.entries()) {
          const due: bigint = shares.due[index]!;
          if (line.lock === 'fixed') assert.equal(due, line.fundFen);
          if (line.lock === 'inside') assert.equal(due, 0n);
          if (line.lock === 'capped') {
            assert.ok(due <= roundTo(fraction(line.fundFen * BigInt(cap), 10n), 0));
          }
          assert.ok(due >= 0n);
        }
        assert.ok(shares.inpatientFen >= 0n);
      }),
      { numRuns: 300 },
    );
  });

  test('points that are not capped are worth the same everywhere, to one fen', () => {
    fc.assert(
      fc.property(lines, amounts, fc.bigInt({ min: 1n, max: 10n ** 9n }), (each, budget, points) => {
        const shares = sharePool(budget, 0n, points, each, fraction(1n));
        if (!shares?.perPoint) return;
        const { numerator, denominator } = shares.perPoint;
        for (const [index, line] of each.entries()) {
          if (line.lock !== 'float') continue;
          const floor = (line.points4 * numerator) / denominator;
          assert.ok(shares.due[index] === floor || shares.due[index] === floor + 1n);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('the months of a part', () => {
  const TWELVE = Array.from({ length: 12 }, (_, index) => index + 1);
  for (const { name, given, expect } of cases.months) {
    test(name, () => {
      const { weights } = given;
      const months = partMonths(
        yuan(given.fund),
        TWELVE.map((month) => (weights === 'every-month' ? 1n : yuan(weights[month] ?? '0'))),
        decimal(given.ratio),
      );
      assert.deepEqual(
        {
          months: months.map(({ month }) => month),
          base: months.map(({ baseFen }) => yuanText(baseFen)),
          paid: months.map(({ paidFen }) => yuanText(paidFen)),
        },
        { months: TWELVE, ...expect },
      );
    });
  }

  test('add up to the fund amount to the fen, and none is paid more than its base', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 13n }),
        fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 12, maxLength: 12 }),
        fc.integer({ min: 0, max: 10_000 }),
        (fund, weights, ratio) => {
          const months = partMonths(fund, weights, fraction(BigInt(ratio), 10_000n));
          const sum = months.reduce((all, { baseFen }) => all + baseFen, 0n);
          assert.equal(sum, weights.every((weight) => weight === 0n) ? 0n : fund);
          for (const { month, baseFen, paidFen } of months) {
            assert.ok(weights[month - 1]! > 0n && baseFen > 0n && paidFen >= 0n && paidFen <= baseFen);
          }
        },
      ),
    );
  });
});
