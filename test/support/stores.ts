import { after, before, describe } from 'node:test';
import { sql } from 'kysely';
import type { Store } from '#engine/postgres/store.ts';
import { postgresFolder, startPostgres } from './postgres.ts';
import { openMigrated } from './prepared-store.ts';

/**
 * The same tests on PGlite and on a real PostgreSQL. Without a PostgreSQL on the machine the second half is skipped
 * and says so; with CI=true that is a failure.
 */
export function describeOnStores(name: string, tests: (store: () => Store) => void): void {
  describe(`${name}, on PGlite`, () =>
    onStore(async () => ({ store: await openMigrated({ memory: true }) }), tests));
  const missing = postgresFolder() === undefined && process.env.CI !== 'true';
  describe(`${name}, on PostgreSQL`, { skip: missing ? 'no PostgreSQL here: SKIPPED' : false }, () =>
    onStore(async () => {
      const { url, stop } = await startPostgres();
      return { store: await openMigrated({ url }), stop };
    }, tests),
  );
}

function onStore(
  open: () => Promise<{ store: Store; stop?: () => Promise<void> }>,
  tests: (store: () => Store) => void,
): void {
  let opened: Awaited<ReturnType<typeof open>>;
  before(async () => {
    opened = await open();
  });
  after(async () => {
    await opened.store.destroy();
    await opened.stop?.();
  });
  tests(() => opened.store);
}

export const countOf = async (store: Store, table: string): Promise<number> =>
  (await sql<{ n: number }>`SELECT count(*) AS n FROM ${sql.table(table)}`.execute(store)).rows[0]!.n;
