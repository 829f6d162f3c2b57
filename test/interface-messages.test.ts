import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { sm2 } from 'sm-crypto-v2';
import { hospitalTransactions, setSecurity } from '#interface/index.ts';
import {
  HOSPITAL,
  type HospitalService,
  list4101A,
  message,
  startHospitalService,
} from './support/hospital-service.ts';

let service: HospitalService;
before(async () => {
  service = await startHospitalService();
});
after(() => service.close());

/** A client that knows nothing of our code: the steps of interface.md §1.5, one after the other. */
const sm4 = (key: string, plain: string): string => {
  const cipher = createCipheriv('sm4-ecb', key, null);
  return Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
    .toString('hex')
    .toUpperCase();
};
const unSm4 = (key: string, hex: string): string => {
  const decipher = createDecipheriv('sm4-ecb', key, null);
  return Buffer.concat([decipher.update(hex, 'hex'), decipher.final()]).toString('utf8');
};
const ascii = (text: string) =>
  text.replace(/[^\0-~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, each]) => [key, sorted(each)]),
        )
      : value;

describe('the SM2/SM4 envelope', () => {
  const own = sm2.generateKeyPairHex();
  const query = { medinsinfo: { fixmedins_type: '1', fixmedins_code: HOSPITAL, amount: 12.5, name: '医院' } };
  const options = { hash: true, userId: '1234567812345678' };

  const seal = (
    appId: string,
    secret: string,
    data: object,
    change: (text: string) => string = (text) => text,
  ) => {
    const secKey = sm4(appId.slice(0, 16), secret).slice(0, 16);
    const head = {
      appId,
      encType: 'SM4',
      signType: 'SM2',
      timestamp: String(Temporal.Now.instant().epochMilliseconds),
      version: '1.0.0',
    };
    const pairs = { ...head, data: JSON.stringify(sorted(data)) };
    const text = Object.entries(pairs)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key}=${value}`)
      .join('&');
    const signature = sm2.doSignature(change(`${text}&key=${secret}`), own.privateKey, options);
    return {
      secKey,
      envelope: {
        ...head,
        extra: '',
        signData: Buffer.from(signature, 'hex').toString('base64'),
        data: { encData: sm4(secKey, ascii(JSON.stringify(data))) },
      },
    };
  };
  type Sealed = { appId: string; signData: string; data: { encData: string }; message: string; code: number };

  test('is opened, proven, and answered in an envelope the client can open and prove', async () => {
    const { accessKey, secret, servicePublicKey } = await setSecurity(service.store, HOSPITAL, {
      dialect: 'sealed',
      publicKey: own.publicKey,
    });
    const { envelope, secKey } = seal(accessKey, secret, message('1201', query));
    const sealed = (await (await service.post(envelope)).json()) as Sealed;
    const answer = JSON.parse(unSm4(secKey, sealed.data.encData)) as {
      infcode: number;
      output: { medinsinfo: { fixmedins_name: string } };
    };
    assert.equal(answer.infcode, 0);
    assert.equal(answer.output.medinsinfo.fixmedins_name, '第一医院');
    const { signData, data: _, ...head } = sealed;
    const pairs = Object.entries({ ...head, data: JSON.stringify(sorted(answer)) } as Record<string, unknown>)
      .filter(([, value]) => value !== '')
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key}=${value}`);
    const text = `${pairs.join('&')}&key=${secret}`;
    assert.ok(
      sm2.doVerifySignature(text, Buffer.from(signData, 'base64').toString('hex'), servicePublicKey, options),
    );
  });

  test('is refused with a wrong signature, a wrong key, and when the message comes bare', async () => {
    const { accessKey, secret } = await setSecurity(service.store, HOSPITAL, {
      dialect: 'sealed',
      publicKey: own.publicKey,
    });
    const post = async (body: unknown) =>
      (await (await service.post(body)).json()) as Sealed & { err_msg: string };
    assert.equal(
      (await post(seal(accessKey, secret, message('1201', query), (text) => `${text}x`).envelope)).message,
      '签名不一致!',
    );
    assert.equal(
      (await post(seal(accessKey, `x${secret}`, message('1201', query)).envelope)).message,
      '报文解密失败!',
    );
    assert.equal(
      (await post(seal('nobody-nobody-no', secret, message('1201', query)).envelope)).message,
      '非法用户!',
    );
    assert.match((await post(message('1201', query))).err_msg, /须以SM2签名、SM4加密/);
    const refused = seal(accessKey, secret, message('1201', {}));
    const answer = JSON.parse(unSm4(refused.secKey, (await post(refused.envelope)).data.encData)) as {
      err_msg: string;
    };
    assert.match(answer.err_msg, /节点medinsinfo：缺少该节点/);
  });

  test('can be had with encryption alone, or with the signature alone', async () => {
    const keys = await setSecurity(service.store, HOSPITAL, { dialect: 'sealed', isSigned: false });
    const { envelope, secKey } = seal(keys.accessKey, keys.secret, message('1201', query));
    const { signData: _, ...unsigned } = envelope;
    const sealed = (await (await service.post(unsigned)).json()) as Sealed;
    assert.equal((JSON.parse(unSm4(secKey, sealed.data.encData)) as { infcode: number }).infcode, 0);
    const { err_msg } = (await (await service.post(message('1201', query))).json()) as { err_msg: string };
    assert.match(
      err_msg,
      /须以SM2签名、SM4加密/,
      'encryption alone is a proof, too: nothing bare comes past it',
    );
    const signed = await setSecurity(service.store, HOSPITAL, {
      dialect: 'sealed',
      isEncrypted: false,
      publicKey: own.publicKey,
    });
    const bare = message('1201', query);
    const { envelope: withSign } = seal(signed.accessKey, signed.secret, bare);
    const open = (await (await service.post({ ...withSign, data: bare })).json()) as {
      data: { infcode: number };
    };
    assert.equal(open.data.infcode, 0);
    await setSecurity(service.store, HOSPITAL, { dialect: 'plain' });
  });
});

/** Small and reproducible. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}

describe('malformed messages', () => {
  const WEIRD: readonly unknown[] = [
    null,
    '',
    'null',
    [],
    {},
    [[]],
    [null],
    { a: { b: [1] } },
    0,
    -1,
    1e308,
    12.345,
    true,
    '\u0000',
    '\ud800',
    'x'.repeat(5000),
    '2025-13-45',
    "'; DROP TABLE interface_list; --",
    '__proto__',
    { __proto__: null },
    '[]',
    '{"input":{}}',
    '😀'.repeat(30),
    '9'.repeat(40),
    '-',
    [{}],
  ];
  const requests = process.env.CI === 'true' ? 6000 : 2000;

  test(`${requests} of them never get a 5xx or a stack, and always an answer in the national form`, async () => {
    const random = generator(7);
    const numbers = [...Object.keys(hospitalTransactions), '2207', '9999', '', 'x'];
    const pick = <T>(of: readonly T[]): T => of[random(of.length)]!;
    const spoil = (value: unknown, depth = 0): unknown => {
      if (random(6) === 0) return pick(WEIRD);
      if (typeof value !== 'object' || value === null || depth > 3) return value;
      if (Array.isArray(value)) return value.map((each) => spoil(each, depth + 1));
      return Object.fromEntries(
        Object.entries(value).map(([key, each]) => [
          random(12) === 0 ? `${key}x` : key,
          spoil(each, depth + 1),
        ]),
      );
    };
    const inputs: readonly unknown[] = [
      list4101A('W'),
      {
        data: {
          setl_id: 'W',
          psn_no: 'PW',
          stas_type: '1',
          setl_ym: '202503',
          page_num: 1,
          page_size: 10,
          pageNum: 1,
          pageSize: 5,
          fixmedins_code: HOSPITAL,
          exit_rea: 'x',
          medtype_list: ['21'],
          stt_begntime: '2025-01-01',
          stt_endtime: '2025-12-31',
          vali_flag: '1',
          appy_chk_setl_list_id: 'x',
          clr_type: '21',
          clr_way: '1',
          setlym: '202503',
          psntime: '1',
          medfee_sumamt: '1',
          med_sumfee: '1',
          fund_appy_sum: '1',
          cash_payamt: '1',
          acct_pay: '1',
          begndate: '2025-01-01',
          enddate: '2025-01-31',
        },
      },
      {
        signIn: { opter_no: '1', mac: '1', ip: '1' },
        signOut: { sign_no: '1', opter_no: '1' },
        medinsinfo: { fixmedins_type: '1', fixmedins_name: '院' },
      },
      {
        fsUploadIn: { in: 'AAAA', filename: 'a.txt', fixmedins_code: HOSPITAL },
        fsDownloadIn: { file_qury_no: 'x', filename: 'a', fixmedins_code: 'plc' },
      },
    ];
    for (let index = 0; index < requests; index++) {
      const whole = message(pick(numbers), spoil(pick(inputs)));
      const spoilt = random(3) === 0 ? (spoil(whole) as object) : whole;
      let body = JSON.stringify(random(50) === 0 ? pick(WEIRD) : spoilt) ?? '';
      if (random(8) === 0) body = body.slice(0, random(body.length + 1));
      if (random(20) === 0) body = '['.repeat(20_000) + body;
      const headers: Record<string, string> =
        random(10) === 0
          ? { [pick(['_api_name', '_api_signature', 'x-tif-nonce', 'accept-language'])]: 'x' }
          : {};
      const bytes = random(25) === 0 ? Buffer.from(body, 'latin1') : Buffer.from(body);
      const response = await service.post(bytes, {
        ...headers,
        'content-type': pick([
          'application/json',
          'text/plain',
          'text/plain;charset=GBK',
          'multipart/form-data',
          'x',
        ]),
      });
      const text = await response.text();
      const what = `${body.slice(0, 300)} → ${response.status} ${text.slice(0, 300)}`;
      assert.ok(response.status === 200 || response.status === 401, what);
      assert.doesNotMatch(text, /\n\s+at |\.ts:\d|node_modules/, what);
      if ((response.headers.get('content-type') ?? '').includes('octet-stream')) continue;
      const answer = JSON.parse(text) as { infcode?: number; code?: number; err_msg?: string };
      if (response.status === 401) assert.equal(answer.code, 401, what);
      else {
        assert.ok(answer.infcode === 0 || answer.infcode === -1, what);
        assert.ok([...(answer.err_msg ?? '')].length <= 200, what);
        assert.equal(answer.infcode === 0, answer.err_msg === '', what);
      }
    }
  });
});
