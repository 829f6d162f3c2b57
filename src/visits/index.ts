import { type Handler, opened, Refusal, type Transactions } from '#interface/index.ts';
import { YibaoError } from '#kernel/errors.ts';
import { fill } from '#kernel/locale.ts';
import type { BenefitSource } from './benefit-source.ts';
import { catalogueTransactions } from './catalogues.ts';
import { chronicMedication } from './chronic-medication.ts';
import { feeTransactions } from './fees.ts';
import { filingTransactions } from './filings.ts';
import { mappingTransactions } from './mappings.ts';
import { orderTransactions } from './orders.ts';
import { personTransactions } from './person-queries.ts';
import { pharmacyTransactions } from './pharmacy.ts';
import { queryTransactions } from './queries.ts';
import { reconciliationTransactions } from './reconcile.ts';
import { registerTransactions } from './register.ts';
import { reversalTransactions } from './reverse.ts';
import { settleInpatient, settleOutpatient } from './settle.ts';

export { type BenefitSource, benefitSource, keepPolicies, type OpenBenefits } from './benefit-source.ts';
export { earlyWarnings, type WarnedPerson } from './early-warning.ts';
export { entitlementsOn } from './entitlement.ts';
export { explainSettlement } from './explain-settlement.ts';
export { addFiling, endFiling, type FilingKind } from './filings.ts';
export type { ItemRow } from './item-file.ts';
export {
  differencesOfFile,
  reconciliationReports,
} from './reconcile-reports.ts';
export {
  findReimbursed,
  type Reimbursement,
  settleReimbursement,
  tryReimbursement,
  undoReimbursement,
} from './reimburse.ts';

/** The transactions of visits, from the person at the window to the reconciliation of a month. */
export function visitTransactions(source: BenefitSource): Transactions {
  const all: Transactions = {
    ...personTransactions(source),
    ...registerTransactions(source),
    ...feeTransactions(source),
    '2206': settleOutpatient(source, true),
    '2207': settleOutpatient(source, false),
    '2303': settleInpatient(source, true),
    '2304': settleInpatient(source, false),
    ...reversalTransactions,
    ...pharmacyTransactions(source),
    ...filingTransactions,
    ...queryTransactions,
    ...reconciliationTransactions(source),
    ...mappingTransactions,
    ...catalogueTransactions(source),
    '5205': chronicMedication(source),
    ...orderTransactions(source),
  };
  return Object.fromEntries(Object.entries(all).map(([number, handler]) => [number, told(handler)]));
}

/** What the rules refuse is told to the institution in the national form. */
const told = (handler: Handler): Handler => {
  const carryOut: Handler = async (call) => {
    try {
      return await handler(call);
    } catch (error) {
      if (!(error instanceof YibaoError)) throw error;
      throw new Refusal(
        ...error.problems.map(({ definition, field, value, parameters }) => {
          const given = { field: field ?? '', value: value ?? '', ...parameters };
          return {
            node: '',
            ...(field === undefined ? {} : { field }),
            reason: { zh: fill(definition.message.zh, given), en: fill(definition.message.en, given) },
          };
        }),
      );
    }
  };
  return handler.opening === undefined ? carryOut : opened(handler.opening, carryOut, handler.touches);
};
