import { sql } from 'kysely';
import {
  type Accumulators,
  cellOf,
  contextOf,
  type Settlement,
  schemeOf,
  settleVisit,
} from '#benefits/index.ts';
import { key } from '#engine/postgres/readings.ts';
import { newNumber, type PersonFile, personFiles, personLocks } from '#enrolment/index.ts';
import { type Call, type Handler, opened, refuse } from '#interface/index.ts';
import { type BenefitSource, policyHashOf } from './benefit-source.ts';
import { openLines, openLinesOfAll, type StoredLine, splitOf } from './fees.ts';
import { keep, type SettlementRow, writeSettlements } from './keep-settlement.ts';
import { lockedPerson, onlyPerson, personOf } from './persons.ts';
import type { Acting } from './register.ts';
import { settlementAnswer } from './settlement-answer.ts';
import {
  accountLocks,
  accumulatorsOf,
  type BalanceRow,
  readAccumulators,
  type UsedRow,
  usedUpOfAll,
} from './state.ts';
import { stayFacts } from './stay-facts.ts';
import { dayOf, type Fields, fenOf, node, text, yuan } from './values.ts';
import { checkChronic, visitOnDay } from './visit-on-day.ts';
import { onlyVisit, type VisitRow, visitLocks, visitOf, visitsOfAll } from './visits.ts';

/** What of a visit is settled, and how. */
export type Wanted = {
  readonly data: Fields;
  readonly at: string;
  readonly medType: string;
  /** '' for everything that is open */
  readonly batch: string;
  /** the day whose policy holds; undefined: that of the last fee */
  readonly date: string | undefined;
  readonly isMidStay: boolean;
  /** 2206, 2303: nothing is kept */
  readonly isTrial: boolean;
  /** how it is cleared, where not as the policy of the institution's area says */
  readonly clearingWay?: string;
  /** kept with the settlement beside what all have */
  readonly about?: Fields;
  /** what was read with the visit already, for its own day */
  readonly read?: { readonly lines: readonly StoredLine[]; readonly accumulators: Accumulators };
};

const ACCOUNTS: Readonly<Record<string, 'none' | 'own' | 'family'>> = {
  '0': 'none',
  '1': 'own',
  '2': 'family',
};

/** Settles the open lines of a visit; answers with setlinfo and setldetail. */
export async function settle(
  call: Acting,
  source: BenefitSource,
  file: PersonFile,
  row: VisitRow,
  wanted: Wanted,
): Promise<Record<string, unknown>> {
  const { db, header, institution, now } = call;
  const { data, at, medType } = wanted;
  const insutype = text(data, 'insutype');
  if (insutype !== row.insutype) {
    throw refuse(`就诊登记的险种是${row.insutype}`, `the visit is registered under ${row.insutype}`, {
      node: at,
      field: 'insutype',
      name: '险种类型',
      value: insutype,
    });
  }
  const lines = wanted.read?.lines ?? (await openLines(row.mdtrt_id, wanted.batch).execute(db)).rows;
  if (lines.length === 0) {
    throw refuse('没有待结算的费用明细', 'there are no fee lines to settle', {
      node: at,
      field: wanted.batch === '' ? 'mdtrt_id' : 'chrg_bchno',
      value: wanted.batch || row.mdtrt_id,
    });
  }
  checkTotal(
    data,
    at,
    lines.reduce((sum, { amount_fen }) => sum + amount_fen, 0),
  );
  const date =
    wanted.date ??
    lines
      .map(({ day }) => day)
      .toSorted()
      .at(-1)!;
  const context = visitOnDay(row, file, { date, medType, insutype, at, source });
  checkChronic(file, context, at);
  const scheme = schemeOf(insutype)!;
  const policy = source.policyOf(context.areaCode, date);
  const stay = row.kind === 'inpatient' ? await stayFacts(db, row, policy, date) : undefined;
  const circumstances = [
    ...(context.visit.circumstances ?? []),
    ...(stay?.isReadmission ? ['readmission'] : []),
  ];
  const visit = {
    ...context.visit,
    ...(stay === undefined ? {} : { days: stay.days }),
    ...(circumstances.length === 0 ? {} : { circumstances }),
    midStay: wanted.isMidStay,
    account: ACCOUNTS[text(data, 'acct_used_flag')] ?? 'none',
    splits: lines.map(splitOf),
  };
  const accumulators =
    wanted.read?.accumulators ?? (await readAccumulators(db, file.psn_no, scheme, date, !wanted.isTrial));
  const { settlement } = settleVisit({ policy, person: context.person, visit, accumulators });
  // how the institution is paid is a matter of its own area, wherever the person is insured
  const ofInstitution = source.policyOf(institution.area_code, date);
  const about = contextOf(context.person, visit, settlement.identity, undefined);
  const written: SettlementRow = {
    setl_id: wanted.isTrial ? '' : newNumber(now),
    sign: 1,
    reverses: null,
    mdtrt_id: row.mdtrt_id,
    psn_no: file.psn_no,
    insutype,
    scheme,
    year: accumulators.year,
    policy_date: date,
    policy_hash: policyHashOf(policy),
    setl_time: now.toString(),
    fixmedins_code: institution.fixmedins_code,
    med_type: medType,
    clr_optins: institution.area_code,
    clr_type: cellOf(ofInstitution, 'clearing.class', about).text,
    clr_way: wanted.clearingWay ?? cellOf(ofInstitution, 'clearing.way', about).text,
    is_mid_stay: wanted.isMidStay,
    infno: header.infno,
    msgid: header.msgid,
  };
  const body = {
    // the lines by their number, in the order of `settlement.lines`
    feedetl_sn: lines.map(({ feedetl_sn }) => feedetl_sn),
    person: context.person,
    psn_type: context.psnType,
    cvlserv_flag: context.cvlservFlag,
    mdtrt_cert_type: text(data, 'mdtrt_cert_type'),
    invono: text(data, 'invono'),
    visit: { ...visit, splits: undefined },
    ...wanted.about,
  };
  if (!wanted.isTrial) {
    await keep(call, writeSettlements, { row: written, settlement, body, lines: body.feedetl_sn });
  }
  return settlementAnswer(file, written, settlement, body, differencesOf(data, settlement));
}

/** The hospital and we must speak of the same lines. */
function checkTotal(data: Fields, at: string, sumFen: number): void {
  const said = fenOf(data, 'medfee_sumamt', at);
  if (said === sumFen) return;
  throw refuse(`与待结算明细之和${yuan(sumFen)}不等`, `the lines to settle add up to ${yuan(sumFen)}`, {
    node: at,
    field: 'medfee_sumamt',
    name: '医疗费总额',
    value: yuan(said),
  });
}

const COMPARED = ['fulamt_ownpay_amt', 'overlmt_selfpay', 'preselfpay_amt', 'inscp_scp_amt'] as const;

/** What the hospital had worked out otherwise: told, never used. */
function differencesOf(data: Fields, { totals }: Settlement): string {
  const different = COMPARED.filter(
    (field) =>
      text(data, field) !== '' && Number(text(data, field)) !== 0 && fenOf(data, field) !== totals[field],
  );
  if (different.length === 0) return '';
  return JSON.stringify(
    Object.fromEntries(
      different.map((field) => [field, { sent: text(data, field), decided: yuan(totals[field]) }]),
    ),
  );
}

const batchOf = (data: Fields): string =>
  text(data, 'chrg_bchno') === '0000' ? '' : text(data, 'chrg_bchno');

/** Of all that was opened for a settlement: what another settlement must leave alone until this one is kept. */
export const touchedBy = (files: readonly PersonFile[], balances: readonly BalanceRow[]): readonly string[] =>
  [...files, ...balances].map(({ psn_no }) => psn_no);

type OpenedVisit = readonly [
  readonly PersonFile[],
  readonly VisitRow[],
  readonly StoredLine[],
  readonly UsedRow[],
  readonly BalanceRow[],
];

/** Everything a settlement of an outpatient visit has to know, read in one go after its locks; a trial locks nothing. */
export function settleOutpatient(source: BenefitSource, isTrial: boolean): Handler {
  const day = sql<string>`(SELECT begntime FROM visit WHERE mdtrt_id = ${key('mdtrt_id')})`;
  const names = ['psn_no', 'scheme', 'mdtrt_id'];
  const locks = isTrial ? [] : [personLocks, visitLocks, accountLocks(names, day)];
  const readings = [personFiles, visitsOfAll, openLinesOfAll, ...usedUpOfAll(names, day)];
  const readOf = (rows: Call['opened']) => rows.slice(locks.length) as unknown as OpenedVisit;
  return opened(
    (calls) => {
      const keys = calls.map(({ input }) => {
        const data = node(input, 'data');
        return {
          psn_no: text(data, 'psn_no'),
          mdtrt_id: text(data, 'mdtrt_id'),
          chrg_bchno: batchOf(data),
          scheme: schemeOf(text(data, 'insutype')) ?? '',
        };
      });
      return [...locks, ...readings].map((reading) => reading(keys));
    },
    async (call) => {
      const data = node(call.input, 'data');
      const at = 'data';
      const [files, rows, lines, used, balances] = readOf(call.opened);
      const file = onlyPerson(files, text(data, 'psn_no'));
      const row = onlyVisit(rows, text(data, 'mdtrt_id'), {
        institution: call.institution,
        person: file,
        kind: 'outpatient',
      });
      const medType = text(data, 'med_type');
      if (row.med_type !== '' && row.med_type !== medType) {
        throw refuse(
          `就诊信息的医疗类别是${row.med_type}`,
          `the visit has the medical type ${row.med_type}`,
          {
            node: at,
            field: 'med_type',
            name: '医疗类别',
            value: medType,
          },
        );
      }
      const date = row.begntime.slice(0, 10);
      return settle(call, source, file, row, {
        data,
        at,
        medType,
        batch: batchOf(data),
        date,
        isMidStay: false,
        isTrial,
        read: { lines, accumulators: accumulatorsOf(file.psn_no, date, [used, balances]) },
      });
    },
    (rows) => {
      const [files, , , , balances] = readOf(rows);
      return isTrial ? [] : touchedBy(files, balances);
    },
  );
}

export const settleInpatient =
  (source: BenefitSource, isTrial: boolean) =>
  async (call: Call): Promise<Record<string, unknown>> => {
    const data = node(call.input, 'data');
    const at = 'data';
    const psnNo = text(data, 'psn_no');
    const file = await (isTrial ? personOf(call.db, psnNo) : lockedPerson(call.db, psnNo));
    const row = await visitOf(call.db, text(data, 'mdtrt_id'), {
      institution: call.institution,
      person: file,
      kind: 'inpatient',
    });
    const isMidStay = text(data, 'mid_setl_flag') === '1';
    if (isMidStay && row.state === 'discharged') {
      throw refuse('已出院，不能中途结算', 'the stay is over: no settlement in its middle', {
        node: at,
        field: 'mid_setl_flag',
        value: '1',
      });
    }
    const end = row.endtime?.slice(0, 10) ?? (dayOf(data, 'dscgTime') || undefined);
    if (!isTrial && !isMidStay && row.state !== 'discharged') {
      throw refuse(
        '未办理出院（2402），只能中途结算',
        'there is no discharge (2402): only a mid-stay settlement is possible',
        {
          node: at,
          field: 'mid_setl_flag',
          name: '中途结算标志',
          value: text(data, 'mid_setl_flag'),
        },
      );
    }
    return settle(call, source, file, row, {
      data,
      at,
      medType: row.med_type,
      batch: '',
      date: isMidStay ? undefined : end,
      isMidStay,
      isTrial,
    });
  };
