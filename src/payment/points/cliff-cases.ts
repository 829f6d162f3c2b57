import type { Engine } from '#engine/duckdb.ts';
import { makeTable, sourceFile } from '#engine/sql-file.ts';
import {
  add,
  compare,
  divide,
  type Fraction,
  floor,
  fraction,
  multiply,
  roundTo,
  subtract,
  ZERO,
} from '#kernel/fraction.ts';
import type { Settlement } from '../settle-year.ts';
import {
  extremeLimit,
  type GroupStandard,
  groupedRule,
  type PointsPolicy,
  ratioBase,
  scoreGroupedCase,
} from './score-case.ts';

/** One jump of the points of a group at a class: the costs just above it, both ends inclusive, in fen. */
export type Cliff = {
  readonly kind: 'low' | 'high' | 'extreme';
  readonly fromFen: bigint;
  readonly toFen: bigint;
  /** points of the last cost before the jump, and of the first one after it, in units of 10^−4 */
  readonly before4: bigint;
  readonly after4: bigint;
};

/**
 * The cliffs of a group: where a case stops to be a low outlier, becomes a high one or an extreme one, if one fen more moves the
 * points by a hundredth of the score or more. Costs up to `width` of cost ratio above each belong to it.
 * Source: docs/domain/dip.md#cliffs.
 */
export function cliffsOf(
  group: GroupStandard,
  coefficient4: bigint,
  policy: PointsPolicy,
  width: Fraction,
): Cliff[] {
  const base = ratioBase(group, coefficient4, policy);
  if (group.pointsPerFen || base.numerator === 0n) return [];
  const rule = groupedRule(group, coefficient4, policy);
  const extreme = extremeLimit(policy);
  const upTo = (ratio: Fraction) => floor(multiply(add(ratio, width), base));
  const cliff = (kind: Cliff['kind'], fromFen: bigint, ratio: Fraction): Cliff | undefined => {
    if (fromFen <= 1n || fromFen > upTo(ratio)) return undefined;
    const points = (cost: bigint) => scoreGroupedCase(cost, group, coefficient4, policy);
    const [before, after] = [points(fromFen - 1n), points(fromFen)];
    // continuous formulas move by the slope of one fen; a cliff moves by a part of the score
    const step = subtract(after.exact, before.exact);
    const size = step.numerator < 0n ? subtract(ZERO, step) : step;
    if (compare(size, multiply(fraction(group.score4, 10_000n), SMALLEST_JUMP)) < 0) return undefined;
    return { kind, fromFen, toFen: upTo(ratio), before4: before.points4, after4: after.points4 };
  };
  return [
    cliff('low', rule.lowBelowFen, policy.lowRatio),
    cliff('high', rule.highAboveFen + 1n, policy.highRatio),
    extreme && cliff('extreme', rule.extremeAboveFen + 1n, extreme),
  ].filter((each) => each !== undefined);
}

/** A jump below a hundredth of the score is no cliff. */
const SMALLEST_JUMP = fraction(1n, 100n);

/** Decimals of the cost ratio in the list. */
const RATIO_DECIMALS = 6;

/** Fills `cliff_case_result`: the lists of the payment year just above a cliff, with the exact ratio rounded to six decimals. */
export async function findCliffCases(engine: Engine, settlement: Settlement): Promise<void> {
  const { catalogue, policy } = settlement;
  const width = policy.fraction('deviation.cliff_width');
  const types = await engine.rows(
    'SELECT group_no, type_no, coefficient4 FROM type_result WHERE coefficient4 IS NOT NULL',
  );
  const typesOf = Map.groupBy(types, (row) => Number(row.group_no));
  const bases = new Map<string, Fraction>();
  await engine.run(`
    CREATE OR REPLACE TABLE cliff (
      group_no INTEGER, class_no SMALLINT, type_no SMALLINT, cliff VARCHAR, from_fen BIGINT, to_fen BIGINT,
      before4 BIGINT, after4 BIGINT);
    CREATE OR REPLACE TABLE cliff_case_result (
      setl_id VARCHAR, fixmedins_code VARCHAR, insutype VARCHAR, month VARCHAR, group_code VARCHAR, cliff VARCHAR,
      cost_fen BIGINT, cliff_cost_fen BIGINT, ratio6 BIGINT, points4 BIGINT, points_before4 BIGINT)`);
  const cliffs = catalogue.groups.flatMap((group) =>
    catalogue.classes.flatMap(({ classNo }) => {
      const { coefficient4 } = catalogue.coefficientOf(group, classNo);
      const standard = catalogue.standardOf(group, classNo);
      const ofType = (typeNo: number, typeCoefficient4: bigint | undefined) => {
        const typed = { ...standard, typeCoefficient4 };
        const limits = catalogue.pointsOf(group, classNo);
        bases.set(`${group.groupNo} ${classNo} ${typeNo}`, ratioBase(typed, coefficient4, limits));
        return cliffsOf(typed, coefficient4, limits, width).map((cliff) => [
          group.groupNo,
          classNo,
          typeNo,
          cliff.kind,
          cliff.fromFen,
          cliff.toFen,
          cliff.before4,
          cliff.after4,
        ]);
      };
      const own = typesOf.get(group.groupNo) ?? [];
      return [
        ...ofType(0, undefined),
        ...own.flatMap((row) => ofType(Number(row.type_no), row.coefficient4 as bigint)),
      ];
    }),
  );
  await engine.append('cliff', cliffs);
  await makeTable(engine, sourceFile('payment/points/cliff_case.sql'));
  const rows = await engine.rows('SELECT * FROM cliff_case ORDER BY setl_id, cliff');
  await engine.append(
    'cliff_case_result',
    rows.map((row) => {
      const base = bases.get(`${row.group_no} ${row.class_no} ${row.type_no}`)!;
      const cost = row.cost_fen as bigint;
      return [
        String(row.setl_id),
        String(row.fixmedins_code),
        String(row.insutype),
        String(row.month),
        String(row.group_code),
        String(row.cliff),
        cost,
        (row.from_fen as bigint) - 1n,
        roundTo(divide(fraction(cost), base), RATIO_DECIMALS),
        row.points4 as bigint,
        row.before4 as bigint,
      ];
    }),
  );
}
