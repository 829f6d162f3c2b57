import type { Cell, Engine } from '#engine/duckdb.ts';
import type { Text } from '#kernel/locale.ts';

export type CheckArea = {
  code: string;
  name: string;
  period: string;
  files: bigint;
  lists: bigint;
  refused: bigint;
};
export type CheckRow = {
  check_id: string;
  dimension: string;
  level: string;
  returned: boolean;
  title_zh: string;
  title_en: string;
  lists: bigint;
  passed: bigint;
  failed: bigint;
  not_applicable: bigint;
  not_supplied: bigint;
  reason_not_supplied: string | null;
};
/** score2: × 100 */
export type ScoreRow = {
  rank: bigint;
  fixmedins_code: string;
  name: string;
  lists: bigint;
  failing_lists: bigint;
  returned_lists: bigint;
  errors: bigint;
  warnings: bigint;
  notices: bigint;
  score2: bigint;
};
export type TrendRow = {
  fixmedins_code: string;
  name: string;
  month: string;
  lists: bigint;
  failing_lists: bigint;
  returned_lists: bigint;
  score2: bigint;
};
export type DimensionRow = { dimension: string; level: string; failed: bigint; lists: bigint };
export type NotComputableRow = {
  rule: string;
  title_zh: string;
  title_en: string;
  reason_zh: string;
  reason_en: string;
};

/** What the page, the workbooks and the summary of a check show, read from the tables of the engine. */
export type CheckData = {
  readonly area: CheckArea;
  readonly checks: readonly CheckRow[];
  readonly scores: readonly ScoreRow[];
  readonly trend: readonly TrendRow[];
  readonly dimensions: readonly DimensionRow[];
  readonly notComputable: readonly NotComputableRow[];
  /** levels and dimensions in words, in their order */
  readonly levels: ReadonlyMap<string, Text>;
  readonly dimensionTitles: ReadonlyMap<string, Text>;
};

/** The rows of a query over the tables of a check. */
export const query = async <Result>(
  engine: Engine,
  sql: string,
  parameters?: readonly Cell[],
): Promise<Result[]> => (await engine.rows(sql, parameters)) as unknown as Result[];

export async function readCheckData(engine: Engine): Promise<CheckData> {
  const words = await query<{ kind: string; code: string; zh: string; en: string }>(
    engine,
    'SELECT kind, code, zh, en FROM check_word ORDER BY kind, position',
  );
  const titles = (kind: string) =>
    new Map(words.filter((row) => row.kind === kind).map(({ code, zh, en }) => [code, { zh, en }]));
  const [area] = await query<CheckArea>(engine, 'SELECT * FROM check_area');
  return {
    area: area!,
    checks: await query<CheckRow>(engine, 'SELECT * FROM check_result ORDER BY check_id'),
    scores: await query<ScoreRow>(
      engine,
      'SELECT * FROM institution_score_result ORDER BY rank, fixmedins_code',
    ),
    trend: await query<TrendRow>(
      engine,
      'SELECT * FROM institution_trend_result ORDER BY fixmedins_code, month',
    ),
    dimensions: await query<DimensionRow>(engine, 'SELECT * FROM dimension_result ORDER BY dimension, level'),
    notComputable: await query<NotComputableRow>(engine, 'SELECT * FROM not_computable ORDER BY rule'),
    levels: titles('level'),
    dimensionTitles: titles('dimension'),
  };
}

export const titleOf = (row: { readonly title_zh: string; readonly title_en: string }): Text => ({
  zh: row.title_zh,
  en: row.title_en,
});
/** An institution by its name, or its code where it has none. */
export const nameOf = (row: { readonly name: string; readonly fixmedins_code: string }): string =>
  row.name || row.fixmedins_code || '—';
/** The checks that failed most lists. */
export const worstChecks = (data: CheckData, count: number): CheckRow[] =>
  data.checks
    .filter(({ failed }) => failed > 0n)
    .toSorted((a, b) =>
      a.failed === b.failed ? (a.check_id < b.check_id ? -1 : 1) : a.failed > b.failed ? -1 : 1,
    )
    .slice(0, count);
