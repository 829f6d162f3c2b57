import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, posix } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip, createGzip } from 'node:zlib';
import { sql } from 'kysely';
import { dumpStore, isEmptyStore, loadStore } from '#engine/postgres/dump.ts';
import { lockData } from '#engine/postgres/lock.ts';
import { openStore } from '#engine/postgres/store.ts';
import { type ErrorDefinition, YibaoError } from '#kernel/errors.ts';
import type { Language } from '#kernel/locale.ts';
import type { Progress } from '#kernel/progress.ts';
import { fileContent, readTar, TarFault, tarEnd, tarHeader, tarPadding } from '#kernel/tar.ts';

export const backupErrors = {
  noData: {
    code: 'backup.no-data',
    exit: 3,
    message: { zh: '这里没有服务的数据', en: 'there is no data of the service here' },
    remedy: {
      zh: '用 --data 指定 yibao serve 的数据文件夹；用 PostgreSQL 时设 DATABASE_URL',
      en: 'name the data folder of yibao serve with --data, and set DATABASE_URL where PostgreSQL is used',
    },
  },
  fileExists: {
    code: 'backup.file-exists',
    exit: 4,
    message: { zh: '文件已存在，不覆盖', en: 'the file exists and is not replaced' },
    remedy: { zh: '用 --out 指定新文件', en: 'name a new file with --out' },
  },
  insideData: {
    code: 'backup.inside-data',
    exit: 4,
    message: { zh: '备份不能放在数据文件夹里', en: 'a backup cannot lie in the data folder' },
    remedy: { zh: '用 --out 指定别处', en: 'name another place with --out' },
  },
  notEmpty: {
    code: 'backup.not-empty',
    exit: 4,
    message: { zh: '恢复的目标不是空的', en: 'the place to restore to is not empty' },
    remedy: {
      zh: '用 --data 指定新的文件夹；用 PostgreSQL 时指定空的数据库',
      en: 'name a new folder with --data, and an empty database where PostgreSQL is used',
    },
  },
  damaged: {
    code: 'backup.damaged',
    exit: 3,
    message: { zh: '这不是完整的 yibao 备份：{reason}', en: 'this is no whole backup of yibao: {reason}' },
    remedy: { zh: '换一份备份；什么都没有恢复', en: 'take another backup; nothing was restored' },
  },
} satisfies Record<string, ErrorDefinition>;

const VERSION = 1;
const MANIFEST = 'backup.json';
/** Parts of a data folder that are no data: the store (kept as tables), the lock, the log, what a dead process left. */
const LEFT_OUT = /^(postgres|service\.lock|service\.log)$|^\.|\.partial/;

type Manifest = {
  readonly yibao: string;
  readonly backup: number;
  readonly createdAt: string;
  readonly migrations: readonly { readonly name: string; readonly sha256: string }[];
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
};

export type BackupPlace = {
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  readonly progress: Progress;
  readonly language: Language;
};
export type BackupSummary = { readonly tables: number; readonly rows: number; readonly files: number };

const storePlace = ({ dataFolder, databaseUrl }: Pick<BackupPlace, 'dataFolder' | 'databaseUrl'>) =>
  databaseUrl === undefined ? { folder: join(dataFolder, 'postgres') } : { url: databaseUrl };

/**
 * Writes both stores of a service, the tables of PostgreSQL or PGlite and the files of the data folder, into one archive
 * (tar, gzip). The service must not run: a run that is settled meanwhile would stand in one of them only.
 * @throws YibaoError store.*-in-use, backup.no-data, .file-exists, .inside-data
 */
export async function writeBackup(file: string, version: string, place: BackupPlace): Promise<BackupSummary> {
  const { dataFolder, databaseUrl, progress, language } = place;
  if (!existsSync(databaseUrl ? dataFolder : join(dataFolder, 'postgres'))) {
    throw new YibaoError({ definition: backupErrors.noData, file: dataFolder });
  }
  if (existsSync(file)) throw new YibaoError({ definition: backupErrors.fileExists, file });
  if (`${file}/`.startsWith(`${dataFolder}/`))
    throw new YibaoError({ definition: backupErrors.insideData, file });
  const lock = await lockData(dataFolder, databaseUrl);
  const spool = mkdtempSync(join(tmpdir(), 'yibao-backup-'));
  const partial = `${file}.partial-${randomUUID().slice(0, 8)}`;
  const remove = () => {
    rmSync(partial, { force: true });
    rmSync(spool, { recursive: true, force: true });
  };
  process.once('exit', remove);
  try {
    progress.stage(language === 'zh' ? '读数据库' : 'reading the tables', 0);
    const dumped = await spoolTables(place, spool);
    const manifest: Manifest = {
      yibao: version,
      backup: VERSION,
      createdAt: new Date().toISOString(),
      ...dumped,
    };
    progress.stage(language === 'zh' ? '写备份' : 'writing the backup', 0.3);
    mkdirSync(dirname(file), { recursive: true });
    const archive = new Archive(partial);
    await archive.text(MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`);
    for (const { name } of manifest.tables) await archive.file(`store/${name}.jsonl`, join(spool, name));
    const files = filesBelow(dataFolder, '');
    for (const [index, name] of files.entries()) {
      progress.update(0.3 + (0.7 * index) / files.length, name);
      await archive.file(`data/${name}`, join(dataFolder, name));
    }
    await archive.end();
    renameSync(partial, file);
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    return { tables: manifest.tables.length, rows, files: files.length };
  } finally {
    process.off('exit', remove);
    remove();
    await lock.release();
  }
}

/** Writes each table beside, because an archive names the size of a file before its content. */
async function spoolTables(
  place: BackupPlace,
  spool: string,
): Promise<Pick<Manifest, 'migrations' | 'tables'>> {
  const store = await openStore(storePlace(place));
  try {
    const { rows: migrations } = await sql<{ name: string; sha256: string }>`
      SELECT name, sha256 FROM migration ORDER BY applied_at, name`.execute(store);
    const tables: { name: string; rows: number }[] = [];
    await dumpStore(store, async ({ name, lines }) => {
      const output = createWriteStream(join(spool, name));
      let rows = 0;
      for await (const line of lines) {
        rows++;
        if (!output.write(`${line}\n`)) await once(output, 'drain');
      }
      output.end();
      await once(output, 'finish');
      tables.push({ name, rows });
    });
    return { migrations, tables };
  } finally {
    await store.destroy();
  }
}

/** Every file below a folder, with `/` between the parts of its name, in the order of the names. */
function filesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !(folder === '' ? LEFT_OUT : /^\..*\.partial-|\.partial$/).test(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = posix.join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(root, name) : entry.isFile() ? [name] : [];
    });
}

/** An archive that is being written. Of a file with several names the content is written once. */
class Archive {
  readonly #gzip = createGzip({ level: 1 });
  readonly #written: Promise<unknown>;
  readonly #names = new Map<string, string>();
  #failure: unknown;

  constructor(file: string) {
    const output = this.#gzip.pipe(createWriteStream(file));
    this.#written = new Promise((resolve, reject) => {
      output.once('finish', resolve);
      output.once('error', (error) => {
        this.#failure = error;
        this.#gzip.destroy(error);
        reject(error);
      });
    });
    this.#written.catch(() => {});
    this.#gzip.on('error', () => {});
  }

  async text(name: string, text: string): Promise<void> {
    const content = Buffer.from(text);
    await this.#put(tarHeader({ name, bytes: content.length, modifiedMs: 0 }));
    await this.#put(content);
    await this.#put(tarPadding(content.length));
  }

  async file(name: string, path: string): Promise<void> {
    const { size: bytes, mtimeMs, ino, dev, nlink } = lstatSync(path);
    const key = `${dev}:${ino}`;
    const sameAs = nlink > 1 ? this.#names.get(key) : undefined;
    this.#names.set(key, sameAs ?? name);
    await this.#put(tarHeader({ name, bytes, modifiedMs: mtimeMs, ...(sameAs ? { sameAs } : {}) }));
    if (sameAs !== undefined) return;
    for await (const piece of fileContent(path, bytes)) await this.#put(piece);
    await this.#put(tarPadding(bytes));
  }

  async end(): Promise<void> {
    await this.#put(tarEnd());
    this.#gzip.end();
    await this.#written;
  }

  async #put(bytes: Buffer): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (bytes.length === 0 || this.#gzip.write(bytes)) return;
    await Promise.race([once(this.#gzip, 'drain'), this.#written]);
  }
}

/**
 * Makes a data folder and its store what they were when the backup was written: whole, or not at all.
 * @throws YibaoError backup.not-empty, .damaged, store.*
 */
export async function restoreBackup(file: string, place: BackupPlace): Promise<BackupSummary> {
  const { dataFolder, databaseUrl, progress, language } = place;
  if (existsSync(dataFolder) && readdirSync(dataFolder).length > 0) {
    throw new YibaoError({ definition: backupErrors.notEmpty, file: dataFolder });
  }
  const partial = join(dirname(dataFolder), `.${basename(dataFolder)}.partial-${randomUUID().slice(0, 8)}`);
  const remove = () => rmSync(partial, { recursive: true, force: true });
  process.once('exit', remove);
  mkdirSync(partial, { recursive: true });
  try {
    progress.stage(language === 'zh' ? '解开备份' : 'unpacking the backup', 0);
    const files = await unpack(file, partial);
    const manifest = readManifest(file, join(partial, MANIFEST));
    progress.stage(language === 'zh' ? '恢复数据库' : 'restoring the tables', 0.6);
    const lock = await lockData(join(partial, 'data'), databaseUrl);
    try {
      await restoreStore(manifest, partial, databaseUrl);
    } finally {
      await lock.release();
    }
    rmSync(dataFolder, { recursive: true, force: true });
    renameSync(join(partial, 'data'), dataFolder);
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    return { tables: manifest.tables.length, rows, files };
  } finally {
    process.off('exit', remove);
    remove();
  }
}

const damaged = (file: string, reason: string, cause?: unknown): YibaoError =>
  new YibaoError({ definition: backupErrors.damaged, file, parameters: { reason } }, { cause });

/** Writes every file of the archive below a folder; returns how many belong to the data. */
async function unpack(file: string, folder: string): Promise<number> {
  mkdirSync(join(folder, 'data'));
  let files = 0;
  const source = createReadStream(file);
  const gunzip = source.pipe(createGunzip());
  source.on('error', (error) => gunzip.destroy(error));
  try {
    for await (const { name, content, modifiedMs, sameAs } of readTar(gunzip)) {
      const target = placeOf(file, folder, name);
      mkdirSync(dirname(target), { recursive: true });
      if (sameAs === undefined) {
        const output = createWriteStream(target, { flags: 'wx' });
        for await (const piece of content) if (!output.write(piece)) await once(output, 'drain');
        output.end();
        await once(output, 'finish');
        utimesSync(target, modifiedMs / 1000, modifiedMs / 1000);
      } else linkSync(placeOf(file, folder, sameAs), target);
      if (name.startsWith('data/')) files++;
    }
    return files;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (error instanceof TarFault || code.startsWith('Z_')) throw damaged(file, message, error);
    throw error;
  }
}

/** Nothing outside the folder can be named. */
function placeOf(file: string, folder: string, name: string): string {
  const parts = name.split('/');
  const isKnown = name === MANIFEST || parts[0] === 'data' || parts[0] === 'store';
  if (!isKnown || parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\\'))) {
    throw damaged(file, name);
  }
  return join(folder, ...parts);
}

function readManifest(file: string, path: string): Manifest {
  if (!existsSync(path)) throw damaged(file, MANIFEST);
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  if (manifest.backup !== VERSION) throw damaged(file, `${MANIFEST}: ${manifest.backup}`);
  return manifest;
}

async function restoreStore(
  { migrations, tables }: Manifest,
  folder: string,
  databaseUrl: string | undefined,
): Promise<void> {
  const store = await openStore(storePlace({ dataFolder: join(folder, 'data'), databaseUrl }));
  try {
    if (!(await isEmptyStore(store)))
      throw new YibaoError({ definition: backupErrors.notEmpty, file: 'DATABASE_URL' });
    async function* dumped() {
      for (const { name } of tables) {
        const input = createReadStream(join(folder, 'store', `${name}.jsonl`));
        yield { name, lines: createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }) };
      }
    }
    await loadStore(store, migrations, dumped());
  } finally {
    await store.destroy();
  }
}
