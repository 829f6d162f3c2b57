import { sql } from 'kysely';
import { type Store, transaction } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { enrolmentErrors } from './errors.ts';
import { lockPerson } from './person-file.ts';

export type MergedBy = { readonly login: string; readonly reason: string; readonly approvalId?: string };

/**
 * Puts two files of one person together on a person's decision: `from` keeps resolving, `into` goes on with the certificates,
 * accounts and what both used up. Spans and identities that both have stay those of `into`.
 */
export async function mergePersons(
  store: Store,
  from: string,
  into: string,
  now: Temporal.Instant,
  by: MergedBy = { login: '', reason: '' },
): Promise<void> {
  await transaction(store, async (db) => {
    const before = await rowsOf(db, from);
    for (const psnNo of [from, into].toSorted()) {
      const found = await lockPerson(db, psnNo);
      if (found !== psnNo) throw new YibaoError({ definition: enrolmentErrors.noSuchPerson, value: psnNo });
    }
    await sql`UPDATE person SET merged_into = ${into} WHERE psn_no = ${from} OR merged_into = ${from}`.execute(
      db,
    );
    await sql`UPDATE person_certificate SET psn_no = ${into}, is_main = false WHERE psn_no = ${from}`.execute(
      db,
    );
    await sql`UPDATE filing SET psn_no = ${into} WHERE psn_no = ${from}`.execute(db);
    await sql`UPDATE enrolment AS e SET psn_no = ${into} WHERE psn_no = ${from} AND NOT EXISTS (
      SELECT 1 FROM enrolment AS other WHERE other.psn_no = ${into} AND other.insutype = e.insutype
        AND daterange(other.begndate, other.enddate, '[]') && daterange(e.begndate, e.enddate, '[]'))`.execute(
      db,
    );
    await sql`INSERT INTO person_identity (psn_no, psn_idet_type, psn_type_lv, begndate, enddate, memo)
      SELECT ${into}, psn_idet_type, psn_type_lv, begndate, enddate, memo FROM person_identity WHERE psn_no = ${from}
      ON CONFLICT DO NOTHING`.execute(db);
    await sql`UPDATE account_sharing SET owner_psn_no = CASE owner_psn_no WHEN ${from} THEN ${into} ELSE owner_psn_no END,
        user_psn_no = CASE user_psn_no WHEN ${from} THEN ${into} ELSE user_psn_no END
      WHERE ${from} IN (owner_psn_no, user_psn_no) AND ${into} NOT IN (owner_psn_no, user_psn_no)`.execute(
      db,
    );
    await sql`UPDATE contribution SET psn_no = ${into} WHERE psn_no = ${from}`.execute(db);
    await sql`INSERT INTO personal_account (psn_no, balance_fen) VALUES (${into}, 0) ON CONFLICT DO NOTHING`.execute(
      db,
    );
    // in the order in which settlements lock accounts
    const { rows } = await sql<{ psn_no: string; balance_fen: number }>`SELECT psn_no, balance_fen
      FROM personal_account WHERE psn_no IN (${from}, ${into}) ORDER BY psn_no FOR UPDATE`.execute(db);
    const account = rows.find(({ psn_no, balance_fen }) => psn_no === from && balance_fen > 0);
    if (account !== undefined) {
      const at = now.toString();
      for (const [psnNo, change] of [
        [from, -account.balance_fen],
        [into, account.balance_fen],
      ] as const) {
        await sql`UPDATE personal_account SET balance_fen = balance_fen + ${change} WHERE psn_no = ${psnNo}`.execute(
          db,
        );
        await sql`INSERT INTO account_movement (psn_no, change_fen, memo, at)
          VALUES (${psnNo}, ${change}, ${`merge ${from} ${into}`}, ${at})`.execute(db);
      }
    }
    await sql`INSERT INTO accumulator (psn_no, scheme, year, code, value)
      SELECT ${into}, scheme, year, code, value FROM accumulator WHERE psn_no = ${from}
      ON CONFLICT (psn_no, scheme, year, code) DO UPDATE SET value = accumulator.value + EXCLUDED.value`.execute(
      db,
    );
    await sql`DELETE FROM accumulator WHERE psn_no = ${from}`.execute(db);
    await sql`INSERT INTO person_contact (psn_no, kind, value, file_id)
      SELECT ${into}, kind, value, file_id FROM person_contact WHERE psn_no = ${from} ON CONFLICT DO NOTHING`.execute(
      db,
    );
    await sql`INSERT INTO enrolment_elsewhere (psn_no, insutype, insuplc_admdvs, begndate, enddate, file_id)
      SELECT ${into}, insutype, insuplc_admdvs, begndate, enddate, file_id FROM enrolment_elsewhere WHERE psn_no = ${from}
      ON CONFLICT DO NOTHING`.execute(db);
    await sql`INSERT INTO continuity_fact (psn_no, insutype, year, continuous_years, zero_claim_years, earned_before_gap_fen,
        closing_id, kind, paid_funds, used_incentive, stated_by, stated_at, reason, file_id)
      SELECT ${into}, insutype, year, continuous_years, zero_claim_years, earned_before_gap_fen, closing_id, kind, paid_funds,
        used_incentive, stated_by, stated_at, reason, file_id
      FROM continuity_in_force AS f WHERE psn_no = ${from} AND NOT EXISTS (SELECT 1 FROM continuity_in_force AS o
        WHERE o.psn_no = ${into} AND o.insutype = f.insutype AND o.year = f.year) ORDER BY fact_id`.execute(
      db,
    );
    const moved = { before, stayed: await rowsOf(db, from) };
    await sql`INSERT INTO person_merge (from_psn_no, into_psn_no, reason, merged_by, merged_at, moved, approval_id)
      VALUES (${from}, ${into}, ${by.reason}, ${by.login}, ${now.toString()}, ${JSON.stringify(moved)}::jsonb,
        ${by.approvalId ?? ''})`.execute(db);
  });
}

/** How many rows of each kind stand under a number itself. */
async function rowsOf(db: Store, psnNo: string): Promise<Record<string, number>> {
  const { rows } = await sql<Record<string, number>>`SELECT
      (SELECT count(*) FROM person_certificate WHERE psn_no = ${psnNo}) AS certificates,
      (SELECT count(*) FROM enrolment WHERE psn_no = ${psnNo}) AS spans,
      (SELECT count(*) FROM person_identity WHERE psn_no = ${psnNo}) AS identities,
      (SELECT count(*) FROM contribution WHERE psn_no = ${psnNo}) AS contributions,
      (SELECT count(*) FROM filing WHERE psn_no = ${psnNo}) AS filings,
      (SELECT count(*) FROM accumulator WHERE psn_no = ${psnNo}) AS accumulators,
      coalesce((SELECT balance_fen FROM personal_account WHERE psn_no = ${psnNo}), 0) AS balance_fen`.execute(
    db,
  );
  return rows[0]!;
}
