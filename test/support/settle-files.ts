import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '#engine/duckdb.ts';
import { settleYear, writeResults } from '#payment/index.ts';

/** Settles an area folder in this process and gives the text of every file it writes. */
export async function settleToFiles(
  areaFolder: string,
  year: number,
  profile?: string,
): Promise<Record<string, string>> {
  const out = mkdtempSync(join(tmpdir(), 'yibao-test-'));
  const engine = await Engine.open();
  try {
    const settlement = await settleYear(engine, { areaFolder, year, profile });
    await writeResults(engine, settlement, out);
    return Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')]));
  } finally {
    engine.close();
    rmSync(out, { recursive: true, force: true });
  }
}
