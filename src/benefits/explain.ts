import { admissionOf, contextOf } from '#benefits/context.ts';
import { type Rounding, share } from '#benefits/exact.ts';
import { fundNameOf, OWN_REASONS, stepTitle } from '#benefits/names.ts';
import { type BenefitPolicy, cellOf, type Entry, entryOf } from '#benefits/policy.ts';
import type { Accumulators, Eligibility, Person, Settlement, Step, Visit } from '#benefits/types.ts';
import type { Language, Text } from '#kernel/locale.ts';
import { yuanText } from '#kernel/money.ts';
import { type CitedText, citationText, citedText } from '#policy/index.ts';
import { DIMENSIONS } from '#policy/registry/benefit-dimensions.ts';
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
  const told = new Teller(settlement, visit, rounding);
  return settlement.steps.map((step, index) => ({
    code: step.code,
    title: stepTitle(step.code),
    text: told.textOf(step, index),
    reasons: parametersOf(settlement, step).flatMap((name) =>
      entriesOf(policy, name, step, visit, context).flatMap((entry) => reasonOf(name, entry)),
    ),
  }));
}

/** The row that held of a parameter and where it stands; none where it only repeats a neutral value. */
function reasonOf(name: BenefitParameter, { row, value }: Entry): Reason[] {
  if (value === undefined || isNeutral(name, row)) return [];
  return [
    {
      parameter: name,
      title: BENEFIT_PARAMETERS[name].title,
      row: row.text,
      source: citedText(value.source),
      effectiveFrom: value.effectiveFrom.toString(),
      file: value.file,
      line: row.line ?? value.line,
    },
  ];
}

/** The rows that hold of some parameters and where they stand. */
export const reasonsOf = (
  policy: BenefitPolicy,
  parameters: readonly BenefitParameter[],
  context: TableContext,
): Reason[] => parameters.flatMap((name) => reasonOf(name, entryOf(policy, name, context)));

/** What a step rests on: the parameters it records, and while waiting the share that is paid. */
function parametersOf({ eligibility }: Settlement, step: Step): readonly BenefitParameter[] {
  const recorded = step.parameters as readonly BenefitParameter[];
  return eligibility.state === 'waiting' && step.fund !== undefined
    ? [...recorded, 'waiting.paid_share']
    : recorded;
}

const DIRECT = 20;

/** The rows that held: one, or of the self-pay ahead of the bands one for each kind of line that neither bill nor list gave a ratio. */
function entriesOf(
  policy: BenefitPolicy,
  name: BenefitParameter,
  step: Step,
  visit: Visit,
  context: TableContext,
): readonly Entry[] {
  if (name !== 'lines.prior_ratio' || visit.lines === undefined) return [entryOf(policy, name, context)];
  const isDirect = step.code === DIRECT_STEP;
  const held = new Set<Entry>();
  for (const { priorRatio, priorType, listClass, itemKind, code } of visit.lines) {
    if (priorRatio !== undefined || listClass === 'C' || (priorType === DIRECT) !== isDirect) continue;
    held.add(
      entryOf(policy, name, {
        ...context,
        ...(listClass ? { list_class: listClass } : {}),
        ...(itemKind ? { item_kind: itemKind } : {}),
        ...(code ? { item: code } : {}),
      }),
    );
  }
  return [...held].filter(({ row }) => row.cell.number !== 0);
}

/** A row for all that says what holds anyway. */
const isNeutral = (name: BenefitParameter, { conditions, text }: TableRow): boolean =>
  conditions.length === 0 && text === BENEFIT_PARAMETERS[name].fallback;

const yuan = (fen: number): string => yuanText(BigInt(fen));
const percent = (ratio: number): string => `${ratioText(ratio * 100)}%`;

/** Says the steps of one settlement; some words rest on other steps of it. */
class Teller {
  readonly #settlement: Settlement;
  readonly #visit: Visit;
  readonly #rounding: Rounding;
  /** index of the step that took the last of its layer's limit */
  readonly #exhausting: ReadonlySet<number>;

  constructor(settlement: Settlement, visit: Visit, rounding: Rounding) {
    this.#settlement = settlement;
    this.#visit = visit;
    this.#rounding = rounding;
    const { steps, funds, kind } = settlement;
    const full = funds.filter(({ limitAfterFen }) => kind === 'settlement' && limitAfterFen === 0);
    this.#exhausting = new Set(
      full.map(({ layer }) =>
        steps.findLastIndex((step) => step.layer === layer && step.fundPayFen !== 0 && step.code !== FLOOR),
      ),
    );
  }

  textOf(step: Step, index: number): Text {
    const { baseFen, ratio, fund, fundPayFen, selfPayFen, layer } = step;
    const base = yuan(baseFen);
    if (fund === undefined) return this.#nobodyPays(step);
    const name = fundNameOf(fund, layer);
    if (step.code === FLOOR) return this.#floorText(step, index, name);
    const own = baseFen - fundPayFen;
    const rate = ratio === 0 ? NOTHING : sameText(` × ${percent(ratio)}`);
    const fixed =
      ratio === 0 && step.parameters.includes('basic.quota')
        ? { zh: '按定额', en: ' as a fixed amount' }
        : NOTHING;
    // rests of earlier settlements make a fen; more than that is a limit of the step itself
    const byRatio = share(Math.abs(baseFen), ratio, this.#rounding).pay;
    const missing = ratio === 0 ? 0 : byRatio - Math.abs(fundPayFen);
    const carried = missing === 0 ? NOTHING : layer === 'long-term-care' ? LIMITED : CARRIED;
    const exhausted = this.#exhausting.has(index) ? EXHAUSTED : NOTHING;
    const left = leftText(own, selfPayFen);
    return {
      zh: `${base} 元${rate.zh}，${name.zh}${fixed.zh}支付 ${yuan(fundPayFen)} 元${carried.zh}${exhausted.zh}${left.zh}`,
      en: `${base} yuan${rate.en}: ${name.en} pays ${yuan(fundPayFen)}${fixed.en}${carried.en}${exhausted.en}${left.en}`,
    };
  }

  /** A step in which no fund pays: why, and whether later steps take it over. */
  #nobodyPays({ code, layer, baseFen, selfPayFen }: Step): Text {
    const base = yuan(baseFen);
    if (!OWN_LAYERS.has(layer)) {
      return {
        zh: `${base} 元计入起付线，本步无人支付`,
        en: `${base} yuan counted towards the threshold; nobody pays here`,
      };
    }
    if (code === 'TA01') {
      return { zh: `${base} 元先由账户支付`, en: `${base} yuan paid from the account first` };
    }
    const before = ABOVE[code] ?? NOTHING;
    const why = this.#whyOwn(code, baseFen);
    const borne =
      selfPayFen === baseFen
        ? { zh: `${before.zh}${base} 元由个人负担`, en: `${before.en}${base} yuan for the person` }
        : selfPayFen === 0
          ? {
              zh: `${before.zh}${base} 元转入后面的步骤`,
              en: `${before.en}${base} yuan go on to later steps`,
            }
          : {
              zh: `${before.zh}${base} 元，其中 ${yuan(baseFen - selfPayFen)} 元转入后面的步骤、${yuan(selfPayFen)} 元由个人负担`,
              en: `${before.en}${base} yuan: ${yuan(baseFen - selfPayFen)} go on to later steps, ${yuan(selfPayFen)} for the person`,
            };
    return { zh: `${borne.zh}${why.zh}`, en: `${borne.en}${why.en}` };
  }

  #whyOwn(code: string, baseFen: number): Text {
    if (code === 'N000') {
      const { eligibility } = this.#settlement;
      const said = eligibilityText(
        eligibility.state === 'entitled' ? { state: 'refused', reason: 'care' } : eligibility,
      );
      return { zh: `：${said.zh}`, en: `: ${said.en}` };
    }
    if (code === 'S003') {
      const share = percent(this.#visit.thirdPartyShare ?? 0);
      return {
        zh: `：第三人（责任方）应负 ${share}，医保基金不支付`,
        en: `: a third party is liable for ${share}, insurance does not pay it`,
      };
    }
    if (code !== '101') return NOTHING;
    const sums = OWN_REASON_NAMES.map((reason) => ({
      name: OWN_REASONS[reason],
      fen: this.#settlement.lines.reduce((sum, line) => sum + (line.reason === reason ? line.ownFen : 0), 0),
    })).filter(({ fen }) => fen !== 0);
    if (sums.reduce((sum, { fen }) => sum + fen, 0) !== baseFen) return NOTHING;
    return {
      zh: `：${sums.map(({ name, fen }) => `${name.zh} ${yuan(fen)} 元`).join('、')}`,
      en: `: ${sums.map(({ name, fen }) => `${name.en} ${yuan(fen)}`).join(', ')}`,
    };
  }

  #floorText({ baseFen, ratio, fundPayFen }: Step, index: number, name: Text): Text {
    const floor = share(Math.abs(baseFen), ratio, this.#rounding).pay;
    const paid = this.#settlement.steps
      .slice(0, index)
      .reduce((sum, { layer, fundPayFen: fen }) => sum + (layer === 'basic' ? Math.abs(fen) : 0), 0);
    const limited = paid + Math.abs(fundPayFen) < floor ? FLOOR_LIMITED : NOTHING;
    return {
      zh: `${yuan(baseFen)} 元 × ${percent(ratio)} 为保底，${name.zh}补付 ${yuan(fundPayFen)} 元${limited.zh}`,
      en: `floor of ${yuan(baseFen)} yuan × ${percent(ratio)}: ${name.en} pays ${yuan(fundPayFen)} more${limited.en}`,
    };
  }
}

const FLOOR = 'BD01';
const DIRECT_STEP = 'D001';
/** Layers whose steps without a fund are fees of the person; those of the others count towards a threshold. */
const OWN_LAYERS: ReadonlySet<string> = new Set(['lines', 'basic', 'account']);
const OWN_REASON_NAMES = ['class-c', 'not-listed', 'not-approved'] as const;
const ABOVE: Readonly<Record<string, Text>> = {
  E000: { zh: '超过限额的 ', en: 'above the limit: ' },
  EC01: { zh: '超过封顶线的 ', en: 'above the cap: ' },
};
const sameText = (text: string): Text => ({ zh: text, en: text });
const NOTHING: Text = { zh: '', en: '' };
const CARRIED: Text = {
  zh: '（连同以前结算取整留下的不足一分的余数）',
  en: ' (with the rest below a fen that earlier roundings left)',
};
const LIMITED: Text = { zh: '（已到限额）', en: ' (its limit)' };
const EXHAUSTED: Text = { zh: '（限额至此用完）', en: ' (the limit is used up)' };
const FLOOR_LIMITED: Text = {
  zh: '（只补范围内的自付，且不超过限额）',
  en: ' (only what the person bears in scope, and within the limits)',
};

/** What a step leaves: to the person, and to later steps. */
function leftText(leftFen: number, selfFen: number): Text {
  if (leftFen === 0) return NOTHING;
  const left = yuan(leftFen);
  if (selfFen === leftFen) return { zh: `，余 ${left} 元由个人负担`, en: `, ${left} left to the person` };
  const later = yuan(leftFen - selfFen);
  return selfFen === 0
    ? { zh: `，余 ${left} 元转入后面的步骤`, en: `, the other ${left} go on to later steps` }
    : {
        zh: `，余 ${left} 元，其中 ${later} 元转入后面的步骤、${yuan(selfFen)} 元由个人负担`,
        en: `, of the other ${left} ${later} go on to later steps and ${yuan(selfFen)} are left to the person`,
      };
}

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
      return paidShare === 0
        ? {
            zh: `在等待期内（${until} 起享受），其间不支付`,
            en: `waiting until ${until}: no benefits until then`,
          }
        : {
            zh: `在等待期内（${until} 起正常享受），按 ${percent(paidShare)} 支付`,
            en: `waiting until ${until}: ${percent(paidShare)} of the benefits are paid`,
          };
    }
    case 'refused':
      return REFUSED[eligibility.reason]!;
  }
}

const identityName = (identity: string): Text =>
  (DIMENSIONS.identity.names as Readonly<Record<string, Text>>)[identity] ?? sameText(identity);

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
      identity === undefined ? '' : `  ${zh ? '身份' : 'identity'} ${identityName(identity)[language]}`
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
  for (const { fund, layer, payFen, limitAfterFen } of funds) {
    const name = fundNameOf(fund, layer);
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
  const by = (language: Language, comma: string): string => {
    const byName = new Map<string, number>();
    for (const { fund, layer, payFen } of funds) {
      const name = fundNameOf(fund, layer)[language];
      byName.set(name, (byName.get(name) ?? 0) + payFen);
    }
    return [...byName].map(([name, fen]) => `${name} ${amount(fen)}`).join(comma);
  };
  const account = accountPayments.reduce((sum, { payFen }) => sum + payFen, 0);
  const byHospital: Text =
    totals.hosp_part_amt === 0
      ? NOTHING
      : {
          zh: `医院负担 ${amount(totals.hosp_part_amt)} 元，`,
          en: `the hospital bears ${amount(totals.hosp_part_amt)}; `,
        };
  const undone: Text = kind === 'reversal' ? { zh: '冲销：', en: 'Reversed: ' } : { zh: '', en: '' };
  return {
    zh: `${undone.zh}医疗费 ${amount(totals.medfee_sumamt)} 元，基金支付 ${amount(totals.fund_pay_sumamt)} 元${
      funds.length > 0 ? `（${by('zh', '、')}）` : ''
    }，${byHospital.zh}您负担 ${amount(totals.psn_part_amt)} 元，其中账户支付 ${amount(account)} 元、现金 ${amount(totals.psn_cash_pay)} 元。`,
    en: `${undone.en}Of the fee of ${amount(totals.medfee_sumamt)} yuan the funds pay ${amount(totals.fund_pay_sumamt)}${
      funds.length > 0 ? ` (${by('en', ', ')})` : ''
    }; ${byHospital.en}you bear ${amount(totals.psn_part_amt)}, ${amount(account)} of it from accounts and ${amount(totals.psn_cash_pay)} in cash.`,
  };
}
