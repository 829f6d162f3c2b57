import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { bodyHash, type Header } from '#interface/envelope.ts';
import { loadMetadata, setAreaRules, setSecurity } from '#interface/index.ts';
import {
  type Answer,
  CALL_PATH,
  HOSPITAL,
  type HospitalService,
  list4101A,
  message,
  OTHER_HOSPITAL,
  startHospitalService,
} from './support/hospital-service.ts';

/** Numbers of other editions than the one whose list has 206. */
const RETIRED = ['2306', '2406', '2407', '3203', '3204', '4101A', '4201'];

let service: HospitalService;
before(async () => {
  service = await startHospitalService();
});
after(() => service.close());
const send: HospitalService['send'] = (...given) => service.send(...given);
const answerOf = async (response: Response) => (await response.json()) as Answer;

describe('the answer has the national form', () => {
  test('success is the number 0, with a reference of 30 characters and times of 17 digits', async () => {
    const answer = await send('1201', { medinsinfo: { fixmedins_type: '1', fixmedins_code: HOSPITAL } });
    assert.equal(answer.infcode, 0, answer.err_msg);
    assert.match(answer.inf_refmsgid, /^430100\d{24}$/);
    assert.match(answer.refmsg_time, /^\d{17}$/);
    assert.match(answer.respond_time, /^\d{17}$/);
    assert.equal(answer.err_msg, '');
    assert.deepEqual(answer.output.medinsinfo, {
      fixmedins_code: HOSPITAL,
      fixmedins_name: '第一医院',
      uscc: '12430000444876543A',
      fixmedins_type: '1',
      hosp_lv: '2',
      exp_content: '',
    });
  });

  test('two answers never have the same reference', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => send('9999', {})));
    assert.equal(new Set(answers.map(({ inf_refmsgid }) => inf_refmsgid)).size, 50);
  });

  test('every transaction nobody implements says so, as does a number that is none', async () => {
    const { transactions } = loadMetadata();
    assert.equal([...transactions.keys()].filter((number) => !RETIRED.includes(number)).length, 206);
    const live = new Set(Object.keys((await import('#interface/index.ts')).hospitalTransactions));
    for (const { number, zh } of transactions.values()) {
      if (live.has(number)) continue;
      const answer = await send(number, { data: {} });
      assert.equal(answer.infcode, -1);
      assert.match(answer.err_msg, new RegExp(`本平台未提供交易${number}（`), zh);
    }
    const unknown = await send('8888', {});
    assert.match(unknown.err_msg, /字段infno（交易编号）值“8888”：接口规范中没有该交易/);
    assert.match((await send('constructor'.slice(0, 6), {})).err_msg, /没有该交易/);
  });

  test('a fault names node, field, value and reason within 200 characters', async () => {
    const list = list4101A('FAULT');
    const wrong = {
      ...list,
      setlinfo: { ...list.setlinfo, medcasno: '', dscg_time: '2025-02-30 10:00:00', coner_name: '李四' },
      diseinfo: [
        { ...list.diseinfo[0], diag_type: '7' },
        { ...list.diseinfo[1], diag_code: 'X'.repeat(21) },
      ],
    };
    const answer = await send('4101A', wrong);
    assert.equal(answer.infcode, -1);
    assert.ok([...answer.err_msg].length <= 200, answer.err_msg);
    assert.match(answer.err_msg, /^节点setlinfo字段medcasno（病案号）值“”：必填项为空；/);
    assert.match(answer.err_msg, /…等共\d处$/);
    const one = await send('4101A', {
      ...list,
      diseinfo: [list.diseinfo[0], { ...list.diseinfo[1], diag_type: '7' }],
    });
    assert.equal(
      one.err_msg,
      '节点diseinfo[2]字段diag_type（诊断类别）值“7”：不在字典diag_type中（1、2、3）',
    );
    const english = await answerOf(await service.post(message('4101A', wrong), { 'accept-language': 'en' }));
    assert.match(english.err_msg, /^node setlinfo field medcasno value "": a value is required/);
  });

  test('a header field that is missing or too long is named', async () => {
    const missing = await send('9001', {}, { opter: 'null' });
    assert.match(missing.err_msg, /字段opter（经办人）值“”：必填项为空/);
    const long = await send('9001', {}, { msgid: 'x'.repeat(31) });
    assert.match(long.err_msg, /字段msgid（发送方报文ID）.*最长30个字符，现有31个/);
    const foreign = await send('9001', {}, { fixmedins_code: 'H99999999999' });
    assert.match(foreign.err_msg, /fixmedins_code.*H99999999999.*不是本统筹区的定点医药机构/);
  });
});

describe('what clients do is understood', () => {
  const query = { medinsinfo: { fixmedins_type: 1, fixmedins_name: '第二' } };

  test('input as text, numbers for text, "null" in header fields, unknown fields, any msgid, text/plain', async () => {
    const body = message('1201', JSON.stringify(query), {
      msgid: 'a-b_c/中文:{}',
      sign_no: 'null',
      dev_no: 'NULL',
      insuplc_admdvs: null,
      fixmedins_soft_fcty: '某某软件',
      infver: '1.0.0',
      opter_type: 1,
    });
    for (const type of [
      'text/plain',
      'text/plain;charset=UTF-8',
      'application/json',
      'application/octet-stream',
      'x/y',
    ]) {
      const answer = await answerOf(await service.post(JSON.stringify(body), { 'content-type': type }));
      assert.equal(answer.infcode, 0, `${type} ${answer.err_msg}`);
      assert.equal(answer.output.medinsinfo.fixmedins_code, OTHER_HOSPITAL);
    }
  });

  test('a byte order mark, multipart with jsonStr, and a path with the number', async () => {
    const bytes = Buffer.concat([
      Buffer.from([0xef, 0xbb, 0xbf]),
      Buffer.from(JSON.stringify(message('1201', query))),
    ]);
    assert.equal((await answerOf(await service.post(bytes))).infcode, 0);
    const form = new FormData();
    form.set('jsonStr', JSON.stringify(message('1201', query)));
    const multipart = await fetch(`${service.url}${CALL_PATH}`, { method: 'POST', body: form });
    assert.equal((await answerOf(multipart)).infcode, 0);
    const { infno: _, ...rest } = message('', query);
    assert.equal((await answerOf(await service.post(rest, {}, '/fsi/api/1201'))).infcode, 0);
    assert.equal((await answerOf(await service.post(rest, {}, '/fsi/api/api_1201'))).infcode, 0);
  });

  test('amounts are the same as text and as numbers, exactly', async () => {
    const data = {
      clr_type: '21',
      clr_way: '50',
      psntime: 12,
      medfee_sumamt: 1234567890123.45,
      med_sumfee: '1234567890123.45',
      fund_appy_sum: 0.1,
      cash_payamt: '0.10',
      acct_pay: 0,
      begndate: '2025-03-01',
      enddate: '2025-03-31 00:00:00',
    };
    const answer = await send('3203', { data: { ...data, setlym: '202503' } });
    assert.equal(answer.infcode, 0, answer.err_msg);
    assert.equal(answer.output.result.clr_appy_evt_id.length, 30);
    assert.match((await send('3203', { data: { ...data, setlym: '202503' } })).err_msg, /已经申请过/);
    assert.match(
      (await send('3203', { data: { ...data, setlym: '202504', psntime: 'viele' } })).err_msg,
      /psntime.*应为数字/,
    );
    const { medfee_sumamt: _, ...without } = data;
    assert.match(
      (await send('3203', { data: { ...without, setlym: '202505' } })).err_msg,
      /medfee_sumamt.*必填项为空/,
    );
  });

  test('a single object stands for a list of one row, and an array of one for an object', async () => {
    const list = list4101A('ONE');
    const answer = await send('4101A', { ...list, setlinfo: [list.setlinfo], diseinfo: list.diseinfo[0] });
    assert.equal(answer.infcode, 0, answer.err_msg);
    const queried = await send('4103', { data: { psn_no: 'PONE', setl_id: 'ONE' } });
    assert.equal(queried.output.diseinfo.length, 1);
  });
});

describe('a message that comes again', () => {
  test('gets the stored answer when the input is the same, whatever the order of its keys and its time', async () => {
    const { setlinfo, diseinfo } = list4101A('AGAIN');
    const first = await send('4101A', { setlinfo, diseinfo }, { msgid: 'again-1' });
    assert.equal(first.infcode, 0, first.err_msg);
    const reordered = { diseinfo, setlinfo: Object.fromEntries(Object.entries(setlinfo).toReversed()) };
    const second = await send('4101A', JSON.stringify(reordered), {
      msgid: 'again-1',
      inf_time: '2025-03-04 10:20:00',
    });
    assert.deepEqual(second, first);
  });

  test('is refused as a repeated msgid when the input is another', async () => {
    await send('4101A', list4101A('REP1'), { msgid: 'rep' });
    const other = await send('4101A', list4101A('REP2'), { msgid: 'rep' });
    assert.equal(other.infcode, -1);
    assert.match(other.err_msg, /msgid 重复/);
    const otherHospital = await send('4101A', list4101A('REP3'), {
      msgid: 'rep',
      fixmedins_code: OTHER_HOSPITAL,
    });
    assert.equal(otherHospital.infcode, 0, otherHospital.err_msg);
  });

  test('is carried out once when many send it at the same time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => send('4101A', list4101A('MANY'), { msgid: 'many' })),
    );
    assert.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1);
  });

  test('may be mended and sent again with the same msgid when nothing was done', async () => {
    const list = list4101A('MEND');
    assert.equal(
      (await send('4101A', { ...list, setlinfo: { ...list.setlinfo, prfs: '' } }, { msgid: 'mend' })).infcode,
      -1,
    );
    assert.equal((await send('4101A', list, { msgid: 'mend' })).infcode, 0);
  });
});

describe('the life of a list', () => {
  const state = (setlId: string, stas_type: unknown, header = {}) =>
    send('4102', { data: { psn_no: `P${setlId}`, setl_id: setlId, stas_type } }, header);

  test('it is uploaded, changed, submitted; then neither changed nor submitted again', async () => {
    const uploaded = await send('4101A', list4101A('LIFE'));
    assert.match(uploaded.output.data.setl_list_id, /^\d{9}$/);
    const again = await send('4101A', list4101A('LIFE', { medcasno: 'B2' }));
    assert.equal(again.output.data.setl_list_id, uploaded.output.data.setl_list_id);
    assert.equal((await state('LIFE', 1)).infcode, 0);
    const changed = await send('4101A', list4101A('LIFE', { medcasno: 'B3' }));
    assert.match(changed.err_msg, /setl_id.*已提交，不能再修改/);
    assert.match((await state('LIFE', '1')).err_msg, /stas_type.*现为1（已提交），不能改为1/);
    assert.match((await state('LIFE', '0')).err_msg, /不能改为0/);
    assert.match((await state('LIFE', '2')).err_msg, /机构只能改为0（未提交）或1/);
    const queried = await send('4103', { data: { psn_no: 'PLIFE', setl_id: 'LIFE' } });
    const { setlinfo, oprninfo, diseinfo } = queried.output;
    assert.equal(setlinfo.medcasno, 'B2');
    assert.equal(setlinfo.stas_type, '1');
    assert.deepEqual(
      [setlinfo.vent_used_days, setlinfo.vent_used_h_cnt, setlinfo.vent_used_m_cnt],
      ['1', '13', '24'],
    );
    assert.equal(oprninfo[0].main_oprn_flag, '1');
    assert.equal(diseinfo[0].setl_id, 'LIFE');
    assert.equal(setlinfo.setl_list_sn, uploaded.output.data.setl_list_id);
  });

  test('where the area allows it a submitted list can be taken back', async () => {
    await send('4101A', list4101A('BACK'));
    await state('BACK', '1');
    await setAreaRules(service.store, 'city', { may_withdraw_submitted: true });
    assert.equal((await state('BACK', '0')).infcode, 0);
    await setAreaRules(service.store, 'city', { may_withdraw_submitted: false });
    assert.equal((await send('4101A', list4101A('BACK', { medcasno: 'B2' }))).infcode, 0);
  });

  test('another institution neither sees nor changes it', async () => {
    await send('4101A', list4101A('MINE'));
    const other = { fixmedins_code: OTHER_HOSPITAL };
    assert.match((await state('MINE', '1', other)).err_msg, /没有上传过该清单/);
    assert.match(
      (await send('4103', { data: { psn_no: 'PMINE', setl_id: 'MINE' } }, other)).err_msg,
      /没有上传过该清单/,
    );
    assert.match(
      (await send('4101A', list4101A('MINE', { medcasno: 'X' }), other)).err_msg,
      /已由其他机构上传/,
    );
    const counts = { medtype_list: ['21'], stt_begntime: '2025-03-01', stt_endtime: '2025-03-31' };
    assert.match(
      (await send('4105', { data: { ...counts, fixmedins_code: HOSPITAL } }, other)).err_msg,
      /只能查询本机构的数据/,
    );
  });

  test('4105 counts the lists of a period', async () => {
    const data = {
      fixmedins_code: OTHER_HOSPITAL,
      medtype_list: ['21'],
      stt_begntime: '2024-05-01',
      stt_endtime: '2024-05-31',
    };
    const header = { fixmedins_code: OTHER_HOSPITAL };
    const dates = {
      setl_end_date: '2024-05-31',
      dscg_time: '2024-05-31 23:59:59',
      adm_time: '2024-05-20 00:00:00',
    };
    await send('4101A', list4101A('C1', dates), header);
    await send('4101A', list4101A('C2', dates), header);
    await send('4101A', list4101A('C3', { ...dates, setl_end_date: '2024-06-01' }), header);
    const counted = await send('4105', { data }, header);
    assert.equal(counted.infcode, 0, counted.err_msg);
    assert.equal(counted.output.uploadedCnt, 2);
    assert.equal(counted.output.notSubmittedCnt, 2);
  });

  test('the older edition of 4101 is taken by its own description', async () => {
    const missing = await send('4101', {
      setlinfo: { setl_id: 'OLD', mdtrt_id: 'M', certno: '4301' },
      diseinfo: [],
    });
    assert.match(missing.err_msg, /字段fixmedins_name（定点医药机构名称）值“”：必填项为空/);
    const newer = await send('4101', { setlinfo: { setl_id: 'NEW', mdtrt_id: 'M' } });
    assert.match(newer.err_msg, /字段psn_no（人员编号）值“”：必填项为空/);
  });
});

describe('sign-in', () => {
  const signIn = { signIn: { opter_no: '1001', mac: '00-11-22', ip: '10.0.0.1' } };

  test('is good until the sign-out, and needed only where the area says so', async () => {
    await setAreaRules(service.store, 'city', { is_sign_in_required: true });
    const query = { medinsinfo: { fixmedins_type: '1', fixmedins_code: HOSPITAL } };
    assert.match((await send('1201', query)).err_msg, /未签到/);
    const { output } = await send('9001', signIn);
    assert.equal(output.signinoutb.sign_no.length, 30);
    assert.match(output.signinoutb.sign_time, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    const { sign_no } = output.signinoutb;
    assert.equal((await send('1201', query, { sign_no })).infcode, 0);
    assert.equal((await send('1201', query)).infcode, 0, 'the operator is signed in');
    assert.equal((await send('1201', query, { sign_no, fixmedins_code: OTHER_HOSPITAL })).infcode, -1);
    assert.match(
      (await send('9002', { signOut: { sign_no, opter_no: '1001' } }, { sign_no })).output.sign_time,
      /^\d{4}/,
    );
    assert.equal((await send('1201', query, { sign_no })).infcode, -1);
    await setAreaRules(service.store, 'city', { is_sign_in_required: false });
    assert.equal((await send('1201', query)).infcode, 0);
    assert.match(
      (await send('9002', { signOut: { sign_no, opter_no: '1001' } })).err_msg,
      /没有该操作员未签退的签到/,
    );
  });
});

describe('a message that comes again after the sign-out', () => {
  const signIn = { signIn: { opter_no: '1001', mac: '00-11-22', ip: '10.0.0.1' } };
  const query = { medinsinfo: { fixmedins_type: '1', fixmedins_code: HOSPITAL } };

  test('gets its first answer; another message does not, nor one whose sender proves nothing', async () => {
    await setAreaRules(service.store, 'city', { is_sign_in_required: true });
    try {
      const { sign_no } = (await send('9001', signIn, { msgid: 'SIGN-IN-1' })).output.signinoutb;
      const first = await send('1201', query, { sign_no, msgid: 'OUT-1' });
      assert.equal(first.infcode, 0);
      await send('9002', { signOut: { sign_no, opter_no: '1001' } }, { sign_no, msgid: 'SIGN-OUT-1' });
      for (const header of [{ sign_no }, {}, { sign_no: 'null', opter: '2002' }])
        assert.deepEqual(await send('1201', query, { ...header, msgid: 'OUT-1' }), first);
      // the sign-in and the sign-out themselves are messages like others
      assert.equal((await send('9001', signIn, { msgid: 'SIGN-IN-1' })).output.signinoutb.sign_no, sign_no);
      const out = { signOut: { sign_no, opter_no: '1001' } };
      assert.match((await send('9002', out, { sign_no, msgid: 'SIGN-OUT-1' })).output.sign_time, /^\d{4}/);
      assert.match((await send('1201', query, { sign_no, msgid: 'OUT-2' })).err_msg, /未签到或已签退/);
      const other = { medinsinfo: { ...query.medinsinfo, fixmedins_type: '2' } };
      assert.match((await send('1201', other, { sign_no, msgid: 'OUT-1' })).err_msg, /msgid 重复/);
      await setSecurity(service.store, HOSPITAL, { dialect: 'csb' });
      const unproven = await service.post(message('1201', query, { sign_no, msgid: 'OUT-1' }));
      assert.equal(unproven.status, 401);
      assert.equal(((await unproven.json()) as { code: number }).code, 401);
    } finally {
      await setSecurity(service.store, HOSPITAL, { dialect: 'plain' });
      await setAreaRules(service.store, 'city', { is_sign_in_required: false });
    }
  });

  test('whatever the rules for its fields have become', async () => {
    await sql`INSERT INTO interface_message (fixmedins_code, infno, msgid, body_sha256, answer, received_at)
      SELECT fixmedins_code, '1201', 'OLDER-RULES', ${bodyHash({ header: { insuplc_admdvs: '' } as Header, input: {} })},
        answer, received_at FROM interface_message WHERE msgid = 'OUT-1'`.execute(service.store);
    assert.equal((await send('1201', {}, { msgid: 'OLDER-RULES' })).infcode, 0);
    assert.match((await send('1201', {}, { msgid: 'NO-SUCH' })).err_msg, /节点medinsinfo：缺少该节点/);
  });
});

describe('files', () => {
  test('a file sent as multipart comes back as the same bytes, to its institution only', async () => {
    const content = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * 7919) % 251));
    const form = new FormData();
    const input = { fsUploadIn: { in: '', filename: '对账.zip', fixmedins_code: HOSPITAL } };
    form.set('jsonStr', JSON.stringify(message('9101', input)));
    form.set('file', new Blob([content]), '对账.zip');
    const uploaded = await answerOf(
      await fetch(`${service.url}${CALL_PATH}`, { method: 'POST', body: form }),
    );
    assert.equal(uploaded.infcode, 0, uploaded.err_msg);
    const { file_qury_no, filename } = uploaded.output;
    const ask = { fsDownloadIn: { file_qury_no, filename, fixmedins_code: HOSPITAL } };
    const download = await service.post(message('9102', ask));
    assert.match(download.headers.get('content-type')!, /application\/octet-stream/);
    const bytes = Buffer.from(await download.arrayBuffer());
    assert.equal(
      createHash('sha256').update(bytes).digest('hex'),
      createHash('sha256').update(content).digest('hex'),
    );
    const other = await send('9102', ask, { fixmedins_code: OTHER_HOSPITAL });
    assert.match(other.err_msg, /没有该文件/);
    const asPublic = await send('9102', { fsDownloadIn: { ...ask.fsDownloadIn, fixmedins_code: 'plc' } });
    assert.match(asPublic.err_msg, /没有该文件/);
  });
});

describe('gateways', () => {
  const query = { medinsinfo: { fixmedins_type: '1', fixmedins_code: HOSPITAL } };
  after(() => setSecurity(service.store, HOSPITAL, { dialect: 'plain' }));

  test('CSB: the signature of a request is proven, with 10 and 13 digits, and its refusals are HTTP bodies', async () => {
    const { accessKey, secret } = await setSecurity(service.store, HOSPITAL, { dialect: 'csb' });
    const csb = (changes: Readonly<Record<string, string>> = {}, key = secret) => {
      const fields: Record<string, string> = {
        _api_name: '1201',
        _api_version: '1.0.0',
        _api_timestamp: String(Temporal.Now.instant().epochMilliseconds),
        _api_access_key: accessKey,
        ...changes,
      };
      const text = Object.keys(fields)
        .sort()
        .map((name) => `${name}=${fields[name]}`)
        .join('&');
      return { ...fields, _api_signature: createHmac('sha1', key).update(text).digest('base64'), ...changes };
    };
    const call = async (headers: Readonly<Record<string, string>>, header = {}) => {
      const response = await service.post(message('1201', query, header), headers);
      return {
        status: response.status,
        body: (await response.json()) as Answer & { code: number; message: string },
      };
    };
    assert.equal((await call(csb())).body.infcode, 0);
    const seconds = String(Math.floor(Temporal.Now.instant().epochMilliseconds / 1000));
    assert.equal((await call(csb({ _api_timestamp: seconds, _api_name: 'api_1201' }))).body.infcode, 0);
    const refused = async (headers: Readonly<Record<string, string>>, text: string) =>
      assert.deepEqual(await call(headers), { status: 401, body: { code: 401, message: text } });
    await refused({}, '缺少服务网关的请求头!');
    const { _api_version: _, ...incomplete }: Record<string, string> = csb();
    await refused(incomplete, '缺少服务网关的请求头!');
    await refused(csb({ _api_timestamp: String(Number(seconds) - 1801) }), '签名时间戳超时!');
    await refused(csb({ _api_access_key: 'nobody' }), '非法用户!');
    await refused(csb({}, 'wrong'), '签名不一致!');
    assert.match((await call(csb({ _api_name: '4101' }))).body.err_msg, /_api_name/);
    assert.match((await call(csb(), { fixmedins_code: OTHER_HOSPITAL })).body.err_msg, /该密钥不属于此机构/);
    // a vendor's key may stand for several institutions, each with a secret of its own
    await setSecurity(service.store, OTHER_HOSPITAL, {
      dialect: 'csb',
      accessKey,
      secret: 'of-the-other-one',
    });
    assert.equal((await call(csb())).body.infcode, 0);
    const asOther = { fixmedins_code: OTHER_HOSPITAL };
    assert.match((await call(csb(), asOther)).body.err_msg, /该密钥不属于此机构/);
    assert.match((await call(csb({}, 'of-the-other-one'))).body.err_msg, /该密钥不属于此机构/);
    assert.equal((await call(csb({}, 'of-the-other-one'), asOther)).body.infcode, 0);
    await setSecurity(service.store, OTHER_HOSPITAL, { dialect: 'plain' });
    await setSecurity(service.store, HOSPITAL, { dialect: 'csb', isSigned: false });
    assert.equal((await call({})).body.infcode, 0, 'the signature is switched off');
  });

  test('TIF: the signature is the SHA-256 of timestamp, secret, nonce and timestamp', async () => {
    const { accessKey, secret } = await setSecurity(service.store, HOSPITAL, { dialect: 'tif' });
    const timestamp = String(Math.floor(Temporal.Now.instant().epochMilliseconds / 1000));
    const nonce = 'a1b2c3';
    const headers = {
      'x-tif-paasid': accessKey,
      'x-tif-timestamp': timestamp,
      'x-tif-nonce': nonce,
      'x-tif-signature': createHash('sha256')
        .update(timestamp + secret + nonce + timestamp)
        .digest('hex'),
    };
    assert.equal((await answerOf(await service.post(message('1201', query), headers))).infcode, 0);
    const wrong = await service.post(message('1201', query), { ...headers, 'x-tif-nonce': 'other' });
    assert.equal(wrong.status, 401);
    assert.deepEqual(await wrong.json(), { code: 401, message: '签名不一致!' });
    assert.equal((await service.post(message('1201', query))).status, 401);
  });
});
