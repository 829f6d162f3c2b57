import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine, Row } from '#engine/duckdb.ts';
import { makeTable, sourceFile } from '#engine/sql-file.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import type { OptionOf, Policy } from '#policy/index.ts';
import { type Settlement, type SettleOptions, settleYear } from '../settle-year.ts';
import type { VoteRules } from './count-votes.ts';
import type { PanelRules } from './draw-panel.ts';
import {
  type Application,
  type Eligibility,
  type EligibilityRules,
  eligibility,
  eligibilityRules,
  type ReviewedCase,
} from './eligibility.ts';
import { reviewErrors } from './errors.ts';
import { type QuotaCount, type QuotaRule, quotaCounts, quotaRule } from './quota.ts';
import {
  EVIDENCE_FOLDER,
  REVIEW_COLUMNS,
  REVIEW_FILES,
  type ReviewTables,
  readReviewTables,
} from './review-tables.ts';
import type { OverQuota } from './within-quota.ts';

export type ReviewRules = {
  readonly quota: QuotaRule;
  readonly eligibility: EligibilityRules;
  readonly panel: PanelRules;
  readonly votes: VoteRules;
  readonly appealDays: number;
  readonly overQuota: OverQuota;
  readonly addOns: OptionOf<'review.add_ons'>;
  readonly publicationMinimum: number;
};

/** An application with its case, what speaks for it, and its evidence files. */
export type HeardApplication = {
  readonly application: Application;
  readonly of: ReviewedCase;
  readonly eligibility: Eligibility;
  /** sha256 of each evidence file; undefined: it is not there */
  readonly evidence: readonly { readonly file: string; readonly sha256: string | undefined }[];
};

/** The review of a payment year: rules, files and cases. */
export type ReviewYear = {
  readonly settlement: Settlement;
  readonly rules: ReviewRules;
  readonly tables: ReviewTables;
  /** by setl_id */
  readonly applications: readonly HeardApplication[];
  /** by institution; `passed` as special_cases.csv of the area says */
  readonly counts: readonly QuotaCount[];
};

/** @throws YibaoError without special-case review in the policy, or for a panel that could not be odd */
export function reviewRules(policy: Policy): ReviewRules {
  if (!policy.steps('adjustment.steps').includes('special-case')) {
    const { file, line, value } = policy.values['adjustment.steps']!;
    throw new YibaoError({
      definition: reviewErrors.notInPolicy,
      file,
      row: line,
      field: 'adjustment.steps',
      value: value.text,
    });
  }
  const panel = {
    size: Number(policy.integer('review.panel_size')),
    minimum: Number(policy.integer('review.panel_minimum')),
    conflictMonths: Number(policy.integer('review.conflict_months')),
  };
  const minimumVotes = Number(policy.integer('review.minimum_votes'));
  const wrong = (
    [
      [panel.size % 2 === 0, 'review.panel_size', panel.size],
      [panel.minimum % 2 === 0 || panel.minimum > panel.size, 'review.panel_minimum', panel.minimum],
      [minimumVotes > panel.minimum, 'review.minimum_votes', minimumVotes],
    ] as const
  ).filter(([is]) => is);
  if (wrong.length > 0) {
    throw new YibaoError(
      wrong.map(([, field, value]): Problem => {
        const { file, line } = policy.values[field]!;
        return {
          definition: reviewErrors.evenNumber,
          file,
          row: line,
          field,
          value: String(value),
          parameters: { condition: 'minimum_votes ≤ panel_minimum ≤ panel_size' },
        };
      }),
    );
  }
  return {
    quota: quotaRule(policy),
    eligibility: eligibilityRules(policy),
    panel,
    votes: {
      minimumVotes,
      abstention: policy.choice('review.abstention'),
      amount: policy.choice('review.amount'),
    },
    appealDays: Number(policy.integer('review.appeal_days')),
    overQuota: policy.choice('review.over_quota'),
    addOns: policy.choice('review.add_ons'),
    publicationMinimum: Number(policy.integer('review.publication_minimum')),
  };
}

/**
 * Settles the year and reads the files of the review. Before the review (`decided` false) the results of
 * special_cases.csv are left out, so that each case shows what it gets without it.
 * @throws YibaoError when a file cannot be used, or applications are asked for and there are none
 */
export async function openReview(
  engine: Engine,
  options: SettleOptions,
  needs: { readonly applications: boolean; readonly decided?: boolean },
): Promise<ReviewYear> {
  const { areaFolder, year } = options;
  const tables = readReviewTables(areaFolder);
  if (needs.applications && !tables.hashes.has(REVIEW_FILES.applications)) {
    throw new YibaoError({
      definition: reviewErrors.noApplications,
      file: REVIEW_FILES.applications,
      parameters: { columns: REVIEW_COLUMNS.applications.join(',') },
    });
  }
  const settlement = await settleYear(engine, { ...options, beforeReview: needs.decided !== true });
  const rules = reviewRules(settlement.policy);
  await engine.run('CREATE OR REPLACE TABLE special_case_application (row_no INTEGER, setl_id VARCHAR)');
  await engine.append(
    'special_case_application',
    tables.applications.map(({ row, setlId }) => [row, setlId]),
  );
  const cases = needs.decided === true ? undefined : await reviewedCases(engine);
  if (cases !== undefined) checkCases(tables, cases, year);
  return {
    settlement,
    rules,
    tables,
    applications: (cases === undefined ? [] : tables.applications)
      .map((application) => heard(areaFolder, application, cases!.get(application.setlId)!, rules))
      .toSorted((a, b) => (a.of.setlId < b.of.setlId ? -1 : 1)),
    counts: await quotaCounts(engine),
  };
}

function checkCases(tables: ReviewTables, cases: ReadonlyMap<string, ReviewedCase>, year: number): void {
  const unknown = tables.applications.filter(({ setlId }) => !cases.has(setlId));
  if (unknown.length === 0) return;
  throw new YibaoError(
    unknown.map(
      ({ row, setlId }): Problem => ({
        definition: reviewErrors.unknownCase,
        file: REVIEW_FILES.applications,
        row,
        field: 'setl_id',
        value: setlId,
        parameters: { year },
      }),
    ),
  );
}

function heard(
  areaFolder: string,
  application: Application,
  of: ReviewedCase,
  rules: ReviewRules,
): HeardApplication {
  const evidence = application.evidence.map((file) => ({
    file,
    sha256: fileHash(join(areaFolder, EVIDENCE_FOLDER, file)),
  }));
  const missing = evidence.filter(({ sha256 }) => sha256 === undefined).map(({ file }) => file);
  return { application, of, evidence, eligibility: eligibility(of, application, rules.eligibility, missing) };
}

const fileHash = (path: string): string | undefined =>
  existsSync(path) && statSync(path).isFile()
    ? createHash('sha256').update(readFileSync(path)).digest('hex')
    : undefined;

async function reviewedCases(engine: Engine): Promise<Map<string, ReviewedCase>> {
  await makeTable(engine, sourceFile('payment/review/reviewed_case.sql'));
  const rows = await engine.rows('SELECT * FROM reviewed_case ORDER BY setl_id');
  return new Map(rows.map((row) => [String(row.setl_id), reviewedCase(row)]));
}

const reviewedCase = (row: Row): ReviewedCase => ({
  setlId: String(row.setl_id),
  fixmedinsCode: String(row.fixmedins_code),
  level: Number(row.level),
  scheme: String(row.insutype),
  month: Number(row.month),
  dischargeDate: Temporal.PlainDate.from(String(row.discharge_date)),
  lengthOfStay: Number(row.length_of_stay),
  costFen: row.cost_fen as bigint,
  fundFen: row.fund_fen as bigint,
  groupCode: row.group_code === null ? undefined : String(row.group_code),
  groupCases: row.group_cases === null ? undefined : (row.group_cases as bigint),
  points4: row.points4 as bigint,
  standardFen: row.standard_fen === null ? undefined : (row.standard_fen as bigint),
  amountPointValue8: row.amount_point_value8 as bigint,
});
