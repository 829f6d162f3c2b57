import { spawn } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ErrorDefinition } from '#kernel/errors.ts';
import { YibaoError } from '#kernel/errors.ts';
import { CONSOLE_FOLDER } from './console.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** What the console is made of: its own sources, the contracts it imports, and the versions of its libraries. */
const SOURCES = ['src/console', 'src/api/contract', 'package-lock.json'].map((path) => join(ROOT, path));

export const buildErrors = {
  failed: {
    code: 'console.not-built',
    exit: 5,
    message: { zh: '网页未能构建：{reason}', en: 'the console could not be built: {reason}' },
    remedy: {
      zh: '服务与接口照常可用；运行 npm ci 后用 npm run build:console 查看原因',
      en: 'the service and its interfaces work all the same; run npm ci, then npm run build:console to see why',
    },
  },
} satisfies Record<string, ErrorDefinition>;

/** The built console is missing, or older than what it is made of. A packaged program without sources is never stale. */
export function isConsoleStale(
  folder: string = CONSOLE_FOLDER,
  sources: readonly string[] = SOURCES,
): boolean {
  const index = join(folder, 'index.html');
  if (!existsSync(index)) return true;
  const builtAt = statSync(index).mtimeMs;
  return sources.some((source) => existsSync(source) && newestMs(source) > builtAt);
}

function newestMs(path: string): number {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  const inside = readdirSync(path, { recursive: true, withFileTypes: true });
  return Math.max(mtimeMs, ...inside.map((each) => statSync(join(each.parentPath, each.name)).mtimeMs));
}

/**
 * Builds the console beside the old one and puts it in its place, so that the old one is served meanwhile.
 * @throws YibaoError console.not-built
 */
export async function buildConsole(folder: string = CONSOLE_FOLDER): Promise<void> {
  const partial = `${folder}.partial-${process.pid}`;
  const old = `${folder}.old-${process.pid}`;
  try {
    await runVite([
      'build',
      join(ROOT, 'src', 'console'),
      '--logLevel',
      'warn',
      '--outDir',
      partial,
      '--emptyOutDir',
    ]);
    // another process may have built the same meanwhile
    if (existsSync(folder) && !isConsoleStale(folder)) return;
    if (existsSync(folder)) renameSync(folder, old);
    renameSync(partial, folder);
  } catch (error) {
    if (!isConsoleStale(folder)) return;
    throw error;
  } finally {
    for (const each of [partial, old]) rmSync(each, { recursive: true, force: true });
  }
}

async function runVite(parameters: readonly string[]): Promise<void> {
  const failed = (reason: string) =>
    new YibaoError({ definition: buildErrors.failed, parameters: { reason } });
  let vite: string;
  try {
    vite = join(dirname(fileURLToPath(import.meta.resolve('vite/package.json'))), 'bin', 'vite.js');
  } catch {
    throw failed('vite is not installed');
  }
  const child = spawn(process.execPath, [vite, ...parameters], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);
  let text = '';
  child.stderr.on('data', (piece) => {
    text = `${text}${piece}`.slice(-2_000);
  });
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  process.off('exit', end);
  if (code !== 0) throw failed(text.trim().split('\n').at(-1) ?? String(code));
}
