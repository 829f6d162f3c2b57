import type { Language, Text } from '#kernel/locale.ts';
import { BUDGET_WAYS, type BudgetWay } from '../budget/compute-budget.ts';
import type { AccountExplanation, StepExplanation } from './account.ts';

/** Names of the clearing's steps and bands, for people. */
export const STEP_TITLES: Readonly<Record<string, Text>> = {
  'point-value': { zh: '点值', en: 'point value' },
  'area-balance': { zh: '区域结余与超支分担', en: 'area surplus or deficit' },
  bands: { zh: '结余留用与超支分担', en: 'retained surplus and shared overspend' },
  assessment: { zh: '考核', en: 'assessment' },
  audit: { zh: '审核扣减', en: 'audit withholding' },
  deposit: { zh: '质量保证金', en: 'quality deposit' },
  'adjustment-fund': { zh: '调剂金', en: 'adjustment fund' },
};
const BAND_TITLES: Readonly<Record<string, Text>> = {
  'nothing-due': { zh: '没有应付', en: 'nothing due' },
  'below-low': { zh: '记账低于下限，付记账', en: 'booked below the low limit: the booked is paid' },
  surplus: { zh: '结余', en: 'surplus' },
  deficit: { zh: '超支', en: 'deficit' },
  'overspend-shared': { zh: '超支分担', en: 'shared overspend' },
  'overspend-capped': { zh: '超支封顶', en: 'overspend capped' },
  'not-needed': { zh: '没有动用', en: 'not needed' },
  covered: { zh: '调剂金足够', en: 'covered' },
  cut: { zh: '调剂金不足，按比例扣回', en: 'not enough: cut in proportion' },
};
const POT_TITLES: Readonly<Record<string, Text>> = {
  points: { zh: '全部分值', en: 'all points' },
  baseline: { zh: '基准分值', en: 'baseline points' },
  increment: { zh: '增量分值', en: 'incremental points' },
};
const ACCOUNT_TITLES: Readonly<Record<string, Text>> = {
  residual: { zh: '留存', en: 'residual' },
  reserve: { zh: '储备', en: 'reserve' },
  region: { zh: '区域基金', en: 'fund of the region' },
  'adjustment-fund': { zh: '调剂金', en: 'adjustment fund' },
};

/** Parameters that each step reads, where the policy has them. */
const STEP_PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  'area-balance': ['clearing.area_surplus_share', 'clearing.area_deficit_share'],
  bands: [
    'clearing.booked',
    'clearing.surplus_low_ratio',
    'clearing.surplus_share',
    'clearing.overspend_bands',
  ],
  assessment: ['clearing.assessment', 'clearing.assessment_bands', 'clearing.default_assessment'],
  audit: ['clearing.month_deductions'],
  deposit: ['deposit.mode', 'deposit.ratio', 'deposit.return_bands'],
  'adjustment-fund': [],
};

type Write = {
  readonly line: (chinese: string, english: string) => void;
  /** cites the parameters that the policy has */
  readonly cite: (...names: string[]) => void;
};

const titleOf = (titles: Readonly<Record<string, Text>>, name: string): Text =>
  titles[name] ?? { zh: name, en: name };

/** What the list adds to the base of its month. */
export function writeCaseBase(
  { month, start_point_value: start }: AccountExplanation,
  list: { readonly non_fund: string },
  points: string,
  line: Write['line'],
  isDeclared: boolean,
): void {
  if (isDeclared) {
    line(
      `本例 = 申报的基金记账金额 ${month.case_base} 元`,
      `this case = the fund money booked, ${month.case_base} yuan`,
    );
    return;
  }
  line(
    `本例 = ${points} × ${start} − ${list.non_fund} = ${month.case_base} 元`,
    `this case = ${points} × ${start} − ${list.non_fund} = ${month.case_base} yuan`,
  );
}

/** The settlement point value and what the list is due by it. */
export function writePointValue(
  explanation: AccountExplanation & {
    readonly points: string;
    readonly list: { readonly cost: string; readonly non_fund: string };
  },
  { line }: Write,
): void {
  const { scheme, clearing, settlement_point_value: value, points, list } = explanation;
  const { method, mode, fund_ratio: ratio } = clearing;
  if (mode === 'fixed') {
    line(
      `结算点值为公布的 ${value} 元/分（固定）；与预算 ${scheme.budget} 元的差额进入留存账户`,
      `the settlement point value is the published ${value} yuan per point (fixed); the difference to the budget of ${scheme.budget} yuan goes to the residual account`,
    );
  } else if (mode === 'elastic') {
    line(
      `弹性点值，平均每分 ${value} 元；预算 ${scheme.budget} 元，总分值 ${scheme.points}`,
      `elastic values, ${value} yuan per point on average; budget ${scheme.budget} yuan, points ${scheme.points}`,
    );
  } else if (method === 'deduction') {
    line(
      `结算点值 = (预算 ${scheme.budget} + 非基金支付 ${scheme.non_fund}) ÷ 总分值 ${scheme.points} = ${value} 元/分（扣除法，计算不舍入）`,
      `settlement point value = (budget ${scheme.budget} + non-fund ${scheme.non_fund}) ÷ points ${scheme.points} = ${value} yuan per point (deduction method, used unrounded)`,
    );
  } else {
    line(
      `结算点值 = (预算 ${scheme.budget} ÷ 医保支付比例) ÷ 总分值 ${scheme.points} = ${value} 元/分（比例法，计算不舍入）`,
      `settlement point value = (budget ${scheme.budget} ÷ fund ratio) ÷ points ${scheme.points} = ${value} yuan per point (ratio method, used unrounded)`,
    );
  }
  if (method === 'deduction') {
    line(
      `本例 = ${points} × 结算点值 − ${list.non_fund} = ${clearing.case_due} 元`,
      `this case = ${points} × settlement point value − ${list.non_fund} = ${clearing.case_due} yuan`,
    );
    return;
  }
  const whose =
    method === 'ratio-own' ? { zh: '本机构', en: 'of the institution' } : { zh: '区域', en: 'of the region' };
  line(
    `本例 = ${points} × 结算点值 × ${whose.zh}基金支付比例 ${ratio} = ${clearing.case_due} 元`,
    `this case = ${points} × settlement point value × fund ratio ${whose.en} ${ratio} = ${clearing.case_due} yuan`,
  );
}

/** The lines of the month that only some policies have. */
export function writeMonthAccount({ month }: AccountExplanation, { line, cite }: Write): void {
  if (month.late) {
    const { upload_date: upload, lock_date: lock } = month.late;
    line(
      `迟到清单：${upload} 上传，当月已于 ${lock} 锁定，${month.month ? `转入 ${month.month}` : '各月均已锁定，只在年度清算中计入'}`,
      `late list: uploaded on ${upload}, its month was locked on ${lock}; ${month.month ? `paid with ${month.month}` : 'no month is open, so that only the annual clearing counts it'}`,
    );
  }
  if (month.deduction !== '0.00' || month.deposit !== '0.00') {
    line(
      `当月审核扣减 ${month.deduction} 元；留存 ${month.retained} 元，其中质量保证金 ${month.deposit} 元（预付＋留存＋扣减＝基数）`,
      `audit withholding of the month ${month.deduction} yuan; retained ${month.retained} yuan, of it quality deposit ${month.deposit} yuan (paid + retained + withholding = base)`,
    );
    if (month.deposit !== '0.00') cite('deposit.mode', 'deposit.ratio');
  }
  cite(
    'point_value.start_scope',
    'point_value.start_zone',
    'point_value.start_trimming',
    'payment.month_base',
  );
}

/** How the budget came about, the pots of the point value, and the steps of the clearing one by one. */
export function writeClearingAccount(explanation: AccountExplanation, { line, cite }: Write): void {
  const { clearing, budget } = explanation;
  if (budget.way !== undefined) {
    const way = BUDGET_WAYS[budget.way as BudgetWay];
    line(`预算由${way.zh}算出：`, `the budget by ${way.en}:`);
    for (const step of budget.steps) {
      line(
        `  ${step.title.zh} = ${step.arithmetic} = ${step.result}${step.source ? `（${step.source}）` : ''}`,
        `  ${step.title.en} = ${step.arithmetic} = ${step.result}${step.source ? ` (${step.source})` : ''}`,
      );
    }
  }
  for (const talk of budget.talks.filter((each) => each.fixes.length > 0)) {
    line(
      `协商 ${talk.id}（${talk.agreed_on}）确定：${talk.fixes.join('；')}`,
      `talks ${talk.id} (${talk.agreed_on}) fixed: ${talk.fixes.join('; ')}`,
    );
  }
  if (clearing.mode !== 'floating') {
    for (const pot of clearing.pots) {
      const title = titleOf(POT_TITLES, pot.pot);
      line(
        `${title.zh} ${pot.points} 分，点值 ${pot.point_value}，合计 ${pot.amount} 元`,
        `${title.en} ${pot.points}, value ${pot.point_value}, ${pot.amount} yuan in all`,
      );
    }
  }
  for (const step of clearing.steps) {
    line(...stepText(step));
    cite(...(STEP_PARAMETERS[step.step] ?? []));
  }
  const { cash } = clearing;
  line(
    `清算现金 = ${clearing.result} − 月付 ${cash.monthly_paid} − 季度清算 ${cash.quarter_paid} − 预付 ${cash.advance_paid} = ${cash.clearing_cash} 元`,
    `clearing cash = ${clearing.result} − months ${cash.monthly_paid} − quarters ${cash.quarter_paid} − advance ${cash.advance_paid} = ${cash.clearing_cash} yuan`,
  );
  const moved = clearing.residual.filter((each) => each.amount !== '0.00');
  if (moved.length > 0) {
    const text = (each: (typeof moved)[number], of: Language) =>
      `${titleOf(STEP_TITLES, each.step)[of]} → ${titleOf(ACCOUNT_TITLES, each.account)[of]} ${each.amount}`;
    line(
      `险种的留存账户：${moved.map((each) => text(each, 'zh')).join('；')}`,
      `residual account of the scheme: ${moved.map((each) => text(each, 'en')).join('; ')}`,
    );
  }
  cite('clearing.steps', 'point_value.method', 'point_value.mode');
}

function stepText({
  step_no,
  step,
  band,
  quantity,
  factor,
  change,
  amount,
}: StepExplanation): [string, string] {
  const title = titleOf(STEP_TITLES, step);
  const facts = (of: Language): string => {
    const zh = of === 'zh';
    return [
      ...(band ? [titleOf(BAND_TITLES, band)[of]] : []),
      ...(quantity ? [`${QUANTITY_TITLES[step]?.[of] ?? ''} ${quantity}${zh ? ' 元' : ' yuan'}`.trim()] : []),
      ...(factor ? [`${FACTOR_TITLES[step]?.[of] ?? ''} ${factor}`.trim()] : []),
    ].join(zh ? '，' : ', ');
  };
  const shown = (of: Language, open: string, close: string) =>
    facts(of) ? `${open}${facts(of)}${close}` : '';
  return [
    `清算第 ${step_no} 步 ${title.zh}${shown('zh', '（', '）')}：${change} 元，余 ${amount} 元`,
    `step ${step_no}, ${title.en}${shown('en', ' (', ')')}: ${change} yuan, leaves ${amount} yuan`,
  ];
}

const QUANTITY_TITLES: Readonly<Record<string, Text>> = {
  'area-balance': { zh: '区域结余', en: 'surplus of the area' },
  bands: { zh: '记账', en: 'booked' },
  audit: { zh: '扣减', en: 'withheld' },
  deposit: { zh: '已留', en: 'kept' },
  'adjustment-fund': { zh: '可用', en: 'available' },
};
const FACTOR_TITLES: Readonly<Record<string, Text>> = {
  'area-balance': { zh: '机构份额', en: 'share of the institutions' },
  bands: { zh: '份额', en: 'share' },
  assessment: { zh: '系数', en: 'coefficient' },
  deposit: { zh: '返还', en: 'returned' },
};
