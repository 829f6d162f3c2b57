import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const CLI = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

export type Run = { readonly exit: number | null; readonly stdout: string; readonly stderr: string };

/** Node keeps the compiled sources there, by their content: a run starts in half the time. */
const COMPILE_CACHE = join(tmpdir(), 'yibao-test-compile-cache');

/** The environment of a run: Chinese unless the test says otherwise, whatever the machine speaks. */
export const environmentOf = (variables: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => {
  const { LC_ALL, LC_MESSAGES, LANG, LANGUAGE, YIBAO_DEBUG, ...rest } = process.env;
  return { ...rest, NODE_COMPILE_CACHE: COMPILE_CACHE, ...variables };
};

/** Runs `yibao` as a user does, in a process of its own. */
export function runCli(
  argv: readonly string[],
  options: {
    readonly environment?: Readonly<Record<string, string>>;
    readonly folder?: string;
    /** another copy of the command */
    readonly cli?: string;
  } = {},
): Promise<Run> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [options.cli ?? CLI, ...argv],
      {
        cwd: options.folder,
        env: environmentOf(options.environment),
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) =>
        resolve({ exit: error ? (typeof error.code === 'number' ? error.code : null) : 0, stdout, stderr }),
    );
  });
}

/** A folder that lives as long as the test, or as the suite whose `after` is given. */
export function temporaryFolder(test: { readonly after: (remove: () => void) => void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'yibao-test-'));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
