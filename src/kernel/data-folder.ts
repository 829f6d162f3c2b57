import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder that keeps what a user imports under a name (DRG schemes, code sets, code mappings), the same from every
 * working folder: `YIBAO_DATA` if set, else the place for program data of the system. Nothing is created here.
 */
export function dataFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (environment.YIBAO_DATA) return environment.YIBAO_DATA;
  if (platform === 'win32') {
    return join(environment.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'yibao');
  }
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'yibao');
  return join(environment.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'yibao');
}

/** A name something is kept under: it becomes a folder, and must not be mistaken for a path. */
export const isStoredName = (text: string): boolean =>
  /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u.test(text) && !text.endsWith('.');
