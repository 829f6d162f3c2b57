import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { findChineseFont } from '#report/index.ts';
import { addJob } from '#workflow/index.ts';
import { CALL_PATH, list4101A, message } from './support/hospital-service.ts';
import { addUser, ask, jobEnd, startService } from './support/service.ts';

const OWN = 'H99010100001';
const OTHER = 'H99010100002';

describe('what a hospital is shown of its own', () => {
  let service: Awaited<ReturnType<typeof startService>>;
  let own: string;
  let other: string;
  const post = (login: string, url: string, body: unknown) =>
    ask(service, login, {
      method: 'POST',
      url,
      body,
      headers: { 'idempotency-key': crypto.randomUUID() },
    });

  before(async () => {
    service = await startService();
    for (const role of ['clerk', 'reviewer', 'head', 'administrator'] as const) await addUser(service, role);
    own = await addUser(service, 'hospital', OWN);
    other = await addUser(service, 'hospital', OTHER);
    const { store, jobs } = service.services;
    const input = { areaId: 'demo', lists: 4000, settleYear: 2025 };
    await jobEnd(
      service,
      await addJob(store, { kind: 'demo-area', input, createdBy: 'clerk', language: 'zh' }).then((id) => {
        jobs.wake();
        return id;
      }),
    );
    assert.equal((await jobEnd(service, 2)).state, 'done');
  });
  after(() => service?.close());

  const statement = (login: string, query: string, code = OWN) =>
    ask(service, login, { url: `/api/runs/1/institutions/${code}/statement?${query}` });

  test('a statement is the agency’s at once and the hospital’s when the month is published', async () => {
    const [line] = await (await service.services.runTables.of(1)).rows(
      `SELECT sum(paid_fen)::BIGINT AS paid FROM month_result WHERE month = '2025-02' AND fixmedins_code = '${OWN}'`,
    );
    const xlsx = await statement('clerk', 'period=2025-02&format=xlsx');
    assert.equal(xlsx.statusCode, 200, xlsx.body);
    assert.equal(xlsx.rawPayload.subarray(0, 2).toString(), 'PK');
    assert.equal((await statement(own, 'period=2025-02&format=xlsx')).statusCode, 409);
    assert.equal((await statement(other, 'period=2025-02&format=xlsx')).statusCode, 403);
    assert.equal((await statement('clerk', 'period=2024-02&format=xlsx')).statusCode, 404);

    const opened = await post('clerk', '/api/approvals', { kind: 'month', runId: 1, month: '2025-02' });
    assert.equal(opened.statusCode, 201, opened.body);
    const { id } = opened.json().approval;
    const waiting = async (login: string) =>
      (await ask(service, login, { url: '/api/open-work' })).json().approvals;
    assert.deepEqual(await waiting('reviewer'), [{ kind: 'month', state: 'prepared', count: 1 }]);
    assert.deepEqual(await waiting('clerk'), []);
    for (const [login, action] of [
      ['reviewer', 'check'],
      ['head', 'approve'],
      ['clerk', 'publish'],
    ] as const) {
      assert.equal((await post(login, `/api/approvals/${id}/steps`, { action })).statusCode, 200);
    }
    const published = await statement(own, 'period=2025-02&format=xlsx');
    assert.equal(published.statusCode, 200, published.body);
    assert.equal((await statement(own, 'period=clearing&format=xlsx')).statusCode, 409);
    assert.ok(Number(line!.paid) > 0);
  });

  test('a statement on paper needs a Chinese font and is the same file each time', async () => {
    assert.throws(() => findChineseFont([], {}), /statement\.no-font/);
    let font: ReturnType<typeof findChineseFont>;
    try {
      font = findChineseFont();
    } catch {
      const refused = await statement('clerk', 'period=clearing&format=pdf');
      assert.equal(refused.json().code, 'statement.no-font');
      return;
    }
    assert.ok(font.file);
    const [first, second] = [
      await statement('clerk', 'period=clearing&format=pdf'),
      await statement('clerk', 'period=clearing&format=pdf'),
    ];
    assert.equal(first.statusCode, 200, first.body);
    assert.equal(first.rawPayload.subarray(0, 5).toString(), '%PDF-');
    assert.ok(first.rawPayload.equals(second.rawPayload));
  });

  test('a case is previewed for the own institution alone, and codes are found by pinyin', async () => {
    const found = await ask(service, own, { url: '/api/runs/1/codes?kind=diagnosis&text=jxlwy' });
    assert.ok(
      found.json().rows.some(({ code }: { code: string }) => code === 'K35.800'),
      found.body,
    );
    const body = { diagnoses: ['K35.800'], procedures: ['47.0100'], costFen: 900_000, insutype: '390' };
    const preview = await post(own, '/api/runs/1/preview', body);
    assert.equal(preview.statusCode, 200, preview.body);
    const [chosen] = preview.json().candidates;
    assert.equal(chosen.state, 'chosen');
    assert.match(chosen.amount, /^\d+\.\d\d$/);
    const elsewhere = await post(own, '/api/runs/1/preview', { ...body, fixmedinsCode: OTHER });
    assert.equal(elsewhere.statusCode, 403);
    assert.equal((await post(own, '/api/runs/1/preview', { ...body, diagnoses: [] })).statusCode, 400);
  });

  test('an uploaded list is shown in full with its findings, persons masked until a reason is given', async () => {
    const sent = await service.server.inject({
      method: 'POST',
      url: CALL_PATH,
      payload: JSON.stringify(
        message('4101A', list4101A('portal-1'), { fixmedins_code: OWN, mdtrtarea_admvs: '990100' }),
      ),
      headers: { 'content-type': 'text/plain' },
    });
    assert.equal(sent.json().infcode, 0, sent.body);
    const page = await ask(service, own, { url: '/api/uploaded-lists?setl_id=portal-1' });
    assert.equal(page.json().total, 1, page.body);
    assert.equal((await ask(service, other, { url: '/api/uploaded-lists' })).json().total, 0);
    const id = page.json().rows[0].setl_list_id;
    assert.equal((await ask(service, other, { url: `/api/uploaded-lists/${id}` })).statusCode, 404);
    const detail = (await ask(service, 'clerk', { url: `/api/uploaded-lists/${id}` })).json();
    const shown = JSON.stringify(detail.nodes);
    const { psn_no: person, medcasno } = list4101A('portal-1').setlinfo;
    for (const text of [person, medcasno]) assert.ok(!shown.includes(text), shown);
    assert.match(shown, /肺炎/);
    assert.ok(detail.nodes.length > 1);
    const url = `/api/uploaded-lists/${id}/reveal`;
    assert.equal((await post('clerk', url, { reason: '' })).statusCode, 400);
    const revealed = await post('clerk', url, { reason: '核对身份' });
    assert.ok(JSON.stringify(revealed.json().nodes).includes(person));
    await wait(600);
    const audit = await ask(service, 'administrator', { url: '/api/audit?size=50' });
    assert.match(audit.body, /核对身份/);
  });

  test('the agency approves a submitted list, which is final, and rejects another with the reason', async () => {
    const { store } = service.services;
    await sql`UPDATE interface_area SET is_returned_rejected = false, may_withdraw_submitted = true`.execute(
      store,
    );
    const call = async (infno: string, input: unknown) => {
      const header = { fixmedins_code: OWN, mdtrtarea_admvs: '990100' };
      const sent = await service.server.inject({
        method: 'POST',
        url: CALL_PATH,
        payload: JSON.stringify(message(infno, input, header)),
        headers: { 'content-type': 'text/plain' },
      });
      return sent.json();
    };
    const submit = (setlId: string, state: string) =>
      call('4102', {
        data: { psn_no: list4101A(setlId).setlinfo.psn_no, setl_id: setlId, stas_type: state },
      });
    const decide = async (setlId: string, body: object, login = 'clerk') => {
      const { rows } = (await ask(service, login, { url: `/api/uploaded-lists?setl_id=${setlId}` })).json();
      return post(login, `/api/uploaded-lists/${rows[0].setl_list_id}/decision`, body);
    };
    const states = async () =>
      (await ask(service, 'clerk', { url: '/api/uploaded-lists?sort=setl_id' }))
        .json()
        .rows.map((row: { setl_id: string; state: number }) => [row.setl_id, row.state]);
    for (const setlId of ['portal-2', 'portal-3']) {
      assert.equal((await call('4101A', list4101A(setlId))).infcode, 0);
    }
    assert.equal(
      (await decide('portal-2', { decision: 'approve' })).json().code,
      'interface.list-not-submitted',
    );
    for (const setlId of ['portal-2', 'portal-3']) assert.equal((await submit(setlId, '1')).infcode, 0);
    // before quality control has said anything, a list can be rejected and not approved
    await sql`UPDATE interface_list_result SET state = 'waiting'`.execute(store);
    const early = await decide('portal-2', { decision: 'approve' });
    assert.ok(
      ['interface.list-not-assessed', 'interface.list-to-be-returned'].includes(early.json().code),
      early.body,
    );
    assert.equal((await decide('portal-3', { decision: 'reject' })).statusCode, 400);
    assert.equal(
      (await decide('portal-3', { decision: 'reject', reason: '费用与明细不符' })).statusCode,
      200,
    );
    for (let tries = 0; tries < 200; tries++) {
      const { rows } = await sql<{ state: string }>`SELECT r.state FROM interface_list_result AS r
        JOIN interface_list AS l ON l.setl_list_id = r.setl_list_id WHERE l.setl_id = 'portal-2'`.execute(
        store,
      );
      if (rows[0]!.state === 'done') break;
      await wait(200);
    }
    const returned = (flag: string) =>
      sql`UPDATE interface_list_result SET quality = quality || jsonb_build_object('returned', ${flag}::text)`.execute(
        store,
      );
    await returned('1');
    assert.equal(
      (await decide('portal-2', { decision: 'approve' })).json().code,
      'interface.list-to-be-returned',
    );
    await returned('0');
    assert.equal((await decide('portal-2', { decision: 'approve' }, own)).statusCode, 403);
    const approved = await decide('portal-2', { decision: 'approve' });
    assert.deepEqual(approved.json(), { state: 2 }, approved.body);
    assert.deepEqual(await states(), [
      ['portal-1', 0],
      ['portal-2', 2],
      ['portal-3', 3],
    ]);
    // final: neither taken back nor sent again nor decided otherwise
    assert.equal((await submit('portal-2', '0')).infcode, -1);
    assert.equal((await call('4101A', list4101A('portal-2', { age: '61' }))).infcode, -1);
    assert.equal((await decide('portal-2', { decision: 'reject', reason: '重议' })).statusCode, 409);
    // what was rejected comes again, and the institution reads why
    assert.equal((await call('4101A', list4101A('portal-3', { age: '61' }))).infcode, 0);
    assert.equal((await submit('portal-3', '1')).infcode, 0);
    const [{ setl_list_id }] = (
      await ask(service, own, { url: '/api/uploaded-lists?setl_id=portal-3' })
    ).json().rows;
    const seen = await ask(service, own, { url: `/api/uploaded-lists/${setl_list_id}` });
    assert.match(JSON.stringify(seen.json().changes), /费用与明细不符/);
  });
});
