import { CASE_TABLE_FILES } from '#catalogue/case-tables.ts';
import type { Engine } from '#engine/duckdb.ts';
import { makeTable, sourceFile } from '#engine/sql-file.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { fraction, roundTo } from '#kernel/fraction.ts';
import { reviewErrors } from './errors.ts';
import { allocate, type Cell, type PublicRow, publicRows } from './publication.ts';
import type { ReviewYear } from './review-year.ts';

export const PERIODS = ['month', 'quarter', 'year'] as const;
export type Period = (typeof PERIODS)[number];
const MONTHS: Readonly<Record<Period, number>> = { month: 1, quarter: 3, year: 12 };

/** The rows of one scheme. The schemes never mix. */
export type PublicationOfScheme = {
  readonly insutype: string;
  readonly rows: readonly PublicRow[];
};

/**
 * The figures of the year to publish, by period and institution, in which nobody can be told.
 * @param review opened with `decided`: special_cases.csv is in force
 * @throws YibaoError for a special case nobody has applied for
 */
export async function publishYear(
  engine: Engine,
  review: ReviewYear,
  period: Period,
): Promise<PublicationOfScheme[]> {
  await checkApplied(engine);
  await makeTable(engine, sourceFile('payment/review/publication_cell.sql'));
  const rows = await engine.rows(`
    SELECT p.*, d.due_fen
    FROM publication_cell AS p
    JOIN clearing_result AS d ON d.insutype = p.insutype AND d.fixmedins_code = p.fixmedins_code
    ORDER BY p.insutype, p.fixmedins_code, p.month`);
  // what points pay holds the patient's part too under deduction, and only the fund's part under the ratio methods
  const deducts = review.settlement.policy.choice('point_value.method') === 'deduction';
  const cells = [...Map.groupBy(rows, (row) => `${row.insutype} ${row.fixmedins_code}`).values()].flatMap(
    (own) => {
      const field = (name: string) => own.map((row) => row[name] as bigint);
      const sum = (values: readonly bigint[]) => values.reduce((a, b) => a + b, 0n);
      const less = (name: string) => (deducts ? field(name) : own.map(() => 0n));
      const nonFund = less('non_fund_fen');
      const points4 = field('points4');
      // what the institution is due for the year, by the points of its months: adds up to the fen
      const whole = (own[0]!.due_fen as bigint) + sum(nonFund);
      const parts = allocate(whole, points4);
      const total = sum(points4);
      const worth = (points: bigint) => (total === 0n ? 0n : roundTo(fraction(whole * points, total), 0));
      const [reviewed, added] = [field('reviewed_points4'), field('added_points4')];
      const reviewedNonFund = less('reviewed_non_fund_fen');
      return own.map((row, index) => ({
        insutype: String(row.insutype),
        cell: {
          period: Math.floor((Number(row.month) - 1) / MONTHS[period]),
          fixmedinsCode: String(row.fixmedins_code),
          applications: Number(row.applications),
          passes: Number(row.passes),
          discharges: Number(row.discharges),
          fundFen: parts[index]! - nonFund[index]!,
          reviewedFundFen: worth(reviewed[index]!) - reviewedNonFund[index]!,
          addedFen: worth(added[index]!),
        } satisfies Cell,
      }));
    },
  );
  return [...Map.groupBy(cells, ({ insutype }) => insutype)].map(([insutype, own]) => ({
    insutype,
    rows: publicRows(
      own.map(({ cell }) => cell),
      review.rules.publicationMinimum,
    ),
  }));
}

async function checkApplied(engine: Engine): Promise<void> {
  const rows = await engine.rows(
    `SELECT s.row_no, s.setl_id FROM special_case AS s
     ANTI JOIN special_case_application AS a ON a.setl_id = s.setl_id ORDER BY s.row_no`,
  );
  if (rows.length === 0) return;
  throw new YibaoError(
    rows.map(
      (row): Problem => ({
        definition: reviewErrors.noApplication,
        file: CASE_TABLE_FILES.special_case,
        row: Number(row.row_no),
        field: 'setl_id',
        value: String(row.setl_id),
      }),
    ),
  );
}

/** "2025-04", "2025-04 – 2025-09": the months a row is about. */
export function spanText(year: number, period: Period, { from, to }: PublicRow): string {
  const months = MONTHS[period];
  const text = (month: number) => `${year}-${String(month).padStart(2, '0')}`;
  const [first, last] = [from * months + 1, (to + 1) * months];
  return first === last ? text(first) : `${text(first)}/${text(last)}`;
}
