import { sql } from 'kysely';
import { careOf, levelOf, type Person, schemeOf, settleVisit } from '#benefits/index.ts';
import { isHeldOn, type PersonFile, personOn, readPersonFile } from '#enrolment/index.ts';
import { refuse, type Transactions, timeText } from '#interface/index.ts';
import type { BenefitSource } from './benefit-source.ts';
import { insuredOn, personOf, placeOf } from './persons.ts';
import { personFields } from './settlement-answer.ts';
import { readAccumulators } from './state.ts';
import { dayOf, node, text, yuan } from './values.ts';

/** Kinds of insurance that stand in `insuinfo` of 1101: all of them, the paying ones first. */
const order = (insutype: string): string =>
  schemeOf(insutype) === undefined ? `1${insutype}` : `0${insutype}`;

/** A visit of nothing but this asks whether anything would be paid. */
const PROBE_FEN = 100_000_000;

/** 1101 who somebody is, and 2001 what somebody is entitled to, fund by fund. Source: interface.md §1.7. */
export const personTransactions = (source: BenefitSource): Transactions => ({
  '1101': async ({ db, input, now }) => {
    const data = node(input, 'data');
    // 02 the identity card is presented itself; 01 a token and 03 a card are presented with the certificate beside them
    const type = text(data, 'psn_cert_type') || '01';
    const number = (text(data, 'certno') || text(data, 'mdtrt_cert_no')).toUpperCase();
    const { rows } = await sql<{ psn_no: string }>`SELECT psn_no FROM person_certificate
      WHERE psn_cert_type = ${type} AND upper(certno) = ${number}`.execute(db);
    const file = rows[0] === undefined ? undefined : await readPersonFile(db, rows[0].psn_no);
    const place = { node: 'data', field: 'certno', name: '证件号码', value: number };
    if (file === undefined) throw refuse('没有该证件的参保人', 'nobody insured has this certificate', place);
    const name = text(data, 'psn_name').normalize('NFKC');
    if (name !== '' && name !== file.name) {
      throw refuse('姓名与证件不符', 'the name is not that of the certificate', {
        node: 'data',
        field: 'psn_name',
        name: '人员姓名',
        value: name,
      });
    }
    const date = dayOf(data, 'begntime') || timeText(now).slice(0, 10);
    return {
      baseinfo: { ...personFields(file, date), exp_content: '' },
      insuinfo: insurancesOn(file, date),
      idetinfo: file.identities
        .filter((identity) => isHeldOn(identity, date))
        .map(({ psn_idet_type, psn_type_lv, memo, begndate, enddate }) => ({
          psn_idet_type,
          psn_type_lv,
          memo,
          begntime: `${begndate} 00:00:00`,
          endtime: enddate === null ? '' : `${enddate} 23:59:59`,
        })),
    };
  },

  '2001': async ({ db, input, institution }) => {
    const data = node(input, 'data');
    const file = await personOf(db, text(data, 'psn_no'));
    const [date, insutype, medType] = [
      dayOf(data, 'begntime'),
      text(data, 'insutype'),
      text(data, 'med_type'),
    ];
    const { person, enrolment } = insuredOn(file, date, insutype);
    const care = careOf(medType);
    if (care === undefined) {
      throw refuse('不支持该医疗类别', 'this medical type is not supported', {
        node: 'data',
        field: 'med_type',
        name: '医疗类别',
        value: medType,
      });
    }
    const policy = source.policyOf(enrolment.insuplc_admdvs, date);
    const accumulators = await readAccumulators(db, file.psn_no, person.scheme, date, false);
    const { settlement } = settleVisit({
      policy,
      person,
      accumulators,
      visit: {
        id: 'probe',
        care,
        level: levelOf(institution.level),
        date,
        ...placeOf(
          file,
          enrolment.insuplc_admdvs,
          { area: institution.area_code, code: institution.fixmedins_code },
          date,
        ),
        disease: text(data, 'dise_codg') || undefined,
        parts: { ownFen: 0, overLimitFen: 0, priorFen: 0, inScopeFen: PROBE_FEN },
      },
    });
    const isFiled =
      care !== 'chronic' ||
      file.filings.some(
        (each) =>
          each.kind === 'chronic' && each.dise_codg === text(data, 'dise_codg') && isHeldOn(each, date),
      );
    const reason = reasonOf(person, settlement.eligibility.state, isFiled);
    const span = {
      psn_no: file.psn_no,
      begndate: enrolment.begndate,
      enddate: enrolment.enddate ?? '',
      exp_content: '',
    };
    const paying = settlement.funds.filter(({ payFen }) => payFen > 0).map(({ fund }) => fund);
    const fallback = person.scheme === 'employee' ? '310100' : '390100';
    const funds = paying.length === 0 ? [fallback] : [...new Set(paying)];
    return {
      trtinfo: funds.map((fund) => ({
        ...span,
        trt_chk_type: '01',
        fund_pay_type: fund,
        trt_enjymnt_flag: paying.length > 0 && reason === '' ? '1' : '0',
        trt_chk_rslt: reason,
      })),
    };
  },
});

const reasonOf = (person: Person, state: string, isFiled: boolean): string =>
  !isFiled
    ? '该病种没有有效的门诊慢特病备案'
    : state === 'entitled'
      ? ''
      : state === 'waiting'
        ? `待遇等待期至${person.waitingUntil ?? ''}`
        : person.status === 'normal'
          ? '不在待遇享受期内'
          : '参保状态不正常';

function insurancesOn(file: PersonFile, date: string): Record<string, string>[] {
  const types = [...new Set(file.enrolments.map(({ insutype }) => insutype))].toSorted((a, b) =>
    order(a) < order(b) ? -1 : 1,
  );
  return types.map((insutype) => {
    const spans = file.enrolments.filter((span) => span.insutype === insutype);
    const span =
      personOn(file, date, insutype)?.enrolment ??
      spans.find((each) => isHeldOn(each, date)) ??
      spans.at(-1)!;
    return {
      balc: yuan(insutype === '310' ? file.balance_fen : 0),
      insutype,
      psn_type: span.psn_type,
      psn_insu_stas: isHeldOn(span, date) ? span.psn_insu_stas : span.begndate > date ? '0' : '4',
      psn_insu_date: span.begndate,
      paus_insu_date: span.enddate ?? '',
      cvlserv_flag: span.cvlserv_flag,
      insuplc_admdvs: span.insuplc_admdvs,
      emp_name: span.emp_name,
    };
  });
}
