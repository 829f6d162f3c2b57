import { CASE_TABLE_FILES, type CaseTables } from '#catalogue/case-tables.ts';
import { groupingMethod } from '#grouping/method.ts';
import type { Text } from '#kernel/locale.ts';
import type { Settlement } from './settle-year.ts';

/** A cell of a group table that names a group no list can be grouped to. */
export type UnknownGroup = {
  readonly file: string;
  readonly row: number;
  readonly field: string;
  readonly value: string;
};

/** Cells named in notes; the manifest has them all. */
const CELLS_SHOWN_MAX = 5;

/** Codes of the group tables that are not among `known`, in the order of the files and their lines. */
export function unknownGroups({ weights, rows }: CaseTables, known: ReadonlySet<string>): UnknownGroup[] {
  const file = CASE_TABLE_FILES.tcm_group;
  const cells: UnknownGroup[] = [
    ...weights.map(({ row, groupCode }) => ({
      file: 'weights.csv',
      row,
      field: 'group_code',
      value: groupCode,
    })),
    ...(rows.get('tcm_group') ?? []).flatMap(([row, group, , fallback]) => [
      { file, row: Number(row), field: 'group_code', value: String(group) },
      { file, row: Number(row), field: 'fallback_group', value: String(fallback) },
    ]),
  ];
  return cells.filter(({ value }) => !known.has(value));
}

/** The same of a settlement; empty where the groups of the method are not known before its lists. */
export function settlementUnknownGroups({ policy, tables, areaFolder }: Settlement): UnknownGroup[] {
  const known = groupingMethod(policy).groupCodes?.(policy, areaFolder);
  return known ? unknownGroups(tables.cases, known) : [];
}

/** What the user should know of them: a misspelled code has no effect, which nobody would notice. */
export function unknownGroupWarnings(unknown: readonly UnknownGroup[], scheme: string): readonly Text[] {
  const shown = unknown.slice(0, CELLS_SHOWN_MAX).map(
    ({ file, row, field, value }): Text => ({
      zh: `${file} 第 ${row} 行 ${field}：分组方案 ${scheme} 没有病组“${value}”，这一行不起作用；如是笔误请改正`,
      en: `${file} line ${row} ${field}: scheme ${scheme} has no group "${value}", the line has no effect; correct it if it is a misspelling`,
    }),
  );
  if (unknown.length <= CELLS_SHOWN_MAX) return shown;
  return [
    ...shown,
    {
      zh: `分组方案没有的病组共 ${unknown.length} 处，全部见 manifest.json 的 groups_not_in_scheme`,
      en: `groups that the scheme does not have stand in ${unknown.length} places, all of them in groups_not_in_scheme of manifest.json`,
    },
  ];
}
