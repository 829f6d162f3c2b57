/** One leg of an entry: debit positive, credit negative. */
export type JournalLeg = {
  readonly number: number;
  readonly kind: 'fund' | 'account' | 'payable';
  /** of a payable '' for the funds, 310200 for the accounts */
  readonly fund_pay_type: string;
  readonly psn_no: string;
  readonly fixmedins_code: string;
  readonly clr_optins: string;
  readonly clr_type: string;
  readonly clr_way: string;
  readonly insutype: string;
  readonly amount_fen: number;
};

/** What one settlement moves; negative in a reversal. */
export type SettlementMoney = {
  readonly funds: readonly { readonly fund: string; readonly payFen: number }[];
  /** by the number of the person whose account it is */
  readonly accounts: readonly { readonly psnNo: string; readonly payFen: number }[];
  readonly fixmedinsCode: string;
  readonly clrOptins: string;
  readonly clrType: string;
  readonly clrWay: string;
  readonly insutype: string;
};

export const PERSONAL_ACCOUNT = '310200';

/**
 * The legs of a settlement: each fund's expense and each personal account is debited, what the institution is owed by the funds
 * and by accounts is credited. What nobody pays has no leg. They add up to nothing. Source: docs/domain/visits.md#journal.
 */
export function legsOf(money: SettlementMoney): JournalLeg[] {
  const empty = {
    fund_pay_type: '',
    psn_no: '',
    fixmedins_code: '',
    clr_optins: '',
    clr_type: '',
    clr_way: '',
    insutype: '',
  };
  const payable = {
    ...empty,
    kind: 'payable' as const,
    fixmedins_code: money.fixmedinsCode,
    clr_optins: money.clrOptins,
    clr_type: money.clrType,
    clr_way: money.clrWay,
    insutype: money.insutype,
  };
  const sum = (parts: readonly { readonly payFen: number }[]) =>
    parts.reduce((total, { payFen }) => total + payFen, 0);
  const legs: Omit<JournalLeg, 'number'>[] = [
    ...money.funds.map(({ fund, payFen }) => ({
      ...empty,
      kind: 'fund' as const,
      fund_pay_type: fund,
      amount_fen: payFen,
    })),
    ...money.accounts.map(({ psnNo, payFen }) => ({
      ...empty,
      kind: 'account' as const,
      fund_pay_type: PERSONAL_ACCOUNT,
      psn_no: psnNo,
      amount_fen: payFen,
    })),
    { ...payable, amount_fen: 0 - sum(money.funds) },
    { ...payable, fund_pay_type: PERSONAL_ACCOUNT, amount_fen: 0 - sum(money.accounts) },
  ];
  return legs
    .filter(({ amount_fen }) => amount_fen !== 0)
    .map((leg, index) => ({ number: index + 1, ...leg }));
}
