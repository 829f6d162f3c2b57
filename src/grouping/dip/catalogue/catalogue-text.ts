import { scaledText } from '#kernel/fraction.ts';
import { yuanText } from '#kernel/money.ts';
import { byText } from '#kernel/text-order.ts';
import { diagnosesText } from './diagnosis-pattern.ts';
import {
  type CatalogueEntry,
  CONDITION_FIELDS,
  type GroupCatalogue,
  type Operation,
} from './group-catalogue.ts';
import { rangeText } from './number-range.ts';
import { operationsText } from './operation-pattern.ts';
import { CATALOGUE_COLUMNS } from './read-catalogue.ts';

const cell = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const line = (cells: readonly string[]): string => `${cells.map(cell).join(',')}\n`;

/** One entry as the cells of a catalogue file, by column. */
export function entryCells(entry: CatalogueEntry): Readonly<Record<string, string>> {
  const numbers = CONDITION_FIELDS.map((field) => {
    const range = entry.numbers[field];
    return [field, range ? rangeText(range) : ''] as const;
  });
  return {
    group_code: entry.groupCode,
    name: entry.name,
    kind: entry.kind,
    diagnosis: diagnosesText(entry.diagnoses),
    other_diagnosis: diagnosesText(entry.otherDiagnoses),
    operations: operationsText(entry.operations),
    class: entry.treatmentClass ?? '',
    ...Object.fromEntries(numbers),
    sex: entry.sex ?? '',
    score: scaledText(entry.score4, 4),
    mean_cost: entry.meanFen === undefined ? '' : yuanText(entry.meanFen),
  };
}

/** A catalogue as a file that `readGroupCatalogue` reads back to the same. */
export function catalogueText(catalogue: GroupCatalogue): string {
  const row = (cells: Readonly<Record<string, string>>) =>
    line(CATALOGUE_COLUMNS.map((column) => cells[column] ?? ''));
  const excluded = catalogue.excludedDiagnoses.map((pattern) =>
    row({ kind: 'excluded-diagnosis', diagnosis: diagnosesText([pattern]) }),
  );
  const listed = (kind: string, codes: ReadonlySet<string>) =>
    [...codes].toSorted(byText).map((code) => row({ kind, operations: code }));
  return [
    line(CATALOGUE_COLUMNS),
    ...catalogue.entries.map((entry) => row(entryCells(entry))),
    ...excluded,
    ...listed('unused-operation', catalogue.unusedOperations),
    ...listed('no-operation', catalogue.noOperations),
  ].join('');
}

/** The list of operations as a file. */
export const operationsFileText = (operations: ReadonlyMap<string, Operation>): string =>
  [
    line(['oprn_oprt_code', 'attribute', 'grade']),
    ...[...operations]
      .toSorted(([a], [b]) => byText(a, b))
      .map(([code, { attribute, grade }]) =>
        line([code, attribute, grade === undefined ? '' : String(grade)]),
      ),
  ].join('');
