import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { type Documents, readDocuments } from '#policy/documents.ts';
import { EXTENDS_IN_CIRCLES, REPEATED_PARAMETER, UNKNOWN_PROFILE, WRONG_LAYER } from '#policy/errors.ts';
import {
  isAreaCode,
  type LayerName,
  type PolicyLayer,
  readAreaAndProfile,
  readFileSource,
  readValues,
} from '#policy/layer.ts';
import {
  choicePart,
  knownParts,
  parseYaml,
  readUtf8,
  readYaml,
  report,
  textPart,
  type YamlFile,
} from '#policy/yaml-file.ts';

/** The policies that come with the product, and the folder name messages show for them. */
const OWN_POLICIES = fileURLToPath(new URL('../../policies', import.meta.url));
const OWN_POLICIES_SHOWN = 'policies';
/** The profile that benefit policies belong to; those of payment have others. */
export const BENEFITS_PROFILE = 'benefits';
const DOCUMENTS_FILE = 'documents.yaml';

/** All layers found, one for each area and profile, and the documents every file may cite. */
export type Policies = { readonly layers: readonly PolicyLayer[]; readonly documents: Documents };

/**
 * Reads `documents.yaml` and every other YAML file under `root` (default: the product's own policies).
 * @param areaCode leave out the files of other areas, which have no say there: a nation has more cities than one run needs
 * @throws YibaoError with the problems of all files read
 */
export function loadPolicies(root?: string, areaCode?: string): Policies {
  const folder = root ?? OWN_POLICIES;
  const shown = (path: string) =>
    join(root ?? OWN_POLICIES_SHOWN, relative(folder, path)).replaceAll(sep, '/');
  const problems: Problem[] = [];

  const documentsPath = join(folder, DOCUMENTS_FILE);
  const { documents, problems: ofDocuments } = documentsFile(
    documentsPath,
    shown(documentsPath),
    NO_DOCUMENTS,
  );
  problems.push(...ofDocuments);

  const layers = new Map<string, PolicyLayer>();
  const files = policyFiles(folder)
    .filter((path) => areaCode === undefined || mayHaveSay(writtenArea(path), areaCode))
    .map((path) => policyFile(path, shown(path), documents));
  const profiles = profilesOf(files.flatMap(({ layer }) => layer ?? []));
  for (const { layer, problems: found, profilePlaces } of files) {
    problems.push(...found, ...profilePlaces.flatMap((place) => profileProblems(place, profiles)));
    if (layer === undefined) continue;
    const key = `${layer.area} ${layer.profile}`;
    const other = layers.get(key);
    problems.push(...repeatedParameters(other, layer));
    const merged = { ...layer, extends: layer.extends ?? other?.extends ?? null };
    layers.set(key, other ? { ...merged, values: [...other.values, ...layer.values] } : layer);
  }
  if (problems.length > 0) throw new YibaoError(problems);
  return { layers: [...layers.values()], documents };
}

/** Every profile that a national layer defines, and the profile it extends. */
export function profilesOf(layers: readonly PolicyLayer[]): ReadonlyMap<string, string | null> {
  const national = layers.filter((layer) => layer.layer === 'national');
  const extended = national.filter((layer) => layer.extends !== null);
  return new Map([...national, ...extended].map((layer) => [layer.profile, layer.extends]));
}

/** The profiles a payment year can be settled under: that of the benefits is none. */
export function paymentProfilesOf(layers: readonly PolicyLayer[]): ReadonlyMap<string, string | null> {
  return new Map([...profilesOf(layers)].filter(([profile]) => profile !== BENEFITS_PROFILE));
}

/** A profile and those it extends, the profile itself last. A profile that extends itself stops there. */
export function profileChain(profiles: ReadonlyMap<string, string | null>, profile: string): string[] {
  const chain = [profile];
  for (let base = profiles.get(profile); base && !chain.includes(base); base = profiles.get(base)) {
    chain.unshift(base);
  }
  return chain;
}

/** Where a file names a profile: in `profile` or in `extends`. */
type ProfilePlace = {
  readonly field: 'profile' | 'extends';
  readonly profile: string;
  readonly file: string;
  readonly row: number;
};

function profileProblems(
  { field, profile, file, row }: ProfilePlace,
  profiles: ReadonlyMap<string, string | null>,
): Problem[] {
  const place = { file, row, field, value: profile };
  if (!profiles.has(profile)) {
    const parameters = { known: [...profiles.keys()].join(', ') };
    return [{ definition: UNKNOWN_PROFILE, ...place, parameters }];
  }
  const first = profileChain(profiles, profile)[0]!;
  return field === 'extends' && profiles.get(first) ? [{ definition: EXTENDS_IN_CIRCLES, ...place }] : [];
}

/** The areas whose layers hold for an area, outermost first: nation, province, city, the area itself. */
export const areasAbove = (areaCode: string): ReadonlySet<string> =>
  new Set(['000000', `${areaCode.slice(0, 2)}0000`, `${areaCode.slice(0, 4)}00`, areaCode]);

const AREA_LINE = /^area:[ \t]*(['"]?)(\d{6})\1[ \t]*(?:#.*)?$/m;

/** The area that a policy file or an `area.yaml` plainly names, without reading the rest of it; undefined when it does not. */
export function writtenArea(path: string): string | undefined {
  return existsSync(path) ? AREA_LINE.exec(readFileSync(path, 'utf8'))?.[2] : undefined;
}

/** A file that does not plainly name its area is read, to say what is wrong with it. */
const mayHaveSay = (written: string | undefined, areaCode: string): boolean =>
  written === undefined || areasAbove(areaCode).has(written);

function policyFiles(folder: string): string[] {
  return (
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      // *.quality.yaml changes checks of settlement lists: claims/quality reads those
      .filter((name) => /\.ya?ml$/.test(name) && name !== DOCUMENTS_FILE && !/\.quality\.ya?ml$/.test(name))
      .map((name) => join(folder, name))
      .sort()
  );
}

/** What was made of a file without a problem is given again as long as its text and the documents around it are the same. */
function keptOf<Made extends { readonly problems: readonly Problem[] }>(
  make: (yaml: YamlFile, outer: Documents) => Made,
): (path: string, shownAs: string, outer: Documents) => Made {
  const kept = new Map<string, { readonly text: string; readonly outer: Documents; readonly made: Made }>();
  return (path, shownAs, outer) => {
    let text: string;
    try {
      text = readUtf8(path, shownAs);
    } catch {
      return make(readYaml(path, shownAs), outer);
    }
    const key = `${path}\n${shownAs}`;
    const before = kept.get(key);
    if (before?.text === text && before.outer === outer) return before.made;
    const made = make(parseYaml(text, shownAs), outer);
    if (made.problems.length === 0) kept.set(key, { text, outer, made });
    return made;
  };
}

const NO_DOCUMENTS: Documents = new Map();

const documentsFile = keptOf((yaml, outer) => {
  // Without its documents every citation of every file would be a problem: refuse this file alone.
  if (yaml.problems.length > 0) throw new YibaoError(yaml.problems);
  return { documents: readDocuments(yaml, yaml.root, outer), problems: yaml.problems };
});

const policyFile = keptOf(readPolicyFile);

function readPolicyFile(
  yaml: YamlFile,
  outerDocuments: Documents,
): {
  layer: PolicyLayer | undefined;
  problems: readonly Problem[];
  profilePlaces: readonly ProfilePlace[];
} {
  if (yaml.problems.length > 0) return { layer: undefined, problems: yaml.problems, profilePlaces: [] };
  const keys = knownParts(
    yaml,
    yaml.root,
    ['layer', 'area', 'profile', 'values'],
    ['name', 'documents', 'extends', 'source'],
  );
  const { area, profile } = readAreaAndProfile(yaml, keys);
  const layer = choicePart(yaml, keys.layer, ['national', 'province', 'city']);
  const isKnownArea = area !== undefined && isAreaCode(area);
  if (keys.layer && layer !== undefined && isKnownArea && layer !== layerOfCode(area)) {
    report(yaml, WRONG_LAYER, keys.layer, { field: 'layer', value: layer, parameters: { area } });
  }
  const base = textPart(yaml, keys.extends) ?? null;
  if (keys.extends && layer !== undefined && layer !== 'national') {
    report(yaml, WRONG_LAYER, keys.extends, {
      field: 'extends',
      value: layer,
      parameters: { area: area ?? '' },
    });
  }
  const profilePlaces = (['profile', 'extends'] as const).flatMap((field): ProfilePlace[] => {
    const part = keys[field];
    const named = field === 'profile' ? profile : base;
    return part && named ? [{ field, profile: named, file: yaml.file, row: part.line }] : [];
  });
  const name = textPart(yaml, keys.name) ?? null;
  const documents = keys.documents ? readDocuments(yaml, keys.documents, outerDocuments) : outerDocuments;
  const source = keys.source && readFileSource(yaml, keys.source, documents);
  const values = keys.values ? readValues(yaml, keys.values, documents, source) : [];
  if (yaml.problems.length > 0 || !layer || !area || !profile) {
    return { layer: undefined, problems: yaml.problems, profilePlaces };
  }
  return { layer: { layer, area, name, profile, extends: base, values }, problems: [], profilePlaces };
}

/** Area of a policy file that stands alone and names none. */
const NO_AREA = '999999';

/**
 * One policy file outside the folder of policies, as a layer above those given: `layer`, `area`, `profile` and `name`
 * may be left out. Throws one YibaoError with all its problems.
 */
export function loadPolicyFile(path: string, documents: Documents): PolicyLayer {
  const yaml = readYaml(path);
  if (yaml.problems.length > 0) throw new YibaoError(yaml.problems);
  const keys = knownParts(
    yaml,
    yaml.root,
    ['values'],
    ['layer', 'area', 'profile', 'name', 'documents', 'source'],
  );
  const { area = NO_AREA, profile = BENEFITS_PROFILE } = readAreaAndProfile(yaml, keys);
  const layer = choicePart(yaml, keys.layer, ['national', 'province', 'city']) ?? 'city';
  const name = textPart(yaml, keys.name) ?? null;
  const all = keys.documents ? readDocuments(yaml, keys.documents, documents) : documents;
  const source = keys.source && readFileSource(yaml, keys.source, all);
  const values = keys.values ? readValues(yaml, keys.values, all, source) : [];
  if (yaml.problems.length > 0) throw new YibaoError(yaml.problems);
  return { layer, area, name, profile, extends: null, values };
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
