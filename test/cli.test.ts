import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { fraction, roundTo } from '#kernel/fraction.ts';
import { yuanText } from '#kernel/money.ts';
import { displayWidth } from '#kernel/text-width.ts';
import { AreaFolder } from './support/area-folder.ts';
import { CLI, environmentOf, runCli, temporaryFolder } from './support/run-cli.ts';

const COMMANDS = [
  [],
  ['demo'],
  ['settle'],
  ['explain'],
  ['policy'],
  ['policy', 'explain'],
  ['policy', 'diff'],
  ['review'],
  ['review', 'quota'],
  ['review', 'check'],
  ['review', 'panel'],
  ['review', 'decide'],
  ['review', 'publish'],
  ['group'],
  ['group', 'dip'],
  ['catalogue'],
  ['catalogue', 'import'],
  ['catalogue', 'list'],
  ['catalogue', 'show'],
  ['catalogue', 'build'],
  ['catalogue', 'diff'],
  ['preview'],
];
const CHINESE = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/;
const LINE_WIDTH_MAX = 80;

/** What commander says when nobody translates it. */
const UNTRANSLATED =
  /Usage:|Options:|Arguments:|Commands:|display help|show help|default:|\[options\]|\[command\]|output the/i;

describe('help', { concurrency: 2 }, () => {
  for (const command of COMMANDS) {
    const name = ['yibao', ...command].join(' ');
    const help = async (argv: readonly string[], environment?: Record<string, string>): Promise<string> => {
      const run = await runCli([...command, '--help', ...argv], { environment: environment ?? {} });
      assert.equal(run.exit, 0, run.stderr);
      assert.equal(run.stderr, '');
      return run.stdout;
    };

    test(`${name}: Chinese by default, by --lang and by the locale`, async () => {
      const text = await help([]);
      assert.equal(await help(['--lang', 'zh'], { LC_ALL: 'en_US.UTF-8' }), text);
      assert.equal(await help([], { LANG: 'zh_CN.UTF-8' }), text);
      assert.match(text, new RegExp(`^用法: ${name} \\[选项\\]`));
      assert.doesNotMatch(text, UNTRANSLATED);
      for (const line of text.split('\n')) {
        // an example of a command line, or a row of column names
        const prose = line.replaceAll(/yibao [\w -]+/g, '');
        assert.doesNotMatch(prose, /\b[a-z]+ [a-z]+ [a-z]+\b/i, `English in: ${line}`);
      }
      checkLayout(text);
    });

    test(`${name}: English by --lang and by the locale`, async () => {
      const text = await help(['--lang=en'], { LANG: 'zh_CN.UTF-8' });
      assert.equal(await help([], { LC_ALL: 'en_US.UTF-8', LANG: 'zh_CN.UTF-8' }), text);
      assert.equal(await help([], { LANG: 'en_GB.UTF-8' }), text);
      assert.match(text, new RegExp(`^Usage: ${name} \\[options\\]`));
      assert.doesNotMatch(text, CHINESE);
      checkLayout(text);
    });
  }

  test('yibao help settle is yibao settle --help', async () => {
    const [byCommand, byOption] = await Promise.all([
      runCli(['help', 'settle']),
      runCli(['settle', '--help']),
    ]);
    assert.equal(byCommand.stdout, byOption.stdout);
  });

  test('the help of settle names every file of the area folder and of the result, and the exit codes', async () => {
    for (const language of ['zh', 'en']) {
      const { stdout } = await runCli(['settle', '--help', '--lang', language]);
      for (const word of [
        ...['area.yaml', 'institutions.csv', 'procedures.csv', 'primary_care_groups.csv', 'budget.csv'],
        ...['institution_year.csv', 'settlement_lists/', 'code_names.csv', 'groups.csv', 'coefficients.csv'],
        ...['cases.csv', 'point_values.csv', 'monthly.csv', 'clearing.csv', 'residual.csv', 'refused.csv'],
        ...['manifest.json', '--skip-bad-files', '--known-at'],
      ]) {
        assert.ok(stdout.includes(word), `no ${word} (${language})`);
      }
      assert.match(stdout, language === 'zh' ? /0 完成，2 .*3 .*4 .*5 / : /0 done, 2 .*3 .*4 .*5 /);
    }
  });
});

/** No line is too wide for a terminal, and what explains a term begins in one column in each section. */
function checkLayout(help: string): void {
  for (const line of help.split('\n')) assert.ok(displayWidth(line) <= LINE_WIDTH_MAX, `too wide: ${line}`);
  for (const section of help.split('\n\n').filter((text) => /^.*:\n {2}/.test(text))) {
    const rows = section.split('\n').slice(1);
    const columns = rows.map((row) =>
      displayWidth(/^ {2}\S.*? {2,}(?=\S)|^ {4,}(?=\S)/.exec(row)?.[0] ?? ''),
    );
    if (columns.includes(0)) continue; // prose
    assert.equal(new Set(columns).size, 1, section);
  }
}

describe('usage', { concurrency: 2 }, () => {
  test('the version is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8'));
    for (const option of ['--version', '-V']) {
      assert.deepEqual(await runCli([option]), { exit: 0, stdout: `${version}\n`, stderr: '' });
    }
  });

  test('a language there is not is refused, in Chinese unless the locale is English', async () => {
    const chinese = await runCli(['settle', '--lang', 'fr']);
    assert.equal(chinese.exit, 2);
    assert.equal(chinese.stderr, '选项 --lang 的值“fr”不对。处理：应为 zh 或 en。[usage.wrong-value]\n');
    const english = await runCli(['--lang=fr'], { environment: { LANG: 'en_US.UTF-8' } });
    assert.equal(english.exit, 2);
    assert.equal(
      english.stderr,
      'option --lang has the wrong value "fr". Remedy: give zh or en. [usage.wrong-value]\n',
    );
  });

  const wrong: readonly [readonly string[], string, string][] = [
    [['setle'], '没有命令“setle”，是否想用 settle', 'there is no command "setle"; did you mean settle'],
    [['policy', 'x'], '没有命令“x”', 'there is no command "x"'],
    [
      ['explain', 'a', '--year', '2025'],
      '必须给出选项 --case <setl_id>',
      'option --case <setl_id> is required',
    ],
    [['policy', 'diff', '--from', '2025-01-01', '--to', '2025-12-31'], '缺少 <地区>', '<area> is missing'],
    [['demo', '--seed'], '选项 --seed <n> 后面缺少值', 'option --seed <n> needs a value after it'],
    [
      ['demo', '--sed', '1'],
      '没有选项“--sed”，是否想用 --seed',
      'there is no option "--sed"; did you mean --seed',
    ],
    [['demo', 'x'], '多出的参数', 'too many arguments'],
    [['demo', '--year', '1999'], '选项 --year 的值“1999”不对', 'option --year has the wrong value "1999"'],
  ];
  for (const [argv, zh, en] of wrong) {
    test(`yibao ${argv.join(' ')}`, async () => {
      const [chinese, english] = await Promise.all([runCli(argv), runCli([...argv, '--lang=en'])]);
      assert.deepEqual([chinese.exit, english.exit], [2, 2]);
      assert.ok(chinese.stderr.startsWith(`${zh}。处理：`), chinese.stderr);
      assert.ok(english.stderr.startsWith(`${en}. Remedy: `), english.stderr);
      assert.equal(chinese.stderr.trimEnd().split('\n').length, 1);
      const prose = chinese.stderr.replace(/\[usage\.[a-z-]+\]$/m, '');
      assert.doesNotMatch(prose, /error|missing|unknown|required|argument/i);
    });
  }
});

describe('explain', { concurrency: 2 }, () => {
  const root = temporaryFolder({ after });
  const area = new AreaFolder(join(root, 'area'));
  const out = join(root, 'out');
  type CsvRow = Readonly<Record<string, string>>;
  const rows: Record<string, readonly CsvRow[]> = {};
  const find = (file: string, wanted: CsvRow): CsvRow => {
    const found = rows[file]!.filter((row) =>
      Object.entries(wanted).every(([name, value]) => row[name] === value),
    );
    assert.equal(found.length, 1, `${file} ${JSON.stringify(wanted)}`);
    return found[0]!;
  };

  before(async () => {
    const run = await runCli(['settle', area.path, '--year', '2025', '--out', out, '--quiet']);
    assert.equal(run.exit, 0, run.stderr);
    for (const file of ['cases', 'groups', 'coefficients', 'point_values', 'monthly', 'clearing']) {
      rows[file] = parse(readFileSync(join(out, `${file}.csv`)), { columns: true });
    }
  });

  const LISTS: Readonly<
    Record<string, { readonly setlId: string; readonly step: string; readonly deviation: string }>
  > = {
    'a core group by its full key': { setlId: '20250001', step: 'a', deviation: 'normal' },
    'a core group by a part of the procedures': { setlId: '20250038', step: 'b', deviation: 'normal' },
    'a comprehensive group': { setlId: '20250041', step: 'c', deviation: 'normal' },
    'a comprehensive group without procedures': { setlId: '20250045', step: 'c', deviation: 'normal' },
    'a low outlier of a primary-care group': { setlId: '20250047', step: 'a', deviation: 'low' },
    'a high outlier': { setlId: '20250048', step: 'a', deviation: 'high' },
    'an ungrouped list': { setlId: '20250049', step: 'd', deviation: 'ungrouped' },
  };

  for (const [what, { setlId, step, deviation }] of Object.entries(LISTS)) {
    test(`the numbers of ${what} are those of the result files`, async () => {
      const run = await runCli(['explain', area.path, '--year', '2025', '--case', setlId, '--json']);
      assert.equal(run.exit, 0, run.stderr);
      const explained = JSON.parse(run.stdout);
      const { fixmedins_code, insutype, month, level } = explained.list;
      const case_ = find('cases', { setl_id: setlId });
      assert.equal(explained.assignment.step, step);
      assert.equal(explained.deviation, deviation);
      assert.deepEqual(
        [case_.fixmedins_code, case_.insutype, case_.kind, case_.deviation, case_.points],
        [
          fixmedins_code,
          insutype,
          explained.assignment.kind,
          step === 'd' ? '' : deviation,
          explained.points,
        ],
      );
      assert.equal(case_.group_code, explained.group?.group_code ?? '');
      if (explained.group) {
        const group = find('groups', { group_code: case_.group_code!, kind: case_.kind! });
        assert.equal(explained.group.score, group.score);
        const [numerator, denominator] = explained.group.mean.exactFen.split('/').map(BigInt);
        assert.equal(yuanText(roundTo(fraction(numerator, denominator), 0)), group.average_cost);
        const cases = explained.group.mean.years.map((year: { cases: string }) => Number(year.cases));
        assert.equal(cases.length, 3);
        assert.equal(String(cases[0] + cases[1] + cases[2]), group.cases);
      }
      if (explained.coefficient?.why === 'level') {
        assert.equal(explained.coefficient.value, find('coefficients', { level: String(level) }).coefficient);
      }
      const pointValue = find('point_values', { insutype });
      assert.deepEqual(
        [explained.start_point_value, explained.settlement_point_value],
        [pointValue.start_point_value, pointValue.settlement_point_value],
      );
      assert.deepEqual(
        [explained.scheme.budget, explained.scheme.non_fund, explained.scheme.points],
        [pointValue.budget, pointValue.non_fund, pointValue.points],
      );
      const monthly = find('monthly', { month, insutype, fixmedins_code });
      for (const name of ['points', 'base', 'paid']) assert.equal(explained.month[name], monthly[name], name);
      const clearing = find('clearing', { insutype, fixmedins_code });
      for (const name of ['points', 'due', 'assessed', 'result']) {
        assert.equal(explained.clearing[name], clearing[name], name);
      }
    });
  }

  test('the text holds the whole chain with its documents, in Chinese', async () => {
    const { stdout } = await runCli(['explain', area.path, '--year', '2025', '--case', '20250038']);
    const clearing = find('clearing', { insutype: '310', fixmedins_code: 'H0003' });
    const case_ = find('cases', { setl_id: '20250038' });
    for (const piece of [
      ...['清单 20250038', '试算市（990200）', '城东社区卫生服务中心（H0003，1 级）', '职工'],
      ...['有效手术操作：47.0100、54.5100', '完整键 K35.9+47.0100+54.5100；综合键 K35-4'],
      ...['K35.9+47.0100（分值', '✔ 入组', 'K35.9（分值', '(b) '],
      ...['2022  ', '2023  ', '2024  ', '权重 1', '权重 2', '权重 7', '加权平均'],
      ...['分值 RW = 1000 ×', '系数 = ', 'r = 费用', '0.5 ≤ r ≤ 2，正常', case_.points!],
      ...['年初点值 ', '结算点值 = (预算 300000.00', '%', clearing.due!, clearing.result!],
      ...['deviation.high_ratio = 2', 'payment.monthly_ratio = 0.95', 'score.year_weights = 1:2:7'],
      ...['《DIP 3.0 技术规范（征求意见稿）》', '《OpenYibao 参考方案》', '第三章', '自 2020-01-01'],
    ]) {
      assert.ok(stdout.includes(piece), `no ${piece} in\n${stdout}`);
    }
    assert.doesNotMatch(stdout, /\{\w+\}|undefined|null|NaN/);
  });

  test('the text holds the area’s own parameter where it decides, in English', async () => {
    const { stdout } = await runCli([
      'explain',
      area.path,
      '--year',
      '2025',
      '--case',
      '20250049',
      '--lang',
      'en',
    ]);
    for (const piece of [
      'ungrouped',
      'ungrouped.ratio = 0.6',
      '试算市 2025 年清算方案',
      '第二条',
      'points = 0.6 × 1000 × 5200.00',
    ]) {
      assert.ok(stdout.includes(piece), `no ${piece} in\n${stdout}`);
    }
    assert.doesNotMatch(stdout, /[，。；：]/);
  });

  test('--known-at and --skip-bad-files are taken as by settle', async () => {
    const argv = ['explain', area.path, '--year', '2025', '--case', '20250049', '--json'];
    const plain = await runCli(argv);
    const run = await runCli([...argv, '--known-at', '2025-12-31', '--skip-bad-files']);
    assert.deepEqual(run, plain);
  });
});

describe('settle', { concurrency: 2 }, () => {
  test('says where the results are, notes unknown procedure codes, and --quiet says nothing', async (context) => {
    const root = temporaryFolder(context);
    const area = new AreaFolder(join(root, '地区'));
    const out = join(root, '结果');
    const run = await runCli(['settle', area.path, '--year', '2025', '--out', out]);
    assert.equal(run.exit, 0, run.stderr);
    assert.ok(run.stdout.endsWith(`结果已写入 ${out}\n`), run.stdout);
    assert.match(run.stdout, /试算市/);
    assert.match(run.stderr, /^注意：.*procedures\.csv.*99\.9999/);
    const english = await runCli(['settle', area.path, '--year', '2025', '--out', out, '--lang', 'en']);
    assert.ok(english.stdout.endsWith(`Results written to ${out}\n`));
    assert.match(english.stderr, /^Note: .*procedures\.csv.*99\.9999/);
    area.append('procedures.csv', '99.9999,minor\n');
    const quiet = await runCli(['settle', area.path, '--year', '2025', '--out', out, '--quiet']);
    assert.deepEqual(quiet, { exit: 0, stdout: '', stderr: '' });
  });

  test('relative paths are those of the working folder, and a sub-folder of the area may hold the results', async (context) => {
    const root = temporaryFolder(context);
    new AreaFolder(join(root, 'area'));
    const run = await runCli(['settle', 'area', '--year', '2025', '--out', 'area/结果/2025', '--quiet'], {
      folder: root,
    });
    assert.equal(run.exit, 0, run.stderr);
    assert.ok(existsSync(join(root, 'area', '结果', '2025', 'manifest.json')));
  });
});

describe('policy', { concurrency: 2 }, () => {
  const monthlyRatio = (date: string, ...more: string[]) =>
    runCli(['policy', 'explain', 'payment.monthly_ratio', '--area', '990100', '--date', date, ...more]);

  test('explain says which layer of the demo area wins, and since when', async () => {
    const expected = [
      ['2023-12-31', '值  0.95', '→ 国家 000000', '《OpenYibao 参考方案》'],
      ['2024-03-01', '值  0.9  [比例]', '→ 省 990000', '第十条'],
      ['2024-08-01', '值  0.92', '→ 市 990100', '第三条'],
      ['2025-01-01', '值  0.95', '→ 市 990100', '第四条'],
    ] as const;
    for (const [date, ...pieces] of expected) {
      const { exit, stdout } = await monthlyRatio(date);
      assert.equal(exit, 0);
      for (const piece of pieces) assert.ok(stdout.includes(piece), `${date}: no ${piece} in\n${stdout}`);
    }
    assert.match((await monthlyRatio('2025-01-01')).stdout, /省 990000 .* 已终止/);
  });

  test('explain speaks English and JSON', async () => {
    const english = await monthlyRatio('2024-08-01', '--lang', 'en');
    assert.match(english.stdout, /^value {2}0\.92 {2}\[ratio\]$/m);
    assert.match(english.stdout, /^→ city 990100 .*in force$/m);
    const json = JSON.parse((await monthlyRatio('2024-08-01', '--json')).stdout);
    assert.equal(json.value, '0.92');
  });

  test('explain reads the area.yaml of an area folder as the nearest layer', async (context) => {
    const area = new AreaFolder(join(temporaryFolder(context), 'area'));
    const run = await runCli([
      'policy',
      'explain',
      'ungrouped.ratio',
      '--area',
      area.path,
      '--date',
      '2025-01-01',
    ]);
    assert.match(run.stdout, /^值 {2}0\.6 /m);
    assert.match(run.stdout, /^→ 统筹地区 990200 试算市 {2}0\.6 {2}生效$/m);
    assert.match(run.stdout, /area\.yaml:\d+$/m);
  });

  test('diff lists every change between two days with both sources', async () => {
    const argv = ['policy', 'diff', '990100', '--from', '2024-03-01', '--to', '2025-12-31'];
    const { stdout } = await runCli(argv);
    for (const piece of [
      '变化 5 处',
      '0.9 → 0.92',
      '0.92 → 0.95',
      '原  省 990000',
      '新  市 990100',
      '990100-city.yaml:',
    ]) {
      assert.ok(stdout.includes(piece), `no ${piece} in\n${stdout}`);
    }
    const english = await runCli([...argv, '--lang', 'en']);
    assert.match(english.stdout, /changes: 5/);
    const json = JSON.parse((await runCli([...argv, '--json'])).stdout);
    const changes: { date: string; parameter: string }[] = json.changes;
    assert.deepEqual(
      changes.filter(({ parameter }) => parameter === 'payment.monthly_ratio').map(({ date }) => date),
      ['2024-07-01', '2025-01-01'],
    );
    const none = await runCli(['policy', 'diff', '990100', '--from', '2025-01-02', '--to', '2025-12-31']);
    assert.match(none.stdout, /没有变化/);
  });
});

describe('a run that is cut short', { concurrency: 2 }, () => {
  test('ends well when nobody reads its output, as with yibao … | head -1', async (context) => {
    const root = temporaryFolder(context);
    const area = new AreaFolder(join(root, 'area'));
    for (const argv of [
      ['--help'],
      ['policy', 'explain', 'payment.monthly_ratio', '--area', '990100', '--date', '2025-01-01'],
      ['settle', area.path, '--year', '2025', '--out', join(root, 'out')],
    ]) {
      const child = spawn(process.execPath, [CLI, ...argv], { env: environmentOf() });
      child.stdout.destroy();
      let stderr = '';
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
      });
      const exit = await new Promise((resolve) => child.on('close', resolve));
      assert.equal(exit, 0, stderr);
      assert.doesNotMatch(stderr, /EPIPE|Error/);
    }
    assert.ok(existsSync(join(root, 'out', 'manifest.json')));
  });

  test('leaves no half-written folder when it is told to stop', async (context) => {
    const root = temporaryFolder(context);
    const argv = ['demo', '--lists', '5000', '--out', join(root, 'demo')];
    const child = spawn(process.execPath, [CLI, ...argv], { env: environmentOf(), stdio: 'ignore' });
    const ended = new Promise((resolve) => child.on('close', (code) => resolve(code)));
    const writing = () =>
      existsSync(join(root, 'demo')) &&
      readdirSync(join(root, 'demo')).some((name) => name.includes('.partial-'));
    while (!writing() && child.exitCode === null) await sleep(5);
    child.kill('SIGTERM');
    assert.equal(await ended, 143);
    assert.deepEqual(readdirSync(join(root, 'demo')), ['area']);
  });
});
