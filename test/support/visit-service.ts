import assert from 'node:assert/strict';
import fastify from 'fastify';
import type { Store, StorePlace } from '#engine/postgres/store.ts';
import { importPersons, readPersonRows } from '#enrolment/index.ts';
import { createDispatcher, hospitalTransactions, registerArea, registerInterface } from '#interface/index.ts';
import { type BenefitSource, benefitSource, visitTransactions } from '#visits/index.ts';
import { type Answer, CALL_PATH, HOSPITAL, message, OTHER_HOSPITAL } from './hospital-service.ts';
import { openMigrated } from './prepared-store.ts';

export const PHARMACY = 'P99010000009';
export const AREA = '990100';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/** A resident identity number with the right check digit. */
export function identityNumber(birth: string, serial: number): string {
  const digits = `990100${birth.replaceAll('-', '')}${String(serial).padStart(3, '0')}`;
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  return digits + '10X98765432'[sum % 11];
}

export type Insured = {
  readonly psn_no: string;
  readonly name: string;
  readonly certno: string;
  readonly insutype: string;
};

const insured = (serial: number, name: string, birth: string, insutype: string): Insured => ({
  psn_no: `99${String(serial).padStart(10, '0')}`,
  name,
  certno: identityNumber(birth, serial),
  insutype,
});

export const WORKER = insured(1, '王一', '1980-05-06', '310');
export const RETIRED = insured(2, '李二', '1950-01-02', '310');
export const RESIDENT = insured(3, '张三', '1975-03-04', '390');
export const CHILD = insured(4, '王小', '2015-07-08', '390');

export const PERSONS_CSV = `psn_no,name,certno,insutype,psn_type,begndate,enddate,insuplc_admdvs,identities,account_balance,family_owner
${WORKER.psn_no},${WORKER.name},${WORKER.certno},310,11,2020-01-01,,${AREA},,1000.00,
${WORKER.psn_no},${WORKER.name},${WORKER.certno},330,11,2020-01-01,,${AREA},,,
${RETIRED.psn_no},${RETIRED.name},${RETIRED.certno},310,12,2010-01-01,,${AREA},,50.00,
${RESIDENT.psn_no},${RESIDENT.name},${RESIDENT.certno},390,15,2025-01-01,2025-12-31,${AREA},2303:2025-01-01/2025-12-31,,
${CHILD.psn_no},${CHILD.name},${CHILD.certno},390,1402,2025-01-01,2025-12-31,${AREA},,,${WORKER.certno}
`;

export type VisitService = {
  readonly store: Store;
  readonly url: string;
  readonly send: (
    infno: string,
    input: unknown,
    header?: Readonly<Record<string, unknown>>,
  ) => Promise<Answer>;
  readonly close: () => Promise<void>;
};

/** The demo city's interface with its institutions, the persons above and whoever else is given. */
export async function startVisitService(
  place: StorePlace = { memory: true },
  options: {
    readonly port?: number;
    readonly source?: BenefitSource;
    readonly persons?: string;
    /** what the service takes for the present */
    readonly clock?: () => Temporal.Instant;
  } = {},
): Promise<VisitService> {
  const store = await openMigrated(place);
  await registerArea(store, { areaId: 'demo', areaCode: AREA }, [
    { fixmedinsCode: HOSPITAL, name: '第一医院', level: '2' },
    { fixmedinsCode: OTHER_HOSPITAL, name: '第二医院', level: '8' },
    { fixmedinsCode: PHARMACY, name: '城南药店' },
  ]);
  const text = options.persons ?? PERSONS_CSV;
  await importPersons(store, readPersonRows(text, 'persons.csv'), 'persons.csv', Temporal.Now.instant());
  const server = fastify();
  const visits = visitTransactions(options.source ?? benefitSource());
  await registerInterface(
    server,
    createDispatcher(store, { ...hospitalTransactions, ...visits }, options.clock),
  );
  await server.listen({ port: options.port ?? 0, host: '127.0.0.1' });
  const { port } = server.server.address() as { port: number };
  const url = `http://127.0.0.1:${port}`;
  return {
    store,
    url,
    send: (infno, input, header) => sendTo(url, message(infno, input, { mdtrtarea_admvs: AREA, ...header })),
    close: async () => {
      await server.close();
      await store.destroy();
    },
  };
}

export async function sendTo(url: string, body: unknown): Promise<Answer> {
  const response = await fetch(`${url}${CALL_PATH}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Answer;
}

export function ok(answer: Answer): Answer['output'] {
  assert.equal(answer.infcode, 0, answer.err_msg);
  return answer.output;
}

const at = (day: string) => `${day} 09:30:00`;

export const registration = (person: Insured, day: string, number: string) => ({
  data: {
    psn_no: person.psn_no,
    insutype: person.insutype,
    begntime: at(day),
    mdtrt_cert_type: '02',
    mdtrt_cert_no: person.certno,
    psn_cert_type: '01',
    certno: person.certno,
    psn_type: '11',
    psn_name: person.name,
    ipt_otp_no: number,
    dept_code: '03',
    dept_name: '内科',
    caty: 'A03',
  },
});

export const description = (
  person: Insured,
  mdtrtId: string,
  day: string,
  medType = '11',
  disease = 'J00',
) => ({
  mdtrtinfo: {
    mdtrt_id: mdtrtId,
    psn_no: person.psn_no,
    med_type: medType,
    begntime: at(day),
    dise_codg: disease,
    dise_name: '病',
  },
  diseinfo: [
    {
      diag_type: '1',
      diag_srt_no: '1',
      diag_code: disease,
      diag_name: '病',
      diag_dept: '内科',
      dise_dor_no: 'D1',
      dise_dor_name: '赵医生',
      diag_time: at(day),
      vali_flag: '1',
    },
  ],
});

export type Line = {
  readonly yuan: number | string;
  readonly sn: string;
  readonly code?: string;
  readonly approval?: string;
};

export const feeLines = (
  person: Insured,
  mdtrtId: string,
  day: string,
  lines: readonly Line[],
  batch = 'B1',
) => ({
  feedetail: lines.map(({ yuan, sn, code = 'X1', approval = '0' }) => ({
    feedetl_sn: sn,
    mdtrt_id: mdtrtId,
    psn_no: person.psn_no,
    chrg_bchno: batch,
    rx_circ_flag: '0',
    med_type: '21',
    fee_ocur_time: at(day),
    med_list_codg: code,
    medins_list_codg: `L${code}`,
    det_item_fee_sumamt: yuan,
    cnt: 1,
    pric: yuan,
    bilg_dept_codg: '03',
    bilg_dept_name: '内科',
    bilg_dr_codg: 'D1',
    bilg_dr_name: '赵医生',
    hosp_appr_flag: approval,
  })),
});

export const settlementOf = (
  person: Insured,
  mdtrtId: string,
  yuan: number | string,
  more: Readonly<Record<string, unknown>> = {},
) => ({
  data: {
    psn_no: person.psn_no,
    mdtrt_cert_type: '02',
    mdtrt_cert_no: person.certno,
    psn_cert_type: '01',
    certno: person.certno,
    psn_type: '11',
    psn_name: person.name,
    med_type: '11',
    medfee_sumamt: yuan,
    psn_setlway: '01',
    mdtrt_id: mdtrtId,
    chrg_bchno: 'B1',
    insutype: person.insutype,
    acct_used_flag: '0',
    insuplc_admdvs: AREA,
    mdtrtarea_admvs: AREA,
    mid_setl_flag: '0',
    fulamt_ownpay_amt: 0,
    overlmt_selfpay: 0,
    preselfpay_amt: 0,
    inscp_scp_amt: yuan,
    ...more,
  },
});

let visits = 0;

/** 2201, 2203, 2204: a visit with its lines, ready to be settled. */
export async function outpatientVisit(
  send: VisitService['send'],
  person: Insured,
  day: string,
  lines: readonly Line[],
): Promise<string> {
  visits += 1;
  const number = `M${visits}`;
  const { data } = ok(await send('2201', registration(person, day, number)));
  ok(await send('2203', description(person, data.mdtrt_id, day)));
  ok(await send('2204', feeLines(person, data.mdtrt_id, day, lines)));
  return data.mdtrt_id;
}

export const admission = (person: Insured, day: string, number: string, medType = '21') => ({
  mdtrtinfo: {
    psn_no: person.psn_no,
    insutype: person.insutype,
    begntime: at(day),
    mdtrt_cert_type: '02',
    mdtrt_cert_no: person.certno,
    cert_type: '01',
    certno: person.certno,
    med_type: medType,
    ipt_no: number,
    atddr_no: 'D1',
    chfpdr_name: '赵医生',
    adm_diag_dscr: '肺炎',
    adm_dept_codg: '03',
    adm_dept_name: '内科',
    adm_bed: '12',
    dscg_maindiag_code: 'J18.900',
    dscg_maindiag_name: '肺炎',
    insuplc_admdvs: AREA,
    mdtrtarea_admvs: AREA,
  },
  diseinfo: [
    {
      psn_no: person.psn_no,
      diag_type: '1',
      maindiag_flag: '1',
      diag_srt_no: '1',
      diag_code: 'J18.900',
      diag_name: '肺炎',
      diag_dept: '内科',
      dise_dor_no: 'D1',
      dise_dor_name: '赵医生',
      diag_time: at(day),
    },
  ],
});

export const discharge = (person: Insured, mdtrtId: string, day: string) => ({
  dscginfo: {
    mdtrt_id: mdtrtId,
    psn_no: person.psn_no,
    insutype: person.insutype,
    endtime: at(day),
    dscg_dept_codg: '03',
    dscg_dept_name: '内科',
    dscg_way: '1',
  },
  diseinfo: admission(person, day, '').diseinfo.map((row) => ({ ...row, mdtrt_id: mdtrtId })),
});
