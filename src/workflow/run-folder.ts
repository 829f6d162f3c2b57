import { join } from 'node:path';

/** The tables of a run, a DuckDB file beside its result files. */
export const KEPT_FILE = 'settlement.duckdb';

export const runFolder = (dataFolder: string, runId: number): string =>
  join(dataFolder, 'runs', String(runId));

/** The area folder as it was when the run began: what explanations and simulations of the run read. */
export const runInputs = (dataFolder: string, runId: number): string =>
  join(dataFolder, 'inputs', String(runId));
