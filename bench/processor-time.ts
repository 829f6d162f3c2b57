import { readdirSync, readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { openStore } from '../src/engine/postgres/store.ts';

/** Fields of /proc/<pid>/stat after the name: parent, and milliseconds of processor time of its own and of ended children. */
export const statOf = (pid: number) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ').map(Number);
  const ticks = (from: number) => (fields[from]! + fields[from + 1]!) * 10;
  return { parent: fields[1]!, own: ticks(11), ended: ticks(13) };
};

/** The process all others of PostgreSQL are children of. */
export async function postmasterOf(url: string): Promise<number> {
  const store = await openStore({ url });
  const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(store);
  const { parent } = statOf(rows[0]!.pid);
  await store.destroy();
  return parent;
}

/** Milliseconds of processor time of services, of PostgreSQL with all its processes, of this client, and of what it ran. */
export function processorTimes(services: readonly number[], postmaster: number) {
  const { own, ended } = statOf(postmaster);
  let database = own + ended;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = statOf(Number(name));
      if (stat.parent === postmaster) database += stat.own;
    } catch {
      // it has just ended
    }
  }
  const service = services.reduce((sum, pid) => sum + statOf(pid).own, 0);
  const { own: client, ended: ran } = statOf(process.pid);
  return { service, database, client, ran };
}
