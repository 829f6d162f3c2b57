import { type RawBuilder, sql } from 'kysely';
import { key, lockEach, readEach } from '#engine/postgres/readings.ts';
import type { StoreTransaction } from '#engine/postgres/store.ts';
import { type PersonFile, personFiles, personLocks } from '#enrolment/index.ts';
import { type Call, type Handler, type Institution, opened, refuse } from '#interface/index.ts';
import { onlyPerson } from './persons.ts';
import { type Fields, text } from './values.ts';

export type VisitRow = {
  readonly mdtrt_id: string;
  readonly psn_no: string;
  readonly fixmedins_code: string;
  readonly area_code: string;
  readonly level: string;
  readonly insutype: string;
  readonly kind: 'outpatient' | 'inpatient' | 'pharmacy';
  readonly med_type: string;
  readonly ipt_otp_no: string;
  readonly dise_codg: string;
  /** yyyy-MM-dd HH:mm:ss */
  readonly begntime: string;
  readonly endtime: string | null;
  readonly state: 'open' | 'discharged' | 'cancelled';
  readonly body: Fields;
};

/**
 * A visit of this institution and person, locked until the transaction ends.
 * @throws Refusal when there is none, it is of another institution, person or kind, or was cancelled
 */
export async function visitOf(db: StoreTransaction, mdtrtId: string, wanted: WantedVisit): Promise<VisitRow> {
  const { rows } = await sql<VisitRow>`${visitRow(mdtrtId)} FOR UPDATE OF v`.execute(db);
  return onlyVisit(rows, mdtrtId, wanted);
}

type WantedVisit = {
  readonly institution: Institution;
  readonly person: PersonFile;
  readonly kind?: VisitRow['kind'];
  readonly at?: string;
};

const visitRow = (mdtrtId: string | RawBuilder<string>) =>
  sql<VisitRow>`SELECT v.*, coalesce(p.merged_into, p.psn_no) AS psn_no
    FROM visit AS v JOIN person AS p ON p.psn_no = v.psn_no WHERE v.mdtrt_id = ${mdtrtId}`;

/** The visits of all who ask, by the key `mdtrt_id`, and their locks, which come first. */
export const visitsOfAll = readEach(['mdtrt_id'], visitRow(key('mdtrt_id')));
export const visitLocks = lockEach(
  ['mdtrt_id'],
  sql`SELECT ${key('mdtrt_id')}`,
  (mdtrtId) => sql`SELECT FROM visit WHERE mdtrt_id = ${mdtrtId} FOR UPDATE`,
);

/** @throws Refusal as `visitOf` does */
export function onlyVisit(found: readonly VisitRow[], mdtrtId: string, wanted: WantedVisit): VisitRow {
  const [visit] = found;
  const place = { node: wanted.at ?? 'data', field: 'mdtrt_id', name: '就诊ID', value: mdtrtId };
  if (
    visit === undefined ||
    visit.fixmedins_code !== wanted.institution.fixmedins_code ||
    visit.psn_no !== wanted.person.psn_no
  ) {
    throw refuse('本机构没有该人员的这次就诊', 'this institution has no such visit of the person', place);
  }
  if (wanted.kind !== undefined && visit.kind !== wanted.kind) {
    throw refuse(
      visit.kind === 'inpatient' ? '该就诊是住院，不能用门诊交易' : '该就诊不是住院',
      visit.kind === 'inpatient' ? 'the visit is a stay' : 'the visit is no stay',
      place,
    );
  }
  if (visit.state === 'cancelled') throw refuse('该就诊已撤销', 'the visit was cancelled', place);
  return visit;
}

/** A transaction about a person: the file is read and locked with the claim of the message. `at`: the node that names the person. */
export const aboutPerson = (
  at: string,
  said: (input: Fields) => Fields,
  work: (call: Call, said: Fields, person: PersonFile) => ReturnType<Handler>,
): Handler =>
  opened(
    (calls) => {
      const keys = calls.map(({ input }) => ({ psn_no: text(said(input), 'psn_no') }));
      return [personLocks(keys), personFiles(keys)];
    },
    async (call) => {
      const [, files] = call.opened as [unknown, readonly PersonFile[]];
      const fields = said(call.input);
      return work(call, fields, onlyPerson(files, text(fields, 'psn_no'), at));
    },
  );

/** A transaction about a visit of a person: both are read and locked with the claim of the message. */
export const aboutVisit = (
  at: string,
  said: (input: Fields) => Fields,
  kind: VisitRow['kind'],
  work: (call: Call, said: Fields, visit: VisitRow, person: PersonFile) => ReturnType<Handler>,
): Handler =>
  opened(
    (calls) => {
      const keys = calls.map(({ input }) => {
        const fields = said(input);
        return { psn_no: text(fields, 'psn_no'), mdtrt_id: text(fields, 'mdtrt_id') };
      });
      return [personLocks(keys), visitLocks(keys), personFiles(keys), visitsOfAll(keys)];
    },
    async (call) => {
      const [, , files, visits] = call.opened as [
        unknown,
        unknown,
        readonly PersonFile[],
        readonly VisitRow[],
      ];
      const fields = said(call.input);
      const person = onlyPerson(files, text(fields, 'psn_no'), at);
      const wanted = { institution: call.institution, person, kind, at };
      return work(call, fields, onlyVisit(visits, text(fields, 'mdtrt_id'), wanted), person);
    },
  );

/** The settlements of a visit that were not undone. */
export async function settlementsOfVisit(db: StoreTransaction, mdtrtId: string): Promise<string[]> {
  const { rows } = await sql<{ setl_id: string }>`SELECT setl_id FROM settlement AS s
    WHERE mdtrt_id = ${mdtrtId} AND sign = 1 AND NOT EXISTS (SELECT 1 FROM settlement AS r WHERE r.reverses = s.setl_id)
    ORDER BY year, sequence`.execute(db);
  return rows.map(({ setl_id }) => setl_id);
}
