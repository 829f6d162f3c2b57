import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadAreaHeader } from './area.ts';
import { explainParameter } from './explain.ts';
import { loadPolicies, loadPolicyFile } from './load.ts';
import { PARAMETERS, parseValue } from './parameters.ts';
import { BENEFIT_PARAMETERS, type BenefitParameter } from './registry/benefits.ts';
import { tablesInForce } from './resolve.ts';
import { type CellDefinition, parseTable, rowFits } from './table.ts';
import { folderOf, POLICY_BASE, problemsOf, refusals } from './testing.ts';

const YUAN: CellDefinition = { kind: 'yuan', none: true };
const RATIO: CellDefinition = { kind: 'ratio', minimum: '-1', maximum: '1' };
const BANDS: CellDefinition = { kind: 'ratio-bands' };

const textOf = (cell: CellDefinition, text: string): string => {
  const rows = parseTable(cell, text);
  return typeof rows === 'string' ? rows : rows.map((row) => row.text).join(' ; ');
};

describe('tables', () => {
  const ROWS: readonly [CellDefinition, string, string][] = [
    [YUAN, '200', '200'],
    [YUAN, '200.50', '200.50'],
    [YUAN, '200.505', 'malformed'],
    [YUAN, 'none', 'none'],
    [YUAN, '-1', 'malformed'],
    [YUAN, '99999999999999', 'malformed'],
    [YUAN, '20000000000', 'out-of-range'],
    [YUAN, 'level=1,2 & scheme=resident => 200 ; 500', 'level=1,2 & scheme=resident => 200 ; 500'],
    [YUAN, 'admission=3+ => 0 ; age=0-6 => 1 ; 2', 'admission=3+ => 0 ; age=0-6 => 1 ; 2'],
    [YUAN, 'age=6-0 => 1', 'malformed'],
    [YUAN, 'town=x => 1', 'malformed'],
    [YUAN, 'scheme=employes => 1', 'malformed'],
    [RATIO, '85%', '0.85'],
    [RATIO, '-5%', '-0.05'],
    [RATIO, '0.1234567', 'malformed'],
    [RATIO, '12.3456%', '0.123456'],
    [RATIO, '1.01', 'out-of-range'],
    [BANDS, '30000:85% | 0.900', '30000:0.85 | 0.9'],
    [BANDS, '30000:0.85', 'malformed'],
    [BANDS, '40000:0.85 | 30000:0.9 | 1', 'out-of-range'],
    [BANDS, '1.2', 'out-of-range'],
    [{ kind: 'choices', options: { a: { zh: '', en: '' }, b: { zh: '', en: '' } } }, 'b>a', 'b > a'],
    [{ kind: 'choices', options: { a: { zh: '', en: '' } } }, 'none', 'none'],
    [{ kind: 'count', minimum: 0, maximum: 10 }, '11', 'out-of-range'],
  ];
  for (const [cell, text, expected] of ROWS) {
    test(`${cell.kind} ${text} is ${expected}`, () => assert.equal(textOf(cell, text), expected));
  }

  test('the first row fits whose conditions all hold; several names of a subject fit by any of them', () => {
    const rows = parseTable(YUAN, 'member=civil-servant & age=70+ => 1 ; age=70+ => 2 ; 3');
    assert.ok(typeof rows !== 'string');
    const found = (context: Parameters<typeof rowFits>[1]) =>
      rows.find((row) => rowFits(row, context))?.cell.text;
    assert.equal(found({ age: 70, member: ['enterprise', 'civil-servant'] }), '1');
    assert.equal(found({ age: 88 }), '2');
    assert.equal(found({ age: 69 }), '3');
    assert.equal(found({}), '3');
  });

  test('every fallback is a value of its parameter, and canonical texts read as themselves', () => {
    for (const [name, { fallback }] of Object.entries(BENEFIT_PARAMETERS)) {
      if (fallback === null) continue;
      const value = parseValue(PARAMETERS[name as BenefitParameter], fallback);
      assert.ok(typeof value !== 'string', `${name}: ${fallback}`);
      assert.deepEqual(parseValue(PARAMETERS[name as BenefitParameter], value.text), value);
    }
  });
});

const HEAD = 'source: { from: notice-1, article: 第一条, starts: 2025-01-01 }\nvalues:\n';

describe('tables in policy files', () => {
  test('rows, one value, bands as lists and dated values are the same thing', (t) => {
    const file = `${HEAD}  basic.deductible:
    - { level: 1, value: "200" }
    - { level: [2, "3"], value: "500" }
  basic.bands: [{ up_to: 10000, value: "0.8" }, { value: 90% }]
  large_expense.bands:
    unit: ratio
    values:
      2025-01-01: { value: [{ scheme: employee, value: [{ up_to: 100, value: "0.5" }, { value: "1" }] }], from: notice-1, article: 二 }
  layers.order: [catastrophic, assistance]
  basic.cap: none
`;
    const folder = folderOf(t, { ...POLICY_BASE, 'city.yaml': file });
    const { documents } = loadPolicies(folderOf(t, POLICY_BASE));
    const layer = loadPolicyFile(`${folder}/city.yaml`, documents);
    const said = Object.fromEntries(layer.values.map(({ parameter, value }) => [parameter, value?.text]));
    assert.deepEqual(said, {
      'basic.deductible': 'level=1 => 200 ; level=2,3 => 500',
      'basic.bands': '10000:0.8 | 0.9',
      'large_expense.bands': 'scheme=employee => 100:0.5 | 1',
      'layers.order': 'catastrophic > assistance',
      'basic.cap': 'none',
    });
    assert.equal(layer.values[0]!.source.article, '第一条');
    assert.deepEqual([layer.area, layer.profile], ['999999', 'benefits']);
  });

  test('every wrong row is refused with its own line, all together', (t) => {
    const file = `${HEAD}  basic.deductible:
    - { level: 1, value: "200" }
    - { town: 1, value: "200" }
    - { scheme: employes, value: "200" }
    - { age: old, value: "200" }
    - { level: 1, value: viel }
    - { level: 1 }
    - { level: 1, value: 0.5 }
  basic.deductable: "1"
  basic.bands: "1.5"
`;
    const folder = folderOf(t, { 'city.yaml': file });
    const { documents } = loadPolicies(folderOf(t, POLICY_BASE));
    const read = () => loadPolicyFile(`${folder}/city.yaml`, documents);
    assert.deepEqual(refusals(read), [
      'policy.unknown-condition city.yaml:5',
      'policy.wrong-row city.yaml:6',
      'policy.wrong-row city.yaml:7',
      'policy.wrong-value city.yaml:8',
      'policy.missing-key city.yaml:9',
      'policy.unquoted-decimal city.yaml:10',
      'policy.unknown-parameter city.yaml:11',
      'policy.value-out-of-range city.yaml:12',
    ]);
    assert.match(String(problemsOf(read)[6]!.parameters?.near), /basic\.deductible/);
  });

  test('a bare value needs the source of the file', (t) => {
    const folder = folderOf(t, { 'city.yaml': 'values:\n  basic.cap: "1"\n' });
    const { documents } = loadPolicies(folderOf(t, POLICY_BASE));
    assert.deepEqual(
      refusals(() => loadPolicyFile(`${folder}/city.yaml`, documents)),
      ['policy.short-value city.yaml:2'],
    );
  });

  test('an unknown document, a missing start and a wrong date of the source are refused', (t) => {
    const { documents } = loadPolicies(folderOf(t, POLICY_BASE));
    const refusalsOf = (source: string) => {
      const folder = folderOf(t, { 'city.yaml': `source: ${source}\nvalues: {}\n` });
      return refusals(() => loadPolicyFile(`${folder}/city.yaml`, documents));
    };
    assert.deepEqual(refusalsOf('{ from: nowhere, article: 一, starts: 2025-01-01 }'), [
      'policy.unknown-document city.yaml:1',
    ]);
    assert.deepEqual(refusalsOf('{ from: notice-1, article: 一 }'), ['policy.missing-key city.yaml:1']);
    assert.deepEqual(refusalsOf('{ from: notice-1, article: 一, starts: 2025-02-30 }'), [
      'policy.wrong-date city.yaml:1',
    ]);
  });

  test('rows of an outer layer still hold where no row of a nearer one fits, and an ended table gives way', (t) => {
    const province = `layer: province\narea: "990000"\nprofile: benefits\n${HEAD}  basic.cap: [{ scheme: employee, value: "10" }, { value: "20" }]\n`;
    const city = `layer: city\narea: "990100"\nprofile: benefits\nvalues:
  basic.cap:
    unit: yuan
    values:
      2025-01-01: { value: [{ scheme: employee, value: "30" }], from: notice-1, article: 一 }
      2026-01-01: { value: null, from: notice-1 }
`;
    const national = 'layer: national\narea: "000000"\nprofile: benefits\nvalues: {}\n';
    const folder = folderOf(t, {
      'documents.yaml': POLICY_BASE['documents.yaml'],
      'national.yaml': national,
      'province.yaml': province,
      'city.yaml': city,
    });
    const { layers } = loadPolicies(folder);
    const texts = (date: string) =>
      tablesInForce({
        layers: [
          layers.find((l) => l.area === '000000')!,
          layers.find((l) => l.area === '990000')!,
          layers.find((l) => l.area === '990100')!,
        ],
        asOf: Temporal.PlainDate.from(date),
      })
        .get('basic.cap')!
        .map(({ value }) => value.text);
    assert.deepEqual(texts('2025-06-01'), ['scheme=employee => 30', 'scheme=employee => 10 ; 20']);
    assert.deepEqual(texts('2026-06-01'), ['scheme=employee => 10 ; 20']);
    const explained = explainParameter({
      parameter: 'basic.cap',
      layers: layers.filter((l) => l.area !== '000000'),
      asOf: Temporal.PlainDate.from('2025-06-01'),
    });
    assert.ok(explained.steps.some(({ state }) => state === 'in-force'));
  });

  test('a payment year is not settled under the profile of the benefits', (t) => {
    const folder = folderOf(t, { 'area.yaml': 'area: "990200"\nname: 试\nprofile: benefits\n' });
    assert.deepEqual(
      refusals(() => loadAreaHeader(`${folder}/area.yaml`)),
      ['policy.unknown-profile area.yaml:3'],
    );
  });
});
