import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { AreaFolder, LIST_HEADER } from './support/area-folder.ts';
import { type Run, runCli, temporaryFolder } from './support/run-cli.ts';

/** Codes checked by imported code sets of the day of discharge, and codes mapped before check, lint and preview. */

type Row = Readonly<Record<string, string>>;

const OLD = 'code,name\nK35.900,急性阑尾炎\nI10.x00,高血压\nJ18.900,肺炎\nJ18.100,大叶性肺炎\n';
const NEW = 'code,name\nK35.900,急性阑尾炎\nI10.x00,特发性高血压\nJ18.900,肺炎\nJ18.000,支气管肺炎\n';
const PROCEDURES = 'code,name\n47.0100,阑尾切除术\n';

const list = (setlId: string, day: string, diagnoses: string, procedures = '') =>
  `${setlId},H0001,P${setlId},310,1,50,,,${day} 08:00:00,${day} 18:00:00,1,1000.00,600.00,${diagnoses},${procedures}`;

type Setting = { readonly area: AreaFolder; readonly run: (...argv: string[]) => Promise<Run>; out: string };

async function areaWithSets(test: TestContext): Promise<Setting> {
  const folder = temporaryFolder(test);
  const area = new AreaFolder(join(folder, 'area'));
  for (const name of ['settlement_lists/2022-2024.csv', 'settlement_lists/2025.csv']) area.remove(name);
  area.write(
    'settlement_lists/lists.csv',
    [
      LIST_HEADER,
      list('old', '2024-12-31', 'J18.100'),
      list('ended', '2025-01-01', 'J18.100'),
      list('early', '2024-12-31', 'J18.000'),
      list('new', '2025-01-01', 'J18.000|Z99.999'),
      list('both', '2025-06-01', 'K35.900|I10.x00', '47.0100'),
      list('procedure', '2025-06-01', 'K35.900', '47.9999'),
      '',
    ].join('\n'),
  );
  const run = (...argv: string[]) => runCli(argv, { environment: { YIBAO_DATA: join(folder, 'data') } });
  for (const [name, text] of [
    ['旧诊断', OLD],
    ['新诊断', NEW],
    ['手术', PROCEDURES],
  ] as const) {
    writeFileSync(join(folder, `${name}.csv`), text);
    const imported = await run('codes', 'import', join(folder, `${name}.csv`), '--name', name);
    assert.equal(imported.exit, 0, imported.stderr);
  }
  return { area, run, out: join(folder, 'out') };
}

const findings = (out: string, ...checks: readonly string[]): string[] =>
  (parse(readFileSync(join(out, 'findings.csv')), { columns: true }) as Row[])
    .filter(({ check_id }) => checks.includes(check_id!))
    .map(({ setl_id, check_id, value }) => `${check_id} ${setl_id} ${value}`)
    .toSorted();

const summary = (out: string, check: string): Row =>
  (parse(readFileSync(join(out, 'check_summary.csv')), { columns: true }) as Row[]).find(
    ({ check_id }) => check_id === check,
  )!;

const CODE_SETS = `code_sets:
  diagnoses:
    2020-01-01: 旧诊断
    2025-01-01: 新诊断
  procedures: 手术
`;

test('codes are checked by the imported set in force on the day of discharge', async (test) => {
  const { area, run, out } = await areaWithSets(test);
  area.append('area.yaml', CODE_SETS);
  const checked = await run('check', area.path, '--out', out, '--no-workbooks', '--quiet');
  assert.equal(checked.exit, 0, checked.stderr);
  assert.deepEqual(findings(out, 'Q014a', 'Q015'), [
    'Q014a early J18.000',
    'Q014a ended J18.100',
    'Q014a new Z99.999',
    'Q015 procedure 47.9999',
  ]);
  // which codes may be principal, and the kinds of procedures, no set says
  assert.notEqual(summary(out, 'Q014b').reason_not_supplied, '');
  const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
  assert.deepEqual(
    manifest.code_sets.map(({ name }: { name: string }) => name),
    ['旧诊断', '新诊断', '手术'],
  );
  assert.match(manifest.code_sets[0].content_sha256, /^[0-9a-f]{64}$/);
});

test('without a set or a file the checks do not apply; a file of the area adds to a set and goes before it', async (test) => {
  const { area, run, out } = await areaWithSets(test);
  await run('check', area.path, '--out', out, '--no-workbooks', '--quiet');
  assert.deepEqual(findings(out, 'Q014a', 'Q015'), []);
  assert.match(summary(out, 'Q014a').reason_not_supplied!, /diagnosis_codes\.csv/);
  area.append('area.yaml', 'code_sets: { diagnoses: 旧诊断 }\n');
  area.write(
    'diagnosis_codes.csv',
    'code,valid_to,principal,replaced_by\nJ18.000,,1,\nJ18.100,2024-12-31,1,J18.000\nK35.900,,0,\n',
  );
  const again = `${out}-2`;
  const checked = await run('check', area.path, '--out', again, '--no-workbooks', '--quiet');
  assert.equal(checked.exit, 0, checked.stderr);
  assert.deepEqual(findings(again, 'Q014a', 'Q014b'), [
    'Q014a ended J18.100',
    'Q014a new Z99.999',
    'Q014b both K35.900',
    'Q014b procedure K35.900',
  ]);
});

test('a set that is not there, of the other kind, or from a day that is none, is refused by name', async (test) => {
  const { area, run, out } = await areaWithSets(test);
  const areaFile = area.read('area.yaml');
  for (const [text, code, value] of [
    ['code_sets: { diagnoses: 没有的 }', 'codes.', '没有的'],
    ['code_sets: { diagnoses: 手术 }', 'quality.wrong-code-set', '手术'],
    ['code_sets: { procedures: { 2025-13-01: 手术 } }', 'policy.', '2025-13-01'],
    ['code_sets: { drugs: 手术 }', 'policy.', 'drugs'],
  ] as const) {
    area.write('area.yaml', `${areaFile}${text}\n`);
    const refused = await run('check', area.path, '--out', out, '--quiet', '--lang', 'zh');
    assert.equal(refused.exit, 3, `${text}: ${refused.stderr}`);
    assert.ok(refused.stderr.includes(code) && refused.stderr.includes(value), refused.stderr);
  }
});

describe('codes written in another version are mapped first, by the table an option or area.yaml names', () => {
  const MAPPING =
    'source_code,target_code\nJ18.1old,J18.100\nK35old,K35.900\nI10old,I10.x00\nI10old,I11.x00\n';
  const writeMapping = (area: AreaFolder): string => {
    area.write('对照.csv', MAPPING);
    area.write(
      'settlement_lists/lists.csv',
      [LIST_HEADER, list('a', '2025-06-01', 'J18.1old'), list('b', '2025-06-01', 'K35old|I10old'), ''].join(
        '\n',
      ),
    );
    area.append('area.yaml', 'code_sets: { diagnoses: 新诊断 }\n');
    return join(area.path, '对照.csv');
  };

  test('check: the finding shows what was written and what it was mapped to', async (test) => {
    const { area, run, out } = await areaWithSets(test);
    const mapping = writeMapping(area);
    const checked = await run(
      ...['check', area.path, '--out', out, '--no-workbooks', '--quiet', '--map-diagnoses', mapping],
    );
    assert.equal(checked.exit, 0, checked.stderr);
    // ambiguous codes stay as they are
    assert.deepEqual(findings(out, 'Q014a'), ['Q014a a J18.1old → J18.100', 'Q014a b I10old']);
    assert.match(checked.stderr, /2 .*1 /);
    area.append('area.yaml', 'code_mapping: { diagnoses: 对照.csv }\n');
    const byArea = `${out}-area`;
    await run('check', area.path, '--out', byArea, '--no-workbooks', '--quiet');
    assert.equal(
      readFileSync(join(byArea, 'findings.csv'), 'utf8'),
      readFileSync(join(out, 'findings.csv'), 'utf8'),
    );
    const none = `${out}-none`;
    await run('check', area.path, '--out', none, '--no-workbooks', '--quiet', '--map-diagnoses', 'none');
    assert.deepEqual(findings(none, 'Q014a'), ['Q014a a J18.1old', 'Q014a b I10old', 'Q014a b K35old']);
  });

  test('drg lint: the scheme sees the mapped codes', async (test) => {
    const { area, run } = await areaWithSets(test);
    const mapping = writeMapping(area);
    const unknownOf = async (...more: string[]) => {
      const lint = await run(
        ...['drg', 'lint', 'drg-teaching', '--area', area.path, '--year', '2025', '--json', ...more],
      );
      assert.equal(lint.exit, 0, lint.stderr);
      return JSON.parse(lint.stdout)
        .unknownDiagnoses.map(({ code }: { code: string }) => code)
        .toSorted();
    };
    const before = await unknownOf();
    assert.ok(before.includes('K35old') && before.includes('J18.1old'));
    const after = await unknownOf('--map-diagnoses', mapping);
    assert.ok(!after.includes('K35old') && !after.includes('J18.1old') && after.includes('I10old'));
  });

  test('preview: the cases of a file, with a catalogue and within an area', async (test) => {
    const { area, run } = await areaWithSets(test);
    const folder = temporaryFolder(test);
    writeFileSync(
      join(folder, '目录.csv'),
      '病种编码,病种名称,病种类型,主要诊断,手术操作,分值\nA1,阑尾炎,核心,K35.9,,700\n',
    );
    writeFileSync(join(folder, '病例.csv'), 'case_id,diagnoses,procedures,cost\n1,K35old|I10old,,5000\n');
    area.write('对照.csv', MAPPING);
    const groupOf = async (...more: string[]) => {
      const previewed = await run('preview', '--case', join(folder, '病例.csv'), '--json', ...more);
      assert.equal(previewed.exit, 0, previewed.stderr);
      return JSON.parse(previewed.stdout)[0].group_code;
    };
    const catalogue = ['--catalogue', join(folder, '目录.csv')];
    assert.equal(await groupOf(...catalogue), undefined);
    const mapping = join(area.path, '对照.csv');
    assert.equal(await groupOf(...catalogue, '--map-diagnoses', mapping), 'A1');
    const settled = new AreaFolder(join(folder, 'area'));
    settled.replace('area.yaml', 'profile: reference', 'profile: dip-3.0-draft');
    settled.write('catalogue.csv', readFileSync(join(folder, '目录.csv')));
    settled.write('对照.csv', MAPPING);
    const inArea = ['--area', settled.path, '--year', '2025'];
    assert.equal(await groupOf(...inArea), undefined);
    assert.equal(await groupOf(...inArea, '--map-diagnoses', mapping), 'A1');
    settled.append('area.yaml', 'code_mapping: { diagnoses: 对照.csv }\n');
    assert.equal(await groupOf(...inArea), 'A1');
  });
});
