import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, test } from 'node:test';
import { YibaoError } from '#kernel/errors.ts';
import { temporaryFolder } from '../../../test/support/run-cli.ts';
import {
  diffCodeSets,
  findCodes,
  importCodes,
  listCodes,
  loadMapping,
  loadSet,
  readMappingFile,
  removeCodes,
} from './index.ts';

let folder: string;
beforeEach((t) => {
  folder = temporaryFolder(t as never);
  process.env.YIBAO_DATA = join(folder, 'data');
});

/** A file in the test's folder. */
function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function problemsOf(run: () => unknown): Promise<YibaoError['problems']> {
  try {
    await run();
  } catch (error) {
    assert.ok(error instanceof YibaoError, String(error));
    return error.problems;
  }
  return [];
}

/** `code line field value` of each problem. */
const shown = (problems: YibaoError['problems']): string[] =>
  problems.map((each) => [each.definition.code, each.row, each.field, each.value].join(' ').trimEnd());

const codesOf = async (name: string) =>
  (await loadSet(name)).entries.map(({ code, name: text }) => `${code} ${text}`);

const GB18030_CODE_NAME = Buffer.from('b1e0c2eb2cc3fbb3c60a4130302e3030302cbbf4c2d20a', 'hex'); // 编码,名称 / A00.000,霍乱

describe('importing a code set', () => {
  test('UTF-8 with and without a byte order mark, GB18030, tabs and semicolons give the same codes', async () => {
    const files: Record<string, string | Buffer> = {
      'plain.csv': 'code,name\nA00.000,霍乱\n',
      'bom.csv': '\uFEFF编码,名称\r\nA00.000,霍乱\r\n',
      'gb18030.csv': GB18030_CODE_NAME,
      'tabs.csv': '疾病编码\t疾病名称\nA00.000\t霍乱\n',
      'semicolons.csv': '"疾病编码";"疾病名称";备注\n"A00.000";"霍乱";x\n\n',
    };
    for (const [name, content] of Object.entries(files)) {
      const result = await importCodes(write(name, content), { name });
      assert.equal(result.manifest.kind, 'diagnosis');
      assert.deepEqual(await codesOf(name), ['A00.000 霍乱'], name);
    }
    const hashes = Object.keys(files).map((name) => findCodes(name).manifest.content_sha256);
    assert.equal(new Set(hashes).size, 1);
  });

  test('an XLSX workbook with Chinese headers and codes as text gives its codes', async () => {
    const { default: writeXlsx } = await import('write-excel-file/node');
    const path = join(folder, 'ops.xlsx');
    const cells = [
      ['手术操作编码', '手术操作名称'],
      ['00.0100', '头和颈部血管治疗性超声'],
      ['38.931A1', '某操作'],
    ];
    await writeXlsx(cells.map((line) => line.map((value) => ({ value, type: String }))) as never).toFile(
      path,
    );
    const { manifest } = await importCodes(path, { name: 'ops' });
    assert.equal(manifest.kind, 'procedure');
    assert.deepEqual(await codesOf('ops'), ['00.0100 头和颈部血管治疗性超声', '38.931A1 某操作']);
  });

  test('official codes stay as they are written, with dagger, asterisk and extensions', async () => {
    const codes = ['A17.000+G01*', 'A00.000x001', 'A18.000x023+M01.1*', 'M80000/3', 'BNF010', 'A04.01.01'];
    const path = write('c.csv', `code,name\n${codes.map((code) => `${code},名`).join('\n')}\n`);
    await importCodes(path, { name: 'c' });
    assert.deepEqual((await loadSet('c')).entries.map(({ code }) => code).toSorted(), codes.toSorted());
  });

  test('a name that holds a comma, a quote or a line end stays one name', async () => {
    const path = write('c.csv', 'code,name\nA00.000,"霍乱，由于""O1""群,\n霍乱弧菌"\n');
    await importCodes(path, { name: 'c' });
    assert.deepEqual(await codesOf('c'), ['A00.000 霍乱，由于"O1"群, 霍乱弧菌']);
  });

  test('the manifest says what was imported and nothing of time or place', async () => {
    const path = write('2.0.csv', 'code,name\nA00.000,霍乱\n');
    await importCodes(path, { name: '医保2.0', label: '医保版2.0', date: '2021-01-01' });
    const { manifest } = findCodes('医保2.0');
    assert.deepEqual(
      { ...manifest, content_sha256: '', source: manifest.source.file },
      {
        yibao: 'codes-1',
        kind: 'diagnosis',
        label: '医保版2.0',
        date: '2021-01-01',
        source: '2.0.csv',
        content_sha256: '',
        rows: { 'codes.tsv': 1 },
      },
    );
    assert.match(manifest.source.sha256, /^[0-9a-f]{64}$/);
  });

  test('every problem of a file is named with its line, field and value, and nothing is kept', async () => {
    const path = write(
      'bad.csv',
      [
        'code,name',
        'A00.000,霍乱',
        ',没有编码',
        'A01.000,',
        'A00.000,别的名称',
        'Ａ02.000,全角',
        'A03 000,空格',
        'a04.000,小写',
        '1.00E+05,科学记数',
        'A05.000,对的',
        'A05.000,对的',
      ].join('\n'),
    );
    const problems = await problemsOf(() => importCodes(path, { name: 'bad' }));
    assert.deepEqual(shown(problems), [
      'codes.missing-value 3 code',
      'codes.missing-value 4 name',
      'codes.code-twice 5 code A00.000',
      'codes.malformed-code 6 code Ａ02.000',
      'codes.malformed-code 7 code A03 000',
      'codes.malformed-code 8 code a04.000',
      'codes.malformed-code 9 code 1.00E+05',
    ]);
    for (const problem of problems) {
      assert.equal(problem.file, path);
      assert.equal(problem.definition.exit, 3);
    }
    assert.equal(existsSync(join(folder, 'data')), false);
  });

  test('a procedure code that Excel robbed of its zero is named', async () => {
    const path = write('ops.csv', '手术操作编码,手术操作名称\n1.02,某操作\n01.0200,某操作\n');
    assert.deepEqual(shown(await problemsOf(() => importCodes(path, { name: 'x', kind: 'procedure' }))), [
      'codes.malformed-code 2 code 1.02',
    ]);
  });

  test('codes of the other kind than told are refused', async () => {
    const path = write('c.csv', 'code,name\nA00.000,霍乱\n');
    assert.deepEqual(shown(await problemsOf(() => importCodes(path, { name: 'x', kind: 'procedure' }))), [
      'codes.malformed-code 2 code A00.000',
    ]);
  });

  const BAD_FILES: Record<string, [file: string, content: string | Buffer, problem: string]> = {
    'an empty file': ['c.csv', '', 'codes.empty-file'],
    'only a header': ['c.csv', 'code,name\n', 'codes.no-rows'],
    'no header': ['c.csv', 'A00.000,霍乱\n', 'codes.no-header 1  A00.000,霍乱'],
    'no names': ['c.csv', 'code,other\nA00.000,霍乱\n', 'codes.missing-column 1 name'],
    'two columns of codes': ['c.csv', 'code,编码,name\nA00,A00,霍乱\n', 'codes.repeated-column 1 code'],
    'too many cells': ['c.csv', 'code,name\nA00.000,霍,乱\n', 'codes.too-many-cells 2  A00.000,霍,乱'],
    'an open quote': ['c.csv', 'code,name\nA00.000,"霍乱\n', 'codes.unclosed-quote 2'],
    'UTF-16': ['c.csv', Buffer.from('code,name\nA00.000,x\n', 'utf16le'), 'codes.wrong-encoding'],
    'a PDF': ['c.pdf', 'x', 'codes.unsupported-file'],
    'a damaged workbook': ['c.xlsx', 'PK not really', 'codes.damaged-workbook'],
    'an old workbook': ['c.xlsx', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'codes.old-workbook'],
  };
  for (const [what, [file, content, problem]] of Object.entries(BAD_FILES)) {
    test(`${what} is refused`, async () => {
      const path = write(file, content);
      assert.deepEqual(shown(await problemsOf(() => importCodes(path, { name: 'x' }))), [problem]);
    });
  }

  test('a file that is not there is refused', async () => {
    const problems = await problemsOf(() => importCodes(join(folder, 'no.csv'), { name: 'x' }));
    assert.deepEqual(shown(problems), ['codes.unreadable']);
  });

  for (const name of ['../up', 'a/b', '', '.hidden', 'demo-diagnoses']) {
    test(`"${name}" is no name to keep it under`, async () => {
      const path = write('c.csv', 'code,name\nA00.000,霍乱\n');
      const [problem] = await problemsOf(() => importCodes(path, { name }));
      assert.equal(problem?.definition.exit, 2);
    });
  }
});

describe('keeping', () => {
  test('the same content again changes nothing, other content needs to be asked for', async () => {
    const first = write('a.csv', 'code,name\nA00.000,霍乱\n');
    const same = write('b.csv', '编码,名称\nA00.000,霍乱\nA00.000,霍乱\n');
    const other = write('c.csv', 'code,name\nA00.000,别的\n');
    assert.equal((await importCodes(first, { name: 'n' })).outcome, 'imported');
    const before = readFileSync(join(folder, 'data/codes/n/manifest.json'), 'utf8');
    const again = await importCodes(same, { name: 'n' });
    assert.equal(again.outcome, 'unchanged');
    assert.equal(again.repeated, 1);
    assert.equal(readFileSync(join(folder, 'data/codes/n/manifest.json'), 'utf8'), before);
    const problems = await problemsOf(() => importCodes(other, { name: 'n' }));
    assert.deepEqual(shown(problems), ['codes.exists   n']);
    assert.equal(problems[0]?.definition.exit, 4);
    assert.deepEqual(await codesOf('n'), ['A00.000 霍乱']);
    assert.equal((await importCodes(other, { name: 'n', replace: true })).outcome, 'replaced');
    assert.deepEqual(await codesOf('n'), ['A00.000 别的']);
    assert.deepEqual(readdirSync(join(folder, 'data/codes')), ['n']);
  });

  test('versions stand side by side and are compared', async () => {
    await importCodes(write('1.csv', 'code,name\nA00.000,霍乱\nA01.000,伤寒\nA02.000,旧\n'), { name: '1.0' });
    await importCodes(write('2.csv', 'code,name\nA00.000,霍乱\nA01.000,伤寒病\nA03.000,新\n'), {
      name: '2.0',
    });
    const diff = diffCodeSets((await loadSet('1.0')).entries, (await loadSet('2.0')).entries);
    assert.equal(diff.same, 1);
    assert.deepEqual(diff.renamed, [{ code: 'A01.000', from: '伤寒', to: '伤寒病' }]);
    assert.deepEqual(
      diff.came.map(({ code }) => code),
      ['A03.000'],
    );
    assert.deepEqual(
      diff.went.map(({ code }) => code),
      ['A02.000'],
    );
  });

  test('what was removed is gone, what comes with yibao stays', async () => {
    await importCodes(write('1.csv', 'code,name\nA00.000,霍乱\n'), { name: 'n' });
    removeCodes('n');
    assert.deepEqual(
      listCodes().codes.map(({ name }) => name),
      ['demo-diagnoses', 'demo-procedures'],
    );
    assert.deepEqual(shown(await problemsOf(() => removeCodes('n'))), ['codes.not-found   n']);
    assert.deepEqual(shown(await problemsOf(() => removeCodes('demo-diagnoses'))), [
      'codes.bundled-stays   demo-diagnoses',
    ]);
  });

  test('a stored file that was cut off is noticed, and does not hide the others', async () => {
    await importCodes(write('1.csv', 'code,name\nA00.000,霍乱\nA01.000,伤寒\n'), { name: 'n' });
    const stored = join(folder, 'data/codes/n/codes.tsv');
    writeFileSync(stored, readFileSync(stored, 'utf8').slice(0, -5));
    assert.deepEqual(shown(await problemsOf(() => loadSet('n'))), ['codes.damaged-store   n']);
    writeFileSync(join(folder, 'data/codes/n/manifest.json'), '{');
    assert.deepEqual(listCodes().damaged, ['n']);
    removeCodes('n');
    assert.deepEqual(listCodes().damaged, []);
  });
});

describe('mapping tables', () => {
  const HEADERS = [
    'source_code,target_code',
    '国临编码,医保编码',
    '国家临床版2.0疾病诊断编码,国家医保版2.0疾病诊断编码',
    '国临版V2.0编码,医保版v2.0编码',
    '原编码,目标编码',
  ];
  for (const header of HEADERS) {
    test(`the header ${header} is that of a mapping`, async () => {
      const path = write('m.csv', `${header}\nA00.000,A00.0\nA00.000,A00.9\n`);
      const { manifest, mapping } = await importCodes(path, { name: 'm' });
      assert.equal(manifest.kind, 'mapping');
      assert.equal(mapping?.ambiguous, 1);
      assert.deepEqual(
        loadMapping('m').pairs.map(({ source, target }) => `${source} ${target}`),
        ['A00.000 A00.0', 'A00.000 A00.9'],
      );
    });
  }

  test('names, marks and notes are kept, and a file gives the same table as its import', async () => {
    const path = write(
      'm.csv',
      '国临编码,国临名称,医保编码,医保名称,首选,备注\nA00.000,霍乱,A00.0,霍乱（医保）,是,等价\n',
    );
    await importCodes(path, { name: 'm' });
    const [pair] = loadMapping('m').pairs;
    assert.deepEqual(pair, {
      source: 'A00.000',
      target: 'A00.0',
      sourceName: '霍乱',
      targetName: '霍乱（医保）',
      preferred: true,
      note: '等价',
    });
    const file = await readMappingFile(path);
    assert.deepEqual(file.pairs, loadMapping('m').pairs);
    assert.equal(file.content_sha256, loadMapping('m').content_sha256);
  });

  test('columns of any name can be named, also to map the other way', async () => {
    const path = write('m.csv', '国临编码,医保编码\nA00.000,A00.0\n');
    await importCodes(path, { name: 'back', sourceColumn: '医保编码', targetColumn: '国临编码' });
    assert.equal(loadMapping('back').pairs[0]?.target, 'A00.000');
    const problems = await problemsOf(() =>
      importCodes(path, { name: 'x', sourceColumn: '没有', targetColumn: '国临编码' }),
    );
    assert.deepEqual(shown(problems), ['codes.no-such-column 1 source_code 没有']);
  });

  test('a table is checked against the sets it goes between, and they are named with it', async () => {
    await importCodes(write('a.csv', 'code,name\nA00.000,霍乱\nA01.000,伤寒\n'), { name: 'A' });
    await importCodes(write('b.csv', 'code,name\nA00.0,霍乱\n'), { name: 'B' });
    const path = write('m.csv', 'source_code,target_code\nA00.000,A00.0\nA09.000,A09.0\n');
    const { manifest, mapping } = await importCodes(path, { name: 'm', fromSet: 'A', toSet: 'B' });
    assert.equal(manifest.from_set, 'A');
    assert.deepEqual(mapping?.unknown_sources, ['A09.000']);
    assert.deepEqual(mapping?.unknown_targets, ['A09.0']);
    assert.deepEqual(mapping?.unmapped_codes, ['A01.000']);
    assert.deepEqual(shown(await problemsOf(() => importCodes(path, { name: 'm2', fromSet: 'no' }))), [
      'codes.not-found   no',
    ]);
  });

  test('a mapping is no code set, and a code set no mapping', async () => {
    await importCodes(write('m.csv', 'source_code,target_code\nA00.000,A00.0\n'), { name: 'm' });
    assert.deepEqual(shown(await problemsOf(() => loadSet('m'))), ['codes.wrong-kind   m']);
    assert.deepEqual(shown(await problemsOf(() => loadMapping('demo-diagnoses'))), [
      'codes.wrong-kind   demo-diagnoses',
    ]);
  });
});
