import { sql } from 'kysely';
import type { StoreTransaction } from '#engine/postgres/store.ts';
import { newNumber } from '#enrolment/index.ts';
import { findInstitution, Refusal, refuse } from '#interface/index.ts';
import type { BenefitSource } from './benefit-source.ts';
import { keepLines } from './fees.ts';
import { insuredOn, lockedPerson } from './persons.ts';
import { type Acting, addVisit, checkMedType } from './register.ts';
import { reverse, settlementById } from './reverse.ts';
import { settle } from './settle.ts';
import { visitOnDay } from './visit-on-day.ts';
import type { VisitRow } from './visits.ts';

/** An invoice a person paid in full and brings to the agency. Amounts are yuan as they stand on it. */
export type Reimbursement = {
  readonly psn_no: string;
  readonly insutype: string;
  readonly med_type: string;
  readonly dise_codg: string;
  /** where the person was treated; of an institution the service knows, level and area are known */
  readonly fixmedins_code: string;
  readonly fixmedins_name: string;
  readonly hosp_lv: string;
  readonly area_code: string;
  readonly begndate: string;
  readonly enddate: string;
  readonly invoice_code: string;
  readonly invoice_number: string;
  readonly medfee_sumamt: string;
  readonly lines: readonly {
    readonly med_list_codg: string;
    readonly name: string;
    readonly cnt: string;
    readonly pric: string;
    readonly det_item_fee_sumamt: string;
  }[];
};

/** A transaction number of our own: no institution sends it. */
const INFNO = 'manual';
/** pay_loc 1: the agency pays, not the institution */
const PAY_LOC = '1';
/** clr_way: by item, whatever way the institution is paid otherwise */
const BY_ITEM = '1';
const BATCH = 'manual';

type Act = {
  readonly db: StoreTransaction;
  readonly now: Temporal.Instant;
  /** what the settlement is known by, so that it is made once */
  readonly key: string;
};

/**
 * Settles an invoice as if the person had been at the window: visit, lines, settlement and journal entry, owed by the agency to
 * the person. The policy, the order of settlements and the accumulators are those of every settlement.
 * @throws Refusal where the invoice was settled already, the lines do not add up to it, or the rules refuse
 */
export async function settleReimbursement(
  { db, now, key }: Act,
  source: BenefitSource,
  form: Reimbursement,
): Promise<{ readonly setlId: string; readonly answer: Record<string, unknown> }> {
  const at = 'invoice';
  const file = await lockedPerson(db, form.psn_no, at);
  await refusePaid(db, form, at);
  if (form.enddate < form.begndate) {
    throw refuse('结束日期早于开始日期', 'the end is before the beginning', {
      node: at,
      field: 'enddate',
      value: form.enddate,
    });
  }
  const kind = kindOf(form.med_type, at);
  const date = kind === 'inpatient' ? form.enddate : form.begndate;
  const { enrolment } = insuredOn(file, date, form.insutype, at);
  const known = await findInstitution(db, form.fixmedins_code);
  const header = { infno: INFNO, msgid: key };
  const institution = {
    fixmedins_code: form.fixmedins_code,
    area_code: known?.area_code ?? form.area_code,
    level: known?.level || form.hosp_lv,
  };
  const begntime = `${form.begndate} 00:00:00`;
  const body = { ...form, lines: undefined, invono: form.invoice_number };
  const made = await addVisit({ db, now, header, institution }, file, {
    kind,
    insutype: form.insutype,
    medType: form.med_type,
    number: `${form.invoice_code}${form.invoice_number}`,
    begntime,
    disease: form.dise_codg,
    body,
    at,
  });
  const row: VisitRow = { ...made, endtime: `${form.enddate} 00:00:00`, state: 'discharged' };
  await sql`UPDATE visit SET state = ${row.state}, endtime = ${row.endtime} WHERE mdtrt_id = ${row.mdtrt_id}`.execute(
    db,
  );
  const context = visitOnDay(row, file, {
    date,
    medType: form.med_type,
    insutype: form.insutype,
    at,
    source,
  });
  const lines = form.lines.map((line, index) => ({
    ...line,
    feedetl_sn: String(index + 1),
    chrg_bchno: BATCH,
    fee_ocur_time: `${date} 00:00:00`,
    medins_list_codg: line.med_list_codg,
  }));
  await keepLines({ db, now }, source, row, context, lines, 'lines');
  // the agency of the insured area owes it, to the person
  const agency = {
    fixmedins_code: enrolment.insuplc_admdvs,
    area_code: enrolment.insuplc_admdvs,
    level: institution.level,
  };
  const acting: Acting = { db, now, header, institution: agency };
  const answer = await settle(acting, source, file, row, {
    data: { ...body, medfee_sumamt: form.medfee_sumamt, acct_used_flag: '0' },
    at,
    medType: form.med_type,
    batch: '',
    date,
    isMidStay: false,
    isTrial: false,
    clearingWay: BY_ITEM,
    about: { pay_loc: PAY_LOC, invoice_code: form.invoice_code },
  });
  const setlId = String((answer.setlinfo as Record<string, unknown>).setl_id);
  await sql`INSERT INTO manual_invoice (setl_id, mdtrt_id, invoice_code, invoice_number)
    VALUES (${setlId}, ${row.mdtrt_id}, ${form.invoice_code}, ${form.invoice_number})`.execute(db);
  return { setlId, answer };
}

/** What the settlement would be today; nothing of it is kept. */
export async function tryReimbursement(
  act: Omit<Act, 'key'>,
  source: BenefitSource,
  form: Reimbursement,
): Promise<Record<string, unknown>> {
  await sql`SAVEPOINT reimbursement`.execute(act.db);
  const { answer } = await settleReimbursement({ ...act, key: newNumber(act.now) }, source, form);
  await sql`ROLLBACK TO SAVEPOINT reimbursement`.execute(act.db);
  return answer;
}

/** The settlement that was made under a key. @throws Refusal where there is none */
export async function findReimbursed(db: StoreTransaction, key: string): Promise<string> {
  const { rows } = await sql<{ setl_id: string }>`SELECT setl_id FROM settlement
    WHERE infno = ${INFNO} AND msgid = ${key} AND sign = 1`.execute(db);
  if (rows[0] === undefined) throw refuse('没有这次结算', 'there is no such settlement', { value: key });
  return rows[0].setl_id;
}

/** Undoes the settlement of an invoice, which may be settled again then. @throws Refusal while later settlements stand */
export async function undoReimbursement({ db, now, key }: Act, setlId: string): Promise<string> {
  const original = await settlementById(db, setlId);
  if (original === undefined) throw refuse('没有这次结算', 'there is no such settlement', { value: setlId });
  const file = await lockedPerson(db, original.psn_no);
  const answer = await reverse(
    { db, now, header: { infno: INFNO, msgid: `${key} undo` } },
    file,
    original,
    'invoice',
  );
  const undoneBy = String((answer.setlinfo as Record<string, unknown>).setl_id);
  await sql`UPDATE manual_invoice SET undone_by = ${undoneBy} WHERE setl_id = ${setlId}`.execute(db);
  await sql`DELETE FROM fee_line WHERE mdtrt_id = ${original.mdtrt_id}`.execute(db);
  await sql`UPDATE visit SET state = 'cancelled' WHERE mdtrt_id = ${original.mdtrt_id}`.execute(db);
  return undoneBy;
}

function kindOf(medType: string, at: string): VisitRow['kind'] {
  try {
    checkMedType(medType, 'outpatient', at);
    return 'outpatient';
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    checkMedType(medType, 'inpatient', at);
    return 'inpatient';
  }
}

/** An invoice is paid once, by the agency or at the window. */
async function refusePaid(db: StoreTransaction, form: Reimbursement, at: string): Promise<void> {
  const { rows } = await sql<{ setl_id: string }>`SELECT setl_id FROM manual_invoice
      WHERE invoice_code = ${form.invoice_code} AND invoice_number = ${form.invoice_number} AND undone_by IS NULL
    UNION ALL
    SELECT setl_id FROM settlement AS s WHERE invono <> '' AND invono = ${form.invoice_number}
      AND coalesce(body ->> 'invoice_code', '') IN ('', ${form.invoice_code}) AND psn_no = ${form.psn_no}
      AND sign = 1 AND NOT EXISTS (SELECT 1 FROM settlement AS r WHERE r.reverses = s.setl_id)
    LIMIT 1`.execute(db);
  const [paid] = rows;
  if (paid === undefined) return;
  throw refuse(`该发票已结算（${paid.setl_id}）`, `the invoice was settled already (${paid.setl_id})`, {
    node: at,
    field: 'invoice_number',
    name: '发票号码',
    value: form.invoice_number,
  });
}
