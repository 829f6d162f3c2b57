import type { CoreGroup } from './assign-group.ts';
import type {
  CatalogueEntry,
  GroupCatalogue,
  Operation,
  TreatmentClass,
} from './catalogue/group-catalogue.ts';
import type { GroupingProfile } from './steps/grouping-state.ts';

/** The assignment of the reference profile as named steps: the same groups as `assignGroup` gives. */
export const REFERENCE_STEPS: GroupingProfile['steps'] = [
  'operation-lists',
  'core',
  'conservative',
  'comprehensive',
  'most-matched',
  'higher-score',
];

const NOTHING = {
  name: '',
  otherDiagnoses: [],
  numbers: {},
  sex: undefined,
  meanFen: undefined,
} as const;

/** A text of the wanted length is a start, a shorter one a whole code: `dx5` and `dx3` of the reference profile. */
const keyPattern = (text: string, length: number) =>
  ({ kind: [...text].length === length ? 'start' : 'whole', text }) as const;

/**
 * The groups that the reference profile makes from the history, as a catalogue.
 * @param diagnosisLengths characters of the diagnosis in core and comprehensive keys
 */
export function referenceCatalogue(
  core: readonly (CoreGroup & { readonly meanFen?: bigint })[],
  comprehensive: readonly {
    readonly groupCode: string;
    readonly score4: bigint;
    readonly meanFen?: bigint;
  }[],
  operations: ReadonlyMap<string, Operation>,
  diagnosisLengths: { readonly core: number; readonly comprehensive: number } = { core: 5, comprehensive: 3 },
): GroupCatalogue {
  const entries: Omit<CatalogueEntry, 'row'>[] = [
    ...core.map(({ groupCode, procedures, score4, meanFen }) => ({
      ...NOTHING,
      groupCode,
      kind: 'core' as const,
      diagnoses: [keyPattern(groupCode.split('+')[0]!, diagnosisLengths.core)],
      operations: { parts: procedures.map((code) => [code]) },
      treatmentClass: undefined,
      score4,
      meanFen,
    })),
    ...comprehensive.map(({ groupCode, score4, meanFen }) => ({
      ...NOTHING,
      groupCode,
      kind: 'comprehensive' as const,
      diagnoses: [keyPattern(groupCode.replace(/-[^-]*$/, ''), diagnosisLengths.comprehensive)],
      operations: { parts: [] },
      treatmentClass: groupCode.slice(groupCode.lastIndexOf('-') + 1) as TreatmentClass,
      score4,
      meanFen,
    })),
  ];
  return {
    name: 'reference',
    entries: entries.map((entry, index) => ({ ...entry, row: index + 2 })),
    excludedDiagnoses: [],
    unusedOperations: new Set(),
    noOperations: new Set(),
    operations,
  };
}
