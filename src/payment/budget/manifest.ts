import { yuanText } from '#kernel/money.ts';
import type { AreaBudgets } from './area-budgets.ts';
import { fixedText } from './negotiation.ts';

/** How the budgets were computed and what talks fixed, where the area folder says so. */
export function budgetManifest(budgets: AreaBudgets): object {
  return {
    ...(budgets.computed.length === 0
      ? {}
      : {
          budgets: budgets.computed.map(({ plan, budgetFen, reserveFen }) => ({
            insutype: plan.scheme,
            way: plan.way,
            budget: yuanText(budgetFen),
            reserve: yuanText(reserveFen),
          })),
        }),
    ...(budgets.negotiations.length === 0
      ? {}
      : {
          negotiations: budgets.negotiations.map(({ id, agreedOn, fixes }) => ({
            id,
            agreed_on: agreedOn,
            fixes: fixes.map(fixedText),
          })),
        }),
  };
}
