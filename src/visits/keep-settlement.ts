import { type RawBuilder, sql } from 'kysely';
import { type Settlement, TOTAL_FIELDS } from '#benefits/index.ts';
import { legsOf } from '#fund/index.ts';
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
];

/**
 * Writes a settlement, positive or negative: itself, its funds and changes, its journal entry, the accumulators and accounts as they
 * are after it. One statement, for the end of the transaction; the deferred constraints of the tables check at the end of the transaction that it all adds up.
 */
export function settlementKept(
  row: SettlementRow,
  settlement: Settlement,
  body: Readonly<Record<string, unknown>>,
  /** the numbers of the lines that are in it now */
  lines: readonly string[] = [],
): RawBuilder<unknown> {
  const { totals, changes } = settlement;
  const movements = changes
    .filter(({ code }) => isBalance(code))
    .map(({ code, change }) => ({ psn_no: ownerOfBalance(code, row.psn_no), change_fen: change }));
  const legs = legsOf({
    funds: settlement.funds,
    accounts: movements.map(({ psn_no, change_fen }) => ({ psnNo: psn_no, payFen: 0 - change_fen })),
    fixmedinsCode: row.fixmedins_code,
    clrOptins: row.clr_optins,
    clrType: row.clr_type,
    clrWay: row.clr_way,
    insutype: row.insutype,
  });
  const written = {
    ...row,
    ...Object.fromEntries(TOTAL_FIELDS.map((field) => [`${field}_fen`, totals[field]])),
    balc_fen: settlement.balanceFen,
    pool_ratio6: settlement.poolRatio,
    body: { settlement, ...body },
  };
  const accumulators = changes
    .filter(({ code }) => !isBalance(code))
    .map(({ code, after }) => ({ code, value: after, year: yearOfCode(code, row.year) }));
  const funds = settlement.funds.map((fund, index) => ({
    number: index + 1,
    layer: fund.layer,
    fund_pay_type: fund.fund,
    pay_column: fund.column,
    pay_fen: fund.payFen,
    limit_before_fen: fund.limitBeforeFen ?? null,
    limit_after_fen: fund.limitAfterFen ?? null,
  }));
  const json = (value: unknown) => JSON.stringify(value);
  const list = sql.raw(COLUMNS.join(', '));
  return sql`WITH given AS (
      SELECT * FROM jsonb_populate_record(NULL::settlement, ${json(written)}::jsonb)),
    kept AS (
      INSERT INTO settlement (${list}, sequence)
      SELECT ${list}, (SELECT coalesce(max(s.sequence), 0) + 1 FROM settlement AS s
        WHERE s.psn_no = given.psn_no AND s.year = given.year) FROM given RETURNING setl_id),
    kept_funds AS (
      INSERT INTO settlement_fund (setl_id, number, layer, fund_pay_type, pay_column, pay_fen, limit_before_fen, limit_after_fen)
      SELECT ${row.setl_id}, number, layer, fund_pay_type, pay_column, pay_fen, limit_before_fen, limit_after_fen
      FROM jsonb_to_recordset(${json(funds)}::jsonb) AS f (number integer, layer text, fund_pay_type text, pay_column text,
        pay_fen bigint, limit_before_fen bigint, limit_after_fen bigint)),
    kept_changes AS (
      INSERT INTO settlement_change (setl_id, code, before, change, after)
      SELECT ${row.setl_id}, code, before, change, after
      FROM jsonb_to_recordset(${json(changes)}::jsonb) AS c (code text, before bigint, change bigint, after bigint)),
    entry AS (
      INSERT INTO journal_entry (setl_id, scheme, booked_at, memo_cash_fen, memo_hospital_fen)
      VALUES (${row.setl_id}, ${row.scheme}, ${row.setl_time}::timestamptz, ${totals.psn_cash_pay}, ${totals.hosp_part_amt})
      RETURNING entry_id),
    legs AS (
      INSERT INTO journal_leg (entry_id, number, scheme, kind, fund_pay_type, psn_no, fixmedins_code, clr_optins, clr_type, clr_way,
        insutype, amount_fen)
      SELECT entry.entry_id, number, ${row.scheme}, kind, fund_pay_type, psn_no, fixmedins_code, clr_optins, clr_type, clr_way,
        insutype, amount_fen
      FROM entry CROSS JOIN jsonb_to_recordset(${json(legs)}::jsonb) AS l (number integer, kind text, fund_pay_type text,
        psn_no text, fixmedins_code text, clr_optins text, clr_type text, clr_way text, insutype text, amount_fen bigint)),
    gone AS (
      DELETE FROM accumulator AS a USING jsonb_to_recordset(${json(accumulators)}::jsonb) AS n (code text, value bigint, year integer)
      WHERE n.value = 0 AND a.psn_no = ${row.psn_no} AND a.scheme = ${row.scheme} AND a.year = n.year AND a.code = n.code),
    used AS (
      INSERT INTO accumulator (psn_no, scheme, year, code, value)
      SELECT ${row.psn_no}, ${row.scheme}, year, code, value
      FROM jsonb_to_recordset(${json(accumulators)}::jsonb) AS n (code text, value bigint, year integer) WHERE value <> 0
      ON CONFLICT (psn_no, scheme, year, code) DO UPDATE SET value = EXCLUDED.value),
    lines AS (
      UPDATE fee_line SET setl_id = ${row.setl_id} WHERE mdtrt_id = ${row.mdtrt_id} AND setl_id IS NULL
        AND feedetl_sn = ANY (${lines}::text[])),
    accounts AS (
      UPDATE personal_account AS a SET balance_fen = a.balance_fen + m.change_fen
      FROM jsonb_to_recordset(${json(movements)}::jsonb) AS m (psn_no text, change_fen bigint) WHERE a.psn_no = m.psn_no)
    INSERT INTO account_movement (psn_no, setl_id, change_fen, at)
    SELECT psn_no, ${row.setl_id}, change_fen, ${row.setl_time}::timestamptz
    FROM jsonb_to_recordset(${json(movements)}::jsonb) AS m (psn_no text, change_fen bigint)`;
}
