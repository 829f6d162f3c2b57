import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { Engine, literal } from '#engine/duckdb.ts';
import { catalogueText } from '#grouping/dip/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { parseYuan } from '#kernel/money.ts';
import { buildAreaCatalogue, openBase, Simulation, scenariosOfOptions, settleYear } from '#payment/index.ts';
import { outputQueries, type SettledYear } from '#payment/output-queries.ts';
import { assumedOf, readSet, type Scenario } from '#payment/simulation/scenario.ts';
import { budgetsOf } from '#payment/simulation/simulate.ts';
import { loadPolicies, PARAMETERS, policyChain, policyDateOfYear, resolvePolicy } from '#policy/index.ts';
import type { ParameterDefinition, ParameterName } from '#policy/parameters.ts';
import { DIP_STEPS } from '#policy/registry/dip-steps.ts';
import { randomDrgArea } from './support/drg-area.ts';
import { AREA_TWISTS, randomArea, randomNumbers } from './support/random-area.ts';
import { writeArea } from './support/write-area.ts';

/** Scenarios tried on each area; set YIBAO_RANDOM_SCENARIOS higher for a longer search. */
const SCENARIOS = Number(process.env.YIBAO_RANDOM_SCENARIOS ?? 3);
const YEAR = 2025;

type Random = () => number;
const pick = <T>(random: Random, values: readonly T[]): T => values[Math.floor(random() * values.length)]!;

/** A text that the parameter may have, often near the middle of its range or at an end of it. */
function randomValue(random: Random, definition: ParameterDefinition): string | undefined {
  const number = (decimals: number, minimum: string, maximum: string): string => {
    const end = random();
    if (end < 0.1) return minimum;
    if (end > 0.9) return maximum;
    const [low, high] = [Number(minimum), Math.min(Number(maximum), Number(minimum) + 20)];
    return (low + random() * (high - low)).toFixed(decimals);
  };
  switch (definition.kind) {
    case 'integer':
      return number(0, definition.minimum, definition.maximum);
    case 'decimal':
      return number(2, definition.minimum, definition.maximum);
    case 'integers':
      return Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
        number(0, definition.minimum, definition.maximum),
      ).join(':');
    case 'bands':
      return `${number(2, definition.minimum, '50')}:${number(2, definition.minimum, definition.maximum)} | ${number(2, definition.minimum, definition.maximum)}`;
    case 'choice':
      return pick(random, Object.keys(definition.options));
    case 'steps': {
      const names = Object.keys(definition.options).filter((name) => !(name in DIP_STEPS) || random() < 0.5);
      const chosen = names.filter(() => random() < 0.5);
      return (chosen.length > 0 ? chosen : names.slice(0, 1)).join(' > ') || undefined;
    }
    case 'text':
      return undefined;
  }
}

const BUDGET_CHANGES = ['+3%', '-2.75%', '+1000000', '-0.01', '0', '123456.78', '+0.333333%'];

/** One to three random changes of parameters that the policy reads, of any that there is, and of budgets. */
function randomScenario(seed: number, read: readonly ParameterName[]): Scenario {
  const random = randomNumbers(seed);
  const sets = new Map<string, string>();
  const all = Object.keys(PARAMETERS) as ParameterName[];
  for (let index = 1 + Math.floor(random() * 3); index > 0; index -= 1) {
    if (random() < 0.25) {
      sets.set(pick(random, ['budget.resident', 'budget.employee']), pick(random, BUDGET_CHANGES));
      continue;
    }
    const name = pick(random, random() < 0.85 ? read : all);
    const value = randomValue(random, PARAMETERS[name]);
    if (value !== undefined) sets.set(name, value);
  }
  const checked = [...sets]
    .map(([name, text]) => readSet(name, text))
    .filter((set) => !('definition' in set));
  return {
    id: [...sets].map(([name, text]) => `${name}=${text}`).join(' '),
    title: { zh: '随机', en: 'random' },
    description: undefined,
    sets: checked as Scenario['sets'],
  };
}

/** Every result file of a settled year but the list of the refused, which no scenario changes. */
async function resultFiles(engine: Engine, settled: SettledYear): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const [name, query] of Object.entries(outputQueries(settled, { cliffs: false }))) {
    const file = join(engine.workFolder, name);
    await engine.run(`COPY (${query}) TO ${literal(file)} (FORMAT csv, HEADER true)`);
    files[name] = readFileSync(file, 'utf8');
  }
  return files;
}

const codesOf = (error: unknown): string[] => {
  if (!(error instanceof YibaoError)) throw error;
  return error.problems.map(({ definition }) => definition.code);
};

/** What a scenario comes to: its files, or the codes of what refuses it. */
async function attempt(
  work: () => Promise<Record<string, string>>,
): Promise<Record<string, string> | string[]> {
  try {
    return await work();
  } catch (error) {
    return codesOf(error).filter((code) => code !== 'simulation.not-settleable');
  }
}

function checkConservation(files: Record<string, string>, what: string): void {
  const read = (name: string) => parse(files[name] ?? '', { columns: true }) as Record<string, string>[];
  const sum = (rows: Record<string, string>[], insutype: string, field: string) =>
    rows
      .filter((row) => row.insutype === insutype)
      .reduce((total, row) => total + parseYuan(row[field]!)!, 0n);
  for (const row of read('point_values.csv')) {
    const whole =
      sum(read('clearing.csv'), row.insutype!, 'result') +
      sum(read('residual.csv'), row.insutype!, 'residual');
    assert.equal(whole, parseYuan(row.budget!)!, `Σ result + residual of ${row.insutype} under ${what}`);
  }
}

type Tally = Map<string, number>;

/** Tries random scenarios on an area: the stages done again on the base give what a full settlement gives. */
async function trySimulation(folder: string, seed: number, tally: Tally): Promise<void> {
  const base = await openBase({ areaFolder: folder, year: YEAR, file: join(folder, '.base.duckdb') });
  const simulation = await Simulation.open(base);
  const { plainPolicy } = base.opened;
  const read = Object.keys(plainPolicy.values) as ParameterName[];
  try {
    const scenarios = Array.from({ length: SCENARIOS }, (_, index) =>
      randomScenario(seed * 1009 + index, read),
    );
    const seen: [Scenario, Record<string, string> | string[]][] = [];
    for (const scenario of scenarios) {
      if (scenario.sets.length === 0) continue;
      let from = 'refused';
      const incremental = await attempt(() =>
        simulation.settle(scenario, (engine, settled) => {
          from = settled.from;
          return resultFiles(engine, settled.settled);
        }),
      );
      seen.push([scenario, incremental]);
      tally.set(from, (tally.get(from) ?? 0) + 1);
      if (Array.isArray(incremental) && incremental.includes('policy.parameter-not-read')) continue;
      const full = await attempt(async () => {
        const engine = await Engine.open();
        try {
          const assumed = assumedOf(scenario, YEAR, budgetsOf(base.opened));
          return await resultFiles(
            engine,
            await settleYear(engine, { areaFolder: folder, year: YEAR, assumed }),
          );
        } finally {
          engine.close();
        }
      });
      assert.deepEqual(incremental, full, `${scenario.id} from ${from}, seed ${seed}`);
      const hasParts = plainPolicy.choice('parts.reference') !== 'none';
      if (!Array.isArray(incremental) && !hasParts && !incremental['parts.csv']) {
        checkConservation(incremental, scenario.id);
      }
    }
    // the base is as it was: the first scenario gives the same bytes after all the others
    const [first] = seen;
    if (first) {
      const again = await attempt(() =>
        simulation.settle(first[0], (engine, settled) => resultFiles(engine, settled.settled)),
      );
      assert.deepEqual(again, first[1], `${first[0].id} after the other scenarios`);
    }
  } finally {
    simulation.close();
  }
}

const settled = async (folder: string, work: () => Promise<void>) => {
  try {
    await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

describe('a scenario on the kept base gives byte for byte what the full settlement under its policy gives', () => {
  const tally: Tally = new Map();
  for (const [index, twist] of AREA_TWISTS.entries()) {
    test(`random areas under the reference profile: ${twist}`, async () => {
      const folder = writeArea(randomArea(index * 31 + 5, twist), 1 + (index % 2));
      await settled(folder, () => trySimulation(folder, index + 1, tally));
    });
  }

  test('DRG areas', async () => {
    const folder = writeArea(randomDrgArea(31), 1, 'drg-reference');
    await settled(folder, () => trySimulation(folder, 101, tally));
  });

  const policies = loadPolicies();
  const cities = policies.layers.filter(
    ({ layer, profile }) => layer === 'city' && profile === 'dip-city-practice',
  );
  const profiles = [
    ...['dip-1.0', 'dip-2.0', 'dip-3.0-draft', 'dip-city-practice'].map((profile) => ({
      profile,
      area: '880100',
    })),
    ...cities.map(({ profile, area }) => ({ profile, area })),
  ];
  for (const [index, { profile, area }] of profiles.entries()) {
    test(`areas under ${profile} ${area}`, async () => {
      const folder = writeArea(randomArea(4 + index, 'plain'), 1);
      await settled(folder, async () => {
        const engine = await Engine.open();
        try {
          const policy = resolvePolicy({
            layers: policyChain(policies, '000000', 'dip-3.0-draft'),
            asOf: policyDateOfYear(YEAR),
          });
          const { catalogue } = await buildAreaCatalogue(engine, {
            areaFolder: folder,
            year: YEAR,
            policy,
            // the random area is small
            threshold: { cases: 3n },
          });
          writeFileSync(join(folder, 'catalogue.csv'), catalogueText(catalogue));
        } finally {
          engine.close();
        }
        writeFileSync(
          join(folder, 'area.yaml'),
          readFileSync(join(folder, 'area.yaml'), 'utf8')
            .replace(/profile: .*/, `profile: ${profile}`)
            .replace('880100', area),
        );
        await trySimulation(folder, 200 + index, tally);
      });
    });
  }

  test('scenarios of every stage were among them', () => {
    for (const stage of ['money', 'points', 'groups', 'lists']) {
      assert.ok((tally.get(stage) ?? 0) > 0, `no scenario began at ${stage}: ${JSON.stringify([...tally])}`);
    }
    assert.ok((tally.get('refused') ?? 0) < [...tally.values()].reduce((sum, value) => sum + value, 0) / 2);
  });
});

test('neither the order of scenarios nor what was settled before matters', async () => {
  const folder = writeArea(randomArea(12, 'plain'), 1);
  await settled(folder, async () => {
    const scenarios = scenariosOfOptions(
      [],
      [
        'points:deviation.high_ratio=2.5',
        'money:budget.resident=+3%',
        'both:deviation.low_ratio=0.4',
        'both:budget.employee=-1000.01',
        'lists:grouping.core_diagnosis_length=3',
        'lists:grouping.comprehensive_diagnosis_length=3',
      ],
    );
    const results: Record<string, Record<string, string>>[] = [];
    for (const order of [scenarios, scenarios.toReversed()]) {
      const base = await openBase({ areaFolder: folder, year: YEAR, file: join(folder, '.base.duckdb') });
      const simulation = await Simulation.open(base);
      const found: Record<string, Record<string, string>> = {};
      for (const scenario of order) {
        found[scenario.id] = await simulation.settle(scenario, (engine, each) =>
          resultFiles(engine, each.settled),
        );
      }
      simulation.close();
      results.push(Object.fromEntries(Object.entries(found).toSorted(([a], [b]) => (a < b ? -1 : 1))));
    }
    assert.deepEqual(results[0], results[1]);
    // asked for all at once they wait for each other
    const base = await openBase({ areaFolder: folder, year: YEAR, file: join(folder, '.base.duckdb') });
    const simulation = await Simulation.open(base);
    const together = await Promise.all(
      scenarios.map((scenario) =>
        simulation.settle(scenario, async (engine, each) => [
          scenario.id,
          await resultFiles(engine, each.settled),
        ]),
      ),
    );
    simulation.close();
    assert.deepEqual(Object.fromEntries(together), results[0]);
  });
});
