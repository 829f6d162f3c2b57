import { sql } from 'kysely';
import { type Store, transaction } from '#engine/postgres/store.ts';
import { readKeptFile } from '#interface/index.ts';
import { unzipOne } from './zip.ts';

/** A reconciliation an institution asked for: totals (3201) or settlement by settlement (3202). */
export type ReconciliationReport = {
  readonly id: string;
  readonly kind: '3201' | '3202';
  readonly fixmedins_code: string;
  readonly at: string;
  /** 0 agrees, 1 differs; of a file what its rows say */
  readonly result: string;
  readonly rows: number | null;
  readonly differences: number | null;
  readonly text: string;
};

/** What was reconciled, the last first: answers to 3201 as they were given, and the result files of 3202 that are still kept. */
export async function reconciliationReports(
  store: Store,
  now: Temporal.Instant,
): Promise<ReconciliationReport[]> {
  const { rows: totals } = await sql<{
    id: string;
    fixmedins_code: string;
    at: string;
    answer: string;
  }>`SELECT infno || ':' || msgid AS id, fixmedins_code, received_at AS at, answer FROM interface_message
    WHERE infno = '3201' AND answer IS NOT NULL ORDER BY received_at DESC LIMIT ${REPORTS_MAX}`.execute(
    store,
  );
  const { rows: files } = await sql<{
    id: string;
    fixmedins_code: string;
    at: string;
  }>`SELECT file_qury_no AS id, fixmedins_code, made_at AS at FROM interface_file
    WHERE starts_with(filename, '3202_') AND download_until > ${now.toString()}
    ORDER BY made_at DESC LIMIT ${REPORTS_MAX}`.execute(store);
  const reports: ReconciliationReport[] = totals.map(({ id, fixmedins_code, at, answer }) => {
    const { stmtinfo } =
      (JSON.parse(answer) as { output?: { stmtinfo?: Record<string, string> } }).output ?? {};
    return {
      id,
      kind: '3201',
      fixmedins_code,
      at,
      result: stmtinfo?.stmt_rslt ?? '',
      rows: null,
      differences: null,
      text: stmtinfo?.stmt_rslt_dscr ?? '',
    };
  });
  for (const { id, fixmedins_code, at } of files) {
    const rows = (await differencesOfFile(store, id, fixmedins_code, now)) ?? [];
    const differences = rows.filter(({ result }) => result !== '0').length;
    reports.push({
      id,
      kind: '3202',
      fixmedins_code,
      at,
      result: differences === 0 ? '0' : '1',
      rows: rows.length,
      differences,
      text: '',
    });
  }
  return reports.toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}

const REPORTS_MAX = 200;

/** One row of a result file of 3202: the settlement and what either side says of it. */
export type ReconciledRow = {
  readonly psn_no: string;
  readonly mdtrt_id: string;
  readonly setl_id: string;
  readonly msgid: string;
  readonly result: string;
  readonly refund: string;
  readonly text: string;
  readonly medfee: string;
  readonly fund: string;
  readonly account: string;
};

const COLUMNS = [
  'psn_no',
  'mdtrt_id',
  'setl_id',
  'msgid',
  'result',
  'refund',
  'text',
  'medfee',
  'fund',
  'account',
] as const;

/** The rows of a kept result file; undefined where it is gone. */
export async function differencesOfFile(
  store: Store,
  id: string,
  fixmedinsCode: string,
  now: Temporal.Instant,
): Promise<ReconciledRow[] | undefined> {
  const kept = await transaction(store, (db) => readKeptFile(db, id, fixmedinsCode, now));
  const content = kept === undefined ? undefined : unzipOne(kept.content);
  return content
    ?.toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const cells = line.split('\t').map((cell) => (cell === 'null' ? '' : cell));
      return Object.fromEntries(COLUMNS.map((name, index) => [name, cells[index] ?? ''])) as ReconciledRow;
    });
}
