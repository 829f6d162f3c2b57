import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type ErrorDefinition, YibaoError } from '#kernel/errors.ts';

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
    message: { zh: '输出位置是一个文件', en: 'the place for the output is a file' },
    remedy: { zh: '用 --out 指定文件夹', en: 'name a folder with --out' },
  },
  notWritable: {
    code: 'output.not-writable',
    exit: 5,
    message: { zh: '无法写入：{reason}', en: 'cannot be written: {reason}' },
    remedy: { zh: '检查权限与磁盘空间，或换一个文件夹（--out）', en: 'check permissions and space, or choose another folder with --out' },
  },
} satisfies Record<string, ErrorDefinition>;

/** The file that tells a folder was written by a run. */
const MARK = 'manifest.json';

/**
 * Lets `write` fill a new folder beside `folder` and puts it in place only when it is complete: a reader sees the
 * whole old result or the whole new one, never half of one. An existing folder is replaced when it is empty or
 * an earlier run's; otherwise it is refused.
 * @param write receives the folder to fill; it must write manifest.json
 */
export async function writeFolder(folder: string, write: (partial: string) => Promise<void>): Promise<void> {
  const target = resolve(folder);
  checkReplaceable(target, folder);
  let partial: string;
  try {
    mkdirSync(dirname(target), { recursive: true });
    partial = mkdtempSync(join(dirname(target), `.${basename(target)}.partial-`));
  } catch (error) {
    throw new YibaoError({
      definition: outputErrors.notWritable,
      file: folder,
      parameters: { reason: (error as Error).message },
    });
  }
  try {
    await write(partial);
    const old = `${partial}-old`;
    if (existsSync(target)) renameSync(target, old);
    renameSync(partial, target);
    rmSync(old, { recursive: true, force: true });
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** Checked before the work too, so that nobody waits a minute for a refusal. */
export function checkReplaceable(target: string, shown = target): void {
  if (!existsSync(target)) return;
  let entries: string[];
  try {
    entries = readdirSync(target);
  } catch {
    throw new YibaoError({ definition: outputErrors.notAFolder, file: shown });
  }
  if (entries.length > 0 && !entries.includes(MARK)) {
    throw new YibaoError({ definition: outputErrors.notOurs, file: shown, parameters: { entry: entries[0]! } });
  }
}
