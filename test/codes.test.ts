import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { runCli, temporaryFolder } from './support/run-cli.ts';
import { testWithSharedData } from './support/shared-data.ts';

/** Runs `yibao codes …` in a folder, with a data folder inside it. */
const runIn = (folder: string, environment: Readonly<Record<string, string>> = {}) => {
  return (...argv: string[]) =>
    runCli(['codes', ...argv], {
      folder,
      environment: { YIBAO_DATA: join(folder, 'data'), ...environment },
    });
};

const MAP =
  '国临编码,医保编码,首选\nA00.000,A00.0,\nK35.900,K35.9,\nK35.900,K35.8,\nJ18.900,J18.9,1\nJ18.900,J18.8,\n';

describe('yibao codes, as a user runs it', () => {
  test('a newcomer looks up by initials, typo and code without importing anything', async (t) => {
    const run = runIn(temporaryFolder(t));
    for (const [text, match] of [
      ['jxlwy', '拼音'],
      ['急性兰尾炎', '同音'],
      ['K35.8', '编码'],
    ] as const) {
      const { exit, stdout } = await run('lookup', text);
      assert.equal(exit, 0);
      assert.match(stdout, new RegExp(`K35\\.800 .*急性阑尾炎.* demo-diagnoses  ${match}`));
    }
    const nothing = await run('lookup', '宇宙飞船');
    assert.equal(nothing.exit, 0);
    assert.match(nothing.stdout, /没有找到“宇宙飞船”/);
    assert.match((await run('list')).stdout, /还没有导入/);
  });

  test('import, list, show, diff, look-up and remove work on what was imported, and print JSON', async (t) => {
    const folder = temporaryFolder(t);
    const run = runIn(folder);
    writeFileSync(join(folder, '1.csv'), '编码,名称\nA00.000,霍乱\nA01.000,伤寒\n');
    writeFileSync(join(folder, '2.csv'), '编码,名称\nA00.000,霍乱病\nA02.000,沙门菌肠炎\n');
    assert.match(
      (await run('import', '1.csv', '--name', 'v1', '--label', '第一版')).stdout,
      /v1：已导入。诊断编码集，2 行/,
    );
    assert.match(
      (await run('import', '1.csv', '--name', 'v1', '--label', '第一版')).stdout,
      /已有相同内容，未改动/,
    );
    const refused = await run('import', '2.csv', '--name', 'v1');
    assert.equal(refused.exit, 4);
    assert.match(refused.stderr, /“v1”已存有不同的内容（2 行，来自 1\.csv）.*--replace/);
    await run('import', '2.csv', '--name', 'v2');
    assert.match((await run('list')).stdout, /v1 +诊断编码集 +2 +第一版 +1\.csv\nv2 /);
    assert.match((await run('show', 'v1')).stdout, /A00\.000 {2}霍乱\nA01\.000 {2}伤寒/);
    assert.match(
      (await run('diff', 'v1', 'v2')).stdout,
      /相同 0，新增 1，删除 1，改名 1[\s\S]*\+ A02\.000[\s\S]*- A01\.000[\s\S]*~ A00\.000 {2}霍乱 → 霍乱病/,
    );
    const { matches } = JSON.parse((await run('lookup', 'hl', '--json')).stdout);
    assert.deepEqual(
      matches.map((each: { code: string; set: string; match: string }) => [each.code, each.set, each.match]),
      [
        ['A00.000', 'v1', 'pinyin'],
        ['A00.000', 'v2', 'pinyin'],
      ],
    );
    const only = JSON.parse((await run('lookup', 'hl', '--set', 'v2', 'demo-diagnoses', '--json')).stdout);
    assert.deepEqual(only.sets, ['v2', 'demo-diagnoses']);
    assert.equal(only.matches[0].set, 'v2');
    assert.match((await run('remove', 'v2')).stdout, /已删除 v2/);
    assert.equal((await run('show', 'v2')).exit, 3);
  });

  test('a mapping says at import what is one-to-many, and codes are mapped by its name or by its file', async (t) => {
    const folder = temporaryFolder(t);
    const run = runIn(folder);
    writeFileSync(join(folder, 'map.csv'), MAP);
    const imported = await run('import', 'map.csv', '--name', 'm');
    assert.match(imported.stdout, /对照 5 条：源编码 3 个/);
    assert.match(
      imported.stdout,
      /一对多 2 个，其中没有首选的 1 个[\s\S]*J18\.900 → J18\.8, J18\.9（首选）\n {2}K35\.900 → K35\.8, K35\.9/,
    );
    for (const table of ['m', 'map.csv']) {
      const { stdout } = await run(
        'map',
        '--table',
        table,
        '--codes',
        'A00.000,K35.900|J18.900,Z00.000',
        '--json',
      );
      assert.deepEqual(
        JSON.parse(stdout).codes.map((each: { original: string; code: string; status: string }) =>
          [each.original, each.code, each.status].join(' '),
        ),
        [
          'A00.000 A00.0 mapped',
          'K35.900 K35.900 ambiguous',
          'J18.900 J18.9 mapped',
          'Z00.000 Z00.000 unknown',
        ],
      );
    }
    const text = await run('map', '--table', 'm', '--codes', 'K35.900');
    assert.match(text.stdout, /K35\.900 {2}ambiguous {2}K35\.8 \| K35\.9 {2}多个对应而无首选，原样保留/);
    const refused = await run(
      'map',
      '--table',
      'm',
      '--codes',
      'A00.000,K35.900,Z00.000',
      '--unmapped',
      'refuse',
    );
    assert.equal(refused.exit, 4);
    assert.match(refused.stderr, /“K35\.900”：编码有多个对应而没有首选：K35\.8、K35\.9/);
    assert.match(refused.stderr, /“Z00\.000”：编码不在映射表中/);
  });

  test('a column of a file is mapped, the other columns stay, the original and the result stand beside', async (t) => {
    const folder = temporaryFolder(t);
    const run = runIn(folder);
    writeFileSync(join(folder, 'map.csv'), MAP);
    writeFileSync(
      join(folder, 'in.csv'),
      '\uFEFFid,diagnoses,备注\r\n1,A00.000|K35.900,"一,二"\r\n2,,空\r\n3,|J18.900,\r\n4,Z00.000\r\n',
    );
    const argv = [
      'map',
      '--table',
      'map.csv',
      '--file',
      'in.csv',
      '--column',
      'diagnoses',
      '--out',
      'out/out.csv',
    ];
    const { exit, stdout } = await run(...argv);
    assert.equal(exit, 0);
    assert.match(stdout, /4 行；编码：已对照 2，不变 0，多个对应而无首选，原样保留 1，表中没有，原样保留 1/);
    assert.equal(
      readFileSync(join(folder, 'out/out.csv'), 'utf8'),
      [
        'id,diagnoses,备注,diagnoses_original,diagnoses_status',
        '1,A00.0|K35.900,"一,二",A00.000|K35.900,mapped|ambiguous',
        '2,,空,,',
        '3,|J18.9,,|J18.900,mapped',
        '4,Z00.000,,Z00.000,unknown',
        '',
      ].join('\n'),
    );
    const again = await run(...argv);
    assert.equal(again.exit, 4);
    assert.match(again.stderr, /文件已存在，不覆盖/);
    assert.equal((await run(...argv, '--replace')).exit, 0);
    assert.deepEqual(readdirSync(join(folder, 'out')), ['out.csv']);

    const strict = await run(...argv.slice(0, -1), 'strict.csv', '--unmapped', 'refuse');
    assert.equal(strict.exit, 4);
    assert.match(strict.stderr, /in\.csv，第 2 行，字段 diagnoses，值“K35\.900”/);
    assert.match(strict.stderr, /in\.csv，第 5 行，字段 diagnoses，值“Z00\.000”/);
    assert.equal(existsSync(join(folder, 'strict.csv')), false);
    const over = await run(...argv.slice(0, -1), 'in.csv', '--replace');
    assert.equal(over.exit, 4);
    const column = await run(...argv.slice(0, 6), 'procedures', '--out', 'x.csv');
    assert.equal(column.exit, 3);
    assert.match(column.stderr, /没有列“procedures”.*id、diagnoses、备注/);
  });

  test('a broken file gives every problem in both languages and keeps nothing', async (t) => {
    const folder = temporaryFolder(t);
    writeFileSync(join(folder, 'bad.csv'), '编码,名称\n,霍乱\nA 1,伤寒\n');
    const zh = await runIn(folder)('import', 'bad.csv', '--name', 'bad');
    assert.equal(zh.exit, 3);
    assert.match(zh.stderr, /bad\.csv，第 2 行，字段 code，值“”：编码为空。处理：/);
    assert.match(zh.stderr, /bad\.csv，第 3 行，字段 code，值“A 1”：编码写法不对/);
    const en = await runIn(folder)('import', 'bad.csv', '--name', 'bad', '--lang', 'en');
    assert.match(en.stderr, /bad\.csv, line 3, field code, value "A 1": malformed code.*Remedy: /);
    assert.equal(existsSync(join(folder, 'data')), false);
  });

  test('wrong usage says what is missing', async (t) => {
    const run = runIn(temporaryFolder(t));
    for (const argv of [
      ['map', '--table', 'm'],
      ['map', '--table', 'm', '--codes', 'A', '--file', 'f.csv'],
      ['map', '--table', 'm', '--file', 'f.csv', '--out', 'o.csv'],
      ['map', '--table', 'm', '--file', 'f.csv', '--column', 'c'],
      ['import', 'f.csv'],
      ['lookup', 'x', '--limit', '0'],
    ]) {
      assert.equal((await run(...argv)).exit, 2, argv.join(' '));
    }
  });
});

for (const [file, kind, rows, text, code] of [
  ['icd10_nhsa_2.0_names.csv', 'diagnosis', 33_304, 'jxlwy', 'K35.800x001'],
  ['icd9cm3_nhsa_2.0_names.csv', 'procedure', 13_686, 'fqjxlwqcs', '47.0100'],
] as const) {
  testWithSharedData(`${file} of the official tables is imported completely and looked up`, async (data) => {
    const folder = temporaryFolder({ after: (remove) => process.once('exit', remove) });
    const run = runIn(folder);
    const { stdout } = await run('import', join(data, 'codes', file), '--name', 'n', '--json');
    const { kind: found, rows: stored } = JSON.parse(stdout);
    assert.equal(found, kind);
    assert.deepEqual(stored, { 'codes.tsv': rows });
    const shown = JSON.parse((await run('show', 'n', '--json')).stdout).codes as {
      code: string;
      name: string;
    }[];
    const lines = readFileSync(join(data, 'codes', file), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1);
    const written = lines.map((line) => line.slice(0, line.indexOf(','))).toSorted();
    assert.deepEqual(
      shown.map((each) => each.code),
      written,
    );
    const { matches } = JSON.parse((await run('lookup', text, '--json')).stdout);
    assert.equal(matches[0].code, code);
  });
}
