import type { Engine, Row } from '#engine/duckdb.ts';
import { scaledText } from '#kernel/fraction.ts';
import { yuanText } from '#kernel/money.ts';
import { incompletePoints4, pointsOfAmount4, readmittedPoints4 } from '../adjustment/one-case.ts';
import type { Settlement } from '../settle-year.ts';

/** One change of the points of a case; money and points are text. */
export type AdjustmentExplanation = {
  readonly adjustment: string;
  readonly points_before: string;
  readonly points_after: string;
  /** the amount that became points */
  readonly amount: string | undefined;
  /** points the points of the amount are added to: those of the case before, or its normal ones */
  readonly beside: string | undefined;
  /** yuan of an amount for one point */
  readonly point_value: string | undefined;
  /** what it rests on: class, item, setl_id of the readmission, group, reason */
  readonly reference: string;
};

/**
 * The adjustments of one list, each worked out again from the one before.
 * @param points4 points before the first
 * @throws Error when a step does not begin where the one before ended, or is not what the rule of one case gives
 */
export async function explainAdjustments(
  engine: Engine,
  { policy }: Settlement,
  setlId: string,
  points4: bigint,
): Promise<{ readonly steps: readonly AdjustmentExplanation[]; readonly points4: bigint }> {
  const rows = await engine.rows(
    `SELECT a.*, c.cost_fen, v.point_value8, g.average_cost_fen, r.score4, r.normal_points4
     FROM case_adjustment AS a
     JOIN case_score AS c ON c.setl_id = a.setl_id
     JOIN amount_point_value AS v ON v.scheme = c.scheme
     JOIN institution AS i ON i.institution_no = c.institution_no
     LEFT JOIN group_score AS g ON g.group_no = c.group_no
     LEFT JOIN points_rule AS r ON r.group_no = c.group_no AND r.class_no = i.class_no AND r.type_no = 0
     WHERE a.setl_id = ? ORDER BY a.step_no`,
    [setlId],
  );
  let current = points4;
  const steps = rows.map((row): AdjustmentExplanation => {
    const before = row.points4_before as bigint;
    const after = row.points4_after as bigint;
    const expected = again(row, () => policy.fraction('readmission.factor'));
    if (before !== current || (expected !== undefined && expected !== after)) {
      throw new Error(
        `adjustment ${row.adjustment} of ${setlId}: ${before} → ${after}, not ${current} → ${expected}`,
      );
    }
    current = after;
    const amount = row.amount_fen as bigint | null;
    return {
      adjustment: String(row.adjustment),
      points_before: scaledText(before, 4),
      points_after: scaledText(after, 4),
      amount: amount === null ? undefined : yuanText(amount),
      beside: besideOf(row),
      point_value: amount === null ? undefined : scaledText(row.point_value8 as bigint, 8),
      reference: String(row.reference ?? ''),
    };
  });
  return { steps, points4: current };
}

function besideOf(row: Row): string | undefined {
  const amount = row.amount_fen as bigint | null;
  if (row.adjustment === 'add-on' && amount !== null) {
    const part = pointsOfAmount4(amount, row.point_value8 as bigint);
    return scaledText((row.points4_after as bigint) - part, 4);
  }
  const isExcess = row.adjustment === 'outlier-cost' && row.amount_fen !== row.cost_fen;
  return isExcess ? scaledText(row.normal_points4 as bigint, 4) : undefined;
}

/** The points after a step by the rule of one case; undefined where the step reads more than this row. */
function again(
  row: Row,
  readmissionFactor: () => Parameters<typeof readmittedPoints4>[1],
): bigint | undefined {
  const amount = row.amount_fen as bigint | null;
  switch (row.adjustment) {
    case 'incomplete':
      return incompletePoints4(row.score4 as bigint, row.cost_fen as bigint, row.average_cost_fen as bigint);
    case 'readmission':
      return readmittedPoints4(row.points4_before as bigint, readmissionFactor());
    case 'outlier-cost': {
      const part = pointsOfAmount4(amount!, row.point_value8 as bigint);
      // of a high outlier only the cost above the limit may count, beside the normal points
      return amount === row.cost_fen ? part : (row.normal_points4 as bigint) + part;
    }
    case 'special-case':
    case 'bed-day':
      return amount === null ? undefined : pointsOfAmount4(amount, row.point_value8 as bigint);
    default:
      return undefined;
  }
}
