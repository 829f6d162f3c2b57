import type { ProcedureAttribute } from '#catalogue/area-tables.ts';
import { bareDiagnosis, type DiagnosisPattern, matchesDiagnosis } from './diagnosis-pattern.ts';
import type { NumberRange } from './number-range.ts';
import { type OperationPattern, operationsText } from './operation-pattern.ts';

/** Kinds of disease groups, in the order of the official grouping where it has one. */
export const GROUP_KINDS = [
  'pre-group',
  'merged',
  'diagnosis-assisted',
  'core',
  'primary-care',
  'tcm',
  'day-surgery',
  'comprehensive',
  'blank',
] as const;
export type GroupKind = (typeof GROUP_KINDS)[number];

/** Classes of comprehensive groups: 4 surgery and intervention, 3 therapeutic, 2 diagnostic, 1 without an operation. */
export const TREATMENT_CLASSES = ['1', '2', '3', '4'] as const;
export type TreatmentClass = (typeof TREATMENT_CLASSES)[number];

/** Numbers of a case that a group may ask for. */
export const CONDITION_FIELDS = ['age_years', 'age_days', 'birth_weight_g', 'length_of_stay'] as const;
export type ConditionField = (typeof CONDITION_FIELDS)[number];

/** One row of a catalogue. Rows with one group_code are alternatives of one group. */
export type CatalogueEntry = {
  readonly groupCode: string;
  readonly name: string;
  readonly kind: GroupKind;
  /** none: any principal diagnosis (pre-groups); not read of the blank group */
  readonly diagnoses: readonly DiagnosisPattern[];
  /** one of the other diagnoses must match; none: no condition */
  readonly otherDiagnoses: readonly DiagnosisPattern[];
  readonly operations: OperationPattern;
  /** of a comprehensive group; undefined: all classes (safety group of a chapter) */
  readonly treatmentClass: TreatmentClass | undefined;
  readonly numbers: Readonly<Partial<Record<ConditionField, NumberRange>>>;
  /** 1 male, 2 female */
  readonly sex: '1' | '2' | undefined;
  /** in units of 10^−4 */
  readonly score4: bigint;
  /** mean cost in fen, where the catalogue gives one */
  readonly meanFen: bigint | undefined;
  /** line of the file, for messages */
  readonly row: number;
};

/** What is known of an operation code. `minor` does not count for grouping, as if it had not been done. */
export type Operation = {
  readonly attribute: ProcedureAttribute;
  /** grade of the operation, 1 to 4, where the list gives one */
  readonly grade: number | undefined;
};

/** Groups with what grouping needs beside them. */
export type GroupCatalogue = {
  readonly name: string;
  readonly entries: readonly CatalogueEntry[];
  /** codes that may not be a principal diagnosis */
  readonly excludedDiagnoses: readonly DiagnosisPattern[];
  /** operations that are not used for grouping */
  readonly unusedOperations: ReadonlySet<string>;
  /** operations that count as none: the case is grouped as conservative */
  readonly noOperations: ReadonlySet<string>;
  /** undefined: no list of operations was given, every code counts and the class of none is known */
  readonly operations: ReadonlyMap<string, Operation> | undefined;
};

/** A catalogue made ready for many cases: entries by the category of their diagnosis. */
export class CatalogueIndex {
  readonly catalogue: GroupCatalogue;
  readonly #byCategory = new Map<string, CatalogueEntry[]>();
  /** ranges, and entries without a diagnosis */
  readonly #wide: CatalogueEntry[] = [];
  readonly #blank = new Map<string, CatalogueEntry>();

  constructor(catalogue: GroupCatalogue) {
    this.catalogue = catalogue;
    for (const entry of catalogue.entries) {
      if (entry.kind === 'blank') {
        this.#blank.set(entry.groupCode, entry);
        continue;
      }
      const categories = new Set(entry.diagnoses.map(categoryOf));
      if (categories.size === 0 || categories.has(undefined)) {
        this.#wide.push(entry);
        continue;
      }
      for (const category of categories) {
        const list = this.#byCategory.get(category!) ?? [];
        if (list.length === 0) this.#byCategory.set(category!, list);
        list.push(entry);
      }
    }
  }

  /** The blank group of this code, where the catalogue lists it. */
  blankEntry(groupCode: string): CatalogueEntry | undefined {
    return this.#blank.get(groupCode);
  }

  /** The entries whose diagnosis the case has, in the order of the catalogue's file; never the blank group. */
  entriesOf(diagnosis: string): CatalogueEntry[] {
    const code = bareDiagnosis(diagnosis);
    const own = [...(this.#byCategory.get(code.slice(0, 3)) ?? []), ...this.#wide];
    return own
      .filter(
        ({ diagnoses }) =>
          diagnoses.length === 0 || diagnoses.some((pattern) => matchesDiagnosis(pattern, code)),
      )
      .toSorted((a, b) => a.row - b.row);
  }
}

const categoryOf = (pattern: DiagnosisPattern): string | undefined =>
  pattern.kind === 'range' ? undefined : pattern.text.slice(0, 3);

/** Whether a comprehensive entry stands for a range of categories and not for one. */
export const isRangeEntry = (entry: CatalogueEntry): boolean =>
  entry.diagnoses.some((pattern) => pattern.kind === 'range');

export const entryOperationsText = (entry: CatalogueEntry): string => operationsText(entry.operations);
