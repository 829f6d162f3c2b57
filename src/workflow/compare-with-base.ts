import { type Problem, YibaoError } from '#kernel/errors.ts';
import type { Scenario, Simulation, StatedChange } from '#payment/index.ts';
import { UNIT_TITLES, type Unit } from '#policy/index.ts';
import {
  type ChangeStated,
  compareScenarios,
  readKeptOutcome,
  readOutcome,
  type SimulationComparison,
  type SimulationSide,
} from '#report/simulation/side.ts';

/**
 * The year under every scenario, and what of it differs from the year as it is.
 * @param onScenario told before each, with the share of all that is done
 * @throws YibaoError with the problems of all scenarios together
 */
export async function compareWithBase(
  simulation: Simulation,
  scenarios: readonly Scenario[],
  onScenario: (scenario: Scenario, share: number) => void = () => {},
): Promise<SimulationComparison> {
  const { area, rows, names } = await simulation.readBase(readKeptOutcome);
  const sides: SimulationSide[] = [
    { id: 'base', title: { zh: '现行', en: 'base' }, description: undefined, changes: [], ...rows },
  ];
  await forAll(scenarios, async (scenario) => {
    onScenario(scenario, sides.length / (scenarios.length + 1));
    const side = await simulation.settle(scenario, async (engine, { changes }) => ({
      id: scenario.id,
      title: scenario.title,
      description: scenario.description,
      changes: changes.map(statedWithUnit),
      ...(await readOutcome(engine)),
    }));
    sides.push(side);
  });
  return compareScenarios(area, sides, names);
}

const statedWithUnit = (change: StatedChange): ChangeStated => ({
  ...change,
  unit: UNIT_TITLES[change.unit as Unit],
});

/** Does the work for each scenario; the problems of all of them are thrown together. */
export async function forAll(
  scenarios: readonly Scenario[],
  work: (scenario: Scenario) => Promise<void>,
): Promise<void> {
  const problems: Problem[] = [];
  for (const scenario of scenarios) {
    try {
      await work(scenario);
    } catch (error) {
      if (!(error instanceof YibaoError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new YibaoError(problems);
}
