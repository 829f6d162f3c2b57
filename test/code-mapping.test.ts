import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  AreaFolder,
  LIST_HEADER,
  listLine,
  SMALL_AREA_YEAR,
  type SmallList,
  smallAreaFiles,
  smallLists,
} from './support/area-folder.ts';
import { runCli, temporaryFolder } from './support/run-cli.ts';

/** Codes as another version writes them, and the table that leads back. */
const OTHER_DIAGNOSES: Readonly<Record<string, string>> = {
  'K35.900': 'K35.901x',
  'J18.900': 'J18.903',
  'I10.x00': 'I10.x05',
};
const OTHER_PROCEDURES: Readonly<Record<string, string>> = { '47.0100': '47.01001', '54.5100': '54.51x9' };
const mapCsv = (codes: Readonly<Record<string, string>>): string =>
  `国临编码,医保编码\n${Object.entries(codes)
    .map(([target, source]) => `${source},${target}`)
    .join('\n')}\n`;
const rewritten = (text: string, codes: Readonly<Record<string, string>>): string =>
  text
    .split('|')
    .map((code) => codes[code] ?? code)
    .join('|');

/** The lists of the small area with the codes of the other version. */
const otherLists = (): SmallList[] =>
  smallLists().map((list) => ({
    ...list,
    diagnoses: rewritten(list.diagnoses!, OTHER_DIAGNOSES),
    procedures: rewritten(list.procedures!, OTHER_PROCEDURES),
  }));

function otherArea(path: string): AreaFolder {
  const area = new AreaFolder(path);
  area.remove('settlement_lists/2022-2024.csv');
  area.remove('settlement_lists/2025.csv');
  area.write('maps/diagnoses.csv', mapCsv(OTHER_DIAGNOSES));
  area.write('maps/procedures.csv', mapCsv(OTHER_PROCEDURES));
  return area;
}

const settle = (folder: string, area: string, out: string, ...more: string[]) =>
  runCli(['settle', area, '--year', String(SMALL_AREA_YEAR), '--out', out, ...more], {
    folder,
    environment: { YIBAO_DATA: join(folder, 'data') },
  });
const csvFiles = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith('.csv'))
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
const yamlWith = (lines: string): string => `${smallAreaFiles()['area.yaml']}${lines}`;
const AREA_MAPPING = 'code_mapping:\n  diagnoses: maps/diagnoses.csv\n  procedures: maps/procedures.csv\n';

describe('lists with the codes of another version, mapped on the way in', () => {
  test('settle to the same bytes as lists with the codes of this version, whatever their format', async (t) => {
    const folder = temporaryFolder(t);
    new AreaFolder(join(folder, 'plain'));
    assert.equal((await settle(folder, 'plain', 'expected')).exit, 0);
    const expected = csvFiles(join(folder, 'expected'));
    const lists = otherLists();
    const formats: Record<string, string> = {
      'all.csv': `${LIST_HEADER}\n${lists.map(listLine).join('\n')}\n`,
      'all.jsonl': lists.map((list) => JSON.stringify(list)).join('\n'),
    };
    for (const [file, content] of Object.entries(formats)) {
      const area = otherArea(join(folder, file));
      area.write(`settlement_lists/${file}`, content);
      area.write('area.yaml', yamlWith(AREA_MAPPING));
      const run = await settle(folder, file, `out-${file}`);
      assert.equal(run.exit, 0, run.stderr);
      assert.match(run.stdout, /诊断编码对照（maps\/diagnoses\.csv）：对照 2 个/);
      assert.match(run.stdout, /手术操作编码对照（maps\/procedures\.csv）：对照 2 个/);
      const { 'code_mapping.csv': mapping, ...others } = csvFiles(join(folder, `out-${file}`));
      assert.deepEqual(others, expected);
      const lines = mapping!.split('\n');
      assert.equal(lines[0], 'side,code,status,mapped_code,targets,occurrences');
      assert.ok(lines.includes('procedures,54.51x9,mapped,54.5100,54.5100,7'));
      assert.ok(lines.includes('procedures,99.9999,unknown,99.9999,,8'));
      const manifest = JSON.parse(readFileSync(join(folder, `out-${file}`, 'manifest.json'), 'utf8'));
      assert.equal(manifest.code_mapping.diagnoses.table, 'maps/diagnoses.csv');
      assert.match(manifest.code_mapping.procedures.content_sha256, /^[0-9a-f]{64}$/);
      assert.equal(manifest.rows['code_mapping.csv'], lines.length - 2);
    }
  });

  test('without a mapping named nothing speaks of one, and its file goes with the next result', async (t) => {
    const folder = temporaryFolder(t);
    const area = otherArea(join(folder, 'area'));
    area.write('settlement_lists/all.csv', `${LIST_HEADER}\n${otherLists().map(listLine).join('\n')}\n`);
    area.write('area.yaml', yamlWith(AREA_MAPPING));
    assert.equal((await settle(folder, 'area', 'out')).exit, 0);
    const off = await settle(folder, 'area', 'out', '--map-diagnoses', 'none', '--map-procedures', 'none');
    assert.equal(off.exit, 0, off.stderr);
    assert.doesNotMatch(off.stdout, /对照/);
    assert.equal(readdirSync(join(folder, 'out')).includes('code_mapping.csv'), false);
    const manifest = JSON.parse(readFileSync(join(folder, 'out/manifest.json'), 'utf8'));
    assert.equal('code_mapping' in manifest, false);
  });

  test('explain shows each code as written and as mapped, and why one stays', async (t) => {
    const folder = temporaryFolder(t);
    const area = otherArea(join(folder, 'area'));
    const lists = otherLists();
    area.write('settlement_lists/all.csv', `${LIST_HEADER}\n${lists.map(listLine).join('\n')}\n`);
    // an ambiguous code, a preferred one, and one the table lacks (54.51x9)
    writeFileSync(
      join(folder, 'ops.csv'),
      'source_code,target_code,preferred\n47.01001,47.0100,1\n47.01001,47.0900,\n54.51x9,54.5100,\n54.51x9,54.5900,\n',
    );
    const environment = { YIBAO_DATA: join(folder, 'data') };
    const imported = await runCli(['codes', 'import', 'area/maps/diagnoses.csv', '--name', '国临-医保'], {
      folder,
      environment,
    });
    assert.equal(imported.exit, 0, imported.stderr);
    const setlId = lists.find(
      (list) => list.procedures === '47.01001|54.51x9' && list.setl_id!.startsWith('2025'),
    )!.setl_id!;
    const argv = ['explain', 'area', '--year', '2025', '--case', setlId];
    const options = ['--map-diagnoses', '国临-医保', '--map-procedures', 'ops.csv'];
    const { stdout, exit, stderr } = await runCli([...argv, ...options], { folder, environment });
    assert.equal(exit, 0, stderr);
    assert.match(stdout, /主要诊断 K35\.900；手术操作 47\.0100\|54\.51x9/);
    assert.match(
      stdout,
      /编码对照\n {3}诊断用映射表 国临-医保（SHA-256 [0-9a-f]{12}…）\n {3}· K35\.901x → K35\.900\n/,
    );
    assert.match(stdout, /· 47\.01001 → 47\.0100（2 个对应中的首选：47\.0100、47\.0900）\n/);
    assert.match(stdout, /· 54\.51x9 原样保留：有 2 个对应而没有首选（54\.5100、54\.5900）\n/);
    const json = JSON.parse((await runCli([...argv, ...options, '--json'], { folder, environment })).stdout);
    assert.deepEqual(json.code_mapping[1].codes[1], {
      original: '54.51x9',
      code: '54.51x9',
      status: 'ambiguous',
      targets: ['54.5100', '54.5900'],
    });
    const english = await runCli([...argv, ...options, '--lang', 'en'], { folder, environment });
    assert.match(english.stdout, /54\.51x9 left as it is: 2 targets and none preferred/);
    const without = await runCli([...argv, '--json'], { folder, environment });
    assert.deepEqual(JSON.parse(without.stdout).code_mapping, []);
  });

  test('a table that is not there, is no mapping or is broken stops the run before any list is read', async (t) => {
    const folder = temporaryFolder(t);
    const area = new AreaFolder(join(folder, 'area'));
    const wrong = async (yaml: string, exit: number, message: RegExp, ...options: string[]) => {
      area.write('area.yaml', yamlWith(yaml));
      const run = await settle(folder, 'area', 'out', ...options);
      assert.equal(run.exit, exit, run.stderr);
      assert.match(run.stderr, message);
    };
    await wrong('code_mapping: {diagnoses: nowhere}\n', 3, /没有名为“nowhere”的.*\[codes\.not-found\]/);
    await wrong('code_mapping: {diagnoses: demo-diagnoses}\n', 3, /\[codes\.wrong-kind\]/);
    await wrong(
      'code_mapping: {diagnoses: maps/no.csv}\n',
      3,
      /maps\/no\.csv：文件打不开：找不到.*\[codes\.unreadable\]/,
    );
    await wrong('code_mapping: {drugs: x}\n', 3, /drugs.*\[policy\.unknown-key\]/);
    area.write('bad.csv', 'source_code,target_code\nA00.000,\n');
    await wrong(
      'code_mapping: {procedures: bad.csv}\n',
      3,
      /bad\.csv，第 2 行，字段 target_code.*\[codes\.missing-value\]/,
    );
    await wrong('', 3, /no\.csv.*\[codes\.unreadable\]/, '--map-procedures', 'no.csv');
  });
});

test('files of cases to group are mapped by the tables named, and the file itself stays as it is', async (t) => {
  const folder = temporaryFolder(t);
  const run = (...argv: string[]) =>
    runCli(argv, { folder, environment: { YIBAO_DATA: join(folder, 'data') } });
  writeFileSync(join(folder, 'map.csv'), 'source_code,target_code\nX63,I63.900\nB1,C1\nB1,C2\n');
  const cases =
    'case_id,sex,age_years,age_days,birth_weight_g,length_of_stay,disposition,diagnoses,procedures\n1,1,70,,,9,1,X63|B1,\n';
  writeFileSync(join(folder, 'cases.csv'), cases);
  const group = (...more: string[]) =>
    run('group', 'drg', '--scheme', 'drg-teaching', '--cases', 'cases.csv', '--out', 'out.csv', ...more);
  const result = () => readFileSync(join(folder, 'out.csv'), 'utf8').split('\n')[1];

  assert.equal((await group()).exit, 0);
  assert.equal(result(), '1,,,0000,ungrouped,');
  const mapped = await group('--map-diagnoses', 'map.csv', '--lang', 'en');
  assert.equal(mapped.exit, 0, mapped.stderr);
  assert.match(mapped.stderr, /diagnoses mapped with map\.csv: 1 mapped, 0 unchanged, 1 ambiguous.*: B1/);
  assert.equal(result(), '1,MDCB,BR2,BR25,grouped,');
  assert.equal(readFileSync(join(folder, 'cases.csv'), 'utf8'), cases);
  const missing = await group('--map-procedures', 'nowhere');
  assert.equal(missing.exit, 3);
  assert.match(missing.stderr, /nowhere/);
});
