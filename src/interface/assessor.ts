import { sql } from 'kysely';
import { type Store, transaction } from '#engine/postgres/store.ts';
import { type ListAssessment, type SubmittedList, startWork } from '#workflow/index.ts';
import { changeListState, LIST_STATES, type ListRow } from './transactions/lists.ts';

const LISTS_AT_ONCE_MAX = 500;
const LOOK_AGAIN_MILLISECONDS = 1000;

type Waiting = {
  setl_list_id: number;
  version: number;
  area_id: string;
  fixmedins_code: string;
  setl_id: string;
  setl_ym: string;
  body: string;
};

/**
 * Takes submitted lists in the order they came, many at a time, through quality control and grouping (in a process of their
 * own) and writes down what was said. A list taken back meanwhile keeps nothing of it. What was under way when the service was
 * killed is still waiting in the store and is done after the next start.
 */
export class ListAssessor {
  readonly #store: Store;
  readonly #dataFolder: string;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isStopped = false;
  #stopWork: (() => void) | undefined;

  /** `onError`: what the loop met, such as a store that was away; it looks again after a moment. */
  constructor(store: Store, dataFolder: string, onError: (error: unknown) => void = () => {}) {
    this.#store = store;
    this.#dataFolder = dataFolder;
    this.#onError = onError;
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#running = this.#work()
        .catch(this.#onError)
        .finally(() => {
          this.#running = undefined;
          if (!this.#isStopped) this.start();
        });
    }, LOOK_AGAIN_MILLISECONDS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#stopWork?.();
    await this.#running;
  }

  /** Everything that waits now; for the loop, and for tests. */
  async #work(): Promise<void> {
    while (!this.#isStopped && (await this.assessSome()) > 0);
  }

  /** @returns how many lists were assessed */
  async assessSome(): Promise<number> {
    const { rows: waiting } =
      await sql<Waiting>`SELECT l.setl_list_id, l.version, l.area_id, l.fixmedins_code, l.setl_id,
        l.setl_ym, v.body
      FROM interface_list_result AS r
      JOIN interface_list AS l ON l.setl_list_id = r.setl_list_id AND l.version = r.version
      JOIN interface_list_version AS v ON v.setl_list_id = l.setl_list_id AND v.version = l.version
      WHERE r.state = 'waiting' AND NOT r.is_void
      ORDER BY r.requested_at, r.setl_list_id LIMIT ${LISTS_AT_ONCE_MAX}`.execute(this.#store);
    if (waiting.length === 0) return 0;
    const [first] = waiting;
    const year = (row: Waiting) => row.setl_ym.slice(0, 4);
    const together = waiting.filter((row) => row.area_id === first!.area_id && year(row) === year(first!));
    const lists: SubmittedList[] = together.map((row) => ({
      key: `${row.setl_list_id}`,
      setlId: row.setl_id,
      body: row.body,
    }));
    const runs = await this.#latestRun(first!.area_id);
    const input = {
      areaId: first!.area_id,
      year: Number(year(first!)) || runs.year,
      runId: runs.runId,
      lists,
    };
    const { child, end } = startWork({
      kind: 'assess-lists',
      input,
      dataFolder: this.#dataFolder,
      language: 'zh',
    });
    this.#stopWork = () => child.kill('SIGTERM');
    const last = await end;
    this.#stopWork = undefined;
    if (this.#isStopped) return 0;
    const assessments =
      last?.type === 'done' ? (last.result.assessments as readonly ListAssessment[]) : undefined;
    const problem = last?.type === 'failed' ? last.problems.map(({ zh }) => zh).join('\n') : '质控与分组中断';
    await transaction(this.#store, async (db) => {
      for (const row of together) {
        const assessment = assessments?.find(({ key }) => key === `${row.setl_list_id}`);
        await this.#record(db, row, assessment, problem);
      }
    });
    return together.length;
  }

  /** The catalogue comes from the last run that was settled; without one, lists wait for no group. */
  async #latestRun(areaId: string): Promise<{ runId: number | null; year: number }> {
    const { rows } = await sql<{ id: number; year: number }>`SELECT id, year FROM run
      WHERE area_id = ${areaId} AND state = 'done' ORDER BY settled_at DESC, id DESC LIMIT 1`.execute(
      this.#store,
    );
    const [run] = rows;
    return run === undefined
      ? { runId: null, year: Temporal.Now.plainDateISO().year }
      : { runId: run.id, year: run.year };
  }

  async #record(
    db: Store,
    row: Waiting,
    assessment: ListAssessment | undefined,
    problem: string,
  ): Promise<void> {
    const now = Temporal.Now.instant();
    const { rows: locked } = await sql<
      ListRow & { is_returned_rejected: boolean }
    >`SELECT l.*, a.is_returned_rejected
      FROM interface_list AS l JOIN interface_area AS a ON a.area_id = l.area_id
      WHERE l.setl_list_id = ${row.setl_list_id} AND l.version = ${row.version} FOR UPDATE OF l`.execute(db);
    const [list] = locked;
    if (list === undefined) return;
    const { rows: changed } = await sql`UPDATE interface_list_result
      SET state = ${assessment === undefined ? 'failed' : 'done'},
        quality = ${assessment === undefined ? null : JSON.stringify(assessment.quality)}::jsonb,
        grouping = ${assessment === undefined ? null : JSON.stringify(assessment.grouping)}::jsonb,
        problem = ${assessment === undefined ? problem : null}, done_at = ${now.toString()}
      WHERE setl_list_id = ${row.setl_list_id} AND version = ${row.version} AND state = 'waiting' AND NOT is_void
      RETURNING version`.execute(db);
    if (changed.length === 0 || assessment === undefined) return;
    if (
      list.state !== LIST_STATES.submitted ||
      !list.is_returned_rejected ||
      assessment.quality.returned !== '1'
    )
      return;
    await changeListState(db as never, list, LIST_STATES.rejected, {
      by: 'quality control',
      now,
      reason: '质控退回',
    });
  }
}
