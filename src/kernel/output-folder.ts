import { randomUUID } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { type ErrorDefinition, YibaoError } from '#kernel/errors.ts';
import { systemReason } from '#kernel/system-errors.ts';

export const outputErrors = {
  notOurs: {
    code: 'output.not-ours',
    exit: 4,
    message: {
      zh: '输出文件夹里有不是 yibao 写的内容（{entry}），不覆盖',
      en: 'the output folder holds something yibao did not write ({entry}) and is left alone',
    },
    remedy: { zh: '换一个空的或新的文件夹（--out）', en: 'choose an empty or new folder with --out' },
  },
  notAFolder: {
    code: 'output.not-a-folder',
    exit: 4,
    message: { zh: '输出位置是一个文件，不是文件夹', en: 'the place for the output is a file, not a folder' },
    remedy: { zh: '用 --out 指定文件夹', en: 'name a folder with --out' },
  },
  overInput: {
    code: 'output.over-input',
    exit: 4,
    message: {
      zh: '写到这里会覆盖输入（{input}）',
      en: 'writing here would replace the input ({input})',
    },
    remedy: {
      zh: '用 --out 另选地区文件夹以外的文件夹',
      en: 'choose a folder outside the area folder with --out',
    },
  },
  notWritable: {
    code: 'output.not-writable',
    exit: 5,
    message: { zh: '无法写入：{reason}', en: 'cannot be written: {reasonEn}' },
    remedy: {
      zh: '检查权限与磁盘空间，或换一个文件夹（--out）',
      en: 'check permissions and disk space, or choose another folder with --out',
    },
  },
} satisfies Record<string, ErrorDefinition>;

/** The file that tells a folder was written by a run, and by its `rows` what was. */
const MARK = 'manifest.json';
/** Written beside the files of `rows` when they are asked for. */
const FURTHER_RESULTS = ['report.html', 'workbooks'];
/** What file managers leave behind. */
const DEBRIS = ['.DS_Store', 'Thumbs.db', 'desktop.ini'];

/**
 * Lets `write` fill a new folder beside `folder` and puts it in place only when it is complete: a reader sees the
 * whole old result or the whole new one, never half of one. An existing folder is replaced when it is empty or
 * holds nothing but an earlier result; otherwise it is refused.
 * @param write receives the folder to fill; it must write manifest.json
 */
export async function writeFolder(folder: string, write: (partial: string) => Promise<void>): Promise<void> {
  checkOutputFolder(folder);
  const target = realPlace(folder);
  // not mkdtemp, which would close the results to everyone but their writer
  const partial = join(dirname(target), `.${basename(target)}.partial-${randomUUID().slice(0, 8)}`);
  try {
    mkdirSync(dirname(target), { recursive: true });
    mkdirSync(partial);
  } catch (error) {
    throw notWritable(folder, error);
  }
  const remove = () => rmSync(partial, { recursive: true, force: true });
  // when the program is told to stop while it writes
  process.once('exit', remove);
  try {
    await write(partial);
    putInPlace(partial, target);
  } catch (error) {
    throw systemReason(error) ? notWritable(folder, error) : error;
  } finally {
    process.off('exit', remove);
    remove();
  }
}

/** Moves the new folder over the old one; if that fails the old one is there again. */
export function putInPlace(partial: string, target: string): void {
  const old = `${partial}-old`;
  if (!existsSync(target)) {
    renameSync(partial, target);
    return;
  }
  renameSync(target, old);
  try {
    renameSync(partial, target);
  } catch (error) {
    renameSync(old, target);
    throw error;
  }
  rmSync(old, { recursive: true, force: true });
}

/**
 * Refuses a place that cannot or must not be written to. Called before the work too, so that nobody waits a minute
 * for a refusal.
 * @param inputs files and folders the run reads: none may be, hold or lie in the output folder
 * @throws YibaoError output.over-input, .not-a-folder, .not-ours, .not-writable
 */
export function checkOutputFolder(folder: string, inputs: readonly string[] = []): void {
  const target = realPlace(folder);
  for (const input of inputs) {
    const place = realPlace(input);
    if (isWithin(place, target) || isWithin(target, place)) {
      throw new YibaoError({ definition: outputErrors.overInput, file: folder, parameters: { input } });
    }
  }
  try {
    if (!existsSync(target)) {
      accessSync(nearestExisting(dirname(target)), constants.W_OK);
      return;
    }
    if (!statSync(target).isDirectory())
      throw new YibaoError({ definition: outputErrors.notAFolder, file: folder });
    const entry = foreignEntry(target);
    if (entry !== undefined) {
      throw new YibaoError({ definition: outputErrors.notOurs, file: folder, parameters: { entry } });
    }
    accessSync(dirname(target), constants.W_OK);
  } catch (error) {
    throw error instanceof YibaoError ? error : notWritable(folder, error);
  }
}

/** The first thing in a folder that no run wrote, so that nobody's notes or web site are replaced; undefined if none. */
function foreignEntry(folder: string): string | undefined {
  const entries = readdirSync(folder)
    .filter((name) => !DEBRIS.includes(name))
    .toSorted();
  const manifest = entries.includes(MARK) ? readManifest(join(folder, MARK)) : undefined;
  if (manifest === undefined) return entries[0];
  const ours = new Set([MARK, ...FURTHER_RESULTS, ...Object.keys(manifest.rows ?? {})]);
  return entries.find((name) => !ours.has(name));
}

/** A manifest of ours; undefined for any other file of that name. */
function readManifest(path: string): { readonly rows?: Readonly<Record<string, unknown>> } | undefined {
  try {
    const manifest = JSON.parse(readFileSync(path, 'utf8'));
    return manifest?.yibao === undefined ? undefined : manifest;
  } catch {
    return undefined;
  }
}

function notWritable(folder: string, error: unknown): YibaoError {
  const message = (error as Error).message;
  const reason = systemReason(error) ?? { zh: message, en: message };
  return new YibaoError(
    {
      definition: outputErrors.notWritable,
      file: folder,
      parameters: { reason: reason.zh, reasonEn: reason.en },
    },
    { cause: error },
  );
}

/** The deepest folder on the way that is there. A file on the way is a system error ENOTDIR. */
function nearestExisting(path: string): string {
  const folder = existsSync(path) ? path : nearestExisting(dirname(path));
  if (!statSync(folder).isDirectory()) throw Object.assign(new Error(folder), { code: 'ENOTDIR' });
  return folder;
}

/** The absolute path with links followed as far as it exists, so that two names of one place are seen as one. */
function realPlace(path: string): string {
  const absolute = resolve(path);
  if (existsSync(absolute)) return realpathSync(absolute);
  return dirname(absolute) === absolute ? absolute : join(realPlace(dirname(absolute)), basename(absolute));
}

const isWithin = (inner: string, outer: string): boolean =>
  inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep);
