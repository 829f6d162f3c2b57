import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { type Documents, readDocuments } from '#policy/documents.ts';
import { REPEATED_PARAMETER, WRONG_LAYER } from '#policy/errors.ts';
import {
  isAreaCode,
  type LayerName,
  type PolicyLayer,
  readAreaAndProfile,
  readValues,
} from '#policy/layer.ts';
import { choicePart, knownParts, readYaml, report, textPart } from '#policy/yaml-file.ts';

/** The policies that come with the product, and the folder name messages show for them. */
const OWN_POLICIES = fileURLToPath(new URL('../../policies', import.meta.url));
const OWN_POLICIES_SHOWN = 'policies';
const DOCUMENTS_FILE = 'documents.yaml';

/** All layers found, one for each area and profile, and the documents every file may cite. */
export type Policies = { readonly layers: readonly PolicyLayer[]; readonly documents: Documents };

/**
 * Reads `documents.yaml` and every other YAML file under `root` (default: the product's own policies).
 * Throws one YibaoError with the problems of all files.
 */
export function loadPolicies(root?: string): Policies {
  const folder = root ?? OWN_POLICIES;
  const shown = (path: string) =>
    join(root ?? OWN_POLICIES_SHOWN, relative(folder, path)).replaceAll(sep, '/');
  const problems: Problem[] = [];

  const documentsPath = join(folder, DOCUMENTS_FILE);
  const documentsYaml = readYaml(documentsPath, shown(documentsPath));
  // Without its documents every citation of every file would be a problem: refuse this file alone.
  if (documentsYaml.problems.length > 0) throw new YibaoError(documentsYaml.problems);
  const documents = readDocuments(documentsYaml, documentsYaml.root);
  problems.push(...documentsYaml.problems);

  const layers = new Map<string, PolicyLayer>();
  for (const path of policyFiles(folder)) {
    const { layer, problems: found } = readPolicyFile(path, shown(path), documents);
    problems.push(...found);
    if (layer === undefined) continue;
    const key = `${layer.area} ${layer.profile}`;
    const other = layers.get(key);
    problems.push(...repeatedParameters(other, layer));
    layers.set(key, other ? { ...other, values: [...other.values, ...layer.values] } : layer);
  }
  if (problems.length > 0) throw new YibaoError(problems);
  return { layers: [...layers.values()], documents };
}

function policyFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name) && name !== DOCUMENTS_FILE)
    .map((name) => join(folder, name))
    .sort();
}

function readPolicyFile(
  path: string,
  shownAs: string,
  outerDocuments: Documents,
): { layer: PolicyLayer | undefined; problems: readonly Problem[] } {
  const yaml = readYaml(path, shownAs);
  if (yaml.problems.length > 0) return { layer: undefined, problems: yaml.problems };
  const keys = knownParts(yaml, yaml.root, ['layer', 'area', 'profile', 'values'], ['name', 'documents']);
  const { area, profile } = readAreaAndProfile(yaml, keys);
  const layer = choicePart(yaml, keys.layer, ['national', 'province', 'city']);
  const isKnownArea = area !== undefined && isAreaCode(area);
  if (keys.layer && layer !== undefined && isKnownArea && layer !== layerOfCode(area)) {
    report(yaml, WRONG_LAYER, keys.layer, { field: 'layer', value: layer, parameters: { area } });
  }
  const name = textPart(yaml, keys.name) ?? null;
  const documents = keys.documents ? readDocuments(yaml, keys.documents, outerDocuments) : outerDocuments;
  const values = keys.values ? readValues(yaml, keys.values, documents) : [];
  if (yaml.problems.length > 0 || !layer || !area || !profile) {
    return { layer: undefined, problems: yaml.problems };
  }
  return { layer: { layer, area, name, profile, values }, problems: [] };
}

function layerOfCode(area: string): LayerName {
  if (area === '000000') return 'national';
  return area.endsWith('0000') ? 'province' : 'city';
}

/** One parameter of one layer lives in one file, so that a reader who opens it sees its whole history. */
function repeatedParameters(other: PolicyLayer | undefined, layer: PolicyLayer): Problem[] {
  const problems = new Map<string, Problem>();
  for (const { parameter, file, line } of layer.values) {
    const before = other?.values.find((value) => value.parameter === parameter);
    if (!before || problems.has(parameter)) continue;
    problems.set(parameter, {
      definition: REPEATED_PARAMETER,
      file,
      row: line,
      field: parameter,
      parameters: { other: `${before.file}:${before.line}` },
    });
  }
  return [...problems.values()];
}
