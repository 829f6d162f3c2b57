import { sql } from 'kysely';
import { reverseSettlement, type Settlement } from '#benefits/index.ts';
import type { StoreTransaction } from '#engine/postgres/store.ts';
import { newNumber, type PersonFile } from '#enrolment/index.ts';
import { type Handler, messageLock, refuse, refuseFromNowOn, type Transactions } from '#interface/index.ts';
import { keep, type SettlementRow, writeSettlements } from './keep-settlement.ts';
import { lockedPerson } from './persons.ts';
import { type Acting, cancel } from './register.ts';
import { settlementAnswer } from './settlement-answer.ts';
import { isBalance, readAccumulators } from './state.ts';
import { type Fields, node, text } from './values.ts';
import { aboutVisit, type VisitRow } from './visits.ts';

export type StoredSettlement = SettlementRow & {
  readonly sequence: number;
  readonly body: Fields & { readonly settlement: Settlement };
};

export async function settlementById(
  db: StoreTransaction,
  setlId: string,
): Promise<StoredSettlement | undefined> {
  const { rows } = await sql<StoredSettlement>`SELECT * FROM settlement WHERE setl_id = ${setlId}`.execute(
    db,
  );
  return rows[0];
}

/**
 * Undoes a settlement by a new negative one: the person is exactly where he was before it. Only the last one of a person and year can
 * go, for each began where the one before ended. Source: docs/domain/visits.md#reversal.
 * @throws Refusal that names the settlements in the way, last first
 */
export async function reverse(
  call: Pick<Acting, 'db' | 'header' | 'now' | 'atEnd'>,
  file: PersonFile,
  original: StoredSettlement,
  at: string,
): Promise<Record<string, unknown>> {
  const { db, header, now } = call;
  const place = { node: at, field: 'setl_id', name: '结算ID', value: original.setl_id };
  const { rows: undone } = await sql<{ setl_id: string }>`SELECT setl_id FROM settlement
    WHERE reverses = ${original.setl_id}`.execute(db);
  if (original.sign === -1 || undone.length > 0) {
    throw refuse(
      '该结算已撤销',
      `the settlement was undone${undone[0] ? ` by ${undone[0].setl_id}` : ''}`,
      place,
    );
  }
  // a stay that went on into the next year began there where this one left it; a merged file goes on under its new number
  const { rows: later } = await sql<{ setl_id: string }>`SELECT setl_id FROM settlement AS s
    WHERE sign = 1 AND NOT EXISTS (SELECT 1 FROM settlement AS r WHERE r.reverses = s.setl_id)
      AND ((psn_no = ${original.psn_no} AND year = ${original.year} AND sequence > ${original.sequence})
        OR (mdtrt_id = ${original.mdtrt_id} AND year > ${original.year})
        OR (psn_no = ${file.psn_no} AND psn_no <> ${original.psn_no} AND year = ${original.year}
          AND setl_time > ${original.setl_time}))
    ORDER BY year DESC, sequence DESC`.execute(db);
  if (later.length > 0) {
    const names = later.map(({ setl_id }) => setl_id).join('、');
    // the message has 200 characters: the names of those in the way matter, not the one that was sent
    throw refuse(
      `之后还有结算，请先依次撤销：${names}`,
      `later settlements have to be undone first: ${names}`,
    );
  }
  const { settlement } = original.body;
  const current = await readAccumulators(db, file.psn_no, original.scheme, original.policy_date, true);
  // an account may have been filled or used by the family since: it gets back what it paid
  const values: Record<string, number> = { ...current.values };
  for (const { code, after } of settlement.changes) if (isBalance(code)) values[code] = after;
  const { settlement: negative } = reverseSettlement(settlement, { year: original.year, values });
  const paidBack = negative.accountPayments.find(({ account }) => account === 'own')?.payFen ?? 0;
  const balanceFen = (current.values['balance:own'] ?? 0) - paidBack;
  const row: SettlementRow = {
    ...keysOf(original),
    psn_no: file.psn_no,
    setl_id: newNumber(now),
    sign: -1,
    reverses: original.setl_id,
    setl_time: now.toString(),
    infno: header.infno,
    msgid: header.msgid,
  };
  const { settlement: _, ...body } = original.body;
  const kept = { ...negative, balanceFen };
  await keep(call, writeSettlements, { row, settlement: kept, body });
  return settlementAnswer(file, row, kept, body);
}

const keysOf = (row: StoredSettlement): SettlementRow => ({
  setl_id: row.setl_id,
  sign: row.sign,
  reverses: row.reverses,
  mdtrt_id: row.mdtrt_id,
  psn_no: row.psn_no,
  insutype: row.insutype,
  scheme: row.scheme,
  year: row.year,
  policy_date: row.policy_date,
  policy_hash: row.policy_hash,
  setl_time: row.setl_time,
  fixmedins_code: row.fixmedins_code,
  med_type: row.med_type,
  clr_optins: row.clr_optins,
  clr_type: row.clr_type,
  clr_way: row.clr_way,
  is_mid_stay: row.is_mid_stay,
  infno: row.infno,
  msgid: row.msgid,
});

const reversal = (kind: VisitRow['kind']): Handler =>
  aboutVisit(
    'data',
    (input) => node(input, 'data'),
    kind,
    async (call, data, visit, file) => {
      const original = await settlementById(call.db, text(data, 'setl_id'));
      if (original === undefined || original.mdtrt_id !== visit.mdtrt_id) {
        throw refuse('该就诊没有这次结算', 'the visit has no such settlement', {
          node: 'data',
          field: 'setl_id',
          name: '结算ID',
          value: text(data, 'setl_id'),
        });
      }
      return reverse(call, file, original, 'data');
    },
  );

/** What 2601 may undo. Source: interface.md §1.7. */
const REVERSIBLE = new Set(['2102', '2207', '2304', '2401']);

/** 2103, 2208, 2305 undo a settlement; 2601 finds one, or an admission, whose answer the institution never got. */
export const reversalTransactions: Transactions = {
  '2103': reversal('pharmacy'),
  '2208': reversal('outpatient'),
  '2305': reversal('inpatient'),

  '2601': async (call) => {
    const { db, input, header } = call;
    const data = node(input, 'data');
    const [msgid, infno] = [text(data, 'omsgid'), text(data, 'oinfno')];
    if (!REVERSIBLE.has(infno)) {
      throw refuse('只能冲正2102、2207、2304、2401', 'only 2102, 2207, 2304 and 2401 can be undone', {
        node: 'data',
        field: 'oinfno',
        name: '原交易编号',
        value: infno,
      });
    }
    // the message may be under way at this moment: it comes before the person, as it does for the message itself
    const original = { fixmedins_code: header.fixmedins_code, infno, msgid };
    await messageLock(original).execute(db);
    const file = await lockedPerson(db, text(data, 'psn_no'));
    const place = { node: 'data', field: 'omsgid', name: '原发送方报文ID', value: msgid };
    const table = infno === '2401' ? 'visit' : 'settlement';
    const key = infno === '2401' ? 'mdtrt_id' : 'setl_id';
    const { rows } = await sql<{ id: string; psn_no: string }>`SELECT ${sql.ref(key)} AS id,
        (SELECT coalesce(merged_into, psn_no) FROM person AS p WHERE p.psn_no = t.psn_no) AS psn_no
      FROM ${sql.table(table)} AS t
      WHERE fixmedins_code = ${header.fixmedins_code} AND msgid = ${msgid} AND infno = ${infno}`.execute(db);
    const [found] = rows;
    const by = { msgid: header.msgid, at: call.now };
    if (found === undefined && (await refuseFromNowOn(db, original, by))) {
      const refusal = refuse(
        '没有执行成功的原交易，无需冲正；该报文以后到达也不再执行',
        'no such transaction was carried out: there is nothing to undo; the message is not carried out when it still arrives',
        place,
      );
      return { refusal };
    }
    if (found === undefined || found.psn_no !== file.psn_no) {
      throw refuse(
        '没有执行成功的原交易，无需冲正',
        'no such transaction was carried out: there is nothing to undo',
        place,
      );
    }
    if (infno === '2401') {
      const { rows: open } =
        await sql`SELECT 1 FROM visit WHERE mdtrt_id = ${found.id} AND state <> 'cancelled'`.execute(db);
      if (open.length === 0) throw refuse('该交易已撤销', 'it was undone before', place);
      await cancel(db, found.id);
      return {};
    }
    await reverse(call, file, (await settlementById(db, found.id))!, 'data');
    return {};
  },
};
