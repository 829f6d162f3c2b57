import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { lockData } from '#engine/postgres/lock.ts';
import { migrate } from '#engine/postgres/migrate.ts';
import { openStore, type Store } from '#engine/postgres/store.ts';
import { chainAudit, makeFirstAdministrator, OidcLogin, type OidcSettings } from '#identity/index.ts';
import { openHospitalInterface } from '#interface/index.ts';
import { benefitSource, visitTransactions } from '#visits/index.ts';
import { applyAreaChanges, JobRunner, RunAnswers, RunTables } from '#workflow/index.ts';
import type { Services } from './route.ts';
import { buildServer, type ServerOptions } from './server.ts';

export type ServiceOptions = ServerOptions & {
  readonly dataFolder: string;
  /** a PostgreSQL server; undefined: PGlite in the data folder */
  readonly databaseUrl?: string | undefined;
  readonly oidc?: OidcSettings | undefined;
  readonly publicAddress?: string | undefined;
};

export type Service = {
  readonly server: FastifyInstance;
  readonly services: Services;
  /** of `admin`, on the first start only */
  readonly oneTimePassword: string | undefined;
  readonly interruptedJobs: number;
  /** Lets requests finish, ends the running job, closes the stores. */
  readonly close: () => Promise<void>;
};

/** Opens the stores, applies migrations, begins with the jobs, and builds the server, which does not listen yet. */
export async function openService(options: ServiceOptions): Promise<Service> {
  const { dataFolder, databaseUrl } = options;
  for (const folder of ['areas', 'benefits', 'runs', 'inputs', 'inbox'])
    mkdirSync(join(dataFolder, folder), { recursive: true });
  const lock = await lockData(dataFolder, databaseUrl);
  const store = await openStore(
    databaseUrl ? { url: databaseUrl } : { folder: join(dataFolder, 'postgres') },
  );
  await migrate(store);
  const oneTimePassword = await makeFirstAdministrator(store);
  const benefits = benefitSource(join(dataFolder, 'benefits'));
  // what was decided just before a server ended; what cannot be carried out now is tried again before a settlement
  await applyAreaChanges(store, dataFolder, benefits).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  });
  const jobs = new JobRunner(store, dataFolder, benefits.policyOf);
  const runTables = new RunTables(store, dataFolder);
  const runAnswers = new RunAnswers();
  const services: Services = {
    store,
    dataFolder,
    jobs,
    runTables,
    runAnswers,
    benefits,
    oidc: options.oidc && new OidcLogin(options.oidc),
    publicAddress: options.publicAddress,
  };
  const server = await buildServer(services, options);
  const visits = visitTransactions(benefits);
  const hospitals = await openHospitalInterface(server, store, dataFolder, visits);
  const interruptedJobs = await jobs.start();
  const stopChaining = keepChaining(store);
  return {
    server,
    services,
    oneTimePassword,
    interruptedJobs,
    close: async () => {
      jobs.announceStop();
      await server.close();
      await hospitals.close();
      await jobs.stop();
      await stopChaining();
      await runAnswers.close();
      await runTables.close();
      await store.destroy();
      await lock.release();
    },
  };
}

const CHAIN_INTERVAL_MS = 250;

/** Chains the audit entries that wait, several times a second; the function returned does so for the last time. */
function keepChaining(store: Store): () => Promise<void> {
  let working: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    working ??= chainAudit(store)
      .catch(() => {})
      .finally(() => {
        working = undefined;
      });
  }, CHAIN_INTERVAL_MS);
  return async () => {
    clearInterval(timer);
    await working;
    await chainAudit(store);
  };
}
