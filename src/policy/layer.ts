import { isMap, isScalar, isSeq, type YAMLSeq } from 'yaml';
import type { Text } from '#kernel/locale.ts';
import { dateOfText } from '#policy/dates.ts';
import type { Documents, PolicyDocument } from '#policy/documents.ts';
import * as errors from '#policy/errors.ts';
import {
  expectedValue,
  isParameterName,
  nearNames,
  PARAMETERS,
  type ParameterDefinition,
  type ParameterName,
  type ParameterValue,
  parseValue,
} from '#policy/parameters.ts';
import { readTable } from '#policy/table-yaml.ts';
import {
  bilingualPart,
  choicePart,
  knownParts,
  listParts,
  mappingParts,
  type Part,
  report,
  scalarText,
  textPart,
  type YamlFile,
} from '#policy/yaml-file.ts';

/** From the outermost to the nearest; `area` is the area folder's own `area.yaml`, `scenario` what a simulation assumes. */
export type LayerName = 'national' | 'province' | 'city' | 'area' | 'scenario';

/** Whether the number stands in the document named, is what cities do, or is only this profile's choice. */
export const BASES = ['confirmed', 'practice', 'profile'] as const;
export type Basis = (typeof BASES)[number];

export type Citation = { readonly document: PolicyDocument; readonly article: string | null };

/** One value of one parameter in one layer, from a date on. */
export type DatedValue = {
  readonly parameter: ParameterName;
  readonly effectiveFrom: Temporal.PlainDate;
  /** When it became known here; null counts as always known. */
  readonly recorded: Temporal.PlainDate | null;
  /** null: the layer says nothing more from this date on, the outer layer's value holds again. */
  readonly value: ParameterValue | null;
  readonly source: Citation;
  readonly basis: Basis | null;
  readonly note: Text | null;
  /** Other texts that hold the number or bound it. */
  readonly see: readonly Citation[];
  readonly file: string;
  readonly line: number;
};

export type PolicyLayer = {
  readonly layer: LayerName;
  /** Six-digit code; 000000 is the nation. */
  readonly area: string;
  readonly name: string | null;
  readonly profile: string;
  /** Of a national layer: the profile whose values hold where this one says nothing. */
  readonly extends: string | null;
  readonly values: readonly DatedValue[];
};

/** The `area` and `profile` keys every policy file and `area.yaml` starts with. */
export function readAreaAndProfile(
  yaml: YamlFile,
  keys: { readonly area?: Part | undefined; readonly profile?: Part | undefined },
): { area: string | undefined; profile: string | undefined } {
  const area = textPart(yaml, keys.area);
  if (keys.area && area !== undefined && !isAreaCode(area)) {
    report(yaml, errors.WRONG_AREA_CODE, keys.area, { field: 'area', value: area });
  }
  return { area, profile: textPart(yaml, keys.profile) };
}

export const isAreaCode = (text: string): boolean => /^\d{6}$/.test(text);

/** Reads a mapping of parameter names to `{unit, values}`. Everything wrong gathers in `yaml.problems`. */
export function readValues(
  yaml: YamlFile,
  part: Part,
  documents: Documents,
  source?: FileSource | 'wrong',
): DatedValue[] {
  const all: DatedValue[] = [];
  for (const parameterPart of mappingParts(yaml, part)) {
    const name = parameterPart.key;
    if (!isParameterName(name)) {
      const parameters = { near: nearNames(name).join(', ') };
      report(yaml, errors.UNKNOWN_PARAMETER, parameterPart, { field: name, parameters });
      continue;
    }
    if (!isMap(parameterPart.node) || (source && !parameterPart.node.has('values'))) {
      // what is wrong with a source has been reported once, not with each value that rests on it
      if (source === 'wrong') readValue(yaml, parameterPart, name);
      else if (source) all.push(...readShortValue(yaml, parameterPart, name, source));
      else report(yaml, errors.SHORT_VALUE, parameterPart, { field: name });
      continue;
    }
    const keys = knownParts(yaml, parameterPart, ['unit', 'values'], []);
    const unit = textPart(yaml, keys.unit);
    const expected = PARAMETERS[name].unit;
    if (keys.unit && unit !== undefined && unit !== expected) {
      const parameters = { parameter: name, expected };
      report(yaml, errors.WRONG_UNIT, keys.unit, { field: 'unit', value: unit, parameters });
    }
    if (keys.values) all.push(...readDatedValues(yaml, keys.values, name, documents));
  }
  return all;
}

/** What a file says once for all the values that it writes without a source of their own. */
export type FileSource = {
  readonly citation: Citation;
  readonly starts: Temporal.PlainDate;
  readonly basis: Basis | null;
};

/** The `source` of a policy file: `{from, article, starts, basis}`. */
export function readFileSource(yaml: YamlFile, part: Part, documents: Documents): FileSource | 'wrong' {
  const keys = knownParts(yaml, part, ['from', 'article', 'starts'], ['basis']);
  const citation = keys.from && readCitation(yaml, keys.from, keys.article, documents);
  const startsText = textPart(yaml, keys.starts);
  const starts =
    keys.starts && startsText !== undefined ? readDate(yaml, keys.starts, startsText) : undefined;
  const basis = choicePart(yaml, keys.basis, BASES) ?? null;
  return citation && starts ? { citation, starts, basis } : 'wrong';
}

/** `parameter: value`, with the source of the file. */
function readShortValue(
  yaml: YamlFile,
  part: Part,
  parameter: ParameterName,
  { citation, starts, basis }: FileSource,
): DatedValue[] {
  const value = readValue(yaml, part, parameter);
  if (value === undefined) return [];
  const { file } = yaml;
  const base = { recorded: null, note: null, see: [], file, line: part.line };
  return [{ parameter, effectiveFrom: starts, value, source: citation, basis, ...base }];
}

function readDatedValues(
  yaml: YamlFile,
  part: Part,
  parameter: ParameterName,
  documents: Documents,
): DatedValue[] {
  const values: DatedValue[] = [];
  for (const datePart of mappingParts(yaml, part)) {
    const effectiveFrom = readDate(yaml, datePart, datePart.key);
    const recordings = new Set<string>();
    for (const valuePart of listParts(yaml, datePart)) {
      const read = readDatedValue(yaml, valuePart, parameter, documents);
      if (recordings.has(String(read.recorded))) {
        report(yaml, errors.REPEATED_VALUE, valuePart, { parameters: { parameter } });
      }
      recordings.add(String(read.recorded));
      const { value, source } = read;
      // What is incomplete has been reported; the file is refused as a whole.
      if (effectiveFrom === undefined || value === undefined || source === undefined) continue;
      values.push({ ...read, value, source, effectiveFrom });
    }
  }
  return values;
}

function readDatedValue(yaml: YamlFile, part: Part, parameter: ParameterName, documents: Documents) {
  const keys = knownParts(yaml, part, ['value'], ['from', 'article', 'basis', 'note', 'see', 'recorded']);
  const value = keys.value && readValue(yaml, keys.value, parameter);
  const recordedText = textPart(yaml, keys.recorded);
  const recorded =
    keys.recorded && recordedText !== undefined ? readDate(yaml, keys.recorded, recordedText) : undefined;
  for (const field of ['from', 'article'] as const) {
    // What ends a value is a document as a whole; what sets one is an article of it.
    if (!keys[field] && keys.value && !(field === 'article' && value === null)) {
      report(yaml, errors.MISSING_SOURCE, part, { field, parameters: { parameter } });
    }
  }
  return {
    parameter,
    recorded: recorded ?? null,
    value,
    source: keys.from && readCitation(yaml, keys.from, keys.article, documents),
    basis: choicePart(yaml, keys.basis, BASES) ?? null,
    note: bilingualPart(yaml, keys.note) ?? null,
    see: keys.see ? readSee(yaml, keys.see, documents) : [],
    file: yaml.file,
    line: part.line,
  };
}

/** undefined when it is not a value of the parameter (reported); null when the value ends. */
export function readValue(
  yaml: YamlFile,
  part: Part,
  parameter: ParameterName,
): ParameterValue | null | undefined {
  const { node } = part;
  const definition = PARAMETERS[parameter];
  const expected = expectedValue(definition);
  const parameters = { parameter, expectedZh: expected.zh, expectedEn: expected.en };

  if (isScalar(node) && node.type === 'PLAIN' && node.source === 'null') return null;
  if (definition.kind === 'table' && !isScalar(node)) return readTable(yaml, part, definition);
  if (isScalar(node) && typeof node.value === 'number' && !/^-?\d+$/.test(node.source ?? '')) {
    report(yaml, errors.UNQUOTED_DECIMAL, part, { field: 'value', value: node.source });
    return undefined;
  }
  const text = isSeq(node) ? listText(definition, node) : scalarText(node);
  const value = text === undefined ? 'malformed' : parseValue(definition, text);
  if (typeof value !== 'string') return value;
  const problem = value === 'malformed' ? errors.WRONG_VALUE : errors.VALUE_OUT_OF_RANGE;
  report(yaml, problem, part, { field: 'value', value: text ?? '', parameters });
  return undefined;
}

/** Lists may be written as YAML lists: [1, 2, 7], [first-step, second-step], [{up_to: "100", value: "3"}, {value: "2"}]. */
function listText(definition: ParameterDefinition, list: YAMLSeq): string | undefined {
  const separators: Partial<Record<ParameterDefinition['kind'], string>> = {
    integers: ':',
    steps: ' > ',
    bands: ' | ',
  };
  const separator = separators[definition.kind];
  if (separator === undefined) return undefined;
  const texts = list.items.map((item) => {
    if (!isMap(item)) return scalarText(item);
    const parts = ['up_to', 'value'].map((key) => scalarText(item.get(key, true)));
    return parts.filter((each) => each !== undefined).join(':');
  });
  return texts.map((text) => text ?? '').join(separator);
}

function readDate(yaml: YamlFile, part: Part, text: string): Temporal.PlainDate | undefined {
  const date = dateOfText(text);
  if (date === undefined) report(yaml, errors.WRONG_DATE, part, { value: text });
  return date;
}

function readCitation(
  yaml: YamlFile,
  from: Part,
  article: Part | undefined,
  documents: Documents,
): Citation | undefined {
  const id = textPart(yaml, from);
  if (id === undefined) return undefined;
  const document = documents.get(id);
  if (document === undefined) report(yaml, errors.UNKNOWN_DOCUMENT, from, { field: from.key, value: id });
  const articleText = textPart(yaml, article) ?? null;
  return document && { document, article: articleText };
}

function readSee(yaml: YamlFile, part: Part, documents: Documents): Citation[] {
  return listParts(yaml, part).flatMap((item) => {
    const { from, article } = knownParts(yaml, item, ['from'], ['article']);
    const citation = from && readCitation(yaml, from, article, documents);
    return citation ? [citation] : [];
  });
}
