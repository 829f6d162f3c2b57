import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { readAreaTables } from '#catalogue/area-tables.ts';
import type { Store } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { ListAssessor } from './assessor.ts';
import { createDispatcher, type Transactions } from './dispatcher.ts';
import { registerArea } from './institutions.ts';
import { registerInterface } from './server.ts';
import { hospitalTransactions } from './transactions/index.ts';

const LOOK_AGAIN_MILLISECONDS = 1000;

export type HospitalInterface = { readonly close: () => Promise<void> };

/**
 * The hospital interface as a part of the service: its paths on the server, the institutions of every area that is imported,
 * and quality control and grouping of what is submitted. `transactions`: what other modules implement.
 */
export async function openHospitalInterface(
  server: FastifyInstance,
  store: Store,
  dataFolder: string,
  transactions: Transactions = {},
): Promise<HospitalInterface> {
  const dispatcher = createDispatcher(store, { ...hospitalTransactions, ...transactions });
  await registerInterface(server, dispatcher);
  await registerImportedAreas(store, dataFolder);
  const assessor = new ListAssessor(store, dataFolder, (error) => server.log.error(error));
  assessor.start();
  let isClosed = false;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout;
  const lookAgain = () => {
    timer = setTimeout(() => {
      running = registerImportedAreas(store, dataFolder)
        .catch((error: unknown) => server.log.error(error))
        .finally(() => {
          if (!isClosed) lookAgain();
        });
    }, LOOK_AGAIN_MILLISECONDS);
    timer.unref();
  };
  lookAgain();
  return {
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await running;
      await assessor.stop();
    },
  };
}

/** Makes the institutions of areas that were imported, or imported anew, known to the interface. */
export async function registerImportedAreas(store: Store, dataFolder: string): Promise<void> {
  const { rows } = await sql<{
    id: string;
    code: string;
    imported_at: string;
  }>`SELECT a.id, a.code, a.imported_at
    FROM area AS a LEFT JOIN interface_area AS i ON i.area_id = a.id
    WHERE i.imported_at IS DISTINCT FROM a.imported_at ORDER BY a.imported_at, a.id`.execute(store);
  for (const area of rows) {
    const institutions = institutionsOf(join(dataFolder, 'areas', area.id));
    if (institutions === undefined) continue;
    await registerArea(store, { areaId: area.id, areaCode: area.code }, institutions);
    await sql`UPDATE interface_area SET imported_at = ${area.imported_at} WHERE area_id = ${area.id}`.execute(
      store,
    );
  }
}

/** Undefined while the folder cannot be read, as during an import. */
function institutionsOf(areaFolder: string) {
  try {
    return readAreaTables(areaFolder).institutions.map(({ fixmedinsCode, name, level }) => ({
      fixmedinsCode,
      name,
      level: HOSPITAL_LEVELS[level],
    }));
  } catch (error) {
    if (error instanceof YibaoError) return undefined;
    throw error;
  }
}

/** Levels of an area folder as dictionary hosp_lv writes them: without a grade. */
const HOSPITAL_LEVELS = { 1: '14', 2: '13', 3: '12' } as const;
