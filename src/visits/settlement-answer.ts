import { FUND_NAMES, type Settlement, TOTAL_FIELDS } from '#benefits/index.ts';
import type { PersonFile } from '#enrolment/index.ts';
import { timeText } from '#interface/index.ts';
import type { SettlementRow } from './keep-settlement.ts';
import { type Fields, ratio4, text, yuan } from './values.ts';

const PERSONAL_ACCOUNT = '310200';
const NO_LIMIT = '0';

/** Age in full years on a day. */
const ageOn = (brdy: string | null, date: string): string => {
  if (brdy === null) return '0';
  const years = Number(date.slice(0, 4)) - Number(brdy.slice(0, 4));
  return String(date.slice(5) < brdy.slice(5) ? years - 1 : years);
};

export const personFields = (file: PersonFile, date: string): Record<string, string> => ({
  psn_no: file.psn_no,
  psn_name: file.name,
  psn_cert_type: file.certificates[0]?.psn_cert_type ?? '',
  certno: file.certificates[0]?.certno ?? '',
  gend: file.gend,
  naty: file.naty,
  brdy: file.brdy ?? '',
  age: ageOn(file.brdy, date),
});

/** `setlinfo` and `setldetail` of a settlement, positive or negative. Source: interface.md §1.7, §3.1. */
export function settlementAnswer(
  file: PersonFile,
  row: SettlementRow,
  settlement: Settlement,
  body: Fields,
  differences = '',
): Record<string, unknown> {
  const { totals, funds, accountPayments } = settlement;
  const money = Object.fromEntries(TOTAL_FIELDS.map((field) => [field, yuan(totals[field])]));
  const account = accountPayments.reduce((sum, { payFen }) => sum + payFen, 0);
  const inScope = yuan(totals.inscp_scp_amt);
  return {
    setlinfo: {
      mdtrt_id: row.mdtrt_id,
      setl_id: row.setl_id,
      ...personFields(file, row.policy_date),
      insutype: row.insutype,
      psn_type: text(body, 'psn_type'),
      cvlserv_flag: text(body, 'cvlserv_flag') || '0',
      setl_time: timeText(Temporal.Instant.from(row.setl_time)),
      mdtrt_cert_type: text(body, 'mdtrt_cert_type'),
      med_type: row.med_type,
      ...money,
      // the published output of 2208 spells it so
      pdn_cash_pay: money.psn_cash_pay,
      pool_prop_selfpay: ratio4(settlement.poolRatio),
      balc: yuan(settlement.balanceFen),
      medins_setl_id: row.msgid,
      clr_optins: row.clr_optins,
      clr_way: row.clr_way,
      clr_type: row.clr_type,
      invono: text(body, 'invono'),
      exp_content: differences,
    },
    setldetail: [
      ...funds.map(({ fund, payFen, limitAfterFen }) => ({
        fund_pay_type: fund,
        inscp_scp_amt: inScope,
        crt_payb_lmt_amt: limitAfterFen === undefined ? NO_LIMIT : yuan(limitAfterFen),
        fund_payamt: yuan(payFen),
        fund_pay_type_name: FUND_NAMES[fund]?.zh ?? '',
        setl_proc_info: '',
      })),
      ...(account === 0
        ? []
        : [
            {
              fund_pay_type: PERSONAL_ACCOUNT,
              inscp_scp_amt: inScope,
              crt_payb_lmt_amt: yuan(settlement.balanceFen),
              fund_payamt: yuan(account),
              fund_pay_type_name: FUND_NAMES[PERSONAL_ACCOUNT]!.zh,
              setl_proc_info: '',
            },
          ]),
    ],
  };
}
