import type { BuildOptions } from '#cli/catalogue.ts';
import { policyOfProfile } from '#cli/profile-policy.ts';
import { csvText, writeTextFile } from '#cli/write-file.ts';
import { Engine } from '#engine/duckdb.ts';
import { catalogueText, classOfEntry, directoryPlace, groupingProfile } from '#grouping/dip/index.ts';
import {
  divide,
  type Fraction,
  fraction,
  multiply,
  parseDecimal,
  roundTo,
  scaledText,
} from '#kernel/fraction.ts';
import type { Language } from '#kernel/locale.ts';
import { yuanText } from '#kernel/money.ts';
import { createProgress } from '#kernel/progress.ts';
import { type AreaGroups, buildAreaCatalogue } from '#payment/index.ts';

/** The profile whose rules build a catalogue where the area's own policy does not group by one. */
const BUILDING_PROFILE = 'dip-3.0-draft';

const percent = (share: Fraction): string => scaledText(roundTo(multiply(share, fraction(100n)), 2), 2);
const yuan = (fen: Fraction): string => scaledText(roundTo(divide(fen, fraction(100n)), 2), 2);

export async function runCatalogueBuild(
  areaFolder: string,
  options: BuildOptions,
  language: Language,
): Promise<void> {
  const zh = language === 'zh';
  const policy = policyOfProfile(BUILDING_PROFILE, options.year);
  const progress = createProgress();
  const engine = await Engine.open();
  try {
    progress.stage(zh ? '读取历史清单' : 'reading the history', 0);
    const built = await buildAreaCatalogue(engine, {
      areaFolder,
      year: options.year,
      policy,
      ...(options.coverage !== undefined
        ? { threshold: { coverage: parseDecimal(options.coverage)! } }
        : options.threshold !== undefined
          ? { threshold: { cases: BigInt(options.threshold) } }
          : {}),
      ...(options.relatedIncrease === undefined
        ? {}
        : { relatedIncrease: parseDecimal(options.relatedIncrease)! }),
      ...(options.comprehensiveCases === undefined
        ? {}
        : { comprehensiveCases: BigInt(options.comprehensiveCases) }),
      language,
      progress,
    });
    progress.done();
    writeTextFile(options.out, catalogueText(built.catalogue));
    if (options.directory !== undefined) writeTextFile(options.directory, directoryText(built, policy));
    if (options.decisions !== undefined) writeTextFile(options.decisions, decisionsText(built));
    const core = built.groups.filter(({ entry }) => entry.kind !== 'comprehensive').length;
    const kept = built.related.filter(({ verdict }) => verdict === 'kept').length;
    process.stdout.write(
      zh
        ? `核心病种 ${core} 个（门槛 ${built.coreCases} 例，覆盖 ${percent(built.coverage)}% 的清单），综合病种 ${built.groups.length - core} 个；相关手术操作组合 ${built.related.length} 个，单独成组 ${kept} 个。目录已写入 ${options.out}\n`
        : `${core} core groups (at least ${built.coreCases} lists, ${percent(built.coverage)} % of all lists), ${built.groups.length - core} comprehensive groups; of ${built.related.length} sets of related operations ${kept} make groups of their own. Catalogue written to ${options.out}\n`,
    );
    if (built.refused > 0) {
      process.stderr.write(
        zh
          ? `注意：拒收的清单 ${built.refused} 份没有计入\n`
          : `Note: ${built.refused} refused lists are left out\n`,
      );
    }
  } finally {
    progress.done();
    engine.close();
  }
}

type Built = Awaited<ReturnType<typeof buildAreaCatalogue>>;

/** Three levels above the groups, for monitoring. */
function directoryText(built: Built, policy: Parameters<typeof groupingProfile>[0]): string {
  const { comprehensiveClass } = groupingProfile(policy).options;
  const rows = built.groups.map(({ entry, cases }) => {
    const { chapter, level1, level2 } = directoryPlace(
      entry,
      classOfEntry(entry, built.catalogue, comprehensiveClass),
    );
    const score = scaledText(entry.score4, 4);
    const mean = entry.meanFen === undefined ? '' : yuanText(entry.meanFen);
    return [
      String(chapter ?? ''),
      level1 ?? '',
      level2 ?? '',
      entry.groupCode,
      entry.kind,
      String(cases),
      mean,
      score,
    ];
  });
  return csvText([
    ['main_index', 'level_1', 'level_2', 'group_code', 'kind', 'cases', 'mean_cost', 'score'],
    ...rows,
  ]);
}

/** What the related-operation rule said of every set of related operations. */
const decisionsText = ({ related }: AreaGroups): string =>
  csvText([
    ['diagnosis', 'principal', 'related', 'cases', 'base_mean', 'mean', 'increase_percent', 'verdict'],
    ...related.map((each) => [
      each.diagnosis,
      each.principal,
      each.related.join('+'),
      String(each.cases),
      each.baseMeanFen ? yuan(each.baseMeanFen) : '',
      yuan(each.meanFen),
      each.increase ? percent(each.increase) : '',
      each.verdict,
    ]),
  ]);
