/**
 * Look-up of codes: `npm run bench:codes -- [FILE.csv …]` imports code sets and asks for some of their names in every way,
 * each look-up a process of its own as a user starts it. Without a file a set of 40,000 invented names is made.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAMES = 40_000;
const REPEATS = 5;
const root = join(import.meta.dirname, '..');
const QUERIES = [
  'K35',
  '急性阑尾炎',
  'jxlwy',
  'jixinglanweiyan',
  'czfy',
  '急性兰尾炎',
  '糖料病',
  'jixinglanweyan',
  'qqqqqqqq',
];

const folder = mkdtempSync(join(tmpdir(), 'yibao-bench-'));
try {
  const given = process.argv.slice(2);
  const files = given.length > 0 ? given : [inventedSet(join(folder, 'invented.csv'))];
  for (const [index, file] of files.entries()) {
    const milliseconds = timeOf('import', file, '--name', `set-${index}`);
    process.stdout.write(`import ${file}: ${(milliseconds / 1000).toFixed(1)} s\n`);
  }
  for (const query of QUERIES) {
    const times = Array.from({ length: REPEATS }, () => timeOf('lookup', query)).toSorted((a, b) => a - b);
    process.stdout.write(
      `lookup ${query}: median ${Math.round(times[REPEATS >> 1]!)} ms, slowest ${Math.round(times.at(-1)!)} ms\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}

/** Wall time of one command, start-up included. */
function timeOf(...argv: readonly string[]): number {
  const started = performance.now();
  execFileSync(process.execPath, [join(root, 'src/cli/main.ts'), 'codes', ...argv], {
    env: { ...process.env, YIBAO_DATA: join(folder, 'data') },
  });
  return performance.now() - started;
}

/** Names put together from those of the demo, two and two, so that they are as long and as alike as real ones. */
function inventedSet(path: string): string {
  const lines = readFileSync(join(root, 'src/demo/diagnoses.csv'), 'utf8').trimEnd().split('\n').slice(1);
  const names = lines.map((line) => line.split(',')[1]!);
  const rows = Array.from({ length: NAMES }, (_, index) => {
    const first = names[index % names.length]!;
    const second =
      index < names.length
        ? ''
        : `伴${names[(index * 7 + Math.floor(index / names.length)) % names.length]!}`;
    const letter = String.fromCharCode(65 + (Math.floor(index / 10_000) % 26));
    return `${letter}${String(index % 10_000).padStart(4, '0')},"${first}${second}"`;
  });
  writeFileSync(path, `code,name\n${rows.join('\n')}\n`);
  return path;
}
