import { SCHEMES, type SchemeCode } from '#catalogue/area-tables.ts';
import { add, type Fraction, fraction, multiply, ONE, parseDecimal, roundTo } from '#kernel/fraction.ts';
import type { Text } from '#kernel/locale.ts';
import { parseYuan } from '#kernel/money.ts';

/** How a scenario changes the budget of a scheme: a new amount, an amount more or less, or a part more or less. */
export type BudgetChange =
  | { readonly kind: 'amount'; readonly fen: bigint }
  | { readonly kind: 'difference'; readonly fen: bigint }
  | { readonly kind: 'part'; readonly part: Fraction };

const SCHEME_WORDS: Readonly<Record<string, SchemeCode>> = { employee: '310', resident: '390' };

/** What a budget is called in a scenario, such as budget.resident. */
export const budgetName = (scheme: SchemeCode): string =>
  `budget.${Object.entries(SCHEME_WORDS).find(([, code]) => code === scheme)?.[0] ?? scheme}`;

/** The names that budgets may be changed by, one for each scheme. */
export const BUDGET_NAMES: readonly string[] = SCHEMES.map(budgetName);

/** budget.resident, budget.employee, or the code of the scheme: budget.390. */
export function schemeOfName(name: string): SchemeCode | undefined {
  const [, word] = /^budget\.(\w+)$/.exec(name) ?? [];
  if (word === undefined) return undefined;
  return SCHEME_WORDS[word] ?? SCHEMES.find((code) => code === word);
}

export const BUDGET_TITLE: Readonly<Record<SchemeCode, Text>> = {
  310: { zh: '职工医保预算', en: 'budget of the employee scheme' },
  390: { zh: '居民医保预算', en: 'budget of the resident scheme' },
};

/** "123456789.00", "+1000000", "-2%": undefined for anything else. */
export function parseBudgetChange(text: string): BudgetChange | undefined {
  const [, sign = '', number = '', percent] = /^([+-]?)(\d{1,15}(?:\.\d{1,6})?)(%?)$/.exec(text) ?? [];
  if (number === '') return undefined;
  const factor = sign === '-' ? -1n : 1n;
  if (percent) {
    const value = parseDecimal(number);
    // a bare "3%" might mean 3 % of the budget or 3 % more
    if (value === undefined || sign === '') return undefined;
    return { kind: 'part', part: multiply(value, fraction(factor, 100n)) };
  }
  const fen = parseYuan(number);
  if (fen === undefined) return undefined;
  return sign === '' ? { kind: 'amount', fen } : { kind: 'difference', fen: factor * fen };
}

/** The budget after the change, in fen; a part is rounded half away from zero, once. */
export function changedBudgetFen(budgetFen: bigint, change: BudgetChange): bigint {
  switch (change.kind) {
    case 'amount':
      return change.fen;
    case 'difference':
      return budgetFen + change.fen;
    case 'part':
      return roundTo(multiply(fraction(budgetFen), add(ONE, change.part)), 0);
  }
}
