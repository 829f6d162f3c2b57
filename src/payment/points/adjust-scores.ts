import { areaErrors } from '#catalogue/errors.ts';
import type { ScoreAdjustment } from '#catalogue/points-tables.ts';
import { YibaoError } from '#kernel/errors.ts';
import { type Fraction, fraction, multiply, ONE, roundTo } from '#kernel/fraction.ts';

const TOTAL_DECIMALS = 12;

/** A group's exact score and the history lists it was made from. */
export type ScoredGroup = { readonly groupCode: string; readonly score: Fraction; readonly cases: bigint };

/**
 * Puts decided scores in place of calculated ones and multiplies all scores by k = T before / T after, T = Σ score · cases over
 * the same lists, so that the total of the area stays what it was. Without adjustments nothing changes.
 * Source: DIP 3.0 draft §5.1; docs/domain/dip.md#score-adjustments.
 * @throws YibaoError for an adjustment of a group that is not there
 */
export function adjustScores<Group extends ScoredGroup>(
  groups: readonly Group[],
  adjustments: readonly ScoreAdjustment[],
): {
  readonly k: Fraction;
  readonly groups: readonly (Group & { readonly decided: Fraction | undefined })[];
} {
  if (adjustments.length === 0) {
    return { k: ONE, groups: groups.map((group) => ({ ...group, decided: undefined })) };
  }
  const known = new Set(groups.map(({ groupCode }) => groupCode));
  const unknown = adjustments.filter(({ groupCode }) => !known.has(groupCode));
  if (unknown.length > 0) {
    throw new YibaoError(
      unknown.map(({ row, groupCode }) => ({
        definition: areaErrors.unknownGroup,
        file: 'score_adjustments.csv',
        row,
        field: 'group_code',
        value: groupCode,
      })),
    );
  }
  const byCode = new Map(adjustments.map((each) => [each.groupCode, each]));
  const decided = groups.map((group) => {
    const change = byCode.get(group.groupCode);
    if (!change) return { ...group, decided: undefined };
    return { ...group, decided: change.by === 'score' ? change.value : multiply(group.score, change.value) };
  });
  // to 10^−12: the exact sum of thousands of fractions has a denominator that nobody can handle
  const total = (scoreOf: (group: (typeof decided)[number]) => Fraction) =>
    decided.reduce((sum, group) => sum + roundTo(scoreOf(group), TOTAL_DECIMALS) * group.cases, 0n);
  const before = total(({ score }) => score);
  const after = total(({ decided: value, score }) => value ?? score);
  const k = after === 0n ? ONE : fraction(before, after);
  return {
    k,
    groups: decided.map((group) => ({ ...group, score: multiply(group.decided ?? group.score, k) })),
  };
}
