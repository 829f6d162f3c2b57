import type { CandidateVerdict } from '#grouping/dip/assign-group.ts';
import type { Language, Text } from '#kernel/locale.ts';
import { citationText, type ParameterSource } from '#policy/index.ts';
import type { CaseExplanation, ExplainedStep, MeanExplanation } from './explain-case.ts';
import { codeMappingLines } from './explain-codes.ts';
import type { Deviation } from './points/score-case.ts';

const SCHEMES: Readonly<Record<string, Text>> = {
  '310': { zh: '职工', en: 'employee' },
  '390': { zh: '居民', en: 'resident' },
};

const VERDICTS: Readonly<Record<CandidateVerdict, Text>> = {
  chosen: { zh: '✔ 入组', en: '✔ chosen' },
  'not-needed': { zh: '完整键已命中，不再比较', en: 'not compared: the full key is a group' },
  'no-procedures': {
    zh: '该病种没有手术操作，只能由完整键命中',
    en: 'has no procedure, so that only the full key can reach it',
  },
  'procedure-missing': { zh: '清单没有 {missing}', en: 'the list lacks {missing}' },
  'fewer-procedures': { zh: '命中的手术操作较少', en: 'fewer of the procedures match' },
  'lower-score': { zh: '手术操作数相同，分值较低', en: 'as many procedures, lower score' },
  'later-code': {
    zh: '手术操作数与分值相同，编码较大',
    en: 'as many procedures and the same score, later code',
  },
};

const STEPS: Readonly<Record<CaseExplanation['assignment']['step'], Text>> = {
  a: { zh: '(a) 完整键就是核心病种', en: '(a) the full key is a core group' },
  b: {
    zh: '(b) 完整键不是核心病种；取手术操作包含于本例的核心病种',
    en: '(b) the full key is not core; of the core groups whose procedures this case has',
  },
  c: { zh: '(c) 没有合适的核心病种；进入综合病种', en: '(c) no core group fits; the comprehensive group' },
  d: {
    zh: '(d) 核心与综合病种都没有；未入组',
    en: '(d) neither a core nor a comprehensive group: ungrouped',
  },
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
  const rule = (step: ExplainedStep) => {
    const cited = explanation.rules[step].map((each) => citationText(each, language));
    lines.push(`   └ ${zh ? '规则' : 'rule'}  ${cited.join(zh ? '；' : '; ')}`);
  };
  const { list, keys, assignment, group, coefficient, area_mean: area } = explanation;
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
  line(
    `主要诊断 ${list.principal_diagnosis}；手术操作 ${list.procedures || '无'}`,
    `principal diagnosis ${list.principal_diagnosis}; procedures ${list.procedures || 'none'}`,
  );

  if (explanation.code_mapping.length > 0) {
    section({ zh: '编码对照', en: 'Code mapping' });
    lines.push(...codeMappingLines(explanation.code_mapping, language).map((each) => `   ${each}`));
  }

  section({ zh: '入组键', en: 'Keys' });
  line(
    `有效手术操作：${keys.eligibleProcedures.join('、') || '无'}${keys.principalProcedure ? `；主要手术操作 ${keys.principalProcedure}` : ''}`,
    `eligible procedures: ${keys.eligibleProcedures.join(', ') || 'none'}${keys.principalProcedure ? `; principal procedure ${keys.principalProcedure}` : ''}`,
  );
  if (keys.minorProcedures.length > 0) {
    line(
      `不计入（minor）：${keys.minorProcedures.join('、')}`,
      `not counted (minor): ${keys.minorProcedures.join(', ')}`,
    );
  }
  if (keys.unknownProcedures.length > 0) {
    line(
      `procedures.csv 中没有，不计入：${keys.unknownProcedures.join('、')}`,
      `absent from procedures.csv, not counted: ${keys.unknownProcedures.join(', ')}`,
    );
  }
  line(
    `完整键 ${keys.fullKey}；综合键 ${keys.comprehensiveKey}`,
    `full key ${keys.fullKey}; comprehensive key ${keys.comprehensiveKey}`,
  );
  cite(
    'grouping.core_diagnosis_length',
    'grouping.comprehensive_diagnosis_length',
    `comprehensive.class.${keys.principalAttribute}`,
  );

  section({ zh: '入组', en: 'Group' });
  const many = assignment.candidates.length;
  line(
    many > 0
      ? `诊断 ${keys.coreDiagnosis} 的核心病种 ${many} 个：`
      : `诊断 ${keys.coreDiagnosis} 没有核心病种`,
    many > 0
      ? `core groups of diagnosis ${keys.coreDiagnosis}: ${many}`
      : `no core group has diagnosis ${keys.coreDiagnosis}`,
  );
  for (const candidate of assignment.candidates) {
    const verdict = t(VERDICTS[candidate.verdict as CandidateVerdict]).replace(
      '{missing}',
      candidate.missing.join(zh ? '、' : ', '),
    );
    line(
      `· ${candidate.group_code}（分值 ${candidate.score}）：${verdict}`,
      `· ${candidate.group_code} (score ${candidate.score}): ${verdict}`,
    );
  }
  const step = t(STEPS[assignment.step]);
  line(
    assignment.groupCode ? `${step}：${assignment.groupCode}` : step,
    assignment.groupCode ? `${step}: ${assignment.groupCode}` : step,
  );
  rule('group');
  cite('catalogue.core_threshold');

  section({ zh: '分值', en: 'Score' });
  meanLines(lines, { zh: '全体病例均次费用 M', en: 'mean cost of all cases, M' }, area, language);
  if (group) {
    meanLines(
      lines,
      { zh: `病种 ${group.group_code} 均次费用 m`, en: `mean cost of group ${group.group_code}, m` },
      group.mean,
      language,
    );
    const meanScore = explanation.parameters['score.mean_score']!.value;
    line(
      `分值 RW = ${meanScore} × ${group.mean.mean} ÷ ${area.mean} = ${group.score}（四舍五入到四位；计算用精确分数）`,
      `score RW = ${meanScore} × ${group.mean.mean} ÷ ${area.mean} = ${group.score} (rounded to four; calculated with exact fractions)`,
    );
  }
  rule('score');
  cite('score.year_weights', 'score.mean_score');

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

  section({ zh: '本月', en: 'The month' });
  line(
    `年初点值 ${explanation.start_point_value} 元/分（历史加权费用 ÷ 历史加权分值）`,
    `start-of-year point value ${explanation.start_point_value} yuan per point (weighted cost ÷ weighted points of the history)`,
  );
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

function pointsLines(
  explanation: CaseExplanation,
  line: (chinese: string, english: string) => void,
  language: Language,
): void {
  const { list, group, coefficient, ratio, deviation, points, area_mean: area, parameters } = explanation;
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
  const [low, high, extreme] = [policy('low_ratio'), policy('high_ratio'), policy('extreme_ratio')];
  const lowSign = policy('low_boundary') === 'below' ? '<' : '≤';
  const highSign = policy('high_boundary') === 'above' ? '>' : '≥';
  if (policy('ratio_base') === 'mean') {
    line(
      `r = 费用 ${list.cost} ÷ m ${group.mean.mean} = ${ratio ?? '—'}`,
      `r = cost ${list.cost} ÷ m ${group.mean.mean} = ${ratio ?? '—'}`,
    );
  } else {
    line(
      `r = 费用 ${list.cost} ÷ (m ${group.mean.mean} × 系数 ${coefficient.value}) = ${ratio ?? '—'}`,
      `r = cost ${list.cost} ÷ (m ${group.mean.mean} × coefficient ${coefficient.value}) = ${ratio ?? '—'}`,
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
