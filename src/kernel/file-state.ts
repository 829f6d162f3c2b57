import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A file as it was when something was made from it. Times are nanoseconds as text. */
export type FileState = {
  readonly path: string;
  readonly size: string;
  readonly modified: string;
  readonly changed: string;
  readonly sha256: string;
};

const PIECE_BYTES = 4_194_304;

/** The files below a folder, or the file itself, by path; hidden ones are left out. */
export function filesBelow(place: string): string[] {
  if (!existsSync(place)) return [];
  if (statSync(place).isFile()) return [place];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() && !/(^|[\\/])\./.test(join(entry.parentPath.slice(place.length), entry.name)),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

export const sha256OfFile = (path: string): string => {
  const hash = createHash('sha256');
  const file = openSync(path, 'r');
  try {
    const piece = Buffer.alloc(Math.min(PIECE_BYTES, Math.max(1, statSync(path).size)));
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece))
      hash.update(piece.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
};

const stamps = (path: string) => {
  const { size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return { size: size.toString(), modified: mtimeNs.toString(), changed: ctimeNs.toString() };
};

/** The state of every file below some places, with its hash. */
export const fileStates = (places: readonly string[]): FileState[] =>
  places.flatMap(filesBelow).map((path) => ({ path, ...stamps(path), sha256: sha256OfFile(path) }));

/**
 * The first file that is not as it was: gone, new, or of other content. A file whose size and times are as they were is taken
 * for unchanged without reading it, unless it was touched at or after `since` (nanoseconds), when what was noted began to be
 * noted: then a change may have left no trace in the times.
 */
export function changedFile(
  before: readonly FileState[],
  places: readonly string[],
  since: bigint,
): string | undefined {
  const known = new Map(before.map((file) => [file.path, file]));
  for (const path of places.flatMap(filesBelow)) {
    const was = known.get(path);
    if (was === undefined) return path;
    known.delete(path);
    const now = stamps(path);
    const isUntouched = now.modified === was.modified && now.changed === was.changed && now.size === was.size;
    if (isUntouched && BigInt(was.changed) < since && BigInt(was.modified) < since) continue;
    if (now.size !== was.size || sha256OfFile(path) !== was.sha256) return path;
  }
  return known.keys().next().value;
}
