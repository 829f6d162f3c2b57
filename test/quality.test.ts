import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import readExcel from 'read-excel-file/node';
import { resolveChecks } from '#claims/quality/definitions/overrides.ts';
import { checkLists, loadChecks } from '#claims/quality/index.ts';
import { generateDemoArea, generateNationalForm } from '#demo/index.ts';
import { Engine, literal } from '#engine/duckdb.ts';
import { YibaoError } from '#kernel/errors.ts';
import { SILENT } from '#kernel/progress.ts';
import { loadPolicies } from '#policy/index.ts';
import { runCli, temporaryFolder } from './support/run-cli.ts';
import { testWithSharedData } from './support/shared-data.ts';

const AREA = join(import.meta.dirname, 'quality-area');
const FILES = ['findings.csv', 'check_summary.csv', 'institution_score.csv', 'institution_trend.csv'];
const rowsOf = (file: string): Record<string, string>[] => parse(readFileSync(file), { columns: true });

/** Path → hash of every file of a folder. */
const hashes = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );

/** Runs the checks and gives every result table that people see. */
async function results(areaFolder: string): Promise<Record<string, unknown[]>> {
  const engine = await Engine.open();
  try {
    await checkLists(engine, { areaFolder });
    const rows = async (sql: string) =>
      (await engine.rows(sql)).map((row) =>
        JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
      );
    return {
      findings: await rows(
        'SELECT setl_id, fixmedins_code, check_id, level, field, value, reason, remedy FROM finding_result ORDER BY ALL',
      ),
      checks: await rows('SELECT * FROM check_result ORDER BY check_id'),
      institutions: await rows(
        'SELECT * FROM check_institution_result ORDER BY check_id, fixmedins_code, month',
      ),
      scores: await rows('SELECT * FROM institution_score_result ORDER BY rank, fixmedins_code'),
      trend: await rows('SELECT * FROM institution_trend_result ORDER BY fixmedins_code, month'),
    };
  } finally {
    engine.close();
  }
}

describe('the lists of a small area', () => {
  test('give the reviewed results, byte for byte, and are left as they were', async (t) => {
    const out = join(temporaryFolder(t), 'out');
    const before = hashes(AREA);
    const run = await runCli(['check', AREA, '--out', out]);
    assert.equal(run.exit, 0, run.stderr);
    for (const file of FILES) {
      assert.equal(
        readFileSync(join(out, file), 'utf8'),
        readFileSync(join(AREA, 'expected', file), 'utf8'),
        file,
      );
    }
    assert.deepEqual(hashes(AREA), before);
    const sheets = await readExcel(join(out, 'workbooks', 'H99030000002.xlsx'));
    const sheet = sheets.find(({ sheet: name }) => name.startsWith('问题'))!.data;
    assert.equal(
      sheet.length - 1,
      rowsOf(join(out, 'findings.csv')).filter((row) => row.fixmedins_code === 'H99030000002').length,
    );
    assert.match(readFileSync(join(out, 'report.html'), 'utf8'), /质控市人民医院/);
  });

  test('give the same bytes a second time', async (t) => {
    const folder = temporaryFolder(t);
    for (const name of ['a', 'b']) await runCli(['check', AREA, '--out', join(folder, name), '--quiet']);
    const [a, b] = ['a', 'b'].map((name) =>
      Object.fromEntries(
        Object.entries(hashes(join(folder, name))).map(([path, hash]) => [
          path.slice(join(folder, name).length),
          hash,
        ]),
      ),
    );
    assert.deepEqual(a, b);
  });

  test('a threshold, a level and a switch of the area hold from their day on', () => {
    const findings = rowsOf(join(AREA, 'expected', 'findings.csv'));
    const of = (check: string) => findings.filter((row) => row.check_id === check);
    assert.deepEqual(
      of('Q001').map((row) => row.setl_id),
      ['L1'],
    );
    assert.deepEqual(
      of('Q022').map((row) => row.level),
      ['warning'],
    );
    assert.deepEqual(of('Q039'), []);
  });

  test('--year, --month and --institution choose lists, and neighbours still count', async (t) => {
    const out = join(temporaryFolder(t), 'out');
    const choose = ['--year', '2025', '--month', '2', '--institution', 'H99030000002'];
    await runCli(['check', AREA, '--out', out, '--quiet', '--no-workbooks', ...choose]);
    const findings = rowsOf(join(out, 'findings.csv'));
    assert.deepEqual([...new Set(findings.map((row) => row.setl_id))], ['L4']);
    assert.ok(
      findings.some((row) => row.check_id === 'Q066'),
      'the stay before, elsewhere, is still seen',
    );
    for (const row of rowsOf(join(out, 'check_summary.csv'))) assert.equal(row.lists, '1');
  });
});

describe('the command', () => {
  test('finds without failing, and fails where --fail-on asks for it', async () => {
    assert.equal((await runCli(['check', AREA, '--quiet'])).exit, 0);
    const run = await runCli(['check', AREA, '--quiet', '--fail-on', 'error'], {
      environment: { LANG: 'en_US' },
    });
    assert.equal(run.exit, 4);
    assert.match(run.stderr, /findings at level error.*\[quality\.failed\]/);
  });

  test('prints JSON', async () => {
    const { stdout } = await runCli(['check', AREA, '--json']);
    const summary = JSON.parse(stdout);
    assert.equal(summary.area.lists, 4);
    assert.equal(summary.institutions[0].score, '50.00');
  });

  test('lists and explains the checks in both languages', async () => {
    const list = await runCli(['check', '--list', '--lang', 'en']);
    for (const { id } of loadChecks().checks) assert.match(list.stdout, new RegExp(`^${id} `, 'm'));
    const chinese = await runCli(['check', '--explain', 'Q001']);
    assert.match(chinese.stdout, /max_days = 7/);
    const parts = await runCli(['check', '--explain', 'Q049']);
    for (const id of ['Q049a', 'Q049d']) assert.match(parts.stdout, new RegExp(id));
    assert.match((await runCli(['check', '--explain', 'Q043'])).stdout, /不能从清单计算/);
  });

  const wrong: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    ['an unknown check', ['check', '--explain', 'Q999'], 2, /quality\.unknown-check/],
    ['no area', ['check'], 2, /quality\.no-area/],
    ['a month without a year', ['check', AREA, '--month', '3'], 2, /quality\.month-without-year/],
    ['a year without lists', ['check', AREA, '--year', '2019'], 3, /quality\.nothing-to-check/],
    ['an unknown institution', ['check', AREA, '--institution', 'X'], 2, /quality\.unknown-institution/],
    ['a folder that is none', ['check', join(AREA, 'nowhere')], 3, /policy\./],
    [
      'an output folder over the lists',
      ['check', AREA, '--out', join(AREA, 'national_form')],
      4,
      /output\.over-input/,
    ],
  ];
  for (const [name, argv, exit, message] of wrong) {
    test(`refuses ${name}`, async () => {
      const run = await runCli(argv);
      assert.equal(run.exit, exit, run.stderr);
      assert.match(run.stderr, message);
    });
  }
});

describe('broken input', () => {
  const broken: readonly (readonly [string, string, string, RegExp])[] = [
    [
      'a ragged line',
      'national_form/diseinfo.csv',
      'setl_id,diag_code\nL1,I10.x00\nL1\nL2,I10,x\n',
      /diseinfo\.csv，第 3 行.*\n.*第 4 行/,
    ],
    [
      'a row of no list',
      'national_form/diseinfo.csv',
      'setl_id,diag_code\nL9,I10.x00\n',
      /diseinfo\.csv，第 2 行，字段 setl_id，值“L9”/,
    ],
    ['a node without setl_id', 'national_form/diseinfo.csv', 'diag_code\nI10.x00\n', /quality\.no-setl-id/],
    ['a file of no node', 'national_form/else.csv', 'a,b\n', /quality\.unknown-node/],
    [
      'bad JSON',
      'national_form/more.jsonl',
      '{"input":{"setlinfo":{"setl_id":"J1"}}}\n{"input":}\n',
      /more\.jsonl，第 2 行.*json/,
    ],
    [
      'a node that is no object',
      'national_form/more.jsonl',
      '{"setlinfo":{"setl_id":"J1"},"diseinfo":["x"]}\n',
      /第 1 行，字段 diseinfo.*node-shape/,
    ],
    [
      'a code list without codes',
      'code_lists.csv',
      'list,code\ngend,\n',
      /code_lists\.csv，第 2 行，字段 code/,
    ],
    [
      'a date that is none',
      'diagnosis_codes.csv',
      'code,name,valid_to\nI10.x00,高血压,2025/01/01\n',
      /diagnosis_codes\.csv，第 2 行，字段 valid_to/,
    ],
    [
      'an unknown check',
      'quality.yaml',
      'area: "990300"\nchecks:\n  Q999: {}\n',
      /quality\.yaml，第 3 行，字段 Q999/,
    ],
    [
      'an unknown threshold',
      'quality.yaml',
      'area: "990300"\nchecks:\n  Q001:\n    2025-01-01: { days: 3, basis: { document: reference-profile, evidence: [practice] } }\n',
      /quality\.yaml，第 4 行，字段 days.*max_days/,
    ],
    [
      'a change without its source',
      'quality.yaml',
      'area: "990300"\nchecks:\n  Q001:\n    2025-01-01: { max_days: 3 }\n',
      /quality\.yaml，第 4 行.*basis/,
    ],
    ['bad YAML', 'quality.yaml', 'area: "990300"\nchecks: [\n', /quality\.yaml，第 \d 行.*bad-yaml/],
  ];
  for (const [name, file, content, message] of broken) {
    test(`${name} is refused with file and line`, async (t) => {
      const folder = join(temporaryFolder(t), 'area');
      cpSync(AREA, folder, { recursive: true });
      writeFileSync(join(folder, file), content);
      const run = await runCli(['check', folder, '--out', join(folder, '..', 'out')]);
      assert.equal(run.exit, 3, run.stderr);
      assert.match(run.stderr, message);
      assert.ok(!existsSync(join(folder, '..', 'out')), 'nothing is kept of a refused area');
    });
  }

  test('a check that is written wrong is refused with file and line', (t) => {
    const folder = temporaryFolder(t);
    const source = join(import.meta.dirname, '..', 'src', 'claims', 'quality');
    for (const name of ['not-computable.yaml', 'score.yaml']) cpSync(join(source, name), join(folder, name));
    mkdirSync(join(folder, 'timeliness'));
    const text = readFileSync(join(source, 'timeliness', 'checks.yaml'), 'utf8');
    const breakings: readonly (readonly [string, string, RegExp])[] = [
      ['dimension: timeliness', 'dimension: speed', /field dimension.*"speed"/],
      ['setlinfo.dcla_time', 'setlinfo.dcla', /no field setlinfo\.dcla/],
      ['max_days: 7', 'max_days: soon', /"soon" is not a whole number/],
      [', max_days: 7', '', /field max_days/],
      ['dip-specification-3.0-draft', 'no-such-document', /unknown-document/],
      ['2020-01-01', '2020-13-01', /wrong-date/],
    ];
    for (const [from, to, message] of breakings) {
      assert.ok(text.includes(from));
      writeFileSync(join(folder, 'timeliness', 'checks.yaml'), text.replace(from, to));
      assert.throws(
        () => loadChecks(folder, 'checks'),
        (error) =>
          error instanceof YibaoError &&
          message.test(error.message) &&
          /timeliness\/checks\.yaml, line \d+/.test(error.message),
        to,
      );
    }
  });
});

describe('whatever the lists', () => {
  const LISTS = 400;

  test('their order, and the form they are written in, does not matter', async (t) => {
    const folder = join(temporaryFolder(t), 'area');
    const engine = await Engine.open();
    try {
      await generateDemoArea({
        engine,
        folder,
        lists: 2_000,
        seed: 3,
        year: 2025,
        format: 'csv',
        progress: SILENT,
      });
      await generateNationalForm({ engine, folder, lists: LISTS, seed: 3, progress: SILENT });
      const first = await results(folder);
      assert.ok((first.findings as string[]).length > 20);

      const shuffled = join(folder, '..', 'shuffled');
      const asCsv = join(folder, '..', 'csv');
      for (const other of [shuffled, asCsv]) cpSync(folder, other, { recursive: true });
      for (const name of readdirSync(join(folder, 'national_form'))) {
        const read = `SELECT * FROM read_parquet(${literal(join(folder, 'national_form', name))}) AS t`;
        const mixed = literal(join(shuffled, 'national_form', name));
        await engine.run(`COPY (${read} ORDER BY hash(hash(t) + 7)) TO ${mixed} (FORMAT parquet)`);
        const csv = join(asCsv, 'national_form', name.replace('.parquet', '.csv'));
        await engine.run(`COPY (${read}) TO ${literal(csv)} (FORMAT csv, HEADER true)`);
      }
      for (const name of readdirSync(join(folder, 'national_form')))
        rmSync(join(asCsv, 'national_form', name));
      assert.deepEqual(await results(shuffled), first);
      assert.deepEqual(await results(asCsv), first);
    } finally {
      engine.close();
    }
  });

  test('passed, failed and not applicable add up to the lists for every check, and nothing is changed', async (t) => {
    const text = fc.constantFrom(
      '',
      '0',
      '1',
      '2',
      '9',
      '310',
      'null',
      ' 1 ',
      '12.5',
      '-3',
      '1/2/3',
      'A03→X',
      '甲',
      "o'neil",
      '"',
      '2025-02-30',
    );
    const time = fc.constantFrom(
      '',
      '2025-03-01',
      '2025-03-01 08:00:00',
      '2025-03-02 09:30:00',
      '2025-02-27 10:00',
      'yesterday',
    );
    const code = fc.constantFrom(
      '',
      'I10.x00',
      'O80.900',
      'P07.300',
      'Z51.100',
      'S06.000',
      'J18.900',
      '47.0100',
      '96.7201',
      'c34.9',
    );
    const item = fc.dictionary(
      fc.constantFrom(
        'diag_type',
        'diag_code',
        'maindiag_flag',
        'adm_cond_type',
        'oprn_oprt_code',
        'oprn_oprt_type',
        'oprn_oprt_begntime',
        'anst_begntime',
        'med_chrgitm',
        'amt',
        'claa_sumfee',
        'clab_amt',
        'fulamt_ownpay_amt',
        'oth_amt',
        'scs_cutd_inpool_time',
        'scs_cutd_exit_time',
        'scs_cutd_sum_dura',
        'bld_cat',
        'bld_amt',
        'bld_unt',
      ),
      fc.oneof(text, time, code),
    );
    const setlinfo = fc.dictionary(
      fc.constantFrom(
        'setl_id',
        'fixmedins_code',
        'psn_no',
        'gend',
        'age',
        'nwb_age',
        'brdy',
        'certno',
        'patn_cert_type',
        'dcla_time',
        'adm_time',
        'dscg_time',
        'act_ipt_days',
        'dscg_way',
        'hi_paymtd',
        'psn_selfpay',
        'psn_ownpay',
        'acct_pay',
        'psn_cashpay',
        'medfee_sumamt',
        'ipt_med_type',
        'refldept_dept',
        'vent_used_dura',
        'nwb_adm_wt',
        'coner_name',
        'coner_tel',
      ),
      fc.oneof(text, time),
    );
    const message = fc.record(
      {
        setlinfo,
        diseinfo: fc.array(item, { maxLength: 3 }),
        oprninfo: fc.array(item, { maxLength: 2 }),
        iteminfo: fc.array(item, { maxLength: 3 }),
        icuinfo: fc.array(item, { maxLength: 2 }),
        bldinfo: fc.array(item, { maxLength: 2 }),
      },
      { requiredKeys: ['setlinfo'] },
    );
    const folder = temporaryFolder(t);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 12 }), async (messages) => {
        const area = join(folder, String(run++));
        mkdirSync(join(area, 'national_form'), { recursive: true });
        writeFileSync(join(area, 'area.yaml'), 'area: "990300"\nname: 试\nprofile: reference\n');
        writeFileSync(join(area, 'national_form', 'lists.json'), JSON.stringify(messages));
        const before = hashes(area);
        const engine = await Engine.open();
        try {
          await checkLists(engine, { areaFolder: area });
          const wrong = await engine.rows(
            'SELECT check_id FROM check_result WHERE passed + failed + not_applicable <> lists OR passed < 0 OR failed < 0 OR not_applicable < not_supplied',
          );
          assert.deepEqual(wrong, []);
          const parts = await engine.rows(
            `SELECT c.check_id FROM check_result AS c JOIN (
               SELECT check_id, sum(lists) AS lists, sum(passed) AS passed, sum(failed) AS failed FROM check_institution_result GROUP BY check_id
             ) AS p ON p.check_id = c.check_id
             WHERE p.lists <> c.lists OR p.passed <> c.passed OR p.failed <> c.failed`,
          );
          assert.deepEqual(parts, []);
          const { lists } = await engine.row('SELECT min(lists) AS lists FROM check_result');
          assert.equal(Number(lists), messages.length);
          const unfilled = await engine.rows(
            "SELECT * FROM finding_result WHERE regexp_matches(reason || remedy, '\\{[a-z_]+\\}')",
          );
          assert.deepEqual(unfilled, []);
        } finally {
          engine.close();
        }
        assert.deepEqual(hashes(area), before);
      }),
      { numRuns: 8, seed: 20250301 },
    );
  });
});

describe('the least form', () => {
  test('fifteen columns are enough: what they lack makes checks not applicable, not failed', async (t) => {
    const folder = join(temporaryFolder(t), 'area');
    mkdirSync(join(folder, 'settlement_lists'), { recursive: true });
    writeFileSync(join(folder, 'area.yaml'), 'area: "990300"\nname: 试\nprofile: reference\n');
    writeFileSync(
      join(folder, 'settlement_lists', '2025.csv'),
      'setl_id,fixmedins_code,psn_no,insutype,gend,age,nwb_age,nwb_adm_wt,adm_time,dscg_time,dscg_way,medfee_sumamt,fund_pay_sumamt,diagnoses,procedures\n' +
        'A,H99030000001,P1,310,1,40,,,2025-03-01,2025-03-05,1,100.00,50.00,O80.900|I10.x00,\n' +
        'B,H99030000001,P2\n' +
        'C,H99030000001,P3,310,2,40,,,2025-03-01,2025-03-05,8,0.00,0.00,J18.900,47.0100\n',
    );
    const out = join(folder, '..', 'out');
    const run = await runCli(['check', folder, '--out', out, '--no-workbooks']);
    assert.equal(run.exit, 0, run.stderr);
    const findings = rowsOf(join(out, 'findings.csv')).map(
      (row) => `${row.row} ${row.setl_id} ${row.check_id}`,
    );
    assert.deepEqual(findings, ['2 A Q030', '4 C Q013', '4 C Q056']);
    assert.deepEqual(
      rowsOf(join(out, 'refused.csv')).map((row) => `${row.file}:${row.row}`),
      ['settlement_lists/2025.csv:3'],
    );
    const summary = rowsOf(join(out, 'check_summary.csv'));
    const fees = summary.find((row) => row.check_id === 'Q050')!;
    assert.equal(fees.not_supplied, '2');
    assert.match(fees.reason_not_supplied!, /未提供字段 iteminfo\.amt/);
  });
});

test('the page of the domain has an anchor for every check, type and rule that is not computable', () => {
  const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'domain', 'quality.md'), 'utf8');
  const { checks, types, notComputable } = loadChecks();
  for (const id of [
    ...checks.map((check) => check.id),
    ...types.map(({ name }) => name),
    ...notComputable.map(({ rule }) => rule),
  ]) {
    assert.match(page, new RegExp(`id="${id}"`), id);
  }
  for (const check of checks) {
    const row = page.split('\n').find((line) => line.includes(`id="${check.id}"`))!;
    assert.ok(row.includes(check.title.zh), check.id);
    for (const [name, value] of Object.entries(check.values[0]!.thresholds)) {
      assert.ok(row.includes(`\`${name}\` ${value}`), `${check.id} ${name}`);
    }
  }
});

test('a city changes a check from a day on, and another city does not notice', () => {
  const documents = loadPolicies().documents;
  const limits = (code: string) =>
    resolveChecks(loadChecks(), { code, folder: AREA.replace('quality-area', 'nowhere'), documents })
      .versions.filter(({ check }) => check.id === 'Q001')
      .map(({ values, until }) => `${values.from} ${until} ${values.thresholds.max_days}`);
  assert.deepEqual(limits('990100'), ['2020-01-01 2025-07-01 7', '2025-07-01 null 10']);
  assert.deepEqual(limits('990200'), ['2020-01-01 null 7']);
});

testWithSharedData(
  'every rule of the validation catalogue is there with its dimension and level, or named as not computable',
  (data) => {
    const levels: Record<string, string> = { return: 'error', warn: 'warning', info: 'notice' };
    const { checks, notComputable } = loadChecks();
    const rules = rowsOf(join(data, 'payment', 'qc_rules.csv'));
    assert.equal(rules.length, 70);
    const titles = new Map<string, string>();
    for (const { id, dimension, level } of rules as { id: string; dimension: string; level: string }[]) {
      const own = checks.filter(({ rule }) => rule === id);
      const rest = notComputable.filter(({ rule }) => rule === id);
      assert.equal(own.length > 0 ? 1 : rest.length, 1, `${id} is neither computed nor named`);
      for (const check of own) {
        assert.equal(check.values[0]!.level, levels[level], id);
        titles.set(check.dimension, dimension);
      }
      for (const each of rest) {
        assert.equal(each.level, levels[level], id);
        titles.set(each.dimension, dimension);
      }
    }
    // one name of ours for one of theirs
    assert.equal(new Set(titles.values()).size, titles.size);
  },
);
