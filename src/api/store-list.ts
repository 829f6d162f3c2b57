import { CompiledQuery } from 'kysely';
import type { Engine } from '#engine/duckdb.ts';
import type { Store } from '#engine/postgres/store.ts';
import type { RunQuery } from './list.ts';

/** Lists out of the store. */
export const inStore =
  (store: Store): RunQuery =>
  async (sql, parameters) =>
    (await store.executeQuery<Record<string, unknown>>(CompiledQuery.raw(sql, [...parameters]))).rows;

/** Lists out of the kept tables of a run. */
export const inEngine =
  (engine: Engine): RunQuery =>
  (sql, parameters) =>
    engine.rows(sql, parameters);
