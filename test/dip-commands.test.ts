import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { AreaFolder } from './support/area-folder.ts';
import { runCli, temporaryFolder } from './support/run-cli.ts';

type Row = Readonly<Record<string, string>>;

const GROUPS = `病种编码,病种名称,病种类型,主要诊断,手术操作,分值,均次费用
A1,阑尾炎,核心,K35.9,,700,
A2,腹腔镜阑尾切除,核心,K35.9,47.0100,1338.3383,13370
A3,腹腔镜加探查,核心,K35.9,47.0100+54.5100,1500,
K35-4,阑尾炎,综合,K35,,900,
J18.9,肺炎,基层,J18.9,,420,
`;
const OPERATIONS = 'oprn_oprt_code,attribute\n47.0100,surgery\n54.5100,surgery\n36.0700,intervention\n';
const CASES = `case_id,sex,age_years,diagnoses,procedures,cost
2,1,30,K35.900,47.0100,13000.00
1,2,40,K35.900|I10.x00,,700
3,1,x,K35.900,,1
4,1,50,Z99.900,,1
`;

describe('the commands of catalogues, file grouping and preview', () => {
  let folder: string;
  let area: AreaFolder;
  const file = (name: string) => join(folder, name);
  const run = (...argv: readonly string[]) => runCli(argv, { environment: { YIBAO_DATA: file('data') } });
  const suite: (() => void)[] = [];
  before(async () => {
    folder = temporaryFolder({ after: (remove) => suite.push(remove) });
    writeFileSync(file('目录.csv'), GROUPS);
    writeFileSync(file('手术.csv'), OPERATIONS);
    writeFileSync(file('病例.csv'), CASES);
    area = new AreaFolder(file('area'));
    area.replace('area.yaml', 'profile: reference', 'profile: dip-3.0-draft');
    area.write('catalogue.csv', GROUPS);
    const imported = await run(
      'catalogue',
      'import',
      file('目录.csv'),
      '--name',
      '市',
      '--operations',
      file('手术.csv'),
    );
    assert.equal(imported.exit, 0, imported.stderr);
    assert.match(imported.stdout, /病种 5 个/);
  });
  after(() => {
    for (const remove of suite) remove();
  });

  test('a file of cases is grouped in its order; a wrong row is named and marked', async () => {
    const done = await run(
      'group',
      'dip',
      '--catalogue',
      '市',
      '--cases',
      file('病例.csv'),
      '--out',
      file('out.csv'),
      '--explain',
    );
    assert.equal(done.exit, 0, done.stderr);
    const rows = parse(readFileSync(file('out.csv'), 'utf8'), { columns: true }) as Row[];
    assert.deepEqual(
      rows.map(({ case_id, group_code, kind, status, reason }) => [
        case_id,
        group_code,
        kind,
        status,
        reason,
      ]),
      [
        ['2', 'A2', 'core', 'grouped', ''],
        ['1', 'A1', 'core', 'grouped', ''],
        ['3', '', 'ungrouped', 'invalid', 'age_years'],
        ['4', '', 'ungrouped', 'ungrouped', 'no-group'],
      ],
    );
    assert.match(rows[0]!.explanation!, /core-by-principal/);
    assert.match(done.stderr, /第 4 行，字段 age_years，值“x”/);
  });

  test('the bill deciding between groups is said aloud', async () => {
    const done = await run(
      'group',
      'dip',
      '--catalogue',
      '市',
      '--cases',
      file('病例.csv'),
      '--out',
      file('o.csv'),
      '--profile',
      '420600',
      '--lang',
      'en',
    );
    assert.equal(done.exit, 0, done.stderr);
    assert.match(done.stderr, /the bill decides/);
  });

  test('catalogues are listed and shown; nothing is kept of a refused one', async () => {
    const listed = await run('catalogue', 'list', '--json');
    assert.deepEqual(
      JSON.parse(listed.stdout).map(({ name }: Row) => name),
      ['市'],
    );
    const shown = await run('catalogue', 'show', '市', 'A3');
    assert.match(shown.stdout, /47\.0100\+54\.5100/);
    writeFileSync(file('坏.csv'), GROUPS.replace('1338.3383', '1,338'));
    const refused = await run('catalogue', 'import', file('坏.csv'), '--name', '坏');
    assert.equal(refused.exit, 3);
    assert.match(refused.stderr, /第 3 行/);
    assert.deepEqual(JSON.parse((await run('catalogue', 'list', '--json')).stdout).length, 1);
    assert.equal((await run('catalogue', 'show', '没有')).exit, 3);
    assert.equal((await run('catalogue', 'show', '市', 'Q99')).exit, 3);
  });

  test('an area settles by its catalogue, explains a list by the steps, and previews it', async () => {
    const done = await run('settle', area.path, '--year', '2025', '--out', file('result'), '--report');
    assert.equal(done.exit, 0, done.stderr);
    const cases = parse(readFileSync(file('result/cases.csv'), 'utf8'), { columns: true }) as Row[];
    const own = cases.find(({ group_code }) => group_code === 'A3')!;
    assert.ok(own, 'K35.9 with 47.0100 and 54.5100');
    const groups = parse(readFileSync(file('result/groups.csv'), 'utf8'), { columns: true }) as Row[];
    assert.equal(groups.find(({ group_code }) => group_code === 'A2')!.score, '1338.3383');
    const explained = await run('explain', area.path, '--year', '2025', '--case', own.setl_id!);
    assert.equal(explained.exit, 0, explained.stderr);
    assert.match(explained.stdout, /A3 核心病种 ← core-by-principal/);
    assert.match(explained.stdout, /取自病种目录/);
    const preview = await run(
      'preview',
      '--area',
      area.path,
      '--year',
      '2025',
      '--case',
      own.setl_id!,
      '--json',
    );
    assert.equal(preview.exit, 0, preview.stderr);
    const [shown] = JSON.parse(preview.stdout);
    const chosen = shown.candidates.find(({ state }: Row) => state === 'chosen');
    assert.deepEqual([chosen.group_code, chosen.points], ['A3', own.points]);
  });

  test('the lists of an area are previewed under the reference profile too', async () => {
    const reference = new AreaFolder(file('reference'));
    const done = await run('settle', reference.path, '--year', '2025', '--out', file('result2'), '--quiet');
    assert.equal(done.exit, 0, done.stderr);
    const cases = parse(readFileSync(file('result2/cases.csv'), 'utf8'), { columns: true }) as Row[];
    for (const own of [cases[0]!, cases.find(({ kind }) => kind === 'comprehensive')!]) {
      const preview = await run(
        'preview',
        '--area',
        reference.path,
        '--year',
        '2025',
        '--case',
        own.setl_id!,
        '--json',
      );
      const [shown] = JSON.parse(preview.stdout);
      const chosen = shown.candidates.find(({ state }: Row) => state === 'chosen');
      assert.deepEqual([chosen.group_code, chosen.points], [own.group_code, own.points]);
    }
  });

  test('a catalogue is built from the history and compared with another on the cases of the area', async () => {
    const built = await run(
      'catalogue',
      'build',
      area.path,
      '--year',
      '2025',
      '--out',
      file('编.csv'),
      '--directory',
      file('三级.csv'),
      '--decisions',
      file('取舍.csv'),
    );
    assert.equal(built.exit, 0, built.stderr);
    assert.match(readFileSync(file('三级.csv'), 'utf8'), /\n11,K35-K38-4,K35\.9-4,K35\.9\+47\.0100,core,/);
    const diff = await run(
      'catalogue',
      'diff',
      '市',
      file('编.csv'),
      '--area',
      area.path,
      '--year',
      '2025',
      '--json',
    );
    assert.equal(diff.exit, 0, diff.stderr);
    const { effect, changes } = JSON.parse(diff.stdout);
    assert.ok(changes.length > 0);
    const moved = effect.moves.find(({ before: from }: Row) => from === 'A2');
    assert.equal(moved.after, 'K35.9+47.0100');
    assert.equal((await run('catalogue', 'diff', '市', '市', '--area', area.path)).exit, 2);
  });

  test('what cannot be asked is refused with its exit code', async () => {
    assert.equal((await run('preview', '--case', file('病例.csv'))).exit, 2);
    assert.equal((await run('preview', '--area', area.path, '--case', 'x')).exit, 2);
    assert.equal((await run('preview', '--area', area.path, '--year', '2025', '--case', 'NOBODY')).exit, 3);
    const profile = await run(
      'group',
      'dip',
      '--catalogue',
      '市',
      '--cases',
      file('病例.csv'),
      '--out',
      file('x.csv'),
      '--profile',
      'reference',
    );
    assert.equal(profile.exit, 2);
    assert.match(profile.stderr, /dip-3\.0-draft/);
  });
});
