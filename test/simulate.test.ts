import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import readXlsx from 'read-excel-file/node';
import { parseYuan } from '#kernel/money.ts';
import { AreaFolder, SMALL_AREA_YEAR } from './support/area-folder.ts';
import { type Run, runCli, temporaryFolder } from './support/run-cli.ts';

type Row = Readonly<Record<string, string>>;
const rowsOf = (file: string): Row[] => parse(readFileSync(file, 'utf8'), { columns: true });
const fen = (text: string | undefined): bigint => parseYuan(text ?? '') ?? assert.fail(`no amount: ${text}`);
const signedFen = (text: string): bigint => (text.startsWith('-') ? -fen(text.slice(1)) : fen(text));
const sum = (rows: readonly Row[], column: string): bigint =>
  rows.reduce((total, row) => total + signedFen(row[column]!), 0n);

const SCENARIOS = `scenarios:
  tight:
    title: {zh: 收紧高倍率, en: Tighter high outliers}
    description: {zh: 高倍率提前, en: High outliers begin earlier}
    set:
      deviation.high_ratio: "1.05"
  more:
    title: {zh: 居民加三个点, en: Three percent more for residents}
    set:
      budget.resident: +3%
      budget.employee: {value: "-1000.01", unit: yuan}
`;

describe('yibao simulate', () => {
  const suite: (() => void)[] = [];
  after(() => {
    for (const remove of suite) remove();
  });
  const root = temporaryFolder({ after: (remove) => suite.push(remove) });
  const area = join(root, 'area');
  const environment = { YIBAO_DATA: join(root, 'data') };
  const simulate = (...args: readonly string[]): Promise<Run> =>
    runCli(['simulate', area, '--year', String(SMALL_AREA_YEAR), ...args], { environment, folder: root });
  const out = join(root, 'out');

  before(() => {
    new AreaFolder(area);
    writeFileSync(join(root, 'scenarios.yaml'), SCENARIOS);
  });

  test('compares scenarios of a file and of options with the year as it is, to the fen', async () => {
    const run = await simulate(
      '--scenarios',
      'scenarios.yaml',
      '--set',
      'coefficient.primary_care=0.8',
      '--set',
      'payment.monthly_ratio=0.9',
      '--out',
      out,
    );
    assert.equal(run.exit, 0, run.stderr);
    assert.match(run.stdout, /收紧高倍率（tight）/);
    assert.match(run.stdout, /高倍率界限（deviation\.high_ratio）：2 → 1\.05/);
    assert.match(run.stdout, /新值为假设/);
    assert.match(run.stderr, /已存为底稿/);
    assert.deepEqual(readdirSync(out).toSorted(), [
      'changes.csv',
      'groups.csv',
      'institutions.csv',
      'manifest.json',
      'months.csv',
      'scenarios.csv',
      'schemes.csv',
      'simulation.html',
      'simulation.xlsx',
    ]);
    const schemes = rowsOf(join(out, 'schemes.csv'));
    const institutions = rowsOf(join(out, 'institutions.csv'));
    for (const scheme of schemes) {
      const own = institutions.filter(({ insutype }) => insutype === scheme.insutype);
      for (const side of [1, 2, 3, 4]) {
        assert.equal(sum(own, `result_${side}`), signedFen(scheme[`result_${side}`]!));
        assert.equal(
          signedFen(scheme[`result_${side}`]!) +
            signedFen(scheme[`residual_${side}`]!) +
            fen(scheme[`parts_${side}`]),
          fen(scheme[`budget_${side}`]),
        );
        assert.equal(scheme[`unexplained_${side}`], '0.00');
        if (side > 1) {
          assert.equal(
            sum(own, `result_difference_${side}`),
            signedFen(scheme[`result_${side}`]!) - signedFen(scheme.result_1!),
          );
        }
      }
    }
    const resident = schemes.find(({ insutype }) => insutype === '390')!;
    const employee = schemes.find(({ insutype }) => insutype === '310')!;
    // half away from zero, once
    assert.equal(fen(resident.budget_3), (fen(resident.budget_1) * 103n + 50n) / 100n);
    assert.equal(fen(employee.budget_3), fen(employee.budget_1) - 100_001n);
    assert.equal(employee.settlement_point_value_2 === employee.settlement_point_value_1, false);
    const changes = rowsOf(join(out, 'changes.csv'));
    assert.deepEqual(
      changes.map(({ scenario, parameter, unit, before: old, after: now, status }) => [
        scenario,
        parameter,
        unit,
        old,
        now,
        status,
      ]),
      [
        ['tight', 'deviation.high_ratio', 'ratio', '2', '1.05', 'hypothetical'],
        ['more', 'budget.resident', 'yuan', resident.budget_1, resident.budget_3, 'hypothetical'],
        ['more', 'budget.employee', 'yuan', employee.budget_1, employee.budget_3, 'hypothetical'],
        ['set', 'coefficient.primary_care', 'coefficient', '1', '0.8', 'hypothetical'],
        ['set', 'payment.monthly_ratio', 'ratio', '0.95', '0.9', 'hypothetical'],
      ],
    );
    const groups = rowsOf(join(out, 'groups.csv'));
    const cases = (column: string) => groups.reduce((total, row) => total + Number(row[column]), 0);
    assert.ok(cases('high_cases_2') > cases('high_cases_1'), 'a lower limit makes more high outliers');
    assert.equal(cases('cases_2'), cases('cases_1'));
    assert.equal(cases('high_cases_3'), cases('high_cases_1'), 'a budget moves no case');
    const html = readFileSync(join(out, 'simulation.html'), 'utf8');
    assert.match(html, /default-src 'none'/);
    assert.doesNotMatch(html, /<script|https?:\/\/(?!www\.w3\.org)/);
    const sheets = (await readXlsx(join(out, 'simulation.xlsx'))) as unknown as readonly { sheet: string }[];
    assert.deepEqual(
      sheets.map(({ sheet }) => sheet),
      [
        '汇总 Summary',
        '改变 Changes',
        '点值 Point values',
        '月点值 Monthly point values',
        '机构 Institutions',
        '病种 Groups',
      ],
    );
  });

  test('answers the same from the kept base, which no simulation changes, in another order and language', async () => {
    const again = join(root, 'again');
    const first = await simulate('--scenarios', 'scenarios.yaml', '--json');
    assert.equal(first.exit, 0, first.stderr);
    assert.equal(first.stderr, '');
    const data = JSON.parse(first.stdout);
    assert.deepEqual(
      data.scenarios.map(({ scenario, hypothetical }: { scenario: string; hypothetical: boolean }) => [
        scenario,
        hypothetical,
      ]),
      [
        ['base', false],
        ['tight', true],
        ['more', true],
      ],
    );
    for (const { schemes } of data.scenarios) {
      for (const scheme of schemes) assert.equal(scheme.unexplained_fen, 0);
    }
    const other = await simulate('--scenarios', 'scenarios.yaml', '--out', again, '--lang', 'en');
    assert.match(other.stdout, /Tighter high outliers（tight）|Tighter high outliers \(tight\)/);
    assert.doesNotMatch(other.stderr, /settled anew/);
    for (const name of ['schemes.csv', 'months.csv']) {
      const [own, before] = [rowsOf(join(again, name)), rowsOf(join(out, name))];
      for (const [index, row] of own.entries()) {
        for (const [column, value] of Object.entries(row)) {
          assert.equal(value, before[index]![column], `${name} ${column}`);
        }
      }
    }
  });

  test('a changed list file, policy or option makes the base anew and says so', async () => {
    const base = join(root, 'own.duckdb');
    const run = async () =>
      (await simulate('--set', 'budget.resident=+1%', '--base', base, '--lang', 'en')).stderr;
    assert.match(await run(), /has been kept as the base/);
    assert.equal(await run(), '');
    const lists = join(area, 'settlement_lists');
    const [file] = readdirSync(lists).toSorted();
    const text = readFileSync(join(lists, file!), 'utf8');
    // the same content written again is no change
    writeFileSync(join(lists, file!), text);
    assert.equal(await run(), '');
    const lines = text.trimEnd().split('\n');
    writeFileSync(join(lists, file!), `${lines.slice(0, -1).join('\n')}\n`);
    assert.match(
      await run(),
      new RegExp(`settled anew: an input file has changed \\(settlement_lists.${file}\\)`),
    );
    writeFileSync(join(lists, file!), text);
    assert.match(await run(), /settled anew/);
    const yaml = readFileSync(join(area, 'area.yaml'), 'utf8');
    writeFileSync(join(area, 'area.yaml'), yaml.replace('value: "0.6"', 'value: "0.7"'));
    assert.match(await run(), /settled anew: the policy has changed/);
    writeFileSync(join(area, 'area.yaml'), yaml);
    assert.match(await run(), /settled anew/);
    const known = await simulate(
      '--set',
      'budget.resident=+1%',
      '--base',
      base,
      '--lang',
      'en',
      '--known-at',
      '2025-06-01',
    );
    assert.match(known.stderr, /settled anew: it was kept for another area, year or options/);
    assert.deepEqual(
      readdirSync(root).filter((name) => name.includes('partial')),
      [],
    );
  });

  const refused = async (args: readonly string[], exit: number, ...codes: readonly string[]) => {
    const before = existsSync(out) ? statSync(out).mtimeMs : 0;
    const run = await simulate(...args, '--lang', 'en');
    assert.equal(run.exit, exit, run.stderr);
    for (const code of codes) assert.ok(run.stderr.includes(code), `${code} in\n${run.stderr}`);
    assert.equal(existsSync(out) ? statSync(out).mtimeMs : 0, before, 'the earlier result stays');
    assert.equal(run.stdout, '');
    return run.stderr;
  };

  test('what is wrong on the command line is refused together, with the nearest names', async () => {
    const text = await refused(
      [
        '--set',
        'deviation.high_rati=2',
        '--set',
        'deviation.high_ratio=two',
        '--set',
        'deviation.low_ratio=7',
        '--set',
        'nothing',
        '--scenario',
        'a=b',
        '--set',
        'budget.resident=3%',
        '--set',
        'budget.residents=+3%',
        '--out',
        out,
      ],
      2,
      'policy.unknown-parameter',
      'policy.wrong-value',
      'policy.value-out-of-range',
      'simulation.malformed-set',
      'simulation.malformed-scenario',
      'simulation.wrong-budget',
    );
    assert.match(text, /deviation\.high_rati: .*deviation\.high_ratio/);
    assert.match(text, /budget\.residents: .*budget\.resident/);
  });

  test('two values for one parameter, no change at all, and two scenarios of one name are refused', async () => {
    await refused(
      ['--set', 'deviation.high_ratio=2', '--set', 'deviation.high_ratio=3'],
      2,
      'simulation.repeated-set',
    );
    await refused(['--set', 'budget.390=+1%', '--set', 'budget.resident=+2%'], 2, 'simulation.repeated-set');
    await refused([], 2, 'simulation.no-scenario');
    await refused(
      ['--scenarios', 'scenarios.yaml', '--scenario', 'tight:deviation.high_ratio=3'],
      3,
      'simulation.repeated-scenario',
    );
  });

  test('a file of scenarios is refused with every line that is wrong', async () => {
    const file = join(root, 'wrong.yaml');
    writeFileSync(
      file,
      `scenarios:
  one:
    title: {zh: 一}
    set:
      deviation.high_rati: "2"
      deviation.high_ratio: 2.5
      deviation.low_ratio: {value: "0.4", unit: points}
      budget.resident: {value: "+3%", unit: points}
      budget.employee: lots
  two:
    sets: {}
  three:
    set: {}
`,
    );
    const text = await refused(
      ['--scenarios', file],
      3,
      `${file}, line 3`,
      `${file}, line 5`,
      `${file}, line 6`,
      `${file}, line 7`,
      `${file}, line 8`,
      `${file}, line 9`,
      `${file}, line 11`,
      `${file}, line 13`,
      'policy.unquoted-decimal',
      'policy.wrong-unit',
      'simulation.empty-scenario',
    );
    assert.match(text, /simulation\.wrong-budget/);
    await refused(['--scenarios', join(root, 'missing.yaml')], 3, 'policy.unreadable-file');
    writeFileSync(file, 'scenarios: {}\n');
    await refused(['--scenarios', file], 3, 'simulation.empty-file');
  });

  test('a year that cannot be settled names the scenario and the reason', async () => {
    const text = await refused(
      ['--scenario', 'broken:point_value.mode=elastic', '--scenario', 'broken:point_value.method=ratio-own'],
      3,
      'simulation.not-settleable',
    );
    assert.match(text, /broken/);
    await refused(['--set', 'deviation.extreme_ratio=5'], 3, 'policy.parameter-not-read');
    await refused(['--set', 'budget.resident=-999999999999'], 3, 'simulation.negative-budget');
  });

  test('a scheme without a budget, foreign files and folders are refused and left alone', async () => {
    const single = join(root, 'single');
    cpSync(area, single, { recursive: true });
    const foreign = join(root, 'notes.txt');
    writeFileSync(foreign, 'my notes\n');
    await refused(['--set', 'budget.resident=+1%', '--base', foreign], 4, 'simulation.base-not-ours');
    assert.equal(readFileSync(foreign, 'utf8'), 'my notes\n');
    const folder = join(root, 'foreign');
    mkdirSync(folder);
    writeFileSync(join(folder, 'letter.txt'), 'x');
    await refused(['--set', 'budget.resident=+1%', '--out', folder], 4, 'output.not-ours');
    const budget = readFileSync(join(single, 'budget.csv'), 'utf8');
    writeFileSync(
      join(single, 'budget.csv'),
      budget
        .split('\n')
        .filter((line) => !/,390,/.test(line))
        .join('\n'),
    );
    const run = await runCli(
      ['simulate', single, '--year', String(SMALL_AREA_YEAR), '--set', 'budget.resident=+1%', '--lang', 'en'],
      { environment, folder: root },
    );
    assert.equal(run.exit, 3, run.stderr);
    assert.match(run.stderr, /simulation\.no-budget/);
    rmSync(single, { recursive: true });
  });

  test('help says what can be changed, in both languages', async () => {
    const zh = await runCli(['simulate', '--help'], { environment });
    const en = await runCli(['simulate', '--help', '--lang', 'en'], { environment });
    assert.match(zh.stdout, /方案文件:/);
    assert.match(en.stdout, /File of scenarios:/);
    for (const { stdout } of [zh, en])
      for (const name of ['--set', '--scenario', '--scenarios', '--base', '--json'])
        assert.ok(stdout.includes(name));
  });
});
