import { join, sep } from 'node:path';
import type { Engine } from '#engine/duckdb.ts';
import { openKeptTables } from '#engine/kept-tables.ts';
import { runScript, sourceFile } from '#engine/sql-file.ts';
import { YibaoError } from '#kernel/errors.ts';
import type { Language } from '#kernel/locale.ts';
import {
  baseViews,
  explainList,
  listText,
  openBase,
  reopenSettlement,
  type Settlement,
  Simulation,
  scenariosOfOptions,
} from '#payment/index.ts';
import { type SimulationFile, simulationData, simulationFile } from '#report/index.ts';
import { compareWithBase } from '../compare-with-base.ts';
import { workflowErrors } from '../errors.ts';
import { KEPT_FILE, runFolder, runInputs } from '../run-folder.ts';
import { type AskedCase, codesInRun, previewInRun } from './preview-run.ts';

/** A settled run, and where what is known of it lies. */
export type RunPlace = {
  readonly runId: number;
  readonly year: number;
  readonly dataFolder: string;
  readonly language: Language;
};

/** What can be asked of a run; each answers as plain data. */
export type RunQuestion = RunPlace &
  (
    | { readonly kind: 'open' }
    | {
        readonly kind: 'explain';
        readonly setlId: string;
        /** for a reader of an institution: the periods that are published; undefined: everything is told */
        readonly published?: readonly string[] | undefined;
      }
    | { readonly kind: 'simulate'; readonly sets: readonly string[]; readonly file?: SimulationFile }
    | { readonly kind: 'preview'; readonly case: AskedCase }
    | { readonly kind: 'codes'; readonly of: 'diagnosis' | 'procedure'; readonly text: string }
  );

type OpenRun = { readonly engine: Engine; readonly settlement: Settlement };

const OPEN_RUNS_MAX = 2;

/** Runs that were asked about lately; the one asked about longest ago goes first. */
class Recent<Value> {
  readonly #values = new Map<string, Promise<Value>>();
  readonly #close: (value: Value) => void;

  constructor(close: (value: Value) => void) {
    this.#close = close;
  }

  async of({ dataFolder, runId }: RunPlace, open: () => Promise<Value>): Promise<Value> {
    const folder = runFolder(dataFolder, runId);
    const value = this.#values.get(folder) ?? open();
    this.#values.delete(folder);
    this.#values.set(folder, value);
    value.catch(() => this.#values.delete(folder));
    const [oldest] = this.#values.keys();
    if (this.#values.size > OPEN_RUNS_MAX) {
      void this.#values.get(oldest!)!.then(this.#close, () => {});
      this.#values.delete(oldest!);
    }
    return value;
  }
}

const runs = new Recent<OpenRun>(({ engine }) => engine.close());
const simulations = new Recent<Simulation>((simulation) => simulation.close());

/** Answers one question after another: what an engine shows belongs to the question it is asked. */
export async function answer(question: RunQuestion): Promise<Readonly<Record<string, unknown>>> {
  if (question.kind === 'simulate') return simulate(question, question.sets, question.file);
  const { engine, settlement } = await runs.of(question, () => open(question));
  if (question.kind === 'open') return {};
  if (question.kind === 'preview') return previewInRun(engine, settlement, question.case, question.language);
  if (question.kind === 'codes') return codesInRun(settlement, question.of, question.text);
  const explained = await explainList(engine, settlement, question.setlId, question.published);
  return {
    explanation: withoutPlace(explained.json, settlement.areaFolder),
    sections: explained.sections(question.language),
    text: listText(explained, question.language),
  };
}

/** Files of the area by their names in it: where the service keeps it is nobody's business. */
const withoutPlace = (json: unknown, areaFolder: string): unknown =>
  JSON.parse(
    JSON.stringify(json, (_name, value) =>
      typeof value === 'string' && value.startsWith(`${areaFolder}${sep}`)
        ? value.slice(areaFolder.length + 1)
        : value,
    ),
  );

/** The settlement of a run out of its kept tables, without settling anything again. */
async function open({ runId, year, dataFolder, language }: RunPlace): Promise<OpenRun> {
  const engine = await openKeptTables(join(runFolder(dataFolder, runId), KEPT_FILE));
  try {
    for (const file of ['exact', 'intake']) await runScript(engine, sourceFile(`engine/macros/${file}.sql`));
    const options = { areaFolder: runInputs(dataFolder, runId), year, language };
    return { engine, settlement: await reopenSettlement(engine, options, await baseViews(engine)) };
  } catch (error) {
    engine.close();
    throw error;
  }
}

/**
 * @param sets `scenario:parameter=value`, as on the command line
 * @param file the one file to answer, as `base64`; without it the comparison itself
 */
async function simulate(
  place: RunPlace,
  sets: readonly string[],
  file: SimulationFile | undefined,
): Promise<Readonly<Record<string, unknown>>> {
  const { runId, year, dataFolder, language } = place;
  const scenarios = scenariosOfOptions([], sets);
  const simulation = await simulations.of(place, async () =>
    Simulation.open(
      await openBase({
        areaFolder: runInputs(dataFolder, runId),
        year,
        language,
        file: join(runFolder(dataFolder, runId), KEPT_FILE),
        whenStale: ({ zh, en }) => {
          throw new YibaoError({
            definition: workflowErrors.runOfOtherProgram,
            value: String(runId),
            parameters: { reasonZh: zh, reasonEn: en },
          });
        },
      }),
    ),
  );
  const comparison = await compareWithBase(simulation, scenarios);
  if (file === undefined) return simulationData(comparison) as Readonly<Record<string, unknown>>;
  return { base64: (await simulationFile(comparison, file, language)).toString('base64') };
}
