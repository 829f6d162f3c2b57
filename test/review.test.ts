import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import readExcel from 'read-excel-file/node';
import { csvText } from '#cli/result-table.ts';
import { decisionTable, panelTable, specialCaseTable } from '#cli/review-tables.ts';
import { Engine } from '#engine/duckdb.ts';
import { type Problem, renderProblem, YibaoError } from '#kernel/errors.ts';
import { parseYuan } from '#kernel/money.ts';
import { settleYear } from '#payment/index.ts';
import {
  type DrawRequest,
  decideYear,
  drawPanels,
  openReview,
  publishYear,
  verifyPanels,
} from '#payment/review/index.ts';
import { CHINESE_TEXT, ReviewArea } from './support/review-area.ts';
import { runCli, temporaryFolder } from './support/run-cli.ts';
import { settleToFiles } from './support/settle-files.ts';

const YEAR = 2025;
type Rows = Record<string, string>[];
const read = (text: string): Rows => parse(text, { columns: true });
const readFile = (path: string): Rows => read(readFileSync(path, 'utf8'));

const areaOf = (test: TestContext, applications?: number): ReviewArea =>
  new ReviewArea(join(temporaryFolder(test), 'area'), applications);

/** Runs `yibao review`, which must end with the exit code, and gives its files. */
async function review(
  area: ReviewArea,
  command: readonly string[],
  exit = 0,
): Promise<{ readonly out: string; readonly stdout: string; readonly stderr: string }> {
  // beside the area folder, and gone with it
  const out = join(mkdtempSync(`${area.path}-`), 'out');
  const [name, ...more] = command;
  const argv = ['review', name!, area.path, '--year', String(YEAR), ...more, '--out', out, '--lang', 'en'];
  const run = await runCli(argv);
  assert.equal(run.exit, exit, run.stderr);
  return { out, ...run };
}

const DRAW = ['panel', '--date', '2026-02-10', '--seed', '20260201'];
const REQUEST: DrawRequest = {
  kind: 'first',
  drawnOn: Temporal.PlainDate.from('2026-02-10'),
  seed: '20260201',
};

/** Draws panels and puts them on file. */
async function draw(area: ReviewArea, request: Partial<DrawRequest> = {}): Promise<Rows> {
  const file = 'special_case_panels.csv';
  area.write(
    file,
    await within(area, (opened) =>
      csvText(panelTable(opened.tables, drawPanels(opened, { ...REQUEST, ...request }))),
    ),
  );
  return read(area.read(file));
}

/** Counts the votes and puts the decisions on file. */
async function decide(area: ReviewArea): Promise<Rows> {
  const { decisions } = await within(area, decideYear);
  area.write('special_cases.csv', csvText(specialCaseTable(decisions)));
  return read(csvText(decisionTable(decisions, 'en')));
}

/** Opens the review in this process; what it refuses is thrown. */
async function within<T>(
  area: ReviewArea,
  work: (opened: Awaited<ReturnType<typeof openReview>>, engine: Engine) => T | Promise<T>,
  decided = false,
): Promise<T> {
  const engine = await Engine.open({ threads: 1, memoryLimitMib: 512 });
  try {
    return await work(
      await openReview(engine, { areaFolder: area.path, year: YEAR }, { applications: true, decided }),
      engine,
    );
  } finally {
    engine.close();
  }
}

async function problemsOf(area: ReviewArea): Promise<readonly Problem[]> {
  try {
    await within(area, decideYear);
  } catch (error) {
    if (error instanceof YibaoError) return error.problems;
    throw error;
  }
  return [];
}

describe('a review from the quota to the publication', () => {
  test('quota, applications, panels, votes, settlement and figures', async (context) => {
    const area = areaOf(context);
    area.policy({ 'review.over_quota': ['choice', 'largest-excess'] });
    const before = await settleToFiles(area.path, YEAR);
    const normal = new Map(read(before['cases.csv']!).map((row) => [row.setl_id, row.points]));

    const quota = await review(area, ['quota']);
    assert.match(quota.stdout, /49 discharges, quota 4, used by special_cases\.csv 0/);
    const checked = await review(area, ['check']);
    assert.match(checked.stdout, /6 applications, 6 eligible/);
    const evidence = readFile(join(checked.out, 'evidence.csv'));
    assert.equal(evidence.length, 6);
    for (const row of evidence) assert.match(row.sha256!, /^[0-9a-f]{64}$/);

    const drawn = await review(area, DRAW);
    const panelFile = 'special_case_panels.csv';
    area.write(panelFile, readFileSync(join(drawn.out, panelFile), 'utf8'));
    const panels = read(area.read(panelFile));
    const manifest = JSON.parse(readFileSync(join(drawn.out, 'manifest.json'), 'utf8'));
    assert.equal(manifest.draw.seed, '20260201');
    assert.deepEqual(
      manifest.draw.panels.flatMap((panel: { readonly members: string[] }) => panel.members),
      panels.map((row) => row.expert_code),
    );
    assert.ok(manifest.inputs.some((input: { readonly file: string }) => input.file === 'experts.csv'));
    const bySetlId = Map.groupBy(panels, (row) => row.setl_id);
    assert.equal(bySetlId.size, 6);
    for (const members of bySetlId.values()) assert.equal(members.length, 5);

    const pass = (setlId: string) => setlId === area.cases[0]!.setlId;
    area.vote((setlId, _, place) =>
      pass(setlId) ? `pass,amount,${30_000 + place}.50,,"severe, rescued"` : 'pass,cost,,,',
    );
    const decided = await review(area, ['decide']);
    area.write('special_cases.csv', readFileSync(join(decided.out, 'special_cases.csv'), 'utf8'));
    const decisions = readFile(join(decided.out, 'decisions.csv'));
    const granted = decisions.filter((row) => row.outcome !== 'rejected');
    assert.equal(granted.length, 4, 'the quota of 4');
    assert.deepEqual(
      decisions.filter((row) => row.outcome === 'rejected').map((row) => row.basis),
      ['quota', 'quota'],
    );
    const first = decisions.find((row) => row.setl_id === area.cases[0]!.setlId)!;
    assert.deepEqual([first.outcome, first.amount, first.votes_for], ['amount', '30002.50', '5']);

    const after = await settleToFiles(area.path, YEAR);
    const cases = new Map(read(after['cases.csv']!).map((row) => [row.setl_id, row.points]));
    for (const row of decisions) {
      assert.equal(row.points_before, normal.get(row.setl_id!), 'points before are those without review');
      assert.equal(row.points_after, cases.get(row.setl_id!), 'points after are those settled');
    }
    const adjustments = read(after['adjustments.csv']!);
    assert.deepEqual(
      adjustments.map((row) => row.setl_id),
      granted.map((row) => row.setl_id).toSorted(),
      'each case granted is paid once, no other is changed',
    );
    for (const scheme of read(after['point_values.csv']!)) {
      const own = read(after['clearing.csv']!).filter((row) => row.insutype === scheme.insutype);
      const due = own.reduce((sum, row) => sum + parseYuan(row.due!)!, 0n);
      assert.equal(due, parseYuan(scheme.budget!)!, 'the budget, to the fen');
    }
    const used = await review(area, ['quota', '--json']);
    assert.equal(JSON.parse(used.stdout).quota[0].passed, 4);

    const { out, stdout } = await review(area, ['publish', '--by', 'year']);
    const figures = readFile(join(out, 'publication.csv'));
    const employee = figures.filter((row) => row.insutype === '310' && row.fixmedins_code === 'all');
    assert.deepEqual(
      employee.map((row) => [row.applications, row.passes, row.discharges, row.fund]),
      [['4', '3', '30', '300000.00']],
    );
    const resident = figures.find((row) => row.insutype === '390')!;
    assert.equal(resident.applications, '', 'two applications are too few to publish');
    for (const { setlId } of area.cases) {
      assert.doesNotMatch(readFileSync(join(out, 'publication.csv'), 'utf8') + stdout, new RegExp(setlId));
      assert.doesNotMatch(readFileSync(join(out, 'manifest.json'), 'utf8'), new RegExp(setlId));
    }
    const [sheet] = await readExcel(join(out, 'publication.xlsx'));
    assert.equal(sheet!.data.length, figures.length + 1);
  });

  test('the fund of the publication is what the clearing says, for each institution', async (context) => {
    const area = areaOf(context);
    area.policy({ 'review.over_quota': ['choice', 'earliest'] });
    area.replace('area.yaml', 'value: "3"', 'value: "1"');
    await draw(area);
    area.vote();
    await decide(area);
    const clearing = read((await settleToFiles(area.path, YEAR))['clearing.csv']!);
    const published = await within(area, (opened, engine) => publishYear(engine, opened, 'month'), true);
    for (const { insutype, rows } of published) {
      const total = rows.filter(({ whole }) => whole).reduce((sum, row) => sum + row.fundFen, 0n);
      const due = clearing.filter((row) => row.insutype === insutype);
      assert.equal(
        total,
        due.reduce((sum, row) => sum + parseYuan(row.due!)!, 0n),
      );
      const passes = rows.filter(({ whole }) => whole).reduce((sum, row) => sum + row.passes, 0);
      const applied = rows.filter(({ whole }) => whole).reduce((sum, row) => sum + row.applications, 0);
      assert.ok(passes > 0 && applied > 0);
    }
  });

  test('an appeal has a panel of its own, and its decision holds', async (context) => {
    const area = areaOf(context, 2);
    await draw(area);
    area.vote(() => 'reject,,,,not convinced');
    assert.deepEqual(
      (await decide(area)).map((row) => row.outcome),
      ['rejected', 'rejected'],
    );
    const appealed = area.cases[0]!.setlId;
    area.write(
      'special_case_appeals.csv',
      `setl_id,appealed_at,text,evidence\n${appealed},2026-03-10,new findings,more.pdf\n`,
    );
    const rows = await draw(area, {
      kind: 'appeal',
      drawnOn: Temporal.PlainDate.from('2026-03-20'),
      seed: '7',
    });
    const members = (kind: string) =>
      rows.filter((row) => row.setl_id === appealed && row.kind === kind).map((row) => row.expert_code);
    assert.equal(members('first').length, 5);
    assert.ok(members('appeal').length >= 3 && members('appeal').length % 2 === 1);
    assert.deepEqual(
      members('first').filter((code) => members('appeal').includes(code)),
      [],
    );
    area.vote((_, kind) => (kind === 'appeal' ? 'pass,points,,1234.5,' : 'reject,,,,'));
    const decided = new Map((await decide(area)).map((row) => [row.setl_id, row]));
    assert.deepEqual(
      [decided.get(appealed)!.kind, decided.get(appealed)!.outcome, decided.get(appealed)!.points_after],
      ['appeal', 'points', '1234.5000'],
    );
    assert.equal(decided.get(area.cases[1]!.setlId)!.outcome, 'rejected');
  });

  test('an appeal after the time limit has no panel', async (context) => {
    const area = areaOf(context, 2);
    await draw(area);
    area.vote(() => 'reject,,,,');
    const line = (setlId: string, day: string) => `${setlId},${day},why,\n`;
    const header = 'setl_id,appealed_at,text,evidence\n';
    const reasons = (day: string) => {
      area.write('special_case_appeals.csv', header + line(area.cases[0]!.setlId, day));
      return within(area, (opened) =>
        drawPanels(opened, {
          kind: 'appeal',
          drawnOn: Temporal.PlainDate.from('2026-06-01'),
          seed: '1',
        }).notDrawn.map(({ reason }) => reason),
      );
    };
    assert.deepEqual(await reasons('2026-04-01'), ['too-late']);
    assert.deepEqual(await reasons('2026-03-31'), []);
    assert.deepEqual(await reasons('2026-02-28'), ['before-decision']);
    assert.deepEqual(await reasons('2026-06-02'), ['not-yet']);
  });
});

describe('panels on file', () => {
  test('are drawn again and found the same, also after the files are put into another order', async (context) => {
    const area = areaOf(context);
    const panels = await draw(area);
    const turned = (name: string) => {
      const [header, ...lines] = area.read(name).trim().split('\n');
      area.write(name, `${[header, ...lines.toReversed()].join('\n')}\n`);
    };
    for (const name of ['experts.csv', 'special_case_applications.csv', 'special_case_panels.csv'])
      turned(name);
    const checks = await within(area, verifyPanels);
    assert.equal(checks.length, 6);
    for (const check of checks) assert.deepEqual([check.status, check.samePool], ['same', true]);
    area.remove('special_case_panels.csv');
    const again = await draw(area);
    assert.deepEqual(again, panels);
  });

  test('another seed gives other panels, and the date must not go back', async (context) => {
    const area = areaOf(context);
    const panels = await draw(area);
    const file = area.read('special_case_panels.csv');
    area.remove('special_case_panels.csv');
    const others = await draw(area, { seed: 'another' });
    assert.notDeepEqual(
      others.map((row) => row.expert_code),
      panels.map((row) => row.expert_code),
    );
    area.write('special_case_panels.csv', file);
    const run = await review(area, ['panel', '--date', '2026-02-09', '--seed', '1'], 4);
    assert.match(run.stderr, /2026-02-09.*2026-02-10.*\[review\.panel-drawn-already\]/);
  });

  test('a member put in by hand is found, and the votes of that panel do not count', async (context) => {
    const area = areaOf(context, 1);
    const panels = await draw(area);
    const drawn = new Set(panels.map((row) => row.expert_code));
    const other = read(area.read('experts.csv')).find((row) => !drawn.has(row.expert_code!))!.expert_code!;
    area.replace('special_case_panels.csv', panels[0]!.expert_code!, other);
    area.vote();
    const run = await review(area, ['panel', '--verify'], 4);
    assert.match(run.stdout, /differs/);
    const decisions = await within(area, (opened) => decideYear(opened).decisions);
    assert.deepEqual(
      decisions.map(({ outcome, basis }) => [outcome, basis]),
      [['undecided', 'panel-not-as-drawn']],
    );
  });

  test('an expert who joins later does not change a panel; a conflict declared later stops its decision', async (context) => {
    const area = areaOf(context, 1);
    const [member] = await draw(area);
    area.vote();
    area.append('experts.csv', 'E900,新专家,,cardiology,2026-02-11,\n');
    const conflict = (day: string) =>
      area.write(
        'expert_conflicts.csv',
        `expert_code,fixmedins_code,setl_id,declared_on,until,reason\n${member!.expert_code},,${member!.setl_id},${day},,relative\n`,
      );
    conflict('2026-02-11');
    const [check] = await within(area, verifyPanels);
    assert.deepEqual(
      [check!.status, check!.samePool, check!.conflictSince],
      ['same', true, [member!.expert_code]],
    );
    const decisions = await within(area, (opened) => decideYear(opened).decisions);
    assert.equal(decisions[0]!.basis, 'conflict-since-drawn');
    conflict('2026-02-10');
    assert.equal((await within(area, verifyPanels))[0]!.status, 'differs');
  });

  test('no lawful panel: refused with the reasons, exit code 4', async (context) => {
    const area = areaOf(context, 1);
    const lines = area.read('experts.csv').trim().split('\n');
    area.write(
      'experts.csv',
      `${lines.filter((line) => !/cardiology/.test(line) || /E00[16]/.test(line)).join('\n')}\n`,
    );
    const run = await review(area, DRAW, 4);
    assert.match(run.stdout, /0 panels drawn, 1 refused/);
    const refused = readFile(join(run.out, 'panels_refused.csv'));
    assert.equal(refused.length, 1);
    for (const row of refused) assert.match(row.reason!, /too-few-experts|no-expert-of-specialty/);
    assert.match(refused[0]!.excluded!, /other-specialty:\d+/);
  });
});

describe('the quota', () => {
  test('more passes than the quota are refused, in decide and in settle', async (context) => {
    const area = areaOf(context);
    await draw(area);
    area.vote();
    const [problem, ...more] = await problemsOf(area);
    assert.deepEqual([problem!.definition.code, more.length], ['review.too-many-special-cases', 0]);
    assert.match(
      renderProblem(problem!, 'en'),
      /6 special cases passed, more than the quota of 4 \(49 discharges/,
    );
    area.write(
      'special_cases.csv',
      `setl_id,decision,amount,points,reason\n${area.cases.map(({ setlId }) => `${setlId},cost,,,\n`).join('')}`,
    );
    await assert.rejects(settleToFiles(area.path, YEAR), /review\.too-many-special-cases/);
    await review(area, ['quota'], 4);
  });

  test('by institution and level each has its own', async (context) => {
    const area = areaOf(context);
    area.policy({
      'special_case.quota_base': ['choice', 'institution'],
      'special_case.level_quotas': ['ratio', '1:0.1 | 2:0.1 | 0.2'],
    });
    const { out } = await review(area, ['quota']);
    assert.deepEqual(
      readFile(join(out, 'quota.csv')).map((row) => [
        row.fixmedins_code,
        row.level,
        row.discharges,
        row.quota,
      ]),
      [
        ['H0001', '3', '12', '2'],
        ['H0002', '2', '13', '1'],
        ['H0003', '1', '12', '1'],
        ['H0004', '2', '12', '1'],
      ],
    );
    await draw(area);
    area.vote();
    const [problem, ...more] = await problemsOf(area);
    assert.deepEqual([problem!.field, problem!.value, more.length], ['fixmedins_code', 'H0001', 0]);
  });

  test('a case granted in review takes no add-on', async (context) => {
    const area = areaOf(context, 1);
    await draw(area);
    area.vote();
    const { setlId } = area.cases[0]!;
    area.write('add_ons.csv', `setl_id,item,amount,points,reason\n${setlId},drug,100.00,,\n`);
    const [problem] = await problemsOf(area);
    assert.deepEqual(
      [problem!.definition.code, problem!.file, problem!.row, problem!.value],
      ['review.paid-twice', 'add_ons.csv', 2, setlId],
    );
    area.write('special_cases.csv', `setl_id,decision,amount,points,reason\n${setlId},cost,,,\n`);
    await assert.rejects(settleToFiles(area.path, YEAR), /add_ons\.csv, line 2.*review\.paid-twice/);
    area.replace('special_cases.csv', 'cost', 'rejected');
    await settleToFiles(area.path, YEAR);
  });
});

/** One way to break a file, and what is said of it: code, file, line, field, value. */
const BROKEN: readonly {
  readonly name: string;
  readonly break: (area: ReviewArea) => void;
  readonly found: (area: ReviewArea) => readonly (string | number | undefined)[];
}[] = [
  {
    name: 'no applications',
    break: (area) => area.remove('special_case_applications.csv'),
    found: () => ['review.no-applications', 'special_case_applications.csv', undefined, undefined, undefined],
  },
  {
    name: 'an application for a list that does not take part',
    break: (area) => area.replace('special_case_applications.csv', area.cases[0]!.setlId, '99'),
    found: () => ['review.unknown-case', 'special_case_applications.csv', 2, 'setl_id', '99'],
  },
  {
    name: 'a day there is not',
    break: (area) => area.replace('special_case_applications.csv', '2026-01-10', '2026-02-30'),
    found: () => ['area.bad-value', 'special_case_applications.csv', 2, 'applied_at', '2026-02-30'],
  },
  {
    name: 'a reason twice',
    break: (area) => area.replace('special_case_applications.csv', 'critical', 'critical|critical'),
    found: () => ['area.bad-value', 'special_case_applications.csv', 2, 'reasons', 'critical|critical'],
  },
  {
    name: 'no specialty',
    break: (area) => area.replace('special_case_applications.csv', ',cardiology,', ',,'),
    found: () => ['area.bad-value', 'special_case_applications.csv', 2, 'specialties', ''],
  },
  {
    name: 'evidence outside its folder',
    break: (area) =>
      area.replace('special_case_applications.csv', `${area.cases[0]!.setlId}.pdf`, '../area.yaml'),
    found: () => ['review.bad-evidence-path', 'special_case_applications.csv', 2, 'evidence', '../area.yaml'],
  },
  {
    name: 'a second application for a case',
    break: (area) =>
      area.replace(
        'special_case_applications.csv',
        `\n${area.cases[1]!.setlId}`,
        `\n${area.cases[0]!.setlId}`,
      ),
    found: (area) => [
      'area.repeated-row',
      'special_case_applications.csv',
      3,
      'setl_id',
      area.cases[0]!.setlId,
    ],
  },
  {
    name: 'an expert who leaves before coming',
    break: (area) => area.replace('experts.csv', '2020-01-01,2024-12-31', '2020-01-01,2019-12-31'),
    found: () => ['review.ends-before-start', 'experts.csv', 25, 'active_until', '2019-12-31'],
  },
  {
    name: 'a register without a column',
    break: (area) => area.replace('experts.csv', 'specialties', 'specialty'),
    found: () => ['area.missing-column', 'experts.csv', 1, 'specialties', undefined],
  },
  {
    name: 'a conflict of an expert nobody knows',
    break: (area) =>
      area.write(
        'expert_conflicts.csv',
        'expert_code,fixmedins_code,setl_id,declared_on,until,reason\nE999,H0001,,2026-01-01,,\n',
      ),
    found: () => ['review.unknown-expert', 'expert_conflicts.csv', 2, 'expert_code', 'E999'],
  },
  {
    name: 'a conflict with nobody',
    break: (area) =>
      area.write(
        'expert_conflicts.csv',
        'expert_code,fixmedins_code,setl_id,declared_on,until,reason\nE001,,,2026-01-01,,\n',
      ),
    found: () => ['review.institution-or-case', 'expert_conflicts.csv', 2, 'fixmedins_code', ''],
  },
  {
    name: 'an appeal without an application',
    break: (area) =>
      area.write('special_case_appeals.csv', 'setl_id,appealed_at,text,evidence\n99,2026-01-01,why,\n'),
    found: () => ['review.no-application', 'special_case_appeals.csv', 2, 'setl_id', '99'],
  },
  {
    name: 'a vote of somebody who is not on the panel',
    break: (area) =>
      area.replace(
        'special_case_votes.csv',
        /,first,(E\d+)/.exec(area.read('special_case_votes.csv'))![1]!,
        'E024',
      ),
    found: () => ['review.not-a-member', 'special_case_votes.csv', 2, 'expert_code', 'E024'],
  },
  {
    name: 'a vote before the panel was drawn',
    break: (area) => area.replace('special_case_votes.csv', '2026-03-01', '2026-02-09'),
    found: () => ['review.voted-before-drawn', 'special_case_votes.csv', 2, 'voted_on', '2026-02-09'],
  },
  {
    name: 'a vote to pass that does not say how',
    break: (area) => area.replace('special_case_votes.csv', 'pass,cost', 'pass,'),
    found: () => ['review.vote-needs', 'special_case_votes.csv', 2, 'decision', 'pass'],
  },
  {
    name: 'an amount without a vote for an amount',
    break: (area) => area.replace('special_case_votes.csv', 'pass,cost,,', 'pass,cost,100.00,'),
    found: () => ['review.vote-needs', 'special_case_votes.csv', 2, 'amount', 'pass'],
  },
  {
    name: 'a panel whose rows differ',
    break: (area) => area.replace('special_case_panels.csv', ',20260201,', ',20260202,'),
    found: () => ['review.panel-not-one', 'special_case_panels.csv', 3, 'seed', '20260201'],
  },
  {
    name: 'a policy without special-case review',
    break: (area) => area.policy({ 'adjustment.steps': ['steps', 'add-on'] }),
    found: () => ['review.not-in-policy', 'area.yaml', undefined, 'adjustment.steps', 'add-on'],
  },
  {
    name: 'a panel of an even number by policy',
    break: (area) => area.policy({ 'review.panel_size': ['persons', '4'] }),
    found: () => ['review.even-number', 'area.yaml', undefined, 'review.panel_size', '4'],
  },
];

test('every way a file can be wrong is told with file, line, field, value and a remedy in both languages', async (context) => {
  const area = areaOf(context, 2);
  await draw(area);
  area.vote();
  const files = [
    ...['area.yaml', 'experts.csv', 'special_case_applications.csv', 'special_case_panels.csv'],
    'special_case_votes.csv',
  ];
  const kept = new Map(files.map((name) => [name, area.read(name)]));
  for (const { name, break: breakIt, found } of BROKEN) {
    breakIt(area);
    const [problem] = await problemsOf(area);
    assert.ok(problem, name);
    const { definition, file, row, field, value } = problem;
    const base = file!.split('/').at(-1);
    const expected = found(area);
    const line = expected[2] === undefined ? undefined : row;
    assert.deepEqual([definition.code, base, line, field, value], expected, name);
    assert.doesNotMatch(renderProblem(problem, 'en'), CHINESE_TEXT, name);
    assert.match(renderProblem(problem, 'zh'), CHINESE_TEXT, name);
    for (const language of ['zh', 'en'] as const) {
      assert.doesNotMatch(renderProblem(problem, language), /\{\w+\}/, name);
    }
    for (const [each, content] of kept) area.write(each, content);
    for (const each of ['expert_conflicts.csv', 'special_case_appeals.csv']) {
      area.write(each, '');
      area.remove(each);
    }
  }
});

test('what the review does not read changes nothing: settle without its files gives the same bytes', async (context) => {
  const area = areaOf(context);
  const before = await settleToFiles(area.path, YEAR);
  for (const name of ['experts.csv', 'special_case_applications.csv']) area.remove(name);
  const after = await settleToFiles(area.path, YEAR);
  assert.deepEqual(after, before);
});

test('each review is settled without the results of an earlier one', async (context) => {
  const area = areaOf(context, 1);
  const points = () => within(area, (opened) => opened.applications[0]!.of.points4);
  const before = await points();
  area.write(
    'special_cases.csv',
    `setl_id,decision,amount,points,reason\n${area.cases[0]!.setlId},points,,1,\n`,
  );
  assert.equal(await points(), before);
  const engine = await Engine.open({ threads: 1, memoryLimitMib: 512 });
  try {
    await settleYear(engine, { areaFolder: area.path, year: YEAR });
    const row = await engine.row('SELECT points4 FROM case_score WHERE setl_id = ?', [area.cases[0]!.setlId]);
    assert.equal(row.points4, 10_000n);
  } finally {
    engine.close();
  }
});
