import { Engine, literal } from '#engine/duckdb.ts';
import { YibaoError } from '#kernel/errors.ts';
import type { Policy } from '#policy/index.ts';
import { loadMacrosAndPolicy } from '../load-area.ts';
import {
  type Assumed,
  type OpenedYear,
  openYear,
  type ResettledYear,
  resettleYear,
  settleYear,
} from '../settle-year.ts';
import type { Base } from './base.ts';
import { simulationErrors } from './errors.ts';
import {
  assumedOf,
  type Scenario,
  type StatedChange,
  statedChanges,
  unreadSets,
  type YearBudgets,
} from './scenario.ts';
import { STAGES, type Stage, stagesFrom } from './stage-watch.ts';

/** What a scenario has come to, while the engine shows its tables. */
export type SettledScenario = {
  readonly scenario: Scenario;
  readonly changes: readonly StatedChange[];
  readonly settled: ResettledYear;
  /** the first stage that was done again */
  readonly from: Stage;
};

/** The budgets of the year that a base is settled with. */
export const budgetsOf = (opened: OpenedYear): YearBudgets =>
  new Map(
    opened.tables.budgets
      .filter((row) => row.year === opened.options.year)
      .toSorted((a, b) => (a.scheme < b.scheme ? -1 : 1))
      .map((row) => [row.scheme, row.budgetFen]),
  );

/**
 * The first stage that reads something a scenario changes. What no stage of the base asked for cannot change what a stage
 * does, unless something else that the scenario changes makes it ask: then that decides. Source of `firstReader`: the
 * settlement of the base itself, see StageWatch.
 */
export function firstStage({ record }: Base, before: Policy, after: Policy): Stage {
  const names = Object.keys(record.firstReader) as (keyof typeof record.firstReader)[];
  const stages = names
    .filter((name) => before.values[name]?.value.text !== after.values[name]?.value.text)
    .map((name) => STAGES.indexOf(record.firstReader[name]!));
  return STAGES[Math.min(STAGES.indexOf('money'), ...stages)]!;
}

/**
 * The year as a scenario assumes it, checked as far as it can be without its lists.
 * @throws YibaoError when the scenario is wrong or contradicts itself
 */
export async function openScenario(
  base: OpenedYear,
  scenario: Scenario,
): Promise<{ readonly assumed: Assumed; readonly opened: OpenedYear }> {
  const assumed = assumedOf(scenario, base.options.year, budgetsOf(base));
  const opened = await unsettleable(scenario, () => openYear({ ...base.options, assumed }, base.files));
  const unread = unreadSets(scenario, opened.plainPolicy);
  if (unread.length > 0) throw new YibaoError(unread);
  return { assumed, opened };
}

/** A base with an engine of its own, on which scenarios are settled one after another. */
export class Simulation {
  readonly base: Base;
  readonly #engine: Engine;
  #scenarios = 0;
  /** the database in use is the engine's, so that only one scenario can be settled at a time */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(base: Base, engine: Engine) {
    this.base = base;
    this.#engine = engine;
  }

  static async open(base: Base): Promise<Simulation> {
    const engine = await Engine.open();
    try {
      await engine.run(`ATTACH ${literal(base.file)} AS base (READ_ONLY)`);
    } catch (error) {
      engine.close();
      throw error;
    }
    return new Simulation(base, engine);
  }

  close(): void {
    this.#engine.close();
  }

  /** Lets `read` look at the tables of the base. */
  async readBase<Result>(read: (engine: Engine) => Promise<Result>): Promise<Result> {
    return this.#inOverlay(undefined, async () => {
      await loadMacrosAndPolicy(this.#engine, this.base.opened.plainPolicy);
      await this.#showViews(undefined);
      return read(this.#engine);
    });
  }

  /**
   * Settles the year under a scenario, one after another when called several times at once, doing again only the stages that depend on what it changes, and lets `read` look at
   * the tables. The base is attached for reading only: no scenario can damage it or see another.
   * @throws YibaoError when the scenario is wrong or the year cannot be settled under it
   */
  async settle<Result>(
    scenario: Scenario,
    read: (engine: Engine, settled: SettledScenario) => Promise<Result>,
  ): Promise<Result> {
    const base = this.base.opened;
    const { assumed, opened } = await openScenario(base, scenario);
    const budgets = budgetsOf(base);
    const changes = statedChanges(scenario, { policy: base.plainPolicy, budgets }, assumed);
    const from = firstStage(this.base, base.plainPolicy, opened.plainPolicy);
    if (from === 'lists') return this.#settleAll(scenario, assumed, changes, read);
    return this.#inOverlay(from, async () => {
      await loadMacrosAndPolicy(this.#engine, opened.plainPolicy);
      await this.#showViews(from);
      const settled = await unsettleable(scenario, () =>
        resettleYear(this.#engine, opened, from, this.base.areaMeanFen),
      );
      return read(this.#engine, { scenario, changes, settled, from });
    });
  }

  /** From the lists on: nothing of the base can be used. */
  async #settleAll<Result>(
    scenario: Scenario,
    assumed: Assumed,
    changes: readonly StatedChange[],
    read: (engine: Engine, settled: SettledScenario) => Promise<Result>,
  ): Promise<Result> {
    const engine = await Engine.open();
    try {
      const settlement = await unsettleable(scenario, () =>
        settleYear(engine, { ...this.base.options, assumed }),
      );
      const settled: ResettledYear = {
        ...settlement,
        areaMeanFen: settlement.catalogue.areaMeanFen,
      };
      return await read(engine, { scenario, changes, settled, from: 'lists' });
    } finally {
      engine.close();
    }
  }

  /**
   * Runs `work` in a database of its own in memory, which shows the tables of the base that the stages before `from` have
   * left, has empty ones for those they made for a later stage to fill, and has none of what the stages from there on make.
   */
  #inOverlay<Result>(from: Stage | undefined, work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(() => this.#inOwnDatabase(from, work));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #inOwnDatabase<Result>(from: Stage | undefined, work: () => Promise<Result>): Promise<Result> {
    const engine = this.#engine;
    const { record, tables } = this.base;
    const name = `scenario_${++this.#scenarios}`;
    const again = from === undefined ? [] : stagesFrom(from);
    const made = new Set(again.flatMap((stage) => record.made[stage]));
    const filled = new Set(again.flatMap((stage) => record.changed[stage]));
    await engine.run(`ATTACH ':memory:' AS ${name}`);
    await engine.run(`USE ${name}`);
    try {
      for (const table of tables) {
        if (made.has(table)) continue;
        await engine.run(
          filled.has(table)
            ? `CREATE TABLE ${table} AS SELECT * FROM base.${table} LIMIT 0`
            : `CREATE VIEW ${table} AS SELECT * FROM base.${table}`,
        );
      }
      return await work();
    } finally {
      await engine.run('USE memory');
      await engine.run(`DETACH ${name}`);
    }
  }

  /** The views that the stages before `from` have made. */
  async #showViews(from: Stage | undefined): Promise<void> {
    const { record, views } = this.base;
    const own = new Set((from === undefined ? [] : stagesFrom(from)).flatMap((stage) => record.made[stage]));
    for (const { name, sql } of views) {
      if (!own.has(name)) await this.#engine.run(sql);
    }
  }
}

async function unsettleable<Result>(scenario: Scenario, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof YibaoError)) throw error;
    const parameters = { scenario: scenario.id };
    throw new YibaoError([{ definition: simulationErrors.notSettleable, parameters }, ...error.problems], {
      cause: error,
    });
  }
}
