/**
 * `npm run bench:quality [-- 1]`: one million lists of the national form, every node in Parquet, through all checks, beside the
 * floor measured in the same run: DuckDB scanning every column of the same files once. Each measurement is a process of its
 * own (`quality.ts check|floor <area-folder>`), so that its peak memory is its own.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkLists } from '#claims/quality/index.ts';
import { generateDemoArea, generateNationalForm } from '#demo/index.ts';
import { Engine, literal } from '#engine/duckdb.ts';
import { createProgress } from '#kernel/progress.ts';

type Measurement = {
  readonly milliseconds: number;
  /** of all threads, user and system: what the work costs, however busy the machine is */
  readonly cpuSeconds: number;
  readonly peakMib: number;
  readonly lists: number;
  readonly findings: number;
  readonly stages: readonly { readonly name: string; readonly milliseconds: number }[];
};

const YEAR = 2025;
const SEED = 1;
const MILLION = 1_000_000;
/** Refused lists have no national form: so many more are made that enough sound ones are left. */
const SPARE_LISTS = 20_000;
const data = join(import.meta.dirname, '.data');

async function makeArea(lists: number): Promise<string> {
  const folder = join(data, `quality-${lists}`);
  if (existsSync(join(folder, 'procedure_codes.csv'))) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  const engine = await Engine.open();
  const progress = createProgress();
  progress.stage(`generating ${lists} lists`, 0);
  const options = { engine, folder, seed: SEED, progress };
  try {
    await generateDemoArea({ ...options, lists: lists + SPARE_LISTS, year: YEAR, format: 'parquet' });
    await generateNationalForm({ ...options, lists });
  } finally {
    progress.done();
    engine.close();
  }
  return folder;
}

async function measureHere(what: string, areaFolder: string): Promise<Measurement> {
  const engine = await Engine.open();
  const started = performance.now();
  let run = { lists: 0, findings: 0, stages: [] as Measurement['stages'] };
  if (what === 'floor') {
    const folder = join(areaFolder, 'national_form');
    for (const name of readdirSync(folder)) {
      // every value of every column is decoded and looked at
      await engine.rows(
        `SELECT bit_xor(hash(t)) AS seen FROM read_parquet(${literal(join(folder, name))}) AS t`,
      );
    }
  } else run = await checkLists(engine, { areaFolder });
  const measurement = {
    milliseconds: performance.now() - started,
    cpuSeconds: (process.cpuUsage().user + process.cpuUsage().system) / 1_000_000,
    peakMib: Math.round(process.resourceUsage().maxRSS / 1024),
    lists: run.lists,
    findings: run.findings,
    stages: run.stages,
  };
  engine.close();
  return measurement;
}

const [what, folder] = process.argv.slice(2);
if (what === 'check' || what === 'floor') {
  process.stdout.write(JSON.stringify(await measureHere(what, folder!)));
} else {
  const millions = process.argv
    .slice(2)
    .map(Number)
    .filter((size) => size > 0);
  const rows: string[][] = [];
  for (const size of millions.length > 0 ? millions : [1]) {
    const area = await makeArea(Math.round(size * MILLION));
    const measure = (which: string): Measurement =>
      JSON.parse(
        execFileSync(process.execPath, [import.meta.filename, which, area], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'inherit'],
        }),
      );
    const floor = measure('floor');
    const check = measure('check');
    const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(2);
    const count = (value: number) => value.toLocaleString('en-US');
    for (const stage of check.stages)
      process.stdout.write(`  ${stage.name.padEnd(20)} ${seconds(stage.milliseconds).padStart(8)} s\n`);
    rows.push([
      count(check.lists),
      count(check.findings),
      `${seconds(check.milliseconds)} s`,
      count(Math.round(check.lists / (check.milliseconds / 1000))),
      `${check.cpuSeconds.toFixed(1)} s`,
      `${count(check.peakMib)} MiB`,
      `${seconds(floor.milliseconds)} s`,
      (check.milliseconds / floor.milliseconds).toFixed(1),
    ]);
  }
  const header = [
    'lists',
    'findings',
    'all checks',
    'lists per second',
    'processor time',
    'peak memory',
    'floor',
    'checks / floor',
  ];
  process.stdout.write(`\n| ${header.join(' | ')} |\n|${header.map(() => '---').join('|')}|\n`);
  for (const row of rows) process.stdout.write(`| ${row.join(' | ')} |\n`);
}
