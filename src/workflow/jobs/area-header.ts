import { join } from 'node:path';
import { loadAreaHeader } from '#policy/index.ts';

/** Code and name of the area in a folder. Throws YibaoError with the problems of its area.yaml. */
export function readAreaHeader(folder: string): { readonly code: string; readonly name: string } {
  const { code, name } = loadAreaHeader(join(folder, 'area.yaml'));
  return { code, name };
}
