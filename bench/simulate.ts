/**
 * `npm run bench:simulate [-- 2.4]`: a base of a demo area is made (millions of lists over four years, a quarter of them in the
 * payment year), then `yibao simulate` is run again with a changed budget, a changed outlier limit, and both with five
 * scenarios: whole processes, start-up included. The floor: starting the program to read its policies (`yibao policy explain`), and
 * DuckDB adding up the points of the kept cases by institution.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { generateDemoArea } from '#demo/index.ts';
import { Engine, literal } from '#engine/duckdb.ts';

const YEAR = 2025;
const RUNS = 5;
const millions = Number(process.argv[2] ?? 2.4);
const lists = Math.round(millions * 1_000_000);
const data = join(import.meta.dirname, '.data');
const folder = join(data, `area-${lists}`);
const base = join(data, `simulation-${lists}.duckdb`);
const yibao = join(import.meta.dirname, '..', 'bin', 'yibao.js');

if (!existsSync(join(folder, 'budget.csv'))) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  const engine = await Engine.open();
  const progress = { stage() {}, update() {}, done() {} };
  await generateDemoArea({ engine, folder, lists, seed: 1, year: YEAR, format: 'parquet', progress });
  engine.close();
}

type Run = { readonly seconds: number; readonly processor: number };

/** The clock of one process, and the processor time it took on all cores, which `times` of the shell counts. */
function run(args: readonly string[]): Run {
  const command = [process.execPath, yibao, ...args]
    .map((each) => `'${each.replaceAll("'", `'\\''`)}'`)
    .join(' ');
  const started = performance.now();
  const { stdout, stderr, status } = spawnSync('bash', ['-c', `set -e; ${command} >/dev/null; times`], {
    encoding: 'utf8',
  });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(stderr);
  const children = stdout.trim().split('\n').at(-1)!;
  const processor = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest),
    0,
  );
  return { seconds, processor };
}

const simulate = (...args: readonly string[]) => [
  'simulate',
  folder,
  '--year',
  String(YEAR),
  '--base',
  base,
  ...args,
];
rmSync(base, { force: true });
const first = run(simulate('--set', 'budget.resident=+3%'));
const cases: Readonly<Record<string, readonly string[]>> = {
  'floor: start and policies': [
    'policy',
    'explain',
    'deviation.high_ratio',
    '--area',
    folder,
    '--date',
    `${YEAR}-01-01`,
  ],
  'budget.resident=+3%': simulate('--set', 'budget.resident=+3%'),
  'deviation.high_ratio=2.5': simulate('--set', 'deviation.high_ratio=2.5'),
  both: simulate('--set', 'budget.resident=+3%', '--set', 'deviation.high_ratio=2.5'),
  'five scenarios': simulate(
    ...[1.6, 1.8, 2.2, 2.5, 3].flatMap((ratio) => [
      '--scenario',
      `at ${ratio}:deviation.high_ratio=${ratio}`,
    ]),
  ),
};
process.stdout.write(
  `${lists.toLocaleString('en-US')} lists, base of ${Math.round(statSync(base).size / 1_048_576)} MiB made in ${first.seconds.toFixed(1)} s\n\n`,
);
process.stdout.write('| what changes | best of five | median | processor time |\n|---|---|---|---|\n');
for (const [name, args] of Object.entries(cases)) {
  const runs = Array.from({ length: RUNS }, () => run(args));
  const seconds = runs.map((each) => each.seconds).toSorted((a, b) => a - b);
  const processor = Math.min(...runs.map((each) => each.processor));
  process.stdout.write(
    `| ${name} | ${seconds[0]!.toFixed(2)} s | ${seconds[Math.floor(RUNS / 2)]!.toFixed(2)} s | ${processor.toFixed(2)} s |\n`,
  );
}
const engine = await Engine.open();
await engine.run(`ATTACH ${literal(base)} AS base (READ_ONLY)`);
const started = performance.now();
await engine.rows(
  'SELECT institution_no, sum(points4) FROM base.case_score GROUP BY institution_no ORDER BY institution_no',
);
process.stdout.write(
  `\nadding up the points of the kept cases: ${((performance.now() - started) / 1000).toFixed(2)} s\n`,
);
engine.close();
