import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CompareCommandOptions } from '#cli/compare.ts';
import { usageErrors } from '#cli/errors.ts';
import { Engine } from '#engine/duckdb.ts';
import { YibaoError } from '#kernel/errors.ts';
import type { Language } from '#kernel/locale.ts';
import { checkOutputFolder, writeFolder } from '#kernel/output-folder.ts';
import { createProgress, type Progress } from '#kernel/progress.ts';
import { settlementIdentity, settleYear } from '#payment/index.ts';
import { resolveAreaPolicy } from '#policy/index.ts';
import {
  compareSides,
  comparisonLines,
  hasMdcs,
  readSide,
  type Side,
  writeComparison,
} from '#report/index.ts';

/** What one side settles: an area folder, under its own profile or another. */
type Wanted = { readonly areaFolder: string; readonly profile?: string };

/** Settles a year once for each profile, one after another, and shows them side by side. */
export async function runCompare(
  areaFolder: string,
  options: CompareCommandOptions,
  language: Language,
): Promise<void> {
  const zh = language === 'zh';
  const wanted: Wanted[] = [
    { areaFolder },
    ...options.with.map((each) =>
      existsSync(join(each, 'area.yaml')) ? { areaFolder: each } : { areaFolder, profile: each },
    ),
  ];
  if (options.out !== undefined) {
    const inputs = wanted.flatMap((each) => [
      join(each.areaFolder, 'area.yaml'),
      join(each.areaFolder, 'settlement_lists'),
    ]);
    checkOutputFolder(options.out, inputs);
  }
  checkProfiles(wanted, options.year);
  const progress = createProgress(options.quiet ? { write() {} } : process.stderr);
  const sides: Side[] = [];
  const identities: ReturnType<typeof settlementIdentity>[] = [];
  try {
    for (const [index, each] of wanted.entries()) {
      const engine = await Engine.open();
      try {
        const settlement = await settleYear(engine, {
          areaFolder: each.areaFolder,
          year: options.year,
          profile: each.profile,
          language,
          progress: partOf(progress, index, wanted.length),
        });
        const side = await readSide(engine, settlement.area.profile);
        const isOther = each.areaFolder !== areaFolder;
        sides.push(isOther ? { ...side, name: `${side.area.name} ${side.name}` } : side);
        identities.push(settlementIdentity(settlement));
      } finally {
        engine.close();
      }
    }
    const comparison = compareSides(sides);
    if (options.out !== undefined) {
      await writeFolder(options.out, async (folder) => {
        await writeComparison(comparison, folder, language);
        const files = [
          'compare.html',
          'compare.xlsx',
          'institutions.csv',
          'specialities.csv',
          ...(hasMdcs(comparison) ? ['mdcs.csv'] : []),
        ];
        const rows = Object.fromEntries(files.map((file) => [file, 0]));
        writeFileSync(
          join(folder, 'manifest.json'),
          `${JSON.stringify({ yibao: identities[0]!.yibao, comparison: identities, rows }, null, 2)}\n`,
        );
      });
    }
    progress.done();
    if (!options.quiet) process.stdout.write(comparisonLines(comparison, language));
    if (options.out !== undefined && !options.quiet) {
      process.stdout.write(zh ? `\n结果已写入 ${options.out}\n` : `\nResults written to ${options.out}\n`);
    }
  } finally {
    progress.done();
  }
}

/** Asked before anything is settled: each side must have a profile of its own. */
function checkProfiles(wanted: readonly Wanted[], year: number): void {
  const seen = new Set<string>();
  for (const { areaFolder, profile } of wanted) {
    const { area } = resolveAreaPolicy(areaFolder, { year, profile });
    const key = `${resolve(areaFolder)} ${area.profile}`;
    if (seen.has(key)) {
      const parameters = { name: '--with', value: profile ?? areaFolder };
      throw new YibaoError({ definition: usageErrors.sameProfile, parameters });
    }
    seen.add(key);
  }
}

/** The part of the progress that the settlement of one side takes. */
function partOf(progress: Progress, index: number, sides: number): Progress {
  const share = (own: number) => (index + own) / sides;
  return {
    stage: (name, own) => progress.stage(name, share(own)),
    update: (own, detail) => progress.update(share(own), detail),
    done: () => {},
  };
}
