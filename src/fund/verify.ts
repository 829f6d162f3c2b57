import { sql } from 'kysely';
import { type Store, transaction } from '#engine/postgres/store.ts';
import type { Language, Text } from '#kernel/locale.ts';
import { type Progress, SILENT } from '#kernel/progress.ts';
import { hashOfEntries, type Seal, START } from './seal.ts';

/** One thing that does not agree: which check, on what, and the two figures. */
export type LedgerFault = { readonly check: string; readonly subject: string; readonly text: Text };

export type LedgerVerdict = {
  readonly entries: number;
  readonly settlements: number;
  readonly accumulators: number;
  readonly seals: number;
  readonly unsealed: number;
  readonly hash: string;
  /** the first of each check */
  readonly faults: readonly LedgerFault[];
};

type Row = { readonly subject: string; readonly left: string; readonly right: string };
const FAULTS_SHOWN = 20;

type Check = { readonly name: string; readonly title: Text; readonly query: ReturnType<typeof sql<Row>> };

const TOTALS = [
  'medfee_sumamt',
  'fulamt_ownpay_amt',
  'overlmt_selfpay',
  'preselfpay_amt',
  'inscp_scp_amt',
  'act_pay_dedc',
  'hifp_pay',
  'cvlserv_pay',
  'hifes_pay',
  'hifmi_pay',
  'hifob_pay',
  'hifdm_pay',
  'maf_pay',
  'oth_pay',
  'fund_pay_sumamt',
  'hosp_part_amt',
  'psn_part_amt',
  'acct_pay',
  'acct_mulaid_pay',
  'psn_cash_pay',
] as const;
const totalsOf = (table: string) =>
  sql.raw(`jsonb_build_array(${TOTALS.map((field) => `${table}.${field}_fen`).join(', ')})`);
const negativeTotalsOf = (table: string) =>
  sql.raw(`jsonb_build_array(${TOTALS.map((field) => `-${table}.${field}_fen`).join(', ')})`);
const TOTALS_IN_DOCUMENT = sql.raw(
  `jsonb_build_array(${TOTALS.map((field) => `(d.totals ->> '${field}')::bigint`).join(', ')})`,
);

/** Each query gives what does not agree; an empty answer is a proof. */
const CHECKS: readonly Check[] = [
  {
    name: 'balance',
    title: { zh: '分录不平', en: 'the entry does not balance' },
    query: sql<Row>`SELECT entry_id::text AS subject, sum(amount_fen)::text AS left, '0' AS right FROM journal_leg
      GROUP BY entry_id HAVING sum(amount_fen) <> 0`,
  },
  {
    name: 'entries',
    title: { zh: '结算与日记账不是一一对应', en: 'settlements and entries are not one to one' },
    query: sql<Row>`SELECT coalesce(s.setl_id, e.setl_id) AS subject, (s.setl_id IS NOT NULL)::text AS left,
        (e.setl_id IS NOT NULL)::text AS right
      FROM settlement AS s FULL JOIN journal_entry AS e ON e.setl_id = s.setl_id
      WHERE s.setl_id IS NULL OR e.setl_id IS NULL`,
  },
  {
    name: 'funds',
    title: {
      zh: '日记账与结算的基金支付不同',
      en: 'the journal has other fund payments than the settlement',
    },
    query: sql<Row>`SELECT s.setl_id AS subject, s.fund_pay_sumamt_fen || ' ' || s.acct_pay_fen AS left,
        coalesce(l.funds, 0) || ' ' || coalesce(l.accounts, 0) AS right
      FROM settlement AS s JOIN journal_entry AS e ON e.setl_id = s.setl_id
        LEFT JOIN (SELECT entry_id, sum(amount_fen) FILTER (WHERE kind = 'fund') AS funds,
            sum(amount_fen) FILTER (WHERE kind = 'account') AS accounts FROM journal_leg GROUP BY entry_id) AS l
          ON l.entry_id = e.entry_id
      WHERE coalesce(l.funds, 0) <> s.fund_pay_sumamt_fen OR coalesce(l.accounts, 0) <> s.acct_pay_fen
        OR e.scheme <> s.scheme OR e.memo_cash_fen <> s.psn_cash_pay_fen OR e.memo_hospital_fen <> s.hosp_part_amt_fen`,
  },
  {
    name: 'fund-parts',
    title: { zh: '分项基金与日记账不同', en: 'a fund has other payments in the journal' },
    query: sql<Row>`SELECT coalesce(f.setl_id, l.setl_id) || ' ' || coalesce(f.fund_pay_type, l.fund_pay_type) AS subject,
        coalesce(f.fen, 0)::text AS left, coalesce(l.fen, 0)::text AS right
      FROM (SELECT setl_id, fund_pay_type, sum(pay_fen) AS fen FROM settlement_fund GROUP BY 1, 2) AS f
        FULL JOIN (SELECT e.setl_id, fund_pay_type, sum(amount_fen) AS fen FROM journal_leg
          JOIN journal_entry AS e USING (entry_id) WHERE kind = 'fund' GROUP BY 1, 2) AS l
          ON l.setl_id = f.setl_id AND l.fund_pay_type = f.fund_pay_type
      WHERE coalesce(f.fen, 0) <> coalesce(l.fen, 0)`,
  },
  {
    name: 'document',
    title: { zh: '结算列与结算原文不同', en: 'columns and document of the settlement differ' },
    query: sql<Row>`SELECT s.setl_id AS subject, ${totalsOf('s')}::text AS left, ${TOTALS_IN_DOCUMENT}::text AS right
      FROM settlement AS s
        -- the document is read once for all of them
        CROSS JOIN LATERAL (SELECT (s.body -> 'settlement' -> 'totals')::jsonb AS totals OFFSET 0) AS d
      WHERE ${totalsOf('s')} <> ${TOTALS_IN_DOCUMENT}`,
  },
  {
    name: 'document-lines',
    title: {
      zh: '结算的明细号或发票号与结算原文不同',
      en: 'the settlement names other lines or another invoice than its document',
    },
    query: sql<Row>`SELECT setl_id AS subject, array_to_string(line_sn, ',') || ' ' || invono AS left,
        (body ->> 'feedetl_sn') || ' ' || coalesce(body ->> 'invono', '') AS right
      FROM settlement WHERE invono <> coalesce(body ->> 'invono', '')
        OR (sign = 1 AND to_jsonb(line_sn) <> (body -> 'feedetl_sn')::jsonb)`,
  },
  {
    name: 'reversal',
    title: { zh: '冲正与原结算不互为相反数', en: 'the reversal is not the negative of its settlement' },
    query: sql<Row>`SELECT r.setl_id AS subject, ${totalsOf('r')}::text AS left, ${negativeTotalsOf('o')}::text AS right
      FROM settlement AS r JOIN settlement AS o ON o.setl_id = r.reverses
      WHERE ${totalsOf('r')} <> ${negativeTotalsOf('o')}`,
  },
  {
    name: 'lines',
    title: { zh: '明细合计与结算不同', en: 'the fee lines do not add up to the settlement' },
    query: sql<Row>`SELECT s.setl_id AS subject, s.medfee_sumamt_fen::text AS left, coalesce(sum(l.amount_fen), 0)::text AS right
      FROM settlement AS s LEFT JOIN settled_line AS d ON d.setl_id = s.setl_id
        LEFT JOIN fee_line AS l ON l.mdtrt_id = d.mdtrt_id AND l.feedetl_sn = d.feedetl_sn
      WHERE s.sign = 1 AND NOT EXISTS (SELECT 1 FROM settlement AS r WHERE r.reverses = s.setl_id)
      GROUP BY s.setl_id HAVING s.medfee_sumamt_fen <> coalesce(sum(l.amount_fen), 0)`,
  },
  {
    name: 'lines-once',
    title: { zh: '同一明细在两次结算中', en: 'a fee line is in two settlements' },
    query: sql<Row>`SELECT mdtrt_id || ' ' || feedetl_sn AS subject, count(*)::text AS left, '1' AS right
      FROM settled_line GROUP BY mdtrt_id, feedetl_sn HAVING count(*) > 1`,
  },
  {
    name: 'accumulators',
    title: {
      zh: '累计与各次结算之和不同（I11）',
      en: 'an accumulator is not the sum of the settlements (I11)',
    },
    query: sql<Row>`WITH summed AS (
        SELECT coalesce(p.merged_into, p.psn_no) AS psn_no, s.scheme,
          CASE WHEN c.code LIKE 'stay:%' THEN 0 ELSE s.year END AS year, c.code, sum(c.change) AS value
        FROM settlement_change AS c JOIN settlement AS s ON s.setl_id = c.setl_id JOIN person AS p ON p.psn_no = s.psn_no
        WHERE c.code NOT LIKE 'balance:%' GROUP BY 1, 2, 3, 4)
      SELECT concat_ws(' ', coalesce(a.psn_no, m.psn_no), coalesce(a.scheme, m.scheme), coalesce(a.year, m.year),
          coalesce(a.code, m.code)) AS subject, coalesce(a.value, 0)::text AS left, coalesce(m.value, 0)::text AS right
      FROM accumulator AS a FULL JOIN (SELECT * FROM summed WHERE value <> 0) AS m
        ON m.psn_no = a.psn_no AND m.scheme = a.scheme AND m.year = a.year AND m.code = a.code
      WHERE coalesce(a.value, 0) <> coalesce(m.value, 0)`,
  },
  {
    name: 'accounts',
    title: {
      zh: '个人账户余额与收支之和不同',
      en: 'the balance of an account is not the sum of its movements',
    },
    query: sql<Row>`SELECT a.psn_no AS subject, a.balance_fen::text AS left, coalesce(sum(m.change_fen), 0)::text AS right
      FROM personal_account AS a LEFT JOIN account_movement AS m ON m.psn_no = a.psn_no
      GROUP BY a.psn_no HAVING a.balance_fen <> coalesce(sum(m.change_fen), 0)`,
  },
  {
    name: 'account-legs',
    title: { zh: '个人账户收支与日记账不同', en: 'movements of an account differ from the journal' },
    query: sql<Row>`SELECT coalesce(m.setl_id, l.setl_id) || ' ' || coalesce(m.psn_no, l.psn_no) AS subject,
        coalesce(m.fen, 0)::text AS left, coalesce(l.fen, 0)::text AS right
      FROM (SELECT setl_id, psn_no, -sum(change_fen) AS fen FROM account_movement WHERE setl_id IS NOT NULL GROUP BY 1, 2) AS m
        FULL JOIN (SELECT e.setl_id, psn_no, sum(amount_fen) AS fen FROM journal_leg JOIN journal_entry AS e USING (entry_id)
          WHERE kind = 'account' GROUP BY 1, 2) AS l ON l.setl_id = m.setl_id AND l.psn_no = m.psn_no
      WHERE coalesce(m.fen, 0) <> coalesce(l.fen, 0)`,
  },
];

/** Roughly what the checks take of the whole; the rest is hashing. */
const SHARE_OF_CHECKS = 0.4;

/**
 * Proves that journal, settlements, fee lines, accumulators and accounts agree, and that nothing sealed was changed since. Reads
 * one snapshot of the store.
 */
export async function verifyLedger(
  store: Store,
  { progress, language }: { readonly progress: Progress; readonly language: Language } = {
    progress: SILENT,
    language: 'zh',
  },
): Promise<LedgerVerdict> {
  const stage = (zh: string, en: string, share: number) => progress.stage(language === 'zh' ? zh : en, share);
  return transaction(store, async (db) => {
    if (!store.isTransaction) await sql`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`.execute(db);
    const faults: LedgerFault[] = [];
    for (const [index, { name, title, query }] of CHECKS.entries()) {
      const which = `${index + 1}/${CHECKS.length}`;
      const share = (index / CHECKS.length) * SHARE_OF_CHECKS;
      stage(`核对 ${which}（${name}）`, `check ${which} (${name})`, share);
      // planned for all rows: a plan for the first twenty faults takes hours to find that there is none
      const { rows } = await sql<Row>`WITH fault AS MATERIALIZED (${query}) SELECT * FROM fault
        ORDER BY subject LIMIT ${FAULTS_SHOWN}`.execute(db);
      for (const { subject, left, right } of rows) {
        faults.push({
          check: name,
          subject,
          text: {
            zh: `${subject}：${title.zh}（${left} ≠ ${right}）`,
            en: `${subject}: ${title.en} (${left} ≠ ${right})`,
          },
        });
      }
    }
    const { rows: seals } = await sql<Seal>`SELECT * FROM journal_seal ORDER BY number`.execute(db);
    let before: Pick<Seal, 'number' | 'last_entry_id' | 'hash'> = {
      number: 0,
      last_entry_id: 0,
      hash: START,
    };
    for (const [index, seal] of seals.entries()) {
      const share = SHARE_OF_CHECKS + (index / seals.length) * (1 - SHARE_OF_CHECKS);
      stage(`重算第 ${seal.number} 批的链值`, `hashing batch ${seal.number}`, share);
      const batch = await hashOfEntries(db, before.last_entry_id, seal.last_entry_id, before.hash);
      const isWhole =
        seal.number === before.number + 1 &&
        seal.previous_hash === before.hash &&
        batch?.hash === seal.hash &&
        batch.entries === seal.entries;
      if (!isWhole) {
        faults.push({
          check: 'seal',
          subject: String(seal.number),
          text: {
            zh: `第 ${seal.number} 批（分录 ${seal.first_entry_id} 至 ${seal.last_entry_id}）封存后被改动`,
            en: `batch ${seal.number} (entries ${seal.first_entry_id} to ${seal.last_entry_id}) was changed after it was sealed`,
          },
        });
        break;
      }
      before = seal;
    }
    const { rows: counts } = await sql<{
      entries: number;
      settlements: number;
      accumulators: number;
      unsealed: number;
    }>`SELECT
        (SELECT count(*) FROM journal_entry) AS entries, (SELECT count(*) FROM settlement) AS settlements,
        (SELECT count(*) FROM accumulator) AS accumulators,
        (SELECT count(*) FROM journal_entry
          WHERE entry_id > (SELECT coalesce(max(last_entry_id), 0) FROM journal_seal)) AS unsealed`.execute(
      db,
    );
    return { ...counts[0]!, seals: seals.length, hash: before.hash, faults };
  });
}
