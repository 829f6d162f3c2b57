import { readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Engine } from '#engine/duckdb.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import type { Progress } from '#kernel/progress.ts';
import { systemReason } from '#kernel/system-errors.ts';
import { openCsv } from './csv.ts';
import { INTAKE_ERRORS, refuseFile } from './errors.ts';
import type { ListFile, ListSource } from './file.ts';
import { openJson } from './json.ts';
import { openParquet } from './parquet.ts';
import { openXlsx } from './xlsx.ts';

export { LIST_COLUMNS } from './columns.ts';
export { INTAKE_ERRORS } from './errors.ts';
export type { ListSource, MalformedRecord } from './file.ts';
export { DuplicateKey, type Json, type JsonObject, parseExactly, reduceList } from './json-list.ts';

type Opener = (engine: Engine, file: ListFile) => Promise<ListSource>;

const OPENERS: Readonly<Record<string, Opener>> = {
  '.csv': openCsv,
  '.parquet': openParquet,
  '.xlsx': openXlsx,
  '.json': openJson,
  '.jsonl': openJson,
  '.ndjson': openJson,
};

/**
 * Opens every file of a `settlement_lists/` folder, in code-point order of name. Hidden files and the lock files of
 * office programs (`~$…`) are left out. Temporary files go to the engine's work folder and live as long as it does:
 * the originals must stay in place until the sources are read.
 *
 * A file that cannot be read is refused whole. All such files are reported together: thrown as one YibaoError (exit
 * code 3), or with `skipBadFiles` returned in `skipped`. A folder without a readable file is an error in any case.
 * `progress` hears the share of bytes read and the name of the file.
 */
export async function openSettlementLists(
  engine: Engine,
  folder: string,
  options: { readonly skipBadFiles: boolean; readonly progress: Progress },
): Promise<{ readonly sources: ListSource[]; readonly skipped: Problem[] }> {
  const sources: ListSource[] = [];
  const problems: Problem[] = [];
  const files = listFiles(folder, problems);
  const totalBytes = files.reduce((sum, file) => sum + file.bytes, 0) || 1;
  let doneBytes = 0;
  for (const [index, { fileName, bytes }] of files.entries()) {
    const before = doneBytes;
    const onShare = (share: number) =>
      options.progress.update((before + share * bytes) / totalBytes, fileName);
    const file = { fileName, bytes, path: join(folder, fileName), key: `intake-${index}`, onShare };
    onShare(0);
    try {
      sources.push(await openFile(engine, file));
    } catch (error) {
      if (!(error instanceof YibaoError)) throw error;
      problems.push(...error.problems);
    }
    doneBytes += bytes;
    onShare(1);
  }
  if (sources.length === 0) {
    const noFile = { definition: INTAKE_ERRORS.noFile, file: folder };
    throw new YibaoError(problems.length > 0 && !options.skipBadFiles ? problems : [...problems, noFile]);
  }
  if (problems.length > 0 && !options.skipBadFiles) throw new YibaoError(problems);
  return { sources, skipped: problems };
}

/** The names and sizes to open; sub-folders and what cannot be looked at become problems. */
function listFiles(folder: string, problems: Problem[]): { fileName: string; bytes: number }[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    refuseFile(INTAKE_ERRORS.noFolder, folder, {}, error);
  }
  // UTF-8 bytes sort as code points do; JavaScript compares UTF-16 units.
  names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const files: { fileName: string; bytes: number }[] = [];
  for (const fileName of names) {
    if (fileName.startsWith('.') || fileName.startsWith('~$')) continue;
    try {
      const status = statSync(join(folder, fileName));
      if (status.isFile()) files.push({ fileName, bytes: status.size });
      else {
        const definition = status.isDirectory() ? INTAKE_ERRORS.subFolder : INTAKE_ERRORS.unsupportedFile;
        problems.push({ definition, file: fileName });
      }
    } catch (error) {
      problems.push(unreadable(fileName, error));
    }
  }
  return files;
}

async function openFile(engine: Engine, file: ListFile): Promise<ListSource> {
  const opener = OPENERS[extname(file.fileName).toLowerCase()];
  if (opener === undefined) refuseFile(INTAKE_ERRORS.unsupportedFile, file.fileName);
  try {
    return await opener(engine, file);
  } catch (error) {
    const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
    if (code !== undefined && READ_FAILURES.includes(code)) {
      throw new YibaoError(unreadable(file.fileName, error), { cause: error });
    }
    throw error;
  }
}

/** Operating system codes that are about the file, not about the machine. */
const READ_FAILURES = ['EACCES', 'EPERM', 'ENOENT', 'EBUSY', 'EIO', 'ELOOP'];

function unreadable(file: string, error: unknown): Problem {
  const reason = systemReason(error) ?? { zh: String(error), en: String(error) };
  return {
    definition: INTAKE_ERRORS.unreadable,
    file,
    parameters: { reason: reason.zh, reasonEn: reason.en },
  };
}
