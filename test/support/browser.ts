import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { buildConsole, isConsoleStale } from '#api/index.ts';

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
  // every page is new: what its scripts gain from being optimized is less than that costs
  '--js-flags=--no-opt --no-maglev',
];

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

/** Builds the console where it is not up to date, as `yibao serve` does; the service must be opened after it. */
export async function prepareConsole(): Promise<void> {
  if (isConsoleStale()) await buildConsole();
}

/** How long a page may take on a slow machine, in milliseconds. */
export const PATIENCE_MS = 120_000;
