import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Store } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { enrolmentErrors } from './errors.ts';
import { lockPerson } from './person-file.ts';
import { CARRIED_KINDS } from './titles.ts';

/** What two files say of a person, and how it is called. */
export const COMPARED_FIELDS = {
  name: { zh: '姓名', en: 'Name' },
  gend: { zh: '性别', en: 'Sex' },
  brdy: { zh: '出生日期', en: 'Birth date' },
  death_date: { zh: '死亡日期', en: 'Died on' },
  certno: { zh: '证件号码', en: 'Certificates' },
  tel: { zh: '电话', en: 'Phones' },
  addr: { zh: '住址', en: 'Addresses' },
  spans: { zh: '参保期', en: 'Enrolment' },
  identities: { zh: '救助身份', en: 'Identities' },
  paid_to: { zh: '缴至月份', en: 'Paid to' },
  balance: { zh: '个人账户（元）', en: 'Account (yuan)' },
  last_visit: { zh: '最近就诊', en: 'Last visit' },
} as const;
export type ComparedField = keyof typeof COMPARED_FIELDS;

export type CarriedKind = keyof typeof CARRIED_KINDS;

export type FilesCompared = {
  readonly fields: readonly {
    readonly field: ComparedField;
    readonly from: readonly string[];
    readonly into: readonly string[];
    /** `one`: only one of them says anything */
    readonly difference: 'same' | 'one' | 'differs';
  }[];
  readonly carried: readonly {
    readonly kind: CarriedKind;
    readonly rows: number;
    /** of them those that stay because the other file has the same or one that overlaps */
    readonly stay: number;
  }[];
  readonly balanceFen: number;
  /** of what tells who the two are: who approves a merge approves it of these */
  readonly digest: string;
};

/** What tells who somebody is: where it has changed since, somebody has to look again. */
const WHO: readonly ComparedField[] = ['name', 'gend', 'brdy', 'death_date', 'certno'];

type Values = Readonly<Record<ComparedField, readonly (string | null)[]>>;

/**
 * Two files side by side, as they stand, and what would go over from one to the other.
 * @throws YibaoError enrolment.same-file, enrolment.merged-already
 */
export async function compareFiles(store: Store, from: string, into: string): Promise<FilesCompared> {
  if (from === into) throw new YibaoError({ definition: enrolmentErrors.sameFile, field: 'intoFile' });
  const values = {
    from: await valuesOf(store, from, 'fromFile'),
    into: await valuesOf(store, into, 'intoFile'),
  };
  const listed = (side: 'from' | 'into', field: ComparedField) =>
    values[side][field].filter((value): value is string => value !== null && value !== '');
  const fields = (Object.keys(COMPARED_FIELDS) as ComparedField[]).map((field) => {
    const [one, other] = [listed('from', field), listed('into', field)];
    const isSame = one.length === other.length && one.every((value, index) => value === other[index]);
    return {
      ...{ field, from: one, into: other },
      difference: isSame
        ? ('same' as const)
        : one.length * other.length === 0
          ? ('one' as const)
          : ('differs' as const),
    };
  });
  const { balance_fen: balanceFen, ...counts } = await countsOf(store, from, into);
  return {
    fields,
    carried: (Object.keys(CARRIED_KINDS) as CarriedKind[]).map((kind) => ({
      kind,
      rows: counts[kind]!,
      stay: counts[`${kind}_stay`] ?? 0,
    })),
    balanceFen: balanceFen!,
    digest: createHash('sm3')
      .update(
        JSON.stringify([from, into, ...WHO.map((field) => [listed('from', field), listed('into', field)])]),
      )
      .digest('hex'),
  };
}

/** The same, of two files that nothing else changes until the transaction ends. */
export async function compareLocked(db: Store, from: string, into: string): Promise<FilesCompared> {
  for (const psnNo of [from, into].toSorted()) await lockPerson(db, psnNo);
  return compareFiles(db, from, into);
}

async function valuesOf(store: Store, psnNo: string, field: string): Promise<Values> {
  const { rows } = await sql<
    Values & { merged_into: string | null; file: number }
  >`SELECT p.merged_into, p.file_number AS file,
      ARRAY[p.name] AS name, ARRAY[p.gend] AS gend, ARRAY[p.brdy::text] AS brdy, ARRAY[p.death_date::text] AS death_date,
      ARRAY(SELECT certno FROM person_certificate AS c WHERE c.psn_no = p.psn_no ORDER BY certno) AS certno,
      ARRAY(SELECT value FROM person_contact AS c WHERE c.psn_no = p.psn_no AND kind = 'tel' ORDER BY value) AS tel,
      ARRAY(SELECT value FROM person_contact AS c WHERE c.psn_no = p.psn_no AND kind = 'addr' ORDER BY value) AS addr,
      ARRAY(SELECT concat_ws(' ', insutype, begndate::text || ' – ' || coalesce(enddate::text, ''), insuplc_admdvs, nullif(emp_name, ''))
        FROM enrolment AS e WHERE e.psn_no = p.psn_no ORDER BY begndate, insutype) AS spans,
      ARRAY(SELECT concat_ws(' ', psn_idet_type, begndate::text || ' – ' || coalesce(enddate::text, ''))
        FROM person_identity AS i WHERE i.psn_no = p.psn_no ORDER BY begndate, psn_idet_type) AS identities,
      ARRAY(SELECT insutype || ' ' || paid_to FROM contribution_summary AS s WHERE s.psn_no = p.psn_no ORDER BY insutype) AS paid_to,
      ARRAY(SELECT round(balance_fen / 100.0, 2)::text FROM personal_account AS a WHERE a.psn_no = p.psn_no) AS balance,
      ARRAY(SELECT max(begntime)::text FROM visit AS v WHERE v.psn_no = p.psn_no) AS last_visit
    FROM person AS p WHERE p.psn_no = ${psnNo}`.execute(store);
  const row = rows[0];
  if (row === undefined)
    throw new YibaoError({ definition: enrolmentErrors.noSuchPerson, field, value: psnNo });
  if (row.merged_into !== null) {
    throw new YibaoError({ definition: enrolmentErrors.mergedAlready, field, value: String(row.file) });
  }
  return row;
}

async function countsOf(store: Store, from: string, into: string): Promise<Record<string, number>> {
  const { rows } = await sql<Record<string, number>>`SELECT
      (SELECT count(*) FROM person_certificate WHERE psn_no = ${from})::integer AS certificates,
      (SELECT count(*) FROM enrolment WHERE psn_no = ${from})::integer AS spans,
      (SELECT count(*) FROM enrolment AS e WHERE psn_no = ${from} AND EXISTS (SELECT 1 FROM enrolment AS o
        WHERE o.psn_no = ${into} AND o.insutype = e.insutype
          AND daterange(o.begndate, o.enddate, '[]') && daterange(e.begndate, e.enddate, '[]')))::integer AS spans_stay,
      (SELECT count(*) FROM person_identity WHERE psn_no = ${from})::integer AS identities,
      (SELECT count(*) FROM person_identity AS i WHERE psn_no = ${from} AND EXISTS (SELECT 1 FROM person_identity AS o
        WHERE o.psn_no = ${into} AND (o.psn_idet_type, o.begndate) = (i.psn_idet_type, i.begndate)))::integer AS identities_stay,
      (SELECT count(*) FROM contribution WHERE psn_no = ${from})::integer AS contributions,
      (SELECT count(*) FROM filing WHERE psn_no = ${from})::integer AS filings,
      (SELECT count(*) FROM person_contact WHERE psn_no = ${from})::integer AS contacts,
      (SELECT count(*) FROM person_contact AS c WHERE psn_no = ${from} AND EXISTS (SELECT 1 FROM person_contact AS o
        WHERE o.psn_no = ${into} AND (o.kind, o.value) = (c.kind, c.value)))::integer AS contacts_stay,
      (SELECT count(*) FROM account_sharing WHERE ${from} IN (owner_psn_no, user_psn_no))::integer AS sharings,
      (SELECT count(*) FROM account_sharing WHERE ${from} IN (owner_psn_no, user_psn_no)
        AND ${into} IN (owner_psn_no, user_psn_no))::integer AS sharings_stay,
      (SELECT count(*) FROM accumulator WHERE psn_no = ${from})::integer AS accumulators,
      (SELECT count(*) FROM settlement WHERE psn_no = ${from})::integer AS settlements,
      coalesce((SELECT balance_fen FROM personal_account WHERE psn_no = ${from}), 0) AS balance_fen`.execute(
    store,
  );
  return rows[0]!;
}
