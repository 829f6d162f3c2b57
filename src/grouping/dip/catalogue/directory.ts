import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bareDiagnosis } from './diagnosis-pattern.ts';
import type { CatalogueEntry, GroupCatalogue, TreatmentClass } from './group-catalogue.ts';

/** Chapters and sections of ICD-10 by the ranges of their categories. */
const SECTIONS = readFileSync(join(import.meta.dirname, 'icd10-sections.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [chapter, section] = line.split(',') as [string, string];
    const [from, to] = section.split('-') as [string, string];
    return { chapter: Number(chapter), section, from, to };
  });

/** Where a group stands in the three-level directory for monitoring; the third level is the group itself. */
export type DirectoryPlace = {
  /** ICD-10 chapter, 1 to 22; undefined for a group of no or several chapters */
  readonly chapter: number | undefined;
  /** section and class, such as I20-I25-4 */
  readonly level1: string | undefined;
  /** subcategory (or category) and class, such as I25.1-4 */
  readonly level2: string | undefined;
};

export function sectionOf(diagnosis: string): { chapter: number; section: string } | undefined {
  const category = bareDiagnosis(diagnosis).slice(0, 3);
  return SECTIONS.find(({ from, to }) => category >= from && category <= to);
}

/** Class of a group: that of a comprehensive group, else the highest among its operations; undefined when unknown. */
export function classOfEntry(
  entry: CatalogueEntry,
  catalogue: GroupCatalogue,
  comprehensiveClass: Readonly<Record<string, TreatmentClass>>,
): TreatmentClass | undefined {
  if (entry.kind === 'comprehensive') return entry.treatmentClass;
  const codes = entry.operations.parts.flat();
  if (codes.length === 0) return comprehensiveClass.none;
  const classes = codes.flatMap((code) => {
    const attribute = catalogue.operations?.get(code)?.attribute;
    return attribute === undefined ? [] : (comprehensiveClass[attribute] ?? []);
  });
  return classes.toSorted().at(-1);
}

/** Source: three-level directory, docs/domain/dip.md#catalogue-format. */
export function directoryPlace(
  entry: CatalogueEntry,
  treatmentClass: TreatmentClass | undefined,
): DirectoryPlace {
  const first = entry.diagnoses[0];
  const isOne = first !== undefined && first.kind !== 'range';
  const section = isOne ? sectionOf(first.text) : undefined;
  const suffix = treatmentClass === undefined ? '' : `-${treatmentClass}`;
  return {
    chapter: section?.chapter,
    level1: section && `${section.section}${suffix}`,
    level2: isOne ? `${first.text.slice(0, 5)}${suffix}` : undefined,
  };
}
