import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cardOfScheme, findScheme, listSchemes } from '#grouping/drg/index.ts';
import type { Policy } from '#policy/index.ts';

/**
 * The scheme that `grouping.scheme` means, as an argument of `openProgram` and `openScheme`: an imported or bundled name,
 * else a folder of the area folder.
 */
export function schemeOfPolicy(policy: Policy, areaFolder: string): string {
  const name = policy.text('grouping.scheme');
  if (listSchemes().some((scheme) => scheme.name === name)) return name;
  const folder = join(areaFolder, name);
  return name !== '' && existsSync(folder) && statSync(folder).isDirectory() ? folder : name;
}

/** One hash for all files of a scheme: two schemes of one hash group alike. */
export function schemeHash(scheme: string): string {
  const { files } = cardOfScheme(findScheme(scheme));
  const hash = createHash('sha256');
  for (const [file, sha256] of Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${file} ${sha256}\n`);
  }
  return hash.digest('hex');
}
