import { sql } from 'kysely';
import {
  type BenefitPolicy,
  cellOf,
  type RetirementGround,
  type RetirementYears,
  retirementAge,
  retirementYears,
} from '#benefits/index.ts';
import type { Store } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { yuanText } from '#kernel/money.ts';
import { enrolmentErrors } from '../errors.ts';
import { lockPerson } from '../person-file.ts';
import { EMPLOYEES, RESIDENTS } from '../schemes.ts';

export type RetirementWanted = {
  readonly psnNo: string;
  /** the day from which the person is retired */
  readonly retiresOn: string;
  /** the month's wage that missing years are paid up on */
  readonly wageFen: number;
  /** what the decision rests on, such as the notice of retirement */
  readonly document: string;
  /** why the person may retire; by age, where it is not said */
  readonly ground?: RetirementGround | undefined;
  /** a post in management, whose age the policy may set apart */
  readonly isManager?: boolean | undefined;
  /** the payment that made up missing years */
  readonly payUp?: { readonly receipt: string; readonly paidOn: string; readonly fen: number } | undefined;
};

export type RetirementFound = RetirementWanted &
  RetirementYears & {
    readonly ageMonths: number;
    readonly statutoryMonths: number;
    readonly neededYears: number;
    readonly actualMonths: number;
    readonly deemedMonths: number;
    readonly localMonths: number;
    /** paid as a resident, in months that are none of these */
    readonly residentMonths: number;
    readonly paidTo: string | null;
    readonly areaCode: string;
  };

type PolicyOf = (areaCode: string, date: string) => BenefitPolicy;
const SEX: Readonly<Record<string, string>> = { '1': 'male', '2': 'female' };

/**
 * The years of an employee who retires, counted from the file against what the policy of the day needs: all there, or paid up.
 * @throws YibaoError enrolment.too-young, .ground-unknown, .birth-missing; enrolment.years-missing with what to pay up;
 *   enrolment.pay-up-differs
 */
export async function findRetirement(
  store: Store,
  wanted: RetirementWanted,
  policyOf: PolicyOf,
): Promise<RetirementFound> {
  const found = await countRetirement(store, wanted, policyOf);
  const { psnNo, payUp, countedYears, payUpFen } = found;
  const missing = Math.max(found.missingYears, found.missingLocalYears);
  const amount = yuanText(BigInt(payUpFen));
  if (missing > 0 && payUp === undefined) {
    throw new YibaoError({
      ...{ definition: enrolmentErrors.yearsMissing, field: 'file', value: psnNo },
      parameters: { counted: String(countedYears), missing: String(missing), amount },
    });
  }
  if (payUp !== undefined && payUp.fen !== payUpFen) {
    throw new YibaoError({
      definition: enrolmentErrors.payUpDiffers,
      field: 'payUp',
      value: yuanText(BigInt(payUp.fen)),
      parameters: { amount },
    });
  }
  return found;
}

/** Months person p paid for as a resident and none of employees' insurance covers. */
const RESIDENT_MONTHS = sql`SELECT count(DISTINCT m.month)::integer FROM contribution_kept AS c
    JOIN person AS q ON q.psn_no = c.psn_no CROSS JOIN LATERAL generate_series(to_date(c.month_from, 'YYYYMM')::timestamp,
      to_date(c.month_to, 'YYYYMM')::timestamp, interval '1 month') AS m (month)
  WHERE coalesce(q.merged_into, q.psn_no) = p.psn_no AND c.insutype = ${RESIDENTS} AND c.kind <> 'deemed'
    AND NOT EXISTS (SELECT 1 FROM contribution_kept AS o JOIN person AS r ON r.psn_no = o.psn_no
      WHERE coalesce(r.merged_into, r.psn_no) = p.psn_no AND o.insutype = ${EMPLOYEES}
        AND to_char(m.month, 'YYYYMM') BETWEEN o.month_from AND o.month_to)`;

/** The same count, whether or not the years are enough yet; the age has to be. */
export async function countRetirement(
  store: Store,
  wanted: RetirementWanted,
  policyOf: PolicyOf,
): Promise<RetirementFound> {
  const { psnNo, retiresOn, wageFen } = wanted;
  const { rows } = await sql<{
    gend: string;
    brdy: string | null;
    insuplc_admdvs: string | null;
    months: number;
    deemed_months: number;
    local_months: number;
    resident_months: number;
    paid_to: string | null;
    is_retired: boolean;
    later_span: string | null;
  }>`SELECT p.gend, p.brdy, e.insuplc_admdvs, coalesce(s.months, 0) AS months, coalesce(s.deemed_months, 0) AS deemed_months,
      coalesce(s.local_months, 0) AS local_months, s.paid_to, (${RESIDENT_MONTHS}) AS resident_months,
      EXISTS (SELECT 1 FROM retirement AS r WHERE r.psn_no = p.psn_no) AS is_retired,
      (SELECT max(l.begndate) FROM enrolment AS l WHERE l.psn_no = p.psn_no AND l.insutype = ${EMPLOYEES}
        AND l.begndate > ${retiresOn}::date) AS later_span
    FROM person AS p LEFT JOIN contribution_summary AS s ON s.psn_no = p.psn_no AND s.insutype = ${EMPLOYEES}
    LEFT JOIN LATERAL (SELECT insuplc_admdvs FROM enrolment AS e WHERE e.psn_no = p.psn_no AND e.insutype = ${EMPLOYEES}
      ORDER BY begndate DESC LIMIT 1) AS e ON true
    WHERE p.psn_no = ${psnNo}`.execute(store);
  const row = rows[0];
  const about = { field: 'file', value: psnNo };
  if (row === undefined || row.insuplc_admdvs === null || SEX[row.gend] === undefined) {
    throw new YibaoError({ ...about, definition: enrolmentErrors.noEmployee });
  }
  if (row.is_retired) throw new YibaoError({ ...about, definition: enrolmentErrors.retiredAlready });
  if (row.later_span !== null) {
    throw new YibaoError({
      definition: enrolmentErrors.spanLater,
      field: 'retiresOn',
      value: retiresOn,
      parameters: { begins: row.later_span },
    });
  }
  const policy = policyOf(row.insuplc_admdvs, retiresOn);
  const context = { scheme: 'employee', person: 'retired', sex: SEX[row.gend]! };
  const age = checkAge(policy, wanted, row.brdy, SEX[row.gend]!);
  const facts = {
    actualMonths: row.months - row.deemed_months,
    deemedMonths: row.deemed_months,
    localMonths: row.local_months,
    residentMonths: row.resident_months,
  };
  const years = retirementYears(policy, { ...facts, wageFen }, context);
  const neededYears = cellOf(policy, 'contribution.years_needed', context).number;
  return {
    ...wanted,
    ...years,
    ...age,
    neededYears,
    ...facts,
    paidTo: row.paid_to,
    areaCode: row.insuplc_admdvs,
  };
}

const ageText = (months: number): string =>
  `${Math.floor(months / 12)}岁${months % 12 === 0 ? '' : `${months % 12}个月`}`;

/** The age on the day, and the statutory one; nobody retires before what the policy sets for the ground. */
function checkAge(
  policy: BenefitPolicy,
  { psnNo, retiresOn, ground = 'age', isManager = false }: RetirementWanted,
  birthDate: string | null,
  sex: string,
): { readonly ageMonths: number; readonly statutoryMonths: number } {
  const context = { scheme: 'employee', person: isManager ? 'manager' : 'retired', sex };
  const isChecked = cellOf(policy, 'retirement.age_months', context).number > 0;
  if (birthDate === null) {
    if (!isChecked) return { ageMonths: 0, statutoryMonths: 0 };
    throw new YibaoError({ definition: enrolmentErrors.birthMissing, field: 'file', value: psnNo });
  }
  const age = retirementAge(policy, { birthDate, retiresOn, ground }, context);
  if (!isChecked) return age;
  if (age.neededMonths === undefined) {
    throw new YibaoError({ definition: enrolmentErrors.groundUnknown, field: 'ground', value: ground });
  }
  if (age.ageMonths >= age.neededMonths) return age;
  throw new YibaoError({
    definition: enrolmentErrors.tooYoung,
    field: 'retiresOn',
    value: retiresOn,
    parameters: {
      age: ageText(age.ageMonths),
      needed: ageText(age.neededMonths),
      statutory: ageText(age.statutoryMonths),
      earliest: Temporal.PlainDate.from(birthDate).add({ months: age.neededMonths }).toString(),
    },
  });
}

/**
 * Retires a person as it was approved: what was paid up is booked, the decision is kept with the years counted, and the employees' span
 * goes on as that of a retired person without an end.
 */
export async function retire(
  db: Store,
  found: RetirementFound,
  policyOf: PolicyOf,
  by: { readonly approvalId: string; readonly on: string },
): Promise<void> {
  await lockPerson(db, found.psnNo);
  const now = await findRetirement(db, found, policyOf);
  const isSame = (
    ['countedYears', 'neededYears', 'payUpFen', 'deemedMonths', 'localMonths', 'convertedMonths'] as const
  ).every((field) => now[field] === (found[field] ?? 0)); // one prepared before years were converted says nothing of them
  if (!isSame)
    throw new YibaoError({ definition: enrolmentErrors.factsChanged, field: 'file', value: now.psnNo });
  const { psnNo, retiresOn, payUp } = now;
  if (payUp !== undefined) {
    const months = Math.max(now.missingYears, now.missingLocalYears) * 12;
    await sql`INSERT INTO contribution (psn_no, insutype, paid_on, month_from, month_to, person_fen, receipt, kind)
      SELECT ${psnNo}, ${EMPLOYEES}, ${payUp.paidOn}::date, to_char(first, 'YYYYMM'),
        to_char(first + (${months - 1}::integer * interval '1 month'), 'YYYYMM'), ${payUp.fen}, ${payUp.receipt}, 'pay-up'
      FROM (SELECT CASE WHEN ${now.paidTo}::text IS NULL THEN date_trunc('month', ${retiresOn}::date)
        ELSE to_date(${now.paidTo}::text, 'YYYYMM') + interval '1 month' END AS first) AS t`.execute(db);
  }
  await sql`INSERT INTO retirement (psn_no, retires_on, counted_years, needed_years, actual_months, deemed_months, local_months,
      resident_months, converted_months, pay_up_fen, document, ground, age_months, statutory_months, approval_id, decided_on)
    VALUES (${psnNo}, ${retiresOn}, ${now.countedYears}, ${now.neededYears}, ${now.actualMonths}, ${now.deemedMonths},
      ${now.localMonths}, ${now.residentMonths}, ${now.convertedMonths}, ${payUp?.fen ?? 0}, ${now.document}, ${now.ground ?? 'age'}, ${now.ageMonths}, ${now.statutoryMonths},
      ${by.approvalId}, ${by.on})`.execute(db);
  const { rows } = await sql<{
    emp_name: string;
    cvlserv_flag: string;
    insuplc_admdvs: string;
  }>`SELECT emp_name, cvlserv_flag, insuplc_admdvs FROM enrolment
    WHERE psn_no = ${psnNo} AND insutype = ${EMPLOYEES} ORDER BY begndate DESC LIMIT 1`.execute(db);
  await sql`UPDATE enrolment SET enddate = ${retiresOn}::date - 1 WHERE psn_no = ${psnNo} AND insutype = ${EMPLOYEES}
    AND begndate < ${retiresOn}::date AND (enddate IS NULL OR enddate >= ${retiresOn}::date)`.execute(db);
  await sql`UPDATE enrolment SET psn_type = '12', enddate = NULL, psn_insu_stas = '1' WHERE psn_no = ${psnNo} AND insutype = ${EMPLOYEES}
    AND begndate = ${retiresOn}::date`.execute(db);
  await sql`INSERT INTO enrolment (psn_no, insutype, psn_type, begndate, insuplc_admdvs, emp_name, cvlserv_flag)
    SELECT ${psnNo}, ${EMPLOYEES}, '12', ${retiresOn}::date, ${rows[0]?.insuplc_admdvs ?? now.areaCode}, ${rows[0]?.emp_name ?? ''},
      ${rows[0]?.cvlserv_flag ?? '0'}
    WHERE NOT EXISTS (SELECT 1 FROM enrolment WHERE psn_no = ${psnNo} AND insutype = ${EMPLOYEES} AND begndate = ${retiresOn}::date)`.execute(
    db,
  );
}
