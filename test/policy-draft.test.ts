import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import type { Service } from '#api/index.ts';
import { addJob } from '#workflow/index.ts';
import { addUser, ask, jobEnd, startService } from './support/service.ts';

const APPLICANT = 'H99010100001';

describe('what is decided in the service changes the next settlement, and only that', () => {
  let service: Service & { readonly dataFolder: string };
  const post = async (login: string, url: string, body: unknown) => {
    const answer = await ask(service, login, {
      method: 'POST',
      url,
      body,
      headers: { 'idempotency-key': crypto.randomUUID() },
    });
    return { status: answer.statusCode, body: answer.json() };
  };
  const step = (login: string, id: string, action: string, more: object = {}) =>
    post(login, `/api/approvals/${id}/steps`, { action, ...more });
  const results = async (runId: number) => {
    const engine = await service.services.runTables.of(runId);
    return engine.rows(
      `SELECT fixmedins_code, sum(result_fen)::BIGINT AS result_fen FROM clearing_result GROUP BY ALL ORDER BY 1`,
    );
  };
  const settle = async (): Promise<number> => {
    const started = await post('clerk', '/api/runs', { areaId: 'demo', year: 2025 });
    assert.equal(started.status, 202);
    assert.equal((await jobEnd(service, started.body.jobId)).state, 'done');
    return started.body.runId;
  };
  const file = (name: string) => join(service.dataFolder, 'areas', 'demo', name);
  let run: number;

  before(async () => {
    service = await startService();
    for (const role of ['clerk', 'reviewer', 'head', 'expert'] as const) await addUser(service, role);
    await addUser(service, 'hospital', APPLICANT);
    await addUser(service, 'expert', APPLICANT);
    await addUser(service, 'expert', 'H99010100002');
    await addUser(service, 'expert', 'H99010100003');
    for (const code of ['H99010100004', 'H99010100005', 'H99010100006'])
      await addUser(service, 'expert', code);
    const { store, jobs } = service.services;
    const input = { areaId: 'demo', lists: 4000 };
    const job = await addJob(store, { kind: 'demo-area', input, createdBy: 'clerk', language: 'zh' });
    jobs.wake();
    assert.equal((await jobEnd(service, job)).state, 'done');
    run = await settle();
  });
  after(() => service?.close());

  test('a draft simulated and published changes the next run by exactly what the simulation said', async () => {
    const set = { 'deviation.high_ratio': '2.5' };
    const simulated = await post('clerk', `/api/runs/${run}/simulations`, {
      scenarios: [{ name: 'draft', set }],
    });
    assert.equal(simulated.status, 200, JSON.stringify(simulated.body));
    const side = simulated.body.result.scenarios[1];
    const draft = {
      kind: 'policy',
      areaId: 'demo',
      year: 2025,
      sets: [{ parameter: 'deviation.high_ratio', value: '2.5' }],
      document: '云岭市医保局关于调整高倍率界限的通知',
      article: '第一条',
      effectiveFrom: '2025-01-01',
    };
    const refused = await post('clerk', '/api/approvals', {
      ...draft,
      sets: [
        { parameter: 'deviation.high_ratoi', value: '2.5' },
        { parameter: 'deviation.high_ratio', value: '0.5' },
      ],
      effectiveFrom: '2025-02-01',
    });
    assert.equal(refused.status, 422, JSON.stringify(refused.body));
    assert.equal(refused.body.problems.length, 3);

    const before = await results(run);
    const opened = await post('clerk', '/api/approvals', draft);
    assert.equal(opened.status, 201, JSON.stringify(opened.body));
    const { id } = opened.body.approval;
    assert.deepEqual(opened.body.content.changes, [
      { parameter: 'deviation.high_ratio', unit: 'ratio', before: '2', after: '2.5' },
    ]);
    assert.equal((await step('clerk', id, 'check')).status, 409);
    assert.equal((await step('reviewer', id, 'check', { content: draft })).status, 409);
    assert.equal((await step('reviewer', id, 'check')).status, 200);
    assert.doesNotMatch(readFileSync(file('area.yaml'), 'utf8'), /high_ratio/);
    assert.equal((await step('head', id, 'publish')).status, 200);
    const written = readFileSync(file('area.yaml'), 'utf8');
    assert.match(written, /^# 演示统筹地区/);
    assert.match(written, /云岭市医保局关于调整高倍率界限的通知/);
    assert.deepEqual(await results(run), before);

    const next = await settle();
    const after = await results(next);
    assert.notDeepEqual(after, before);
    assert.deepEqual(
      after.map((row) => [row.fixmedins_code, Number(row.result_fen)]),
      side.institutions.map((row: { fixmedins_code: string; result_fen: number }) => [
        row.fixmedins_code,
        row.result_fen,
      ]),
    );
    const engine = await service.services.runTables.of(next);
    const points8 = await engine.rows('SELECT sum(points4)::BIGINT AS points4 FROM clearing_result');
    assert.equal(
      Number(points8[0]!.points4),
      side.schemes.reduce((all: number, row: { points4: number }) => all + row.points4, 0),
    );
    run = next;
  });

  test('a draft that was sent back is corrected, checked anew and published as corrected', async () => {
    const draft = {
      areaId: 'demo',
      year: 2025,
      sets: [{ parameter: 'deviation.low_ratio', value: '0.6' }],
      document: '关于调整低倍率界限的通知',
      article: '第一条',
      effectiveFrom: '2025-01-01',
    };
    const opened = await post('clerk', '/api/approvals', { kind: 'policy', ...draft });
    assert.equal(opened.status, 201, JSON.stringify(opened.body));
    const { id } = opened.body.approval;
    assert.equal((await step('reviewer', id, 'return', { reason: '界限过宽' })).status, 200);
    const corrected = { ...draft, sets: [{ parameter: 'deviation.low_ratio', value: '0.45' }] };
    for (const content of [
      { ...corrected, year: 2026 },
      { ...corrected, areaId: 'other' },
    ]) {
      const refused = await step('clerk', id, 'prepare', { content });
      assert.equal(refused.body.code, 'api.other-draft', JSON.stringify(refused.body));
    }
    const again = await step('clerk', id, 'prepare', { content: corrected });
    assert.equal(again.status, 200, JSON.stringify(again.body));
    assert.deepEqual(again.body.content.changes, [
      { parameter: 'deviation.low_ratio', unit: 'ratio', before: '0.5', after: '0.45' },
    ]);
    assert.equal((await step('reviewer', id, 'check')).status, 200);
    assert.equal((await step('head', id, 'publish')).status, 200);
    const written = readFileSync(file('area.yaml'), 'utf8');
    assert.match(written, /0\.45/);
    assert.doesNotMatch(written, /0\.6\b/);
  });

  test('a special case is judged by an odd panel without those who work there, and its decision is paid', async () => {
    const engine = await service.services.runTables.of(run);
    const [one] = await engine.rows(
      `SELECT setl_id FROM case_result WHERE fixmedins_code = '${APPLICANT}' AND deviation = 'high' ORDER BY setl_id LIMIT 1`,
    );
    const setlId = String(one!.setl_id);
    const applied = await post(`hospital-${APPLICANT.toLowerCase()}`, '/api/approvals', {
      kind: 'special_case',
      runId: run,
      setlId,
      reason: '多学科联合诊疗',
      evidence: ['病程记录'],
    });
    assert.equal(applied.status, 201, JSON.stringify(applied.body));
    const { id } = applied.body.approval;
    const others = ['expert-h99010100002', 'expert-h99010100003'];
    const own = `expert-${APPLICANT.toLowerCase()}`;
    for (const experts of [others, ['expert', ...others, own, 'clerk'], ['expert', own, others[0]]]) {
      const refused = await step('clerk', id, 'assign', { content: { experts } });
      assert.ok(refused.status === 409 || refused.status === 422, JSON.stringify(refused.body));
    }
    const panel = ['expert', ...others];
    const assigned = await step('clerk', id, 'assign', { content: { experts: panel } });
    assert.equal(assigned.status, 200, JSON.stringify(assigned.body));
    assert.equal((await step('reviewer', id, 'decide', { reason: '按多数' })).status, 409);
    const opinion = (login: string, body: object) =>
      post(login, `/api/approvals/${id}/opinion`, { reason: '情况属实', ...body });
    assert.equal((await opinion(own, { vote: 'pass', grant: 'cost' })).status, 409);
    assert.equal((await opinion(panel[0]!, { vote: 'pass', grant: 'amount' })).status, 422);
    for (const [login, body] of [
      [panel[0]!, { vote: 'pass', grant: 'points', points: '1234.5' }],
      [panel[1]!, { vote: 'reject' }],
      [panel[2]!, { vote: 'pass', grant: 'points', points: '1234.5' }],
    ] as const) {
      const said = await opinion(login, body);
      assert.equal(said.status, 200, JSON.stringify(said.body));
    }
    const decided = await step('reviewer', id, 'decide', { reason: '按多数' });
    assert.equal(decided.status, 200, JSON.stringify(decided.body));
    assert.deepEqual(decided.body.content.decision, {
      decision: 'points',
      amount: '',
      points: '1234.5000',
      votesFor: 2,
      votesAgainst: 1,
      abstained: 0,
    });
    const seen = await ask(service, `hospital-${APPLICANT.toLowerCase()}`, { url: `/api/approvals/${id}` });
    assert.deepEqual(Object.keys(seen.json().content).sort(), [
      'evidence',
      'facts',
      'reason',
      'runId',
      'setlId',
    ]);
    assert.equal((await step('head', id, 'confirm')).status, 200);
    assert.equal(existsSync(file('special_cases.csv')), false);
    assert.equal((await step('clerk', id, 'publish')).status, 200);
    assert.equal(
      readFileSync(file('special_cases.csv'), 'utf8'),
      `setl_id,decision,amount,points,reason\n${setlId},points,,1234.5000,多学科联合诊疗\n`,
    );
    const next = await settle();
    const [paid] = await (await service.services.runTables.of(next)).rows(
      `SELECT points4 FROM case_result WHERE setl_id = '${setlId}'`,
    );
    assert.equal(paid!.points4, 12_345_000n);
    run = next;

    // the hospital disputes it: other experts judge, and their decision takes the place of the first once it is published
    const hospital = `hospital-${APPLICANT.toLowerCase()}`;
    assert.equal((await step(hospital, id, 'appeal')).status, 422);
    const { store } = service.services;
    const days = (count: number) =>
      sql`ALTER TABLE approval_step DISABLE TRIGGER USER`
        .execute(store)
        .then(() =>
          sql`UPDATE approval_step SET at = now() - make_interval(days => ${sql.lit(count)})
            WHERE approval_id = ${id} AND action = 'publish'`.execute(store),
        )
        .then(() => sql`ALTER TABLE approval_step ENABLE TRIGGER USER`.execute(store));
    await days(61);
    const late = await step(hospital, id, 'appeal', { reason: '调整分值过低' });
    assert.equal(late.body.code, 'special-case.appeal-too-late', JSON.stringify(late.body));
    await days(1);
    assert.equal((await step(hospital, id, 'appeal', { reason: '调整分值过低' })).status, 200);
    const second = ['expert-h99010100004', 'expert-h99010100005', 'expert-h99010100006'];
    for (const [experts, code] of [
      [[panel[0]!, ...second.slice(0, 2)], 'special-case.first-panel'],
      [second.slice(0, 2), 'special-case.even-panel'],
      [[own, ...second.slice(0, 2)], 'special-case.own-institution'],
    ] as const) {
      const refused = await step('clerk', id, 'assign-appeal', { content: { experts } });
      assert.equal(refused.body.code, code, JSON.stringify(refused.body));
    }
    const again = await step('clerk', id, 'assign-appeal', { content: { experts: second } });
    assert.equal(again.status, 200, JSON.stringify(again.body));
    assert.equal((await opinion(panel[0]!, { vote: 'reject' })).status, 409);
    for (const [login, points] of [
      [second[0]!, '2000'],
      [second[1]!, '2000'],
      [second[2]!, '1500'],
    ] as const) {
      assert.equal((await opinion(login, { vote: 'pass', grant: 'points', points })).status, 200);
    }
    // each judges alone: neither the other opinions nor those of the first panel are shown
    const alone = (await ask(service, second[2]!, { url: `/api/approvals/${id}` })).json().content;
    assert.deepEqual(alone.opinions, []);
    assert.equal(alone.appeal.opinions.length, 1);
    assert.equal((await step('reviewer', id, 'decide-appeal', { reason: '按多数' })).status, 200);
    const untold = (await ask(service, hospital, { url: `/api/approvals/${id}` })).json().content;
    assert.equal(untold.decision.points, '1234.5000');
    assert.equal(untold.appeal, undefined);
    assert.equal((await step('reviewer', id, 'confirm-appeal')).status, 409);
    assert.equal((await step('head', id, 'confirm-appeal')).status, 200);
    assert.match(readFileSync(file('special_cases.csv'), 'utf8'), /1234\.5000/);
    assert.equal((await step('clerk', id, 'publish-appeal')).status, 200);
    assert.equal(
      readFileSync(file('special_cases.csv'), 'utf8'),
      `setl_id,decision,amount,points,reason\n${setlId},points,,2000.0000,多学科联合诊疗\n`,
    );
    const told = (await ask(service, hospital, { url: `/api/approvals/${id}` })).json().content;
    assert.equal(told.appeal.decision.points, '2000.0000');
    assert.equal(told.appeal.experts, undefined);
    // and that is the last word
    assert.equal((await step(hospital, id, 'appeal', { reason: '再议' })).status, 409);
  });

  test('a month that was sent back is prepared anew from the newer run, and from nothing else', async () => {
    const opened = await post('clerk', '/api/approvals', { kind: 'month', runId: 1, month: '2025-03' });
    assert.equal(opened.status, 201, JSON.stringify(opened.body));
    const { id } = opened.body.approval;
    const back = await step('reviewer', id, 'return', { reason: '政策已变' });
    assert.equal(back.status, 200, JSON.stringify(back.body));
    for (const content of [{}, { runId: 'x' }]) {
      assert.equal((await step('clerk', id, 'prepare', { content })).status, 400);
    }
    assert.equal((await step('clerk', id, 'prepare', { content: { runId: 999 } })).status, 404);
    const again = await step('clerk', id, 'prepare', { content: { runId: run } });
    assert.equal(again.status, 200, JSON.stringify(again.body));
    assert.equal(again.body.content.runId, run);
    assert.notEqual(again.body.content.sm3, opened.body.content.sm3);
    for (const [login, action, reason] of [
      ['reviewer', 'check', undefined],
      ['head', 'approve', undefined],
      ['head', 'publish', undefined],
      ['head', 'reverse', '漏单'],
    ] as const) {
      assert.equal((await step(login, id, action, { reason })).status, 200);
    }
    assert.equal((await step('clerk', id, 'prepare')).status, 409);
    const same = await post('clerk', '/api/approvals', { kind: 'month', runId: run, month: '2025-03' });
    assert.equal(same.body.code, 'approval.new-run-needed');
  });
});
