import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { dateOfText } from '#policy/dates.ts';
import type { Documents } from '#policy/documents.ts';
import * as policyErrors from '#policy/errors.ts';
import { loadPolicies } from '#policy/load.ts';
import {
  bilingualPart,
  choicePart,
  knownParts,
  listParts,
  mappingParts,
  type Part,
  readYaml,
  report,
  scalarText,
  textPart,
  type YamlFile,
} from '#policy/yaml-file.ts';
import { qualityErrors } from '../errors.ts';
import { DERIVED, isField } from '../fields.ts';
import {
  type Check,
  type CheckBasis,
  type CheckType,
  type CheckValues,
  DIMENSIONS,
  type Dimension,
  EVIDENCE,
  type Evidence,
  LEVELS,
  type NotComputable,
  OPS,
  type Term,
} from './check.ts';

const FOLDER = join(import.meta.dirname, '..');
const SHOWN = 'src/claims/quality';
const NOT_COMPUTABLE = 'not-computable.yaml';
const SCORE = 'score.yaml';

export type CheckSet = {
  readonly types: readonly CheckType[];
  /** ascending by id */
  readonly checks: readonly Check[];
  readonly notComputable: readonly NotComputable[];
  readonly weights: readonly WeightValues[];
};

/** Points a list loses for each failed check of a level, from a day on. */
export type WeightValues = {
  readonly from: Temporal.PlainDate;
  readonly weights: Readonly<Record<(typeof LEVELS)[number], bigint>>;
  readonly basis: CheckBasis;
  readonly layer: string;
};

/**
 * Reads every check: one folder a type, its checks.yaml and its SQL. `folder` is for tests of broken files.
 * Throws one YibaoError with the problems of all files.
 */
export function loadChecks(folder = FOLDER, shownAs = SHOWN, documents?: Documents): CheckSet {
  const known = documents ?? loadPolicies().documents;
  const problems: Problem[] = [];
  const types: CheckType[] = [];
  const checks: Check[] = [];
  const typeFolders = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'checks.yaml')))
    .map((entry) => entry.name)
    .sort();
  for (const name of typeFolders) {
    const path = join(folder, name, 'checks.yaml');
    const yaml = readYaml(path, `${shownAs}/${relative(folder, path)}`);
    if (yaml.problems.length === 0) {
      const read = readType(yaml, name, known);
      if (read) {
        types.push(read.type);
        for (const check of read.checks) {
          const other = checks.find(({ id }) => id === check.id);
          if (other)
            bad(
              yaml,
              { key: check.id, line: check.line, node: null },
              `编号已用于 ${other.file}`,
              `the id is taken in ${other.file}`,
            );
          checks.push(check);
        }
      }
    }
    problems.push(...yaml.problems);
  }
  const rest = readYaml(join(folder, NOT_COMPUTABLE), `${shownAs}/${NOT_COMPUTABLE}`);
  const notComputable = rest.problems.length > 0 ? [] : readNotComputable(rest);
  const scoreYaml = readYaml(join(folder, SCORE), `${shownAs}/${SCORE}`);
  const weights =
    scoreYaml.problems.length > 0 ? [] : readWeights(scoreYaml, scoreYaml.root, known, 'product');
  problems.push(...rest.problems, ...scoreYaml.problems);
  if (problems.length > 0) throw new YibaoError(problems);
  return { types, checks: checks.toSorted((a, b) => (a.id < b.id ? -1 : 1)), notComputable, weights };
}

export function bad(yaml: YamlFile, part: Part, reasonZh: string, reason: string): void {
  report(yaml, qualityErrors.badCheck, part, { field: part.key, parameters: { reasonZh, reason } });
}

const textList = (yaml: YamlFile, part: Part | undefined): string[] =>
  part === undefined ? [] : listParts(yaml, part).flatMap((item) => textPart(yaml, item) ?? []);

function readType(yaml: YamlFile, name: string, documents: Documents) {
  const keys = knownParts(
    yaml,
    yaml.root,
    ['title', 'explanation', 'reason', 'remedy', 'checks'],
    ['roles', 'thresholds', 'needs', 'needs_any', 'reference', 'parameters'],
  );
  const [title, explanation, reason, remedy] = (['title', 'explanation', 'reason', 'remedy'] as const).map(
    (key) => bilingualPart(yaml, keys[key]),
  );
  if (!title || !explanation || !reason || !remedy || !keys.checks) return undefined;
  const type: CheckType = {
    name,
    title,
    explanation,
    reason,
    remedy,
    roles: textList(yaml, keys.roles),
    thresholds: textList(yaml, keys.thresholds),
    needs: textList(yaml, keys.needs),
    needsAny: textPart(yaml, keys.needs_any) === 'true',
    reference: textPart(yaml, keys.reference) ?? null,
    parameters: textList(yaml, keys.parameters),
  };
  for (const need of type.needs) checkField(yaml, keys.needs!, need);
  const checks = mappingParts(yaml, keys.checks).flatMap(
    (part) => readCheck(yaml, part, type, documents) ?? [],
  );
  return { type, checks };
}

function readCheck(yaml: YamlFile, part: Part, type: CheckType, documents: Documents): Check | undefined {
  if (!/^[A-Z]\d{3}[a-z]?$/.test(part.key))
    bad(yaml, part, '编号应如 Q001 或 Q001a', 'the id must be like Q001 or Q001a');
  const keys = knownParts(
    yaml,
    part,
    ['title', 'dimension', 'basis', 'values'],
    ['reason', 'remedy', 'needs', 'reference', ...type.roles, ...type.parameters],
  ) as Partial<Record<string, Part>>;
  const title = bilingualPart(yaml, keys.title);
  const dimension = choicePart(yaml, keys.dimension, Object.keys(DIMENSIONS) as Dimension[]);
  const basis = keys.basis && readBasis(yaml, keys.basis, documents);
  const terms = type.roles.flatMap((role) => (keys[role] ? readTerms(yaml, keys[role], role) : []));
  const values = keys.values && basis ? readValues(yaml, keys.values, type, basis, documents) : [];
  for (const parameter of type.parameters) {
    if (!keys[parameter]) report(yaml, policyErrors.MISSING_KEY, part, { field: parameter });
  }
  if (!title || !dimension || values.length === 0) return undefined;
  const needs = textList(yaml, keys.needs);
  for (const need of needs) checkField(yaml, keys.needs!, need);
  const own = terms.flatMap(({ node, field }) => (node && node !== 'stay' ? [`${node}.${field}`] : []));
  return {
    id: part.key,
    rule: part.key.slice(0, 4),
    type,
    title,
    reason: bilingualPart(yaml, keys.reason) ?? type.reason,
    remedy: bilingualPart(yaml, keys.remedy) ?? type.remedy,
    dimension,
    terms,
    parameters: Object.fromEntries(
      type.parameters.flatMap((name) => (keys[name] ? [[name, textPart(yaml, keys[name]) ?? '']] : [])),
    ),
    needs: [...new Set([...type.needs, ...needs, ...own])],
    reference: textPart(yaml, keys.reference) ?? type.reference,
    values,
    file: yaml.file,
    line: part.line,
  };
}

function checkField(yaml: YamlFile, part: Part, name: string): { node: string; field: string } | undefined {
  const [node = '', field = ''] = name.split('.');
  if (isField(node, field) || (node === 'stay' && DERIVED[field])) return { node, field };
  bad(yaml, part, `没有字段 ${name}`, `there is no field ${name}`);
  return undefined;
}

const TERM_KEYS = [
  'field',
  'form',
  ...OPS,
  'low',
  'high',
  'step',
  'what',
  'list',
  'separator',
  'pattern',
  'codes',
];

function readTerms(yaml: YamlFile, part: Part, role: string): Term[] {
  return listParts(yaml, part).flatMap((item, index): Term[] => {
    const plain = scalarText(item.node);
    const keys: Partial<Record<string, Part>> =
      plain === undefined ? knownParts(yaml, item, [], TERM_KEYS) : { field: item };
    const named = keys.field && textPart(yaml, keys.field);
    const field = named === undefined ? undefined : checkField(yaml, item, named);
    if (named === undefined && !keys.codes && !keys.what && !keys.list) {
      bad(yaml, item, '缺少 field、codes、what 或 list', 'needs field, codes, what or list');
    }
    const op = OPS.find((each) => keys[each]);
    const opPart = op && keys[op];
    const number = (key: string): bigint | null => (keys[key] ? hundredths(yaml, keys[key]) : null);
    const base: Term = {
      role,
      number: index,
      node: field?.node ?? null,
      field: field?.field ?? null,
      form: choicePart(yaml, keys.form, ['4101', '4101A'] as const) ?? null,
      op: op ?? null,
      texts: op === 'in' || op === 'not_in' ? textList(yaml, opPart) : [],
      low2: op === 'at_least' || op === 'above' ? hundredths(yaml, opPart!) : number('low'),
      high2: op === 'at_most' || op === 'below' ? hundredths(yaml, opPart!) : number('high'),
      step2: number('step'),
      what: textPart(yaml, keys.what) ?? null,
      list: textPart(yaml, keys.list) ?? null,
      separator: textPart(yaml, keys.separator) ?? null,
      pattern: textPart(yaml, keys.pattern) ?? null,
      codeFrom: null,
      codeTo: null,
    };
    const ranges = textList(yaml, keys.codes);
    if (ranges.length === 0) return [base];
    return ranges.map((range) => {
      const [from, to] = range.includes('~') ? range.split('~') : [range, range];
      return { ...base, codeFrom: from!.trim(), codeTo: to!.trim() };
    });
  });
}

/** A number with at most two decimals × 100. */
function hundredths(yaml: YamlFile, part: Part): bigint | null {
  const text = textPart(yaml, part) ?? '';
  const match = /^(-?\d{1,12})(?:\.(\d{1,2}))?$/.exec(text);
  if (match) return BigInt(`${match[1]}${(match[2] ?? '').padEnd(2, '0')}`);
  bad(yaml, part, `“${text}”不是至多两位小数的数`, `"${text}" is not a number with at most two decimals`);
  return null;
}

function readBasis(yaml: YamlFile, part: Part, documents: Documents): CheckBasis | undefined {
  const keys = knownParts(yaml, part, ['document', 'evidence'], ['article']);
  const id = textPart(yaml, keys.document);
  const document = id === undefined ? undefined : documents.get(id);
  if (id !== undefined && document === undefined) {
    report(yaml, policyErrors.UNKNOWN_DOCUMENT, keys.document!, { field: 'document', value: id });
  }
  const evidence = keys.evidence
    ? listParts(yaml, keys.evidence).flatMap((item) => choicePart(yaml, item, EVIDENCE) ?? [])
    : [];
  if (!document) return undefined;
  return {
    document: document.id,
    documentTitle: document.title,
    article: textPart(yaml, keys.article) ?? null,
    evidence: evidence as Evidence[],
  };
}

function readValues(
  yaml: YamlFile,
  part: Part,
  type: CheckType,
  basis: CheckBasis,
  documents: Documents,
): CheckValues[] {
  const values: CheckValues[] = [];
  for (const datePart of mappingParts(yaml, part)) {
    const from = readDate(yaml, datePart);
    const change = readChange(yaml, datePart, type, documents);
    const before = values.at(-1);
    const level = change.level ?? before?.level;
    if (level === undefined) report(yaml, policyErrors.MISSING_KEY, datePart, { field: 'level' });
    const thresholds = { ...before?.thresholds, ...change.thresholds };
    for (const name of type.thresholds) {
      if (thresholds[name] === undefined) report(yaml, policyErrors.MISSING_KEY, datePart, { field: name });
    }
    if (from === undefined || level === undefined) continue;
    values.push({
      from,
      level,
      returned:
        change.returned ?? (change.level === undefined && before ? before.returned : level === 'error'),
      enabled: change.enabled ?? before?.enabled ?? true,
      thresholds,
      basis: change.basis ?? basis,
      layer: 'product',
    });
  }
  return values.toSorted((a, b) => Temporal.PlainDate.compare(a.from, b.from));
}

export function readDate(yaml: YamlFile, part: Part): Temporal.PlainDate | undefined {
  const date = dateOfText(part.key);
  if (date === undefined) report(yaml, policyErrors.WRONG_DATE, part, { value: part.key });
  return date;
}

/** What one dated entry says; what it does not say stays as it was. */
export function readChange(yaml: YamlFile, part: Part, type: CheckType, documents: Documents) {
  const keys: Partial<Record<string, Part>> = {};
  for (const each of mappingParts(yaml, part)) {
    if (['level', 'return', 'enabled', 'basis', ...type.thresholds].includes(each.key)) keys[each.key] = each;
    else {
      const known = ['level', 'return', 'enabled', 'basis', ...type.thresholds].join(', ');
      const parameters = { check: type.name, known };
      report(yaml, qualityErrors.unknownThreshold, each, { field: each.key, parameters });
    }
  }
  const flag = (key: string) => {
    const choice = choicePart(yaml, keys[key], ['true', 'false'] as const);
    return choice === undefined ? undefined : choice === 'true';
  };
  const thresholds: Record<string, bigint> = {};
  for (const name of type.thresholds) {
    if (!keys[name]) continue;
    const text = textPart(yaml, keys[name]) ?? '';
    if (/^-?\d{1,12}$/.test(text)) thresholds[name] = BigInt(text);
    else bad(yaml, keys[name], `“${text}”不是整数`, `"${text}" is not a whole number`);
  }
  return {
    level: choicePart(yaml, keys.level, LEVELS),
    returned: flag('return'),
    enabled: flag('enabled'),
    thresholds,
    basis: keys.basis ? readBasis(yaml, keys.basis, documents) : undefined,
  };
}

function readNotComputable(yaml: YamlFile): NotComputable[] {
  return mappingParts(yaml, yaml.root).flatMap((part) => {
    const keys = knownParts(yaml, part, ['title', 'dimension', 'level', 'reason'], []);
    const title = bilingualPart(yaml, keys.title);
    const reason = bilingualPart(yaml, keys.reason);
    const dimension = choicePart(yaml, keys.dimension, Object.keys(DIMENSIONS) as Dimension[]);
    const level = choicePart(yaml, keys.level, LEVELS);
    return title && reason && dimension && level ? [{ rule: part.key, title, reason, dimension, level }] : [];
  });
}

/** `weights:` by day, as score.yaml and the files of an area write them. */
export function readWeights(yaml: YamlFile, part: Part, documents: Documents, layer: string): WeightValues[] {
  return mappingParts(yaml, part)
    .flatMap((datePart): WeightValues[] => {
      const from = readDate(yaml, datePart);
      const keys = knownParts(yaml, datePart, ['error', 'warning', 'notice', 'basis'], []);
      const basis = keys.basis && readBasis(yaml, keys.basis, documents);
      const weight = (level: (typeof LEVELS)[number]): bigint => {
        const text = textPart(yaml, keys[level]) ?? '';
        if (/^\d{1,3}$/.test(text) && Number(text) <= 100) return BigInt(text);
        if (keys[level])
          bad(yaml, keys[level], '扣分应为 0 至 100 的整数', 'points must be a whole number from 0 to 100');
        return 0n;
      };
      const weights = { error: weight('error'), warning: weight('warning'), notice: weight('notice') };
      return from && basis ? [{ from, weights, basis, layer }] : [];
    })
    .toSorted((a, b) => Temporal.PlainDate.compare(a.from, b.from));
}
