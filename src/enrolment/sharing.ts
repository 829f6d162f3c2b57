import { sql } from 'kysely';
import { type BenefitPolicy, cellOf } from '#benefits/index.ts';
import type { Store } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { FAMILY_AREAS, FAMILY_RELATIONS } from '#policy/titles.ts';
import { enrolmentErrors } from './errors.ts';
import { isHeldOn, lockPerson, type PersonFile, readPersonFile } from './person-file.ts';
import { BASIC_SCHEMES, EMPLOYEES } from './schemes.ts';

export type FamilyRelation = keyof typeof FAMILY_RELATIONS;

export type SharingWanted = {
  /** whose account it is, and who may use it */
  readonly ownerPsnNo: string;
  readonly userPsnNo: string;
  /** what the user is to the owner */
  readonly relation: FamilyRelation;
  readonly begndate: string;
  readonly enddate: string | null;
};
/** How many digits of two administrative divisions are the same. */
const DIGITS_OF = { anywhere: 0, 'same-province': 2, 'same-area': 4 } as const satisfies Readonly<
  Record<keyof typeof FAMILY_AREAS, number>
>;
type By = { readonly login: string; readonly today: string; readonly now: Temporal.Instant };

/** Who has a certificate and the name with it: one alone tells nobody whether the other is right. */
export async function findMember(
  store: Store,
  { name, certno }: { readonly name: string; readonly certno: string },
): Promise<string> {
  const { rows } = await sql<{ psn_no: string }>`SELECT coalesce(p.merged_into, p.psn_no) AS psn_no
    FROM person_certificate AS c JOIN person AS p ON p.psn_no = c.psn_no
    WHERE c.certno = upper(${certno}) AND plain_name(p.name) = plain_name(${name}) LIMIT 1`.execute(store);
  if (rows[0] === undefined)
    throw new YibaoError({ definition: enrolmentErrors.noSuchMember, field: 'certno' });
  return rows[0].psn_no;
}

/**
 * Lets a member of the family use an employee's account from a day on; settlements of that day and later see it.
 * @throws YibaoError enrolment.no-sharing with the reason why not
 */
export async function shareAccount(
  db: Store,
  wanted: SharingWanted,
  policyOf: (areaCode: string, date: string) => BenefitPolicy,
  { login, today, now }: By,
): Promise<number> {
  const { relation, begndate, enddate } = wanted;
  const refuse = (field: string, value: string, zh: string, en: string) =>
    new YibaoError({ definition: enrolmentErrors.noSharing, field, value, parameters: { zh, en } });
  // in one order, so that two who share with one another do not wait for each other
  for (const psnNo of [wanted.ownerPsnNo, wanted.userPsnNo].toSorted()) await lockPerson(db, psnNo);
  const owner = await fileOf(db, wanted.ownerPsnNo);
  const user = await fileOf(db, wanted.userPsnNo);
  if (owner.psn_no === user.psn_no) {
    throw refuse('certno', '', '不能与本人共济', 'an account is not shared with its owner');
  }
  if (begndate < today) throw refuse('begndate', begndate, `不早于 ${today}`, `no earlier than ${today}`);
  if (enddate !== null && enddate < begndate) {
    throw refuse('enddate', enddate, `不早于 ${begndate}`, `no earlier than ${begndate}`);
  }
  const span = basicSpan(owner, begndate);
  if (span?.insutype !== EMPLOYEES) {
    throw refuse(
      'begndate',
      begndate,
      '账户所有人当日不在职工医保',
      'the owner of the account is not in the employees’ scheme on the day',
    );
  }
  const spanOfUser = basicSpan(user, begndate);
  if (spanOfUser === undefined) {
    throw refuse(
      'begndate',
      begndate,
      '家庭成员当日没有参加基本医保',
      'the member of the family is not insured on the day',
    );
  }
  const policy = policyOf(span.insuplc_admdvs, begndate);
  const context = { scheme: 'employee' } as const;
  const allowed =
    cellOf(policy, 'account.family', context).text === 'yes'
      ? cellOf(policy, 'account.family_relations', context).names
      : [];
  if (!allowed.includes(relation)) {
    const words = (language: 'zh' | 'en') =>
      allowed.map((name) => FAMILY_RELATIONS[name as FamilyRelation][language]);
    throw refuse(
      'relation',
      relation,
      `当地可共济的是：${words('zh').join('、') || '无'}`,
      `the account is shared with: ${words('en').join(', ') || 'nobody'}`,
    );
  }
  const within = cellOf(policy, 'account.family_area', context).text as keyof typeof FAMILY_AREAS;
  const [home, area] = [span.insuplc_admdvs, spanOfUser.insuplc_admdvs];
  if (home.slice(0, DIGITS_OF[within]) !== area.slice(0, DIGITS_OF[within])) {
    const { zh, en } = FAMILY_AREAS[within];
    throw refuse(
      'insuplc_admdvs',
      area,
      `账户所有人在 ${home} 参保，家庭成员须在${zh}参保，而在 ${area} 参保`,
      `its owner is insured in ${home}, the member of the family has to be insured ${en} and is in ${area}`,
    );
  }
  const { rows } = await sql<{ begndate: string }>`SELECT s.begndate FROM (${SHARINGS}) AS s
    WHERE s.owner = ${owner.psn_no} AND s."user" = ${user.psn_no} AND s.begndate <= coalesce(${enddate}::date, 'infinity')
      AND coalesce(s.enddate, 'infinity') >= greatest(${begndate}::date, s.begndate)
    LIMIT 1`.execute(db);
  if (rows[0] !== undefined) {
    throw refuse(
      'begndate',
      begndate,
      `两人已从 ${rows[0].begndate} 起共济`,
      `the two share from ${rows[0].begndate} already`,
    );
  }
  await sql`INSERT INTO personal_account (psn_no) VALUES (${owner.psn_no}) ON CONFLICT DO NOTHING`.execute(
    db,
  );
  const made = await sql<{ sharing_id: number }>`INSERT INTO account_sharing
      (owner_psn_no, user_psn_no, relation, begndate, enddate, made_by, made_at)
    VALUES (${owner.psn_no}, ${user.psn_no}, ${relation}, ${begndate}, ${enddate}, ${login}, ${now.toString()})
    RETURNING sharing_id`.execute(db);
  return made.rows[0]!.sharing_id;
}

/**
 * Ends a sharing after a day; what was settled until then stands, so the day is today or later. One that has not begun by then never does.
 * @param psnNo only a sharing of this person, as owner or as user
 */
export async function endSharing(
  db: Store,
  {
    sharingId,
    lastDay,
    reason,
  }: { readonly sharingId: number; readonly lastDay: string; readonly reason: string },
  { login, today, now }: By,
  psnNo?: string,
): Promise<void> {
  const { rows } =
    await sql`UPDATE account_sharing AS a SET enddate = greatest(${lastDay}::date, ${today}::date), ended_by = ${login},
      ended_at = ${now.toString()}, end_reason = ${reason}
    FROM (${SHARINGS}) AS s, (${SHARINGS}) AS o
    WHERE s.sharing_id = ${sharingId} AND (${psnNo ?? null}::text IS NULL OR ${psnNo ?? null} IN (s.owner, s."user"))
      AND (s.enddate IS NULL OR s.enddate > ${today}::date)
      -- of two files that were merged both may have shared with the same person
      AND (o.owner, o."user") = (s.owner, s."user") AND a.sharing_id = o.sharing_id
      AND (o.enddate IS NULL OR o.enddate > greatest(${lastDay}::date, ${today}::date))
    RETURNING a.sharing_id`.execute(db);
  if (rows.length === 0) {
    throw new YibaoError({ definition: enrolmentErrors.noSuchSharing, value: String(sharingId) });
  }
}

/** Sharings under the numbers that go on. */
const SHARINGS = sql`SELECT a.sharing_id, coalesce(p.merged_into, p.psn_no) AS owner, coalesce(q.merged_into, q.psn_no) AS "user",
    a.begndate, a.enddate
  FROM account_sharing AS a JOIN person AS p ON p.psn_no = a.owner_psn_no JOIN person AS q ON q.psn_no = a.user_psn_no`;

async function fileOf(db: Store, psnNo: string): Promise<PersonFile> {
  const file = await readPersonFile(db, psnNo);
  if (file === undefined) throw new YibaoError({ definition: enrolmentErrors.noSuchPerson, value: psnNo });
  return file;
}

const basicSpan = ({ enrolments, death_date }: PersonFile, date: string) =>
  death_date !== null && death_date < date
    ? undefined
    : enrolments.find(
        (span) => BASIC_SCHEMES.includes(span.insutype) && span.psn_insu_stas === '1' && isHeldOn(span, date),
      );
