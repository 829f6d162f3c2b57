import type { Outcome } from './case.ts';
import { NUMBER_FIELDS, TEXT_FIELDS } from './condition.ts';

/** Numbers and texts of a case, in the order in which a program numbers them. */
export const FACT_FIELDS = [...NUMBER_FIELDS, ...TEXT_FIELDS] as const;
export type FactField = (typeof FACT_FIELDS)[number];
export const FACT_COUNT = FACT_FIELDS.length;

/** Lists of numbers, one behind the other: list `i` is `values[offsets[i]]` to before `values[offsets[i + 1]]`. */
export type NumberLists = { readonly offsets: readonly number[]; readonly values: readonly number[] };

/** What a code does in one of the four places where it can stand: the tests it makes true, the items it makes worth trying. */
export type CodeEffects = { readonly tests: NumberLists; readonly items: NumberLists };

export const ROLES = [
  'principalDiagnosis',
  'otherDiagnosis',
  'principalProcedure',
  'otherProcedure',
] as const;
export type Role = (typeof ROLES)[number];

/**
 * A scheme compiled: plain data that JSON can hold. Every code, test, step and result is a number.
 *
 * - A *test* is a distinct comparison of the language, such as `principal_diagnosis in @MDCP` or `age_days <= 28`.
 * - A *node* asks one test and names what follows when it holds and when it does not: another node (≥ 0), an outcome
 *   (`-1 - outcome`), or the search for the next item (see `grouper.ts`).
 * - An *item* is an mdc, adrg or ambiguous step. Most can hold only when one of a few codes is there; `items` of a code
 *   are those it makes worth trying, `alwaysTried` those that have no such code.
 */
export type Program = {
  readonly version: number;
  /** code number `i + 1` is `codes[i]`; 0 is every code the scheme does not tell apart */
  readonly codes: readonly string[];
  readonly effects: Readonly<Record<Role, CodeEffects>>;
  /** by code number: its exclusion list as a principal diagnosis, 0 = none */
  readonly exclusion: readonly number[];
  /** by code number: 0 = none, 1 = without exclusion list, else the exclusion list */
  readonly mcc: readonly number[];
  readonly cc: readonly number[];
  /** the test `has_mcc` and `has_cc`, -1 = not asked */
  readonly mccTest: number;
  readonly ccTest: number;
  /** by code number: the parts in which it counts for diagnosis_sites; parts are numbered over all lists */
  readonly sites: NumberLists;
  /** the list of each part */
  readonly siteListOfPart: readonly number[];
  /** by list and number of sites, capped at `siteCap`: the tests that hold */
  readonly siteCap: number;
  readonly siteTests: NumberLists;
  /** by fact: where its classes begin in `factTests`, and what tells them apart */
  readonly facts: readonly {
    readonly firstClass: number;
    /** ascending, of a number: class by interval (below the first limit, at it, between it and the next …), then missing */
    readonly limits: readonly number[];
    readonly classOfInterval: readonly number[];
    /** of a text: values asked for; class 0 is any other */
    readonly values: readonly string[];
    readonly classes: number;
  }[];
  /** by class of fact: the tests that hold */
  readonly factTests: NumberLists;
  readonly tests: number;
  readonly nodeTest: readonly number[];
  readonly nodeYes: readonly number[];
  readonly nodeNo: readonly number[];
  /** by section: its first item; the last entry is the number of items */
  readonly sectionItems: readonly number[];
  /** by section, then by item: the node or outcome it begins with */
  readonly sectionEntry: readonly number[];
  readonly itemEntry: readonly number[];
  readonly alwaysTriedSections: readonly number[];
  readonly alwaysTriedItems: readonly number[];
  /** outcome 0 is ungrouped */
  readonly outcomes: readonly Outcome[];
};

/** Raised when the shape or the meaning of a program changes, so that stored ones are compiled again. */
export const PROGRAM_VERSION = 2;
