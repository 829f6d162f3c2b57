import type { Engine } from '#engine/duckdb.ts';
import type { Language } from '#kernel/locale.ts';
import { type Section, sectionsText } from './explain/sections.ts';
import { explainCase } from './explain-case.ts';
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

/**
 * Explains one list of a settlement, whichever way it was paid: as a case by points, or by a part beside them.
 * @throws YibaoError when the list is refused or not there
 */
export async function explainList(
  engine: Engine,
  settlement: Settlement,
  setlId: string,
): Promise<ListExplanation> {
  const parts = settlement.parts && (await explainParts(engine, settlement));
  const partsIn = (language: Language) => (parts ? partsSections(parts, language) : []);
  const partCase = await explainPartCase(engine, settlement, setlId);
  if (parts && partCase) {
    return {
      json: { ...partCase, parts },
      sections: (language) => [partCaseSection(partCase, language), ...partsIn(language)],
    };
  }
  const explanation = await explainCase(engine, settlement, setlId);
  return {
    json: parts ? { ...explanation, parts } : explanation,
    sections: (language) => [...caseSections(explanation, language), ...partsIn(language)],
  };
}
