import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '#engine/duckdb.ts';
import type { Language, Text } from '#kernel/locale.ts';
import type { Progress } from '#kernel/progress.ts';
import { UNIT } from '../words.ts';
import { fileNames } from '../workbook/workbooks.ts';
import { SHEET_ROWS_MAX, type Sheet, type SheetCell, writeWorkbook } from '../workbook/xlsx.ts';
import { type CheckData, query, readCheckData, type ScoreRow } from './data.ts';

type FindingRow = {
  file: string;
  row: bigint;
  setl_id: string;
  check_id: string;
  level: string;
  returned: boolean;
  field: string;
  value: string;
  reason: string;
  remedy: string;
};

/** Findings fetched at a time, so that a big institution does not fill the memory. */
const FINDINGS_PER_FETCH = 20_000;

/** Writes one workbook per institution with lists: its findings, and how it did in each check. */
export async function writeCheckWorkbooks(
  engine: Engine,
  folder: string,
  language: Language,
  progress: Progress,
): Promise<number> {
  await mkdir(folder, { recursive: true });
  const data = await readCheckData(engine);
  // numbered once, so that a page of findings is a range and not a sort
  await engine.run(`CREATE OR REPLACE TEMP TABLE workbook_finding AS
    SELECT *, row_number() OVER (PARTITION BY fixmedins_code
      ORDER BY setl_id, check_id, field, value, reason, file, "row") AS number
    FROM finding_result`);
  const names = fileNames(data.scores.map((row) => row.fixmedins_code || 'unknown'));
  for (const [index, institution] of data.scores.entries()) {
    progress.update(index / data.scores.length, institution.fixmedins_code);
    await writeWorkbook(
      join(folder, `${names[index]}.xlsx`),
      [
        await checkSheet(engine, data, institution),
        ...(await findingSheets(engine, data, institution, language)),
      ],
      language,
    );
  }
  return data.scores.length;
}

const column = (zh: string, en: string, width: number, kind: Sheet['columns'][number]['kind'] = 'text') => ({
  title: { zh, en },
  width,
  kind,
});

async function checkSheet(engine: Engine, data: CheckData, institution: ScoreRow): Promise<Sheet> {
  const rows = await query<{
    check_id: string;
    lists: bigint;
    passed: bigint;
    failed: bigint;
    not_applicable: bigint;
  }>(
    engine,
    `SELECT check_id, CAST(sum(lists) AS BIGINT) AS lists, CAST(sum(passed) AS BIGINT) AS passed,
       CAST(sum(failed) AS BIGINT) AS failed, CAST(sum(not_applicable) AS BIGINT) AS not_applicable
     FROM check_institution_result WHERE fixmedins_code = ? GROUP BY check_id ORDER BY failed DESC, check_id`,
    [institution.fixmedins_code],
  );
  const lists = { unit: UNIT.lists };
  const head: SheetCell[][] = [
    [
      { kind: 'heading', value: institution.fixmedins_code },
      { kind: 'heading', value: institution.name },
    ],
    [
      { kind: 'heading', value: '得分 Score' },
      {
        kind: 'text',
        value: `${institution.score2 / 100n}.${String(institution.score2 % 100n).padStart(2, '0')}`,
      },
    ],
    [
      { kind: 'heading', value: '名次 Rank' },
      { kind: 'text', value: `${institution.rank} / ${data.scores.length}` },
    ],
  ];
  return {
    name: { zh: '概况', en: 'Overview' },
    columns: [
      column('规则', 'Check', 20),
      column('名称', 'Title', 44, 'note'),
      column('维度', 'Dimension', 16),
      column('级别', 'Level', 12),
      { ...column('合格', 'Passed', 12, 'count'), ...lists },
      { ...column('不合格', 'Failed', 12, 'count'), ...lists },
      { ...column('不适用', 'Not applicable', 14, 'count'), ...lists },
    ],
    rows: [
      ...head,
      ...rows.map((row): SheetCell[] => {
        const check = data.checks.find(({ check_id }) => check_id === row.check_id)!;
        const both = (text: Text | undefined) => (text ? `${text.zh} ${text.en}` : '');
        return [
          row.check_id,
          `${check.title_zh}\n${check.title_en}`,
          both(data.dimensionTitles.get(check.dimension)),
          both(data.levels.get(check.level)),
          row.passed,
          row.failed,
          row.not_applicable,
        ];
      }),
    ],
  };
}

async function findingSheets(
  engine: Engine,
  data: CheckData,
  institution: ScoreRow,
  language: Language,
): Promise<Sheet[]> {
  const code = institution.fixmedins_code;
  const [{ n } = { n: 0n }] = await query<{ n: bigint }>(
    engine,
    'SELECT count(*) AS n FROM workbook_finding WHERE fixmedins_code = ?',
    [code],
  );
  const perSheet = SHEET_ROWS_MAX - 1;
  const sheets = Math.max(1, Math.ceil(Number(n) / perSheet));
  return Array.from(
    { length: sheets },
    (_, index): Sheet => ({
      name: { zh: '问题', en: 'Findings' },
      columns: [
        column('文件', 'File', 24),
        column('行', 'Row', 10, 'count'),
        column('结算ID', 'setl_id', 20),
        column('规则', 'Check', 9),
        column('级别', 'Level', 9),
        column('退回', 'Returned', 9),
        column('字段', 'Field', 26),
        column('值', 'Value', 22, 'note'),
        column('原因', 'Reason', 60, 'note'),
        column('处理', 'Remedy', 44, 'note'),
      ],
      rows: findingRows(
        engine,
        data,
        code,
        index * perSheet,
        Math.min(Number(n), (index + 1) * perSheet),
        language,
      ),
    }),
  );
}

async function* findingRows(
  engine: Engine,
  data: CheckData,
  code: string,
  from: number,
  to: number,
  language: Language,
): AsyncIterable<SheetCell[]> {
  for (let start = from; start < to; start += FINDINGS_PER_FETCH) {
    const rows = await query<FindingRow>(
      engine,
      'SELECT * FROM workbook_finding WHERE fixmedins_code = ? AND number > ? AND number <= ? ORDER BY number',
      [code, start, Math.min(start + FINDINGS_PER_FETCH, to)],
    );
    for (const row of rows) {
      yield [
        row.file,
        row.row,
        row.setl_id,
        row.check_id,
        data.levels.get(row.level)?.[language] ?? row.level,
        row.returned ? (language === 'zh' ? '退回' : 'yes') : '',
        row.field,
        row.value,
        row.reason,
        row.remedy,
      ];
    }
  }
}
