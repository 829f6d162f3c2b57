/**
 * `npm run bench [-- 1 4 10]`: the whole of `settle` on millions of lists from Parquet, stage by stage, beside the
 * floor measured in the same run: DuckDB reading the same columns of the same files and grouping cost by institution.
 * Each measurement is a process of its own, so that its peak memory is its own. A machine shared with others is now faster, now
 * slower, by a half within a minute: the settlement is measured several times, each time between two floors, and the
 * round whose ratio is in the middle is told, with the span of all.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { generateDemoArea } from '#demo/index.ts';
import { Engine } from '#engine/duckdb.ts';
import { createProgress } from '#kernel/progress.ts';
import type { Measurement } from './measure.ts';

const YEAR = 2025;
const SEED = 1;
const MILLION = 1_000_000;
const data = join(import.meta.dirname, '.data');
const sizes = process.argv
  .slice(2)
  .map(Number)
  .filter((size) => size > 0);
const millions = sizes.length > 0 ? sizes : [1, 4, 10];

async function makeArea(lists: number): Promise<string> {
  const folder = join(data, `area-${lists}`);
  if (existsSync(join(folder, 'budget.csv'))) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  const engine = await Engine.open();
  const progress = createProgress();
  progress.stage(`generating ${lists} lists`, 0);
  try {
    await generateDemoArea({ engine, folder, lists, seed: SEED, year: YEAR, format: 'parquet', progress });
  } finally {
    progress.done();
    engine.close();
  }
  return folder;
}

const measure = (what: 'settle' | 'floor', folder: string): Measurement =>
  JSON.parse(
    execFileSync(process.execPath, [join(import.meta.dirname, 'measure.ts'), what, folder, String(YEAR)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );

/** The floor before and after a settlement: what else the machine does meanwhile weighs on both alike. */
const mean = (...values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

const ROUNDS = 5;
const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(2);

const rows: string[][] = [];
for (const size of millions) {
  const lists = size * MILLION;
  const folder = await makeArea(lists);
  const floors = [measure('floor', folder)];
  const rounds = Array.from({ length: ROUNDS }, () => {
    const before = floors.at(-1)!;
    const settle = measure('settle', folder);
    const after = measure('floor', folder);
    floors.push(after);
    const floor = {
      milliseconds: mean(before.milliseconds, after.milliseconds),
      cpuMilliseconds: mean(before.cpuMilliseconds, after.cpuMilliseconds),
    };
    return { settle, floor, ratio: settle.milliseconds / floor.milliseconds };
  }).toSorted((a, b) => a.ratio - b.ratio);
  const { settle, floor, ratio } = rounds[Math.floor(ROUNDS / 2)]!;
  const cpuRatios = rounds
    .map((round) => round.settle.cpuMilliseconds / round.floor.cpuMilliseconds)
    .toSorted((a, b) => a - b);
  process.stdout.write(`\n${lists.toLocaleString('en-US')} lists\n`);
  for (const stage of settle.stages)
    process.stdout.write(`  ${stage.name.padEnd(12)} ${seconds(stage.milliseconds).padStart(8)} s\n`);
  process.stdout.write(`  ${'whole'.padEnd(12)} ${seconds(settle.milliseconds).padStart(8)} s\n`);
  process.stdout.write(`  ${'floor'.padEnd(12)} ${seconds(floor.milliseconds).padStart(8)} s\n`);
  const span = (of: readonly number[]) => `${of[0]!.toFixed(1)} – ${of.at(-1)!.toFixed(1)}`;
  rows.push([
    `${size} million`,
    `${seconds(settle.milliseconds)} s`,
    Math.round(lists / (settle.milliseconds / 1000)).toLocaleString('en-US'),
    `${settle.peakMib} MiB`,
    `${seconds(floor.milliseconds)} s`,
    `${ratio.toFixed(1)} (${span(rounds.map((round) => round.ratio))})`,
    `${seconds(settle.cpuMilliseconds)} s`,
    `${seconds(floor.cpuMilliseconds)} s`,
    `${cpuRatios[Math.floor(ROUNDS / 2)]!.toFixed(1)} (${span(cpuRatios)})`,
  ]);
}
const header = [
  'lists',
  'settle',
  'lists per second',
  'peak memory',
  'floor',
  'settle / floor',
  'processor time',
  'of the floor',
  'ratio',
];
process.stdout.write(`\n| ${header.join(' | ')} |\n|${header.map(() => '---').join('|')}|\n`);
for (const row of rows) process.stdout.write(`| ${row.join(' | ')} |\n`);
