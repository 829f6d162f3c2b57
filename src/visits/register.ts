import { sql } from 'kysely';
import { careOf, cellOf, codesOfArea } from '#benefits/index.ts';
import type { StoreTransaction } from '#engine/postgres/store.ts';
import { newNumber, type PersonFile, personOn } from '#enrolment/index.ts';
import { type Call, type Handler, refuse, type Transactions } from '#interface/index.ts';
import type { BenefitSource } from './benefit-source.ts';
import { insuredOn } from './persons.ts';
import { dayOf, type Fields, node, rowsOf, text, timeOf } from './values.ts';
import { aboutPerson, aboutVisit, settlementsOfVisit, type VisitRow } from './visits.ts';

/** Who acts by what message, and when: as much of a call as visits and settlements need. */
export type Acting = {
  readonly db: StoreTransaction;
  readonly now: Temporal.Instant;
  readonly header: Pick<Call['header'], 'infno' | 'msgid'>;
  readonly institution: Pick<Call['institution'], 'fixmedins_code' | 'area_code' | 'level'>;
  /** takes what may be written with the end of the transaction; without it, everything is written at once */
  readonly atEnd?: Call['atEnd'];
};

/** For a handler that goes on with what it writes: everything is written at once, nothing is left for the end. */
export const writingAtOnce = ({ atEnd: _, ...call }: Call): Omit<Call, 'atEnd'> => call;

export type NewVisit = {
  readonly kind: VisitRow['kind'];
  readonly insutype: string;
  readonly medType: string;
  readonly number: string;
  readonly begntime: string;
  readonly disease: string;
  readonly body: Fields;
};

/** A visit that begins, for `writeVisits`. */
export function newVisit(
  { header, institution, now }: Omit<Acting, 'db'>,
  person: PersonFile,
  visit: NewVisit,
): MadeVisit {
  const row: VisitRow = {
    mdtrt_id: newNumber(now),
    psn_no: person.psn_no,
    fixmedins_code: institution.fixmedins_code,
    area_code: institution.area_code,
    level: institution.level,
    insutype: visit.insutype,
    kind: visit.kind,
    med_type: visit.medType,
    ipt_otp_no: visit.number,
    dise_codg: visit.disease,
    begntime: visit.begntime,
    endtime: null,
    state: 'open',
    body: visit.body,
  };
  return { ...row, infno: header.infno, msgid: header.msgid, made_at: now.toString() };
}

type MadeVisit = VisitRow & { readonly infno: string; readonly msgid: string; readonly made_at: string };

/** Keeps visits that begin; without a row for one where the institution has one of its number already. */
export const writeVisits = (visits: readonly MadeVisit[]) =>
  sql`INSERT INTO visit (mdtrt_id, psn_no, fixmedins_code, area_code, level, insutype, kind, med_type, ipt_otp_no, dise_codg,
      begntime, infno, msgid, body, made_at)
    VALUES ${sql.join(
      visits.map(
        (
          row,
        ) => sql`(${row.mdtrt_id}, ${row.psn_no}, ${row.fixmedins_code}, ${row.area_code}, ${row.level}, ${row.insutype},
          ${row.kind}, ${row.med_type}, ${row.ipt_otp_no}, ${row.dise_codg}, ${row.begntime}, ${row.infno}, ${row.msgid},
          ${JSON.stringify(row.body)}, ${row.made_at})`,
      ),
    )} ON CONFLICT DO NOTHING RETURNING mdtrt_id`;

/** Makes a visit. @throws Refusal for a number of the institution that a visit already has */
export async function addVisit(
  acting: Acting,
  person: PersonFile,
  visit: NewVisit & { readonly at: string },
): Promise<VisitRow> {
  const row = newVisit(acting, person, visit);
  const { rows } = await writeVisits([row]).execute(acting.db);
  if (rows.length === 0) {
    throw refuse('本机构已有该号的就诊', 'the institution has a visit of this number', {
      node: visit.at,
      field: visit.kind === 'inpatient' ? 'ipt_no' : 'ipt_otp_no',
      name: '住院/门诊号',
      value: visit.number,
    });
  }
  return row;
}

/** The diagnoses take the place of those of the same time; vali_flag 0 takes one out. */
export async function keepDiagnoses(
  db: StoreTransaction,
  mdtrtId: string,
  time: '1' | '2',
  rows: readonly Fields[],
): Promise<void> {
  for (const row of rows) {
    const [type, number] = [text(row, 'diag_type'), text(row, 'diag_srt_no')];
    if (text(row, 'vali_flag') === '0') {
      await sql`DELETE FROM visit_diagnosis WHERE mdtrt_id = ${mdtrtId} AND inout_diag_type = ${time}
        AND diag_type = ${type} AND diag_srt_no = ${number}`.execute(db);
      continue;
    }
    await sql`INSERT INTO visit_diagnosis (mdtrt_id, inout_diag_type, diag_type, diag_srt_no, body)
      VALUES (${mdtrtId}, ${time}, ${type}, ${number}, ${JSON.stringify(row)}::jsonb)
      ON CONFLICT (mdtrt_id, inout_diag_type, diag_type, diag_srt_no) DO UPDATE SET body = EXCLUDED.body`.execute(
      db,
    );
  }
}

/** What the policy of the insured area says of a code that does not mean the same everywhere. */
export const careInArea =
  (source: BenefitSource, areaCode: string, date: string) =>
  (medType: string): string | undefined =>
    codesOfArea(cellOf(source.policyOf(areaCode, date), 'interface.med_types', {}).text)[medType];

/** The same for a person on a day: of the insurance that holds then. */
const careOfPerson = (source: BenefitSource, person: PersonFile, date: string, insutype: string) => {
  const enrolment = personOn(person, date, insutype)?.enrolment;
  return enrolment && careInArea(source, enrolment.insuplc_admdvs, date);
};

/** @throws Refusal for a medical type that is no care this kind of visit can have */
export function checkMedType(
  medType: string,
  kind: VisitRow['kind'],
  at: string,
  careOfArea: (medType: string) => string | undefined = () => undefined,
): string {
  const care = careOf(medType) ?? careOfArea(medType);
  const place = { node: at, field: 'med_type', name: '医疗类别', value: medType };
  if (care === undefined) throw refuse('不支持该医疗类别', 'this medical type is not supported', place);
  // it is given in a bed or at home
  if (care === 'long-term-care') return care;
  const isStay = ['inpatient', 'day-surgery', 'maternity-inpatient', 'home-bed'].includes(care);
  if (isStay !== (kind === 'inpatient')) {
    throw refuse(
      isStay ? '该医疗类别须用住院交易' : '该医疗类别不是住院',
      isStay ? 'this medical type is a stay' : 'this medical type is no stay',
      place,
    );
  }
  return care;
}

const refuseSettled = async (db: StoreTransaction, mdtrtId: string, at: string) => {
  const settled = await settlementsOfVisit(db, mdtrtId);
  if (settled.length > 0) {
    throw refuse(
      `已结算（${settled.join('、')}），先撤销结算`,
      `settled (${settled.join(', ')}): undo that first`,
      {
        node: at,
        field: 'mdtrt_id',
        value: mdtrtId,
      },
    );
  }
};

type Said = (input: Fields) => Fields;
const [data, mdtrtinfo, dscginfo, adminfo] = ['data', 'mdtrtinfo', 'dscginfo', 'adminfo'].map(
  (name) => (input: Fields) => node(input, name),
) as [Said, Said, Said, Said];

const cancelVisit = (kind: VisitRow['kind']): Handler =>
  aboutVisit('data', data, kind, async ({ db }, _, visit) => {
    await cancel(db, visit.mdtrt_id);
    return {};
  });

/** @throws Refusal while something is settled */
export async function cancel(db: StoreTransaction, mdtrtId: string): Promise<void> {
  await refuseSettled(db, mdtrtId, 'data');
  await sql`DELETE FROM fee_line WHERE mdtrt_id = ${mdtrtId}`.execute(db);
  await sql`UPDATE visit SET state = 'cancelled' WHERE mdtrt_id = ${mdtrtId}`.execute(db);
}

/** 2201 to 2203 and 2401 to 2405: a visit begins, is described, ends, and is taken back. Source: interface.md §1.7. */
export const registerTransactions = (source: BenefitSource): Transactions => ({
  '2201': aboutPerson('data', data, async (call, said, person) => {
    const insutype = text(said, 'insutype');
    insuredOn(person, dayOf(said, 'begntime'), insutype);
    const { mdtrt_id } = await addVisit(call, person, {
      kind: 'outpatient',
      insutype,
      medType: '',
      number: text(said, 'ipt_otp_no'),
      begntime: timeOf(said, 'begntime'),
      disease: '',
      body: said,
      at: 'data',
    });
    return {
      data: { mdtrt_id, psn_no: text(said, 'psn_no'), ipt_otp_no: text(said, 'ipt_otp_no'), exp_content: '' },
    };
  }),

  '2202': cancelVisit('outpatient'),

  '2203': aboutVisit('mdtrtinfo', mdtrtinfo, 'outpatient', async ({ db, input }, info, visit, person) => {
    const at = 'mdtrtinfo';
    const medType = text(info, 'med_type');
    checkMedType(
      medType,
      'outpatient',
      at,
      careOfPerson(source, person, dayOf(info, 'begntime'), visit.insutype),
    );
    if (visit.med_type !== '' && visit.med_type !== medType) await refuseSettled(db, visit.mdtrt_id, at);
    await sql`UPDATE visit SET med_type = ${medType}, dise_codg = ${text(info, 'dise_codg')},
        begntime = ${timeOf(info, 'begntime')}, body = body || ${JSON.stringify(info)}::jsonb
      WHERE mdtrt_id = ${visit.mdtrt_id}`.execute(db);
    await keepDiagnoses(db, visit.mdtrt_id, '1', rowsOf(input, 'diseinfo'));
    return {};
  }),

  '2401': aboutPerson('mdtrtinfo', mdtrtinfo, async (call, info, person) => {
    const at = 'mdtrtinfo';
    const insutype = text(info, 'insutype');
    insuredOn(person, dayOf(info, 'begntime'), insutype, at);
    const medType = text(info, 'med_type');
    checkMedType(medType, 'inpatient', at, careOfPerson(source, person, dayOf(info, 'begntime'), insutype));
    await refuseOpenStay(call.db, person, at);
    const { mdtrt_id } = await addVisit(call, person, {
      kind: 'inpatient',
      insutype,
      medType,
      number: text(info, 'ipt_no'),
      begntime: timeOf(info, 'begntime'),
      disease: text(info, 'dise_codg'),
      body: info,
      at,
    });
    await keepDiagnoses(call.db, mdtrt_id, '1', rowsOf(call.input, 'diseinfo'));
    return { result: { mdtrt_id, exp_content: '' } };
  }),

  '2402': aboutVisit('dscginfo', dscginfo, 'inpatient', async ({ db, input }, info, visit) => {
    const at = 'dscginfo';
    const endtime = timeOf(info, 'endtime');
    if (endtime < visit.begntime) {
      throw refuse('出院早于入院', 'the discharge is before the admission', {
        node: at,
        field: 'endtime',
        value: endtime,
      });
    }
    await sql`UPDATE visit SET state = 'discharged', endtime = ${endtime},
        dise_codg = CASE WHEN ${text(info, 'dise_codg')} = '' THEN dise_codg ELSE ${text(info, 'dise_codg')} END,
        body = body || ${JSON.stringify(info)}::jsonb
      WHERE mdtrt_id = ${visit.mdtrt_id}`.execute(db);
    await keepDiagnoses(db, visit.mdtrt_id, '2', rowsOf(input, 'diseinfo'));
    return {};
  }),

  '2403': aboutVisit('adminfo', adminfo, 'inpatient', async ({ db, input }, info, visit, person) => {
    const at = 'adminfo';
    const medType = text(info, 'med_type');
    checkMedType(
      medType,
      'inpatient',
      at,
      careOfPerson(source, person, dayOf(info, 'begntime'), visit.insutype),
    );
    if (medType !== visit.med_type || timeOf(info, 'begntime') !== visit.begntime) {
      await refuseSettled(db, visit.mdtrt_id, at);
    }
    await sql`UPDATE visit SET med_type = ${medType}, begntime = ${timeOf(info, 'begntime')},
        dise_codg = ${text(info, 'dise_codg')}, body = body || ${JSON.stringify(info)}::jsonb
      WHERE mdtrt_id = ${visit.mdtrt_id}`.execute(db);
    await keepDiagnoses(db, visit.mdtrt_id, '1', rowsOf(input, 'diseinfo'));
    return {};
  }),

  '2404': cancelVisit('inpatient'),

  '2405': aboutVisit('data', data, 'inpatient', async ({ db }, _, visit) => {
    if (visit.state !== 'discharged') {
      throw refuse('没有办理出院', 'there is no discharge', {
        node: 'data',
        field: 'mdtrt_id',
        value: visit.mdtrt_id,
      });
    }
    await refuseFinal(db, visit.mdtrt_id);
    await sql`UPDATE visit SET state = 'open', endtime = NULL WHERE mdtrt_id = ${visit.mdtrt_id}`.execute(db);
    return {};
  }),
});

/** A person lies in one bed. */
async function refuseOpenStay(db: StoreTransaction, person: PersonFile, at: string): Promise<void> {
  const { rows } = await sql<{
    mdtrt_id: string;
    fixmedins_code: string;
  }>`SELECT mdtrt_id, fixmedins_code FROM visit
    WHERE psn_no = ${person.psn_no} AND kind = 'inpatient' AND state = 'open' LIMIT 1`.execute(db);
  const [open] = rows;
  if (open === undefined) return;
  throw refuse(
    `该人员在${open.fixmedins_code}住院未出院（${open.mdtrt_id}）`,
    `the person is in ${open.fixmedins_code} already (${open.mdtrt_id})`,
    { node: at, field: 'psn_no', value: person.psn_no },
  );
}

/** A discharge can be taken back while only settlements in the middle of the stay were made. */
async function refuseFinal(db: StoreTransaction, mdtrtId: string): Promise<void> {
  const { rows } = await sql<{ setl_id: string }>`SELECT setl_id FROM settlement AS s
    WHERE mdtrt_id = ${mdtrtId} AND sign = 1 AND NOT is_mid_stay
      AND NOT EXISTS (SELECT 1 FROM settlement AS r WHERE r.reverses = s.setl_id)`.execute(db);
  if (rows.length > 0) await refuseSettled(db, mdtrtId, 'data');
}
