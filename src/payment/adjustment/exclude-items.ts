import { CASE_TABLE_FILES, type CaseTables } from '#catalogue/case-tables.ts';
import { areaErrors } from '#catalogue/errors.ts';
import type { Engine } from '#engine/duckdb.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { yuanText } from '#kernel/money.ts';
import { unknownCase } from './adjust-cases.ts';

/**
 * Takes the excluded items out of cost and fund of their lists, of the payment year and of its history, before anything is
 * grouped or scored. Does nothing where the area has none.
 * @throws YibaoError for a list that takes no part, and for items that do not fit their list
 */
export async function excludeItems(engine: Engine, { rows }: CaseTables, year: number): Promise<void> {
  if (!rows.get('excluded_item')?.length) return;
  const file = CASE_TABLE_FILES.excluded_item;
  await engine.run(`CREATE OR REPLACE TABLE excluded_total AS
    SELECT setl_id, min(row_no) AS row_no, CAST(sum(amount_fen) AS BIGINT) AS amount_fen
      , CAST(sum(fund_fen) AS BIGINT) AS fund_fen
    FROM excluded_item GROUP BY setl_id ORDER BY setl_id`);
  const unknown = await engine.rows(`
    SELECT e.row_no, e.setl_id FROM excluded_item AS e CROSS JOIN settlement_year AS y
    ANTI JOIN list AS l ON l.setl_id = e.setl_id AND l.refusal_bits = 0
      AND l.year BETWEEN y.first_year AND y.payment_year
    ORDER BY e.row_no`);
  const wrong = await engine.rows(`
    SELECT e.*, l.cost_fen, l.fund_fen AS list_fund_fen FROM excluded_total AS e
    JOIN list AS l ON l.setl_id = e.setl_id AND l.refusal_bits = 0
    WHERE e.amount_fen >= l.cost_fen OR e.fund_fen > l.fund_fen
      OR l.fund_fen - e.fund_fen > l.cost_fen - e.amount_fen
    ORDER BY e.row_no`);
  const problems: Problem[] = [
    ...unknown.map((row) => unknownCase(file, row, year)),
    ...wrong.map(
      (row): Problem => ({
        definition: areaErrors.excludedAboveCost,
        file,
        row: Number(row.row_no),
        field: 'amount',
        value: String(row.setl_id),
        parameters: {
          amount: yuanText(row.amount_fen as bigint),
          fund: yuanText(row.fund_fen as bigint),
          cost: yuanText(row.cost_fen as bigint),
          listFund: yuanText(row.list_fund_fen as bigint),
        },
      }),
    ),
  ];
  if (problems.length > 0) throw new YibaoError(problems);
  await engine.run(`UPDATE list SET cost_fen = list.cost_fen - e.amount_fen, fund_fen = list.fund_fen - e.fund_fen
    FROM excluded_total AS e WHERE list.setl_id = e.setl_id AND list.refusal_bits = 0`);
}
