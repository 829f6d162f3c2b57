import {
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Keeps an area folder as it is. Files of areas are replaced and never written to, so that a second name of the same file
 * keeps its content and takes no space; where the file system has no such names, files are copied.
 */
export function snapshotArea(areaFolder: string, target: string): void {
  const partial = `${target}.partial`;
  rmSync(partial, { recursive: true, force: true });
  rmSync(target, { recursive: true, force: true });
  mkdirSync(dirname(target), { recursive: true });
  link(areaFolder, partial);
  renameSync(partial, target);
}

function link(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    // an area folder may be made of links to another
    const source = realpathSync(join(from, name));
    const copy = join(to, name);
    if (statSync(source).isDirectory()) link(source, copy);
    else {
      try {
        linkSync(source, copy);
      } catch {
        copyFileSync(source, copy);
      }
    }
  }
}
