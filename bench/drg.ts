/**
 * `npm run bench:drg [-- SCHEME [MILLIONS]]`: the DRG grouper on one core, on distinct cases made of the codes of a
 * scheme (a folder or a name, the teaching scheme if none), beside the floor of the same run: cutting the same texts
 * into codes and looking each up in a Map, which any grouper must do. Then reading the cases from CSV, and millions of
 * demo lists through distinct signatures. Each measurement is a process of its own.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateDemoArea } from '#demo/index.ts';
import { Engine, literal } from '#engine/duckdb.ts';
import { Grouper, groupFile, groupSignatures, openProgram, type Program } from '#grouping/drg/index.ts';
import { SILENT } from '#kernel/progress.ts';

const CASES = 500_000;
const ROUNDS = 5;
const MILLION = 1_000_000;

type DrawnCase = { readonly diagnoses: string; readonly procedures: string; readonly facts: Int32Array };

/** Numbers from 0 to below `limit`, the same in every run. */
function drawing(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** Distinct cases: one to six diagnoses, none to three procedures, of the codes of the scheme. */
function drawCases(program: Program): DrawnCase[] {
  const draw = drawing(1);
  const diagnoses = program.codes.filter((code) => !/^\d/.test(code));
  const procedures = program.codes.filter((code) => /^\d/.test(code));
  const pick = (codes: readonly string[], count: number) =>
    Array.from({ length: count }, () => codes[draw(codes.length)]!).join('|');
  const seen = new Set<string>();
  const cases: DrawnCase[] = [];
  while (cases.length < CASES) {
    const each = {
      diagnoses: pick(diagnoses, 1 + draw(6)),
      procedures: pick(procedures, draw(4)),
      facts: Int32Array.from(program.facts, ({ classes }) => draw(classes)),
    };
    const key = `${each.diagnoses}#${each.procedures}#${each.facts.join()}`;
    if (seen.has(key)) continue;
    seen.add(key);
    cases.push(each);
  }
  return cases;
}

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(2);
const rate = (count: number, milliseconds: number) =>
  `${Math.round(count / (milliseconds / 1000)).toLocaleString('en-US')} per second`;
const peak = () => `peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`;

/** Clock and processor time of the best of several rounds. */
function best(work: () => void): { readonly clock: number; readonly processor: number } {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const [clock, cpu] = [performance.now(), process.cpuUsage()];
    work();
    const used = process.cpuUsage(cpu);
    return { clock: performance.now() - clock, processor: (used.user + used.system) / 1000 };
  });
  return rounds.reduce((a, b) => (b.clock < a.clock ? b : a));
}

function measureCases(scheme: string): void {
  const program = openProgram(scheme);
  const cases = drawCases(program);
  const grouper = new Grouper(program);
  const codes = new Map(program.codes.map((code, index) => [code, index]));
  let sum = 0;
  const grouping = best(() => {
    for (const { diagnoses, procedures, facts } of cases)
      sum += grouper.groupTexts(diagnoses, procedures, facts);
  });
  const floor = best(() => {
    for (const { diagnoses, procedures } of cases) {
      for (const code of diagnoses.split('|')) sum += codes.get(code) ?? 0;
      for (const code of procedures.split('|')) sum += codes.get(code) ?? 0;
    }
  });
  const line = (what: string, { clock, processor }: ReturnType<typeof best>) =>
    `${what.padEnd(28)} ${rate(cases.length, clock)} (by processor time ${rate(cases.length, processor)})\n`;
  process.stdout.write(
    `${cases.length.toLocaleString('en-US')} distinct cases, one core, ${peak()} (checksum ${sum})\n${line('  grouped', grouping)}${line('  floor: codes in a Map', floor)}`,
  );
}

async function measureFile(scheme: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'yibao-bench-'));
  try {
    const program = openProgram(scheme);
    const cases = drawCases(program);
    const file = join(folder, 'cases.csv');
    const rows = cases.map(
      ({ diagnoses, procedures }, index) =>
        `${index},${1 + (index % 2)},${index % 90},,,${index % 30},1,${diagnoses},${procedures}`,
    );
    writeFileSync(
      file,
      `case_id,sex,age_years,age_days,birth_weight_g,length_of_stay,disposition,diagnoses,procedures\n${rows.join('\n')}\n`,
    );
    const started = performance.now();
    await groupFile({ program, cases: file, out: join(folder, 'out.csv'), language: 'en' });
    const clock = performance.now() - started;
    process.stdout.write(
      `the same from CSV to CSV         ${seconds(clock)} s, ${rate(cases.length, clock)}, ${peak()}\n`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measureLists(scheme: string, millions: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'yibao-bench-'));
  const engine = await Engine.open({ threads: 2 });
  try {
    const lists = millions * MILLION;
    await generateDemoArea({
      engine,
      folder,
      lists,
      seed: 1,
      year: 2025,
      format: 'parquet',
      progress: SILENT,
    });
    const files = literal(join(folder, 'settlement_lists', '*.parquet'));
    await engine.run(`CREATE TABLE drg_list_source AS
      SELECT row_number() OVER () AS list_no, diagnoses, coalesce(procedures, '') AS procedures
        , age AS age_years, nwb_age AS age_days, nwb_adm_wt AS birth_weight_g
        , date_diff('day', CAST(left(adm_time, 10) AS DATE), CAST(left(dscg_time, 10) AS DATE)) AS length_of_stay
        , CAST(NULL AS DOUBLE) AS icu_hours, gend AS sex, dscg_way AS disposition, CAST(NULL AS VARCHAR) AS department
      FROM read_parquet(${files}) WHERE diagnoses <> ''`);
    const started = performance.now();
    const { signatures } = await groupSignatures(engine, openProgram(scheme));
    const clock = performance.now() - started;
    const reading = performance.now();
    await engine.rows(
      'SELECT count(DISTINCT hash(diagnoses)), count(DISTINCT hash(procedures)) FROM drg_list_source',
    );
    process.stdout.write(
      `${lists.toLocaleString('en-US')} lists, two cores, ${signatures.toLocaleString('en-US')} signatures: ${seconds(clock)} s, ${rate(lists, clock)}, ${peak()}\n` +
        `  floor: hashing their texts  ${seconds(performance.now() - reading)} s\n`,
    );
  } finally {
    engine.close();
    rmSync(folder, { recursive: true });
  }
}

const [first = 'drg-teaching', second, third] = process.argv.slice(2);
if (first === 'cases') measureCases(second!);
else if (first === 'file') await measureFile(second!);
else if (first === 'lists') await measureLists(second!, Number(third));
else {
  for (const what of ['cases', 'file', 'lists']) {
    execFileSync(process.execPath, [import.meta.filename, what, first, second ?? '10'], { stdio: 'inherit' });
  }
}
