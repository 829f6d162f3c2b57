import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { runCli, temporaryFolder } from './support/run-cli.ts';

const POLICY = `documents:
  rules: { title: { zh: 试算办法, en: Trial rules }, status: local, date: 2024 }
source: { from: rules, article: 第三条, starts: 2025-01-01 }
values:
  basic.deductible: [{ level: 3, value: "800" }, { value: "200" }]
  basic.bands: [{ level: 3, value: 60% }, { value: 80% }]
  catastrophic.applies: "yes"
  catastrophic.threshold: "10000"
  catastrophic.bands: 60%
  advice.alternatives: [level]
`;
const VISIT = `person: { scheme: resident }
visits:
  - { id: A, date: 2025-03-01, care: inpatient, level: 3, amounts: { total: "30800" } }
  - { id: B, date: 2025-05-01, care: inpatient, level: 3, amounts: { total: "10800" } }
`;
type Files = Readonly<Record<string, string>>;
const folderWith = (t: Parameters<typeof temporaryFolder>[0], files: Files): string => {
  const folder = temporaryFolder(t);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
};
const ARGUMENTS = ['settle-visit', '--policy', 'policy.yaml', '--visit', 'visit.yaml'];

describe('yibao settle-visit', { concurrency: 2 }, () => {
  test('prints steps with parameter, document and line in both languages, and comparisons the policy allows', async (t) => {
    const folder = folderWith(t, { 'policy.yaml': POLICY, 'visit.yaml': VISIT });
    const zh = await runCli(ARGUMENTS, { folder });
    assert.equal(zh.exit, 0, zh.stderr);
    assert.match(zh.stdout, /就诊 A {2}2025-03-01 {2}享受待遇/);
    assert.match(zh.stdout, /S001 {2}本次应付起付标准\n {11}800\.00 元由个人负担/);
    assert.match(
      zh.stdout,
      /basic\.deductible: level=3 => 800 {2}《试算办法》（2024，地方文件）第三条 {2}policy\.yaml:5/,
    );
    assert.match(zh.stdout, /30000\.00 元 × 60%，居民基本医保基金支付 18000\.00 元/);
    assert.match(zh.stdout, /如在一级及以下医疗机构，同样的费用基金支付 24480\.00 元/);
    const en = await runCli([...ARGUMENTS, '--lang', 'en'], { folder });
    assert.match(en.stdout, /deductible of this visit/);
    assert.match(en.stdout, /Trial rules \(2024, local document\) 第三条/);
    assert.match(en.stdout, /catastrophic insurance pays/);
  });

  test('as JSON: money in fen, visits settled one after another, and the accumulators go on from a person file', async (t) => {
    const folder = folderWith(t, { 'policy.yaml': POLICY, 'visit.yaml': VISIT });
    const both = JSON.parse((await runCli([...ARGUMENTS, '--json'], { folder })).stdout);
    // 12800 own of the first visit, 4800 of the second: 2800 × 60 %, then 4800 × 60 %
    assert.deepEqual(
      both.settlements.map((each: { totals: Record<string, number> }) => each.totals.hifmi_pay_fen),
      [168_000, 288_000],
    );
    assert.equal(both.accumulators.values['base:catastrophic'], 1_760_000);

    const first = VISIT.split('\n').slice(0, 3).join('\n');
    const second = VISIT.split('\n')
      .filter((line) => !line.includes('id: A'))
      .join('\n');
    writeFileSync(join(folder, 'visit.yaml'), first);
    const before = JSON.parse((await runCli([...ARGUMENTS, '--json'], { folder })).stdout);
    writeFileSync(
      join(folder, 'person.json'),
      JSON.stringify({ scheme: 'resident', accumulators: before.accumulators }),
    );
    writeFileSync(join(folder, 'visit.yaml'), second.replace(/^person.*\n/, ''));
    const after = await runCli([...ARGUMENTS, '--person', 'person.json', '--json'], { folder });
    assert.equal(after.exit, 0, after.stderr);
    assert.deepEqual(JSON.parse(after.stdout).settlements[0], both.settlements[1]);
    assert.deepEqual(JSON.parse(after.stdout).accumulators, both.accumulators);
  });

  test('layers of an area below the file, and an area alone', async (t) => {
    const folder = folderWith(t, { 'policy.yaml': POLICY, 'visit.yaml': VISIT });
    const area = await runCli(['settle-visit', '--area', '990100', '--visit', 'visit.yaml', '--json'], {
      folder,
    });
    assert.equal(area.exit, 0, area.stderr);
    const settlement = JSON.parse(area.stdout).settlements[0];
    assert.equal(settlement.totals.hifp_pay_fen, Math.round((30_800 - 600) * 65));
    assert.match(settlement.steps[0].reasons[0].file, /policies\/demo\/990100-benefits\.yaml/);
    const layered = await runCli([...ARGUMENTS, '--area', '990100', '--json'], { folder });
    assert.equal(JSON.parse(layered.stdout).settlements[0].totals.hifp_pay_fen, 1_800_000);
  });

  test('fee lines with a catalogue', async (t) => {
    const folder = folderWith(t, {
      'policy.yaml': POLICY,
      'list.csv': 'code,class,from,prior_type,prior_ratio\nX1,B,2025-01-01,10,0.1\n',
      'visit.yaml':
        'date: 2025-03-01\ncare: inpatient\nperson: { scheme: resident }\nlines: [{ code: X1, amount: "1000" }, { code: X2, amount: "10" }]\n',
    });
    const run = await runCli([...ARGUMENTS, '--catalogue', 'list.csv', '--json'], { folder });
    assert.equal(run.exit, 0, run.stderr);
    const { totals, lines } = JSON.parse(run.stdout).settlements[0];
    assert.deepEqual(
      [totals.fulamt_ownpay_amt_fen, totals.preselfpay_amt_fen, totals.hifp_pay_fen],
      [1000, 10_000, 56_000],
    );
    assert.equal(lines[1].reason, 'not-listed');
  });

  test('every mistake of the files is named with file, line and remedy, all of a file together', async (t) => {
    const folder = folderWith(t, {
      'policy.yaml': POLICY,
      'bad-policy.yaml': `${POLICY}  basic.deductble: "1"\n  basic.person_factor: [{ person: retierd, value: "0.6" }]\n`,
      'names.yaml': `${POLICY}  basic.person_factor:\n    - { person: retired, value: "0.6" }\n    - { person: pensioner, value: "0.6" }\n`,
      'visit.yaml': VISIT,
      'bad-visit.yaml': `date: 2025-02-30
care: inpatiant
levels: 3
person: { scheme: residents, identities: [poor], account_balance: "1.234" }
lines:
  - { amount: "10", count: "2", price: "6" }
  - { amount: ten }
`,
      'no-row.yaml':
        'date: 2025-03-01\ncare: outpatient\nperson: { scheme: resident }\namounts: { total: "10", own: "11" }\n',
    });
    const policy = await runCli(['settle-visit', '--policy', 'bad-policy.yaml', '--visit', 'visit.yaml'], {
      folder,
    });
    assert.equal(policy.exit, 3);
    assert.match(
      policy.stderr,
      /bad-policy\.yaml，第 11 行，字段 basic\.deductble：没有这个参数。处理：检查拼写；相近的参数：basic\.deductible/,
    );
    const names = await runCli(['settle-visit', '--policy', 'names.yaml', '--visit', 'visit.yaml'], {
      folder,
    });
    assert.equal(names.exit, 3);
    assert.match(names.stderr, /names\.yaml，第 13 行，字段 person，值“pensioner”：.*names\.persons/);
    const dates = await runCli(['settle-visit', '--policy', 'policy.yaml', '--visit', 'bad-visit.yaml'], {
      folder,
    });
    assert.equal(dates.exit, 3);
    assert.match(dates.stderr, /bad-visit\.yaml，第 1 行，字段 date，值“2025-02-30”/);
    writeFileSync(
      join(folder, 'bad-visit.yaml'),
      (await import('node:fs'))
        .readFileSync(join(folder, 'bad-visit.yaml'), 'utf8')
        .replace('02-30', '02-28'),
    );
    const visit = await runCli(
      ['settle-visit', '--policy', 'policy.yaml', '--visit', 'bad-visit.yaml', '--lang', 'en'],
      { folder },
    );
    assert.equal(visit.exit, 3);
    for (const place of [
      'line 2, field care',
      'line 3, field levels',
      'line 4, field scheme',
      'line 4, field identities',
      'line 4, field account_balance',
      'line 6',
      'line 7, field amount',
    ]) {
      assert.match(visit.stderr, new RegExp(`bad-visit\\.yaml, ${place}`));
    }
    const parts = await runCli(['settle-visit', '--policy', 'policy.yaml', '--visit', 'no-row.yaml'], {
      folder,
    });
    assert.match(parts.stderr, /no-row\.yaml，第 4 行，字段 amounts：总额 10\.00 不等于/);
  });

  test('a visit the policy says nothing about is refused with the parameter and the rows there are', async (t) => {
    const folder = folderWith(t, {
      'policy.yaml': POLICY.replace(
        '[{ level: 3, value: 60% }, { value: 80% }]',
        '[{ level: 3, value: 60% }]',
      ),
      'visit.yaml': VISIT.replaceAll('level: 3', 'level: 2'),
    });
    const run = await runCli(ARGUMENTS, { folder });
    assert.equal(run.exit, 3);
    assert.match(run.stderr, /policy\.yaml，第 6 行，字段 basic\.bands：.*level=2.*已有：level=3 => 0\.6/);
  });

  test('an error met while settling names the file to mend, and what cannot be meant is refused', async (t) => {
    const visit = (lines: string) => `care: inpatient\nperson: { scheme: resident }\n${lines}\n`;
    const fees = 'amounts: { total: "1000" }';
    const folder = folderWith(t, {
      'policy.yaml': POLICY,
      'fund.yaml': `${POLICY}  basic.fund: pool\n`,
      'refund.yaml': visit(
        'date: 2025-03-01\nlines: [{ amount: "5", class: A }, { amount: "-6", class: A }]',
      ),
      'early.yaml': visit(`date: 2019-03-01\n${fees}`),
      'home.yaml': visit(`date: 2025-03-01\nfiling: transfer\n${fees}`),
      'local.yaml': visit(`date: 2025-03-01\nplace: local\nfiling: transfer\n${fees}`),
    });
    const stderrOf = async (policy: string, file: string) => {
      const run = await runCli(['settle-visit', '--policy', policy, '--visit', file, '--lang', 'en'], {
        folder,
      });
      assert.equal(run.exit, 3, `${file}: ${run.stdout}`);
      return run.stderr;
    };
    assert.match(
      await stderrOf('policy.yaml', 'refund.yaml'),
      /^refund\.yaml, field in_scope.*negative-fees/,
    );
    assert.match(await stderrOf('policy.yaml', 'early.yaml'), /^policy\.yaml, field basic\..*no-value/);
    assert.match(await stderrOf('policy.yaml', 'home.yaml'), /^home\.yaml, line 4, field filing.*add place/);
    assert.match(
      await stderrOf('policy.yaml', 'local.yaml'),
      /local\.yaml, line 5, field filing.*place: local/,
    );
    assert.match(
      await stderrOf('fund.yaml', 'home.yaml'),
      /^fund\.yaml, line \d+, field basic\.fund, value "pool"/,
    );
  });

  test('without a policy, and without a person, it says what to give', async (t) => {
    const folder = folderWith(t, { 'policy.yaml': POLICY, 'visit.yaml': VISIT.replace(/^person.*\n/, '') });
    const policy = await runCli(['settle-visit', '--visit', 'visit.yaml'], { folder });
    assert.equal(policy.exit, 2);
    assert.match(policy.stderr, /benefits\.no-policy/);
    const person = await runCli(ARGUMENTS, { folder });
    assert.equal(person.exit, 3);
    assert.match(person.stderr, /benefits\.no-person/);
  });

  test('policy explain shows a benefit parameter with its layers', async () => {
    const run = await runCli([
      'policy',
      'explain',
      'catastrophic.threshold_factor',
      '--area',
      '990100',
      '--date',
      '2025-06-01',
    ]);
    assert.equal(run.exit, 0, run.stderr);
    assert.match(run.stdout, /identity=destitute,subsistence,relapsed-poor => 0\.5 ; 1/);
  });

  test('policy diff --benefits lists what changes, such as the emergency mode and its end', async () => {
    const run = await runCli([
      ...['policy', 'diff', '990100', '--benefits', '--from', '2025-01-01', '--to', '2025-12-31'],
    ]);
    assert.equal(run.exit, 0, run.stderr);
    assert.match(run.stdout, /2025-02-01 {2}lines\.catalogue[\s\S]*2025-07-01 {2}lines\.catalogue/);
    assert.doesNotMatch(run.stdout, /payment\./);
  });
});
