import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type JsonObject, parseExactly, reduceList } from '#claims/intake/index.ts';
import { checkLists } from '#claims/quality/index.ts';
import { Engine } from '#engine/duckdb.ts';
import { openKeptTables } from '#engine/kept-tables.ts';
import { renderProblem, YibaoError } from '#kernel/errors.ts';
import { type ListGroup, openListGrouper } from '#payment/index.ts';
import { KEPT_FILE, runFolder } from '../run-folder.ts';
import type { Work } from './work.ts';

/** One version of a list that an institution submitted. */
export type SubmittedList = {
  readonly key: string;
  readonly setlId: string;
  /** its national form as it was sent: 4101 or 4101A */
  readonly body: string;
};

/** What quality control says of one list, in the words of the interface (4104 and 3607). */
export type ListQuality = {
  /** '1' no error was found, '0' at least one */
  readonly passed: '0' | '1';
  /** of the gravest finding: '1' error, '2' warning, '3' notice, '0' none */
  readonly level: string;
  /** '1': the list has to be returned to the institution */
  readonly returned: '0' | '1';
  readonly version: string;
  readonly details: readonly {
    readonly field: string;
    readonly finding: string;
    readonly level: string;
    readonly returned: string;
    readonly value: string;
  }[];
};

export type ListAssessment = {
  readonly key: string;
  readonly quality: ListQuality;
  readonly grouping: ListGroup;
};

const LEVEL_CODES: Readonly<Record<string, string>> = { error: '1', warning: '2', notice: '3' };
const LISTS_OF_AREA = new Set(['settlement_lists', 'national_form']);

/**
 * Quality control and grouping of submitted lists of areas/<areaId>, all at once. What a list looks like beside others of the
 * area (stays that overlap, for instance) is seen among the lists given; the whole year is checked by `yibao check`.
 * `runId`: the latest settled run of the area, whose catalogue groups the lists; null where there is none.
 */
export const assessLists: Work = async (input, { dataFolder }) => {
  const lists = input.lists as readonly SubmittedList[];
  const areaFolder = join(dataFolder, 'areas', String(input.areaId));
  const quality = await checkAll(areaFolder, lists);
  const grouping = await groupAll(areaFolder, Number(input.year), runOf(input.runId, dataFolder), lists);
  const assessments: ListAssessment[] = lists.map(({ key }) => ({
    key,
    quality: quality.get(key)!,
    grouping: grouping.get(key)!,
  }));
  return { assessments };
};

const runOf = (runId: unknown, dataFolder: string): string | undefined => {
  const file = runId === null ? undefined : join(runFolder(dataFolder, Number(runId)), KEPT_FILE);
  return file !== undefined && existsSync(file) ? file : undefined;
};

/** All together; where that cannot be read, each alone, so that one bad list says nothing of the others. */
async function checkAll(
  areaFolder: string,
  lists: readonly SubmittedList[],
): Promise<Map<string, ListQuality>> {
  try {
    return await checkTogether(areaFolder, lists);
  } catch (error) {
    if (!(error instanceof YibaoError)) throw error;
    const [list] = lists;
    if (lists.length === 1) return new Map([[list!.key, unreadable(error)]]);
    const all = new Map<string, ListQuality>();
    for (const each of lists)
      for (const [key, value] of await checkAll(areaFolder, [each])) all.set(key, value);
    return all;
  }
}

const unreadable = (error: YibaoError): ListQuality => ({
  passed: '0',
  level: '1',
  returned: '1',
  version: '',
  details: error.problems.map((problem) => ({
    field: problem.field ?? '',
    finding: renderProblem(problem, 'zh'),
    level: '1',
    returned: '1',
    value: problem.value ?? '',
  })),
});

async function checkTogether(
  areaFolder: string,
  lists: readonly SubmittedList[],
): Promise<Map<string, ListQuality>> {
  const folder = mkdtempSync(join(tmpdir(), 'yibao-assess-'));
  const engine = await Engine.open();
  try {
    for (const name of readdirSync(areaFolder)) {
      if (!LISTS_OF_AREA.has(name)) symlinkSync(resolve(areaFolder, name), join(folder, name));
    }
    mkdirSync(join(folder, 'national_form'));
    const lines = lists.map(({ body }) => body).join('\n');
    writeFileSync(join(folder, 'national_form', 'lists.jsonl'), `${lines}\n`);
    const run = await checkLists(engine, { areaFolder: folder, language: 'zh', skipBadFiles: true });
    const version = String((await engine.row('SELECT count(*) AS checks FROM quality_check')).checks);
    const rows = await engine.rows(
      'SELECT setl_id, check_id, level, returned, field, value, reason FROM finding_result ORDER BY setl_id, check_id, field, value',
    );
    const bySetlId = Map.groupBy(rows, (row) => String(row.setl_id));
    const refused = new Map(run.form.refused.map((record) => [record.setlId, record.reason.zh]));
    return new Map(
      lists.map(({ key, setlId }) => {
        const own = bySetlId.get(setlId) ?? [];
        const details = own.map((row) => ({
          field: String(row.field),
          finding: `${row.reason}（${row.check_id}）`,
          level: LEVEL_CODES[String(row.level)] ?? '3',
          returned: row.returned ? '1' : '0',
          value: String(row.value),
        }));
        const reason = refused.get(setlId);
        if (reason !== undefined) {
          details.unshift({ field: 'setl_id', finding: reason, level: '1', returned: '1', value: setlId });
        }
        return [key, qualityOf(details, version)];
      }),
    );
  } finally {
    engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function qualityOf(details: ListQuality['details'], checks: string): ListQuality {
  const level = details.map((detail) => detail.level).toSorted()[0] ?? '0';
  return {
    passed: level === '1' ? '0' : '1',
    level,
    returned: details.some((detail) => detail.returned === '1') ? '1' : '0',
    version: `yibao-${checks}`,
    details,
  };
}

async function groupAll(
  areaFolder: string,
  year: number,
  keptFile: string | undefined,
  lists: readonly SubmittedList[],
): Promise<Map<string, ListGroup>> {
  const kept = keptFile === undefined ? undefined : await openKeptTables(keptFile);
  try {
    const groupOf = await openListGrouper(areaFolder, year, kept);
    return new Map(
      lists.map(({ key, body }) => [key, groupOf(reduceList(parseExactly(body) as JsonObject).values)]),
    );
  } finally {
    kept?.close();
  }
}
