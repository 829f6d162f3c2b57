import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { testWithSharedData } from '../../test/support/shared-data.ts';
import { FIELD_TYPES, type Field, listOverlays, loadMetadata, type Node } from './metadata.ts';

const metadata = loadMetadata();
// biome-ignore lint/suspicious/noExplicitAny: cells of tables that are checked cell by cell
type Row = any;
const rows = (path: string) => parse(readFileSync(path, 'utf8'), { columns: true }) as Row[];

function* fieldsOf(node: Node, place = ''): Generator<readonly [string, Field]> {
  for (const field of node.fields) yield [place, field];
  for (const child of node.nodes) yield* fieldsOf(child, child.key);
}

test('every form belongs to a transaction, and every field has a known type, a sensible length and a dictionary that exists', () => {
  for (const [number, { input, output }] of metadata.forms) {
    assert.ok(number === 'header' || metadata.transactions.has(number.replace('-2021', '')), number);
    for (const [place, field] of [...fieldsOf(input), ...fieldsOf(output)]) {
      const name = `${number} ${place} ${field.code}`;
      assert.ok(FIELD_TYPES.includes(field.type), name);
      assert.ok(
        field.length === undefined || (field.length > 0 && field.length >= (field.decimals ?? 0)),
        name,
      );
      if (field.dictionary !== undefined)
        assert.ok(metadata.dictionaries.get(field.dictionary)!.size > 1, name);
      if (typeof field.required === 'object') {
        const { when } = field.required;
        assert.ok(
          [...fieldsOf(input)].some(([at, other]) => at === place && other.code === when),
          name,
        );
      }
      assert.notEqual(field.name, '', name);
    }
  }
});

test('a province lies over the nation and adds its codes', () => {
  for (const overlay of listOverlays()) {
    const over = loadMetadata(overlay);
    assert.deepEqual([...over.forms.keys()], [...metadata.forms.keys()], overlay);
  }
  assert.ok(!metadata.dictionaries.get('clr_type')!.has('9987'));
  assert.ok(loadMetadata('hunan').dictionaries.get('clr_type')!.has('9987'));
});

/** Where the published tables are wrong, and what is meant. */
const CORRECTED: Readonly<Record<string, string>> = {
  '9001 signinoutb sign_time': 'a time, as its remark says',
  '9002  sign_time': 'a time, as its remark says',
  '3604 preSetl_invy_evt_list fund_cap': 'an amount of 16,2, printed as a date',
  '3604 preSetl_invy_evt_list over_fund_cap': 'an amount of 16,2, printed as a date',
  ...Object.fromEntries(
    [
      '2101 drugdetail',
      '2102 drugdetail',
      '2101 detlcutinfo',
      '2102 detlcutinfo',
      '2204 feedetail',
      '2301 feedetail',
    ].map((place) => [`${place} feedetl_sn`, 'a text, as in every other transaction']),
  ),
  '1901 data parent_value': 'a dictionary without a parent has no value of one',
  '1901 data Vali_Flag': 'clients write this name in small letters',
  ...Object.fromEntries(
    ['fixmedins_code', 'fixmedins_hilist_id', 'list_type', 'med_list_codg'].map((code) => [
      `3302  ${code}`,
      'clients send them at the root, as the table has it, or in `data`, as in 3301',
    ]),
  ),
  ...Object.fromEntries(
    ['fetts', 'matnType', 'extData', 'diseCodg'].map((code) => [
      `6201 data ${code}`,
      'needed for a stay only, or an extension, as its remark says',
    ]),
  ),
  '6201 feedetailList mdtrtId': 'there is none yet where the order itself registers the visit',
  '6201 data begntime': 'a time, as its remark says',
  '6201 data endtime': 'a time, as its remark says',
  '6201 diseinfoList diagTime': 'a time, as its remark says',
  '1101 idetinfo psn_idet_type': 'the codes of its dictionary have four characters',
  ...Object.fromEntries(
    ['2101 druginfo', '2102 druginfo', '2201 data', '2206 data', '2303 data', '2304 data'].map((place) => [
      `${place} psn_type`,
      'the codes of its dictionary have up to six characters, as everywhere else',
    ]),
  ),
};
/** Required only together with another field, which the published table says in words. */
const CONDITIONAL = new Set(['patn_rlts', 'coner_addr', 'coner_tel', 'card_sn']);
const TYPES: Readonly<Record<string, string>> = {
  字符型: 'text',
  字符: 'text',
  数值型: 'number',
  数值: 'number',
  数字: 'number',
  数字型: 'number',
  BigDecimal: 'number',
  整数类型: 'number',
  日期型: 'date',
  日期: 'date',
  日期时间型: 'datetime',
  日期时间: 'datetime',
  大文本: 'text',
  longtext: 'text',
  布尔型: 'flag',
  布尔: 'flag',
  字节数组: 'file',
  列表: 'list',
  集合: 'list',
  list: 'list',
  List: 'list',
  对象型: 'object',
};
const MONTHS = new Set(['setl_ym', 'setlym', 'stmt_ym', 'cum_ym']);

testWithSharedData(
  'type, length and obligation are those of the published tables, but for what is corrected by name',
  (data) => {
    const names = rows(join(data, 'interface', 'transactions.csv'));
    assert.equal(names.length, 206);
    for (const { infno } of names) assert.ok(metadata.transactions.has(infno!), infno);
    const published = new Map<string, Row>();
    for (const row of rows(join(data, 'interface', 'fields.csv'))) {
      const key = `${row.infno} ${row.dir} ${row.node} ${row.code!.trim()}`;
      if (!published.has(key)) published.set(key, row);
    }
    let compared = 0;
    for (const [number, { input, output }] of metadata.forms) {
      for (const [direction, node] of [
        ['in', input],
        ['out', output],
      ] as const) {
        for (const [place, field] of fieldsOf(node)) {
          const at = place === 'drgAppySpcasItemDTOList' ? 'fsiDrgAppySpcasItemEvtDTORet' : place;
          const row = published.get(`${number} ${direction} ${at} ${field.code}`);
          if (row === undefined) continue;
          const name = `${number} ${place} ${field.code}`;
          if (CORRECTED[name] !== undefined) continue;
          compared += 1;
          const type = MONTHS.has(field.code)
            ? 'month'
            : field.code === 'medtype_list'
              ? 'list'
              : (TYPES[row.type!.trim()] ?? 'text');
          assert.equal(field.type, type, name);
          const required = /^(Y|是)$/.test(row.required!.trim());
          if (!(CONDITIONAL.has(field.code) && typeof field.required === 'object')) {
            assert.equal(field.required === 'yes', required, name);
          }
          const [, length, decimals] =
            /^(\d+)(?:,(\d+))?$/.exec(
              // a comma before three digits divides thousands
              row
                .len!.replaceAll(/\s/g, '')
                .replace('，', ',')
                .replace(/,(?=\d{3}$)/, ''),
            ) ?? [];
          if (['text', 'number', 'flag', 'list', 'object', 'file'].includes(type)) {
            assert.equal(field.length, length === undefined ? undefined : Number(length), name);
            assert.equal(field.decimals, decimals === undefined ? undefined : Number(decimals), name);
          }
        }
      }
    }
    assert.ok(compared > 2000, `${compared}`);
  },
);

testWithSharedData('4101A and the older 4101 have the fields of the published settlement list', (data) => {
  for (const row of rows(join(data, 'payment', 'settlement_list_fields.csv'))) {
    const number = row.interface === '4101' ? '4101-2021' : row.interface!;
    if (number !== '4101A' && number !== '4101-2021') continue;
    const field = [...fieldsOf(metadata.forms.get(number)!.input)].find(
      ([node, each]) => node === row.node && each.code === row.code,
    )?.[1];
    assert.ok(field, `${number} ${row.node} ${row.code}`);
    assert.equal(field.type, TYPES[row.type], row.code);
    const required = row['required(Y/C/blank; 4101 flags from memory)'];
    if (typeof field.required === 'string')
      assert.equal(field.required === 'yes', required === 'Y', row.code);
  }
});
