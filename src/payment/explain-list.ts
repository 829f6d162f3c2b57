import type { Engine } from '#engine/duckdb.ts';
import type { Language } from '#kernel/locale.ts';
import { type Section, sectionsText } from './explain/sections.ts';
import { type CaseExplanation, explainCase } from './explain-case.ts';
import { caseSections } from './explain-text.ts';
import { explainPartCase, explainParts } from './parts/explain-parts.ts';
import { partCaseSection, partsSections } from './parts/parts-text.ts';
import type { Settlement } from './settle-year.ts';

/** Why a list was paid so: what `yibao explain --json` prints, and the same in words. */
export type ListExplanation = {
  readonly json: Readonly<Record<string, unknown>>;
  readonly sections: (language: Language) => readonly Section[];
};

/** The words of `yibao explain`. */
export const listText = ({ sections }: ListExplanation, language: Language): string =>
  `${sectionsText(sections(language))}\n`;

/** What of a chain a reader may be told: its points, the month that pays it, the year that clears it. */
export type Told = { readonly points: boolean; readonly month: boolean; readonly year: boolean };
const ALL: Told = { points: true, month: true, year: true };

/**
 * Explains one list of a settlement, whichever way it was paid: as a case by points, or by a part beside them.
 * @param published for a reader of an institution the periods that are published, `YYYY-MM` or `clearing`: what is worked
 * out of another period stays untold, and so does how the budget is split among all; undefined: everything is told
 * @throws YibaoError when the list is refused or not there
 */
export async function explainList(
  engine: Engine,
  settlement: Settlement,
  setlId: string,
  published?: readonly string[],
): Promise<ListExplanation> {
  const isCleared = published === undefined || published.includes('clearing');
  const parts =
    published === undefined ? settlement.parts && (await explainParts(engine, settlement)) : undefined;
  const partsIn = (language: Language) => (parts ? partsSections(parts, language) : []);
  const partCase = await explainPartCase(engine, settlement, setlId);
  if (settlement.parts && partCase) {
    const told = isCleared ? partCase : { ...partCase, bed_day: undefined };
    return {
      json: parts ? { ...told, parts } : told,
      sections: (language) => [partCaseSection(told, language), ...partsIn(language)],
    };
  }
  const explanation = await explainCase(engine, settlement, setlId);
  const isMonthTold = published === undefined || published.includes(explanation.month.month);
  const told: Told =
    published === undefined ? ALL : { points: isMonthTold || isCleared, month: isMonthTold, year: isCleared };
  const json = toldOf(explanation, told);
  return {
    json: parts ? { ...json, parts } : json,
    sections: (language) => [...caseSections(explanation, language, told), ...partsIn(language)],
  };
}

const OF_POINTS = ['ratio', 'adjustments', 'score_points', 'points', 'points_exact'] as const;
const OF_MONTH = ['month'] as const;
const OF_YEAR = ['settlement_point_value', 'scheme', 'clearing', 'budget', 'rates'] as const;

/** The explanation without what is not told, and what that is, so that a reader knows. */
function toldOf(explanation: CaseExplanation, told: Told): Readonly<Record<string, unknown>> {
  const untold = new Set<string>([
    ...(told.points ? [] : OF_POINTS),
    ...(told.month ? [] : OF_MONTH),
    ...(told.year ? [] : OF_YEAR),
  ]);
  if (untold.size === 0) return explanation;
  return {
    ...Object.fromEntries(Object.entries(explanation).filter(([field]) => !untold.has(field))),
    not_published: Object.entries(told).flatMap(([what, isTold]) => (isTold ? [] : [what])),
  };
}
