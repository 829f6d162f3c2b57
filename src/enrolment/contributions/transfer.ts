import { sql } from 'kysely';
import { type BenefitPolicy, joinedSpan, monthAfter, monthsOf, schemeOf } from '#benefits/index.ts';
import { type Store, transaction } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { enrolmentErrors } from '../errors.ts';
import { lockPerson } from '../person-file.ts';

export type Transfer = {
  readonly psnNo: string;
  readonly direction: 'in' | 'out';
  readonly insutype: string;
  readonly otherArea: string;
  readonly certificate: string;
  /** the months it covers, yyyyMM */
  readonly monthFrom: string;
  readonly monthTo: string;
  readonly balanceFen: number;
};

type PolicyOf = (areaCode: string, date: string) => BenefitPolicy;

/** Takes in an application for a transfer. @returns its number */
export async function requestTransfer(
  store: Store,
  transfer: Transfer,
  by: { readonly login: string; readonly on: string },
): Promise<number> {
  return transaction(store, async (db) => {
    const psnNo = await lockPerson(db, transfer.psnNo);
    if (psnNo === undefined) {
      throw new YibaoError({
        definition: enrolmentErrors.noSuchPerson,
        field: 'psnNo',
        value: transfer.psnNo,
      });
    }
    const { direction, insutype, otherArea, certificate, monthFrom, monthTo, balanceFen } = transfer;
    const { rows } = await sql<{ transfer_id: number }>`INSERT INTO insurance_transfer
        (psn_no, direction, insutype, other_area, certificate, month_from, month_to, balance_fen, requested_on, requested_by)
      VALUES (${psnNo}, ${direction}, ${insutype}, ${otherArea}, ${certificate}, ${monthFrom}, ${monthTo}, ${balanceFen},
        ${by.on}, ${by.login})
      ON CONFLICT (direction, certificate) DO NOTHING RETURNING transfer_id`.execute(db);
    if (rows[0] === undefined) {
      throw new YibaoError({
        definition: enrolmentErrors.transferTwice,
        field: 'certificate',
        value: certificate,
      });
    }
    return rows[0].transfer_id;
  });
}

/**
 * Ends a transfer. One that comes in brings its months, which count as years and are not paid here, and its balance into the account,
 * and decides how the span that follows it begins, by the policy of the span’s area; one that goes out ends the spans of the scheme on the day and, as only employees have a personal account, takes its balance where it is theirs.
 */
export async function endTransfer(
  store: Store,
  given: {
    readonly transferId: number;
    readonly isDone: boolean;
    readonly login: string;
    readonly on: string;
    readonly note: string;
  },
  now: Temporal.Instant,
  policyOf: PolicyOf,
): Promise<void> {
  const { transferId, isDone, login, on, note } = given;
  await transaction(store, async (db) => {
    const { rows } = await sql<{
      psn_no: string;
      direction: 'in' | 'out';
      insutype: string;
      month_from: string;
      month_to: string;
      balance_fen: number;
      certificate: string;
      state: string;
    }>`SELECT coalesce(p.merged_into, p.psn_no) AS psn_no, direction, insutype, month_from, month_to, balance_fen, certificate, state
      FROM insurance_transfer AS t JOIN person AS p ON p.psn_no = t.psn_no WHERE transfer_id = ${transferId} FOR UPDATE OF t`.execute(
      db,
    );
    const transfer = rows[0];
    if (transfer === undefined || transfer.state !== 'requested') {
      throw new YibaoError({
        definition: enrolmentErrors.transferEnded,
        field: 'transferId',
        value: String(transferId),
        parameters: { state: transfer?.state ?? '—' },
      });
    }
    await sql`UPDATE insurance_transfer SET state = ${isDone ? 'done' : 'refused'}, ended_on = ${on}, ended_by = ${login}, note = ${note}
      WHERE transfer_id = ${transferId}`.execute(db);
    if (!isDone) return;
    const { psn_no, direction, insutype, month_from, month_to, balance_fen, certificate } = transfer;
    await lockPerson(db, psn_no);
    if (direction === 'in') {
      await sql`INSERT INTO contribution (psn_no, insutype, paid_on, month_from, month_to, receipt, kind)
        VALUES (${psn_no}, ${insutype}, ${on}, ${month_from}, ${month_to}, ${`transfer ${certificate}`}, 'transferred')`.execute(
        db,
      );
      const joined = await spanThatFollows(db, { psn_no, insutype, month_to }, policyOf);
      if (joined !== undefined) {
        await sql`UPDATE enrolment SET begndate = ${joined.begndate}, waiting_until = ${joined.waiting_until},
            waiting_reason = 'transfer', gap_months = ${joined.gap_months} WHERE enrolment_id = ${joined.enrolment_id}`.execute(
          db,
        );
      }
    } else {
      const { rows: later } = await settledBetween(psn_no, insutype, dayAfter(on)).execute(db);
      if (Number(later[0]!.count) > 0) {
        throw new YibaoError({
          definition: enrolmentErrors.settledLater,
          field: 'on',
          value: on,
          parameters: { count: String(later[0]!.count) },
        });
      }
      await sql`UPDATE enrolment SET enddate = ${on}, psn_insu_stas = psn_insu_stas
        WHERE psn_no = ${psn_no} AND insutype = ${insutype} AND begndate <= ${on} AND (enddate IS NULL OR enddate > ${on})`.execute(
        db,
      );
    }
    await sql`INSERT INTO personal_account (psn_no, balance_fen) VALUES (${psn_no}, 0) ON CONFLICT DO NOTHING`.execute(
      db,
    );
    const { rows: accounts } = await sql<{ balance_fen: number }>`SELECT balance_fen FROM personal_account
      WHERE psn_no = ${psn_no} FOR UPDATE`.execute(db);
    const leaves = schemeOf(insutype) === 'employee' ? accounts[0]!.balance_fen : 0;
    const change = direction === 'in' ? balance_fen : -leaves;
    if (change === 0) return;
    await sql`UPDATE personal_account SET balance_fen = balance_fen + ${change} WHERE psn_no = ${psn_no}`.execute(
      db,
    );
    await sql`INSERT INTO account_movement (psn_no, change_fen, memo, at)
      VALUES (${psn_no}, ${change}, ${`transfer ${direction} ${certificate}`}, ${now.toString()})`.execute(
      db,
    );
    if (direction === 'out') {
      await sql`UPDATE insurance_transfer SET balance_fen = ${-change} WHERE transfer_id = ${transferId}`.execute(
        db,
      );
    }
  });
}

/** How many settlements in force under the scheme are of a day from one on, and before another. */
const settledBetween = (psnNo: string, insutype: string, from: string, before: string | null = null) => sql<{
  count: number;
}>`SELECT count(*) FROM settlement AS s
  JOIN person AS p ON p.psn_no = s.psn_no
  WHERE coalesce(p.merged_into, p.psn_no) = ${psnNo} AND s.insutype = ${insutype} AND s.policy_date >= ${from}::date
    AND s.policy_date < coalesce(${before}::date, 'infinity') AND s.sign = 1
    AND NOT EXISTS (SELECT 1 FROM settlement AS r WHERE r.reverses = s.setl_id)`;

const dayAfter = (day: string): string => Temporal.PlainDate.from(day).add({ days: 1 }).toString();

/** How the first span after a transfer in begins. */
export type TransferWait = {
  readonly begndate: string;
  /** first day with benefits; null: from its start */
  readonly waiting_until: string | null;
  /** months between that nothing was paid for at the time, and whether all of them were paid here since */
  readonly gap_months: number;
  readonly is_repaid: boolean;
  /** settlements in force within the wait, which were paid although nothing is */
  readonly settled_in_wait: number;
};

type Arriving = { readonly psn_no: string; readonly insutype: string; readonly month_to: string };

/**
 * The first span of the scheme after the months that a transfer brings, and how it begins by the policy of its area.
 * @returns undefined where there is none yet, where it began before those months were over, or where it is a resident’s that keeps the
 *   wait residents have (`residentYear`)
 */
async function spanThatFollows(
  db: Store,
  arriving: Arriving,
  policyOf: PolicyOf,
): Promise<(Omit<TransferWait, 'settled_in_wait'> & { readonly enrolment_id: number }) | undefined> {
  const { insutype, month_to } = arriving;
  const span = await firstSpanAfter(db, arriving);
  const scheme = schemeOf(insutype);
  if (span === undefined || (scheme !== 'employee' && scheme !== 'resident')) return undefined;
  const policy = policyOf(span.insuplc_admdvs, span.begndate);
  const joined = joinedSpan(
    policy,
    {
      before: { coveredTo: month_to, scheme },
      scheme,
      begins: span.begndate,
      paid: await monthsPaid(db, arriving),
    },
    { scheme },
  );
  if (scheme === 'resident' && joined.months > 0) return undefined;
  const newYear = `${span.begndate.slice(0, 4)}-01-01`;
  return {
    enrolment_id: span.enrolment_id,
    begndate: scheme === 'resident' && joined.from < newYear ? newYear : joined.from,
    waiting_until: joined.waitingUntil ?? null,
    gap_months: joined.gapMonths,
    is_repaid: joined.isRepaid,
  };
}

async function firstSpanAfter(db: Store, { psn_no, insutype, month_to }: Arriving) {
  const { rows } = await sql<{
    enrolment_id: number;
    begndate: string;
    insuplc_admdvs: string;
    waiting_until: string | null;
    waiting_reason: string;
    gap_months: number | null;
  }>`SELECT enrolment_id, begndate, insuplc_admdvs, waiting_until, waiting_reason, gap_months
    FROM (SELECT e.*, to_date(${month_to}, 'YYYYMM') AS last_month FROM enrolment AS e
      WHERE e.psn_no = ${psn_no} AND e.insutype = ${insutype} AND e.psn_insu_stas = '1') AS t
    WHERE enddate IS NULL OR enddate >= last_month + interval '1 month' ORDER BY begndate LIMIT 1`.execute(
    db,
  );
  const [span] = rows;
  return span !== undefined && span.begndate.replaceAll('-', '').slice(0, 6) > month_to ? span : undefined;
}

/** Months of the scheme that were paid here. */
async function monthsPaid(db: Store, { psn_no, insutype }: Arriving): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ month_from: string; month_to: string }>`SELECT c.month_from, c.month_to
    FROM contribution_kept AS c JOIN person AS p ON p.psn_no = c.psn_no
    WHERE coalesce(p.merged_into, p.psn_no) = ${psn_no} AND c.insutype = ${insutype} AND c.kind IN ('paid', 'arrears')`.execute(
    db,
  );
  return new Set(rows.flatMap(({ month_from, month_to }) => monthsOf(month_from, month_to)));
}

/** The wait that a transfer in gives, or gave. */
async function waitOf(
  db: Store,
  transfer: Arriving & { readonly state: string },
  policyOf: PolicyOf,
): Promise<TransferWait | null> {
  const found = await (transfer.state === 'done'
    ? recordedWait(db, transfer)
    : spanThatFollows(db, transfer, policyOf));
  if (found === undefined) return null;
  const { begndate, waiting_until, gap_months, is_repaid } = found;
  const { rows } = await settledBetween(
    transfer.psn_no,
    transfer.insutype,
    begndate,
    waiting_until ?? begndate,
  ).execute(db);
  return { begndate, waiting_until, gap_months, is_repaid, settled_in_wait: Number(rows[0]!.count) };
}

async function recordedWait(db: Store, transfer: Arriving) {
  const span = await firstSpanAfter(db, transfer);
  if (span?.waiting_reason !== 'transfer') return undefined;
  const { begndate, waiting_until } = span;
  const gap_months = span.gap_months ?? 0;
  const paid = await monthsPaid(db, transfer);
  const gap = monthsOf(monthAfter(transfer.month_to, 1), monthAfter(transfer.month_to, gap_months));
  return { begndate, waiting_until, gap_months, is_repaid: gap.every((month) => paid.has(month)) };
}

export type TransferEffects = {
  /** months of the certificate, those that count already, and those it adds; of a transfer out: none */
  readonly months: { readonly covered: number; readonly counted: number; readonly added: number };
  /** counted months of the scheme with it: now, or once it is done */
  readonly months_after: number;
  /** spans that end, or ended, with a transfer out */
  readonly spans: readonly { readonly begndate: string; readonly enddate: string | null }[];
  /** what comes into or leaves the account, and the balance now */
  readonly account: { readonly change_fen: number; readonly balance_fen: number };
  /** how the span after a transfer in begins; null: none follows yet, or the scheme’s own rules hold */
  readonly wait: TransferWait | null;
  /** settlements after the day it ends on, which were paid although the span ended before them */
  readonly settled_later: number;
};

/**
 * What follows, or followed, from a transfer for months, spans and account.
 * @param on the day it would end on; one that has ended keeps its own
 * @throws YibaoError enrolment.no-such-transfer
 */
export async function transferEffects(
  db: Store,
  transferId: number,
  on: string,
  policyOf: PolicyOf,
): Promise<TransferEffects> {
  const { rows } = await sql<{
    psn_no: string;
    direction: 'in' | 'out';
    insutype: string;
    month_from: string;
    month_to: string;
    balance_fen: number;
    state: string;
    day: string;
    certificate: string;
  }>`SELECT coalesce(p.merged_into, p.psn_no) AS psn_no, t.direction, t.insutype, t.month_from, t.month_to, t.balance_fen, t.state,
      coalesce(t.ended_on, ${on}::date) AS day, t.certificate
    FROM insurance_transfer AS t JOIN person AS p ON p.psn_no = t.psn_no WHERE t.transfer_id = ${transferId}`.execute(
    db,
  );
  const transfer = rows[0];
  if (transfer === undefined) {
    throw new YibaoError({
      definition: enrolmentErrors.noSuchTransfer,
      field: 'transfer',
      value: String(transferId),
    });
  }
  const { psn_no, direction, insutype, day, state } = transfer;
  const isIn = direction === 'in';
  // its own contribution is left out, so that one that is done tells what it added
  const { rows: counted } = await sql<{ covered: number; counted: number; others: number }>`WITH own AS (
      SELECT to_char(m.month, 'YYYYMM') AS month FROM generate_series(to_date(${transfer.month_from}, 'YYYYMM')::timestamp,
        to_date(${transfer.month_to}, 'YYYYMM')::timestamp, interval '1 month') AS m (month)),
    others AS (
      SELECT DISTINCT to_char(m.month, 'YYYYMM') AS month FROM contribution_kept AS c JOIN person AS p ON p.psn_no = c.psn_no
      CROSS JOIN LATERAL generate_series(to_date(c.month_from, 'YYYYMM')::timestamp, to_date(c.month_to, 'YYYYMM')::timestamp,
        interval '1 month') AS m (month)
      WHERE coalesce(p.merged_into, p.psn_no) = ${psn_no} AND c.insutype = ${insutype}
        AND c.receipt <> ${`transfer ${transfer.certificate}`})
    SELECT (SELECT count(*) FROM own)::integer AS covered, (SELECT count(*) FROM own JOIN others USING (month))::integer AS counted,
      (SELECT count(*) FROM others)::integer AS others`.execute(db);
  const { covered, counted: known, others } = counted[0]!;
  const { rows: spans } = await sql<{
    begndate: string;
    enddate: string | null;
  }>`SELECT begndate, enddate FROM enrolment
    WHERE psn_no = ${psn_no} AND insutype = ${insutype} AND begndate <= ${day}::date
      AND CASE WHEN ${state === 'done'} THEN enddate = ${day}::date ELSE enddate IS NULL OR enddate > ${day}::date END
    ORDER BY begndate`.execute(db);
  const { rows: facts } = await sql<{ balance: number; settled: number }>`SELECT
      coalesce((SELECT balance_fen FROM personal_account WHERE psn_no = ${psn_no}), 0)::bigint AS balance,
      (${settledBetween(psn_no, insutype, dayAfter(day))})::integer AS settled`.execute(db);
  const { balance, settled } = facts[0]!;
  const leaves = schemeOf(insutype) === 'employee' ? balance : 0;
  const change = isIn ? transfer.balance_fen : -(state === 'done' ? transfer.balance_fen : leaves);
  const added = isIn && state !== 'refused' ? covered - known : 0;
  return {
    months: { covered: isIn ? covered : 0, counted: isIn ? known : 0, added },
    months_after: others + added,
    spans: isIn || state === 'refused' ? [] : spans,
    account: { change_fen: state === 'refused' ? 0 : change, balance_fen: balance },
    wait: isIn && state !== 'refused' ? await waitOf(db, { ...transfer, state }, policyOf) : null,
    settled_later: isIn || state === 'refused' ? 0 : settled,
  };
}
