import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { generateDemoArea } from '#demo/index.ts';
import { Engine } from '#engine/duckdb.ts';
import { putArea, readAreaHeader } from './area-header.ts';
import type { Work } from './work.ts';

const LISTS = 100_000;
const SEED = 2025;
const YEAR = 2025;

/**
 * Invents the demo area in areas/<areaId>, where no other area may be; it is there whole or not at all.
 * `lists`, `seed` and `year` as of `yibao demo`.
 */
export const makeDemoArea: Work = async (input, { dataFolder, progress, language }) => {
  const target = join(dataFolder, 'areas', String(input.areaId));
  const folder = `${target}.partial`;
  rmSync(folder, { recursive: true, force: true });
  const engine = await Engine.open();
  try {
    progress.stage(language === 'zh' ? '虚构地区' : 'inventing the area', 0);
    const demo = await generateDemoArea({
      engine,
      folder,
      lists: Number(input.lists ?? LISTS),
      seed: Number(input.seed ?? SEED),
      year: Number(input.year ?? YEAR),
      format: 'csv',
      progress,
    });
    const header = readAreaHeader(folder);
    putArea(folder, target, header.code);
    return { ...header, lists: demo.lists, institutions: demo.institutions };
  } finally {
    engine.close();
  }
};
