/** A random area settled under a random policy of a random profile, and the same area changed in one way. */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Engine, type Row } from '#engine/duckdb.ts';
import { catalogueText } from '#grouping/dip/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { buildAreaCatalogue, type Settlement, settleYear, writeResults } from '#payment/index.ts';
import { loadPolicies, policyChain, policyDateOfYear, resolvePolicy } from '#policy/index.ts';
import type { OracleArea, OracleList } from './oracle.ts';
import { AREA_TWISTS, randomArea, randomNumbers } from './random-area.ts';
import { overridesText, type PolicyValues, randomPolicies } from './random-policy.ts';
import { type ListFacts, writeArea } from './write-area.ts';

export const WORLD_YEAR = 2025;
const PROFILES = [
  'reference',
  'dip-1.0',
  'dip-3.0-draft',
  'dip-city-practice',
  'dip-2021',
  'drg-reference',
] as const;

/** Lists of 10^12 yuan are settled under the reference profile; with a coefficient of 90 on top the tables cannot hold them. */
const TWISTS = AREA_TWISTS.filter((twist) => twist !== 'huge-costs');

export type Files = Readonly<Record<string, string>>;
export type WorldArea = Omit<OracleArea, 'lists'> & { readonly lists: readonly (OracleList & ListFacts)[] };

export type World = {
  /** profile, seed and values: what is needed to see it again */
  readonly name: string;
  readonly profile: string;
  readonly area: WorldArea;
  readonly values: PolicyValues;
  readonly files: Files;
  readonly facts: Facts;
  readonly seed: number;
  readonly catalogue: string | undefined;
};

/** What the tests ask of the tables and the catalogue of a settlement. */
export type Facts = {
  readonly months: readonly Row[];
  readonly clearing: readonly Row[];
  /** lists of primary-care groups that no adjustment changed and no type applies to */
  readonly primaryCare: readonly Row[];
  readonly primaryCareCoefficients: readonly bigint[];
};

export type Variant = {
  readonly lists?: readonly (OracleList & ListFacts)[];
  readonly files?: Files;
  readonly split?: number;
};

/** The catalogue of the area's own history, for profiles that group by one. */
async function catalogueOf(area: WorldArea): Promise<string> {
  const folder = writeArea(area);
  const engine = await Engine.open();
  try {
    const layers = policyChain(loadPolicies(), '000000', 'dip-3.0-draft');
    const policy = resolvePolicy({ layers, asOf: policyDateOfYear(WORLD_YEAR) });
    const built = await buildAreaCatalogue(engine, {
      areaFolder: folder,
      year: WORLD_YEAR,
      policy,
      threshold: { cases: 3n },
    });
    return catalogueText(built.catalogue);
  } finally {
    engine.close();
    rmSync(folder, { recursive: true });
  }
}

/** The files that chosen steps may ask for: scores, published values, baselines, lists of diagnoses. */
function filesFor(area: WorldArea, seed: number): Files {
  const random = randomNumbers(seed);
  const integer = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  const years = [WORLD_YEAR - 3, WORLD_YEAR - 2, WORLD_YEAR - 1, WORLD_YEAR];
  const codes = area.institutions.map(({ fixmedins_code }) => fixmedins_code);
  const table = (header: string, rows: readonly string[]) => `${[header, ...rows].join('\n')}\n`;
  return {
    'assessment_scores.csv': table(
      'year,fixmedins_code,score',
      years.flatMap((year) => codes.map((code) => `${year},${code},${integer(40, 100)}`)),
    ),
    'operating_costs.csv': table(
      'year,fixmedins_code,income,operating_cost',
      years.flatMap((year) =>
        codes.map((code) => `${year},${code},${integer(500, 900)}00,${integer(100, 400)}00`),
      ),
    ),
    'point_values_published.csv': table('year,insutype,point_value', [
      `${WORLD_YEAR},310,${integer(1, 20)}.5`,
      `${WORLD_YEAR},390,${integer(1, 20)}.25`,
    ]),
    'baseline_points.csv': table(
      'year,insutype,fixmedins_code,points',
      codes.flatMap((code) =>
        ['310', '390'].map((scheme) => `${WORLD_YEAR},${scheme},${code},${integer(0, 9_000)}`),
      ),
    ),
    'institutions.csv': table(
      'fixmedins_code,name,level,type',
      area.institutions.map(
        (row, index) => `${row.fixmedins_code},${row.name},${row.level},${['综合', '专科'][index % 2]}`,
      ),
    ),
    'diagnosis_lists.csv': table('list,code,weight,unless_principal', [
      'cci,I10,1,',
      'cci,C34,2,',
      'severe,I21,,',
      'moderate,J18,,K35.2',
      'cc,I10,,',
      'mcc,I21,,',
    ]),
    'month_deductions.csv': table('month,insutype,fixmedins_code,amount,reason', [
      `${WORLD_YEAR}-02,390,${codes[0]},12.34,`,
      `${WORLD_YEAR}-05,310,${codes.at(-1)},0.01,`,
    ]),
  };
}

type Unsettled = Omit<World, 'files' | 'facts' | 'name'>;

/** Settles one variant of the world in a folder of its own. */
export async function settleWorld(
  { profile, area, values, seed, catalogue }: Unsettled,
  { lists = area.lists, files = {}, split = 1 }: Variant = {},
): Promise<Pick<World, 'files' | 'facts'>> {
  const areaFolder = writeArea({ ...area, lists }, split, profile);
  const out = mkdtempSync(join(tmpdir(), 'yibao-world-'));
  const engine = await Engine.open();
  try {
    appendFileSync(join(areaFolder, 'area.yaml'), overridesText(values));
    for (const [name, text] of Object.entries({ ...filesFor(area, seed), ...files }))
      writeFileSync(join(areaFolder, name), text);
    if (catalogue !== undefined) writeFileSync(join(areaFolder, 'catalogue.csv'), catalogue);
    const settlement = await settleYear(engine, { areaFolder, year: WORLD_YEAR });
    await writeResults(engine, settlement, out, { cliffs: true });
    const texts = readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')]);
    return { files: Object.fromEntries(texts), facts: await factsOf(engine, settlement) };
  } finally {
    engine.close();
    rmSync(out, { recursive: true });
    rmSync(areaFolder, { recursive: true });
  }
}

async function factsOf(engine: Engine, settlement: Settlement): Promise<Facts> {
  const { catalogue, tables } = settlement;
  const isPrimaryCare = ({ kind, groupCode }: (typeof catalogue.groups)[number]) =>
    kind === 'primary-care' || tables.primaryCareGroups.has(groupCode);
  const groups = catalogue.groups.filter(isPrimaryCare);
  const numbers = groups.map(({ groupNo }) => groupNo);
  const adjusted =
    settlement.adjustments.length > 0 ? 'SELECT setl_id FROM case_adjustment' : "SELECT '' AS setl_id";
  return {
    months: await engine.rows('SELECT * FROM month_result ORDER BY month, insutype, fixmedins_code'),
    clearing: await engine.rows('SELECT * FROM clearing_result ORDER BY insutype, fixmedins_code'),
    primaryCare: await engine.rows(`
      SELECT c.setl_id, c.group_no, c.points4, i.level FROM case_score AS c
      JOIN institution AS i ON i.institution_no = c.institution_no
      WHERE c.group_no IN (${[-1, ...numbers].join(', ')}) AND c.deviation = 'normal' AND c.type_no = 0
        AND c.setl_id NOT IN (${adjusted}) ORDER BY c.setl_id`),
    primaryCareCoefficients: groups.flatMap((group) =>
      catalogue.classes.map(({ classNo }) => catalogue.coefficientOf(group, classNo).coefficient4),
    ),
  };
}

/** Every list of another person of one scheme: what happens to one scheme cannot reach the other by a person. */
function withPersons(area: OracleArea): WorldArea {
  const lists = area.lists.map((list, index) => ({ ...list, psn_no: `${list.insutype}-${index % 40}` }));
  return { ...area, lists };
}

/**
 * Settled worlds from a seed, and how many random policies were refused with an error a user can read. Any other error is a
 * defect and is thrown, with what is needed to see it again.
 */
export async function randomWorlds(seed: number, count: number) {
  const worlds: World[] = [];
  const refused: string[] = [];
  const policies = fc.sample(randomPolicies, { seed, numRuns: count * 2 });
  for (const [index, values] of policies.entries()) {
    if (worlds.length === count) break;
    const own = seed * 1_000 + index;
    const profile = PROFILES[index % PROFILES.length]!;
    const twist = TWISTS[Math.floor(randomNumbers(own)() * TWISTS.length)]!;
    const area = withPersons(randomArea(own, twist));
    const name = `world ${own} (${profile}, ${twist})`;
    const byCatalogue = profile.startsWith('dip-') && profile !== 'dip-2021';
    const catalogue = byCatalogue ? await catalogueOf(area) : undefined;
    const unsettled = { profile, area, values, seed: own, catalogue };
    try {
      worlds.push({ name, ...unsettled, ...(await settleWorld(unsettled)) });
    } catch (error) {
      if (!(error instanceof YibaoError))
        throw new Error(`${name}: ${JSON.stringify(values)}`, { cause: error });
      refused.push(
        `${name}: ${error.problems.map(({ definition }) => definition.code).join()}: ${error.message}`,
      );
    }
  }
  return { worlds, refused };
}
