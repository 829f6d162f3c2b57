import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Text } from '#kernel/locale.ts';

/** One step of a kind of approval, as a line of transitions.csv. */
export type Transition = {
  readonly kind: string;
  readonly action: string;
  /** the states it may be taken from */
  readonly from: readonly string[];
  readonly to: string;
  /** actions of permissions.csv, one of which the role must have */
  readonly permissions: readonly string[];
  /** earlier actions of the same round whose takers may not take this one: the four eyes */
  readonly otherThan: readonly string[];
  readonly needsReason: boolean;
  readonly title: Text;
};

/** Reads the one table of who follows whom, `transitions.csv`. */
export function readTransitions(file = join(import.meta.dirname, 'transitions.csv')): readonly Transition[] {
  const words = (cell: string | undefined) => (cell ?? '').split(' ').filter((word) => word !== '');
  const rows = parse(readFileSync(file, 'utf8'), { columns: true }) as Record<string, string>[];
  const transitions = rows.map((row) => ({
    kind: row.kind!,
    action: row.action!,
    from: words(row.from),
    to: row.to!,
    permissions: words(row.permission),
    otherThan: words(row.other_than),
    needsReason: row.reason === 'yes',
    title: { zh: row.zh!, en: row.en! },
  }));
  for (const one of transitions) {
    const actions = new Set(
      transitions.filter((other) => other.kind === one.kind).map((other) => other.action),
    );
    const unknown = one.otherThan.find((action) => !actions.has(action));
    if (unknown) throw new Error(`transitions.csv: ${one.kind} ${one.action} names the action ${unknown}`);
    if (one.permissions.length === 0)
      throw new Error(`transitions.csv: ${one.kind} ${one.action} has no permission`);
  }
  return transitions;
}

export const TRANSITIONS = readTransitions();

/** The state every approval begins in. */
export const FIRST_STATE = 'draft';
/** States that end an approval: its subject may be taken up anew. */
export const LAST_STATES: readonly string[] = ['withdrawn', 'reversed', 'closed', 'refused'];
