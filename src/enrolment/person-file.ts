import { type RawBuilder, sql } from 'kysely';
import { type Identity, identityOf, type Person, personOf, schemeOf } from '#benefits/index.ts';
import { key, lockEach, readEach } from '#engine/postgres/readings.ts';
import type { Store } from '#engine/postgres/store.ts';
import { BASIC_SCHEMES, MEMBERS } from './schemes.ts';

export type Enrolment = {
  readonly insutype: string;
  readonly psn_type: string;
  /** 0 none, 1 normal, 2 paused, 3 invalid, 4 ended */
  readonly psn_insu_stas: string;
  readonly begndate: string;
  readonly enddate: string | null;
  readonly waiting_until: string | null;
  readonly insuplc_admdvs: string;
  readonly emp_name: string;
  readonly cvlserv_flag: string;
  readonly continuous_years: number | null;
};

/** What holds in a year of a scheme; null: not stated. */
export type ContinuityFact = {
  readonly insutype: string;
  readonly year: number;
  readonly is_stated: number;
  readonly continuous_years: number | null;
  readonly zero_claim_years: number | null;
  readonly earned_before_gap_fen: number | null;
};

/** Everything known of one person. Dates are YYYY-MM-DD. */
export type PersonFile = {
  /** the number that goes on, where the one asked for was merged */
  readonly psn_no: string;
  readonly name: string;
  readonly gend: string;
  readonly naty: string;
  readonly brdy: string | null;
  readonly death_date: string | null;
  readonly certificates: readonly { readonly psn_cert_type: string; readonly certno: string }[];
  /** in the order of their start */
  readonly enrolments: readonly Enrolment[];
  readonly identities: readonly {
    readonly psn_idet_type: string;
    readonly psn_type_lv: string;
    readonly begndate: string;
    readonly enddate: string | null;
    readonly memo: string;
  }[];
  readonly balance_fen: number;
  /** what closings and statements say of years, the later ones going before (docs/domain/enrolment.md#continuity) */
  readonly continuity: readonly ContinuityFact[];
  readonly filings: readonly {
    readonly trt_dcla_detl_sn: string;
    readonly kind: 'transfer' | 'chronic' | 'designated' | 'accident' | 'long-term-care';
    readonly biz_appy_type: string;
    readonly dise_codg: string;
    readonly fixmedins_code: string;
    readonly begndate: string;
    readonly enddate: string | null;
    /** of an assessment of disability; '' otherwise */
    readonly longterm_eval_lv: string;
    readonly nurscare_way: string;
    readonly rels_nurscare_flag: string;
  }[];
};

/**
 * Locks the file of a person until the transaction ends: settlements of one person happen one after another.
 * @returns the number that goes on; undefined for a number nobody has
 */
export async function lockPerson(db: Store, psnNo: string): Promise<string | undefined> {
  const { rows } = await personLock(psnNo).execute(db);
  return rows[0]?.psn_no;
}

/** The number that goes on, as a value within a statement. */
export const numberThatGoesOn = (psnNo: string | RawBuilder<string>) =>
  sql<string>`(SELECT coalesce(merged_into, psn_no) FROM person WHERE psn_no = ${psnNo})`;

export const personLock = (psnNo: string) => sql<{ psn_no: string }>`SELECT psn_no FROM person
    WHERE psn_no = ${numberThatGoesOn(psnNo)} FOR NO KEY UPDATE`;

/** The same for all who ask, by the key `psn_no`. */
export const personLocks = lockEach(
  ['psn_no'],
  sql`SELECT coalesce(merged_into, psn_no) FROM person WHERE psn_no = ${key('psn_no')}`,
  (psnNo) => sql`SELECT FROM person WHERE psn_no = ${psnNo} FOR NO KEY UPDATE`,
);

/** The file of a person by any of the person's numbers. */
export async function readPersonFile(db: Store, psnNo: string): Promise<PersonFile | undefined> {
  const { rows } = await personFile(psnNo).execute(db);
  return rows[0];
}

export const personFile = (
  psnNo: string | RawBuilder<string>,
) => sql<PersonFile>`SELECT p.psn_no, p.name, p.gend, p.naty, p.brdy, p.death_date,
      coalesce((SELECT json_agg(json_build_object('psn_cert_type', psn_cert_type, 'certno', certno)
          ORDER BY is_main DESC, psn_cert_type, certno)
        FROM person_certificate AS c WHERE c.psn_no = p.psn_no), '[]') AS certificates,
      coalesce((SELECT json_agg(row_to_json(e) ORDER BY begndate, insutype)
        FROM enrolment AS e WHERE e.psn_no = p.psn_no), '[]') AS enrolments,
      coalesce((SELECT json_agg(row_to_json(i) ORDER BY begndate, psn_idet_type)
        FROM person_identity AS i WHERE i.psn_no = p.psn_no), '[]') AS identities,
      coalesce((SELECT balance_fen FROM personal_account AS a WHERE a.psn_no = p.psn_no), 0) AS balance_fen,
      coalesce((SELECT json_agg(json_build_object('insutype', insutype, 'year', year, 'is_stated', is_stated,
          'continuous_years', continuous_years, 'zero_claim_years', zero_claim_years,
          'earned_before_gap_fen', earned_before_gap_fen) ORDER BY is_stated, fact_id)
        FROM continuity_in_force AS k WHERE k.psn_no = p.psn_no), '[]') AS continuity,
      coalesce((SELECT json_agg(to_jsonb(f) - 'body' ORDER BY filed_at, trt_dcla_detl_sn)
        FROM filing AS f WHERE f.psn_no = p.psn_no AND withdrawn_at IS NULL), '[]') AS filings
    FROM person AS p WHERE p.psn_no = ${numberThatGoesOn(psnNo)}`;

/** The same for all who ask, by the key `psn_no`. */
export const personFiles = readEach(['psn_no'], personFile(key('psn_no')));

export const isHeldOn = (
  { begndate, enddate }: { readonly begndate: string; readonly enddate: string | null },
  date: string,
): boolean => begndate <= date && (enddate === null || date <= enddate);

export type PersonOn = { readonly person: Person; readonly enrolment: Enrolment };

/**
 * The person as the benefit rules see one on a day under one scheme (insutype); undefined where the person never was in it. The
 * span that holds on the day decides, else the next one (not yet entitled), else the last one (no longer).
 */
export function personOn(file: PersonFile, date: string, insutype: string): PersonOn | undefined {
  const scheme = schemeOf(insutype);
  const spans = file.enrolments.filter((span) => span.insutype === insutype);
  const enrolment =
    spans.find((span) => isHeldOn(span, date)) ??
    spans.find(({ begndate }) => begndate > date) ??
    spans.at(-1);
  if (scheme === undefined || enrolment === undefined) return undefined;
  const isDead = file.death_date !== null && file.death_date < date;
  const members = file.enrolments
    .filter((span) => span.psn_insu_stas === '1' && isHeldOn(span, date))
    .flatMap(({ insutype: type }) => MEMBERS[type] ?? []);
  if (enrolment.cvlserv_flag === '1') members.push('civil-servant');
  const identities = file.identities.flatMap((each): Identity[] => {
    const name = identityOf(each.psn_idet_type);
    return name === undefined ? [] : [{ name, from: each.begndate, to: each.enddate ?? undefined }];
  });
  const person: Person = {
    scheme,
    person: personOf(enrolment.psn_type),
    sex: SEX[file.gend],
    birthDate: file.brdy ?? undefined,
    identities,
    members: [...new Set(members)].toSorted(),
    status: isDead ? 'ended' : STATUS[enrolment.psn_insu_stas],
    entitledFrom: enrolment.begndate,
    entitledTo: enrolment.enddate ?? undefined,
    waitingUntil: enrolment.waiting_until ?? undefined,
    ...continuityOn(file, enrolment, date),
  };
  return { person, enrolment };
}

/**
 * What is stated of the year of the day goes first; else years of enrolment are the most that the span and the closing of the year
 * before say, or, where neither says anything, the years with a span up to this one; the rest is what the closing left.
 */
function continuityOn(file: PersonFile, { insutype, continuous_years }: Enrolment, date: string) {
  const year = Number(date.slice(0, 4));
  const facts = file.continuity.filter((fact) => fact.insutype === insutype && fact.year === year);
  const latest = (
    field: 'continuous_years' | 'zero_claim_years' | 'earned_before_gap_fen',
    of: readonly ContinuityFact[] = facts,
  ) => of.findLast((fact) => fact[field] !== null)?.[field] ?? undefined;
  const stated = latest(
    'continuous_years',
    facts.filter(({ is_stated }) => is_stated === 1),
  );
  const closed = latest(
    'continuous_years',
    facts.filter(({ is_stated }) => is_stated === 0),
  );
  const counted = [closed, continuous_years ?? undefined].filter((years) => years !== undefined);
  return {
    enrolledYears: stated ?? (counted.length > 0 ? Math.max(...counted) : yearsInARow(file, year)),
    zeroClaimYears: latest('zero_claim_years'),
    earnedBeforeGapFen: latest('earned_before_gap_fen'),
  };
}

/** Calendar years up to this one with a span of basic insurance, without one left out. */
function yearsInARow({ enrolments }: PersonFile, year: number): number | undefined {
  const spans = enrolments.filter(({ insutype }) => BASIC_SCHEMES.includes(insutype));
  const isCovered = (each: number) =>
    spans.some((span) => span.begndate <= `${each}-12-31` && (span.enddate ?? '9999') >= `${each}-01-01`);
  let years = 0;
  while (isCovered(year - years)) years += 1;
  return years === 0 ? undefined : years;
}

const SEX: Readonly<Record<string, string>> = { '1': 'male', '2': 'female' };
const STATUS: Readonly<Record<string, 'normal' | 'paused' | 'ended'>> = {
  '0': 'ended',
  '1': 'normal',
  '2': 'paused',
  '3': 'ended',
  '4': 'ended',
};
