import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lockData } from '#engine/postgres/lock.ts';
import { openStore, type Store } from '#engine/postgres/store.ts';
import { type ErrorDefinition, YibaoError } from '#kernel/errors.ts';

export const storeErrors = {
  noStore: {
    code: 'audit.no-store',
    exit: 3,
    message: { zh: '这里没有服务的数据', en: 'there is no data of the service here' },
    remedy: {
      zh: '用 --data 指定 yibao serve 的数据文件夹',
      en: 'name the data folder of yibao serve with --data',
    },
  },
} satisfies Record<string, ErrorDefinition>;

/**
 * Does some work on the store of a service's data folder, or of DATABASE_URL, and closes it. A server lets many in; PGlite belongs to
 * one process, so that a running service refuses. With `make`, a folder that is not there is made.
 * @throws YibaoError audit.no-store, and that of `lockData` while a service runs
 */
export async function withDataStore(
  data: string | undefined,
  work: (store: Store) => Promise<void>,
  make = false,
): Promise<void> {
  const url = process.env.DATABASE_URL;
  const dataFolder = resolve(data ?? process.env.YIBAO_DATA ?? 'yibao-data');
  const folder = join(dataFolder, 'postgres');
  if (!url && !make && !existsSync(folder))
    throw new YibaoError({ definition: storeErrors.noStore, file: folder });
  if (!url) mkdirSync(folder, { recursive: true });
  const lock = url ? undefined : await lockData(dataFolder, undefined);
  const store = await openStore(url ? { url } : { folder });
  try {
    await work(store);
  } finally {
    await store.destroy();
    await lock?.release();
  }
}
