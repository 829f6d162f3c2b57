import type { AreaTables } from '#catalogue/area-tables.ts';
import { type Problem, YibaoError } from '#kernel/errors.ts';
import { yuanText } from '#kernel/money.ts';
import type { Policy } from '#policy/index.ts';
import { budgetRule, type ComputedBudget, computeBudget } from './compute-budget.ts';
import { budgetErrors } from './errors.ts';
import { type BudgetInUse, type Negotiation, problemsWithFixed, readNegotiations } from './negotiation.ts';
import { PLAN_FILE, readBudgetPlans } from './plan-file.ts';

/** The budgets of an area, computed where a plan says how, and the talks that fixed them. */
export type AreaBudgets = {
  /** every row of budget.csv, and those of the payment year that only a plan gives */
  readonly rows: AreaTables['budgets'];
  /** of the payment year */
  readonly computed: readonly ComputedBudget[];
  /** that fixed a number of the payment year, or say so */
  readonly negotiations: readonly Negotiation[];
  /** sha256 of the files read, by file name */
  readonly hashes: ReadonlyMap<string, string>;
};

/**
 * Reads budget_plan.yaml and negotiation.yaml of an area folder, computes the budgets of the payment year, and holds them
 * against budget.csv and against what was agreed.
 * @param assumed budgets of a scenario by scheme: they stand for whatever the area says, and what a plan computes under the
 * scenario's policy counts although budget.csv or a talk has another number
 * @throws YibaoError with every number that differs
 */
export function areaBudgets(
  folder: string,
  tables: AreaTables,
  policy: Policy,
  year: number,
  assumed?: ReadonlyMap<string, bigint>,
): AreaBudgets {
  const hashes = new Map<string, string>();
  const plans = readBudgetPlans(folder);
  if (plans) hashes.set(PLAN_FILE, plans.sha256);
  const rule = budgetRule(policy);
  const problems: Problem[] = [];
  const computed = (plans?.plans ?? [])
    .filter((plan) => plan.year === year)
    .map((plan) => computeBudget(plan, rule))
    .toSorted((a, b) => (a.plan.scheme < b.plan.scheme ? -1 : 1));
  const rows = [...tables.budgets];
  for (const { plan, budgetFen } of computed) {
    const amount = yuanText(budgetFen);
    if (budgetFen < 0n) {
      const place = { file: PLAN_FILE, row: plan.line, field: 'insutype', value: plan.scheme };
      problems.push({ definition: budgetErrors.negative, ...place, parameters: { amount } });
    }
    const at = rows.findIndex((row) => row.year === year && row.scheme === plan.scheme);
    const given = rows[at];
    if (!given) rows.push({ year, scheme: plan.scheme, budgetFen });
    else if (assumed) rows[at] = { ...given, budgetFen };
    else if (given.budgetFen !== budgetFen) {
      problems.push({
        definition: budgetErrors.differs,
        file: 'budget.csv',
        row: given.row,
        field: 'budget',
        value: yuanText(given.budgetFen),
        parameters: { computed: amount, line: plan.line },
      });
    }
  }
  const talks = readNegotiations(folder);
  if (talks) hashes.set('negotiation.yaml', talks.sha256);
  const inUse = rows.map((row): BudgetInUse => {
    const plan = computed.find(({ plan: each }) => each.scheme === row.scheme && row.year === year)?.plan;
    const place = row.row === undefined ? `${PLAN_FILE}:${plan?.line ?? ''}` : `budget.csv:${row.row}`;
    return { ...row, place };
  });
  const negotiations = talks?.rounds ?? [];
  if (!assumed) problems.push(...problemsWithFixed(negotiations, year, inUse, policy));
  if (problems.length > 0) throw new YibaoError(problems);
  return {
    rows: assumed
      ? rows.map((row) => ({
          ...row,
          budgetFen: (row.year === year ? assumed.get(row.scheme) : undefined) ?? row.budgetFen,
        }))
      : rows,
    computed,
    negotiations: negotiations.filter((round) => round.fixes.some((fixed) => fixed.year === year)),
    hashes,
  };
}
