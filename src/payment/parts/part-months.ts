import type { Engine } from '#engine/duckdb.ts';
import { type Fraction, fraction, multiply, roundTo } from '#kernel/fraction.ts';
import type { Policy } from '#policy/index.ts';
import { allocate } from '../clearing/allocate.ts';
import type { SchemeParts } from './settle-parts.ts';

const MONTHS = 12;

/** What one part is paid from and paid in a month, in fen. */
export type PartMonth = { readonly month: number; readonly baseFen: bigint; readonly paidFen: bigint };

/**
 * The months of one line of a part: its fund amount split by the weights of the months (largest remainder, so that the months
 * add up to it to the fen), and the part of each that is paid at once. Months without a base are left out.
 * Source: docs/domain/parts.md#months.
 * @param weights of January to December
 */
export function partMonths(fundFen: bigint, weights: readonly bigint[], ratio: Fraction): PartMonth[] {
  return allocate(fundFen, weights)
    .map((baseFen, index) => ({
      month: index + 1,
      baseFen,
      paidFen: roundTo(multiply(fraction(baseFen), ratio), 0),
    }))
    .filter(({ baseFen }) => baseFen !== 0n);
}

const EVERY_MONTH: readonly bigint[] = Array.from({ length: MONTHS }, () => 1n);

/** Whether the policy pays the parts in months. */
export const paysPartsMonthly = (policy: Policy): boolean => policy.choice('parts.monthly') === 'monthly';

/**
 * Fills `part_month`: bed-days in the months of discharge, everything else in twelve equal parts. What a community has in its
 * total is not paid again.
 */
export async function settlePartMonths(
  engine: Engine,
  policy: Policy,
  schemes: readonly SchemeParts[],
  numberOf: ReadonlyMap<string, number>,
): Promise<void> {
  const ratio = policy.fraction('payment.monthly_ratio');
  const bedDayMonths = await bedDayWeights(engine, policy, schemes);
  await engine.append(
    'part_month',
    schemes.flatMap(({ scheme, lines }) =>
      lines
        .filter(({ lock }) => lock !== 'inside')
        .flatMap((line) => {
          const weights =
            line.part === 'bed-day'
              ? bedDayMonths.get(`${scheme} ${line.fixmedinsCode} ${line.item}`)!
              : EVERY_MONTH;
          return partMonths(line.fundFen, weights, ratio).map(({ month, baseFen, paidFen }) => [
            month,
            line.part,
            Number(scheme),
            numberOf.get(line.fixmedinsCode)!,
            line.item,
            baseFen,
            paidFen,
          ]);
        }),
    ),
  );
}

/** By scheme, institution and item: the money of the lists discharged in each month, on the basis that makes the fund part. */
async function bedDayWeights(
  engine: Engine,
  policy: Policy,
  schemes: readonly SchemeParts[],
): Promise<ReadonlyMap<string, readonly bigint[]>> {
  const weights = new Map<string, bigint[]>();
  if (!schemes.some(({ lines }) => lines.some(({ part }) => part === 'bed-day'))) return weights;
  const money =
    policy.choice('parts.bed_day_fund') === 'less-patient-payments' ? 'less_patient_fen' : 'amount_fen';
  const rows = await engine.rows(
    `SELECT CAST(b.scheme AS VARCHAR) AS insutype, i.fixmedins_code
       , concat_ws('/', nullif(b.class, ''), nullif(b.category, '')) AS item, c.month
       , CAST(sum(b.${money}) AS BIGINT) AS fen
     FROM bed_day_list AS b
     JOIN case_score AS c ON c.setl_id = b.setl_id
     JOIN institution AS i ON i.institution_no = b.institution_no
     GROUP BY b.scheme, i.fixmedins_code, b.class, b.category, c.month`,
  );
  for (const row of rows) {
    const key = `${row.insutype} ${row.fixmedins_code} ${row.item}`;
    const own = weights.get(key) ?? Array.from({ length: MONTHS }, () => 0n);
    own[Number(row.month) - 1]! += row.fen as bigint;
    weights.set(key, own);
  }
  return weights;
}
