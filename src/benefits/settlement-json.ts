import type { Alternative } from '#benefits/alternatives.ts';
import { type ExplainedStep, eligibilityText, summaryOf } from '#benefits/explain.ts';
import { fundNameOf, isOfficialItem } from '#benefits/names.ts';
import type { Settlement } from '#benefits/types.ts';
import { ratioText } from '#policy/table.ts';

/** A settlement as plain data: money in whole fen in fields that end in `_fen`, ratios as decimal texts. */
export function settlementJson(
  settlement: Settlement,
  explained: readonly ExplainedStep[],
  alternatives: readonly Alternative[],
): Record<string, unknown> {
  const { totals, steps, funds, lines, accountPayments, changes } = settlement;
  return {
    visit: settlement.visitId,
    kind: settlement.kind,
    date: settlement.date,
    eligibility: settlement.eligibility.state,
    eligibility_text: eligibilityText(settlement.eligibility),
    identity: settlement.identity ?? null,
    summary: summaryOf(settlement),
    totals: Object.fromEntries(Object.entries(totals).map(([field, fen]) => [`${field}_fen`, fen])),
    pool_prop_selfpay: ratioText(settlement.poolRatio),
    steps: steps.map((step, index) => ({
      code: step.code,
      official: isOfficialItem(step.code),
      title: explained[index]!.title,
      layer: step.layer,
      base_fen: step.baseFen,
      ratio: ratioText(step.ratio),
      fund_pay_type: step.fund ?? null,
      fund_pay_fen: step.fundPayFen,
      self_pay_fen: step.selfPayFen,
      self_parts: step.selfParts.map(({ component, fen }) => ({ component, self_pay_fen: fen })),
      text: explained[index]!.text,
      reasons: explained[index]!.reasons,
    })),
    funds: funds.map(({ layer, fund, column, payFen, limitBeforeFen, limitAfterFen }) => ({
      fund_pay_type: fund,
      fund_pay_type_name: fundNameOf(fund, layer),
      layer,
      column,
      fund_pay_fen: payFen,
      limit_before_fen: limitBeforeFen ?? null,
      limit_after_fen: limitAfterFen ?? null,
    })),
    accounts: accountPayments.map(({ account, payFen }) => ({ account, pay_fen: payFen })),
    balance_fen: settlement.balanceFen,
    lines: lines.map((line, index) => ({
      line: index + 1,
      amount_fen: line.amountFen,
      own_fen: line.ownFen,
      over_limit_fen: line.overLimitFen,
      prior_fen: line.priorFen,
      in_scope_fen: line.inScopeFen,
      direct_ratio: line.directRatio === undefined ? null : ratioText(line.directRatio),
      reason: line.reason,
    })),
    alternatives: alternatives.map(({ change, value, fundFen, personFen, text }) => ({
      change,
      value,
      fund_pay_fen: fundFen,
      person_fen: personFen,
      text,
    })),
    accumulator_changes: changes,
  };
}
