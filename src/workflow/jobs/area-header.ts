import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { YibaoError } from '#kernel/errors.ts';
import { putInPlace } from '#kernel/output-folder.ts';
import { loadAreaHeader } from '#policy/index.ts';
import { workflowErrors } from '../errors.ts';

/** Code and name of the area in a folder. Throws YibaoError with the problems of its area.yaml. */
export function readAreaHeader(folder: string): { readonly code: string; readonly name: string } {
  const { code, name } = loadAreaHeader(join(folder, 'area.yaml'));
  return { code, name };
}

/**
 * Puts a whole area folder in its place. The area that was there goes when the new one stands; another area, by its code, is
 * not replaced.
 * @throws YibaoError workflow.area-taken
 */
export function putArea(folder: string, target: string, code: string): void {
  if (existsSync(target) && readAreaHeader(target).code !== code) {
    throw new YibaoError({ definition: workflowErrors.areaTaken, field: 'areaId', value: basename(target) });
  }
  putInPlace(folder, target);
}
