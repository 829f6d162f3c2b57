/** One leg of an entry: debit positive, credit negative. What is payable is owed to the institution the entry names. */
export type JournalLeg = {
  readonly kind: 'fund' | 'account' | 'payable';
  /** of a payable '' for the funds, 310200 for the accounts */
  readonly fund_pay_type: string;
  readonly psn_no: string;
  readonly amount_fen: number;
};

/** What one settlement moves; negative in a reversal. */
export type SettlementMoney = {
  readonly funds: readonly { readonly fund: string; readonly payFen: number }[];
  /** by the number of the person whose account it is */
  readonly accounts: readonly { readonly psnNo: string; readonly payFen: number }[];
};

export const PERSONAL_ACCOUNT = '310200';

/**
 * The legs of a settlement: each fund's expense and each personal account is debited, what the institution is owed by the funds
 * and by accounts is credited. What nobody pays has no leg. They add up to nothing. Source: docs/domain/visits.md#journal.
 */
export function legsOf(money: SettlementMoney): JournalLeg[] {
  const sum = (parts: readonly { readonly payFen: number }[]) =>
    parts.reduce((total, { payFen }) => total + payFen, 0);
  const legs: JournalLeg[] = [
    ...money.funds.map(({ fund, payFen }) => ({
      kind: 'fund' as const,
      fund_pay_type: fund,
      psn_no: '',
      amount_fen: payFen,
    })),
    ...money.accounts.map(({ psnNo, payFen }) => ({
      kind: 'account' as const,
      fund_pay_type: PERSONAL_ACCOUNT,
      psn_no: psnNo,
      amount_fen: payFen,
    })),
    { kind: 'payable', fund_pay_type: '', psn_no: '', amount_fen: 0 - sum(money.funds) },
    { kind: 'payable', fund_pay_type: PERSONAL_ACCOUNT, psn_no: '', amount_fen: 0 - sum(money.accounts) },
  ];
  return legs.filter(({ amount_fen }) => amount_fen !== 0);
}
