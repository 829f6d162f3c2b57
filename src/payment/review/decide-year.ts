import { CASE_TABLE_FILES } from '#catalogue/case-tables.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { pointsOfAmount4 } from '../adjustment/one-case.ts';
import type { Grant, VoteBasis } from './count-votes.ts';
import type { PanelKind } from './draw-panel.ts';
import type { ReviewedCase } from './eligibility.ts';
import { overQuota, reviewErrors } from './errors.ts';
import { type PanelResult, panelResult } from './panel-result.ts';
import { checkPanel } from './panels.ts';
import { type QuotaCount, quotaLines } from './quota.ts';
import type { HeardApplication, ReviewYear } from './review-year.ts';
import { type Passed, withinQuota } from './within-quota.ts';

/** Why a case is as it is: what the votes say, or what stands before any vote. */
export type DecisionBasis =
  | VoteBasis
  | 'not-eligible'
  | 'no-panel'
  | 'panel-not-as-drawn'
  | 'conflict-since-drawn'
  | 'quota';

/** The record of one decision. */
export type Decision = {
  readonly heard: HeardApplication;
  /** the panel whose votes hold; undefined before there is one */
  readonly by: (PanelResult & { readonly kind: PanelKind }) | undefined;
  readonly outcome: Grant | 'rejected' | 'undecided';
  readonly basis: DecisionBasis;
  readonly amountFen: bigint | undefined;
  /** of a decision in points, × 10^4 */
  readonly points4: bigint | undefined;
  /** points of the case with this decision, × 10^4 */
  readonly pointsAfter4: bigint;
};

export type YearOfDecisions = {
  /** by setl_id */
  readonly decisions: readonly Decision[];
  /** the quota with what these decisions use of it */
  readonly counts: readonly QuotaCount[];
};

/**
 * Decides every application of the year from the votes on file, the appeal before the first panel, within the quota.
 * Source: docs/domain/review.md#decision.
 * @throws YibaoError when more pass than the quota allows and the policy does not say which stay, or a case would be
 *   paid twice
 */
export function decideYear(review: ReviewYear): YearOfDecisions {
  const all = review.applications.map((heard) => decide(review, heard));
  const granted = all.filter(isGranted);
  checkPaidOnce(review, granted);
  const free = review.counts.map((count) => ({ ...count, passed: 0n }));
  const passed = granted.map(({ heard: { of, application } }): Passed => {
    const { setlId, fixmedinsCode, costFen, standardFen } = of;
    return {
      setlId,
      fixmedinsCode,
      appliedAt: application.appliedAt,
      excessFen: costFen - (standardFen ?? 0n),
    };
  });
  const { overQuota: order, quota } = review.rules;
  const { kept, dropped } = withinQuota(passed, quota, free, order);
  if (order === 'refuse' && dropped.length > 0) {
    const lines = quotaLines(quota, withPasses(free, passed));
    throw new YibaoError(
      lines.filter((line) => line.passed > line.quota).map((line) => overQuota(undefined, line)),
    );
  }
  const gone = new Set(dropped.map(({ setlId }) => setlId));
  return {
    decisions: all.map((decision) =>
      gone.has(decision.heard.of.setlId)
        ? { ...decision, ...without(decision.heard.of, 'rejected', 'quota') }
        : decision,
    ),
    counts: withPasses(free, kept),
  };
}

const isGranted = ({ outcome }: Decision): boolean => outcome !== 'rejected' && outcome !== 'undecided';

const withPasses = (counts: readonly QuotaCount[], passed: readonly Passed[]): QuotaCount[] =>
  counts.map((count) => ({
    ...count,
    passed: BigInt(passed.filter((each) => each.fixmedinsCode === count.fixmedinsCode).length),
  }));

const without = (of: ReviewedCase, outcome: 'rejected' | 'undecided', basis: DecisionBasis) => ({
  outcome,
  basis,
  amountFen: undefined,
  points4: undefined,
  pointsAfter4: of.points4,
});

function decide(review: ReviewYear, heard: HeardApplication): Decision {
  const { of } = heard;
  const first = panelResult(review, of.setlId, 'first');
  const appeal = panelResult(review, of.setlId, 'appeal');
  // until the second panel has decided, what the first one decided holds
  const byAppeal = appeal !== undefined && appeal.result.outcome !== 'undecided';
  const by = byAppeal
    ? { ...appeal, kind: 'appeal' as const }
    : first && { ...first, kind: 'first' as const };
  if (!heard.eligibility.eligible) return { heard, by, ...without(of, 'rejected', 'not-eligible') };
  if (by === undefined) return { heard, by, ...without(of, 'undecided', 'no-panel') };
  const check = checkPanel(review, by.panel, heard);
  if (check.status !== 'same' || !check.samePool) {
    return { heard, by, ...without(of, 'undecided', 'panel-not-as-drawn') };
  }
  if (check.conflictSince.length > 0) {
    return { heard, by, ...without(of, 'undecided', 'conflict-since-drawn') };
  }
  const { outcome, basis, amountFen, points4 } = by.result;
  if (outcome === 'rejected' || outcome === 'undecided') return { heard, by, ...without(of, outcome, basis) };
  const paidFen = outcome === 'cost' ? of.costFen : amountFen;
  return {
    heard,
    by,
    outcome,
    basis,
    amountFen,
    points4,
    pointsAfter4: points4 ?? pointsOfAmount4(paidFen!, of.amountPointValue8),
  };
}

/** A case is paid once: what a review grants stands for the whole case, an add-on on top would pay it again. */
function checkPaidOnce(review: ReviewYear, granted: readonly Decision[]): void {
  if (review.rules.addOns === 'on-top') return;
  const cases = new Set(granted.map(({ heard }) => heard.of.setlId));
  const problems = (review.settlement.tables.cases.rows.get('add_on') ?? [])
    .filter(([, setlId]) => cases.has(String(setlId)))
    .map(
      ([row, setlId]): Problem => ({
        definition: reviewErrors.paidTwice,
        file: CASE_TABLE_FILES.add_on,
        row: Number(row),
        field: 'setl_id',
        value: String(setlId),
      }),
    );
  if (problems.length > 0) throw new YibaoError(problems);
}
