import { admissionOf, contextOf } from '#benefits/context.ts';
import { type Rounding, share } from '#benefits/exact.ts';
import { FUND_NAMES, stepTitle } from '#benefits/names.ts';
import { type BenefitPolicy, cellOf, entryOf } from '#benefits/policy.ts';
import type { Accumulators, Eligibility, Person, Settlement, Step, Visit } from '#benefits/types.ts';
import type { Language, Text } from '#kernel/locale.ts';
import { yuanText } from '#kernel/money.ts';
import { type CitedText, citationText, citedText } from '#policy/index.ts';
import { BENEFIT_PARAMETERS, type BenefitParameter } from '#policy/registry/benefits.ts';
import { ratioText, type TableContext, type TableRow } from '#policy/table.ts';

/** A parameter a step rests on: the row that held and where it stands. `source` is null where no layer says anything. */
export type Reason = {
  readonly parameter: string;
  readonly title: Text;
  readonly row: string;
  readonly source: CitedText | null;
  readonly effectiveFrom: string | null;
  readonly file: string | null;
  readonly line: number | null;
};

/** A step with its title, its arithmetic in words and its reasons: plain data. */
export type ExplainedStep = {
  readonly code: string;
  readonly title: Text;
  readonly text: Text;
  readonly reasons: readonly Reason[];
};

/** Says each step of a settlement: what was paid, by whom, why. Rows that only repeat a neutral value are left out. */
export function explainSteps(
  settlement: Settlement,
  subject: {
    readonly policy: BenefitPolicy;
    readonly person: Person;
    readonly visit: Visit;
    readonly before: Accumulators;
  },
): ExplainedStep[] {
  const { policy, person, visit, before } = subject;
  const context = contextOf(person, visit, settlement.identity, admissionOf(visit, before));
  const rounding = cellOf(policy, 'rounding.mode', context).text as Rounding;
  return settlement.steps.map((step) => ({
    code: step.code,
    title: stepTitle(step.code),
    text: stepText(step, rounding),
    reasons: reasonsOf(policy, step.parameters as readonly BenefitParameter[], context),
  }));
}

/** The rows that hold of some parameters and where they stand. Rows that only repeat a neutral value are left out. */
export const reasonsOf = (
  policy: BenefitPolicy,
  parameters: readonly BenefitParameter[],
  context: TableContext,
): Reason[] =>
  parameters.flatMap((parameter): Reason[] => {
    const { row, value } = entryOf(policy, parameter, context);
    if (value === undefined || isNeutral(parameter, row)) return [];
    return [
      {
        parameter,
        title: BENEFIT_PARAMETERS[parameter].title,
        row: row.text,
        source: citedText(value.source),
        effectiveFrom: value.effectiveFrom.toString(),
        file: value.file,
        line: row.line ?? value.line,
      },
    ];
  });

/** A row for all that says what holds anyway. */
const isNeutral = (name: BenefitParameter, { conditions, text }: TableRow): boolean =>
  conditions.length === 0 && text === BENEFIT_PARAMETERS[name].fallback;

const yuan = (fen: number): string => yuanText(BigInt(fen));
const percent = (ratio: number): string => `${ratioText(ratio * 100)}%`;

function stepText(step: Step, rounding: Rounding): Text {
  const { baseFen, ratio, fund, fundPayFen, selfPayFen } = step;
  const kind = kindOf(step);
  const base = yuan(baseFen);
  if (kind === 'counted') {
    return {
      zh: `${base} 元计入起付线，本步无人支付`,
      en: `${base} yuan counted towards the threshold; nobody pays here`,
    };
  }
  if (fund === undefined) {
    const later = laterText(baseFen - selfPayFen);
    return { zh: `${base} 元由个人负担${later.zh}`, en: `${base} yuan for the person${later.en}` };
  }
  const name = FUND_NAMES[fund] ?? { zh: fund, en: `fund ${fund}` };
  const rate = ratio === 0 ? '' : ` × ${percent(ratio)}`;
  if (kind === 'floor') {
    return {
      zh: `${base} 元${rate} 为保底，${name.zh}补付 ${yuan(fundPayFen)} 元`,
      en: `floor of ${base} yuan${rate}: ${name.en} pays ${yuan(fundPayFen)} more`,
    };
  }
  const own = baseFen - fundPayFen;
  // rests of earlier settlements make a fen; more than that is a limit of the step itself
  const byRatio = share(Math.abs(baseFen), ratio, rounding).pay;
  const missing = ratio === 0 ? 0 : byRatio - Math.abs(fundPayFen);
  const carried = missing === 0 ? NOTHING : step.layer === 'long-term-care' ? LIMITED : CARRIED;
  const later = laterText(own - selfPayFen);
  return {
    zh: `${base} 元${rate}，${name.zh}支付 ${yuan(fundPayFen)} 元${carried.zh}，余 ${yuan(own)} 元由个人负担${later.zh}`,
    en: `${base} yuan${rate}: ${name.en} pays ${yuan(fundPayFen)}${carried.en}, ${yuan(own)} left to the person${later.en}`,
  };
}

const NOTHING: Text = { zh: '', en: '' };
const CARRIED: Text = {
  zh: '（连同以前结算取整留下的不足一分的余数）',
  en: ' (with the rest below a fen that earlier roundings left)',
};
const LIMITED: Text = { zh: '（已到限额）', en: ' (its limit)' };
const FLOOR = 'BD01';
const kindOf = ({ code, layer, fund }: Step): 'counted' | 'floor' | 'plain' =>
  code === FLOOR
    ? 'floor'
    : fund === undefined && !['lines', 'basic', 'account'].includes(layer)
      ? 'counted'
      : 'plain';

/** What later steps take over of what a step leaves to the person. */
const laterText = (fen: number): Text =>
  fen === 0
    ? { zh: '', en: '' }
    : { zh: `（其中 ${yuan(fen)} 元转入后面的步骤）`, en: ` (${yuan(fen)} of it goes on to later steps)` };

const REFUSED: Readonly<Record<string, Text>> = {
  status: { zh: '参保状态不正常，不享受待遇', en: 'the enrolment is not in force: no benefits' },
  'not-yet': { zh: '尚未到享受待遇的日期', en: 'the entitlement has not begun' },
  ended: { zh: '待遇已经终止', en: 'the entitlement has ended' },
  care: { zh: '政策不支付这类就诊', en: 'the policy does not pay for such a visit' },
};

export function eligibilityText(eligibility: Eligibility): Text {
  switch (eligibility.state) {
    case 'entitled':
      return { zh: '享受待遇', en: 'entitled' };
    case 'waiting': {
      const { until, paidShare } = eligibility;
      return {
        zh: `在等待期内（${until} 起正常享受），按 ${percent(paidShare)} 支付`,
        en: `waiting until ${until}: ${percent(paidShare)} of the benefits are paid`,
      };
    }
    case 'refused':
      return REFUSED[eligibility.reason]!;
  }
}

/** A settlement as lines for a terminal, ending in a line feed. */
export function renderSettlement(
  settlement: Settlement,
  steps: readonly ExplainedStep[],
  language: Language,
): string {
  const zh = language === 'zh';
  const { totals, visitId, date, eligibility, identity, funds, accountPayments } = settlement;
  const lines = [
    `${zh ? '就诊' : 'visit'} ${visitId}  ${date}  ${eligibilityText(eligibility)[language]}${
      identity === undefined ? '' : `  ${zh ? '身份' : 'identity'} ${identity}`
    }`,
    '',
  ];
  const amount = (label: Text, fen: number, always = false) => {
    if (fen !== 0 || always) lines.push(`  ${yuan(fen).padStart(14)}  ${label[language]}`);
  };
  amount({ zh: '医疗费总额 medfee_sumamt', en: 'total fee, medfee_sumamt' }, totals.medfee_sumamt, true);
  amount(
    { zh: '全自费 fulamt_ownpay_amt', en: 'fully self-paid, fulamt_ownpay_amt' },
    totals.fulamt_ownpay_amt,
  );
  amount({ zh: '超限价 overlmt_selfpay', en: 'above ceilings, overlmt_selfpay' }, totals.overlmt_selfpay);
  amount({ zh: '先行自付 preselfpay_amt', en: 'prior self-pay, preselfpay_amt' }, totals.preselfpay_amt);
  amount({ zh: '符合政策范围 inscp_scp_amt', en: 'in scope, inscp_scp_amt' }, totals.inscp_scp_amt, true);
  lines.push('', zh ? '步骤' : 'steps');
  for (const [index, step] of steps.entries()) {
    lines.push(`  ${String(index + 1).padStart(2)} ${step.code.padEnd(5)} ${step.title[language]}`);
    lines.push(`           ${step.text[language]}`);
    for (const reason of step.reasons) lines.push(`           · ${reasonText(reason, language)}`);
  }
  lines.push('', zh ? '支付' : 'payments');
  for (const { fund, payFen, limitAfterFen } of funds) {
    const name = FUND_NAMES[fund] ?? { zh: fund, en: `fund ${fund}` };
    const rest =
      limitAfterFen === undefined
        ? ''
        : zh
          ? `，限额尚余 ${yuan(limitAfterFen)} 元`
          : `, ${yuan(limitAfterFen)} left of its limit`;
    lines.push(`  ${yuan(payFen).padStart(14)}  ${fund} ${name[language]}${rest}`);
  }
  amount(
    { zh: '基金支付合计 fund_pay_sumamt', en: 'all funds, fund_pay_sumamt' },
    totals.fund_pay_sumamt,
    true,
  );
  amount({ zh: '医院负担 hosp_part_amt', en: 'borne by the hospital, hosp_part_amt' }, totals.hosp_part_amt);
  amount({ zh: '个人负担 psn_part_amt', en: 'person, psn_part_amt' }, totals.psn_part_amt, true);
  for (const { account, payFen } of accountPayments) {
    const own = account === 'own';
    amount(
      {
        zh: own ? '  其中个人账户' : `  其中家庭共济账户 ${account.slice('family:'.length)}`,
        en: own
          ? '  of it the personal account'
          : `  of it the family account ${account.slice('family:'.length)}`,
      },
      payFen,
    );
  }
  amount({ zh: '  其中现金 psn_cash_pay', en: '  of it cash, psn_cash_pay' }, totals.psn_cash_pay, true);
  lines.push('', summaryOf(settlement)[language]);
  return `${lines.join('\n')}\n`;
}

function reasonText({ parameter, title, row, source, file, line }: Reason, language: Language): string {
  const cited = source ? citationText(source, language) : '';
  return `${title[language]}  ${parameter}: ${row}  ${cited}  ${file}:${line}`;
}

/** The settlement in one or two sentences for the person: who pays what, and what is left. */
export function summaryOf({ totals, funds, accountPayments, kind }: Settlement): Text {
  const sign = kind === 'reversal' ? -1 : 1;
  const amount = (fen: number): string => yuan(sign * fen);
  const byFund = new Map<string, number>();
  for (const { fund, payFen } of funds) byFund.set(fund, (byFund.get(fund) ?? 0) + payFen);
  const by = (language: Language, comma: string): string =>
    [...byFund]
      .map(([fund, fen]) => `${(FUND_NAMES[fund] ?? { zh: fund, en: fund })[language]} ${amount(fen)}`)
      .join(comma);
  const account = accountPayments.reduce((sum, { payFen }) => sum + payFen, 0);
  const undone: Text = kind === 'reversal' ? { zh: '冲销：', en: 'Reversed: ' } : { zh: '', en: '' };
  return {
    zh: `${undone.zh}医疗费 ${amount(totals.medfee_sumamt)} 元，基金支付 ${amount(totals.fund_pay_sumamt)} 元${
      funds.length > 0 ? `（${by('zh', '、')}）` : ''
    }，您负担 ${amount(totals.psn_part_amt)} 元，其中账户支付 ${amount(account)} 元、现金 ${amount(totals.psn_cash_pay)} 元。`,
    en: `${undone.en}Of the fee of ${amount(totals.medfee_sumamt)} yuan the funds pay ${amount(totals.fund_pay_sumamt)}${
      funds.length > 0 ? ` (${by('en', ', ')})` : ''
    }; you bear ${amount(totals.psn_part_amt)}, ${amount(account)} of it from accounts and ${amount(totals.psn_cash_pay)} in cash.`,
  };
}
