import type { Command } from 'commander';
import type { Engine } from '#engine/duckdb.ts';
import type { Language } from '#kernel/locale.ts';

/** Options of every command that reads settlement lists. */
export type CodeMappingOptions = { readonly mapDiagnoses?: string; readonly mapProcedures?: string };

export function addCodeMappingOptions(command: Command, language: Language): Command {
  const zh = language === 'zh';
  return command
    .option(
      '--map-diagnoses <table>',
      zh
        ? '诊断编码先用这个映射表对照：导入的名称，或 CSV、XLSX 文件；none 为不对照（默认按 area.yaml，没有则不对照）'
        : 'map diagnosis codes with this table first: an imported name, or a CSV or XLSX file; none for no mapping (default: as area.yaml says, if there is one)',
    )
    .option('--map-procedures <table>', zh ? '手术操作编码的映射表，同上' : 'the same for procedure codes');
}

/** The tables named with a command, as the settlement takes them. */
export const codeMappingOf = (options: CodeMappingOptions) => ({
  ...(options.mapDiagnoses === undefined ? {} : { diagnoses: options.mapDiagnoses }),
  ...(options.mapProcedures === undefined ? {} : { procedures: options.mapProcedures }),
});

/** What the mapping of codes came to, one line for each table. */
export async function codeMappingSummary(engine: Engine, language: Language): Promise<string[]> {
  const zh = language === 'zh';
  const rows = await engine.rows(`
    SELECT
      t.side
      , t.name
      , count(CASE WHEN r.status = 'mapped' THEN 1 END) AS mapped
      , count(CASE WHEN r.status = 'unchanged' THEN 1 END) AS unchanged
      , count(CASE WHEN r.status = 'ambiguous' THEN 1 END) AS ambiguous
      , count(CASE WHEN r.status = 'unknown' THEN 1 END) AS unknown
    FROM code_mapping_table AS t
    LEFT JOIN code_mapping_result AS r ON r.side = t.side
    GROUP BY t.side, t.name
    ORDER BY t.side`);
  return rows.map(({ side, name, mapped, unchanged, ambiguous, unknown }) => {
    const what =
      side === 'diagnoses' ? (zh ? '诊断编码' : 'diagnosis codes') : zh ? '手术操作编码' : 'procedure codes';
    return zh
      ? `${what}对照（${name}）：对照 ${mapped} 个，不变 ${unchanged} 个，多个对应而无首选 ${ambiguous} 个，表中没有 ${unknown} 个；后两种原样保留，见 code_mapping.csv`
      : `${what} mapped with ${name}: ${mapped} mapped, ${unchanged} unchanged, ${ambiguous} ambiguous, ${unknown} not in the table; the last two stay as they are, see code_mapping.csv`;
  });
}

/** What the mapping of the codes of one side came to, where no file lists them. */
export function mappedCodesText(
  side: 'diagnoses' | 'procedures',
  table: string,
  counts: Readonly<Record<'mapped' | 'unchanged' | 'ambiguous' | 'unknown', number>>,
  language: Language,
): string {
  const zh = language === 'zh';
  const { mapped, unchanged, ambiguous, unknown } = counts;
  const what =
    side === 'diagnoses' ? (zh ? '诊断编码' : 'diagnosis codes') : zh ? '手术操作编码' : 'procedure codes';
  return zh
    ? `${what}对照（${table}）：对照 ${mapped} 个，不变 ${unchanged} 个，多个对应而无首选 ${ambiguous} 个，表中没有 ${unknown} 个；后两种原样保留`
    : `${what} mapped with ${table}: ${mapped} mapped, ${unchanged} unchanged, ${ambiguous} ambiguous, ${unknown} not in the table; the last two stay as they are`;
}
