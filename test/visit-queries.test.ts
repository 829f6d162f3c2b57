import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { mergePersons } from '#enrolment/index.ts';
import { registerArea } from '#interface/index.ts';
import { unzipOne, zipOne } from '#visits/zip.ts';
import { HOSPITAL, OTHER_HOSPITAL } from './support/hospital-service.ts';
import {
  AREA,
  admission,
  CHILD,
  description,
  discharge,
  feeLines,
  type Insured,
  ok,
  outpatientVisit,
  RESIDENT,
  RETIRED,
  registration,
  settlementOf,
  startVisitService,
  type VisitService,
  WORKER,
} from './support/visit-service.ts';

const FAR_HOSPITAL = 'H99020000001';
let service: VisitService;
before(async () => {
  service = await startVisitService();
  await registerArea(service.store, { areaId: 'neighbour', areaCode: '990200' }, [
    { fixmedinsCode: FAR_HOSPITAL, name: '邻市医院', level: '2' },
  ]);
});
after(() => service.close());
const send: VisitService['send'] = (...given) => service.send(...given);
const as =
  (fixmedins_code: string): VisitService['send'] =>
  (infno, input, header) =>
    send(infno, input, { fixmedins_code, ...header });
const other = as(OTHER_HOSPITAL);
type Row = Record<string, string>;

describe('5201 and 5202: visits and their diagnoses', () => {
  const ask = (person: Insured, more: Row = {}, by = send) =>
    by('5201', {
      data: {
        psn_no: person.psn_no,
        begntime: '2025-01-01 00:00:00',
        endtime: '2025-12-31',
        med_type: '11',
        ...more,
      },
    });

  test('a visit is found by its kind and time, with the person and what was registered, by its institution alone', async () => {
    const mdtrtId = await outpatientVisit(send, WORKER, '2025-03-04', [{ yuan: 10, sn: '1' }]);
    const later = await outpatientVisit(send, WORKER, '2025-12-31', [{ yuan: 10, sn: '1' }]);
    const ids = async (more: Row, by = send) =>
      ok(await ask(WORKER, more, by)).mdtrtinfo.map((row: Row) => row.mdtrt_id);
    assert.deepEqual(await ids({}), [mdtrtId, later]);
    assert.deepEqual(await ids({ endtime: '2025-12-31 09:29:59' }), [mdtrtId]);
    assert.deepEqual(await ids({ mdtrt_id: later }), [later]);
    assert.deepEqual(await ids({ med_type: '14' }), []);
    assert.deepEqual(await ids({}, other), []);
    const [row] = ok(await ask(WORKER)).mdtrtinfo as Row[];
    assert.deepEqual(
      [
        row!.psn_name,
        row!.certno,
        row!.insutype,
        row!.psn_type,
        row!.insu_optins,
        row!.begntime,
        row!.dise_codg,
      ],
      [WORKER.name, WORKER.certno, '310', '11', AREA, '2025-03-04 09:30:00', 'J00'],
    );
    assert.equal(row!.age, '44');
    ok(await send('2202', { data: { psn_no: WORKER.psn_no, mdtrt_id: later, ipt_otp_no: 'x' } }));
    assert.deepEqual(await ids({}), [mdtrtId], 'a cancelled visit is none');
  });

  test('a stay says whether the person is still in, how long it was and whether it went over the year', async () => {
    const { result } = ok(await send('2401', admission(RETIRED, '2025-12-28', 'Q1')));
    const stay = async () => (ok(await ask(RETIRED, { med_type: '21' })).mdtrtinfo as Row[])[0]!;
    assert.deepEqual([(await stay()).inhosp_stas, (await stay()).endtime], ['1', '']);
    ok(await send('2402', discharge(RETIRED, result.mdtrt_id, '2026-01-03')));
    const row = await stay();
    assert.deepEqual(
      [row.inhosp_stas, row.endtime, Number(row.ipt_days), row.ars_year_ipt_flag],
      ['0', '2026-01-03 09:30:00', 6, '1'],
    );
    const diagnoses = ok(await send('5202', { data: { psn_no: RETIRED.psn_no, mdtrt_id: result.mdtrt_id } }))
      .diseinfo as Row[];
    assert.deepEqual(
      diagnoses.map((each) => [each.inout_diag_type, each.diag_code, each.maindiag_flag]),
      [
        ['1', 'J18.900', '1'],
        ['2', 'J18.900', '1'],
      ],
    );
    assert.equal(new Set(diagnoses.map((each) => each.diag_info_id)).size, 2);
    assert.ok(diagnoses.every((each) => each.diag_info_id!.length <= 30 && each.psn_no === RETIRED.psn_no));
    assert.deepEqual(
      ok(await other('5202', { data: { psn_no: RETIRED.psn_no, mdtrt_id: result.mdtrt_id } })).diseinfo,
      [],
    );
    ok(await send('2405', { data: { psn_no: RETIRED.psn_no, mdtrt_id: result.mdtrt_id } }));
    ok(await send('2404', { data: { psn_no: RETIRED.psn_no, mdtrt_id: result.mdtrt_id } }));
  });

  test('what is wrong is refused by name', async () => {
    assert.match(
      (await ask({ ...WORKER, psn_no: 'nobody' })).err_msg,
      /字段psn_no（人员编号）值“nobody”：没有该人员/,
    );
    assert.match(
      (await ask(WORKER, { begntime: '2025-02-30' })).err_msg,
      /begntime（开始时间）值“2025-02-30”/,
    );
    assert.match((await ask(WORKER, { med_type: '' })).err_msg, /med_type（医疗类别）值“”：必填项为空/);
    const noLater = await ask(WORKER, { begntime: '2025-05-01', endtime: '2025-04-01' });
    assert.match(noLater.err_msg, /endtime（结束时间）值“2025-04-01 23:59:59”：结束早于开始/);
  });
});

describe('5205: what a person got for chronic diseases', () => {
  const ask = async (person: Insured, more: Row = {}, by = send): Promise<Row[]> =>
    ok(await by('5205', { data: { psn_no: person.psn_no, begntime: '2025-01-01 00:00:00', ...more } }))
      .feedetail;
  const filing = (person: Insured) => ({
    data: {
      psn_no: person.psn_no,
      insutype: person.insutype,
      opsp_dise_code: 'M03900',
      opsp_dise_name: '高血压',
      insu_optins: AREA,
      ide_fixmedins_no: HOSPITAL,
      ide_fixmedins_name: '第一医院',
      hosp_ide_date: '2025-01-01',
      diag_dr_codg: 'D1',
      diag_dr_name: '赵医生',
      begndate: '2025-01-01',
    },
  });

  test('drugs that were settled under 14, at every institution, without services and without what was taken back', async () => {
    ok(await send('2503', filing(WORKER)));
    const visit = async (by: VisitService['send'], day: string, number: string) => {
      const { data } = ok(await by('2201', registration(WORKER, day, number)));
      ok(await by('2203', description(WORKER, data.mdtrt_id, day, '14', 'M03900')));
      const lines = [
        { yuan: 60, sn: '1', code: 'XC08CAA001' },
        { yuan: 20, sn: '2', code: '001102000010000' },
      ];
      ok(await by('2204', feeLines(WORKER, data.mdtrt_id, day, lines)));
      return data.mdtrt_id as string;
    };
    const settle = async (by: VisitService['send'], mdtrtId: string) =>
      ok(await by('2207', settlementOf(WORKER, mdtrtId, 80, { med_type: '14' }))).setlinfo as Row;
    const first = await visit(send, '2025-06-01', 'CH1');
    assert.deepEqual(await ask(WORKER), [], 'nothing is settled yet');
    await settle(send, first);
    const second = await visit(other, '2025-07-01', 'CH2');
    const undone = await settle(other, second);
    const mapping = {
      fixmedins_hilist_id: 'LXC08CAA001',
      fixmedins_hilist_name: '氨氯地平片',
      list_type: '101',
      med_list_codg: 'XC08CAA001',
      begndate: '2025-01-01',
      enddate: '2025-12-31',
    };
    ok(await other('3301', { data: mapping }));
    const rows = await ask(WORKER);
    assert.deepEqual(
      rows.map((row) => [
        row.fixmedins_name,
        row.fee_ocur_time,
        row.med_list_codg,
        row.cnt,
        row.list_type,
        row.med_chrgitm_type,
        row.medins_list_name,
      ]),
      [
        ['第一医院', '2025-06-01 09:30:00', 'XC08CAA001', '1.0000', '101', '09', ''],
        ['第二医院', '2025-07-01 09:30:00', 'XC08CAA001', '1.0000', '101', '09', '氨氯地平片'],
      ],
    );
    assert.equal((await ask(WORKER, { endtime: '2025-06-30' })).length, 1);
    assert.equal((await ask(WORKER, { begntime: '2025-06-02 00:00:00' })).length, 1);
    assert.deepEqual(await ask(RESIDENT), []);
    ok(await other('2208', { data: { psn_no: WORKER.psn_no, mdtrt_id: second, setl_id: undone.setl_id } }));
    assert.equal((await ask(WORKER)).length, 1);
  });
});

describe('3301 and 3302: mappings', () => {
  const row = {
    fixmedins_hilist_id: 'A1',
    fixmedins_hilist_name: '奥美拉唑',
    list_type: '101',
    med_list_codg: 'XA02BCA001',
    begndate: '2025-01-01',
    enddate: '2025-12-31',
    item_cont: '项目内涵的说明可以长',
  };
  const kept = async () =>
    (
      await sql<Row>`SELECT fixmedins_code, fixmedins_hilist_id, enddate FROM item_mapping
      WHERE fixmedins_hilist_id LIKE 'A%' ORDER BY 1, 2`.execute(service.store)
    ).rows;

  test('a mapping is kept, changed by sending it again, and taken back at the root or in data', async () => {
    ok(await send('3301', { data: [row, { ...row, fixmedins_hilist_id: 'A2' }] }));
    ok(await send('3301', { data: { ...row, enddate: '2026-12-31' } }));
    ok(await other('3301', { data: [row] }));
    assert.deepEqual(
      (await kept()).map((each) => [each.fixmedins_code, each.fixmedins_hilist_id, each.enddate]),
      [
        [HOSPITAL, 'A1', '2026-12-31'],
        [HOSPITAL, 'A2', '2025-12-31'],
        [OTHER_HOSPITAL, 'A1', '2025-12-31'],
      ],
    );
    const { fixmedins_hilist_id, list_type, med_list_codg } = row;
    const key = { fixmedins_code: HOSPITAL, fixmedins_hilist_id, list_type, med_list_codg };
    assert.match((await other('3302', key)).err_msg, /fixmedins_code.*只能撤销本机构的对照/);
    ok(await send('3302', key));
    assert.match((await send('3302', key)).err_msg, /字段fixmedins_hilist_id值“A1”：没有该对照/);
    ok(await send('3302', { data: { ...key, fixmedins_hilist_id: 'A2' } }));
    ok(await other('3302', { data: [{ ...key, fixmedins_code: OTHER_HOSPITAL }] }));
    assert.deepEqual(await kept(), []);
  });

  test('a fault in one row keeps none of them, and names row, field and value', async () => {
    const refused = async (wrong: object, pattern: RegExp) => {
      assert.match(
        (await send('3301', { data: [row, { ...row, fixmedins_hilist_id: 'A9', ...wrong }] })).err_msg,
        pattern,
      );
      assert.deepEqual(await kept(), []);
    };
    await refused({ enddate: '2024-12-31' }, /节点data\[2\]字段enddate值“2024-12-31”：结束日期早于开始日期/);
    await refused({ list_type: '999' }, /节点data\[2\]字段list_type（目录类别）值“999”：不在字典/);
    await refused({ med_list_codg: '' }, /data\[2\]字段med_list_codg（医疗目录编码）值“”：必填项为空/);
    await refused({ begndate: '2025/01/01x' }, /begndate（开始日期）值“2025\/01\/01x”/);
    assert.match((await send('3301', { data: [] })).err_msg, /data/);
    assert.match((await send('3301', {})).err_msg, /data/);
    assert.match((await send('3302', {})).err_msg, /字段fixmedins_hilist_id值“”：必填项为空/);
  });
});

test('2205 and 2302 take back every row they are given, or none', async () => {
  const { data } = ok(await send('2201', registration(RETIRED, '2025-04-01', 'DEL')));
  ok(await send('2203', description(RETIRED, data.mdtrt_id, '2025-04-01')));
  for (const batch of ['B1', 'B2', 'B3'])
    ok(await send('2204', feeLines(RETIRED, data.mdtrt_id, '2025-04-01', [{ yuan: 1, sn: batch }], batch)));
  const left = async () =>
    (
      await sql<Row>`SELECT feedetl_sn FROM fee_line WHERE mdtrt_id = ${data.mdtrt_id} ORDER BY 1`.execute(
        service.store,
      )
    ).rows.map((row) => row.feedetl_sn);
  const row = (chrg_bchno: string) => ({ mdtrt_id: data.mdtrt_id, psn_no: RETIRED.psn_no, chrg_bchno });
  assert.match(
    (await send('2205', { data: [row('B1'), row('B9')] })).err_msg,
    /chrg_bchno值“B9”：没有这样的明细/,
  );
  assert.deepEqual(await left(), ['B1', 'B2', 'B3']);
  ok(await send('2205', { data: [row('B1'), row('B2')] }));
  assert.deepEqual(await left(), ['B3']);
  ok(await send('2205', { data: row('0000') }));
  assert.deepEqual(await left(), []);
  assert.match((await send('2205', {})).err_msg, /节点data：缺少该节点/);
  assert.match((await send('2302', { data: [] })).err_msg, /节点data：至少要有一行/);
});

test('the fee of a registration alone is settled under 12', async () => {
  const { data } = ok(await send('2201', registration(CHILD, '2025-04-02', 'REG')));
  ok(await send('2203', description(CHILD, data.mdtrt_id, '2025-04-02', '12')));
  ok(await send('2204', feeLines(CHILD, data.mdtrt_id, '2025-04-02', [{ yuan: 12, sn: '1' }])));
  const settled = ok(await send('2207', settlementOf(CHILD, data.mdtrt_id, 12, { med_type: '12' }))).setlinfo;
  assert.deepEqual([settled.med_type, settled.medfee_sumamt], ['12', '12.00']);
  ok(
    await send('2208', { data: { psn_no: CHILD.psn_no, mdtrt_id: data.mdtrt_id, setl_id: settled.setl_id } }),
  );
});

describe('filings', () => {
  const transfer = (person: Insured, more: Row = {}) => ({
    refmedin: {
      psn_no: person.psn_no,
      insutype: person.insutype,
      diag_code: 'J18.900',
      diag_name: '肺炎',
      reflin_medins_no: FAR_HOSPITAL,
      reflin_medins_name: '邻市医院',
      mdtrtarea_admdvs: '990200',
      refl_type: '2',
      refl_date: '2025-05-01',
      refl_rea: '病情需要',
      refl_opnn: '同意',
      begndate: '2025-05-01',
      enddate: '2025-06-30',
      ...more,
    },
  });
  const far = as(FAR_HOSPITAL);
  const header = { insuplc_admdvs: AREA, mdtrtarea_admvs: '990200' };
  let stays = 0;
  /** What the pooling fund would pay for a stay in the neighbouring city, which is taken back again. */
  const payOfStay = async (person: Insured, day: string): Promise<{ pay: string; deductible: string }> => {
    stays += 1;
    const { result } = ok(await far('2401', admission(person, day, `F${stays}`), header));
    ok(await far('2301', feeLines(person, result.mdtrt_id, day, [{ yuan: 20000, sn: '1' }]), header));
    ok(await far('2402', discharge(person, result.mdtrt_id, day), header));
    const { setlinfo } = ok(await far('2304', settlementOf(person, result.mdtrt_id, 20000), header));
    const key = { mdtrt_id: result.mdtrt_id, psn_no: person.psn_no };
    ok(await far('2305', { data: { ...key, setl_id: setlinfo.setl_id } }, header));
    ok(await far('2405', { data: key }, header));
    ok(await far('2404', { data: key }, header));
    return { pay: setlinfo.hifp_pay, deductible: setlinfo.act_pay_dedc };
  };

  test('2501 makes an out-of-area stay a filed one on its days; 2502 takes that back, by its institution alone', async () => {
    const unfiled = await payOfStay(RESIDENT, '2025-05-10');
    const { result } = ok(await send('2501', transfer(RESIDENT)));
    assert.match(result.trt_dcla_detl_sn, /^\d{30}$/);
    const filed = await payOfStay(RESIDENT, '2025-05-10');
    assert.ok(Number(filed.pay) > Number(unfiled.pay), `${filed.pay} > ${unfiled.pay}`);
    assert.deepEqual(await payOfStay(RESIDENT, '2025-07-01'), unfiled, 'after its last day');
    assert.match(
      (await send('2501', transfer(RESIDENT))).err_msg,
      new RegExp(`节点refmedin字段begndate值“2025-05-01”：已有有效的备案（${result.trt_dcla_detl_sn}）`),
    );
    const undo = { data: { trt_dcla_detl_sn: result.trt_dcla_detl_sn, psn_no: RESIDENT.psn_no, memo: '撤' } };
    assert.match((await other('2502', undo)).err_msg, /trt_dcla_detl_sn.*本机构没有这项有效的备案/);
    assert.match((await send('2504', undo)).err_msg, /没有这项有效的备案/, 'it is no chronic disease');
    ok(await send('2502', undo));
    assert.match((await send('2502', undo)).err_msg, /没有这项有效的备案/);
    assert.deepEqual(await payOfStay(RESIDENT, '2025-05-10'), unfiled);
  });

  test('2501 is refused by name', async () => {
    assert.match(
      (await send('2501', transfer(RESIDENT, { enddate: '2025-04-30' }))).err_msg,
      /节点refmedin字段enddate值“2025-04-30”：结束日期早于开始日期/,
    );
    assert.match(
      (await send('2501', transfer(RESIDENT, { refl_rea: '' }))).err_msg,
      /refl_rea（转院原因）值“”：必填项为空/,
    );
    assert.match(
      (await send('2501', transfer({ ...RESIDENT, psn_no: 'nobody' }))).err_msg,
      /节点refmedin字段psn_no（人员编号）值“nobody”：没有该人员/,
    );
    const { result } = ok(await send('2501', transfer(RESIDENT, { begndate: '', enddate: '' })));
    const { rows } = await sql<Row>`SELECT begndate, enddate FROM filing
      WHERE trt_dcla_detl_sn = ${result.trt_dcla_detl_sn}`.execute(service.store);
    assert.deepEqual(
      rows[0],
      { begndate: '2025-05-01', enddate: null },
      'without days it begins with the transfer',
    );
    ok(
      await send('2502', {
        data: { trt_dcla_detl_sn: result.trt_dcla_detl_sn, psn_no: RESIDENT.psn_no, memo: 'x' },
      }),
    );
  });

  test('2505 files living elsewhere, and designates an institution; 2506 takes it back', async () => {
    const designation = (biz_appy_type: string, more: Row = {}) => ({
      data: {
        psn_no: CHILD.psn_no,
        biz_appy_type,
        begndate: '2025-01-01',
        fix_srt_no: '1',
        fixmedins_code: FAR_HOSPITAL,
        fixmedins_name: '邻市医院',
        ...more,
      },
    });
    const unfiled = await payOfStay(CHILD, '2025-05-10');
    const { result } = ok(await send('2505', designation('08')));
    const filed = await payOfStay(CHILD, '2025-05-10');
    assert.ok(Number(filed.pay) > Number(unfiled.pay));
    assert.match((await send('2505', designation('08'))).err_msg, /已有有效的备案/);
    ok(await send('2505', designation('03')));
    assert.match(
      (await send('2505', designation('77'))).err_msg,
      /biz_appy_type（业务申请类型）值“77”：不在字典/,
    );
    ok(
      await send('2506', {
        data: { trt_dcla_detl_sn: result.trt_dcla_detl_sn, psn_no: CHILD.psn_no, memo: '撤' },
      }),
    );
    assert.deepEqual(await payOfStay(CHILD, '2025-05-10'), unfiled);
  });

  test('2507 keeps an accident with what was said of it', async () => {
    const accident = {
      dcla_souc: '01',
      insutype: '390',
      psn_no: RESIDENT.psn_no,
      psn_cert_type: '01',
      certno: RESIDENT.certno,
      psn_name: RESIDENT.name,
      insu_admdvs: AREA,
      trum_time: '2025-05-01 07:00:00',
      trum_site: '家中',
      trum_rea: '跌倒',
      chk_pay_flag: '1',
      begndate: '2025-05-01',
    };
    const { result } = ok(await send('2507', { data: accident }));
    const { rows } = await sql<{ kind: string; body: Row }>`SELECT kind, body FROM filing
      WHERE trt_dcla_detl_sn = ${result.trt_dcla_detl_sn}`.execute(service.store);
    assert.deepEqual([rows[0]!.kind, rows[0]!.body.trum_rea], ['accident', '跌倒']);
    assert.match((await send('2507', { data: accident })).err_msg, /已有有效的备案/);
    assert.match(
      (await send('2507', { data: { ...accident, chk_pay_flag: '' } })).err_msg,
      /chk_pay_flag（审核支付标志）值“”/,
    );
  });
});

describe('3201 and 3202 with broken input', () => {
  const today = Temporal.Now.zonedDateTimeISO('+08:00').toPlainDate().toString();
  const period = {
    insutype: '310',
    clr_type: '11',
    setl_optins: AREA,
    stmt_begndate: today,
    stmt_enddate: today,
    medfee_sumamt: 0,
    fund_pay_sumamt: 0,
    acct_pay: 0,
    cash_payamt: 0,
    fixmedins_setl_cnt: 0,
    fixmedins_refd_setl_flag: '0',
  };
  const upload = async (content: Buffer | string, by = send, owner = HOSPITAL): Promise<string> =>
    ok(
      await by('9101', {
        fsUploadIn: { in: Buffer.from(content).toString('base64'), filename: 'a.txt', fixmedins_code: owner },
      }),
    ).file_qury_no;
  const compare = (file_qury_no: string, more = {}) =>
    send('3202', { data: { ...period, file_qury_no, ...more } });

  test('3201: days that run backwards, amounts that are none, a class that is none', async () => {
    const refused = async (more: object, pattern: RegExp) =>
      assert.match((await send('3201', { data: { ...period, ...more } })).err_msg, pattern);
    await refused(
      { stmt_enddate: '2020-01-01' },
      /stmt_enddate（对账结束日期）值“2020-01-01”：对账结束日期早于开始日期/,
    );
    await refused({ medfee_sumamt: 'x' }, /medfee_sumamt（医疗费总额）值“x”：应为数字/);
    await refused({ medfee_sumamt: '1.234' }, /medfee_sumamt.*最多2位小数/);
    await refused({ stmt_begndate: '2025-13-01' }, /stmt_begndate/);
    await refused({ clr_type: '' }, /clr_type（清算类别）值“”：必填项为空/);
    await refused({ refd_setl_flag: '2' }, /refd_setl_flag（退费结算标志）值“2”：不在字典/);
    await refused({ fixmedins_setl_cnt: '一' }, /fixmedins_setl_cnt.*应为数字/);
  });

  test('3202: a file that is not there, of another institution, no archive, with wrong cells', async () => {
    assert.match((await compare('nothing')).err_msg, /file_qury_no（文件查询号）值“nothing”：没有该文件/);
    assert.match((await compare(await upload('x', other, OTHER_HOSPITAL))).err_msg, /没有该文件/);
    const archive = zipOne('a.txt', Buffer.from('S\tM\tP\t1\t0\t0\t0\n'));
    archive.fill(0xff, 40, 50);
    assert.match((await compare(await upload(archive))).err_msg, /压缩包中没有可读的文件/);
    const row = ['S1', 'M', WORKER.psn_no, '5.00', '0', '0', '0'];
    const wrong = async (column: number, value: string, pattern: RegExp) =>
      assert.match(
        (await compare(await upload(`${row.join('\t')}\n${row.with(column, value).join('\t')}\n`))).err_msg,
        pattern,
      );
    assert.match((await compare(await upload('S1\tM\n'))).err_msg, /第1行应有7列（TAB 分隔），现有2列/);
    await wrong(3, '5,00', /节点file\[2\]字段medfee_sumamt值“5,00”：应为至多两位小数的金额/);
    await wrong(4, 'null', /节点file\[2\]字段fund_pay_sumamt值“”/);
    await wrong(5, '0.001', /节点file\[2\]字段acct_pay值“0.001”/);
    await wrong(0, '', /节点file\[2\]字段setl_id值“”：结算ID为空/);
    await wrong(6, '9', /节点file\[2\]字段refd_setl_flag值“9”：应为0或1/);
    assert.match((await compare(await upload('x'), { stmt_enddate: '2020-01-01' })).err_msg, /stmt_enddate/);
  });

  test('3202: a settlement and its refund, a settlement sent twice, an archive with a byte order mark and CRLF', async () => {
    const mdtrtId = await outpatientVisit(send, WORKER, '2025-11-02', [{ yuan: 300, sn: '1' }]);
    const { setlinfo } = ok(await send('2207', settlementOf(WORKER, mdtrtId, 300)));
    const undone = ok(
      await send('2208', { data: { setl_id: setlinfo.setl_id, mdtrt_id: mdtrtId, psn_no: WORKER.psn_no } }),
    ).setlinfo;
    const line = (id: string, sign: string, flag: string) =>
      [
        id,
        mdtrtId,
        WORKER.psn_no,
        `${sign}300`,
        `${sign}${setlinfo.fund_pay_sumamt}`.replace('-0.00', '0'),
        '0',
        flag,
      ].join('\t');
    const text = `\uFEFFsetl_id\tx\r\n${line(setlinfo.setl_id, '', '0')}\r\n${line(undone.setl_id, '-', '1')}\r\n${line(setlinfo.setl_id, '', '0')}\r\n`;
    const { fileinfo } = ok(await compare(await upload(zipOne('a.txt', Buffer.from(text)))));
    const response = await fetch(`${service.url}/fsi/api/rsfComIfsService/callService`, {
      method: 'POST',
      body: JSON.stringify(
        (await import('./support/hospital-service.ts')).message('9102', {
          fsDownloadIn: {
            file_qury_no: fileinfo.file_qury_no,
            filename: fileinfo.filename,
            fixmedins_code: HOSPITAL,
          },
        }),
      ),
    });
    const rows = unzipOne(Buffer.from(await response.arrayBuffer()))!
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((each) => each.split('\t'));
    const ours = rows.filter((cells) => [setlinfo.setl_id, undone.setl_id].includes(cells[2]!));
    assert.deepEqual(
      ours.map((cells) => [cells[4], cells[5], cells[6]]),
      [
        ['0', '0', 'null'],
        ['0', '1', 'null'],
        ['1', '0', '文件中已有该结算'],
      ],
    );
  });
});

test('after two files were put together 5201, 5202 and 5205 still find what happened under the old number', async () => {
  await mergePersons(service.store, WORKER.psn_no, RETIRED.psn_no, Temporal.Now.instant());
  const span = { begntime: '2025-01-01 00:00:00', endtime: '2025-12-31' };
  for (const psn_no of [WORKER.psn_no, RETIRED.psn_no]) {
    const { mdtrtinfo } = ok(await send('5201', { data: { psn_no, ...span, med_type: '14' } }));
    assert.equal(mdtrtinfo.length, 1);
    const { diseinfo } = ok(await send('5202', { data: { psn_no, mdtrt_id: mdtrtinfo[0].mdtrt_id } }));
    assert.equal(diseinfo.length, 1);
    assert.equal(ok(await send('5205', { data: { psn_no, ...span } })).feedetail.length, 1);
  }
});
