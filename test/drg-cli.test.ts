import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { runCli, temporaryFolder } from './support/run-cli.ts';
import { testWithSharedData } from './support/shared-data.ts';

const TEACHING = join(import.meta.dirname, '..', 'policies', 'drg', 'drg-teaching');
const CASES = `case_id,sex,age_years,age_days,birth_weight_g,length_of_stay,disposition,diagnoses,procedures
1,1,70,,,9,1,I63.900|J96.000,
2,2,0,3,1300,20,1,P22.000,
3,1,70,,,9,1,I63.900,47.0100
4,1,30,,,9,1,F20.900,
`;

describe('schemes on the command line', () => {
  test('import, list, show, group, diff and replace', async (t) => {
    const folder = temporaryFolder(t);
    const environment = { YIBAO_DATA: join(folder, 'data') };
    const run = (...argv: string[]) => runCli(argv, { environment, folder });
    cpSync(TEACHING, join(folder, 'mine'), { recursive: true });

    const first = await run('drg', 'import', 'mine', '--name', '本市-2025');
    assert.equal(first.exit, 0, first.stderr);
    assert.match(first.stdout, /本市-2025 已导入：MDC \d+ 个/);
    assert.match((await run('drg', 'import', 'mine', '--name', '本市-2025')).stdout, /已有内容相同的方案/);
    assert.deepEqual(readdirSync(join(folder, 'data', 'drg')), ['本市-2025']);
    const listed = JSON.parse((await run('drg', 'list', '--json')).stdout) as {
      name: string;
      origin: string;
    }[];
    assert.deepEqual(
      listed.map(({ name, origin }) => `${name} ${origin}`),
      ['drg-teaching bundled', '本市-2025 imported'],
    );

    writeFileSync(join(folder, 'cases.csv'), CASES);
    const results: string[] = [];
    for (const scheme of ['本市-2025', 'drg-teaching', 'mine']) {
      const { exit, stdout } = await run(
        'group',
        'drg',
        '--scheme',
        scheme,
        '--cases',
        'cases.csv',
        '--out',
        'out.csv',
      );
      assert.equal(exit, 0);
      assert.match(stdout, /病例 4：入组 2 \(50\.0%\)，歧义 1 \(25\.0%\)，未入组 1 \(25\.0%\)，无法分组 0/);
      results.push(readFileSync(join(folder, 'out.csv'), 'utf8'));
    }
    assert.equal(
      results[0],
      'case_id,mdc,adrg,drg,status,reason\n1,MDCB,BR2,BR21,grouped,\n2,MDCP,PS1,PS19,grouped,\n3,MDCB,,BQY,ambiguous,\n4,,,0000,ungrouped,\n',
    );
    assert.deepEqual(results, [results[0], results[0], results[0]]);

    const groups = join(folder, 'mine', 'groups.csv');
    writeFileSync(groups, readFileSync(groups, 'utf8').replace('颅内出血与脑外伤，', '颅内出血，'));
    const refused = await run('drg', 'import', 'mine', '--name', '本市-2025');
    assert.equal(refused.exit, 4);
    assert.match(refused.stderr, /groups\.csv.*drg\.other-content/);
    assert.match((await run('drg', 'diff', '本市-2025', 'mine')).stdout, /更名病组 1 处/);
    assert.match((await run('drg', 'import', 'mine', '--name', '本市-2025', '--replace')).stdout, /已替换/);
    assert.match((await run('drg', 'diff', '本市-2025', 'mine')).stdout, /没有差别/);
    assert.match((await run('--lang', 'en', 'drg', 'show', '本市-2025', 'BR11')).stdout, /#\d+ adrg BR1\n/);
  });

  test('a broken scheme is refused and nothing of it is kept', async (t) => {
    const folder = temporaryFolder(t);
    const environment = { YIBAO_DATA: join(folder, 'data') };
    cpSync(TEACHING, join(folder, 'mine'), { recursive: true });
    const steps = join(folder, 'mine', 'steps.csv');
    writeFileSync(
      steps,
      readFileSync(steps, 'utf8').replace('@AA1.px', '@AA1.pz').replace('has_mcc', 'has_mccc'),
    );
    const { exit, stderr } = await runCli(['--lang', 'en', 'drg', 'import', 'mine', '--name', 'x'], {
      environment,
      folder,
    });
    assert.equal(exit, 3);
    assert.match(stderr, /steps\.csv, line 2, field condition.*drg\.unknown-list/);
    assert.match(stderr, /steps\.csv, line \d+, field condition.*unknown test "has_mccc".*drg\.unknown-test/);
    assert.ok(!existsSync(join(folder, 'data')));
  });

  test('names that cannot be used, and schemes that are not there', async (t) => {
    const folder = temporaryFolder(t);
    const environment = { YIBAO_DATA: join(folder, 'data') };
    const run = (...argv: string[]) => runCli(argv, { environment, folder });
    assert.equal((await run('drg', 'import', TEACHING, '--name', '../x')).exit, 3);
    assert.equal((await run('drg', 'import', TEACHING, '--name', 'drg-teaching')).exit, 4);
    const missing = await run('group', 'drg', '--scheme', 'nope', '--cases', 'x.csv', '--out', 'y.csv');
    assert.equal(missing.exit, 3);
    assert.match(missing.stderr, /drg-teaching.*drg\.scheme-not-found/);
    assert.match(
      (await run('group', 'drg', '--scheme', 'drg-teaching', '--cases', 'x.csv', '--out', 'y.csv')).stderr,
      /x\.csv.*找不到/,
    );
    assert.match((await run('drg', 'show', 'drg-teaching', 'QQ')).stderr, /drg\.no-such-code/);
  });

  test('a stored program of another version is compiled again from the files beside it', async (t) => {
    const folder = temporaryFolder(t);
    const environment = { YIBAO_DATA: join(folder, 'data') };
    const run = (...argv: string[]) => runCli(argv, { environment, folder });
    await run('drg', 'import', TEACHING, '--name', 'x');
    const program = join(folder, 'data', 'drg', 'x', 'program.json');
    for (const text of ['{"version":0}', '{']) {
      writeFileSync(program, text);
      writeFileSync(join(folder, 'cases.csv'), CASES);
      const { exit } = await run('group', 'drg', '--scheme', 'x', '--cases', 'cases.csv', '--out', 'out.csv');
      assert.equal(exit, 0);
    }
  });
});

testWithSharedData('the labelled cases through the command line', async (data) => {
  const folder = join(data, 'drg', 'chs-drg-1.1');
  const cleanup: (() => void)[] = [];
  const work = temporaryFolder({ after: (remove) => cleanup.push(remove) });
  try {
    mkdirSync(join(work, 'data'));
    const cases = join(folder, 'labelled_cases.csv');
    const out = join(work, 'out.csv');
    const { exit, stderr } = await runCli(
      ['group', 'drg', '--scheme', folder, '--cases', cases, '--out', out, '--explain'],
      { environment: { YIBAO_DATA: join(work, 'data') } },
    );
    assert.equal(exit, 0, stderr);
    const read = (file: string) => parse(readFileSync(file), { columns: true }) as Record<string, string>[];
    assert.deepEqual(
      read(out).map(({ case_id, drg }) => `${case_id} ${drg}`),
      read(cases).map(({ case_id, drg }) => `${case_id} ${drg}`),
    );
  } finally {
    for (const remove of cleanup) remove();
  }
});
