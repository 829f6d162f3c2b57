import { share } from '#benefits/exact.ts';
import { type BenefitPolicy, cellOf } from '#benefits/policy.ts';
import { timesOver } from '#benefits/split-line.ts';
import type { AllowanceFacts } from '#benefits/types.ts';
import type { Text } from '#kernel/locale.ts';
import { yuanText } from '#kernel/money.ts';
import type { TableContext } from '#policy/table.ts';

export type MaternityAllowance = {
  readonly days: number;
  /** days a month's wage is divided by */
  readonly monthDays: number;
  /** monthly wage after its bounds */
  readonly wageFen: number;
  readonly allowanceFen: number;
};

/** Maternity allowance: average monthly wage of the unit in the last year ÷ 30 × days of leave, rounded once (§2.10). */
export function maternityAllowance(
  policy: BenefitPolicy,
  facts: AllowanceFacts & { readonly delivery: string },
  context: TableContext = {},
): MaternityAllowance {
  const about = { ...context, delivery: facts.delivery };
  const number = (name: Parameters<typeof cellOf>[1]) => cellOf(policy, name, about).number;
  const days =
    number('maternity.days') +
    (facts.difficult ? number('maternity.days_difficult') : 0) +
    Math.max(0, facts.babies - 1) * number('maternity.days_per_extra_baby') +
    number('maternity.days_extension');
  const average = number('contribution.average_wage');
  const bound = (name: 'maternity.wage_floor_ratio' | 'maternity.wage_ceiling_ratio', none: number) => {
    const ratio = number(name);
    return ratio === 0 || average === 0 ? none : share(average, ratio, 'half-up').pay;
  };
  const floor = bound('maternity.wage_floor_ratio', 0);
  const ceiling = bound('maternity.wage_ceiling_ratio', Number.POSITIVE_INFINITY);
  const wageFen = Math.min(Math.max(facts.unitWageFen, floor), ceiling);
  const monthDays = number('maternity.month_days');
  return { days, monthDays, wageFen, allowanceFen: timesOver(wageFen, days, monthDays) };
}

/** The allowance in words: it is paid beside the settlement and part of no fee. */
export function allowanceText({ days, monthDays, wageFen, allowanceFen }: MaternityAllowance): Text {
  const [wage, allowance] = [yuanText(BigInt(wageFen)), yuanText(BigInt(allowanceFen))];
  return {
    zh: `生育津贴 ${allowance} 元 ＝ 计发月工资 ${wage} 元 ÷ ${monthDays} × ${days} 天（另行发放，不计入医疗费）`,
    en: `maternity allowance ${allowance} yuan = monthly wage ${wage} ÷ ${monthDays} × ${days} days (paid separately, not part of the fee)`,
  };
}

export const allowanceJson = (allowance: MaternityAllowance): Record<string, unknown> => ({
  days: allowance.days,
  month_days: allowance.monthDays,
  wage_fen: allowance.wageFen,
  allowance_fen: allowance.allowanceFen,
  text: allowanceText(allowance),
});
