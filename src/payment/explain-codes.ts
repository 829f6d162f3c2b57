import {
  createMapper,
  type ListMapping,
  MAPPED_SIDES,
  type MappedCode,
  type MappedSide,
  mapText,
} from '#catalogue/codes/index.ts';
import type { Engine } from '#engine/duckdb.ts';
import type { Language, Text } from '#kernel/locale.ts';

/** What a mapping table made of the codes on one side of a list, in their order. */
export type CodeMappingExplanation = {
  readonly side: MappedSide;
  readonly table: string;
  readonly table_sha256: string;
  readonly codes: readonly MappedCode[];
};

/**
 * The codes of one list as written and as mapped; nothing when the settlement maps none. The one-code rule is run again
 * and must agree with what the SQL made of the list.
 * @param used principal diagnosis (or all diagnoses, where lists keep them) and procedures as they were grouped
 */
export async function explainCodeMapping(
  engine: Engine,
  mapping: ListMapping | undefined,
  setlId: string,
  used: { readonly diagnosis: string; readonly diagnoses: string | null; readonly procedures: string },
): Promise<readonly CodeMappingExplanation[]> {
  if (mapping === undefined) return [];
  const [written = used] = (await engine.rows('SELECT * FROM written_code WHERE setl_id = ?', [
    setlId,
  ])) as unknown as (typeof used)[];
  return MAPPED_SIDES.flatMap((side) => {
    const table = mapping[side];
    if (table === undefined) return [];
    const textOf = (codes: typeof used) =>
      side === 'procedures'
        ? codes.procedures
        : used.diagnoses === null
          ? codes.diagnosis
          : (codes.diagnoses ?? '');
    const { text, codes } = mapText(createMapper(table.pairs), textOf(written));
    if (text !== textOf(used)) {
      throw new Error(`codes of ${setlId}: explanation maps to ${text}, the run to ${textOf(used)}`);
    }
    return [{ side, table: table.name, table_sha256: table.content_sha256, codes }];
  });
}

const SIDES: Readonly<Record<MappedSide, Text>> = {
  diagnoses: { zh: '诊断', en: 'diagnosis' },
  procedures: { zh: '手术操作', en: 'procedure' },
};

/** One line for each code: what was written, what it became, and why not where it stays. */
export function codeMappingLines(
  explanations: readonly CodeMappingExplanation[],
  language: Language,
): string[] {
  const zh = language === 'zh';
  return explanations.flatMap(({ side, table, table_sha256, codes }) => [
    zh
      ? `${SIDES[side].zh}用映射表 ${table}（SHA-256 ${table_sha256.slice(0, 12)}…）`
      : `${SIDES[side].en}: mapping table ${table} (SHA-256 ${table_sha256.slice(0, 12)}…)`,
    ...codes.map((each) => `· ${codeLine(each, language)}`),
  ]);
}

function codeLine({ original, code, status, targets }: MappedCode, language: Language): string {
  const zh = language === 'zh';
  const all = targets.join(zh ? '、' : ', ');
  switch (status) {
    case 'mapped':
      if (targets.length === 1) return `${original} → ${code}`;
      return zh
        ? `${original} → ${code}（${targets.length} 个对应中的首选：${all}）`
        : `${original} → ${code} (the preferred one of ${targets.length} targets: ${all})`;
    case 'unchanged':
      return zh ? `${original} 不变` : `${original} stays the same`;
    case 'ambiguous':
      return zh
        ? `${original} 原样保留：有 ${targets.length} 个对应而没有首选（${all}）`
        : `${original} left as it is: ${targets.length} targets and none preferred (${all})`;
    case 'unknown':
      return zh ? `${original} 原样保留：映射表中没有` : `${original} left as it is: not in the table`;
  }
}
