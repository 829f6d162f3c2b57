import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type ErrorDefinition, YibaoError } from '#kernel/errors.ts';

export const lockErrors = {
  folderInUse: {
    code: 'store.folder-in-use',
    exit: 4,
    message: {
      zh: '数据文件夹正被另一个 yibao 进程使用',
      en: 'the data folder is in use by another yibao process',
    },
    remedy: {
      zh: '先停止服务，或另指定 --data',
      en: 'stop the service first, or name another folder with --data',
    },
  },
  databaseInUse: {
    code: 'store.database-in-use',
    exit: 4,
    message: {
      zh: 'DATABASE_URL 的数据库正被另一个 yibao 服务使用',
      en: 'the database of DATABASE_URL is in use by another yibao service',
    },
    remedy: {
      zh: '一个数据库只能有一个服务：先停止那一个',
      en: 'a database has one service: stop that one first',
    },
  },
} satisfies Record<string, ErrorDefinition>;

/** A number without meaning that the service of a database holds as long as it runs. */
const SERVICE_LOCK = 7_140_003;
/** Of the address of a local socket, on the strictest system. */
const ADDRESS_BYTES_MAX = 100;

export type DataLock = { readonly release: () => Promise<void> };

/**
 * Keeps every other process away from a data folder and its database. The locks are of the operating system and the
 * database: they end with the process, however it ends.
 * @throws YibaoError store.folder-in-use, store.database-in-use
 */
export async function lockData(dataFolder: string, databaseUrl: string | undefined): Promise<DataLock> {
  mkdirSync(dataFolder, { recursive: true });
  const socket = await listenAlone(addressOf(dataFolder));
  if (socket === undefined) throw new YibaoError({ definition: lockErrors.folderInUse, file: dataFolder });
  const closeSocket = () => new Promise<void>((resolve) => socket.close(() => resolve()));
  try {
    const client = databaseUrl === undefined ? undefined : await lockDatabase(databaseUrl);
    return {
      release: async () => {
        await client?.end();
        await closeSocket();
      },
    };
  } catch (error) {
    await closeSocket();
    throw error;
  }
}

async function lockDatabase(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS is_mine', [SERVICE_LOCK]);
  if (rows[0].is_mine === true) return client;
  await client.end();
  throw new YibaoError({ definition: lockErrors.databaseInUse });
}

function addressOf(dataFolder: string): string {
  const folder = realpathSync(dataFolder);
  const key = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\yibao-${key}`;
  const own = join(folder, 'service.lock');
  return Buffer.byteLength(own) <= ADDRESS_BYTES_MAX ? own : join(tmpdir(), `yibao-${key}.lock`);
}

/** A socket nobody else listens on; undefined when a living process does. What a dead one left is removed. */
async function listenAlone(address: string): Promise<Server | undefined> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const server = createServer((connection) => connection.destroy());
    const isListening = await new Promise<boolean>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
      );
      server.listen(address, () => resolve(true));
    });
    if (isListening) {
      server.unref();
      return server;
    }
    if (await isAlive(address)) return undefined;
    rmSync(address, { force: true });
  }
  return undefined;
}

const isAlive = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
