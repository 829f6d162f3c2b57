import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Text } from '#kernel/locale.ts';

/** One way from state to state, as a line of states.csv. */
export type WorkStep = {
  /** lists of this kind: `not-enrolled`, or `duplicate` for all others */
  readonly kinds: string;
  readonly action: string;
  readonly from: readonly string[];
  readonly to: string;
  /** a person takes the step, or the data themselves when the lists are made anew */
  readonly by: 'person' | 'data';
  readonly needsNote: boolean;
  readonly title: Text;
};

/** Reads the one table of what follows what, `states.csv`. */
export function readWorkSteps(file = join(import.meta.dirname, 'states.csv')): readonly WorkStep[] {
  const rows = parse(readFileSync(file, 'utf8'), { columns: true }) as Record<string, string>[];
  return rows.map((row) => {
    if (row.by !== 'person' && row.by !== 'data')
      throw new Error(`states.csv: ${row.action}, by: "${row.by}"`);
    return {
      kinds: row.kinds!,
      action: row.action!,
      from: row.from!.split(' '),
      to: row.to!,
      by: row.by,
      needsNote: row.note === 'yes',
      title: { zh: row.zh!, en: row.en! },
    };
  });
}

export const WORK_STEPS = readWorkSteps();
export const FIRST_WORK_STATE = 'found';
/** The group of states.csv a kind of list belongs to. */
export const stepsOf = (kind: string): readonly WorkStep[] =>
  WORK_STEPS.filter(({ kinds }) => kinds === (kind === 'not-enrolled' ? kind : 'duplicate'));
