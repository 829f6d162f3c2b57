import { sql } from 'kysely';
import type { Store } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { enrolmentErrors } from '../errors.ts';
import { lockPerson } from '../person-file.ts';
import { EMPLOYEES } from '../schemes.ts';
import type { DEEMED_GROUNDS } from '../titles.ts';

export type DeemedWanted = {
  readonly psnNo: string;
  readonly monthFrom: string;
  readonly monthTo: string;
  readonly ground: keyof typeof DEEMED_GROUNDS;
  /** the evidence, such as the page of the personal file */
  readonly document: string;
};

export type DeemedFound = DeemedWanted & {
  readonly months: number;
  /** of them those that nothing was paid for */
  readonly newMonths: number;
};

/** @throws YibaoError enrolment.months-paid where every month is counted already */
export async function findDeemed(store: Store, wanted: DeemedWanted): Promise<DeemedFound> {
  const { psnNo, monthFrom, monthTo } = wanted;
  const { rows } = await sql<{ months: number; new_months: number }>`SELECT count(*)::integer AS months,
      count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM contribution_kept AS c JOIN person AS p ON p.psn_no = c.psn_no
        WHERE coalesce(p.merged_into, p.psn_no) = ${psnNo} AND c.insutype = ${EMPLOYEES}
          AND to_char(m.month, 'YYYYMM') BETWEEN c.month_from AND c.month_to))::integer AS new_months
    FROM generate_series(to_date(${monthFrom}, 'YYYYMM')::timestamp, to_date(${monthTo}, 'YYYYMM')::timestamp, interval '1 month')
      AS m (month)`.execute(store);
  const { months, new_months: newMonths } = rows[0]!;
  if (newMonths === 0) {
    throw new YibaoError({
      definition: enrolmentErrors.monthsPaid,
      field: 'monthFrom',
      value: `${monthFrom}-${monthTo}`,
    });
  }
  return { ...wanted, months, newMonths };
}

/** Writes the months down as it was approved: they count, and nothing was paid for them. */
export async function deem(
  db: Store,
  found: DeemedFound,
  by: { readonly approvalId: string; readonly on: string },
): Promise<void> {
  await lockPerson(db, found.psnNo);
  const { psnNo, monthFrom, monthTo, ground, document, newMonths } = await findDeemed(db, found);
  if (newMonths !== found.newMonths)
    throw new YibaoError({ definition: enrolmentErrors.factsChanged, field: 'file', value: psnNo });
  const { rows } = await sql<{
    contribution_id: number;
  }>`INSERT INTO contribution (psn_no, insutype, paid_on, month_from, month_to,
      receipt, kind)
    VALUES (${psnNo}, ${EMPLOYEES}, ${by.on}, ${monthFrom}, ${monthTo}, ${`deemed ${by.approvalId}`}, 'deemed')
    RETURNING contribution_id`.execute(db);
  await sql`INSERT INTO deemed_decision (contribution_id, ground, document, approval_id, decided_on)
    VALUES (${rows[0]!.contribution_id}, ${ground}, ${document}, ${by.approvalId}, ${by.on})`.execute(db);
}
