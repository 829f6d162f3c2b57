import { sql } from 'kysely';
import type { Store } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { enrolmentErrors } from './errors.ts';
import { afterWorkingDays, type ServiceItem } from './service-items.ts';

export type NewServiceRequest = {
  readonly item: ServiceItem;
  /** of a person; else `applicant` names the unit or institution */
  readonly psnNo: string | undefined;
  readonly applicant: string;
  readonly channel: 'counter' | 'online';
  readonly note: string;
};

/** Receives a request; it is due after the working days of its item. */
export async function addServiceRequest(
  db: Store,
  { item, psnNo, applicant, channel, note }: NewServiceRequest,
  by: { readonly login: string; readonly day: string },
): Promise<number> {
  const due = item.limitWorkingDays === undefined ? null : afterWorkingDays(by.day, item.limitWorkingDays);
  if ((item.for === 'person') !== (psnNo !== undefined)) {
    throw new YibaoError({
      definition: enrolmentErrors.applicantOfItem,
      field: psnNo === undefined ? 'file' : 'applicant',
      value: item.code,
      parameters: { for: item.for },
    });
  }
  const { rows } = await sql<{
    request_id: number;
  }>`INSERT INTO service_request (item, psn_no, applicant, channel, note,
      received_on, due_on, received_by)
    VALUES (${item.code}, ${psnNo ?? null}, ${psnNo === undefined ? applicant : ''}, ${channel}, ${note}, ${by.day}, ${due},
      ${by.login}) RETURNING request_id`.execute(db);
  return rows[0]!.request_id;
}

/** @throws YibaoError for a request that is not open */
export async function closeServiceRequest(
  db: Store,
  id: number,
  end: { readonly state: 'done' | 'refused'; readonly outcome: string },
  by: { readonly login: string; readonly day: string },
): Promise<void> {
  const { rows } = await sql`UPDATE service_request SET state = ${end.state}, outcome = ${end.outcome},
      closed_on = ${by.day}, closed_by = ${by.login}
    WHERE request_id = ${id} AND state = 'received' RETURNING request_id`.execute(db);
  if (rows.length === 0)
    throw new YibaoError({ definition: enrolmentErrors.requestNotOpen, value: String(id) });
}

/**
 * What the applicant thought of it, once, when it has ended.
 * @param psnNo only a request of this person
 */
export async function rateServiceRequest(
  db: Store,
  id: number,
  given: { readonly rating: number; readonly comment: string },
  psnNo?: string,
): Promise<void> {
  const { rows } = await sql`UPDATE service_request SET rating = ${given.rating}, comment = ${given.comment}
    WHERE request_id = ${id} AND state <> 'received' AND rating IS NULL
      AND (${psnNo ?? null}::text IS NULL OR psn_no = ${psnNo ?? null}) RETURNING request_id`.execute(db);
  if (rows.length === 0)
    throw new YibaoError({ definition: enrolmentErrors.requestNotRated, value: String(id) });
}
