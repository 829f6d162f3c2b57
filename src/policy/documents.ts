import type { Text } from '#kernel/locale.ts';
import * as errors from '#policy/errors.ts';
import {
  bilingualPart,
  choicePart,
  knownParts,
  mappingParts,
  type Part,
  report,
  scalarText,
  textPart,
  type YamlFile,
} from '#policy/yaml-file.ts';

export const DOCUMENT_STATUSES = ['official', 'abolished', 'draft', 'profile', 'local', 'invented'] as const;
export type DocumentStatus = (typeof DOCUMENT_STATUSES)[number];

/** A document a value can come from. `date` is YYYY, YYYY-MM or YYYY-MM-DD: no more than is known of it. */
export type PolicyDocument = {
  readonly id: string;
  readonly title: Text;
  readonly number: string | null;
  readonly date: string | null;
  readonly status: DocumentStatus;
  /** When its rules hold; null on a side that is open or not known. */
  readonly inForce: { readonly from: string | null; readonly to: string | null };
  /** The version of the payment scheme it sets, such as "DIP 2.0". */
  readonly version: string | null;
  /** Id of the document that ends it. */
  readonly abolishedBy: string | null;
  /** Where it is registered. */
  readonly file: string;
};

export type Documents = ReadonlyMap<string, PolicyDocument>;

/**
 * Reads a mapping of document ids: to a plain title (a local document), or to `{title, number, date, status, in_force,
 * version, abolished_by}`.
 * An id that `outer` already has is a problem: one id is one document.
 */
export function readDocuments(yaml: YamlFile, part: Part, outer: Documents = new Map()): Documents {
  const documents = new Map(outer);
  for (const each of mappingParts(yaml, part)) {
    const other = outer.get(each.key);
    if (other) {
      report(yaml, errors.REPEATED_DOCUMENT, each, { value: each.key, parameters: { other: other.file } });
      continue;
    }
    documents.set(each.key, readDocument(yaml, each));
  }
  return documents;
}

function readDocument(yaml: YamlFile, part: Part): PolicyDocument {
  const plainTitle = scalarText(part.node);
  const base = { id: part.key, file: yaml.file };
  if (plainTitle !== undefined) {
    const title = { zh: plainTitle, en: plainTitle };
    const open = { inForce: { from: null, to: null }, version: null, abolishedBy: null };
    return { ...base, title, number: null, date: null, status: 'local', ...open };
  }
  const keys = knownParts(
    yaml,
    part,
    ['title', 'status'],
    ['number', 'date', 'in_force', 'version', 'abolished_by'],
  );
  const title = bilingualPart(yaml, keys.title);
  const status = choicePart(yaml, keys.status, DOCUMENT_STATUSES);
  const date = dayPart(yaml, keys.date);
  const inForce: Partial<Record<'from' | 'to', Part>> = keys.in_force
    ? knownParts(yaml, keys.in_force, [], ['from', 'to'])
    : {};
  return {
    ...base,
    // What is missing has been reported; the id counts as registered, so that its citations are not reported too.
    title: title ?? { zh: part.key, en: part.key },
    number: textPart(yaml, keys.number) ?? null,
    date,
    status: status ?? 'local',
    inForce: { from: dayPart(yaml, inForce.from), to: dayPart(yaml, inForce.to) },
    version: textPart(yaml, keys.version) ?? null,
    abolishedBy: textPart(yaml, keys.abolished_by) ?? null,
  };
}

/** A date as far as it is known: YYYY, YYYY-MM or YYYY-MM-DD. */
function dayPart(yaml: YamlFile, part: Part | undefined): string | null {
  const date = textPart(yaml, part);
  if (part && date !== undefined && !/^\d{4}(-\d{2}(-\d{2})?)?$/.test(date)) {
    report(yaml, errors.WRONG_DATE, part, { value: date });
  }
  return date ?? null;
}
