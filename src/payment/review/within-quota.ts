import type { OptionOf } from '#policy/index.ts';
import { type QuotaCount, type QuotaRule, quotaLines } from './quota.ts';

/** A case its panel lets pass. */
export type Passed = {
  readonly setlId: string;
  readonly fixmedinsCode: string;
  readonly appliedAt: Temporal.PlainDate;
  /** cost above the standard; the whole cost of an ungrouped case */
  readonly excessFen: bigint;
};

/** What is done with more passes than the quota: refuse them all, or keep some by an order. */
export type OverQuota = OptionOf<'review.over_quota'>;

/**
 * The cases that stay within the quota, and the rest. Under `refuse` the rest is what is too much, and the caller stops.
 * Source: interim measures article 20; which cases go is a choice, docs/domain/review.md#over-quota.
 * @param counts discharges by institution, `passed` being the cases granted already
 */
export function withinQuota(
  passed: readonly Passed[],
  rule: QuotaRule,
  counts: readonly QuotaCount[],
  order: OverQuota,
): { readonly kept: readonly Passed[]; readonly dropped: readonly Passed[] } {
  const left = new Map(
    quotaLines(rule, counts).map((line) => [line.fixmedinsCode, line.quota - line.passed]),
  );
  const keyOf = ({ fixmedinsCode }: Passed) => (rule.base === 'area' ? undefined : fixmedinsCode);
  const kept: Passed[] = [];
  const dropped: Passed[] = [];
  for (const each of passed.toSorted((a, b) => before(a, b, order))) {
    const key = keyOf(each);
    const free = left.get(key) ?? 0n;
    (free > 0n ? kept : dropped).push(each);
    if (free > 0n) left.set(key, free - 1n);
  }
  return { kept, dropped };
}

function before(a: Passed, b: Passed, order: OverQuota): number {
  if (order === 'largest-excess' && a.excessFen !== b.excessFen) return a.excessFen > b.excessFen ? -1 : 1;
  return Temporal.PlainDate.compare(a.appliedAt, b.appliedAt) || (a.setlId < b.setlId ? -1 : 1);
}
