import type { Engine, Row } from '#engine/duckdb.ts';
import type { Fraction } from '#kernel/fraction.ts';
import type { Language } from '#kernel/locale.ts';
import type { OptionOf } from '#policy/index.ts';
import type { ExplainedStep } from '../explain-case.ts';
import type { Settlement } from '../settle-year.ts';
import { dipCataloguePart } from './dip-catalogue.ts';
import { dipReferencePart } from './dip-reference.ts';
import { drgPart } from './drg.ts';

/** What the writer of an explanation offers to its parts. */
export type ExplanationWriter = {
  readonly language: Language;
  readonly section: (zh: string, en: string) => void;
  readonly line: (zh: string, en: string) => void;
  /** names the documents and articles of a rule: pairs of document id and article */
  readonly rule: (...sources: readonly (readonly [string, string])[]) => void;
  /** names parameters with value, title and source */
  readonly cite: (...parameters: readonly string[]) => void;
};

/** How one list came to its group: what each method of grouping adds to the explanation of a case. */
export type GroupingPart = {
  readonly groupCode: string | undefined;
  readonly kind: string;
  /** lists and cost of the group by history year, as rows (year, cases, cost_fen) */
  readonly groupYears: readonly Row[];
  /** mean cost of the group where it is not that of its history */
  readonly meanFen?: Fraction;
  /** where the later steps stand, for a method that does not follow the reference profile */
  readonly sources?: Partial<Readonly<Record<ExplainedStep, readonly (readonly [string, string])[]>>>;
  /** what `explain --json` says of it; the keys are those of the method */
  readonly json: Readonly<Record<string, unknown>>;
  readonly write: (writer: ExplanationWriter) => void;
};

/** @param row the list in `case_result`, with name and level of its institution */
export type MakeGroupingPart = (engine: Engine, settlement: Settlement, row: Row) => Promise<GroupingPart>;

/** The part of each option of `grouping.method`. */
export const GROUPING_PARTS: Readonly<Record<OptionOf<'grouping.method'>, MakeGroupingPart>> = {
  'dip-reference': dipReferencePart,
  'dip-catalogue': dipCataloguePart,
  drg: drgPart,
};
