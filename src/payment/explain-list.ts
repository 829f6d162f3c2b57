import type { Engine } from '#engine/duckdb.ts';
import type { Language } from '#kernel/locale.ts';
import { explainCase } from './explain-case.ts';
import { renderCaseExplanation } from './explain-text.ts';
import { explainPartCase, explainParts } from './parts/explain-parts.ts';
import { renderPartCase, renderParts } from './parts/parts-text.ts';
import type { Settlement } from './settle-year.ts';

/** Why a list was paid so: what `yibao explain --json` prints, and the same in words. */
export type ListExplanation = {
  readonly json: Readonly<Record<string, unknown>>;
  readonly text: (language: Language) => string;
};

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
  const partCase = await explainPartCase(engine, settlement, setlId);
  if (parts && partCase) {
    return {
      json: { ...partCase, parts },
      text: (language) => `${renderPartCase(partCase, language)}\n${renderParts(parts, language)}`,
    };
  }
  const explanation = await explainCase(engine, settlement, setlId);
  return {
    json: parts ? { ...explanation, parts } : explanation,
    text: (language) =>
      `${renderCaseExplanation(explanation, language)}\n${parts ? `\n${renderParts(parts, language)}` : ''}`,
  };
}
