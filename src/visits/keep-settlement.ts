import { type RawBuilder, sql } from 'kysely';
import { type Settlement, TOTAL_FIELDS } from '#benefits/index.ts';
import { legsOf } from '#fund/index.ts';
import type { Acting } from './register.ts';
import { isBalance, ownerOfBalance, yearOfCode } from './state.ts';

/** What is written of a settlement, beside what the engine gave. */
export type SettlementRow = {
  readonly setl_id: string;
  readonly sign: 1 | -1;
  readonly reverses: string | null;
  readonly mdtrt_id: string;
  readonly psn_no: string;
  readonly insutype: string;
  readonly scheme: string;
  readonly year: number;
  readonly policy_date: string;
  readonly policy_hash: string;
  readonly setl_time: string;
  readonly fixmedins_code: string;
  readonly med_type: string;
  readonly clr_optins: string;
  readonly clr_type: string;
  readonly clr_way: string;
  readonly is_mid_stay: boolean;
  readonly infno: string;
  readonly msgid: string;
};

const COLUMNS = [
  'setl_id',
  'sign',
  'reverses',
  'mdtrt_id',
  'psn_no',
  'insutype',
  'scheme',
  'year',
  'policy_date',
  'policy_hash',
  'setl_time',
  'fixmedins_code',
  'med_type',
  'clr_optins',
  'clr_type',
  'clr_way',
  'is_mid_stay',
  'infno',
  'msgid',
  ...TOTAL_FIELDS.map((field) => `${field}_fen`),
  'balc_fen',
  'pool_ratio6',
  'body',
  'fund_layer',
  'fund_pay_type',
  'fund_pay_column',
  'fund_pay_fen',
  'fund_limit_fen',
  'change_code',
  'change_before',
  'change_by',
  'invono',
  'line_sn',
];

/** Writes something whose rows nobody needs: with the end of the transaction where that is possible, else at once. */
export async function keep(
  { db, atEnd }: Pick<Acting, 'db' | 'atEnd'>,
  statement: RawBuilder<unknown>,
): Promise<void> {
  if (atEnd === undefined) await statement.execute(db);
  else atEnd(statement);
}

/**
 * Writes a settlement, positive or negative: itself with its funds and changes, its journal entry with its legs, the accumulators and accounts as they
 * are after it. One statement; the deferred constraints of the tables check at the end of the transaction that it all adds up.
 */
export function keepSettlement(
  acting: Pick<Acting, 'db' | 'atEnd'>,
  row: SettlementRow,
  settlement: Settlement,
  body: Readonly<Record<string, unknown>>,
  /** the numbers of the lines it settles */
  lines: readonly string[] = [],
): Promise<void> {
  const { totals, changes } = settlement;
  const movements = changes
    .filter(({ code }) => isBalance(code))
    .map(({ code, change }) => ({ psn_no: ownerOfBalance(code, row.psn_no), change_fen: change }));
  const legs = legsOf({
    funds: settlement.funds,
    accounts: movements.map(({ psn_no, change_fen }) => ({ psnNo: psn_no, payFen: 0 - change_fen })),
  });
  const accumulators = changes
    .filter(({ code }) => !isBalance(code))
    .map(({ code, after }) => ({ code, value: after, year: yearOfCode(code, row.year) }));
  const used = accumulators.filter(({ value }) => value !== 0);
  const gone = accumulators.filter(({ value }) => value === 0);
  const paidFen = totals.fund_pay_sumamt + totals.acct_pay;
  const statement = sql`WITH kept AS (
      INSERT INTO settlement (${sql.raw(COLUMNS.join(', '))}, sequence)
      VALUES (${sql.join(columnsOf(row, settlement, body, lines))}, (SELECT coalesce(max(s.sequence), 0) + 1 FROM settlement AS s
        WHERE s.psn_no = ${row.psn_no} AND s.year = ${row.year}))),
    entry AS (
      INSERT INTO journal_entry (setl_id, scheme, booked_at, memo_cash_fen, memo_hospital_fen, fixmedins_code, clr_optins, clr_type,
        clr_way, insutype, paid_fen, leg_kind, leg_fund_pay_type, leg_psn_no, leg_fen)
      VALUES (${row.setl_id}, ${row.scheme}, ${row.setl_time}, ${totals.psn_cash_pay}, ${totals.hosp_part_amt},
        ${row.fixmedins_code}, ${row.clr_optins}, ${row.clr_type}, ${row.clr_way}, ${row.insutype}, ${paidFen},
        ${legs.map(({ kind }) => kind)}::text[], ${legs.map(({ fund_pay_type }) => fund_pay_type)}::text[],
        ${legs.map(({ psn_no }) => psn_no)}::text[], ${legs.map(({ amount_fen }) => amount_fen)}::bigint[])),
    ${gone.length === 0 ? sql`` : noLongerUsed(row, gone)}
    used AS (
      INSERT INTO accumulator (psn_no, scheme, year, code, value)
      SELECT ${row.psn_no}, ${row.scheme}, year, code, value
      FROM unnest(${used.map(({ code }) => code)}::text[], ${used.map(({ year }) => year)}::integer[],
        ${used.map(({ value }) => value)}::bigint[]) AS n (code, year, value)
      ON CONFLICT (psn_no, scheme, year, code) DO UPDATE SET value = EXCLUDED.value)
    ${movements.length === 0 ? sql`SELECT` : accountsMoved(row, movements)}`;
  return keep(acting, statement);
}

/** The part of the statement for accumulators that are back at nothing. */
const noLongerUsed = (
  row: SettlementRow,
  gone: readonly { readonly code: string; readonly year: number }[],
) =>
  sql`gone AS (
      DELETE FROM accumulator AS a USING unnest(${gone.map(({ code }) => code)}::text[], ${gone.map(({ year }) => year)}::integer[])
        AS n (code, year)
      WHERE a.psn_no = ${row.psn_no} AND a.scheme = ${row.scheme} AND a.year = n.year AND a.code = n.code),`;

type Movement = { readonly psn_no: string; readonly change_fen: number };

/** The end of the statement where accounts pay or get back. */
const accountsMoved = (row: SettlementRow, movements: readonly Movement[]) => {
  const owners = movements.map(({ psn_no }) => psn_no);
  const fen = movements.map(({ change_fen }) => change_fen);
  return sql`, moved AS (SELECT * FROM unnest(${owners}::text[], ${fen}::bigint[]) AS m (psn_no, change_fen)),
    accounts AS (
      UPDATE personal_account AS a SET balance_fen = a.balance_fen + m.change_fen FROM moved AS m WHERE a.psn_no = m.psn_no)
    INSERT INTO account_movement (psn_no, setl_id, change_fen, at)
    SELECT psn_no, ${row.setl_id}, change_fen, ${row.setl_time}::timestamptz FROM moved`;
};

/** The values of `COLUMNS`. */
function columnsOf(
  row: SettlementRow,
  settlement: Settlement,
  body: Readonly<Record<string, unknown>>,
  lines: readonly string[],
): unknown[] {
  const { totals, funds, changes } = settlement;
  const written: Readonly<Record<string, unknown>> = {
    ...row,
    ...Object.fromEntries(TOTAL_FIELDS.map((field) => [`${field}_fen`, totals[field]])),
    balc_fen: settlement.balanceFen,
    pool_ratio6: settlement.poolRatio,
    body: JSON.stringify({ settlement, ...body }),
    fund_layer: funds.map(({ layer }) => layer),
    fund_pay_type: funds.map(({ fund }) => fund),
    fund_pay_column: funds.map(({ column }) => column),
    fund_pay_fen: funds.map(({ payFen }) => payFen),
    fund_limit_fen: funds.map(({ limitBeforeFen }) => limitBeforeFen ?? null),
    change_code: changes.map(({ code }) => code),
    change_before: changes.map(({ before }) => before),
    change_by: changes.map(({ change }) => change),
    invono: body.invono ?? '',
    line_sn: lines,
  };
  return COLUMNS.map((column) => written[column]);
}
