import type { Language, Text } from '#kernel/locale.ts';
import type { CaseExplanation } from './explain-case.ts';
import type { MeanExplanation, TypingExplanation } from './explain-points.ts';
import type { Deviation } from './points/score-case.ts';
import type { ConditionCheck } from './typing/type-case.ts';

/** Adds a line in both languages. */
export type Line = (chinese: string, english: string) => void;
/** Cites parameters of the policy. */
export type Cite = (...names: string[]) => void;

export const DEVIATIONS: Readonly<Record<string, Text>> = {
  low: { zh: '低倍率', en: 'low outlier' },
  normal: { zh: '正常', en: 'normal' },
  high: { zh: '高倍率', en: 'high outlier' },
  extreme: { zh: '极高倍率', en: 'extreme outlier' },
  'by-cost': { zh: '按费用计分', en: 'scored by cost' },
  ungrouped: { zh: '未入组', en: 'ungrouped' },
};

const COMPONENTS: Readonly<Record<string, Text>> = {
  complete: { zh: '完整系数', en: 'complete coefficient' },
  base: { zh: '基本系数', en: 'base' },
  cmi: { zh: 'CMI 加成', en: 'CMI' },
  'key-specialty': { zh: '重点专科加成', en: 'key specialties' },
  'case-mix': { zh: '病例组合加成', en: 'case mix' },
  assessment: { zh: '考核加成', en: 'assessment' },
  contract: { zh: '协议加成', en: 'contract' },
  other: { zh: '其他加成', en: 'other' },
};

const DISEASE_VERDICTS: Readonly<Record<string, Text>> = {
  'own-coefficient': { zh: '符合按病种设系数的条件', en: 'qualifies for a coefficient of its own' },
  'primary-care': { zh: '基层病种不设系数', en: 'primary-care groups have no coefficient' },
  conservative: {
    zh: '保守治疗病种只用机构系数',
    en: 'conservative groups have the coefficient of the institution',
  },
  'one-level': { zh: '只有一级机构收治', en: 'only one level treats it' },
  'too-few-cases': { zh: '有的级别例数不足', en: 'a level has too few cases' },
  'small-difference': { zh: '级别之间差异不够大', en: 'the levels differ too little' },
  inverted: { zh: '级别之间费用倒挂', en: 'a lower level is dearer than a higher one' },
};

const TRIGGER_VERDICTS: Readonly<Record<string, Text>> = {
  triggered: { zh: '触发', en: 'triggered' },
  'few-disease-cases': { zh: '未触发（病种例数不足）', en: 'not triggered (too few cases of the group)' },
  'few-type-cases': { zh: '未触发（分型例数不足）', en: 'not triggered (too few cases of the type)' },
  'small-cv-drop': {
    zh: '未触发（变异系数下降不足）',
    en: 'not triggered (the coefficient of variation drops too little)',
  },
  'share-limit': {
    zh: '未触发（超出被调整病例的占比上限）',
    en: 'not triggered (beyond the share of adjusted cases)',
  },
};

const FIELDS: Readonly<Record<ConditionCheck['field'], Text>> = {
  age_days: { zh: '日龄', en: 'age in days' },
  age_years: { zh: '年龄', en: 'age in years' },
  length_of_stay: { zh: '住院天数', en: 'length of stay' },
  icu_days: { zh: '重症监护天数', en: 'days in intensive care' },
  weight: { zh: '指数', en: 'index' },
  principal_in: { zh: '主要诊断属于', en: 'principal diagnosis in' },
  principal_not_in: { zh: '主要诊断不属于', en: 'principal diagnosis not in' },
  other_in: { zh: '其他诊断属于', en: 'another diagnosis in' },
  other_not_in: { zh: '其他诊断不属于', en: 'no other diagnosis in' },
  other_elsewhere_in: { zh: '类目不同的其他诊断属于', en: 'another diagnosis of another category in' },
  disposition: { zh: '离院方式', en: 'way of discharge' },
  disposition_not: { zh: '离院方式不是', en: 'way of discharge other than' },
  cost_multiple: { zh: '费用与标准之比至少', en: 'cost over standard at least' },
  treatment_share: { zh: '治疗费占比至少', en: 'share of treatment fees at least' },
  drug_share: { zh: '药品费占比至少', en: 'share of drugs at least' },
};

export function meanLines(line: Line, title: Text, mean: MeanExplanation): void {
  line(title.zh, title.en);
  for (const { year, cases, cost, mean: ofYear, weight } of mean.years) {
    if (cases === '0')
      line(`  ${year}  没有病例，不计入权重`, `  ${year}  no cases, left out of the weights`);
    else
      line(
        `  ${year}  ${cases} 例，${cost} 元，均次 ${ofYear} 元，权重 ${weight}`,
        `  ${year}  ${cases} cases, ${cost} yuan, mean ${ofYear} yuan, weight ${weight}`,
      );
  }
  line(`  加权平均 ${mean.mean} 元`, `  weighted mean ${mean.mean} yuan`);
}

/** The mean and the score: from weights.csv, as a rounded weight, or RW = standard score · m / standard cost. */
export function scoreLines(explanation: CaseExplanation, line: Line, cite: Cite): void {
  const { group, score, parameters } = explanation;
  if (!group || !score) return;
  const { group_code: code, mean, weight } = group;
  const byWeight = parameters['score.unit']?.value === 'weight';
  const kind = byWeight ? '病组' : '病种';
  if (mean) {
    meanLines(line, { zh: `${kind} ${code} 均次费用 m`, en: `mean cost of group ${code}, m` }, mean);
  } else line(`${code} 没有历史病例`, `${code} has no history`);
  const rounded = score.adjusted?.calculated ?? group.score;
  const isBase = score.method === 'base-disease';
  if (weight) {
    const level =
      weight.level === undefined ? ['', ''] : [`（${weight.level} 级）`, ` (level ${weight.level})`];
    line(
      byWeight
        ? `weights.csv${level[0]} 权重 ${weight.weight} × ${score.standard_score} = 分值 ${rounded}`
        : `weights.csv${level[0]} 分值 ${rounded}`,
      byWeight
        ? `weights.csv${level[1]} weight ${weight.weight} × ${score.standard_score} = score ${rounded}`
        : `weights.csv${level[1]} score ${rounded}`,
    );
  } else if (explanation.steps) {
    line(`分值 RW = ${rounded}（取自病种目录）`, `score RW = ${rounded} (from the group catalogue)`);
  } else if (byWeight) {
    line(
      `权重 RW = ${mean!.mean} ÷ ${score.standard_cost}，四舍五入到四位，× ${score.standard_score} = 分值 ${rounded}`,
      `weight RW = ${mean!.mean} ÷ ${score.standard_cost}, rounded to four, × ${score.standard_score} = score ${rounded}`,
    );
  } else {
    line(
      `分值 RW = ${score.standard_score} × ${mean!.mean} ÷ ${score.standard_cost}${isBase ? '（基准病种均次费用）' : ''} = ${rounded}（四舍五入到四位；计算用精确分数）`,
      `score RW = ${score.standard_score} × ${mean!.mean} ÷ ${score.standard_cost}${isBase ? ' (mean of the base group)' : ''} = ${rounded} (rounded to four; calculated with exact fractions)`,
    );
  }
  if (isBase) cite('score.base_group');
  if (score.method === 'fixed-standard') cite('score.fixed_standard');
  if (!score.adjusted) return;
  const { decided, rescale, reason } = score.adjusted;
  if (decided) {
    line(
      `score_adjustments.csv：分值定为 ${decided}（${reason}）`,
      `score_adjustments.csv: the score is set to ${decided} (${reason})`,
    );
  }
  line(
    `总分值不变，各病种分值乘 k = 调整前总分值 ÷ 调整后总分值 = ${rescale}：RW = ${group.score}`,
    `the total stays, all scores are multiplied by k = total before / after = ${rescale}: RW = ${group.score}`,
  );
}

export function coefficientLines(
  explanation: CaseExplanation,
  line: Line,
  cite: Cite,
  language: Language,
): void {
  const { coefficient, list, area_mean: area } = explanation;
  if (!coefficient) return;
  const { value, why, mean, against, parts, verdict, type } = coefficient;
  if (verdict && why !== 'primary-care') {
    line(
      `按病种的系数：${DISEASE_VERDICTS[verdict]!.zh}`,
      `coefficients by disease: ${DISEASE_VERDICTS[verdict]!.en}`,
    );
    cite('coefficient.method', 'coefficient.disease_cases', 'coefficient.disease_difference');
  }
  switch (why) {
    case 'primary-care':
      line(
        `基层病种，各级机构系数均为 ${value}`,
        `primary-care group: the coefficient is ${value} at every level`,
      );
      cite('coefficient.primary_care');
      return;
    case 'no-history':
      line(
        `${list.level} 级机构没有历史病例，系数为 ${value}`,
        `level ${list.level} has no history: the coefficient is ${value}`,
      );
      cite('coefficient.no_history');
      return;
    case 'composite':
      for (const { component, value: part, source } of parts) {
        const name = COMPONENTS[component]!;
        const from = source || (language === 'zh' ? '由历史费用计算' : 'calculated from the history');
        line(`${name.zh} ${part}（${from}）`, `${name.en} ${part} (${from})`);
      }
      line(
        `系数 = ${parts.map((part) => part.value).join(' + ')} = ${value}`,
        `coefficient = ${parts.map((part) => part.value).join(' + ')} = ${value}`,
      );
      cite('coefficient.method');
      return;
    case 'disease':
      meanLines(
        line,
        { zh: `${list.level} 级机构本病种均次费用`, en: `mean cost of the group at level ${list.level}` },
        mean!,
      );
      meanLines(line, { zh: '全市本病种均次费用', en: 'mean cost of the group in the area' }, against!);
      line(
        `系数 = ${mean!.mean} ÷ ${against!.mean} = ${value}`,
        `coefficient = ${mean!.mean} ÷ ${against!.mean} = ${value}`,
      );
      return;
    default: {
      const titles: Readonly<Record<string, Text>> = {
        level: { zh: `${list.level} 级机构均次费用`, en: `mean cost of level ${list.level}` },
        'level-and-type': {
          zh: `${list.level} 级${type}机构均次费用`,
          en: `mean cost of level ${list.level}, ${type}`,
        },
        institution: { zh: '本机构均次费用', en: 'mean cost of the institution' },
      };
      meanLines(line, titles[why]!, mean!);
      line(
        `系数 = ${mean!.mean} ÷ ${area.mean} = ${value}`,
        `coefficient = ${mean!.mean} ÷ ${area.mean} = ${value}`,
      );
      if (why !== 'level') cite('coefficient.method');
    }
  }
}

/** Which types the list fits, what their triggers say, and which one counts. */
export function typingLines(typing: TypingExplanation, line: Line): void {
  if (typing.types.length === 0) {
    line('本病种不作辅助分型', 'cases of this group are not typed');
    return;
  }
  const fitting = typing.types.filter(({ fits }) => fits);
  if (fitting.length === 0) line('不符合任何分型', 'the case fits no type');
  for (const { title, family, checks, trigger } of fitting) {
    const facts = (language: Language) =>
      checks
        .filter(({ field }) => !field.endsWith('not_in') && field !== 'disposition_not')
        .map(({ field, wanted, found }) =>
          field.endsWith('_in')
            ? `${FIELDS[field][language]} ${found}`
            : `${FIELDS[field][language]} ${wanted}${field === 'cost_multiple' || field.endsWith('share') ? '' : language === 'zh' ? `（本例 ${found}）` : ` (this case ${found})`}`,
        )
        .join(language === 'zh' ? '，' : ', ');
    line(
      `· ${family.zh}：${title.zh}${facts('zh') ? `（${facts('zh')}）` : ''}`,
      `· ${family.en}: ${title.en}${facts('en') ? ` (${facts('en')})` : ''}`,
    );
    if (!trigger) {
      line('   上一年度本病种没有这一分型的病例', '   no case of the group fitted it last year');
      continue;
    }
    const verdict = TRIGGER_VERDICTS[trigger.verdict]!;
    line(
      `   ${verdict.zh}：上一年度病种 ${trigger.disease_cases} 例、分型 ${trigger.type_cases} 例，变异系数 ${trigger.disease_cv} → ${trigger.type_cv}，触发系数 ${trigger.coefficient}`,
      `   ${verdict.en}: last year ${trigger.disease_cases} cases of the group, ${trigger.type_cases} of the type, coefficient of variation ${trigger.disease_cv} → ${trigger.type_cv}, trigger coefficient ${trigger.coefficient}`,
    );
  }
  const chosen = typing.types.find(({ type }) => type === typing.chosen);
  line(
    chosen
      ? `取触发系数最高的：${chosen.title.zh}，调整系数 ${typing.coefficient}`
      : '没有触发的分型，不调整',
    chosen
      ? `the highest trigger coefficient counts: ${chosen.title.en}, adjustment coefficient ${typing.coefficient}`
      : 'none of them is triggered: no adjustment',
  );
}

export function pointsLines(explanation: CaseExplanation, line: Line, language: Language): void {
  const { list, group, coefficient, ratio, deviation, parameters, standard, typing } = explanation;
  const points = explanation.score_points ?? explanation.points;
  const name = DEVIATIONS[deviation]![language];
  if (!group || !coefficient || !standard) {
    const second = parameters['ungrouped.second_ratio']?.value ?? '1';
    const rate = `${parameters['ungrouped.ratio']!.value}${second === '1' ? '' : ` × ${second}`}`;
    const { score, cost } = explanation.ungrouped_standard;
    line(
      `${name}：病例分值 = ${rate} × ${score} × ${list.cost} ÷ ${cost} = ${points}`,
      `${name}: points = ${rate} × ${score} × ${list.cost} ÷ ${cost} = ${points}`,
    );
    return;
  }
  if (deviation === 'by-cost') {
    line(
      `${name}：本病种不按分值计分，病例分值 = ${list.cost} × ${explanation.points_per_yuan} = ${points}`,
      `${name}: the group is not scored by its score, points = ${list.cost} × ${explanation.points_per_yuan} = ${points}`,
    );
    return;
  }
  const policy = (parameter: string): string => parameters[`deviation.${parameter}`]?.value ?? '';
  const [low, high, extreme] = [policy('low_ratio'), explanation.high_ratio ?? '', policy('extreme_ratio')];
  const lowSign = policy('low_boundary') === 'below' ? '<' : '≤';
  const highSign = policy('high_boundary') === 'above' ? '>' : '≥';
  const sources: Readonly<Record<typeof standard.from, Text>> = {
    area: { zh: 'm', en: 'm' },
    'same-level-last-year': { zh: '同级别上一年度均次费用', en: 'last year’s mean of the level' },
    substitute: {
      zh: 'm × 系数（同级别上一年度没有病例）',
      en: 'm × coefficient (no case at the level last year)',
    },
    'point-value': {
      zh: `支付标准 ${group.score} × ${standard.point_value} =`,
      en: `payment standard ${group.score} × ${standard.point_value} =`,
    },
  };
  const typeFactor = typing?.coefficient ? ` × ${typing.coefficient}` : '';
  const inBase = parameters['typing.ratio_base']?.value === 'with-type' ? typeFactor : '';
  const withCoefficient = policy('ratio_base') !== 'mean';
  const base = (of: Language) =>
    `${sources[standard.from][of]} ${standard.mean}${inBase}${withCoefficient ? `${of === 'zh' ? ' × 系数' : ' × coefficient'} ${coefficient.value}` : ''}`;
  const brackets = (text: string) =>
    withCoefficient || inBase || standard.from === 'point-value' ? `(${text})` : text;
  line(
    `r = 费用 ${list.cost} ÷ ${brackets(base('zh'))} = ${ratio ?? '—'}`,
    `r = cost ${list.cost} ÷ ${brackets(base('en'))} = ${ratio ?? '—'}`,
  );
  const score = `${group.score}${typeFactor}`;
  const normal = `${score} × ${coefficient.value}`;
  const lowPoints = policy('low_points') === 'with-coefficient' ? normal : score;
  const highPoints =
    {
      'coefficient-times-excess': `${normal} × (${ratio} − ${high} + 1)`,
      'excess-plus-coefficient': `${score} × (${ratio} − ${high} + ${coefficient.value})`,
      'excess-without-coefficient': `${score} × (${ratio} − ${high} + 1)`,
    }[policy('high_points')] ?? normal;
  const formula = {
    low: [`r ${lowSign} ${low}`, `${lowPoints} × ${ratio}`],
    normal: [`${low} ${lowSign === '<' ? '≤' : '<'} r ${highSign === '>' ? '≤' : '<'} ${high}`, normal],
    high: [`r ${highSign} ${high}`, highPoints],
    extreme: [`r > ${extreme}`, policy('extreme') === 'review' ? highPoints : normal],
  }[deviation as Exclude<Deviation, 'by-cost'>];
  line(
    `${ratio === undefined ? '' : `${formula[0]}，`}${name}：病例分值 = ${formula[1]} = ${points}（四舍五入到四位）`,
    `${ratio === undefined ? '' : `${formula[0]}, `}${name}: points = ${formula[1]} = ${points} (rounded to four)`,
  );
}
