import type { Language, Text } from '#kernel/locale.ts';
import {
  type CitedText,
  citationText,
  citedText,
  loadPolicies,
  type ParameterSource,
} from '#policy/index.ts';
import { PARAMETERS } from '#policy/parameters.ts';
import type { AdjustmentStep } from './adjustment/adjust-cases.ts';
import type { AdjustmentExplanation } from './explain/adjustments.ts';
import type { CaseExplanation, ExplainedStep, MeanExplanation } from './explain-case.ts';
import { codeMappingLines } from './explain-codes.ts';
import type { Deviation } from './points/score-case.ts';

const SCHEMES: Readonly<Record<string, Text>> = {
  '310': { zh: '职工', en: 'employee' },
  '390': { zh: '居民', en: 'resident' },
};

const DEVIATIONS: Readonly<Record<string, Text>> = {
  low: { zh: '低倍率', en: 'low outlier' },
  normal: { zh: '正常', en: 'normal' },
  high: { zh: '高倍率', en: 'high outlier' },
  extreme: { zh: '极高倍率', en: 'extreme outlier' },
  ungrouped: { zh: '未入组', en: 'ungrouped' },
};

/** The chain as text for a terminal or a letter to the institution. */
export function renderCaseExplanation(explanation: CaseExplanation, language: Language): string {
  const zh = language === 'zh';
  const t = (text: Text) => text[language];
  const lines: string[] = [];
  let number = 0;
  const section = (title: Text) => lines.push('', `${++number}. ${t(title)}`);
  const line = (chinese: string, english: string) => lines.push(`   ${zh ? chinese : english}`);
  const cite = (...names: string[]) => {
    for (const name of names) lines.push(`   └ ${parameterText(explanation.parameters[name]!, language)}`);
  };
  const ruleOf = (cited: readonly CitedText[]) => {
    const texts = cited.map((each) => citationText(each, language));
    lines.push(`   └ ${zh ? '规则' : 'rule'}  ${texts.join(zh ? '；' : '; ')}`);
  };
  const rule = (step: ExplainedStep) => ruleOf(explanation.rules[step]);
  const { documents } = loadPolicies();
  const { list, group, coefficient, area_mean: area } = explanation;
  const scheme = t(SCHEMES[list.insutype]!);

  lines.push(
    zh
      ? `清单 ${list.setl_id} 的入组与支付说明 — ${explanation.area.name}（${explanation.area.code}）${explanation.year} 年度`
      : `How list ${list.setl_id} was grouped and paid — ${explanation.area.name} (${explanation.area.code}), year ${explanation.year}`,
  );

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
    lines.push(...codeMappingLines(explanation.code_mapping, language).map((each) => `   ${each}`));
  }

  explanation.writeGrouping({
    language,
    section: (chinese, english) => section({ zh: chinese, en: english }),
    line,
    rule: (...sources) =>
      ruleOf(sources.map(([id, article]) => citedText({ document: documents.get(id)!, article }))),
    cite,
  });

  section({ zh: '分值', en: 'Score' });
  meanLines(lines, { zh: '全体病例均次费用 M', en: 'mean cost of all cases, M' }, area, language);
  if (group) scoreLines(explanation, lines, line, language);
  rule('score');
  cite('score.year_weights', 'score.mean_score');
  if (group?.weight) cite('score.source', 'score.unit');

  if (group && coefficient) {
    section({ zh: '机构系数', en: 'Institution coefficient' });
    if (coefficient.why === 'primary-care') {
      line(
        `基层病种，各级机构系数均为 ${coefficient.value}`,
        `primary-care group: the coefficient is ${coefficient.value} at every level`,
      );
      cite('coefficient.primary_care');
    } else if (coefficient.why === 'no-history') {
      line(
        `${list.level} 级机构没有历史病例，系数为 ${coefficient.value}`,
        `level ${list.level} has no history: the coefficient is ${coefficient.value}`,
      );
      cite('coefficient.no_history');
    } else {
      meanLines(
        lines,
        { zh: `${list.level} 级机构均次费用`, en: `mean cost of level ${list.level}` },
        coefficient.mean!,
        language,
      );
      line(
        `系数 = ${coefficient.mean!.mean} ÷ ${area.mean} = ${coefficient.value}`,
        `coefficient = ${coefficient.mean!.mean} ÷ ${area.mean} = ${coefficient.value}`,
      );
    }
  }

  if (coefficient) rule('coefficient');

  section({ zh: '费用偏差与病例分值', en: 'Deviation and points' });
  pointsLines(explanation, line, language);
  rule('points');
  cite(
    ...(group
      ? Object.keys(explanation.parameters).filter((name) => name.startsWith('deviation.'))
      : ['ungrouped.ratio']),
  );

  if (explanation.adjustments) {
    section({ zh: '点数的调整', en: 'Adjustments' });
    for (const each of explanation.adjustments) adjustmentLines(each, line, language);
    cite('adjustment.steps', ...adjustmentParameters(explanation));
  }

  section({ zh: '本月', en: 'The month' });
  line(
    `年初点值 ${explanation.start_point_value} 元/分（历史加权费用 ÷ 历史加权分值）`,
    `start-of-year point value ${explanation.start_point_value} yuan per point (weighted cost ÷ weighted points of the history)`,
  );
  if (explanation.parameters['score.unit']?.value === 'weight') {
    const { start, settlement } = explanation.rates!;
    line(
      `权重 1 的费率：年初 ${start} 元，结算 ${settlement} 元`,
      `rate of a weight of 1: ${start} yuan at the start of the year, ${settlement} yuan at settlement`,
    );
  }
  line(
    `本例 = ${explanation.points} × ${explanation.start_point_value} − ${list.non_fund} = ${explanation.month.case_base} 元`,
    `this case = ${explanation.points} × ${explanation.start_point_value} − ${list.non_fund} = ${explanation.month.case_base} yuan`,
  );
  line(
    `机构 ${list.month} ${scheme}：${explanation.month.points} 分（本例占 ${explanation.month.case_points_share}），结算基数 ${explanation.month.base} 元，预付 ${explanation.month.paid} 元`,
    `institution, ${list.month}, ${scheme}: ${explanation.month.points} points (this case ${explanation.month.case_points_share}), base ${explanation.month.base} yuan, paid ${explanation.month.paid} yuan`,
  );
  rule('month');
  cite('payment.monthly_ratio');

  section({ zh: '全年', en: 'The year' });
  line(
    `结算点值 = (预算 ${explanation.scheme.budget} + 非基金支付 ${explanation.scheme.non_fund}) ÷ 总分值 ${explanation.scheme.points} = ${explanation.settlement_point_value} 元/分（扣除法，计算不舍入）`,
    `settlement point value = (budget ${explanation.scheme.budget} + non-fund ${explanation.scheme.non_fund}) ÷ points ${explanation.scheme.points} = ${explanation.settlement_point_value} yuan per point (deduction method, used unrounded)`,
  );
  line(
    `本例 = ${explanation.points} × 结算点值 − ${list.non_fund} = ${explanation.clearing.case_due} 元`,
    `this case = ${explanation.points} × settlement point value − ${list.non_fund} = ${explanation.clearing.case_due} yuan`,
  );
  line(
    `机构全年 ${scheme}：${explanation.clearing.points} 分（本例占 ${explanation.clearing.case_points_share}），应付 ${explanation.clearing.due} 元，考核后 ${explanation.clearing.assessed} 元，清算结果 ${explanation.clearing.result} 元`,
    `institution, year, ${scheme}: ${explanation.clearing.points} points (this case ${explanation.clearing.case_points_share}), due ${explanation.clearing.due} yuan, assessed ${explanation.clearing.assessed} yuan, result ${explanation.clearing.result} yuan`,
  );
  rule('year');
  return lines.join('\n');
}

function scoreLines(
  { group, steps, area_mean: area, parameters }: CaseExplanation,
  lines: string[],
  line: (chinese: string, english: string) => void,
  language: Language,
): void {
  const { group_code: code, mean, score, weight } = group!;
  const meanScore = parameters['score.mean_score']!.value;
  const byWeight = parameters['score.unit']?.value === 'weight';
  const title = byWeight
    ? { zh: `病组 ${code} 均次费用 m`, en: `mean cost of group ${code}, m` }
    : { zh: `病种 ${code} 均次费用 m`, en: `mean cost of group ${code}, m` };
  if (mean) meanLines(lines, title, mean, language);
  else line(`${code} 没有历史病例`, `${code} has no history`);
  if (weight) {
    const level =
      weight.level === undefined ? ['', ''] : [`（${weight.level} 级）`, ` (level ${weight.level})`];
    line(
      byWeight
        ? `weights.csv${level[0]} 权重 ${weight.weight} × ${meanScore} = 分值 ${score}`
        : `weights.csv${level[0]} 分值 ${score}`,
      byWeight
        ? `weights.csv${level[1]} weight ${weight.weight} × ${meanScore} = score ${score}`
        : `weights.csv${level[1]} score ${score}`,
    );
  } else if (steps) {
    line(`分值 RW = ${score}（取自病种目录）`, `score RW = ${score} (from the group catalogue)`);
  } else if (byWeight) {
    line(
      `权重 RW = ${mean!.mean} ÷ ${area.mean}，四舍五入到四位，× ${meanScore} = 分值 ${score}`,
      `weight RW = ${mean!.mean} ÷ ${area.mean}, rounded to four, × ${meanScore} = score ${score}`,
    );
  } else {
    line(
      `分值 RW = ${meanScore} × ${mean!.mean} ÷ ${area.mean} = ${score}（四舍五入到四位；计算用精确分数）`,
      `score RW = ${meanScore} × ${mean!.mean} ÷ ${area.mean} = ${score} (rounded to four; calculated with exact fractions)`,
    );
  }
}

/** Names of `adjustment.steps`, and the parameters each reads. */
function adjustmentLines(
  {
    adjustment,
    points_before: before,
    points_after: after,
    amount,
    point_value: value,
    reference,
  }: AdjustmentExplanation,
  line: (chinese: string, english: string) => void,
  language: Language,
): void {
  const name = PARAMETERS['adjustment.steps'].options[adjustment as AdjustmentStep][language];
  const by = amount === undefined ? '' : `${amount} ÷ ${value} = `;
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

function pointsLines(
  explanation: CaseExplanation,
  line: (chinese: string, english: string) => void,
  language: Language,
): void {
  const { list, group, coefficient, ratio, deviation, area_mean: area, parameters } = explanation;
  const points = explanation.score_points ?? explanation.points;
  const name = DEVIATIONS[deviation]![language];
  if (!group || !coefficient) {
    const rate = parameters['ungrouped.ratio']!.value;
    const score = parameters['score.mean_score']!.value;
    line(
      `${name}：病例分值 = ${rate} × ${score} × ${list.cost} ÷ ${area.mean} = ${points}`,
      `${name}: points = ${rate} × ${score} × ${list.cost} ÷ ${area.mean} = ${points}`,
    );
    return;
  }
  const policy = (name: string): string => parameters[`deviation.${name}`]?.value ?? '';
  const [low, high, extreme] = [policy('low_ratio'), explanation.high_ratio ?? '', policy('extreme_ratio')];
  const mean = group.mean?.mean ?? area.mean;
  const lowSign = policy('low_boundary') === 'below' ? '<' : '≤';
  const highSign = policy('high_boundary') === 'above' ? '>' : '≥';
  if (policy('ratio_base') === 'mean') {
    line(
      `r = 费用 ${list.cost} ÷ m ${mean} = ${ratio ?? '—'}`,
      `r = cost ${list.cost} ÷ m ${mean} = ${ratio ?? '—'}`,
    );
  } else {
    line(
      `r = 费用 ${list.cost} ÷ (m ${mean} × 系数 ${coefficient.value}) = ${ratio ?? '—'}`,
      `r = cost ${list.cost} ÷ (m ${mean} × coefficient ${coefficient.value}) = ${ratio ?? '—'}`,
    );
  }
  const normal = `${group.score} × ${coefficient.value}`;
  const lowPoints = policy('low_points') === 'with-coefficient' ? normal : group.score;
  const highPoints =
    {
      'coefficient-times-excess': `${normal} × (${ratio} − ${high} + 1)`,
      'excess-plus-coefficient': `${group.score} × (${ratio} − ${high} + ${coefficient.value})`,
      'excess-without-coefficient': `${group.score} × (${ratio} − ${high} + 1)`,
    }[policy('high_points')] ?? normal;
  const formula = {
    low: [`r ${lowSign} ${low}`, `${lowPoints} × ${ratio}`],
    normal: [`${low} ${lowSign === '<' ? '≤' : '<'} r ${highSign === '>' ? '≤' : '<'} ${high}`, normal],
    high: [`r ${highSign} ${high}`, highPoints],
    extreme: [`r > ${extreme}`, normal],
  }[deviation as Deviation];
  line(
    `${formula[0]}，${name}：病例分值 = ${formula[1]} = ${points}（四舍五入到四位）`,
    `${formula[0]}, ${name}: points = ${formula[1]} = ${points} (rounded to four)`,
  );
}

function meanLines(lines: string[], title: Text, mean: MeanExplanation, language: Language): void {
  const zh = language === 'zh';
  lines.push(`   ${title[language]}`);
  for (const year of mean.years) {
    const cases = zh
      ? `${year.cases} 例，${year.cost} 元，均次 ${year.mean} 元，权重 ${year.weight}`
      : `${year.cases} cases, ${year.cost} yuan, mean ${year.mean} yuan, weight ${year.weight}`;
    const absent = zh ? '没有病例，不计入权重' : 'no cases, left out of the weights';
    lines.push(`     ${year.year}  ${year.cases === '0' ? absent : cases}`);
  }
  lines.push(zh ? `     加权平均 ${mean.mean} 元` : `     weighted mean ${mean.mean} yuan`);
}

function parameterText(source: ParameterSource, language: Language): string {
  const from = language === 'zh' ? `自 ${source.effectiveFrom}` : `from ${source.effectiveFrom}`;
  return `${source.parameter} = ${source.value}  ${source.title[language]}  ${citationText(source.source, language)} ${from}`;
}
