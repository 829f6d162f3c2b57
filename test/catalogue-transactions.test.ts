import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { sql } from 'kysely';
import { benefitSource } from '#visits/index.ts';
import { CALL_PATH, message, OTHER_HOSPITAL } from './support/hospital-service.ts';
import { testWithSharedData } from './support/shared-data.ts';
import { AREA, ok, startVisitService, type VisitService } from './support/visit-service.ts';

const folder = mkdtempSync(join(tmpdir(), 'yibao-lists-'));
const write = (name: string, text: string) => writeFileSync(join(folder, `${AREA}-${name}.csv`), text);

const HEAD = 'code,name,class,restricted,scheme,level,from,to,ceiling,prior_type,prior_ratio,list_type\n';
const ITEMS = `${HEAD}XA02BCA001,奥美拉唑肠溶胶囊,A,,,,2024-01-01,,,,,
XA10BAE002,"二甲双胍	缓释片",B,yes,,,2024-01-01,2026-12-31,35.5,10,0.1,
XA10BAE002,,,,employee,,2024-01-01,,,10,0.05,
ZA01AAB003,板蓝根颗粒,A,,,,2024-01-01,,,,,
T000100001,甘草,A,,,,2024-01-01,,,,,
001102000010000,普通门诊诊查费,A,,,3,2024-01-01,,25,,,
C0101010010001,一次性输液器,B,,,,2024-01-01,,,20,0.7,
M1234,某民族药,B,,,,2024-01-01,,,,,104
`;

let service: VisitService;
before(async () => {
  write('catalogue', ITEMS);
  write('diagnoses', 'code,name\nJ18.900,肺炎\nI10.x00,特发性高血压\n');
  write('chronic-diseases', 'code,name,from\nM03900,高血压,2024-01-01\n');
  service = await startVisitService({ memory: true }, { source: benefitSource(folder) });
});
after(() => service.close());
const send: VisitService['send'] = (...given) => service.send(...given);

/** A client's own way to open the archive: the first entry, by its local header. */
function firstOfZip(bytes: Buffer): string[][] {
  assert.equal(bytes.readUInt32LE(0), 0x04034b50);
  const start = 30 + bytes.readUInt16LE(26) + bytes.readUInt16LE(28);
  const text = inflateRawSync(bytes.subarray(start, start + bytes.readUInt32LE(18))).toString('utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t'));
}

async function download(infno: string, ver: string, header = {}, from = service) {
  const given = ok(await from.send(infno, { data: { ver } }, header));
  const { file_qury_no, filename, data_cnt } = given;
  const response = await fetch(`${from.url}${CALL_PATH}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(
      message('9102', { fsDownloadIn: { file_qury_no, filename, fixmedins_code: 'plc' } }, header),
    ),
  });
  assert.match(response.headers.get('content-type')!, /octet-stream/);
  const rows = firstOfZip(Buffer.from(await response.arrayBuffer()));
  assert.equal(rows.length, data_cnt);
  return { rows, given };
}

describe('lists as files', () => {
  test('1301 gives a file through 9102: one row a line, columns in the published order, empties as null', async () => {
    const { rows, given } = await download('1301', 'v0000');
    assert.equal(given.data_cnt, 4);
    assert.match(given.dld_end_time, /^\d{4}-\d\d-\d\d$/);
    assert.ok(rows.every((cells) => cells.length === 97));
    const [first] = rows;
    assert.equal(first![0], 'XA02BCA001');
    assert.equal(first![1], '奥美拉唑肠溶胶囊');
    // columns 37, 38, 79, 83 of the table: from, to, valid, version
    assert.deepEqual([first![36], first![37], first![78], first![82]], ['2024-01-01', 'null', '1', 'v0001']);
    assert.equal(rows[1]![1], '二甲双胍 缓释片', 'a TAB within a name does not make a column');
    assert.ok(rows.every((cells) => cells.every((cell) => cell !== '')));
  });

  test('each transaction gives the rows of its own list type', async () => {
    const codes = async (infno: string, column = 0) =>
      (await download(infno, 'v0000')).rows.map((cells) => cells[column]);
    assert.deepEqual(await codes('1302'), ['T000100001']);
    assert.deepEqual(await codes('1303'), []);
    assert.deepEqual(await codes('1305', 9), ['普通门诊诊查费']);
    assert.deepEqual(await codes('1306'), ['C0101010010001']);
    assert.deepEqual(await codes('1307', 10), ['I10.x00', 'J18.900']);
    assert.deepEqual(await codes('1309', 0), ['M03900']);
    for (const infno of ['1308', '1310', '1311', '1313', '1314', '1315', '1320'])
      assert.deepEqual(await codes(infno), [], infno);
  });

  testWithSharedData('the columns are those of the published tables', async () => {
    const { readFileSync } = await import('node:fs');
    const { parse } = await import('csv-parse/sync');
    const read = (path: string) =>
      parse(readFileSync(path, 'utf8'), { columns: true, bom: true }) as Record<string, string>[];
    const root = join(import.meta.dirname, '..');
    const own = read(join(root, 'src/visits/catalogue-file-columns.csv'));
    const shared = read(join(root, '..', 'shared/data/interface/catalog_file_columns.csv'));
    const transactions = new Set(own.map(({ transaction }) => transaction));
    assert.deepEqual(
      own.map(({ transaction, column, name }) => [transaction, column, name]),
      shared
        .filter(({ infno }) => transactions.has(infno))
        .map(({ infno, col, name }) => [infno, col, name!.trim()]),
    );
  });

  test('with its largest version a client gets what is newer: changed, new, and gone rows as not valid', async () => {
    const none = await download('1301', 'v0001');
    assert.equal(none.given.data_cnt, 0);
    const changed = ITEMS.replace('XA02BCA001,奥美拉唑肠溶胶囊,A', 'XA02BCA001,奥美拉唑肠溶胶囊,B')
      .replace('ZA01AAB003,板蓝根颗粒,A,,,,2024-01-01,,,,,\n', '')
      .concat('XB01ACA004,阿司匹林肠溶片,A,,,,2025-01-01,,,,,\n');
    write('catalogue', changed);
    // the files are read once: a new start of the service
    const again = await startVisitService({ memory: true }, { source: benefitSource(folder) });
    try {
      await sql`SELECT 1`.execute(again.store);
      for (const table of ['catalogue_version', 'catalogue_entry']) {
        const { rows } = await sql<{
          row: object;
        }>`SELECT to_jsonb(t) AS row FROM ${sql.table(table)} AS t`.execute(service.store);
        await sql`INSERT INTO ${sql.table(table)} SELECT (jsonb_populate_recordset(NULL::${sql.table(table)},
          ${JSON.stringify(rows.map(({ row }) => row))}::jsonb)).*`.execute(again.store);
      }
      const { rows, given } = await download('1301', 'V0001', {}, again);
      assert.match(given.filename, /_v0001_v0002\.zip$/);
      assert.deepEqual(
        rows.map((cells) => [cells[0], cells[78], cells[82]]),
        [
          ['XA02BCA001', '1', 'v0002'],
          ['XB01ACA004', '1', 'v0002'],
          ['ZA01AAB003', '0', 'v0002'],
        ],
      );
      const all = await download('1301', 'v0000', {}, again);
      assert.deepEqual(
        all.rows.map((cells) => cells[0]),
        ['XA02BCA001', 'XA10BAE002', 'XA10BAE002', 'XB01ACA004'],
        'who has nothing yet is not told what is gone',
      );
    } finally {
      await again.close();
    }
  });

  test('the same file has one number, every institution may read it, and its time is that of the last answer', async () => {
    const first = await download('1301', 'v0000');
    const other = await download('1301', 'v0000', { fixmedins_code: OTHER_HOSPITAL });
    assert.equal(other.given.file_qury_no, first.given.file_qury_no);
    await sql`UPDATE interface_file SET download_until = now() - interval '1 day'`.execute(service.store);
    await download('1301', 'v0000');
  });

  test('a version that is none is refused by name', async () => {
    for (const ver of ['x', 'v1.2', '-1']) {
      assert.match(
        (await send('1301', { data: { ver } })).err_msg,
        /字段ver（版本号）值“.*”：应为本地最大版本号/,
      );
    }
    assert.match((await send('1301', { data: { ver: '' } })).err_msg, /字段ver（版本号）值“”：必填项为空/);
  });
});

describe('lists page by page', () => {
  const ask = async (infno: string, more: Record<string, unknown> = {}): Promise<Record<string, string>[]> =>
    ok(await send(infno, { data: { updt_time: '2020-01-01', page_num: 1, page_size: 100, ...more } }));

  test('1312 says class, restriction and list type', async () => {
    const rows = await ask('1312');
    assert.deepEqual(
      rows
        .map((row) => [
          row.hilist_code,
          row.hilist_name,
          row.chrgitm_lv,
          row.lmt_used_flag,
          row.list_type,
          row.med_chrgitm_type,
        ])
        .toSorted(),
      [
        ['001102000010000', '普通门诊诊查费', '01', '0', '201', '14'],
        ['C0101010010001', '一次性输液器', '02', '0', '301', '08'],
        ['M1234', '某民族药', '02', '0', '104', '09'],
        ['T000100001', '甘草', '01', '0', '102', '10'],
        ['XA02BCA001', '奥美拉唑肠溶胶囊', '01', '0', '101', '09'],
        ['XA10BAE002', '二甲双胍\t缓释片', '02', '1', '101', '09'],
        ['ZA01AAB003', '板蓝根颗粒', '01', '0', '101', '11'],
      ],
    );
    assert.ok(
      rows.every((row) => row.insu_admdvs === AREA && row.vali_flag === '1' && row.rid!.length === 40),
    );
    assert.deepEqual(
      (await ask('1312', { hilist_name: '颗粒' })).map((row) => row.hilist_code),
      ['ZA01AAB003'],
    );
    assert.equal((await ask('1312', { chrgitm_lv: '02', list_type: '101' })).length, 1);
    assert.equal((await ask('1312', { hilist_code: 'XA10BAE002', query_date: '2027-01-01' })).length, 0);
    assert.equal((await ask('1312', { updt_time: '2999-01-01' })).length, 0);
    assert.equal((await ask('1312', { insu_admdvs: '110000' })).length, 0);
    assert.match(
      (await send('1312', { data: { updt_time: '2020-01-01', page_num: 1, page_size: 9, pinyin: 'blg' } }))
        .err_msg,
      /字段pinyin.*没有这一项/,
    );
  });

  test('pages are complete and do not overlap; a page of none is refused', async () => {
    const all = await ask('1316');
    const pages = [1, 2, 3, 4].map((page_num) => ask('1316', { page_num, page_size: 3 }));
    assert.deepEqual((await Promise.all(pages)).flat(), all);
    assert.equal(all.length, 8);
    assert.match(
      (await send('1316', { data: { updt_time: '2020-01-01', page_num: 0, page_size: 3 } })).err_msg,
      /page_num.*页码应从1起/,
    );
  });

  test('1318 gives the ceilings by level, 1319 the prior self-pay by kind of person, 1304 the ethnic drugs', async () => {
    assert.deepEqual(
      (await ask('1318'))
        .map((row) => [row.hilist_code, row.hilist_lmtpric_type, row.hilist_pric_uplmt_amt])
        .toSorted(),
      [
        ['001102000010000', '3', '25.000000'],
        ['XA10BAE002', '', '35.500000'],
      ],
    );
    assert.deepEqual(
      (await ask('1319'))
        .map((row) => [row.hilist_code, row.selfpay_prop_psn_type, row.selfpay_prop_type, row.selfpay_prop])
        .toSorted(),
      [
        ['C0101010010001', '99', '20', '0.7000'],
        ['XA10BAE002', '310', '10', '0.0500'],
        ['XA10BAE002', '99', '10', '0.1000'],
      ],
    );
    assert.equal((await ask('1319', { selfpay_prop_psn_type: '310' })).length, 1);
    assert.deepEqual(
      (await ask('1304')).map((row) => row.drug_prodname),
      ['某民族药'],
    );
  });

  test('1317 gives what the institution filed with 3301, to that institution alone', async () => {
    const row = {
      fixmedins_hilist_id: 'A1',
      fixmedins_hilist_name: '奥美拉唑',
      list_type: '101',
      med_list_codg: 'XA02BCA001',
      begndate: '2025-01-01',
      enddate: '2025-12-31',
      spec: '20mg',
    };
    ok(await send('3301', { data: [row, { ...row, fixmedins_hilist_id: 'A2' }] }));
    const mine = await ask('1317');
    assert.deepEqual(
      mine.map((each) => [each.medins_list_codg, each.med_list_codg, each.spec]),
      [
        ['A1', 'XA02BCA001', '20mg'],
        ['A2', 'XA02BCA001', '20mg'],
      ],
    );
    assert.equal((await ask('1317', { medins_list_codg: 'A2' })).length, 1);
    const data = { updt_time: '2020-01-01', page_num: 1, page_size: 10 };
    const other = { fixmedins_code: OTHER_HOSPITAL };
    assert.deepEqual(ok(await send('1317', { data }, other)), []);
    assert.match(
      (await send('1317', { data: { ...data, fixmedins_code: 'H43010000001' } }, other)).err_msg,
      /只能查询本机构的数据/,
    );
  });
});

describe('1901', () => {
  const ask = (type: string) =>
    send('1901', { data: { type, parent_value: '', admdvs: AREA, date: '2025-01-01', Vali_Flag: '1' } });

  test('a dictionary has the fields the table names, in its spelling', async () => {
    const { list } = ok(await ask('clr_way'));
    const dip = list.find((row: Record<string, string>) => row.value === '50');
    assert.equal(dip.label, 'Dip支付方式');
    assert.equal(dip.valiFlag, '1');
    assert.deepEqual(
      list.map((row: Record<string, string>) => row.sort),
      list.map((_: unknown, index: number) => String(index + 1)),
    );
    for (const type of ['insutype', 'med_type', 'psn_cert_type', 'gend', 'fund_pay_type', 'ordStas'])
      assert.ok(ok(await ask(type)).list.length > 1, type);
    assert.match((await ask('no_such')).err_msg, /字段type（字典类型）值“no_such”：没有该字典/);
    assert.deepEqual(
      ok(
        await send('1901', {
          data: { type: 'clr_way', parent_value: '', admdvs: AREA, date: '2025-01-01', Vali_Flag: '0' },
        }),
      ).list,
      [],
    );
  });
});
