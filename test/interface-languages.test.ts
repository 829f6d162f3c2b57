import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { type Answer, CALL_PATH, HOSPITAL, message } from './support/hospital-service.ts';
import {
  AREA,
  description,
  ok,
  RETIRED,
  registration,
  startVisitService,
  type VisitService,
  WORKER,
} from './support/visit-service.ts';

// Whole clients in Java and C#, and the bytes that HTTP libraries of other languages put on the wire.

let service: VisitService;
before(async () => {
  service = await startVisitService();
});
after(() => service.close());

/** Writes the bytes, and reads until the service closes or the announced answer is whole. */
async function wire(...parts: readonly (string | Buffer)[]): Promise<string> {
  const { hostname, port } = new URL(service.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, async () => {
      for (const part of parts) {
        socket.write(part);
        await new Promise((next) => setImmediate(next));
      }
    });
    let read: Buffer = Buffer.alloc(0);
    socket.on('data', (part: Buffer) => {
      read = Buffer.concat([read, part]);
      const text = read.toString('utf8').replace(/^HTTP\/1.1 100 Continue\r\n\r\n/, '');
      const end = text.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN);
      if (end !== -1 && Buffer.byteLength(text.slice(end + 4)) >= length) {
        socket.destroy();
        resolve(text);
      }
    });
    socket.on('end', () => resolve(read.toString('utf8')));
    socket.on('error', reject);
  });
}
const bodyOf = (answer: string): Answer => {
  assert.match(answer, /^HTTP\/1\.[01] 200 OK\r\n/, answer.slice(0, 200));
  return JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as Answer;
};
const saysWho = (answer: string, what: string) => {
  const { infcode, err_msg, output } = bodyOf(answer);
  assert.equal(infcode, 0, `${what}: ${err_msg}`);
  assert.equal(output.baseinfo.psn_no, WORKER.psn_no, what);
};
const WHO = {
  data: {
    mdtrt_cert_type: '02',
    mdtrt_cert_no: WORKER.certno,
    psn_cert_type: '01',
    certno: WORKER.certno,
    psn_name: WORKER.name,
  },
};
const ask = () => JSON.stringify(message('1101', WHO, { mdtrtarea_admvs: AREA }));
const head = (body: string | Buffer, ...lines: readonly string[]) =>
  [
    `POST ${CALL_PATH} HTTP/1.1`,
    'Host: yb',
    ...lines,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    '',
  ].join('\r\n');
const FORM = 'Content-Type: application/x-www-form-urlencoded';

describe('the bytes on the wire', () => {
  /** Everything after the head, and the lines of the head beside host and length. */
  const SAME: readonly (readonly [string, readonly string[], (text: string) => string | Buffer])[] = [
    [
      'HttpWebRequest of .NET Framework: Expect, no content type',
      ['Expect: 100-continue', 'Connection: Keep-Alive'],
      (text) => text,
    ],
    ['HttpClient of .NET: StringContent', ['Content-Type: application/json; charset=utf-8'], (text) => text],
    ['a byte order mark and a form that is none', [FORM], (text) => `\uFEFF${text}`],
    ['UTF-16 with its mark, of no type', [], (text) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16 without', ['Content-Type: text/plain; charset=utf-16'], (text) => Buffer.from(text, 'utf16le')],
    ['JSON written as JSON', ['Content-Type: application/json'], (text) => JSON.stringify(text)],
    ['fetch with a text', ['content-type: text/plain;charset=UTF-8', 'accept: */*'], (text) => text],
    [
      'axios in Node',
      [
        'Accept: application/json, text/plain, */*',
        'Content-Type: application/json',
        'User-Agent: axios/1.7.2',
        'Accept-Encoding: gzip, compress, deflate, br',
      ],
      (text) => text,
    ],
    [
      'URLSearchParams',
      [`${FORM};charset=UTF-8`],
      (text) => new URLSearchParams({ jsonStr: text }).toString(),
    ],
    [
      'jQuery: the header field by field',
      [`${FORM}; charset=UTF-8`],
      (text) => {
        const { input, ...header } = JSON.parse(text) as Record<string, string>;
        return new URLSearchParams({ ...header, input: JSON.stringify(input) }).toString();
      },
    ],
    ['the text as a form without a name', [FORM], (text) => encodeURIComponent(text)],
    ['packed, gzip', ['Content-Encoding: gzip'], (text) => gzipSync(text)],
    ['packed, deflate', ['content-encoding: deflate'], (text) => deflateSync(text)],
    ['packed, br', ['CONTENT-ENCODING: BR'], (text) => brotliCompressSync(text)],
    ['said to be packed, but is not', ['Content-Encoding: gzip'], (text) => text],
    [
      'a client that offers HTTP/2',
      [
        'Connection: Upgrade, HTTP2-Settings',
        'Upgrade: h2c',
        'HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
      ],
      (text) => text,
    ],
    ['names in capitals', ['CONTENT-TYPE: TEXT/PLAIN', 'CONNECTION: CLOSE'], (text) => text],
  ];
  for (const [what, lines, bytes] of SAME) {
    test(what, async () => {
      const body = bytes(ask());
      saysWho(await wire(head(body, ...lines), body), what);
    });
  }

  test('HTTP/1.0, closed and kept open; a whole address in the first line, as through a proxy', async () => {
    const old = (body: string, ...lines: readonly string[]) =>
      [`POST ${CALL_PATH} HTTP/1.0`, ...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join(
        '\r\n',
      );
    saysWho(await wire(old(ask())), 'closed');
    saysWho(await wire(old(ask(), 'Connection: keep-alive', 'Host: yb')), 'kept');
    const body = ask();
    const proxied = head(body).replace('POST /', `POST ${service.url}/`);
    saysWho(await wire(proxied, body), 'proxied');
  });

  test('in chunks of one byte and in many writes; two messages on one connection', async () => {
    const bytes = Buffer.from(ask());
    const chunks = [...bytes].map((byte) =>
      Buffer.concat([Buffer.from('1\r\n'), Buffer.from([byte]), Buffer.from('\r\n')]),
    );
    const chunked = `POST ${CALL_PATH} HTTP/1.1\r\nHost: yb\r\nTransfer-Encoding: chunked\r\n\r\n`;
    saysWho(await wire(chunked, Buffer.concat([...chunks, Buffer.from('0\r\n\r\n')])), 'chunks');
    const body = ask();
    saysWho(await wire(...(head(body) + body).match(/.{1,40}/gsu)!), 'writes');
    const [one, two] = [ask(), ask()];
    const { hostname, port } = new URL(service.url);
    const both = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () =>
        socket.write(`${head(one)}${one}${head(two, 'Connection: close')}${two}`),
      );
      let read = '';
      socket.setEncoding('utf8').on('data', (part) => {
        read += part;
      });
      socket.on('end', () => resolve(read));
      socket.on('error', reject);
    });
    const answers = both.split(/(?=HTTP\/1.1 200 OK)/);
    assert.equal(answers.length, 2);
    for (const answer of answers) saysWho(answer, 'one of two');
  });

  test('what nobody can read is refused in words', async () => {
    const REFUSED: readonly (readonly [readonly string[], string | Buffer, RegExp])[] = [
      [['Content-Encoding: compress'], ask(), /Content-Encoding值“compress”：不支持该内容编码/],
      [['Content-Encoding: gzip'], 'nothing packed', /Content-Encoding值“gzip”：报文无法解压/],
      [['Content-Encoding: gzip'], gzipSync(Buffer.alloc(20_000_000, 32)), /报文或文件过大/],
      [[FORM], 'a=1&b=2', /报文不是有效的 JSON/],
      [[FORM], 'jsonStr=%7B%22infno', /报文不是有效的 JSON/],
      [[FORM], 'jsonStr=%CD%F5', /报文不是 UTF-8 编码/],
      [['Content-Type: application/json'], '"\\"{}\\""', /报文应为 JSON 对象/],
    ];
    for (const [lines, body, reason] of REFUSED) {
      const { infcode, err_msg } = bodyOf(await wire(head(body, ...lines), body));
      assert.equal(infcode, -1);
      assert.match(err_msg, reason);
    }
  });
});

describe('the JSON of other languages', () => {
  const post = async (body: string): Promise<Answer> => bodyOf(await wire(head(body), body));

  test('names in capitals of any kind, in the header and below', async () => {
    const capital = (text: string) =>
      text.replace(/(^|_)(\w)/g, (_, before: string, letter: string) => before + letter.toUpperCase());
    const pascal = (value: unknown, change: (name: string) => string): unknown =>
      Array.isArray(value)
        ? value.map((each) => pascal(each, change))
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value).map(([name, each]) => [change(name), pascal(each, change)]),
            )
          : value;
    for (const change of [
      capital,
      (name: string) => name.toUpperCase(),
      (name: string) => name[0]!.toUpperCase() + name.slice(1),
    ]) {
      const body = JSON.stringify(pascal(JSON.parse(ask()), change));
      saysWho(await wire(head(body), body), body.slice(0, 60));
    }
    // the right spelling is the one that counts
    const both = JSON.stringify({ ...(JSON.parse(ask()) as object), Infno: '9999', INPUT: {} });
    saysWho(await wire(head(both), both), 'both');
  });

  test('dates of .NET and of Java', async () => {
    const SAME = [
      '"\\/Date(1741051800000)\\/"',
      '"/Date(1741051800000+0800)/"',
      '[2025,3,4,9,30]',
      '[2025,3,4,9,30,0,123000000]',
      '"2025-03-04T09:30:00.0000000+08:00"',
    ];
    for (const [index, written] of SAME.entries()) {
      const given = registration(WORKER, '2025-03-04', `L${index}`);
      const body = JSON.stringify(
        message('2201', { data: { ...given.data, begntime: '@' } }, { mdtrtarea_admvs: AREA }),
      ).replace('"@"', written);
      const { data } = ok(await post(body));
      const { rows } = await sql<{ at: string }>`SELECT to_char(begntime, 'YYYY-MM-DD HH24:MI:SS') AS at
        FROM visit WHERE mdtrt_id = ${data.mdtrt_id}`.execute(service.store);
      assert.equal(rows[0]!.at, '2025-03-04 09:30:00', written);
    }
    for (const wrong of ['[2025,3]', '[2025,13,4]', '["x",1,1]', '"/Date(x)/"', '[2025,3,4,9]']) {
      const given = registration(WORKER, '2025-03-04', 'LX');
      const body = JSON.stringify(
        message('2201', { data: { ...given.data, begntime: '@' } }, { mdtrtarea_admvs: AREA }),
      ).replace('"@"', wrong);
      assert.match((await post(body)).err_msg, /字段begntime（开始时间）/, wrong);
    }
  });

  test('truth values for flags, "null" for amounts, dates and codes, fields left out', async () => {
    const { data } = ok(await service.send('2201', registration(WORKER, '2025-03-05', 'L9')));
    const { mdtrtinfo, diseinfo } = description(WORKER, data.mdtrt_id, '2025-03-05');
    ok(
      await service.send('2203', {
        mdtrtinfo: {
          ...mdtrtinfo,
          birctrl_type: 'null',
          birctrl_matn_date: 'NULL',
          main_cond_dscr: undefined,
        },
        diseinfo: diseinfo.map((row) => ({ ...row, vali_flag: true })),
      }),
    );
    const missing = await service.send('2203', { mdtrtinfo: { ...mdtrtinfo, begntime: 'null' }, diseinfo });
    assert.match(missing.err_msg, /字段begntime（开始时间）值“null”：必填项为空/);
    const wrong = await service.send('2203', {
      mdtrtinfo,
      diseinfo: diseinfo.map((row) => ({ ...row, vali_flag: 'true' })),
    });
    assert.equal(wrong.infcode, -1);
  });

  test('numbers that JavaScript cannot hold arrive as they were written', async () => {
    const long = '99010020250304093000123456789012';
    const body = ask().replace(`"certno":"${WORKER.certno}"`, `"certno":${long}`);
    assert.match((await post(body)).err_msg, new RegExp(long.slice(0, 20)));
  });
});

async function run(command: string, given: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(service.url);
  const { psn_no, certno, name, insutype } = RETIRED;
  const client = spawn(
    command,
    [...given, hostname, port, CALL_PATH, HOSPITAL, AREA, psn_no, certno, name, insutype],
    {
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    },
  );
  let said = '';
  for (const stream of [client.stdout, client.stderr])
    stream.on('data', (part: Buffer) => {
      said += part.toString('utf8');
    });
  const code = await new Promise((resolve) => client.on('close', resolve));
  assert.equal(code, 0, said);
  assert.match(said, /done/);
  return said;
}
const has = (command: string) => spawnSync(command, ['--version']).status === 0;
const clients = join(import.meta.dirname, 'clients');

test('a client in Java: every way it has to send, a visit from the card to its reversal', {
  skip: has('javac') ? false : 'no JDK here: SKIPPED',
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'yibao-java-'));
  const compiled = spawnSync(
    'javac',
    ['-encoding', 'UTF-8', '-d', folder, join(clients, 'HospitalClient.java')],
    { encoding: 'utf8' },
  );
  assert.equal(compiled.status, 0, compiled.stderr);
  const allow = ['-Dfile.encoding=UTF-8', '-Dsun.jnu.encoding=UTF-8'];
  t.diagnostic(
    `${(await run('java', [...allow, '-cp', folder, 'HospitalClient'])).trim().split('\n').length - 1} ways`,
  );
});

test('a client in C#: HttpWebRequest and HttpClient, properties in capitals, JavaScriptSerializer', {
  skip: has('mcs') && has('mono') ? false : 'no Mono here: SKIPPED',
}, async (t) => {
  const program = join(mkdtempSync(join(tmpdir(), 'yibao-net-')), 'client.exe');
  const compiled = spawnSync(
    'mcs',
    [
      '-codepage:utf8',
      '-r:System.Net.Http',
      '-r:System.Web.Extensions',
      `-out:${program}`,
      join(clients, 'HospitalClient.cs'),
    ],
    { encoding: 'utf8' },
  );
  assert.equal(compiled.status, 0, compiled.stderr + compiled.stdout);
  t.diagnostic(`${(await run('mono', [program])).trim().split('\n').length - 1} ways`);
});
