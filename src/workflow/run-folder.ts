import { join } from 'node:path';

/** The tables of a run, a DuckDB file beside its result files. */
export const KEPT_FILE = 'settlement.duckdb';

export const runFolder = (dataFolder: string, runId: number): string =>
  join(dataFolder, 'runs', String(runId));
