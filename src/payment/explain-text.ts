import type { Language, Text } from '#kernel/locale.ts';
import { type CitedText, citationText, type ParameterSource } from '#policy/index.ts';
import { PARAMETERS } from '#policy/parameters.ts';
import type { AdjustmentStep } from './adjustment/adjust-cases.ts';
import {
  writeCaseBase,
  writeClearingAccount,
  writeMonthAccount,
  writePointValue,
} from './explain/account-text.ts';
import type { AdjustmentExplanation } from './explain/adjustments.ts';
import { indented, type Section, type SectionLine, sectionsText } from './explain/sections.ts';
import type { CaseExplanation, ExplainedStep } from './explain-case.ts';
import { codeMappingLines } from './explain-codes.ts';
import type { Told } from './explain-list.ts';
import { coefficientLines, meanLines, pointsLines, scoreLines, typingLines } from './explain-points-text.ts';

const SCHEMES: Readonly<Record<string, Text>> = {
  '310': { zh: '职工', en: 'employee' },
  '390': { zh: '居民', en: 'resident' },
};

/** Blanks before the lines of the numbered sections. */
const INDENT = 3;

const NOT_PUBLISHED: Text = { zh: '尚未公布', en: 'not yet published' };

/** The chain as text for a terminal or a letter to the institution. */
export const renderCaseExplanation = (explanation: CaseExplanation, language: Language): string =>
  sectionsText(caseSections(explanation, language));

/**
 * The chain section by section, without the figures that are not told: a heading without lines, then what happened to the
 * list, step by step.
 */
export function caseSections(
  explanation: CaseExplanation,
  language: Language,
  told: Told = { points: true, month: true, year: true },
): Section[] {
  const zh = language === 'zh';
  const t = (text: Text) => text[language];
  const sections: { readonly title: string; readonly lines: SectionLine[] }[] = [];
  const add = (added: SectionLine) => void sections.at(-1)!.lines.push(added);
  // the heading has no number
  const section = (title: Text) =>
    void sections.push({ title: `${sections.length}. ${t(title)}`, lines: [] });
  const line = (chinese: string, english: string) => add(indented(zh ? chinese : english, INDENT));
  const cite = (...names: string[]) => {
    for (const parameter of names) {
      const text = parameterText(explanation.parameters[parameter]!, language);
      add({ indent: INDENT, text, cited: { parameter } });
    }
  };
  const ruleOf = (cited: readonly CitedText[]) => {
    const documents = cited.map((each) => citationText(each, language));
    const text = `${zh ? '规则' : 'rule'}  ${documents.join(zh ? '；' : '; ')}`;
    add({ indent: INDENT, text, cited: { documents } });
  };
  const rule = (step: ExplainedStep) => ruleOf(explanation.rules[step]);
  const { list, group, coefficient, area_mean: area } = explanation;
  const scheme = t(SCHEMES[list.insutype]!);

  sections.push({
    title: zh
      ? `清单 ${list.setl_id} 的入组与支付说明 — ${explanation.area.name}（${explanation.area.code}）${explanation.year} 年度`
      : `How list ${list.setl_id} was grouped and paid — ${explanation.area.name} (${explanation.area.code}), year ${explanation.year}`,
    lines: [],
  });

  section({ zh: '清单', en: 'The list' });
  line(
    `${list.institution}（${list.fixmedins_code}，${list.level} 级），${scheme}，出院月份 ${list.month}`,
    `${list.institution} (${list.fixmedins_code}, level ${list.level}), ${scheme}, discharged in ${list.month}`,
  );
  line(
    `医疗费总额 ${list.cost} 元 = 基金支付 ${list.fund} 元 + 非基金支付 ${list.non_fund} 元`,
    `total cost ${list.cost} yuan = fund ${list.fund} yuan + non-fund ${list.non_fund} yuan`,
  );
  for (const { item, amount, fund } of list.excluded ?? []) {
    line(
      `已除外并另行支付：${item} ${amount} 元，其中基金 ${fund} 元`,
      `excluded and paid apart: ${item} ${amount} yuan, ${fund} yuan of it from the fund`,
    );
  }
  line(
    `主要诊断 ${list.principal_diagnosis}；手术操作 ${list.procedures || '无'}`,
    `principal diagnosis ${list.principal_diagnosis}; procedures ${list.procedures || 'none'}`,
  );

  if (explanation.code_mapping.length > 0) {
    section({ zh: '编码对照', en: 'Code mapping' });
    for (const each of codeMappingLines(explanation.code_mapping, language)) line(each, each);
  }

  explanation.writeGrouping({
    language,
    section: (chinese, english) => section({ zh: chinese, en: english }),
    line,
    rule: (...sources) => ruleOf(sources.map(explanation.citationOf)),
    cite,
  });

  section({ zh: '分值', en: 'Score' });
  meanLines(line, { zh: '全体病例均次费用 M', en: 'mean cost of all cases, M' }, area);
  if (group) scoreLines(explanation, line, cite);
  rule('score');
  cite('score.year_weights', 'score.mean_score');
  if (group?.weight) cite('score.source', 'score.unit');

  if (group && coefficient) {
    section({ zh: '机构系数', en: 'Institution coefficient' });
    coefficientLines(explanation, line, cite, language);
  }

  if (coefficient) rule('coefficient');

  if (explanation.typing) {
    section({ zh: '辅助分型', en: 'Auxiliary typing' });
    typingLines(explanation.typing, line);
    rule('typing');
    cite(...Object.keys(explanation.parameters).filter((name) => name.startsWith('typing.')));
  }

  section({ zh: '费用偏差与病例分值', en: 'Deviation and points' });
  if (!told.points) line(NOT_PUBLISHED.zh, NOT_PUBLISHED.en);
  else {
    pointsLines(explanation, line, language);
    rule('points');
    cite(
      ...(group
        ? Object.keys(explanation.parameters).filter(
            (name) => name.startsWith('deviation.') && name !== 'deviation.cliff_width',
          )
        : ['ungrouped.ratio', 'ungrouped.second_ratio', 'ungrouped.standard']),
    );

    if (explanation.adjustments) {
      section({ zh: '点数的调整', en: 'Adjustments' });
      for (const each of explanation.adjustments) adjustmentLines(each, line, language);
      cite('adjustment.steps', ...adjustmentParameters(explanation));
    }
  }

  const citeKnown = (...names: string[]) => cite(...names.filter((name) => explanation.parameters[name]));
  section({ zh: '本月', en: 'The month' });
  if (!told.month) line(NOT_PUBLISHED.zh, NOT_PUBLISHED.en);
  else {
    line(
      `年初点值 ${explanation.start_point_value} 元/分（历史加权费用 ÷ 历史加权分值）`,
      `start-of-year point value ${explanation.start_point_value} yuan per point (weighted cost ÷ weighted points of the history)`,
    );
    if (told.year && explanation.parameters['score.unit']?.value === 'weight') {
      const { start, settlement } = explanation.rates!;
      line(
        `权重 1 的费率：年初 ${start} 元，结算 ${settlement} 元`,
        `rate of a weight of 1: ${start} yuan at the start of the year, ${settlement} yuan at settlement`,
      );
    }
    writeCaseBase(
      explanation,
      list,
      explanation.points,
      line,
      explanation.parameters['payment.month_base']?.value === 'declared',
    );
    line(
      `机构 ${explanation.month.month || list.month} ${scheme}：${explanation.month.points} 分（本例占 ${explanation.month.case_points_share}），结算基数 ${explanation.month.base} 元，预付 ${explanation.month.paid} 元`,
      `institution, ${explanation.month.month || list.month}, ${scheme}: ${explanation.month.points} points (this case ${explanation.month.case_points_share}), base ${explanation.month.base} yuan, paid ${explanation.month.paid} yuan`,
    );
    writeMonthAccount(explanation, { line, cite: citeKnown });
    rule('month');
    cite('payment.monthly_ratio');
  }

  section({ zh: '全年', en: 'The year' });
  if (!told.year) line(NOT_PUBLISHED.zh, NOT_PUBLISHED.en);
  else {
    writePointValue(explanation, { line, cite: citeKnown });
    line(
      `机构全年 ${scheme}：${explanation.clearing.points} 分（本例占 ${explanation.clearing.case_points_share}），应付 ${explanation.clearing.due} 元，考核后 ${explanation.clearing.assessed} 元，清算结果 ${explanation.clearing.result} 元`,
      `institution, year, ${scheme}: ${explanation.clearing.points} points (this case ${explanation.clearing.case_points_share}), due ${explanation.clearing.due} yuan, assessed ${explanation.clearing.assessed} yuan, result ${explanation.clearing.result} yuan`,
    );
    writeClearingAccount(explanation, { line, cite: citeKnown });
    rule('year');
  }
  return sections;
}

/** Names of `adjustment.steps`, and the parameters each reads. */
function adjustmentLines(
  {
    adjustment,
    points_before: before,
    points_after: after,
    amount,
    beside,
    point_value: value,
    reference,
  }: AdjustmentExplanation,
  line: (chinese: string, english: string) => void,
  language: Language,
): void {
  const name = PARAMETERS['adjustment.steps'].options[adjustment as AdjustmentStep][language];
  const by =
    amount === undefined ? '' : `${beside === undefined ? '' : `${beside} + `}${amount} ÷ ${value} = `;
  const why = reference === '' ? '' : `（${reference}）`;
  line(`${name}${why}：${before} → ${by}${after}`, `${name}${why}: ${before} → ${by}${after}`);
}

const adjustmentParameters = ({ adjustments, parameters }: CaseExplanation): readonly string[] => {
  const prefixes = new Set(adjustments!.map(({ adjustment }) => adjustment.replaceAll('-', '_').concat('.')));
  const money = adjustments!.some(({ amount }) => amount !== undefined) ? ['adjustment.amount_points'] : [];
  return [
    ...money,
    ...Object.keys(parameters).filter((name) => [...prefixes].some((prefix) => name.startsWith(prefix))),
  ];
};

function parameterText(source: ParameterSource, language: Language): string {
  const from = language === 'zh' ? `自 ${source.effectiveFrom}` : `from ${source.effectiveFrom}`;
  return `${source.parameter} = ${source.value}  ${source.title[language]}  ${citationText(source.source, language)} ${from}`;
}
