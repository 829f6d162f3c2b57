import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine, literal } from '#engine/duckdb.ts';
import type { Language } from '#kernel/locale.ts';
import { type Progress, SILENT } from '#kernel/progress.ts';
import type { Policy } from '#policy/index.ts';
import { settleYear } from '../settle-year.ts';

export type CompareOptions = {
  readonly areaFolder: string;
  readonly year: number;
  /** catalogues by name, or by absolute path */
  readonly before: string;
  readonly after: string;
  /** how lists are grouped where the area's own policy does not group by a catalogue */
  readonly policy: Policy;
  readonly language?: Language;
  readonly progress?: Progress;
};

/** Lists of the payment year that go from one group to another; '' is ungrouped. Points × 10^4. */
export type GroupMove = {
  readonly before: string;
  readonly after: string;
  readonly cases: bigint;
  readonly pointsBefore4: bigint;
  readonly pointsAfter4: bigint;
};

export type CatalogueEffect = {
  readonly moves: readonly GroupMove[];
  /** of all lists, whether they moved or not */
  readonly cases: bigint;
  readonly pointsBefore4: bigint;
  readonly pointsAfter4: bigint;
  readonly ungroupedBefore: bigint;
  readonly ungroupedAfter: bigint;
};

/** Settles a year under each of two catalogues and says which lists moved and what that does to their points. */
export async function compareCatalogues(options: CompareOptions): Promise<CatalogueEffect> {
  const { progress = SILENT } = options;
  const folder = mkdtempSync(join(tmpdir(), 'yibao-compare-'));
  try {
    const files = new Map<'before' | 'after', string>();
    for (const which of ['before', 'after'] as const) {
      const file = join(folder, `${which}.csv`);
      files.set(which, file);
      const half = which === 'before' ? 0 : 0.5;
      await settleUnder(options, options[which], file, {
        ...progress,
        stage: (name, share) => progress.stage(name, half + share / 2),
        update: (share, detail) => progress.update(half + share / 2, detail),
      });
    }
    return await movesOf(files.get('before')!, files.get('after')!);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function settleUnder(
  options: CompareOptions,
  catalogue: string,
  file: string,
  progress: Progress,
): Promise<void> {
  const engine = await Engine.open();
  try {
    const { areaFolder, year, language = 'zh' } = options;
    await settleYear(engine, {
      areaFolder,
      year,
      language,
      progress,
      adjustPolicy: (policy) => underCatalogue(policy, options.policy, catalogue),
    });
    await engine.run(
      `COPY (SELECT setl_id, coalesce(group_code, '') AS group_code, points4 FROM case_result ORDER BY setl_id)
       TO ${literal(file)} (FORMAT csv, HEADER true)`,
    );
  } finally {
    engine.close();
  }
}

/** The policy of the area with another catalogue, and with the grouping of `grouping` where it has none of its own. */
function underCatalogue(policy: Policy, grouping: Policy, catalogue: string): Policy {
  const base = policy.choice('grouping.method') === 'dip-catalogue' ? policy : grouping;
  const isGrouping = (name: string) => name.startsWith('grouping.') || name.startsWith('comprehensive.');
  return {
    ...policy,
    integer: (name) => (isGrouping(name) ? base : policy).integer(name),
    choice: (name) => (isGrouping(name) ? base : policy).choice(name),
    steps: (name) => (isGrouping(name) ? base : policy).steps(name),
    text: (name) =>
      name === 'grouping.catalogue' ? catalogue : isGrouping(name) ? base.text(name) : policy.text(name),
  };
}

async function movesOf(before: string, after: string): Promise<CatalogueEffect> {
  const engine = await Engine.open();
  const read = (file: string) =>
    `read_csv(${literal(file)}, header = true, columns = {'setl_id': 'VARCHAR', 'group_code': 'VARCHAR', 'points4': 'BIGINT'})`;
  try {
    await engine.run(
      `CREATE TABLE moved AS
       SELECT coalesce(b.group_code, '') AS before_code, coalesce(a.group_code, '') AS after_code, count(*) AS cases,
         CAST(sum(b.points4) AS BIGINT) AS before4, CAST(sum(a.points4) AS BIGINT) AS after4
       FROM ${read(before)} AS b JOIN ${read(after)} AS a ON a.setl_id = b.setl_id
       GROUP BY 1, 2`,
    );
    const rows = await engine.rows(
      'SELECT * FROM moved WHERE before_code <> after_code ORDER BY cases DESC, before_code, after_code',
    );
    const total = await engine.row(
      `SELECT CAST(sum(cases) AS BIGINT) AS cases, CAST(sum(before4) AS BIGINT) AS before4,
         CAST(sum(after4) AS BIGINT) AS after4,
         CAST(coalesce(sum(CASE WHEN before_code = '' THEN cases END), 0) AS BIGINT) AS ungrouped_before,
         CAST(coalesce(sum(CASE WHEN after_code = '' THEN cases END), 0) AS BIGINT) AS ungrouped_after FROM moved`,
    );
    return {
      moves: rows.map((row) => ({
        before: String(row.before_code),
        after: String(row.after_code),
        cases: row.cases as bigint,
        pointsBefore4: row.before4 as bigint,
        pointsAfter4: row.after4 as bigint,
      })),
      cases: (total.cases ?? 0n) as bigint,
      pointsBefore4: (total.before4 ?? 0n) as bigint,
      pointsAfter4: (total.after4 ?? 0n) as bigint,
      ungroupedBefore: total.ungrouped_before as bigint,
      ungroupedAfter: total.ungrouped_after as bigint,
    };
  } finally {
    engine.close();
  }
}
