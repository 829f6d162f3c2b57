import { LAYER_NOT_APPLIED, MISPLACED_CONDITION, NO_ROW, NO_VALUE } from '#benefits/errors.ts';
import type { Plan } from '#benefits/plan.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { INCONSISTENT_VALUES, UNKNOWN_NAME } from '#policy/errors.ts';
import {
  BENEFITS_PROFILE,
  loadPolicies,
  loadPolicyFile,
  type Policies,
  type PolicyLayer,
  policyChain,
  type ResolvedValue,
  tablesInForce,
} from '#policy/index.ts';
import {
  DIMENSION_NAMES,
  DIMENSIONS,
  type Dimension,
  type DimensionDefinition,
} from '#policy/registry/benefit-dimensions.ts';
import { LAYER_NAMES, layerWord } from '#policy/registry/benefit-layers.ts';
import { BENEFIT_PARAMETERS, type BenefitParameter } from '#policy/registry/benefits.ts';
import {
  type Cell,
  parseTable,
  rowFits,
  type TableContext,
  type TableRow,
  unknownNames,
} from '#policy/table.ts';

/** A row and the value of the layer it stands in; undefined: the fallback of the parameter. */
export type Entry = { readonly row: TableRow; readonly value: ResolvedValue | undefined };

/** The benefit tables in force on one day. Nothing in it changes, but that `plans` remembers what was worked out. */
export type BenefitPolicy = {
  readonly asOf: string;
  readonly tables: ReadonlyMap<BenefitParameter, readonly Entry[]>;
  /** dimensions that some row depends on: only these tell one plan from another */
  readonly dimensions: readonly Dimension[];
  readonly declared: Readonly<Partial<Record<Dimension, readonly string[]>>>;
  readonly plans: Map<string, Plan>;
};

const FALLBACKS = new Map(
  Object.entries(BENEFIT_PARAMETERS).map(([name, { cell, fallback }]) => {
    const rows = fallback === null ? [] : parseTable(cell, fallback);
    if (typeof rows === 'string') throw new TypeError(`the fallback of ${name} is ${rows}: ${fallback}`);
    return [name as BenefitParameter, rows.map((row): Entry => ({ row, value: undefined }))];
  }),
);

/**
 * The benefit policy of a day from layers, outermost first. Throws a YibaoError with every name that rows use and neither
 * the product nor the policy declares.
 */
export function benefitPolicy(
  layers: readonly PolicyLayer[],
  date: string,
  knownAt?: Temporal.PlainDate,
): BenefitPolicy {
  const inForce = tablesInForce({ layers, asOf: Temporal.PlainDate.from(date), knownAt });
  const tables = new Map<BenefitParameter, readonly Entry[]>();
  for (const [name, fallback] of FALLBACKS) {
    const said = (inForce.get(name) ?? []).flatMap((value) =>
      value.value.kind === 'table' ? value.value.rows.map((row): Entry => ({ row, value })) : [],
    );
    tables.set(name, [...said, ...fallback]);
  }
  const declared = declaredNames(tables);
  checkNames(tables, declared);
  checkOrder(tables);
  checkPlaces(tables);
  checkApplies(tables);
  const used = new Set<Dimension>();
  for (const entries of tables.values()) {
    for (const { row } of entries) {
      for (const { dimension } of row.conditions) used.add(dimension);
      if (row.text.includes('{disease}')) used.add('disease');
    }
  }
  const states = (name: BenefitParameter) => tables.get(name)!.some(({ row }) => row.cell.number !== 0);
  if (states('basic.points_per_year_of_age')) used.add('age');
  if (states('basic.points_per_enrolled_year')) used.add('enrolled_years');
  const dimensions = DIMENSION_NAMES.filter((dimension) => used.has(dimension));
  return { asOf: date, tables, dimensions, declared, plans: new Map() };
}

/** The benefit layers of an area: nation, province, city. */
export const benefitLayers = (areaCode: string, policies: Policies = loadPolicies()): PolicyLayer[] =>
  policyChain(policies, areaCode, BENEFITS_PROFILE);

/** The layers of a policy file that stands alone: the nation and the file; with `area`, above the layers of that area. */
export function layersOfFile(
  path: string,
  options: { readonly outer?: readonly PolicyLayer[]; readonly policies?: Policies } = {},
): PolicyLayer[] {
  const policies = options.policies ?? loadPolicies();
  const outer = options.outer ?? benefitLayers('000000', policies);
  return [...outer, loadPolicyFile(path, policies.documents)];
}

/** The first row that fits. Throws `benefits.no-row` where none does. */
export function cellOf(policy: BenefitPolicy, name: BenefitParameter, context: TableContext): Cell {
  return entryOf(policy, name, context).row.cell;
}

/** The row in force and where it comes from. */
export function entryOf(policy: BenefitPolicy, name: BenefitParameter, context: TableContext): Entry {
  const entries = policy.tables.get(name)!;
  const entry = entries.find(({ row }) => rowFits(row, context));
  if (entry) return entry;
  const shown = Object.entries(context).filter(([, value]) => value !== undefined && String(value) !== '');
  if (entries.length === 0) {
    const file = nearestFile(policy);
    const where = file === undefined ? {} : { file };
    throw new YibaoError({ definition: NO_VALUE, ...where, field: name, parameters: { date: policy.asOf } });
  }
  throw new YibaoError({
    definition: NO_ROW,
    ...(entries[0]?.value ? { file: entries[0].value.file, row: entries[0].value.line } : {}),
    field: name,
    parameters: {
      date: policy.asOf,
      context: shown.map(([dimension, value]) => `${dimension}=${value}`).join(', '),
      rows: entries.map(({ row }) => row.text).join(' ; '),
    },
  });
}

/** A file the policy comes from: where a value that is missing would be written. */
function nearestFile({ tables }: BenefitPolicy): string | undefined {
  for (const entries of tables.values()) if (entries[0]?.value) return entries[0].value.file;
  return undefined;
}

/** Where the policy declares names of its own. */
const declaringParameter = (dimension: Dimension): BenefitParameter | undefined => {
  const definition: DimensionDefinition = DIMENSIONS[dimension];
  return definition.kind === 'names' ? (definition.declaredBy as BenefitParameter | undefined) : undefined;
};

function declaredNames(tables: BenefitPolicy['tables']): BenefitPolicy['declared'] {
  const declared: Partial<Record<Dimension, readonly string[]>> = {};
  for (const dimension of DIMENSION_NAMES) {
    const parameter = declaringParameter(dimension);
    if (!parameter) continue;
    declared[dimension] = tables
      .get(parameter)!
      .flatMap(({ row }) => row.cell.names)
      .filter((name) => name !== 'none');
  }
  return declared;
}

function checkNames(tables: BenefitPolicy['tables'], declared: BenefitPolicy['declared']): void {
  const problems: Problem[] = [];
  for (const [parameter, entries] of tables) {
    for (const { row, value } of entries) {
      if (!value) continue;
      for (const [dimension, name] of unknownNames([row], declared)) {
        problems.push({
          definition: UNKNOWN_NAME,
          file: value.file,
          row: row.line ?? value.line,
          field: dimension,
          value: name,
          parameters: { parameter, ...knownNames(dimension, declared) },
        });
      }
    }
  }
  if (problems.length > 0) throw new YibaoError(problems);
}

/** The rows that can hold: none after one without conditions. */
function reachable(entries: readonly Entry[]): readonly Entry[] {
  const last = entries.findIndex(({ row }) => row.conditions.length === 0);
  return last < 0 ? entries : entries.slice(0, last + 1);
}

/** Conditions that only some parameters know: elsewhere a row with one would never hold. */
const PLACES: Readonly<Partial<Record<Dimension, (parameter: string) => boolean>>> = {
  list_class: (parameter) => parameter === 'lines.prior_ratio',
  item_kind: (parameter) => parameter === 'lines.prior_ratio',
  item: (parameter) => parameter === 'lines.prior_ratio',
  part: (parameter) =>
    LAYER_NAMES.some((layer) => parameter === `${layer}.bands` || parameter === `${layer}.points`),
};

function checkPlaces(tables: BenefitPolicy['tables']): void {
  const problems: Problem[] = [];
  for (const [parameter, entries] of tables) {
    for (const { row, value } of entries) {
      const wrong = row.conditions.find(({ dimension }) => PLACES[dimension]?.(parameter) === false);
      if (!value || !wrong) continue;
      problems.push({
        definition: MISPLACED_CONDITION,
        file: value.file,
        row: row.line ?? value.line,
        field: wrong.dimension,
        value: wrong.names.join(', '),
        parameters: { parameter },
      });
    }
  }
  if (problems.length > 0) throw new YibaoError(problems);
}

/** A layer whose ratios are written and of which nothing says whether it applies: not paying it in silence would be wrong. */
function checkApplies(tables: BenefitPolicy['tables']): void {
  const problems: Problem[] = [];
  const said = (name: BenefitParameter) => tables.get(name)!.find(({ value }) => value !== undefined)?.value;
  for (const layer of LAYER_NAMES) {
    const bands = said(`${layer}.bands`);
    if (bands === undefined || said(`${layer}.applies`) !== undefined) continue;
    problems.push({
      definition: LAYER_NOT_APPLIED,
      file: bands.file,
      row: bands.line,
      field: `${layer}.bands`,
      parameters: { layer },
    });
  }
  if (problems.length > 0) throw new YibaoError(problems);
}

/** A layer that pays must have a place in the order, or it would silently pay nothing. */
function checkOrder(tables: BenefitPolicy['tables']): void {
  const ordered = new Set(reachable(tables.get('layers.order')!).flatMap(({ row }) => row.cell.names));
  const problems = LAYER_NAMES.filter((layer) => !ordered.has(layerWord(layer))).flatMap((layer) =>
    reachable(tables.get(`${layer}.applies`)!)
      .filter(({ row }) => row.cell.text === 'yes')
      .map(
        ({ row, value }): Problem => ({
          definition: INCONSISTENT_VALUES,
          file: value?.file,
          row: row.line ?? value?.line,
          parameters: {
            condition: `layers.order ∋ ${layerWord(layer)}`,
            found: `${layer}.applies: ${row.text}`,
          },
        }),
      ),
  );
  if (problems.length > 0) throw new YibaoError(problems);
}

/** The names of a dimension and where more are declared, for messages. */
export function knownNames(dimension: Dimension, declared: BenefitPolicy['declared']) {
  const definition: DimensionDefinition = DIMENSIONS[dimension];
  const own = definition.kind === 'names' ? Object.entries(definition.names) : [];
  const more = declared[dimension] ?? [];
  const declaredBy = declaringParameter(dimension);
  return {
    known: [...own.map(([name]) => name), ...more].join(', '),
    knownZh: [...own.map(([name, { zh }]) => `${name} ${zh}`), ...more].join('、'),
    declaredBy: declaredBy ?? '—',
    declareZh: declaredBy ? `；本地名称须在政策的 ${declaredBy} 中声明` : '',
    declareEn: declaredBy ? `; local names are declared in ${declaredBy} of the policy` : '',
  };
}
