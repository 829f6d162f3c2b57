import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { type Documents, readDocuments } from '#policy/documents.ts';
import { REPEATED_PARAMETER } from '#policy/errors.ts';
import {
  knownParts,
  mappingParts,
  type Part,
  readYaml,
  report,
  textPart,
  type YamlFile,
} from '#policy/yaml-file.ts';
import { qualityErrors } from '../errors.ts';
import type { Check, CheckBasis, CheckValues, Level } from './check.ts';
import { type CheckSet, readChange, readDate, readWeights, type WeightValues } from './load-checks.ts';

/** The policies of the product; files named `*.quality.yaml` in it change checks for an area. */
const POLICIES = fileURLToPath(new URL('../../../../policies', import.meta.url));
const SUFFIX = /\.quality\.ya?ml$/;
/** The same in an area folder: the nearest layer. */
export const AREA_CHECKS_FILE = 'quality.yaml';

type Change = {
  readonly from: Temporal.PlainDate;
  readonly level: Level | undefined;
  readonly returned: boolean | undefined;
  readonly enabled: boolean | undefined;
  readonly thresholds: Readonly<Record<string, bigint>>;
  readonly basis: CheckBasis;
};

/** What one area says of the checks. */
type Layer = {
  readonly area: string;
  readonly file: string;
  readonly changes: ReadonlyMap<string, readonly Change[]>;
  readonly weights: readonly WeightValues[];
};

/** A check as it holds from a day until before another, all layers counted. */
export type CheckVersion = {
  readonly check: Check;
  readonly values: CheckValues;
  /** exclusive; null is for ever */
  readonly until: Temporal.PlainDate | null;
};

export type ResolvedChecks = {
  readonly versions: readonly CheckVersion[];
  readonly weights: readonly (WeightValues & { readonly until: Temporal.PlainDate | null })[];
};

/**
 * The checks of an area: those of the product, changed by `policies/**.quality.yaml` of its nation, province and city and
 * by `quality.yaml` of the area folder. For each property the nearest layer that says something on the day wins.
 * Throws one YibaoError with the problems of all files.
 */
export function resolveChecks(
  checks: CheckSet,
  area: {
    readonly code: string;
    readonly folder: string;
    readonly documents: Documents;
    readonly policies?: string;
  },
): ResolvedChecks {
  const codes = [
    ...new Set(['000000', `${area.code.slice(0, 2)}0000`, `${area.code.slice(0, 4)}00`, area.code]),
  ];
  const problems: Problem[] = [];
  const root = area.policies ?? POLICIES;
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => SUFFIX.test(name))
    .sort()
    .map((name) => ({ path: join(root, name), shownAs: join('policies', name) }));
  const layers = files.map(({ path, shownAs }) => readLayer(path, shownAs, checks, area.documents, problems));
  const chain = codes.flatMap((code) => layers.filter((layer) => layer.area === code));
  for (const [index, layer] of chain.entries()) {
    const other = chain.slice(0, index).find((each) => each.area === layer.area);
    const twice = other && [...layer.changes.keys()].find((id) => other.changes.has(id));
    if (twice) {
      const parameters = { other: other.file };
      problems.push({ definition: REPEATED_PARAMETER, file: layer.file, field: twice, parameters });
    }
  }
  const own = join(area.folder, AREA_CHECKS_FILE);
  if (existsSync(own)) chain.push(readLayer(own, AREA_CHECKS_FILE, checks, area.documents, problems));
  if (problems.length > 0) throw new YibaoError(problems);
  return {
    versions: checks.checks.flatMap((check) => versionsOf(check, chain)),
    weights: weightsOf(checks, chain),
  };
}

function readLayer(
  path: string,
  shownAs: string,
  checks: CheckSet,
  outerDocuments: Documents,
  problems: Problem[],
): Layer {
  const yaml = readYaml(path, relative('.', shownAs));
  const empty = { area: '', file: shownAs, changes: new Map(), weights: [] };
  if (yaml.problems.length > 0) {
    problems.push(...yaml.problems);
    return empty;
  }
  const keys = knownParts(yaml, yaml.root, ['area'], ['documents', 'checks', 'weights']);
  const documents = keys.documents ? readDocuments(yaml, keys.documents, outerDocuments) : outerDocuments;
  const changes = new Map<string, Change[]>();
  for (const part of keys.checks ? mappingParts(yaml, keys.checks) : []) {
    const check = checks.checks.find(({ id }) => id === part.key);
    if (check === undefined) {
      const near = checks.checks.filter(({ id }) => id.startsWith(part.key.slice(0, 4))).map(({ id }) => id);
      const parameters = {
        near: (near.length > 0 ? near : checks.checks.slice(0, 3).map(({ id }) => id)).join('、'),
      };
      report(yaml, qualityErrors.unknownCheckInFile, part, { field: part.key, parameters });
      continue;
    }
    changes.set(part.key, readChanges(yaml, part, check, documents));
  }
  const weights = keys.weights ? readWeights(yaml, keys.weights, documents, shownAs) : [];
  const area = textPart(yaml, keys.area) ?? '';
  problems.push(...yaml.problems);
  return { area, file: shownAs, changes, weights };
}

function readChanges(yaml: YamlFile, part: Part, check: Check, documents: Documents): Change[] {
  return mappingParts(yaml, part)
    .flatMap((datePart): Change[] => {
      const from = readDate(yaml, datePart);
      const change = readChange(yaml, datePart, check.type, documents);
      if (!mappingParts(yaml, datePart).some(({ key }) => key === 'basis')) {
        const parameters = {
          reasonZh: '缺少 basis（文件、依据性质）',
          reason: 'basis (document, evidence) is missing',
        };
        report(yaml, qualityErrors.badCheck, datePart, { field: part.key, parameters });
      }
      return from && change.basis ? [{ ...change, basis: change.basis, from }] : [];
    })
    .toSorted((a, b) => Temporal.PlainDate.compare(a.from, b.from));
}

/** The days on which anything changes, and what holds from each of them on. */
function versionsOf(check: Check, chain: readonly Layer[]): CheckVersion[] {
  const layers = chain.flatMap((layer) => {
    const changes = layer.changes.get(check.id);
    return changes ? [{ file: layer.file, changes }] : [];
  });
  const days = [
    ...check.values.map(({ from }) => from),
    ...layers.flatMap(({ changes }) => changes.map(({ from }) => from)),
  ]
    .toSorted(Temporal.PlainDate.compare)
    .filter((day, index, all) => index === 0 || !day.equals(all[index - 1]!));
  return days.flatMap((day, index): CheckVersion[] => {
    const base = check.values.findLast(({ from }) => Temporal.PlainDate.compare(from, day) <= 0);
    if (base === undefined) return [];
    let values: CheckValues = { ...base, from: day };
    for (const { file, changes } of layers) {
      for (const change of changes.filter(({ from }) => Temporal.PlainDate.compare(from, day) <= 0)) {
        values = {
          ...values,
          level: change.level ?? values.level,
          returned:
            change.returned ?? (change.level === undefined ? values.returned : change.level === 'error'),
          enabled: change.enabled ?? values.enabled,
          thresholds: { ...values.thresholds, ...change.thresholds },
          basis: change.basis,
          layer: file,
        };
      }
    }
    return [{ check, values, until: days[index + 1] ?? null }];
  });
}

function weightsOf(checks: CheckSet, chain: readonly Layer[]): ResolvedChecks['weights'] {
  const nearest = chain.findLast(({ weights }) => weights.length > 0)?.weights ?? [];
  const first = nearest[0]?.from;
  // until the nearest layer begins, the numbers of the product hold
  const all = [
    ...checks.weights.filter(
      ({ from }) => first === undefined || Temporal.PlainDate.compare(from, first) < 0,
    ),
    ...nearest,
  ];
  return all.map((weights, index) => ({ ...weights, until: all[index + 1]?.from ?? null }));
}
