import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const missing = !existsSync(CHROMIUM);
if (missing && process.env.CI === 'true')
  throw new Error(`no Chromium at ${CHROMIUM}; set CHROMIUM_PATH or install the package chromium`);
if (missing) console.error(`SKIPPED: browser tests, no Chromium at ${CHROMIUM} (CHROMIUM_PATH)`);

/** Why browser tests are skipped, or false. */
export const skipBrowser: string | false = missing ? `no Chromium at ${CHROMIUM}` : false;

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

/** Builds the console as `npm run build:console` does; the service must be opened after it. */
export function buildConsole(): void {
  const root = join(import.meta.dirname, '..', '..');
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/vite/bin/vite.js'), 'build', 'src/console', '--logLevel', 'error'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
}
