import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isMap } from 'yaml';
import { YibaoError } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';
import { dateOfText, policyDateOfYear } from '#policy/dates.ts';
import { readDocuments } from '#policy/documents.ts';
import { AREA_NOT_FOUND, UNKNOWN_PROFILE, WRONG_DATE } from '#policy/errors.ts';
import { type AssumedValue, scenarioLayer } from '#policy/hypothetical.ts';
import {
  isAreaCode,
  type PolicyLayer,
  readAreaAndProfile,
  readFileSource,
  readValues,
} from '#policy/layer.ts';
import {
  areasAbove,
  BENEFITS_PROFILE,
  loadPolicies,
  type Policies,
  paymentProfilesOf,
  profileChain,
  profilesOf,
} from '#policy/load.ts';
import { type Policy, resolvePolicy } from '#policy/resolve.ts';
import {
  knownParts,
  mappingParts,
  type Part,
  readYaml,
  report,
  textPart,
  type YamlFile,
} from '#policy/yaml-file.ts';

const AREA_FILE = 'area.yaml';
const DEFAULT_PROFILE = 'reference';

/** What an `area.yaml` says: the pooling area, its profile, and its own values as the nearest layer. */
export type AreaHeader = {
  readonly code: string;
  readonly name: string;
  readonly profile: string;
  readonly layer: PolicyLayer;
  /** mapping tables of codes, by name or file in the area folder: docs/domain/codes.md#intake */
  readonly codeMapping: { readonly diagnoses?: string; readonly procedures?: string };
  /** the code sets that codes are checked by: docs/domain/quality.md#code-sets */
  readonly codeSets: CodeSets;
};

/** Imported code sets by their first day, ascending; the first one counts before it too. */
export type CodeSets = Readonly<
  Partial<Record<'diagnoses' | 'procedures', readonly { readonly from: string; readonly name: string }[]>>
>;

/** Reads an `area.yaml`. Throws one YibaoError with all its problems. */
export function loadAreaHeader(path: string, policies: Policies = loadPolicies()): AreaHeader {
  const yaml = readYaml(path);
  if (yaml.problems.length > 0) throw new YibaoError(yaml.problems);
  const keys = knownParts(
    yaml,
    yaml.root,
    ['area', 'name', 'profile'],
    ['documents', 'overrides', 'code_mapping', 'code_sets', 'source'],
  );
  const { area, profile } = readAreaAndProfile(yaml, keys);
  const profiles = paymentProfilesOf(policies.layers);
  if (keys.profile && profile !== undefined && !profiles.has(profile)) {
    const parameters = { known: [...profiles.keys()].join(', ') };
    report(yaml, UNKNOWN_PROFILE, keys.profile, { field: 'profile', value: profile, parameters });
  }
  const name = textPart(yaml, keys.name);
  const documents = keys.documents
    ? readDocuments(yaml, keys.documents, policies.documents)
    : policies.documents;
  const codeMapping = keys.code_mapping ? readCodeMapping(yaml, keys.code_mapping) : {};
  const codeSets = keys.code_sets ? readCodeSets(yaml, keys.code_sets) : {};
  const source = keys.source && readFileSource(yaml, keys.source, documents);
  const values = keys.overrides ? readValues(yaml, keys.overrides, documents, source) : [];
  if (yaml.problems.length > 0 || !area || !name || !profile) throw new YibaoError(yaml.problems);
  const layer = { layer: 'area', area, name, profile, extends: null, values } as const;
  return { code: area, name, profile, layer, codeMapping, codeSets };
}

/** A name, or names by the day from which each counts. */
function readCodeSets(yaml: YamlFile, part: Part): CodeSets {
  const sides = knownParts(yaml, part, [], ['diagnoses', 'procedures']);
  const read = (side: Part | undefined) => {
    if (side === undefined) return undefined;
    if (!isMap(side.node)) {
      const name = textPart(yaml, side);
      return name === undefined ? [] : [{ from: '0001-01-01', name }];
    }
    return mappingParts(yaml, side)
      .flatMap((version) => {
        const name = textPart(yaml, version);
        if (dateOfText(version.key) === undefined) {
          report(yaml, WRONG_DATE, version, { field: side.key, value: version.key });
          return [];
        }
        return name === undefined ? [] : [{ from: version.key, name }];
      })
      .toSorted((a, b) => (a.from < b.from ? -1 : 1));
  };
  const [diagnoses, procedures] = [read(sides.diagnoses), read(sides.procedures)];
  return { ...(diagnoses ? { diagnoses } : {}), ...(procedures ? { procedures } : {}) };
}

function readCodeMapping(yaml: YamlFile, part: Part): AreaHeader['codeMapping'] {
  const { diagnoses, procedures } = knownParts(yaml, part, [], ['diagnoses', 'procedures']);
  const names = [textPart(yaml, diagnoses), textPart(yaml, procedures)];
  return {
    ...(names[0] === undefined ? {} : { diagnoses: names[0] }),
    ...(names[1] === undefined ? {} : { procedures: names[1] }),
  };
}

/** A pooling area and the layers that hold for it, outermost first. */
export type AreaPolicies = {
  readonly code: string;
  readonly name: string | null;
  readonly profile: string;
  readonly layers: readonly PolicyLayer[];
};

/**
 * The area an argument of the command line means: a six-digit code, or an area folder (or its `area.yaml`).
 * Six digits are always a code, under the default profile unless policy files know the area only under another; a
 * folder of that name is written `./990200`.
 * `asked` is the profile wanted instead, as that of the benefits. Throws `policy.area-not-found`, and what loadAreaHeader
 * throws.
 */
export function resolveArea(
  argument: string,
  policies: Policies = loadPolicies(),
  asked?: string | undefined,
): AreaPolicies {
  if (isAreaCode(argument)) {
    const own = policies.layers
      .filter((layer) => layer.area === argument && layer.profile !== BENEFITS_PROFILE)
      .map((layer) => layer.profile);
    const profile = asked ?? (own.length === 0 || own.includes(DEFAULT_PROFILE) ? DEFAULT_PROFILE : own[0]!);
    const layers = policyChain(policies, argument, profile);
    return {
      code: argument,
      name: layers.find((layer) => layer.area === argument)?.name ?? null,
      profile,
      layers,
    };
  }
  const path = basename(argument) === AREA_FILE ? argument : join(argument, AREA_FILE);
  if (!existsSync(path)) throw new YibaoError({ definition: AREA_NOT_FOUND, value: argument });
  const header = loadAreaHeader(path, policies);
  const { code, name } = header;
  const profile = asked ?? header.profile;
  return { code, name, profile, layers: [...policyChain(policies, code, profile), header.layer] };
}

/**
 * The layers of policy files that hold for an area: nation, province, city, the area itself; outermost first. Of one
 * area, the layer of a profile comes after that of the profile it extends.
 */
export function policyChain(policies: Policies, code: string, profile: string): PolicyLayer[] {
  const profiles = profileChain(profilesOf(policies.layers), profile);
  return [...areasAbove(code)].flatMap((area) =>
    profiles.flatMap((each) =>
      policies.layers.filter((layer) => layer.area === area && layer.profile === each),
    ),
  );
}

/**
 * The policy a payment year of an area folder is settled under: that in force on its first of January, and the layers
 * it was found in. Throws what loadAreaHeader and resolvePolicy throw.
 */
export function resolveAreaPolicy(
  areaFolder: string,
  options: {
    readonly year: number;
    readonly knownAt?: Temporal.PlainDate | undefined;
    readonly policies?: Policies;
    /** settle under this profile instead of the one area.yaml names */
    readonly profile?: string | undefined;
    /** what a scenario assumes goes before all that anybody says */
    readonly assumed?: { readonly name: Text; readonly values: readonly AssumedValue[] } | undefined;
  },
): { readonly area: AreaHeader; readonly policy: Policy; readonly layers: readonly PolicyLayer[] } {
  const policies = options.policies ?? loadPolicies();
  const written = loadAreaHeader(join(areaFolder, AREA_FILE), policies);
  const profile = options.profile ?? written.profile;
  const profiles = paymentProfilesOf(policies.layers);
  if (!profiles.has(profile)) {
    const parameters = { known: [...profiles.keys()].join(', ') };
    throw new YibaoError({ definition: UNKNOWN_PROFILE, field: 'profile', value: profile, parameters });
  }
  const area = { ...written, profile };
  const asOf = policyDateOfYear(options.year);
  const { assumed } = options;
  const layers = [
    ...policyChain(policies, area.code, area.profile),
    area.layer,
    ...(assumed ? [scenarioLayer(assumed.name, area, asOf, assumed.values)] : []),
  ];
  const policy = resolvePolicy({ layers, asOf, knownAt: options.knownAt });
  return { area, policy, layers };
}
