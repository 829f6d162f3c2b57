import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ROUTES } from '#api/routes/index.ts';
import { readPermissions } from '#identity/index.ts';
import { scaledText } from '#kernel/fraction.ts';
import { yuanText } from '#kernel/money.ts';
import { addJob, TRANSITIONS } from '#workflow/index.ts';
import { addUser, ask, jobEnd, publishPeriod, startService } from './support/service.ts';

const OWN = 'H99010100001';
const OTHER = 'H99010100002';
const MONTH = '2025-02';

describe('what a hospital sees of a month and of the clearing before they are published', () => {
  let service: Awaited<ReturnType<typeof startService>>;
  let own: string;
  let setlId: string;
  let groupCode: string;
  /** figures that tell what a period comes to, as they may stand in an answer */
  const secrets = new Map<string, ReadonlySet<string>>();

  const get = async (login: string, url: string) => {
    const answer = await ask(service, login, { url });
    assert.ok(answer.statusCode < 500, `${url} ${answer.body}`);
    return answer;
  };
  const rowsOf = async (login: string, url: string) => {
    const answer = await get(login, url);
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json().rows as Record<string, unknown>[];
  };
  const post = async (login: string, url: string, body: unknown) => {
    const answer = await ask(service, login, { method: 'POST', url, body });
    assert.ok([200, 201].includes(answer.statusCode), answer.body);
    return answer.json();
  };
  const settled = async (input: object) => {
    const { store, jobs } = service.services;
    const id = await addJob(store, {
      kind: 'demo-area',
      input: { ...input },
      createdBy: 'clerk',
      language: 'zh',
    });
    jobs.wake();
    assert.equal((await jobEnd(service, id)).state, 'done');
    assert.equal((await jobEnd(service, id + 1)).state, 'done');
  };

  before(async () => {
    service = await startService();
    for (const role of ['clerk', 'reviewer', 'head'] as const) await addUser(service, role);
    own = await addUser(service, 'hospital', OWN);
    await settled({ areaId: 'demo', lists: 4000, settleYear: 2025 });
    const engine = await service.services.runTables.of(1);
    const [one] = await engine.rows(
      `SELECT setl_id, group_code FROM case_result
       WHERE fixmedins_code = '${OWN}' AND month = '${MONTH}' AND deviation = 'normal' ORDER BY setl_id LIMIT 1`,
    );
    setlId = String(one!.setl_id);
    groupCode = String(one!.group_code);
    const spelt = (column: string, value: unknown): readonly string[] => {
      const integer = BigInt(value as bigint);
      const text = column.endsWith('8')
        ? scaledText(integer, 8)
        : column.endsWith('4')
          ? scaledText(integer, 4)
          : yuanText(integer);
      // a short figure may be anything
      return integer > 99_999n ? [String(integer), text] : [];
    };
    // a sum over one case is that case's figure, which its hospital knows
    const ofCases = new Set(
      (
        await engine.rows(
          `SELECT cost_fen AS value FROM case_result UNION SELECT fund_fen FROM case_result
           UNION SELECT points4 FROM case_result`,
        )
      ).map(({ value }) => value),
    );
    const ofGroups = new Set(
      (
        await engine.rows(
          'SELECT cost_fen AS value FROM group_summary UNION SELECT mean_cost_fen FROM group_summary UNION SELECT points4 FROM group_summary',
        )
      ).map(({ value }) => value),
    );
    const gather = async (period: string, sql: string) => {
      const found = (await engine.rows(sql)).flatMap((row) =>
        Object.entries(row).flatMap(([column, value]) =>
          value === null || ofCases.has(value) || (period !== 'clearing' && ofGroups.has(value))
            ? []
            : spelt(column, value),
        ),
      );
      secrets.set(period, new Set([...(secrets.get(period) ?? []), ...found]));
    };
    for (const { month } of await engine.rows('SELECT DISTINCT month FROM month_result')) {
      await gather(
        String(month),
        `SELECT points4, base_fen, paid_fen FROM month_result WHERE fixmedins_code = '${OWN}' AND month = '${month}'`,
      );
    }
    await gather(
      'clearing',
      `SELECT points4, due_fen, assessed_fen, result_fen, monthly_paid_fen, clearing_cash_fen
       FROM clearing_result WHERE fixmedins_code = '${OWN}'`,
    );
    await gather('clearing', 'SELECT settlement_point_value8 FROM point_value_result');
    await gather('clearing', 'SELECT points4, cost_fen FROM group_summary WHERE points4 > 0');
    await gather(
      'other',
      `SELECT points4, base_fen, paid_fen FROM month_result WHERE fixmedins_code = '${OTHER}'`,
    );
    await gather(
      'other',
      `SELECT points4, due_fen, result_fen FROM clearing_result WHERE fixmedins_code = '${OTHER}'`,
    );
    assert.ok(secrets.size === 14 && [...secrets.values()].every((figures) => figures.size > 4));
  });
  after(() => service?.close());

  /** Everything that a hospital user can read, by every route and export that there is. */
  const everything = async (): Promise<Map<string, string>> => {
    const permissions = readPermissions();
    const told = new Map<string, string>();
    const read = async (url: string) => void told.set(url, (await get(own, url)).body);
    for (const { method, url, action } of ROUTES) {
      if (method !== 'GET' || !url.startsWith('/api/') || /oidc|events/.test(url)) continue;
      if (permissions.reach(action, 'hospital') === 'none') continue;
      const address = url
        .replace('/api/runs/:id', '/api/runs/1')
        .replace(':code', OWN)
        .replace(':setlId', setlId)
        .replace(':group', encodeURIComponent(groupCode));
      if (address.includes('/statement')) {
        for (const period of secrets.keys()) {
          if (period !== 'other') await read(`${address}?period=${period}&format=xlsx`);
        }
      } else if (address.endsWith('/codes')) await read(`${address}?kind=diagnosis&text=K35`);
      else if (!address.includes(':')) {
        await read(address);
        for (const query of ['?size=500', '?size=500&sort=-points4', '?format=csv'])
          await read(address + query);
      }
    }
    return told;
  };
  /** The figures of periods that stand in what was told, and where. */
  const figuresIn = (told: ReadonlyMap<string, string>): { period: string; place: string }[] =>
    [...told].flatMap(([url, body]) => {
      const numbers = new Set(body.match(/\d+(\.\d+)?/g));
      return [...secrets].flatMap(([period, figures]) =>
        [...figures.intersection(numbers)].map((figure) => ({ period, place: `${url} tells ${figure}` })),
      );
    });
  const knownPeriods = (told: ReadonlyMap<string, string>): string[] => [
    ...new Set(figuresIn(told).map(({ period }) => period)),
  ];

  test('no route and no export tells a figure of an unpublished period', async () => {
    const told = await everything();
    assert.ok(told.size > 40, String(told.size));
    assert.deepEqual(figuresIn(told), []);
    assert.equal(
      (await get(own, `/api/runs/1/institutions/${OWN}/statement?period=${MONTH}&format=xlsx`)).statusCode,
      409,
    );
  });

  test('cases are there with their groups, without points, and are explained as far as the group', async () => {
    const cases = await rowsOf(own, '/api/runs/1/cases?size=500');
    assert.ok(cases.length > 10);
    for (const row of cases) assert.equal(row.points4, null);
    assert.ok(cases.some((row) => row.group_code === groupCode));
    const { explanation, text } = (await get(own, `/api/runs/1/cases/${setlId}/explanation`)).json();
    assert.deepEqual(explanation.not_published, ['points', 'month', 'year']);
    for (const field of ['points', 'points_exact', 'ratio', 'month', 'clearing', 'scheme', 'budget']) {
      assert.equal(explanation[field], undefined, field);
    }
    assert.equal(text.match(/尚未公布/g)?.length, 3);
    assert.equal(explanation.group.group_code, groupCode);
    const steps = await rowsOf(own, '/api/runs/1/steps');
    assert.equal(steps.length, 13);
    for (const step of steps) {
      assert.deepEqual(
        [step.cases, step.points4, step.cost_fen, step.paid_fen, step.state],
        [null, null, null, null, null],
      );
    }
  });

  test('the agency sees all of it at once', async () => {
    const [month] = await rowsOf('clerk', `/api/runs/1/months?month=${MONTH}&fixmedins_code=${OWN}`);
    assert.ok(Number(month!.paid_fen) > 0);
    const { explanation } = (await get('clerk', `/api/runs/1/cases/${setlId}/explanation`)).json();
    assert.ok(explanation.points && explanation.clearing && explanation.not_published === undefined);
  });

  test('a published month is told, and none beside it', async () => {
    await publishPeriod(service, 1, MONTH);
    const told = await everything();
    assert.deepEqual(knownPeriods(told), [MONTH]);
    const months = await rowsOf(own, '/api/runs/1/months?size=500');
    assert.ok(months.length > 0 && months.every((row) => row.month === MONTH));
    const cases = await rowsOf(own, '/api/runs/1/cases?size=500');
    for (const row of cases) assert.equal(row.points4 !== null, row.month === MONTH, String(row.month));
    const { explanation } = (await get(own, `/api/runs/1/cases/${setlId}/explanation`)).json();
    assert.deepEqual(explanation.not_published, ['year']);
    assert.ok(explanation.points && explanation.month.paid);
  });

  test('an appeal tells the agency the points of the case and its hospital what is published', async () => {
    const open = (await rowsOf(own, '/api/runs/1/cases?size=500&month=2025-03'))[0]!;
    const made = await post(own, '/api/approvals', {
      kind: 'appeal',
      runId: 1,
      setlId: open.setl_id,
      reason: '病种有误',
    });
    assert.equal(made.content.facts.points4, null);
    assert.equal(made.content.facts.group_code, open.group_code);
    const seen = (await get('clerk', `/api/approvals/${made.approval.id}`)).json();
    assert.ok(seen.content.facts.points4 !== null);
    const foreign = (await rowsOf('clerk', `/api/runs/1/cases?fixmedins_code=${OTHER}&size=1`))[0]!;
    const refused = await ask(service, own, {
      method: 'POST',
      url: '/api/approvals',
      body: { kind: 'appeal', runId: 1, setlId: foreign.setl_id, reason: '病种有误' },
    });
    assert.equal(refused.statusCode, 404);
  });

  test('the published clearing is told, with its peers unnamed; an unpublished month still is not', async () => {
    await publishPeriod(service, 1, 'clearing');
    const told = await everything();
    assert.deepEqual(knownPeriods(told).toSorted(), [MONTH, 'clearing']);
    const detail = (await get(own, `/api/runs/1/institutions/${OWN}`)).json();
    assert.ok(detail.institution.due_fen !== null && detail.schemes.length > 0);
    assert.ok(detail.peers.length > 1);
    for (const peer of detail.peers) assert.ok(['', OWN].includes(peer.fixmedins_code));
    assert.ok((await rowsOf(own, '/api/runs/1/cases?size=500')).every((row) => row.points4 !== null));
  });

  test('indicators stand beside those of the level, exact, and are the institution’s once the clearing is', async () => {
    const url = `/api/runs/1/institutions/${OWN}/indicators?size=500`;
    const rows = await rowsOf(own, url);
    assert.deepEqual(rows, await rowsOf('clerk', url));
    const of = (indicator: string) => rows.find((row) => row.indicator === indicator)!;
    const engine = await service.services.runTables.of(1);
    const level = await engine.rows(
      `SELECT i.fixmedins_code, s.cases, s.cost_fen FROM institution AS i
       JOIN (SELECT fixmedins_code, count(*) AS cases, sum(cost_fen) AS cost_fen FROM case_result GROUP BY 1) AS s
         ON s.fixmedins_code = i.fixmedins_code
       WHERE i.level = (SELECT level FROM institution WHERE fixmedins_code = '${OWN}') ORDER BY s.cases`,
    );
    const self = level.find((row) => row.fixmedins_code === OWN)!;
    assert.equal(of('cases').value, String(self.cases));
    const result = await engine.row(
      `SELECT sum(result_fen)::BIGINT AS fen FROM clearing_result WHERE fixmedins_code = '${OWN}'`,
    );
    assert.equal(of('clearing_result').value, yuanText(result.fen as bigint));
    const compared = rows.filter((row) => row.peers !== null);
    assert.ok(compared.length > 10);
    for (const row of compared) {
      assert.equal(row.peers, level.length, String(row.indicator));
      assert.ok(Number(row.p25) <= Number(row.median) && Number(row.median) <= Number(row.p75));
    }
    const foreign = `/api/runs/1/institutions/${OTHER}/indicators`;
    assert.equal((await get(own, foreign)).statusCode, 403);
    assert.equal((await get('clerk', '/api/runs/1/institutions/H0/indicators')).statusCode, 404);
  });

  test('a period that was reversed is untold again; a later run shows what is published from it', async () => {
    const { store } = service.services;
    const approval = await store
      .selectFrom('approval')
      .select('id')
      .where('kind', '=', 'month')
      .where('state', '=', 'published')
      .executeTakeFirstOrThrow();
    assert.ok(TRANSITIONS.some((one) => one.kind === 'month' && one.action === 'reverse'));
    await post('head', `/api/approvals/${approval.id}/steps`, { action: 'reverse', reason: '迟报清单' });
    assert.deepEqual(await rowsOf(own, '/api/runs/1/months'), []);
    const started = await ask(service, 'clerk', {
      method: 'POST',
      url: '/api/runs',
      body: { areaId: 'demo', year: 2025 },
    });
    const { runId, jobId } = started.json();
    assert.equal((await jobEnd(service, jobId)).state, 'done');
    assert.equal((await rowsOf(own, '/api/years'))[0]!.runId, 1);
    await publishPeriod(service, runId, MONTH);
    assert.equal((await rowsOf(own, '/api/years'))[0]!.runId, runId);
    assert.ok((await rowsOf(own, `/api/runs/${runId}/months`)).length > 0);
    // of either run a hospital is told each period as it was published
    for (const run of [1, runId]) {
      const steps = await rowsOf(own, `/api/runs/${run}/steps`);
      const published = steps.filter((step) => step.state === 'published');
      assert.deepEqual(
        published.map((step) => [step.period, step.runId]),
        [
          [MONTH, runId],
          ['clearing', 1],
        ],
      );
      for (const step of published) assert.ok(step.paid_fen !== null);
    }
  });
});
