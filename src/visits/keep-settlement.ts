import { type RawBuilder, sql } from 'kysely';
import { type Settlement, TOTAL_FIELDS } from '#benefits/index.ts';
import { legsOf } from '#fund/index.ts';
import type { Writer } from '#interface/index.ts';
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
export async function keep<Item>(
  { db, atEnd }: Pick<Acting, 'db' | 'atEnd'>,
  writer: Writer<Item>,
  item: Item,
): Promise<void> {
  if (atEnd === undefined) await writer([item]).execute(db);
  else atEnd(writer, item);
}

/** A settlement, positive or negative, that is to be kept. */
export type MadeSettlement = {
  readonly row: SettlementRow;
  readonly settlement: Settlement;
  readonly body: Readonly<Record<string, unknown>>;
  /** the numbers of the lines it settles */
  readonly lines?: readonly string[];
};

/**
 * Writes settlements of different persons: each itself with its funds and changes, its journal entry with its legs, the accumulators
 * and accounts as they are after it. One statement; the deferred constraints of the tables check at the end of the transaction that it
 * all adds up.
 */
export function writeSettlements(all: readonly MadeSettlement[]): RawBuilder<unknown> {
  const movements = all.flatMap(movementsOf);
  const accumulators = all.flatMap(({ row, settlement }) =>
    settlement.changes
      .filter(({ code }) => !isBalance(code))
      .map(({ code, after }) => ({
        psn_no: row.psn_no,
        scheme: row.scheme,
        year: yearOfCode(code, row.year),
        code,
        value: after,
      })),
  );
  const used = accumulators.filter(({ value }) => value !== 0);
  const gone = accumulators.filter(({ value }) => value === 0);
  return sql`WITH kept AS (
      INSERT INTO settlement (${sql.raw(COLUMNS.join(', '))}, sequence) VALUES ${sql.join(
        all.map(
          (
            each,
          ) => sql`(${sql.join(columnsOf(each))}, (SELECT coalesce(max(s.sequence), 0) + 1 FROM settlement AS s
            WHERE s.psn_no = ${each.row.psn_no} AND s.year = ${each.row.year}))`,
        ),
      )}),
    entry AS (
      INSERT INTO journal_entry (setl_id, scheme, booked_at, memo_cash_fen, memo_hospital_fen, fixmedins_code, clr_optins, clr_type,
        clr_way, insutype, paid_fen, leg_kind, leg_fund_pay_type, leg_psn_no, leg_fen)
      VALUES ${sql.join(all.map((each) => sql`(${sql.join(entryOf(each))})`))}),
    ${gone.length === 0 ? sql`` : noLongerUsed(gone)}
    used AS (
      INSERT INTO accumulator (psn_no, scheme, year, code, value)
      SELECT * FROM ${columns(used, ACCUMULATOR)} AS n (psn_no, scheme, year, code, value)
      ON CONFLICT (psn_no, scheme, year, code) DO UPDATE SET value = EXCLUDED.value)
    ${movements.length === 0 ? sql`SELECT` : accountsMoved(movements)}`;
}

/** Rows as columns within a statement; the types are those of their columns. */
const columns = <Row extends Readonly<Record<string, unknown>>>(
  rows: readonly Row[],
  types: { readonly [Column in keyof Row]: string },
) =>
  sql`unnest(${sql.join(
    Object.entries<string>(types).map(
      ([column, type]) => sql`${rows.map((row) => row[column])}::${sql.raw(type)}[]`,
    ),
  )})`;

const ACCUMULATOR = { psn_no: 'text', scheme: 'text', year: 'integer', code: 'text', value: 'bigint' };
type Accumulator = {
  readonly psn_no: string;
  readonly scheme: string;
  readonly year: number;
  readonly code: string;
  readonly value: number;
};

/** The part of the statement for accumulators that are back at nothing. */
const noLongerUsed = (gone: readonly Accumulator[]) =>
  sql`gone AS (
      DELETE FROM accumulator AS a USING ${columns(gone, ACCUMULATOR)} AS n (psn_no, scheme, year, code, value)
      WHERE a.psn_no = n.psn_no AND a.scheme = n.scheme AND a.year = n.year AND a.code = n.code),`;

type Movement = {
  readonly psn_no: string;
  readonly setl_id: string;
  readonly change_fen: number;
  readonly at: string;
};
const MOVEMENT = { psn_no: 'text', setl_id: 'text', change_fen: 'bigint', at: 'timestamptz' };

/** What the accounts pay or get back; each owner once. */
const movementsOf = ({ row, settlement }: MadeSettlement): Movement[] =>
  settlement.changes
    .filter(({ code }) => isBalance(code))
    .map(({ code, change }) => ({
      psn_no: ownerOfBalance(code, row.psn_no),
      setl_id: row.setl_id,
      change_fen: change,
      at: row.setl_time,
    }));

/** The end of the statement where accounts pay or get back. */
const accountsMoved = (movements: readonly Movement[]) =>
  sql`, moved AS (SELECT * FROM ${columns(movements, MOVEMENT)} AS m (psn_no, setl_id, change_fen, at)),
    accounts AS (
      UPDATE personal_account AS a SET balance_fen = a.balance_fen + m.change_fen
      FROM (SELECT psn_no, sum(change_fen)::bigint AS change_fen FROM moved GROUP BY psn_no) AS m WHERE a.psn_no = m.psn_no)
    INSERT INTO account_movement (psn_no, setl_id, change_fen, at) SELECT psn_no, setl_id, change_fen, at FROM moved`;

/** The journal entry of a settlement, in the order of its columns. */
function entryOf(made: MadeSettlement): unknown[] {
  const { row, settlement } = made;
  const { totals, funds } = settlement;
  const accounts = movementsOf(made).map(({ psn_no, change_fen }) => ({
    psnNo: psn_no,
    payFen: 0 - change_fen,
  }));
  const legs = legsOf({ funds, accounts });
  return [
    row.setl_id,
    row.scheme,
    row.setl_time,
    totals.psn_cash_pay,
    totals.hosp_part_amt,
    row.fixmedins_code,
    row.clr_optins,
    row.clr_type,
    row.clr_way,
    row.insutype,
    totals.fund_pay_sumamt + totals.acct_pay,
    legs.map(({ kind }) => kind),
    legs.map(({ fund_pay_type }) => fund_pay_type),
    legs.map(({ psn_no }) => psn_no),
    legs.map(({ amount_fen }) => amount_fen),
  ];
}

/** The values of `COLUMNS`. */
function columnsOf({ row, settlement, body, lines = [] }: MadeSettlement): unknown[] {
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
