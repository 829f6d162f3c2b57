import type { Language, Text } from '#kernel/locale.ts';
import { yuanText } from '#kernel/money.ts';
import type { AreaBudgets } from './area-budgets.ts';
import { BUDGET_WAYS } from './compute-budget.ts';
import { fixedText, type Negotiation, type NegotiationData } from './negotiation.ts';

const SCHEMES: Readonly<Record<string, Text>> = {
  '310': { zh: '职工', en: 'employee' },
  '390': { zh: '居民', en: 'resident' },
};

/** Budgets of a year as plain data, for JSON. */
export function budgetData(budgets: AreaBudgets, year: number, deadline: string): object {
  return {
    year,
    deadline,
    budgets: rowsOf(budgets, year).map((row) => {
      const computed = budgets.computed.find((one) => one.plan.scheme === row.scheme);
      return {
        insutype: row.scheme,
        budget: yuanText(row.budgetFen),
        from: row.row === undefined ? 'budget_plan.yaml' : `budget.csv:${row.row}`,
        ...(computed
          ? {
              way: computed.plan.way,
              plan: `budget_plan.yaml:${computed.plan.line}`,
              reserve: yuanText(computed.reserveFen),
              adjustment_fund: yuanText(computed.adjustmentFundFen),
              steps: computed.steps,
            }
          : {}),
      };
    }),
    negotiations: budgets.negotiations.map((round) => ({
      id: round.id,
      subject: round.subject,
      agreed_on: round.agreedOn,
      parity: round.hasParity,
      proposals: round.proposals,
      participants: round.participants,
      signed_by: round.signedBy,
      fixes: round.fixes,
    })),
  };
}

const rowsOf = ({ rows }: AreaBudgets, year: number) =>
  rows.filter((row) => row.year === year).toSorted((a, b) => (a.scheme < b.scheme ? -1 : 1));

/** The budgets of a year, every step with its numbers and source, as lines for a terminal, ending in a line feed. */
export function renderBudgets(
  budgets: AreaBudgets,
  year: number,
  deadline: string,
  language: Language,
): string {
  const zh = language === 'zh';
  const lines: string[] = [];
  for (const row of rowsOf(budgets, year)) {
    const computed = budgets.computed.find((one) => one.plan.scheme === row.scheme);
    const scheme = `${SCHEMES[row.scheme]![language]} ${row.scheme}`;
    lines.push(
      zh
        ? `${year} 年 ${scheme}：预算 ${yuanText(row.budgetFen)} 元`
        : `${year}, ${scheme}: budget ${yuanText(row.budgetFen)} yuan`,
    );
    if (!computed) {
      lines.push(zh ? `  直接给出  budget.csv 第 ${row.row} 行` : `  as given  budget.csv, line ${row.row}`);
      continue;
    }
    const { plan, steps } = computed;
    lines.push(
      zh
        ? `  ${BUDGET_WAYS[plan.way].zh}  budget_plan.yaml 第 ${plan.line} 行`
        : `  by ${BUDGET_WAYS[plan.way].en}  budget_plan.yaml, line ${plan.line}`,
    );
    for (const [index, step] of steps.entries()) {
      lines.push(`  ${index + 1}. ${step.title[language]} = ${step.arithmetic} = ${step.result}`);
      if (step.source) lines.push(`     └ ${step.source}`);
    }
  }
  if (lines.length === 0) lines.push(zh ? `没有 ${year} 年的预算。` : `There is no budget for ${year}.`);
  for (const round of budgets.negotiations) lines.push('', ...negotiationLines(round, language));
  lines.push('', zh ? `清算截止日期  ${deadline}` : `the year must be cleared by ${deadline}`);
  return `${lines.join('\n')}\n`;
}

const dataText = (data: NegotiationData): string =>
  'file' in data ? `${data.file} (sha256 ${data.sha256.slice(0, 12)}…)` : `${data.figure} — ${data.source}`;

/** One round of talks: who proposed what on which data, who took part, and what it fixed. */
export function negotiationLines(round: Negotiation, language: Language): string[] {
  const zh = language === 'zh';
  const people = (side: 'agency' | 'institution') =>
    round.participants
      .filter((each) => each.side === side)
      .map((each) => (zh ? `${each.name}（${each.organisation}）` : `${each.name} (${each.organisation})`))
      .join(zh ? '、' : ', ');
  const parity = round.hasParity
    ? zh
      ? '双方人数相等'
      : 'equal numbers'
    : zh
      ? '双方人数不等'
      : 'unequal numbers';
  return [
    zh
      ? `协商 ${round.id}：${round.subject}，${round.agreedOn} 达成一致`
      : `talks ${round.id}: ${round.subject}, agreed on ${round.agreedOn}`,
    ...round.proposals.flatMap((proposal) => [
      zh
        ? `  ${proposal.on} ${proposal.by} 提出：${proposal.proposes}`
        : `  ${proposal.on} ${proposal.by} proposed: ${proposal.proposes}`,
      ...proposal.data.map((data) => `     └ ${zh ? '依据' : 'on'}  ${dataText(data)}`),
    ]),
    zh
      ? `  参加人  经办机构：${people('agency')}；医疗机构：${people('institution')}（${parity}）`
      : `  participants  agency: ${people('agency')}; institutions: ${people('institution')} (${parity})`,
    ...(round.signedBy.length > 0
      ? [`  ${zh ? '签字' : 'signed'}  ${round.signedBy.join(zh ? '、' : ', ')}`]
      : []),
    ...round.fixes.map((fixed) => `  ${zh ? '确定' : 'fixed'}  ${fixedText(fixed)}`),
  ];
}

const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The CSV files of `yibao budget --out`: the budgets as budget.csv has them, and every step. */
export function budgetFiles(
  budgets: AreaBudgets,
  year: number,
  language: Language,
): Readonly<Record<string, string>> {
  const rows = rowsOf(budgets, year);
  const steps = budgets.computed.flatMap(({ plan, steps: list }) =>
    list.map((step, index) =>
      [year, plan.scheme, index + 1, step.title[language], step.arithmetic, step.result, step.source ?? '']
        .map((value) => cell(String(value)))
        .join(','),
    ),
  );
  const table = (header: string, lines: readonly string[]) => `${[header, ...lines].join('\n')}\n`;
  return {
    'budget.csv': table(
      'year,insutype,budget',
      rows.map((row) => `${row.year},${row.scheme},${yuanText(row.budgetFen)}`),
    ),
    'budget_steps.csv': table('year,insutype,step_no,step,arithmetic,result,source', steps),
  };
}
