import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import writeXlsx from 'write-excel-file/node';
import { Engine, literal } from '#engine/duckdb.ts';
import { type OracleList, settleByOracle } from './support/oracle.ts';
import { randomArea } from './support/random-area.ts';
import { settleToFiles } from './support/settle-files.ts';
import { writeArea } from './support/write-area.ts';

const YEAR = 2025;
const COLUMNS = [
  ['procedures', '手术操作代码'],
  ['medfee_sumamt', '医疗费总额'],
  ['setl_id', '结算ID'],
  ['fund_pay_sumamt', '基金支付总额'],
  ['dscg_time', '出院时间'],
  ['adm_time', '入院时间'],
  ['fixmedins_code', '定点医药机构编号'],
  ['diagnoses', '诊断代码'],
  ['insutype', '险种类型'],
  ['psn_no', '人员编号'],
  ['gend', '性别'],
  ['age', '年龄'],
  ['dscg_way', '离院方式'],
] as const;

const cell = (list: OracleList, column: string): string =>
  ({ psn_no: 'P1', gend: '1', age: '50', dscg_way: '1', ...list })[column] ?? '';

/** GB18030 bytes of a text, found by decoding every two-byte code once: Node decodes GB18030 but does not encode it. */
function gb18030(text: string): Buffer {
  const decoder = new TextDecoder('gb18030');
  const codes = new Map<string, Buffer>();
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      const bytes = Buffer.from([lead, trail]);
      const character = decoder.decode(bytes);
      if (character.length === 1 && character !== '\ufffd' && !codes.has(character))
        codes.set(character, bytes);
    }
  }
  return Buffer.concat(
    [...text].map((character) => (character < '\x80' ? Buffer.from(character) : codes.get(character)!)),
  );
}

const csvText = (lists: readonly OracleList[]): string =>
  `${[COLUMNS.map(([, chinese]) => chinese).join(','), ...lists.map((list) => COLUMNS.map(([code]) => cell(list, code)).join(','))].join('\r\n')}\r\n`;

/** One list in the form of interface 4101A; the principal diagnosis and procedure need not stand first there. */
function message(list: OracleList): object {
  const diagnoses = list.diagnoses.split('|').map((code, index) => ({
    diag_type: '1',
    diag_code: code,
    diag_name: '诊断',
    maindiag_flag: index === 0 ? '1' : '0',
  }));
  const { procedures, diagnoses: _, ...setlinfo } = list;
  const oprninfo = procedures
    .split('|')
    .filter((code) => code !== '')
    .map((code, index) => ({
      oprn_oprt_type: index === 0 ? '1' : '2',
      oprn_oprt_code: code,
      oprn_oprt_name: '操作',
    }));
  return {
    setlinfo: { psn_no: 'P1', gend: '1', age: '50', dscg_way: '1', ...setlinfo },
    diseinfo: diagnoses.toReversed(),
    oprninfo: [...oprninfo.slice(1), ...oprninfo.slice(0, 1)],
  };
}

test('one area in five formats and two encodings settles as it does from one CSV', async () => {
  const area = randomArea(31, 'plain');
  const folder = writeArea(area);
  const lists = join(folder, 'settlement_lists');
  rmSync(lists, { recursive: true });
  mkdirSync(lists);
  const FORMATS = 5;
  // the broken lists stay together in the CSV; JSON has no principal diagnosis to leave empty
  const isBroken = (list: OracleList) => /^(BAD|DUP)/.test(list.setl_id);
  const part = (number: number) =>
    area.lists.filter((list, index) => (isBroken(list) ? number === 0 : index % FORMATS === number));
  writeFileSync(join(lists, '一.csv'), gb18030(csvText(part(0))));
  writeFileSync(
    join(lists, '二.jsonl'),
    part(1)
      .map((list) => `${JSON.stringify(message(list))}\n`)
      .join(''),
  );
  writeFileSync(join(lists, '三.json'), JSON.stringify(part(2).map(message), null, 2));
  const sheet = [
    COLUMNS.map(([code]) => code as string),
    ...part(3).map((list) => COLUMNS.map(([code]) => cell(list, code))),
  ];
  await writeXlsx(sheet.map((row) => row.map((value) => ({ value, type: String })))).toFile(
    join(lists, '四.xlsx'),
  );
  writeFileSync(join(folder, 'part.csv'), `\ufeff${csvText(part(4))}`);
  const engine = await Engine.open();
  // Parquet with native types, as a database would export it
  await engine.run(
    `COPY (SELECT * REPLACE (CAST("医疗费总额" AS DECIMAL(16, 2)) AS "医疗费总额", CAST("出院时间" AS DATE) AS "出院时间",
       CAST("入院时间" AS TIMESTAMP) AS "入院时间", CAST("基金支付总额" AS DOUBLE) AS "基金支付总额", CAST("险种类型" AS INTEGER) AS "险种类型")
     FROM read_csv(${literal(join(folder, 'part.csv'))}, all_varchar = true)) TO ${literal(join(lists, '五.parquet'))} (FORMAT parquet)`,
  );
  engine.close();

  const files = await settleToFiles(folder, YEAR);
  rmSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(settleByOracle(area, YEAR).files))
    assert.equal(files[name], text, name);
});
