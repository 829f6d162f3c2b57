/**
 * Golden results: what a demo month and its year come to under every profile, as reviewed CSV in test/golden/<profile>/.
 *
 *   npm run golden              compare, and say what differs
 *   npm run golden -- --write   write the files anew, to be reviewed as part of a change
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { generateDemoArea } from '#demo/index.ts';
import { Engine } from '#engine/duckdb.ts';
import { catalogueText } from '#grouping/dip/index.ts';
import { parseDecimal, roundTo, scaledText } from '#kernel/fraction.ts';
import { parseYuan, yuanText } from '#kernel/money.ts';
import { SILENT } from '#kernel/progress.ts';
import { byText } from '#kernel/text-order.ts';
import { buildAreaCatalogue } from '#payment/index.ts';
import {
  BENEFITS_PROFILE,
  loadPolicies,
  policyChain,
  policyDateOfYear,
  resolvePolicy,
} from '#policy/index.ts';
import { settleToFiles } from './settle-files.ts';

export const GOLDEN_FOLDER = join(import.meta.dirname, '..', 'golden');
export const WRITE_COMMAND = 'npm run golden -- --write';

const YEAR = 2025;
const MONTH = '2025-06';
const LISTS = 3_000;
const SEED = 1;
const CASES_OF_EACH_KIND = 2;

/** One profile as an area settles by it: the name of its folder, the profile, and the code of the city. */
export type GoldenProfile = { readonly folder: string; readonly profile: string; readonly area?: string };

/** Every profile under policies/: the national ones and the cities. */
export function goldenProfiles(): GoldenProfile[] {
  const { layers } = loadPolicies();
  const national = new Set(
    layers
      .filter(({ layer, profile }) => layer === 'national' && profile !== BENEFITS_PROFILE)
      .map(({ profile }) => profile),
  );
  const cities = layers.filter(({ layer, profile }) => layer === 'city' && profile === 'dip-city-practice');
  return [
    ...[...national].map((profile) => ({ folder: profile, profile })),
    ...[...new Set(cities.map(({ area }) => area))].map((area) => ({
      folder: `dip-city-${area}`,
      profile: 'dip-city-practice',
      area,
    })),
  ].toSorted((a, b) => byText(a.folder, b.folder));
}

/** Files of one profile by name; the columns that name a row stand first. */
export type GoldenFiles = Readonly<Record<string, string>>;
const KEYS: Readonly<Record<string, readonly string[]>> = {
  'point_values.csv': ['insutype'],
  'year.csv': ['insutype'],
  'month.csv': ['insutype', 'fixmedins_code'],
  'groups.csv': ['kind', 'deviation'],
  'cases.csv': ['setl_id'],
};

/** The demo area, with a catalogue made from its own history and the rows of test/golden/catalogue-rows.csv. */
export async function goldenArea(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'yibao-golden-'));
  const engine = await Engine.open();
  try {
    const demo = {
      engine,
      folder,
      lists: LISTS,
      seed: SEED,
      year: YEAR,
      format: 'csv',
      progress: SILENT,
    } as const;
    await generateDemoArea(demo);
  } finally {
    engine.close();
  }
  addGrades(join(folder, 'procedures.csv'));
  const other = await Engine.open();
  try {
    const layers = policyChain(loadPolicies(), '000000', 'dip-3.0-draft');
    const policy = resolvePolicy({ layers, asOf: policyDateOfYear(YEAR) });
    const { catalogue } = await buildAreaCatalogue(other, { areaFolder: folder, year: YEAR, policy });
    // what has no group in the history of the demo is left to the blank, range and safety groups of the rows
    const entries = catalogue.entries.filter(
      ({ kind, groupCode }) => kind !== 'comprehensive' || groupCode < 'M',
    );
    const text = catalogueText({ ...catalogue, entries });
    const columns = text.slice(0, text.indexOf('\n')).split(',');
    const rows = rowsOf(readFileSync(join(GOLDEN_FOLDER, 'catalogue-rows.csv'), 'utf8'));
    const lines = rows.map((row) => columns.map((column) => row[column] ?? '').join(','));
    writeFileSync(join(folder, 'catalogue.csv'), `${text}${lines.join('\n')}\n`);
  } finally {
    other.close();
  }
  return folder;
}

/** A grade for each operation, as the comprehensive groups of one city go by grade: the demo writes none. */
function addGrades(file: string): void {
  const grades: Row = { surgery: '3', intervention: '2', therapeutic: '1' };
  const rows = rowsOf(readFileSync(file, 'utf8')).map((row) => [
    row.oprn_oprt_code,
    row.attribute,
    grades[row.attribute!] ?? '',
  ]);
  writeFileSync(
    file,
    [['oprn_oprt_code', 'attribute', 'grade'], ...rows].map((row) => `${row.join(',')}\n`).join(''),
  );
}

/** The golden files of one profile, by settling the area under it. */
export async function goldenFiles(
  areaFolder: string,
  { profile, area }: GoldenProfile,
): Promise<GoldenFiles> {
  const path = join(areaFolder, 'area.yaml');
  const before = readFileSync(path, 'utf8');
  const text = before.replace(/^profile: .*$/m, `profile: ${profile}`);
  writeFileSync(path, area === undefined ? text : text.replace(/^area: .*$/m, `area: "${area}"`));
  try {
    return filesOf(await settleToFiles(areaFolder, YEAR));
  } finally {
    writeFileSync(path, before);
  }
}

type Row = Readonly<Record<string, string>>;
const rowsOf = (text: string): Row[] => parse(text, { columns: true }) as Row[];
const csv = (rows: readonly Row[]): string =>
  [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row))]
    .map((cells) => `${cells.join(',')}\n`)
    .join('');
const sumYuan = (rows: readonly Row[], column: string): string =>
  yuanText(rows.reduce((sum, row) => sum + parseYuan(row[column]!)!, 0n));

function filesOf(files: Readonly<Record<string, string>>): GoldenFiles {
  const cases = rowsOf(files['cases.csv']!);
  const kinds = [...Map.groupBy(cases, (row) => `${row.kind},${row.deviation}`)].toSorted(([a], [b]) =>
    byText(a, b),
  );
  const clearing = Map.groupBy(rowsOf(files['clearing.csv']!), ({ insutype }) => insutype!);
  const residual = new Map(rowsOf(files['residual.csv']!).map((row) => [row.insutype!, row.residual!]));
  return {
    'point_values.csv': files['point_values.csv']!,
    'year.csv': csv(
      [...clearing].map(([insutype, rows]) => ({
        insutype,
        institutions: String(rows.length),
        due: sumYuan(rows, 'due'),
        result: sumYuan(rows, 'result'),
        clearing_cash: sumYuan(rows, 'clearing_cash'),
        residual: residual.get(insutype)!,
      })),
    ),
    'month.csv': csv(
      rowsOf(files['monthly.csv']!)
        .filter(({ month }) => month === MONTH)
        .map(({ month: _, ...row }) => row),
    ),
    'groups.csv': csv(
      kinds.map(([, rows]) => ({
        kind: rows[0]!.kind!,
        deviation: rows[0]!.deviation!,
        groups: String(new Set(rows.map(({ group_code }) => group_code)).size),
        cases: String(rows.length),
        points: scaledText(
          rows.reduce((sum, row) => sum + roundTo(parseDecimal(row.points!)!, 4), 0n),
          4,
        ),
      })),
    ),
    'cases.csv': csv(
      kinds
        .flatMap(([, rows]) => rows.slice(0, CASES_OF_EACH_KIND))
        .toSorted((a, b) => byText(a.setl_id!, b.setl_id!)),
    ),
  };
}

/** The files as they were reviewed; undefined: there are none yet. */
export function reviewedFiles({ folder }: GoldenProfile): GoldenFiles | undefined {
  const path = join(GOLDEN_FOLDER, folder);
  try {
    return Object.fromEntries(
      readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'utf8')]),
    );
  } catch {
    return undefined;
  }
}

const LINES_SHOWN = 20;

/** What differs, a line for each row: `cases.csv setl_id=…: points 12.3 → 12.4`; empty when nothing does. */
export function goldenDifference(
  profile: GoldenProfile,
  reviewed: GoldenFiles | undefined,
  now: GoldenFiles,
): string {
  if (reviewed === undefined) return `${profile.folder}: nothing reviewed yet`;
  const lines = Object.keys({ ...reviewed, ...now }).flatMap((name) => {
    const [before, after] = [reviewed[name], now[name]];
    if (before === after) return [];
    if (before === undefined || after === undefined)
      return [`${name}: ${before === undefined ? 'new' : 'gone'}`];
    const changes = changedRows(KEYS[name] ?? [], rowsOf(before), rowsOf(after)).map(
      (line) => `${name} ${line}`,
    );
    const more = changes.length - LINES_SHOWN;
    return changes.length === 0
      ? [`${name}: the rows are equal, their order or columns are not`]
      : [...changes.slice(0, LINES_SHOWN), ...(more > 0 ? [`${name}: and ${more} rows more`] : [])];
  });
  return lines.map((line) => `${profile.folder}/${line}`).join('\n');
}

function changedRows(keys: readonly string[], before: readonly Row[], after: readonly Row[]): string[] {
  const keyOf = (row: Row) => keys.map((key) => `${key}=${row[key]}`).join(' ');
  const was = new Map(before.map((row) => [keyOf(row), row]));
  const is = new Map(after.map((row) => [keyOf(row), row]));
  return [...new Set([...was.keys(), ...is.keys()])].toSorted(byText).flatMap((key) => {
    const [old, fresh] = [was.get(key), is.get(key)];
    if (old === undefined) return [`${key}: new: ${Object.values(fresh!).join(',')}`];
    if (fresh === undefined) return [`${key}: gone: ${Object.values(old).join(',')}`];
    const cells = Object.keys({ ...old, ...fresh }).filter((column) => old[column] !== fresh[column]);
    return cells.length === 0
      ? []
      : [`${key}: ${cells.map((each) => `${each} ${old[each] ?? '-'} → ${fresh[each] ?? '-'}`).join(', ')}`];
  });
}

function writeGolden({ folder }: GoldenProfile, files: GoldenFiles): void {
  const path = join(GOLDEN_FOLDER, folder);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
}

async function main(): Promise<void> {
  const write = process.argv.includes('--write');
  const area = await goldenArea();
  const differences: string[] = [];
  try {
    for (const profile of goldenProfiles()) {
      const files = await goldenFiles(area, profile);
      const difference = goldenDifference(profile, reviewedFiles(profile), files);
      if (difference !== '') differences.push(difference);
      if (write) writeGolden(profile, files);
    }
  } finally {
    rmSync(area, { recursive: true, force: true });
  }
  const text = differences.length === 0 ? 'no difference' : differences.join('\n');
  process.stdout.write(
    `${text}\n${write ? 'written to test/golden: review the difference with git diff\n' : ''}`,
  );
  if (differences.length > 0 && !write) {
    process.stdout.write(`If this is what is meant: ${WRITE_COMMAND}\n`);
    process.exitCode = 1;
  }
}

if (import.meta.main) await main();
