import type { Engine } from '#engine/duckdb.ts';
import { compare, type Fraction, floor, fraction, multiply } from '#kernel/fraction.ts';
import type { Band, Policy } from '#policy/index.ts';

/** Whose discharges the quota is a share of. Source: docs/domain/review.md#quota. */
export type QuotaRule =
  | { readonly base: 'area'; readonly share: Fraction }
  /** each institution by its level */
  | { readonly base: 'institution'; readonly shares: readonly Band[] };

/** Discharges of the payment year of one institution, and its special cases that passed. */
export type QuotaCount = {
  readonly fixmedinsCode: string;
  readonly level: number;
  readonly discharges: bigint;
  readonly passed: bigint;
};

/** How many may pass and how many did; `fixmedinsCode` is undefined where the quota is that of the area. */
export type QuotaLine = {
  readonly fixmedinsCode: string | undefined;
  readonly level: number | undefined;
  readonly discharges: bigint;
  readonly share: Fraction;
  readonly quota: bigint;
  readonly passed: bigint;
};

export const quotaRule = (policy: Policy): QuotaRule =>
  policy.choice('special_case.quota_base') === 'area'
    ? { base: 'area', share: policy.fraction('special_case.quota') }
    : { base: 'institution', shares: policy.bands('special_case.level_quotas') };

/** Discharges of the payment year and cases that passed, of each institution that has discharges. */
export async function quotaCounts(engine: Engine): Promise<QuotaCount[]> {
  const rows = await engine.rows(`
    SELECT i.fixmedins_code, i.level, count(*) AS discharges, count(s.setl_id) AS passed
    FROM case_score AS c
    JOIN institution AS i ON i.institution_no = c.institution_no
    LEFT JOIN special_case AS s ON s.setl_id = c.setl_id AND s.decision <> 'rejected'
    GROUP BY i.fixmedins_code, i.level
    ORDER BY i.fixmedins_code`);
  return rows.map((row) => ({
    fixmedinsCode: String(row.fixmedins_code),
    level: Number(row.level),
    discharges: row.discharges as bigint,
    passed: row.passed as bigint,
  }));
}

/** How many special cases may pass: the share of the discharges, rounded down. */
export const specialCaseQuota = (discharges: bigint, share: Fraction): bigint =>
  floor(multiply(fraction(discharges), share));

/** One line for the area, or one for each institution, by code. */
export function quotaLines(rule: QuotaRule, counts: readonly QuotaCount[]): QuotaLine[] {
  if (rule.base === 'area') {
    const sum = (of: (count: QuotaCount) => bigint) => counts.reduce((total, each) => total + of(each), 0n);
    const discharges = sum((each) => each.discharges);
    return [
      {
        fixmedinsCode: undefined,
        level: undefined,
        discharges,
        share: rule.share,
        quota: specialCaseQuota(discharges, rule.share),
        passed: sum((each) => each.passed),
      },
    ];
  }
  return counts
    .toSorted((a, b) => (a.fixmedinsCode < b.fixmedinsCode ? -1 : 1))
    .map(({ fixmedinsCode, level, discharges, passed }) => {
      const share = shareOfLevel(rule.shares, level);
      return {
        fixmedinsCode,
        level,
        discharges,
        share,
        quota: specialCaseQuota(discharges, share),
        passed,
      };
    });
}

const shareOfLevel = (shares: readonly Band[], level: number): Fraction =>
  shares.find(({ upTo }) => upTo === undefined || compare(fraction(BigInt(level)), upTo) <= 0)!.value;
