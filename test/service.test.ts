import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import readXlsx from 'read-excel-file/node';
import { addUser, ask, jobEnd, publishPeriod, startService } from './support/service.ts';

const A = 'H99010100001';
const B = 'H99010100002';

describe('the service on the demo area', () => {
  let service: Awaited<ReturnType<typeof startService>>;
  let clerk: string;
  let hospital: string;
  const get = async (login: string, url: string) => {
    const answer = await ask(service, login, { url });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  };
  before(async () => {
    service = await startService();
    clerk = await addUser(service, 'clerk');
    for (const role of ['reviewer', 'head'] as const) await addUser(service, role);
    hospital = await addUser(service, 'hospital', A);
    const demo = { method: 'POST', url: '/api/areas/demo', body: { areaId: 'demo', lists: 20_000 } };
    const area = await ask(service, clerk, demo);
    assert.equal(area.statusCode, 202, area.body);
    assert.equal((await jobEnd(service, area.json().jobId)).state, 'done');
  });
  after(() => service.close());

  test('settles a year once, however often the request is sent', async () => {
    const request = {
      method: 'POST',
      url: '/api/runs',
      body: { areaId: 'demo', year: 2025 },
      headers: { 'idempotency-key': 'first' },
    };
    const first = await ask(service, clerk, request);
    const again = await ask(service, clerk, request);
    assert.deepEqual(again.json(), first.json());
    assert.equal(again.headers['idempotency-replayed'], 'true');
    const other = await ask(service, clerk, { ...request, body: { areaId: 'demo', year: 2024 } });
    assert.equal(other.statusCode, 422);
    const job = await jobEnd(service, first.json().jobId);
    assert.equal(job.state, 'done', JSON.stringify(job.problems));
    assert.equal((await get(clerk, '/api/runs')).total, 1);
  });

  test('pages, sorts, filters and exports the lists of the run', async () => {
    const all = await get(clerk, '/api/runs/1/cases?size=3&sort=-cost_fen');
    assert.equal(all.rows.length, 3);
    assert.ok(all.rows[0].cost_fen >= all.rows[1].cost_fen);
    const own = await get(clerk, `/api/runs/1/cases?fixmedins_code=${A}`);
    assert.ok(own.total > 0 && own.total < all.total);
    const csv = await ask(service, clerk, { url: `/api/runs/1/cases?fixmedins_code=${A}&format=csv` });
    assert.equal(csv.body.trimEnd().split('\n').length, own.total + 1);
    const xlsx = await ask(service, clerk, { url: '/api/runs/1/months?format=xlsx' });
    assert.equal(xlsx.rawPayload.subarray(0, 2).toString(), 'PK');
    const wrong = await ask(service, clerk, { url: '/api/runs/1/cases?sort=nothing' });
    assert.equal(wrong.statusCode, 400);
  });

  test('explains a case in the language of the caller', async () => {
    const { rows } = await get(clerk, '/api/runs/1/cases?size=1&kind=core');
    const url = `/api/runs/1/cases/${rows[0].setl_id}/explanation`;
    const { explanation, text } = await get(clerk, url);
    assert.equal(explanation.list.setl_id, rows[0].setl_id);
    assert.match(text, /病种/);
  });

  test('masks who a person is, and shows it for a reason that is logged', async () => {
    const { rows } = await get(clerk, `/api/runs/1/cases?size=1&fixmedins_code=${A}`);
    const url = `/api/runs/1/cases/${rows[0].setl_id}/list`;
    const { list, masked } = await get(clerk, url);
    assert.equal(list.setl_id, rows[0].setl_id);
    const reveal = (login: string, reason: string) =>
      ask(service, login, { method: 'POST', url: `${url}/reveal`, body: { reason } });
    assert.equal((await reveal(clerk, ' ')).statusCode, 400);
    const shown = await reveal(hospital, '患者来电核对');
    assert.equal(shown.statusCode, 200, shown.body);
    for (const field of masked) assert.notEqual(shown.json().list[field], list[field]);
    const log = await get('head', '/api/audit?action=case.reveal');
    assert.match(log.rows[0].detail, /患者来电核对/);
    assert.equal(log.rows[0].login, hospital);
    const other = await get(clerk, `/api/runs/1/cases?size=1&fixmedins_code=${B}`);
    const foreign = `/api/runs/1/cases/${other.rows[0].setl_id}/list`;
    assert.equal((await ask(service, hospital, { url: foreign })).statusCode, 404);
  });

  test('simulates scenarios beside the year as it is, and keeps one on request', async () => {
    const body = {
      scenarios: [
        { name: '预算', set: { 'budget.resident': '+3%' } },
        { name: '高倍率', set: { 'deviation.high_ratio': '2.5' } },
      ],
      keepAs: '两个方案',
    };
    const url = '/api/runs/1/simulations';
    const answer = await ask(service, clerk, { method: 'POST', url, body });
    assert.equal(answer.statusCode, 200, answer.body.slice(0, 2_000));
    const { id, result } = answer.json();
    assert.deepEqual(
      result.scenarios.map((one: { scenario: string; hypothetical: boolean }) => [
        one.scenario,
        one.hypothetical,
      ]),
      [
        ['base', false],
        ['预算', true],
        ['高倍率', true],
      ],
    );
    const kept = await get(clerk, `${url}/${id}`);
    assert.deepEqual(kept.result, result);
    assert.equal((await get(clerk, url)).total, 1);
    const wrong = { scenarios: [{ name: 'x', set: { 'no.such': '1' } }] };
    const refused = await ask(service, clerk, { method: 'POST', url, body: wrong });
    assert.ok([400, 422].includes(refused.statusCode), refused.body);
    assert.match(refused.body, /no\.such/);
  });

  test('gives a simulation as the files of the command, and lets only who kept it delete it', async () => {
    const url = '/api/runs/1/simulations';
    const scenarios = [{ name: '预算', set: { 'budget.resident': '+3%' } }];
    const file = (name: string) =>
      ask(service, clerk, {
        url: `${url}/file?file=${name}&scenarios=${encodeURIComponent(JSON.stringify(scenarios))}`,
      });
    const { result } = (await ask(service, clerk, { method: 'POST', url, body: { scenarios } })).json();
    const workbook = await file('simulation.xlsx');
    assert.equal(workbook.statusCode, 200, workbook.body.slice(0, 2_000));
    const sheets = await readXlsx(workbook.rawPayload);
    assert.deepEqual(
      sheets.map(({ sheet }) => sheet.split(' ')[0]),
      ['汇总', '改变', '点值', '月点值', '机构', '病种'],
    );
    const institutions = (await file('institutions.csv')).body.trimEnd().split('\n');
    assert.equal(institutions.length - 1, result.scenarios[1].clearing.length);
    assert.match((await file('simulation.html')).body, /^<!doctype html>/i);
    assert.equal((await file('area.yaml')).statusCode, 400);
    const broken = await ask(service, clerk, { url: `${url}/file?file=months.csv&scenarios=[` });
    assert.equal(broken.statusCode, 400);

    const bureau = await addUser(service, 'bureau');
    const body = { scenarios, keepAs: '预算建议' };
    const { id } = (await ask(service, clerk, { method: 'POST', url, body })).json();
    const kept = (await get(bureau, `${url}?title=建议`)).rows;
    assert.deepEqual(
      kept.map(({ title, scenarios: text }: { title: string; scenarios: string }) => [
        title,
        JSON.parse(text),
      ]),
      [['预算建议', scenarios]],
    );
    const remove = (login: string) => ask(service, login, { method: 'DELETE', url: `${url}/${id}` });
    assert.equal((await remove(bureau)).statusCode, 403);
    assert.equal((await remove(clerk)).statusCode, 200);
    assert.equal((await remove(clerk)).statusCode, 404);
    assert.equal((await get(bureau, `${url}?title=建议`)).total, 0);
  });

  test('shows a hospital its own institution and nothing of another', async () => {
    for (const period of ['2025-01', 'clearing']) await publishPeriod(service, 1, period);
    for (const list of ['institutions', 'months', 'cases']) {
      const { rows, total } = await get(hospital, `/api/runs/1/${list}?size=500`);
      assert.ok(total > 0);
      for (const row of rows) assert.equal(row.fixmedins_code, A);
      assert.equal((await get(hospital, `/api/runs/1/${list}?fixmedins_code=${B}`)).total, 0);
      const csv = await ask(service, hospital, { url: `/api/runs/1/${list}?format=csv` });
      assert.doesNotMatch(csv.body, new RegExp(B));
    }
    const { rows } = await get(clerk, `/api/runs/1/cases?size=1&fixmedins_code=${B}`);
    const url = `/api/runs/1/cases/${rows[0].setl_id}/explanation`;
    assert.equal((await ask(service, hospital, { url })).statusCode, 404);
    assert.equal((await ask(service, hospital, { url: `/api/runs/1/institutions/${B}` })).statusCode, 403);
    const log = await get('head', `/api/audit?login=${hospital}&outcome=refused&size=2`);
    assert.deepEqual(
      log.rows.map((row: { subject: string }) => row.subject),
      [`GET /api/runs/1/institutions/${B}`, `GET ${url}`],
    );
  });

  test('names what is wrong with a job that failed', async () => {
    const started = await ask(service, clerk, {
      method: 'POST',
      url: '/api/runs',
      body: { areaId: 'demo', year: 1999 },
    });
    const { jobId } = started.json();
    await jobEnd(service, jobId);
    const job = await get(clerk, `/api/jobs/${jobId}`);
    assert.equal(job.state, 'failed');
    assert.match(job.problems[0].text, /budget\.csv/);
    const retried = await ask(service, clerk, { method: 'POST', url: `/api/jobs/${jobId}/retry` });
    assert.equal(retried.json().attempt, 2);
    await jobEnd(service, jobId);
  });

  test('cancels a job that runs', async () => {
    const demo = { method: 'POST', url: '/api/areas/demo', body: { areaId: 'large', lists: 2_000_000 } };
    const { jobId } = (await ask(service, clerk, demo)).json();
    const answer = await ask(service, clerk, { method: 'POST', url: `/api/jobs/${jobId}/cancel` });
    assert.equal(answer.json().state, 'cancelled');
    assert.equal((await jobEnd(service, jobId)).state, 'cancelled');
  });
});
