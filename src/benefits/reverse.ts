import { withChanges } from '#benefits/accumulators.ts';
import { NOT_LAST } from '#benefits/errors.ts';
import { checkIdentities } from '#benefits/identities.ts';
import type { SettleResult } from '#benefits/settle.ts';
import type { Accumulators, Settlement, SettlementTotals } from '#benefits/types.ts';
import { YibaoError } from '#kernel/errors.ts';

/**
 * The negative settlement that undoes one, and the accumulators exactly as they were before it. Accumulators depend on
 * the order of visits, so only the last settlement of a person and year can be undone: any other is refused
 * (`benefits.not-last`) with the settlements `later` that block it.
 */
export function reverseSettlement(
  settlement: Settlement,
  accumulators: Accumulators,
  later: readonly Settlement[] = [],
): SettleResult {
  if (settlement.kind === 'reversal') throw new TypeError(`${settlement.visitId} is a reversal itself`);
  const moved = settlement.changes.filter(({ code, after }) => (accumulators.values[code] ?? 0) !== after);
  if (moved.length > 0 || later.length > 0) {
    throw new YibaoError({
      definition: NOT_LAST,
      value: settlement.visitId,
      parameters: {
        codes: moved.map(({ code }) => code).join(', ') || '—',
        later: later.map(({ visitId }) => visitId).join(', ') || '—',
      },
    });
  }
  const negative = negativeOf(settlement);
  return { settlement: checkIdentities(negative), accumulators: withChanges(accumulators, negative.changes) };
}

const minus = (fen: number): number => 0 - fen;

function negativeOf(settlement: Settlement): Settlement {
  const totals = Object.fromEntries(
    Object.entries(settlement.totals).map(([field, fen]) => [field, minus(fen)]),
  ) as SettlementTotals;
  return {
    ...settlement,
    kind: 'reversal',
    totals,
    lines: settlement.lines.map((line) => ({
      ...line,
      amountFen: minus(line.amountFen),
      ownFen: minus(line.ownFen),
      overLimitFen: minus(line.overLimitFen),
      priorFen: minus(line.priorFen),
      inScopeFen: minus(line.inScopeFen),
    })),
    steps: settlement.steps.map((step) => ({
      ...step,
      baseFen: minus(step.baseFen),
      fundPayFen: minus(step.fundPayFen),
      selfPayFen: minus(step.selfPayFen),
      selfParts: step.selfParts.map(({ component, fen }) => ({ component, fen: minus(fen) })),
    })),
    funds: settlement.funds.map((fund) => ({
      ...fund,
      payFen: minus(fund.payFen),
      limitBeforeFen: fund.limitAfterFen,
      limitAfterFen: fund.limitBeforeFen,
    })),
    accountPayments: settlement.accountPayments.map(({ account, payFen }) => ({
      account,
      payFen: minus(payFen),
    })),
    balanceFen:
      settlement.balanceFen +
      (settlement.accountPayments.find(({ account }) => account === 'own')?.payFen ?? 0),
    changes: settlement.changes.map(({ code, before, change, after }) => ({
      code,
      before: after,
      change: minus(change),
      after: before,
    })),
  };
}
