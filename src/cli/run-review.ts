import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { usageErrors } from '#cli/errors.ts';
import { jsonRows, type ResultTable, shownRows, writeTables } from '#cli/result-table.ts';
import type { ReviewOptions, ReviewPanelOptions, ReviewPublishOptions } from '#cli/review.ts';
import {
  applicationTable,
  decisionTable,
  evidenceTable,
  panelTable,
  publicationTable,
  quotaTable,
  refusedPanelTable,
  specialCaseTable,
  verificationTable,
} from '#cli/review-tables.ts';
import { table } from '#cli/run-drg.ts';
import { Engine } from '#engine/duckdb.ts';
import { YibaoError } from '#kernel/errors.ts';
import type { Language, Text } from '#kernel/locale.ts';
import { checkOutputFolder, writeFolder } from '#kernel/output-folder.ts';
import { createProgress } from '#kernel/progress.ts';
import { settlementIdentity } from '#payment/index.ts';
import {
  decideYear,
  drawPanels,
  openReview,
  publishYear,
  quotaLines,
  type ReviewYear,
  verifyPanels,
} from '#payment/review/index.ts';
import { parsePolicyDate } from '#policy/index.ts';

/** What a command has found: tables to show and write, a line that sums them up, what else the manifest says. */
type Result = {
  /** name of the workbook */
  readonly name: string;
  readonly tables: readonly ResultTable[];
  readonly summary: Text;
  /** shown on the terminal; the rest is in the files */
  readonly shown: number;
  /** 4 when something was refused */
  readonly exit?: 4;
  readonly manifest?: object;
};

/** Opens the review, lets `work` find the result, and shows or writes it. */
async function run(
  areaFolder: string,
  options: ReviewOptions,
  language: Language,
  needs: Parameters<typeof openReview>[2],
  work: (review: ReviewYear, engine: Engine) => Result | Promise<Result>,
): Promise<void> {
  const zh = language === 'zh';
  const { out } = options;
  if (out !== undefined)
    checkOutputFolder(out, [join(areaFolder, 'area.yaml'), join(areaFolder, 'settlement_lists')]);
  const progress = createProgress(options.quiet ? { write() {} } : process.stderr);
  const engine = await Engine.open();
  try {
    const review = await openReview(
      engine,
      {
        areaFolder,
        year: options.year,
        skipBadFiles: options.skipBadFiles,
        knownAt: options.knownAt === undefined ? undefined : parsePolicyDate(options.knownAt),
        language,
        progress,
      },
      needs,
    );
    const result = await work(review, engine);
    if (out !== undefined) {
      await writeFolder(out, async (folder) => {
        const rows = await writeTables(folder, result.name, result.tables, language);
        const manifest = { ...identity(review), ...result.manifest, rows };
        writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
      });
    }
    progress.done();
    if (options.json) {
      const tables = Object.fromEntries(result.tables.map((each) => [each.name, jsonRows(each)]));
      const value = { ...tables, ...result.manifest, parameters: parameters(review) };
      process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    } else if (!options.quiet) {
      for (const each of result.tables.slice(0, result.shown)) {
        if (each.rows.length > 0)
          process.stdout.write(`${each.title[language]}\n${table(shownRows(each, language))}\n`);
      }
      process.stdout.write(`${result.summary[language]}\n`);
      if (out !== undefined) process.stdout.write(zh ? `结果已写入 ${out}\n` : `Results written to ${out}\n`);
    }
    if (result.exit !== undefined) process.exitCode = result.exit;
  } finally {
    progress.done();
    engine.close();
  }
}

/** The settlement, and the files of the review it was made with. */
const identity = (review: ReviewYear): object => {
  const settled = settlementIdentity(review.settlement);
  const own = [...review.tables.hashes].map(([file, sha256]) => ({ file, sha256 }));
  return { ...settled, inputs: [...settled.inputs, ...own] };
};

/** The parameters of the review with their documents and articles. */
const parameters = ({ settlement }: ReviewYear): object[] =>
  settlement.policy.sources.filter(({ parameter }) => /^(review|special_case)\./.test(parameter));

export const runReviewQuota = (
  areaFolder: string,
  options: ReviewOptions,
  language: Language,
): Promise<void> =>
  run(areaFolder, options, language, { applications: false }, (review) => {
    const lines = quotaLines(review.rules.quota, review.counts);
    const over = lines.filter(({ passed, quota }) => passed > quota).length;
    const sum = (of: (line: (typeof lines)[number]) => bigint) => lines.reduce((a, line) => a + of(line), 0n);
    const [discharges, quota, passed] = [sum((l) => l.discharges), sum((l) => l.quota), sum((l) => l.passed)];
    return {
      name: 'quota',
      tables: [quotaTable(lines)],
      shown: 1,
      summary: {
        zh: `出院 ${discharges} 例，上限 ${quota} 例，special_cases.csv 已用 ${passed} 例${over > 0 ? `；${over} 处超过上限` : ''}`,
        en: `${discharges} discharges, quota ${quota}, used by special_cases.csv ${passed}${over > 0 ? `; ${over} over their quota` : ''}`,
      },
      ...(over > 0 ? { exit: 4 } : {}),
    };
  });

export const runReviewCheck = (
  areaFolder: string,
  options: ReviewOptions,
  language: Language,
): Promise<void> =>
  run(areaFolder, options, language, { applications: true }, ({ applications }) => {
    const eligible = applications.filter((heard) => heard.eligibility.eligible).length;
    return {
      name: 'check',
      tables: [applicationTable(applications, language), evidenceTable(applications)],
      shown: 1,
      summary: {
        zh: `申请 ${applications.length} 例，符合条件 ${eligible} 例`,
        en: `${applications.length} applications, ${eligible} eligible`,
      },
    };
  });

export function runReviewPanel(
  areaFolder: string,
  options: ReviewPanelOptions,
  language: Language,
): Promise<void> {
  const { date, seed, appeal, verify } = options;
  if (verify) {
    return run(areaFolder, options, language, { applications: true }, (review) => {
      const checks = verifyPanels(review);
      const sound = checks.filter(({ status, samePool, conflictSince }) => {
        return status === 'same' && samePool && conflictSince.length === 0;
      }).length;
      return {
        name: 'verification',
        tables: [verificationTable(checks, language)],
        shown: 1,
        summary: {
          zh: `已有专家组 ${checks.length} 个，重抽一致 ${sound} 个`,
          en: `${checks.length} panels on file, ${sound} as drawn again`,
        },
        ...(sound < checks.length ? { exit: 4 } : {}),
      };
    });
  }
  for (const [name, value] of [
    ['--date', date],
    ['--seed', seed],
  ] as const) {
    if (value !== undefined) continue;
    const parameters = { name, command: 'yibao review panel' };
    throw new YibaoError({ definition: usageErrors.missingOption, parameters });
  }
  return run(areaFolder, options, language, { applications: true }, (review) => {
    const drawing = drawPanels(review, {
      kind: appeal ? 'appeal' : 'first',
      drawnOn: Temporal.PlainDate.from(date!),
      seed: seed!,
    });
    const { drawn, refused } = drawing;
    return {
      name: 'panel',
      tables: [panelTable(review.tables, drawing), refusedPanelTable(drawing, language)],
      shown: 2,
      summary: {
        zh: `抽出专家组 ${drawn.length} 个，抽不出 ${refused.length} 个，其他不抽 ${drawing.notDrawn.length} 个`,
        en: `${drawn.length} panels drawn, ${refused.length} refused, ${drawing.notDrawn.length} not to be drawn`,
      },
      manifest: {
        draw: {
          kind: drawing.request.kind,
          drawn_on: date,
          seed,
          panels: drawn.map(({ question, panel }) => ({
            setl_id: question.setlId,
            candidates: panel.candidates,
            pool_sha256: panel.poolSha256,
            members: panel.members.map(({ expertCode }) => expertCode),
          })),
        },
      },
      ...(refused.length > 0 ? { exit: 4 } : {}),
    };
  });
}

export const runReviewDecide = (
  areaFolder: string,
  options: ReviewOptions,
  language: Language,
): Promise<void> =>
  run(areaFolder, options, language, { applications: true }, (review) => {
    const { decisions, counts } = decideYear(review);
    const number = (outcomes: readonly string[]) =>
      decisions.filter(({ outcome }) => outcomes.includes(outcome)).length;
    const [passed, rejected, open] = [
      number(['cost', 'amount', 'points']),
      number(['rejected']),
      number(['undecided']),
    ];
    const quota = quotaLines(review.rules.quota, counts).reduce((sum, line) => sum + line.quota, 0n);
    return {
      name: 'decisions',
      tables: [
        decisionTable(decisions, language),
        specialCaseTable(decisions),
        quotaTable(quotaLines(review.rules.quota, counts)),
      ],
      shown: 1,
      summary: {
        zh: `通过 ${passed} 例，不通过 ${rejected} 例，未决 ${open} 例；上限 ${quota} 例`,
        en: `${passed} passed, ${rejected} rejected, ${open} undecided; quota ${quota}`,
      },
    };
  });

export const runReviewPublish = (
  areaFolder: string,
  options: ReviewPublishOptions,
  language: Language,
): Promise<void> =>
  run(areaFolder, options, language, { applications: true, decided: true }, async (review, engine) => {
    const published = await publishYear(engine, review, options.by);
    const minimum = review.rules.publicationMinimum;
    return {
      name: 'publication',
      tables: [publicationTable(published, review, options.by, language)],
      shown: 1,
      summary: {
        zh: `少于 ${minimum} 例的已合并，不能合并的不列`,
        en: `figures that rest on fewer than ${minimum} cases are joined, or left out where they cannot be`,
      },
      manifest: { period: options.by, publication_minimum: minimum },
    };
  });
