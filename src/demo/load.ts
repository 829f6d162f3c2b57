/** Puts the invented world into the engine, as the tables that the SQL files read. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Engine, literal } from '#engine/duckdb.ts';
import { createComorbiditySets } from './comorbidities.ts';
import type { Cell } from './population.ts';
import { lognormalFactors, QUANTILES } from './quantiles.ts';
import { writeCsv } from './text.ts';
import { createWeights, NEEDS, needOf, YEARS } from './weights.ts';
import type { World } from './world.ts';

/** Share of the lists in each year, in thousandths: admissions grow by about seven per cent a year. */
const YEAR_SHARES = [224, 241, 259, 276];
/** Cost level of each year in thousandths of the current one. */
const YEAR_COSTS = [947, 965, 982, 1000];
const BROKEN_KINDS = [
  'unknown-institution',
  'discharged-before-admitted',
  'duplicate-number',
  'fee-zero',
  'fund-above-fee',
  'fee-not-a-number',
  'no-principal-diagnosis',
  'unknown-scheme',
] as const;
const BROKEN_OF_EACH_KIND = 5;

export type Parameters = {
  readonly seed: number;
  readonly year: number;
  readonly baseLists: number;
  readonly followUpLists: number;
};

/** The run's own numbers: seed, years, how many lists in each, and which of them are broken in what way. */
export async function loadParameters(engine: Engine, parameters: Parameters): Promise<void> {
  const { seed, year, baseLists, followUpLists } = parameters;
  await engine.run(
    'CREATE TABLE demo.parameter (seed BIGINT, current_year INTEGER, base_lists BIGINT, follow_up_lists BIGINT)',
  );
  await engine.append('demo.parameter', [[seed, year, baseLists, followUpLists]]);

  await engine.run(
    'CREATE TABLE demo.year (year_no INTEGER, year INTEGER, cost_factor INTEGER, list_from BIGINT, list_to BIGINT)',
  );
  const bounds = [0];
  let shares = 0;
  for (const share of YEAR_SHARES) {
    shares += share;
    bounds.push(Math.floor((baseLists * shares) / 1000));
  }
  await engine.append(
    'demo.year',
    YEAR_COSTS.map((cost, index) => [
      index,
      year - YEARS + 1 + index,
      cost,
      bounds[index]!,
      bounds[index + 1]!,
    ]),
  );

  await engine.run('CREATE TABLE demo.days_of_month (year_no INTEGER, month INTEGER, days INTEGER)');
  await engine.append(
    'demo.days_of_month',
    YEAR_COSTS.flatMap((_, index) =>
      Array.from({ length: 12 }, (_unused, month) => [
        index,
        month + 1,
        Temporal.PlainYearMonth.from({ year: year - YEARS + 1 + index, month: month + 1 }).daysInMonth,
      ]),
    ),
  );

  // spread over all years, one kind after the other
  const broken = BROKEN_KINDS.length * BROKEN_OF_EACH_KIND;
  await engine.run('CREATE TABLE demo.broken (list_no BIGINT, kind VARCHAR)');
  await engine.append(
    'demo.broken',
    Array.from({ length: broken }, (_, index) => [
      Math.floor((baseLists * (2 * index + 1)) / (2 * broken)),
      BROKEN_KINDS[index % BROKEN_KINDS.length]!,
    ]),
  );
}

/** The invented world as tables of the schema `demo`, with the weights of every choice. */
export async function loadWorld(
  engine: Engine,
  world: World,
  cells: readonly Cell[],
  year: number,
): Promise<void> {
  const numberOf = new Map(world.diagnoses.map((diagnosis) => [diagnosis.code, diagnosis.number]));
  await loadTable(
    engine,
    'demo.diagnosis',
    'diagnosis_no INTEGER, code VARCHAR, department_no INTEGER, need INTEGER, season INTEGER, tier INTEGER, cost BIGINT, days INTEGER, upcoded_no INTEGER, newborn BOOLEAN',
    world.diagnoses.map((diagnosis) => [
      diagnosis.number,
      diagnosis.code,
      world.departments.indexOf(diagnosis.department),
      NEEDS.indexOf(needOf(diagnosis.department)),
      diagnosis.season,
      diagnosis.tier,
      diagnosis.cost,
      diagnosis.days,
      diagnosis.upcodedAs === undefined ? null : numberOf.get(diagnosis.upcodedAs)!,
      diagnosis.department === 'neonatology' ? 'true' : 'false',
    ]),
  );
  await loadTable(
    engine,
    'demo.institution',
    'institution_no INTEGER, code VARCHAR, level INTEGER, price INTEGER, behaviour VARCHAR',
    world.institutions.map((row) => [row.number, row.code, row.level, row.price, row.behaviour || 'usual']),
  );
  await loadTable(engine, 'demo.procedure', 'procedure_no INTEGER, code VARCHAR, cost BIGINT, days INTEGER', [
    [0, null, 0, 0],
    ...world.procedures.map((row) => [row.number, row.code, row.cost, row.days]),
  ]);
  await loadTable(
    engine,
    'demo.treatment',
    'treatment_no INTEGER, diagnosis_no INTEGER, level INTEGER, share_from INTEGER, share_to INTEGER, cost BIGINT, days INTEGER',
    treatmentRows(world),
  );
  await loadTable(
    engine,
    'demo.treatment_text',
    'treatment_no INTEGER, procedures VARCHAR',
    world.treatments.map((row) => [row.number, row.procedures.map(({ code }) => code).join('|')]),
  );
  await loadTable(
    engine,
    'demo.cell',
    'cell_no INTEGER, insutype INTEGER, sex INTEGER, birth_year INTEGER, person_from BIGINT, persons BIGINT',
    cells.map((cell) => [
      cell.number,
      cell.insutype,
      cell.sex,
      cell.birthYear,
      cell.personFrom,
      cell.persons,
    ]),
  );
  await loadTable(
    engine,
    'demo.comorbidity',
    'comorbidity_no INTEGER, codes VARCHAR, cost_factor INTEGER',
    createComorbiditySets().map((set) => [
      set.number,
      set.codes.map((code) => `|${known(numberOf, code)}`).join(''),
      set.costFactor,
    ]),
  );
  const costs = lognormalFactors(0.22);
  const lengths = lognormalFactors(0.3);
  await loadTable(
    engine,
    'demo.quantile',
    'slot INTEGER, cost_factor BIGINT, length_factor BIGINT',
    Array.from({ length: QUANTILES }, (_, slot) => [slot, costs[slot]!, lengths[slot]!]),
  );
  await loadTable(
    engine,
    'demo.weight',
    'kind VARCHAR, slots INTEGER, condition INTEGER, item INTEGER, weight BIGINT',
    createWeights(world, cells, year).filter(([, , , , weight]) => weight > 0),
  );
}

/** The code itself, after a check that the diagnosis table has it. */
function known(numberOf: ReadonlyMap<string, number>, code: string): string {
  if (!numberOf.has(code)) throw new Error(`the demo tables do not have the code ${code}`);
  return code;
}

/** The shares of a diagnosis' treatments one after the other; what is left of 1000 is treatment 0, none. */
function treatmentRows(world: World): (number | null)[][] {
  return world.diagnoses.flatMap((diagnosis) =>
    ([1, 2, 3] as const).flatMap((level) => {
      const rows: (number | null)[][] = [];
      let from = 0;
      for (const treatment of world.treatments) {
        if (treatment.diagnosis !== diagnosis) continue;
        const to = from + treatment.shares[level - 1]!;
        const cost = treatment.procedures.reduce((sum, procedure) => sum + procedure.cost, 0);
        const days = treatment.procedures.reduce((sum, procedure) => sum + procedure.days, 0);
        rows.push([treatment.number, diagnosis.number, level, from, to, cost, days]);
        from = to;
      }
      rows.push([0, diagnosis.number, level, from, 1000, 0, 0]);
      return rows;
    }),
  );
}

/** Loads through a file in the engine's own folder: much faster than inserting tens of thousands of rows. */
async function loadTable(
  engine: Engine,
  table: string,
  columns: string,
  rows: readonly (readonly (string | number | null)[])[],
): Promise<void> {
  const file = join(engine.workFolder, 'demo_table.csv');
  writeFileSync(file, writeCsv(rows));
  await engine.run(`CREATE TABLE ${table} (${columns})`);
  await engine.run(
    `COPY ${table} FROM ${literal(file)} (FORMAT csv, HEADER false, DELIMITER ',', NULLSTR '')`,
  );
  rmSync(file);
}
