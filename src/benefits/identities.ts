import type { Settlement, SettlementTotals } from '#benefits/types.ts';
import { TOTAL_FIELDS } from '#benefits/types.ts';

/** Header columns that add up to fund_pay_sumamt. */
export const FUND_COLUMNS = [
  'hifp_pay',
  'cvlserv_pay',
  'hifes_pay',
  'hifmi_pay',
  'hifob_pay',
  'hifdm_pay',
  'maf_pay',
  'oth_pay',
] as const;

const HOSPITAL = 'hospital-reduction';

/** Which of I1 to I10 and I12 a settlement breaks, in words for a programmer; I11 is `sumOfSettlements`. Empty: none. */
export function brokenIdentities(settlement: Settlement): string[] {
  const { totals: t, steps, funds, lines, accountPayments, changes } = settlement;
  const sign = settlement.kind === 'reversal' ? -1 : 1;
  const broken: string[] = [];
  const equal = (name: string, left: number, right: number) => {
    if (left !== right) broken.push(`${name}: ${left} ≠ ${right}`);
  };
  const atMost = (name: string, left: number, right: number) => {
    if (sign * left > sign * right) broken.push(`${name}: ${left} > ${right}`);
  };
  for (const field of TOTAL_FIELDS) {
    if (!Number.isSafeInteger(t[field])) broken.push(`${field} is ${t[field]}`);
    atMost(`0 ≤ ${field}`, 0, t[field]);
  }
  equal('I1', t.medfee_sumamt, t.fulamt_ownpay_amt + t.overlmt_selfpay + t.preselfpay_amt + t.inscp_scp_amt);
  equal('I2', t.medfee_sumamt, t.fund_pay_sumamt + t.psn_part_amt + t.hosp_part_amt);
  equal('I3', t.fund_pay_sumamt, sum(FUND_COLUMNS.map((column) => t[column])));
  equal('I4', t.psn_part_amt, t.acct_pay + t.psn_cash_pay);
  atMost('I5 family', t.acct_mulaid_pay, t.acct_pay);
  const family = accountPayments.filter(({ account }) => account !== 'own');
  equal('I5 family accounts', t.acct_mulaid_pay, sum(family.map(({ payFen }) => payFen)));
  equal('I5 accounts', t.acct_pay, sum(accountPayments.map(({ payFen }) => payFen)));
  equal('I6', t.fund_pay_sumamt, sum(funds.map(({ payFen }) => payFen)));
  if (lines.length > 0) {
    equal('I7 total', t.medfee_sumamt, sum(lines.map(({ amountFen }) => amountFen)));
    let over = 0;
    for (const line of lines) {
      over += line.overLimitFen;
      equal('I7 line', line.amountFen, line.ownFen + line.overLimitFen + line.priorFen + line.inScopeFen);
    }
    equal('I7 over', t.overlmt_selfpay, over);
  }
  atMost('I8 deductible', t.act_pay_dedc, t.inscp_scp_amt);
  atMost('I8 pool', t.hifp_pay, t.inscp_scp_amt - t.act_pay_dedc);
  for (const { fund, payFen, limitBeforeFen, limitAfterFen } of funds) {
    if (limitBeforeFen === undefined || limitAfterFen === undefined) continue;
    equal(`I9 ${fund}`, limitAfterFen, limitBeforeFen - payFen);
    if (limitAfterFen < 0) broken.push(`I9 ${fund}: ${limitAfterFen} < 0`);
  }
  for (const { code, before, change, after } of changes) equal(`I10 ${code}`, after, before + change);
  let [ofFunds, ofPerson] = [0, 0];
  // 101, 102 and 103 are steps among the others
  for (const { code, layer, selfPayFen, fundPayFen } of steps) {
    if (layer !== HOSPITAL) ofFunds += fundPayFen;
    ofPerson += selfPayFen;
    atMost(`${code} self`, 0, selfPayFen);
    atMost(`${code} fund`, 0, fundPayFen);
  }
  equal('I12 funds', t.fund_pay_sumamt, ofFunds);
  equal('I12 person', t.psn_part_amt, ofPerson);
  return broken;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** A result that breaks an identity is a programmer's error, never an answer. */
export function checkIdentities(settlement: Settlement): Settlement {
  const broken = brokenIdentities(settlement);
  if (broken.length === 0) return settlement;
  throw new TypeError(`settlement ${settlement.visitId} breaks ${broken.join('; ')}`);
}

export const noTotals = (): Record<keyof SettlementTotals, number> => ({
  medfee_sumamt: 0,
  fulamt_ownpay_amt: 0,
  overlmt_selfpay: 0,
  preselfpay_amt: 0,
  inscp_scp_amt: 0,
  act_pay_dedc: 0,
  hifp_pay: 0,
  cvlserv_pay: 0,
  hifes_pay: 0,
  hifmi_pay: 0,
  hifob_pay: 0,
  hifdm_pay: 0,
  maf_pay: 0,
  oth_pay: 0,
  fund_pay_sumamt: 0,
  hosp_part_amt: 0,
  psn_part_amt: 0,
  acct_pay: 0,
  acct_mulaid_pay: 0,
  psn_cash_pay: 0,
});
