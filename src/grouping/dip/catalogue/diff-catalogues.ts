import { entryCells } from './catalogue-text.ts';
import type { CatalogueEntry, GroupCatalogue } from './group-catalogue.ts';
import { entryKey } from './read-catalogue.ts';

/** One cell that differs between two catalogues. */
export type CellChange = { readonly field: string; readonly before: string; readonly after: string };

export type GroupChange =
  | { readonly change: 'came' | 'went'; readonly groupCode: string; readonly entry: CatalogueEntry }
  /** the same code with other cells */
  | {
      readonly change: 'changed';
      readonly groupCode: string;
      readonly entry: CatalogueEntry;
      readonly cells: readonly CellChange[];
    }
  /** the same diagnosis, operations and conditions under another code, or another kind of it */
  | {
      readonly change: 'moved';
      readonly groupCode: string;
      readonly from: string;
      readonly entry: CatalogueEntry;
      readonly cells: readonly CellChange[];
    };

/**
 * What became of the groups between two catalogues, in text order of the codes: came, went, changed (same code), moved (same
 * diagnosis, operations and conditions under another code). A group of several rows is compared as a whole.
 */
export function diffCatalogues(before: GroupCatalogue, after: GroupCatalogue): GroupChange[] {
  const old = groupsOf(before);
  const now = groupsOf(after);
  const changes: GroupChange[] = [];
  const oldByKey = new Map([...old].map(([code, rows]) => [definitionOf(rows), code]));
  const movedFrom = new Set<string>();
  for (const [groupCode, rows] of now) {
    const earlier = old.get(groupCode);
    const entry = rows[0]!;
    if (earlier) {
      const cells = changedCells(earlier, rows);
      if (cells.length > 0) changes.push({ change: 'changed', groupCode, entry, cells });
      continue;
    }
    const from = oldByKey.get(definitionOf(rows));
    if (from !== undefined && !now.has(from)) {
      movedFrom.add(from);
      const cells = changedCells(old.get(from)!, rows);
      changes.push({ change: 'moved', groupCode, from, entry, cells });
    } else {
      changes.push({ change: 'came', groupCode, entry });
    }
  }
  for (const [groupCode, rows] of old) {
    if (!now.has(groupCode) && !movedFrom.has(groupCode)) {
      changes.push({ change: 'went', groupCode, entry: rows[0]! });
    }
  }
  return changes.toSorted((a, b) => (a.groupCode < b.groupCode ? -1 : a.groupCode > b.groupCode ? 1 : 0));
}

const groupsOf = (catalogue: GroupCatalogue): Map<string, CatalogueEntry[]> =>
  Map.groupBy(catalogue.entries, (entry) => entry.groupCode);

/** What a group is, whatever its code, kind and score: its rows' diagnoses, operations and conditions. */
const definitionOf = (rows: readonly CatalogueEntry[]): string =>
  rows
    .map((entry) => entryKey({ ...entry, kind: 'core' }))
    .toSorted()
    .join('\n');

function changedCells(before: readonly CatalogueEntry[], after: readonly CatalogueEntry[]): CellChange[] {
  const column = (rows: readonly CatalogueEntry[], field: string) =>
    [...new Set(rows.map((entry) => entryCells(entry)[field]!))].toSorted().join(' ; ');
  return Object.keys(entryCells(after[0]!))
    .filter((field) => field !== 'group_code')
    .map((field) => ({ field, before: column(before, field), after: column(after, field) }))
    .filter((cell) => cell.before !== cell.after);
}
