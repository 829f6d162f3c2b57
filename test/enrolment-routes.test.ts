import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { importPersons, readPersonRows } from '#enrolment/index.ts';
import { addUser, ask, jobEnd, startService } from './support/service.ts';
import { countOf } from './support/stores.ts';
import { identityNumber } from './support/visit-service.ts';

const [ONE, TWO] = [1, 2].map((serial) => identityNumber('1980-01-02', serial)) as [string, string];
const WRONG = `${ONE.slice(0, 16)}${(Number(ONE[16]) + 1) % 10}${ONE[17]}`;
const FILE = [
  '姓名,公民身份号码,性别,联系电话,住址,区划,街道',
  `甲一,${WRONG},男,13800000001,演示市东区幸福路1号,990101,东街`,
  `丙三,${TWO},女,13800000003,演示市西区和平街3号,990102,西街`,
].join('\n');

function upload(name: string, content: string) {
  const boundary = 'yibao-boundary';
  const body = [
    `--${boundary}`,
    `content-disposition: form-data; name="file"; filename="${name}"`,
    'content-type: text/csv',
    '',
    content,
    `--${boundary}--`,
    '',
  ].join('\r\n');
  return { body, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
}

describe('files of departments, the queue and the work lists through the service', () => {
  let service: Awaited<ReturnType<typeof startService>>;
  before(async () => {
    service = await startService();
    for (const role of ['clerk', 'reviewer', 'bureau'] as const) await addUser(service, role);
    const header = 'name,certno,insutype,psn_type,begndate,insuplc_admdvs,psn_no';
    const text = `${header}\n甲一,${ONE},390,15,2024-01-01,990101,A1\n`;
    await importPersons(
      service.services.store,
      readPersonRows(text, 'p.csv'),
      'p.csv',
      Temporal.Now.instant(),
    );
    await sql`INSERT INTO person_contact (psn_no, kind, value) VALUES ('A1', 'tel', '13800000001')`.execute(
      service.services.store,
    );
  });
  after(() => service.close());
  const get = async (login: string, url: string) => {
    const answer = await ask(service, login, { url });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer;
  };
  const post = (login: string, url: string, body: unknown) =>
    ask(service, login, { method: 'POST', url, body });

  /** Uploads a file of a department and waits until its job ended. */
  const land = async (department: string, name: string, content: string) => {
    const answer = await ask(service, 'clerk', {
      method: 'POST',
      url: `/api/department-files?department=${department}`,
      ...upload(name, content),
    });
    assert.equal(answer.statusCode, 202, answer.body);
    const { jobId } = answer.json();
    await jobEnd(service, jobId);
    return (await get('clerk', `/api/jobs/${jobId}`)).json();
  };

  /** Asks for what is made as a job, and waits until it ended. */
  const made = async (url: string, body: unknown) => {
    const answer = await post('clerk', url, body);
    assert.equal(answer.statusCode, 202, answer.body);
    const { jobId } = answer.json();
    await jobEnd(service, jobId);
    return (await get('clerk', `/api/jobs/${jobId}`)).json();
  };

  test('a file lands once, and says where its rows went', async () => {
    const send = () => land('police', '户籍.csv', FILE);
    const first = await send();
    assert.equal(first.state, 'done', JSON.stringify(first));
    const [landed] = first.result.files;
    assert.deepEqual(landed, {
      ...{ fileId: landed.fileId, name: '户籍.csv', wasKnown: false, rows: 2 },
      ...{ linked: 0, newPersons: 1, toReview: 1, unusable: 0 },
    });
    assert.equal((await send()).result.files[0].wasKnown, true);
    assert.deepEqual(readdirSync(join(service.dataFolder, 'inbox')), []);
    const { rows } = (await get('bureau', '/api/department-files')).json();
    assert.equal(rows[0].to_review, 1);
    assert.equal(rows[0].with_problems, 1);
    const list = (await get('bureau', `/api/department-files/${landed.fileId}/rows`)).json().rows;
    assert.deepEqual(
      list.map((row: Record<string, unknown>) => [row.line, row.psn_name, row.state, row.problems]),
      [
        [2, '甲*', 'review', 'certno'],
        [3, '丙*', 'new', ''],
      ],
    );
    const none = await ask(service, 'clerk', {
      ...{ method: 'POST', url: '/api/department-files?department=nobody' },
      ...upload('x.csv', FILE),
    });
    assert.equal(none.statusCode, 404);
    const wrong = await land('civil-affairs', 'x.csv', FILE);
    assert.equal(wrong.state, 'failed');
    const texts = wrong.problems.map((one: { text: string }) => one.text);
    assert.equal(texts.length, 2);
    assert.match(texts[0], /x\.csv，第 1 行，字段 psn_idet_type/);
    assert.match(texts[1], /x\.csv，第 1 行，字段 begndate/);
  });

  test('a broken row is named with file, row, field, value and remedy; nothing of the file is kept', async () => {
    const { store } = service.services;
    const before = await countOf(store, 'department_file');
    const lines = Array.from({ length: 3_000 }, (_, index) => `丁${index},,男,,演示市,990101,东街`);
    const file = (broken: string) => [
      FILE.split('\n')[0],
      ...lines.slice(0, 2_500),
      broken,
      ...lines.slice(2_500),
    ];
    const short = await land('police', 'short.csv', file('戊五,,男,演示市,990101').join('\n'));
    assert.equal(short.state, 'failed');
    assert.match(
      short.problems[0].text,
      /short\.csv，第 2502 行，字段 区划，.*戊五,,男,演示市,990101.*5.*7.*重新导入.*没有落库.*enrolment\.broken-row/s,
    );
    const quote = await land('police', 'quote.csv', file('戊五,,男,,"演示"市,990101,东街').join('\n'));
    assert.match(
      quote.problems[0].text,
      /quote\.csv，第 2502 行，字段 住址，.*戊五.*引号.*enrolment\.broken-quote/s,
    );
    const zero = await land('police', 'zero.csv', file('戊\0五,,男,,演示市,990101,东街').join('\n'));
    assert.match(
      zero.problems[0].text,
      /zero\.csv，第 2502 行，字段 姓名，.*戊␀五.*enrolment\.unusable-character/s,
    );
    assert.equal(await countOf(store, 'department_file'), before);
    assert.equal(await countOf(store, 'landing'), 0);
    assert.deepEqual(readdirSync(join(service.dataFolder, 'inbox')), []);
  });

  test('a landing that is cancelled leaves nothing, on disk neither, and lands when it is uploaded again', async () => {
    const { store, jobs } = service.services;
    const many = Array.from({ length: 9_000 }, (_, index) => `庚${index},,男,,演示市,990101,东街`);
    const send = () =>
      ask(service, 'clerk', {
        method: 'POST',
        url: '/api/department-files?department=police',
        ...upload('many.csv', [FILE.split('\n')[0], ...many].join('\n')),
      });
    const { jobId } = (await send()).json();
    const isUnderWay = new Promise<void>((resolve) => {
      const look = async () => {
        if ((await countOf(store, 'landing')) === 0) return;
        jobs.changes.off('change', look);
        resolve();
      };
      jobs.changes.on('change', look);
    });
    await isUnderWay;
    const cancelled = await post('clerk', `/api/jobs/${jobId}/cancel`, undefined);
    assert.equal(cancelled.statusCode, 200, cancelled.body);
    while ((await countOf(store, 'landing')) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal((await get('clerk', `/api/jobs/${jobId}`)).json().state, 'cancelled');
    assert.equal(await countOf(store, 'landing_row'), 0);
    assert.equal(
      (await get('bureau', '/api/department-files'))
        .json()
        .rows.some((row: { file_name: string }) => row.file_name === 'many.csv'),
      false,
    );
    const inbox = () => readdirSync(join(service.dataFolder, 'inbox'));
    const isGone = async () => {
      while (inbox().length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await isGone();
    // tried again without its upload it says so
    await post('clerk', `/api/jobs/${jobId}/retry`, undefined);
    assert.equal((await jobEnd(service, jobId)).state, 'failed');
    const [problem] = (await get('clerk', `/api/jobs/${jobId}`)).json().problems;
    assert.match(problem.text, /many\.csv.*已不在.*重新上传/s);
    // cancelled while it waits for another: its upload goes too
    const { jobId: first } = (await send()).json();
    const { jobId: waiting } = (await send()).json();
    assert.equal((await post('clerk', `/api/jobs/${waiting}/cancel`, undefined)).statusCode, 200);
    assert.equal((await jobEnd(service, first)).state, 'done');
    await isGone();
    const { result } = (await get('clerk', `/api/jobs/${first}`)).json();
    assert.deepEqual([result.files[0].rows, result.files[0].unusable], [9_000, 9_000]);
  });

  test('the upload of a landing cancelled while rows go over is kept, and the landing goes on with it', async () => {
    const { store, jobs } = service.services;
    const many = Array.from({ length: 9_000 }, (_, index) => `辛${index},,男,,演示市,990101,东街`);
    const answer = await ask(service, 'clerk', {
      method: 'POST',
      url: '/api/department-files?department=police',
      ...upload('more.csv', [FILE.split('\n')[0], ...many].join('\n')),
    });
    const { jobId } = answer.json();
    const goesOver = sql<{ n: number }>`SELECT count(*)::integer AS n FROM landing WHERE file_id IS NOT NULL`;
    await new Promise<void>((resolve) => {
      const look = async () => {
        if ((await goesOver.execute(store)).rows[0]!.n === 0) return;
        jobs.changes.off('change', look);
        await post('clerk', `/api/jobs/${jobId}/cancel`, undefined);
        resolve();
      };
      jobs.changes.on('change', look);
    });
    assert.equal((await get('clerk', `/api/jobs/${jobId}`)).json().state, 'cancelled');
    // the next job begins when this one is over
    assert.equal(
      (await land('police', 'after.csv', `${FILE.split('\n')[0]}\n壬,,男,,演示市,990101,东街`)).state,
      'done',
    );
    assert.equal((await goesOver.execute(store)).rows[0]!.n, 1);
    assert.equal(readdirSync(join(service.dataFolder, 'inbox')).length, 1);
    await post('clerk', `/api/jobs/${jobId}/retry`, undefined);
    assert.equal((await jobEnd(service, jobId)).state, 'done');
    assert.deepEqual(readdirSync(join(service.dataFolder, 'inbox')), []);
    assert.equal(await countOf(store, 'landing'), 0);
  });

  test('a year is closed by a clerk, looked at person by person, and applied by a reviewer', async () => {
    const close = async () => (await made('/api/continuity-closings', { year: 2025 })).result;
    const { closingId, approvalId, ...counts } = await close();
    assert.deepEqual(counts, { persons: 1, zeroClaim: 1, gaps: 0, differs: 1 });
    const rows = (await get('bureau', `/api/continuity-closings/${closingId}/rows?kind=insured`)).json().rows;
    assert.deepEqual(
      rows.map((row: Record<string, unknown>) => [row.psn_name, row.continuous_years, row.zero_claim_years]),
      [['甲*', 3, 1]],
    );
    const detail = async (id: number) => (await get('bureau', `/api/continuity-closings/${id}`)).json();
    assert.deepEqual((await detail(closingId)).kinds, [{ kind: 'insured', change: 'gained', persons: 1 }]);
    assert.deepEqual((await detail(closingId)).years, [
      { measure: 'continuous', years: 2, before: 1, after: 0 },
      { measure: 'continuous', years: 3, before: 0, after: 1 },
      { measure: 'zero-claim', years: 0, before: 1, after: 0 },
      { measure: 'zero-claim', years: 1, before: 0, after: 1 },
    ]);
    const decide = (login: string, action = 'approve', id = approvalId) =>
      post(login, `/api/approvals/${id}/steps`, { action, reason: '核对' });
    assert.equal((await decide('clerk')).json().code, 'approval.not-allowed');
    // closed again before anybody decided: the first one is withdrawn, and a refused one holds nothing
    const again = await close();
    assert.equal((await decide('reviewer')).statusCode, 409);
    assert.equal((await detail(closingId)).closing.state, 'replaced');
    assert.equal((await decide('reviewer', 'return', again.approvalId)).statusCode, 200);
    assert.equal((await detail(again.closingId)).closing.state, 'refused');
    const third = await close();
    assert.equal(third.differs, 1);
    assert.equal((await decide('clerk', 'withdraw', third.approvalId)).statusCode, 200);
    assert.equal((await detail(third.closingId)).closing.state, 'replaced');
    const last = await close();
    const early = await post('clerk', '/api/continuity-closings', { year: 2199 });
    assert.equal(early.json().code, 'enrolment.year-not-over');
    const open = (await get('reviewer', '/api/open-work')).json().approvals;
    assert.deepEqual(open, [{ kind: 'closing_of_year', state: 'prepared', count: 1 }]);
    assert.equal((await decide('reviewer', 'approve', last.approvalId)).statusCode, 200);
    assert.equal((await decide('reviewer', 'approve', last.approvalId)).statusCode, 409);
    assert.equal((await ask(service, 'bureau', { url: '/api/continuity-closings/999' })).statusCode, 404);
    const stated = { file: rows[0].file, year: 2026, zeroClaimYears: 2, reason: '转入地的记录' };
    assert.equal((await post('reviewer', '/api/continuity-statements', stated)).statusCode, 200);
    const nothing = { file: rows[0].file, year: 2026, reason: 'x' };
    assert.equal((await post('reviewer', '/api/continuity-statements', nothing)).statusCode, 400);
    const part = (await get('bureau', `/api/persons/${rows[0].file}/continuity`)).json().rows;
    assert.deepEqual(
      part.map((row: Record<string, unknown>) => [row.year, row.kind, row.zero_claim_years, row.reason]),
      [
        [2026, 'stated', 2, '转入地的记录'],
        [2026, 'insured', 1, ''],
      ],
    );
    const applied = (await get('bureau', '/api/continuity-closings?state=applied')).json();
    assert.deepEqual(
      applied.rows.map((row: Record<string, unknown>) => [row.closing_id, row.approval_id, row.reason]),
      [[last.closingId, last.approvalId, '核对']],
    );
    const incentive = (await get('bureau', `/api/persons/${rows[0].file}/incentive`)).json();
    assert.deepEqual(
      incentive.years
        .slice(0, 3)
        .map((row: Record<string, unknown>) => [
          row.year,
          row.continuous_years,
          row.zero_claim_years,
          row.incentive_fen,
        ]),
      // after four years in a row each year counts, and each year without a claim: stated for 2026, twice 3000 yuan
      [
        [2024, 1, 0, 0],
        [2025, 2, 0, 0],
        [2026, 3, 2, 600_000],
      ],
    );
    const named = incentive.reasons.map((one: { parameter: string }) => one.parameter);
    assert.ok(named.includes('catastrophic.incentive_per_zero_claim_year'), String(named));
  });

  test('the queue shows weights field by field, masked, and to a reviewer with a reason whole', async () => {
    const { rows } = (await get('clerk', '/api/person-reviews?state=waiting')).json();
    assert.equal(rows.length, 1);
    const url = `/api/person-reviews/${rows[0].review_id}`;
    const answer = await get('bureau', url);
    assert.doesNotMatch(answer.body, /13800000001|甲一|幸福路/);
    const [candidate] = answer.json().candidates;
    assert.deepEqual(
      candidate.fields.map((one: { field: string; level: string; weight100: number }) => [
        one.field,
        one.level,
        one.weight100,
      ]),
      [
        ['name', 'same', 628],
        ['brdy', null, 0],
        ['gend', 'same', 99],
        ['addr', null, 0],
        ['tel', 'same', 923],
        ['certno', 'one-digit', 864],
      ],
    );
    assert.equal(candidate.sum100, 628 + 99 + 923 + 864);
    assert.equal((await post('bureau', `${url}/reveal`, { reason: '核对' })).statusCode, 403);
    const revealed = await post('reviewer', `${url}/reveal`, { reason: '电话核对' });
    assert.equal(revealed.json().candidates[0].fields[4].ofRow, '13800000001');

    const decide = (login: string, body: unknown) => post(login, `${url}/decision`, body);
    assert.equal((await decide('clerk', { decision: 'new', reason: '另一人' })).statusCode, 403);
    assert.equal((await decide('reviewer', { decision: 'link', reason: '同一人' })).statusCode, 400);
    assert.equal(
      (await decide('reviewer', { decision: 'link', file: 999_999, reason: '同一人' })).statusCode,
      404,
    );
    const done = await decide('reviewer', { decision: 'link', file: candidate.file, reason: '电话核对' });
    assert.deepEqual(done.json(), { file: candidate.file });
    assert.equal((await decide('reviewer', { decision: 'reject', reason: '再想' })).statusCode, 409);
    const log = await sql<{
      subject: string;
      detail: string;
      outcome: string;
    }>`SELECT subject, detail, outcome
      FROM audit_waiting UNION ALL SELECT subject, detail, outcome FROM audit_entry`.execute(
      service.services.store,
    );
    const entry = log.rows.find(
      ({ subject, outcome }) =>
        subject.includes('person-reviews') && subject.endsWith('/decision') && outcome === 'done',
    );
    assert.match(entry!.detail, /电话核对/);
    for (const { detail } of log.rows) assert.doesNotMatch(detail, /13800000001|甲一/);
  });

  test('work lists: found, called, counted, exported', async () => {
    const found = await post('clerk', '/api/work-items/find', {
      asOf: Temporal.Now.plainDateISO('UTC').toString(),
    });
    assert.equal(found.statusCode, 200, found.body);
    assert.equal(found.json().rows.find((one: { kind: string }) => one.kind === 'not-enrolled').found, 1);
    const { rows } = (await get('bureau', '/api/work-items?kind=not-enrolled')).json();
    assert.deepEqual(
      rows.map((row: Record<string, unknown>) => [row.psn_name, row.county, row.organisation]),
      [['丙*', '990102', '西街']],
    );
    const url = `/api/work-items/${rows[0].item_id}`;
    assert.doesNotMatch((await get('bureau', url)).body, /13800000003/);
    const whole = await post('clerk', `${url}/reveal`, { reason: '电话联系' });
    assert.match(whole.body, /13800000003/);
    assert.equal((await post('reviewer', `${url}/steps`, { action: 'contact' })).statusCode, 403);
    const step = await post('clerk', `${url}/steps`, { action: 'contact' });
    assert.deepEqual(
      step.json().actions.map((one: { action: string }) => one.action),
      ['refuse', 'wrong-data'],
    );
    assert.equal((await post('clerk', `${url}/steps`, { action: 'refuse' })).statusCode, 422);
    const csv = (await get('bureau', '/api/work-funnel?format=csv')).body;
    assert.equal(
      csv,
      'kind,county,found,contacted,open,enrolled,resolved,refused,wrong_data\nnot-enrolled,990102,1,1,1,0,0,0,0\n',
    );
    const sheet = await get('bureau', '/api/work-items?format=xlsx');
    assert.match(String(sheet.headers['content-type']), /spreadsheetml/);
  });

  test('two files are put together by two people, after a look at both; refused, sent back and changed in between too', async () => {
    const { store } = service.services;
    const { rows } = await sql<{
      file: number;
      psn_no: string;
      name: string;
    }>`SELECT file_number AS file, psn_no, name FROM person
      ORDER BY file_number`.execute(store);
    const [into, from] = rows as [(typeof rows)[0], (typeof rows)[0]];
    const body = { kind: 'merge', fromFile: from.file, intoFile: into.file, reason: '电话核实为同一人' };
    assert.equal((await post('bureau', '/api/approvals', body)).statusCode, 403);
    const same = await post('clerk', '/api/approvals', { ...body, fromFile: into.file });
    assert.equal(same.json().code, 'enrolment.same-file');
    const nobody = await post('clerk', '/api/approvals', { ...body, fromFile: 999_999 });
    assert.deepEqual([nobody.statusCode, nobody.json().problems[0].field], [404, 'fromFile']);

    // what the approver sees: masked, whole for a reason
    const url = `/api/person-comparisons/${from.file}/${into.file}`;
    const compared = await get('reviewer', url);
    assert.doesNotMatch(compared.body, new RegExp(`${into.name}|${from.name}|${ONE}|${TWO}`));
    const differences = Object.fromEntries(
      compared.json().fields.map((one: { field: string; difference: string }) => [one.field, one.difference]),
    );
    assert.deepEqual(
      [differences.name, differences.brdy, differences.certno, differences.spans, differences.death_date],
      ['differs', 'same', 'differs', 'one', 'same'],
    );
    const carried = Object.fromEntries(
      compared
        .json()
        .carried.map((one: { kind: string; rows: number; stay: number }) => [one.kind, [one.rows, one.stay]]),
    );
    assert.deepEqual(
      [carried.certificates, carried.spans, carried.contacts],
      [
        [1, 0],
        [0, 0],
        [2, 0],
      ],
    );
    assert.equal((await post('bureau', `${url}/reveal`, { reason: '合并前核对' })).statusCode, 403);
    assert.match(
      (await post('reviewer', `${url}/reveal`, { reason: '合并前核对' })).body,
      new RegExp(from.name),
    );

    const propose = async (login: string) => {
      const opened = await post(login, '/api/approvals', body);
      assert.equal(opened.statusCode, 201, opened.body);
      assert.doesNotMatch(opened.body, new RegExp(`"${into.psn_no}"`));
      return `/api/approvals/${opened.json().approval.id}/steps`;
    };
    const code = async (login: string, steps: string, step: object) =>
      (await post(login, steps, step)).json().code;
    // the same two the other way round are one subject
    const first = await propose('reviewer');
    const turned = { ...body, fromFile: into.file, intoFile: from.file };
    assert.equal((await post('clerk', '/api/approvals', turned)).json().code, 'approval.open-already');
    assert.equal(await code('reviewer', first, { action: 'approve' }), 'approval.same-eyes');
    assert.equal(await code('clerk', first, { action: 'approve' }), 'approval.not-allowed');
    await addUser(service, 'head');
    assert.equal(await code('head', first, { action: 'refuse' }), 'approval.reason-missing');
    const refused = await post('head', first, { action: 'refuse', reason: '两人出生地不同' });
    assert.equal(refused.json().approval.state, 'refused');
    assert.equal(await code('head', first, { action: 'approve' }), 'approval.not-now');
    const nothing = await sql`SELECT 1 FROM person WHERE merged_into IS NOT NULL`.execute(store);
    assert.equal(nothing.rows.length, 0);

    // refused is no end of it: somebody may propose it again; who the person is has changed since
    const second = await propose('clerk');
    await sql`UPDATE person SET name = ${`${from.name}改`} WHERE psn_no = ${from.psn_no}`.execute(store);
    assert.equal(await code('reviewer', second, { action: 'approve' }), 'enrolment.facts-changed');
    assert.equal((await post('reviewer', second, { action: 'return', reason: '再核对' })).statusCode, 200);
    const again = await post('clerk', second, { action: 'prepare', content: body });
    assert.equal(again.statusCode, 200, again.body);
    const decisions = (await get('bureau', `/api/persons/${from.file}/decisions`)).json().rows;
    assert.deepEqual(
      decisions.map((one: { kind: string; state: string }) => [one.kind, one.state]),
      [
        ['merge', 'prepared'],
        ['merge', 'refused'],
      ],
    );
    assert.equal((await post('reviewer', second, { action: 'approve' })).statusCode, 200);

    const merges = (await get('bureau', '/api/person-merges')).json().rows;
    assert.equal(merges.length, 1);
    assert.match(merges[0].moved, /certificates 1/);
    assert.deepEqual([merges[0].proposed_by, merges[0].merged_by], ['clerk', 'reviewer']);
    assert.equal((await post('clerk', '/api/approvals', turned)).json().code, 'enrolment.merged-already');
    // both numbers keep resolving
    for (const { psn_no } of [from, into]) {
      const found = (await get('clerk', `/api/persons?psn_no=${psn_no}`)).json().rows;
      assert.deepEqual(
        found.map(({ file }: { file: number }) => file),
        [into.file],
      );
    }
    for (const { file } of [from, into]) {
      assert.equal((await get('clerk', `/api/persons/${file}`)).json().file, into.file);
    }
    assert.equal((await get('clerk', `/api/persons?file=${into.file}`)).json().total, 1);
  });

  test('collected contributions are booked, transferred and reconciled', async () => {
    const tax = [
      '姓名,身份证号,票据号,险种,入库日期,费款所属期起,费款所属期止,个人缴费,区划',
      `甲一,${ONE},R1,居民,2025-02-01,2025-01,2025-12,400,990101`,
    ].join('\n');
    const landed = await land('tax-collection', '征收.csv', tax);
    const { fileId } = landed.result.files[0];
    const booking = `/api/department-files/${fileId}/booking`;
    assert.equal((await post('reviewer', booking, { areaCode: '990100' })).statusCode, 403);
    assert.equal(
      (await post('clerk', '/api/department-files/999/booking', { areaCode: '990100' })).statusCode,
      404,
    );
    // the span of 2024 has no end on file: the year that was paid cannot begin beside it
    assert.deepEqual((await post('clerk', booking, { areaCode: '990100' })).json(), {
      ...{ booked: 1, leftOut: 0, spans: 0, spansRefused: 1 },
    });
    const { rows } = (await get('bureau', '/api/contribution-summaries?insutype=390')).json();
    assert.deepEqual([rows[0].psn_name, rows[0].paid_to, rows[0].months], ['甲*', '202512', 12]);
    const period = { paidFrom: '2025-02-01', paidTo: '2025-02-28' };
    assert.equal((await post('bureau', '/api/contribution-reconciliations', period)).statusCode, 403);
    assert.equal(
      (await post('clerk', '/api/contribution-reconciliations', { ...period, paidTo: '2025-01-01' }))
        .statusCode,
      400,
    );
    const made = (await post('clerk', '/api/contribution-reconciliations', period)).json();
    assert.deepEqual([made.receipts, made.agreed, made.taxFen, made.treasuryFen], [1, 0, 40_000, 0]);
    const csv = await get(
      'bureau',
      `/api/contribution-reconciliations/${made.reconciliationId}/differences?format=csv`,
    );
    const address = `/api/contribution-reconciliations/${made.reconciliationId}`;
    const detail = (await get('bureau', address)).json();
    assert.deepEqual(
      detail.kinds.map((one: Record<string, unknown>) => [
        one.kind,
        one.differences,
        one.tax_fen,
        one.agency_fen,
      ]),
      [
        ['missing-at-treasury', 1, 40_000, 40_000],
        ['subsidy-differs', 1, 0, 67_000],
      ],
    );
    // what each side says now: the row of the tax bureau with its line, the contribution booked from it; masked
    const told = await get('bureau', `${address}/differences/1`);
    assert.doesNotMatch(told.body, /甲一/);
    const { landed: of, booked, difference } = told.json();
    assert.equal(difference.file, rows[0].file);
    assert.deepEqual(
      of.map((row: Record<string, unknown>) => [row.side, row.file_name, row.line, row.psn_name, row.fen]),
      [['tax', '征收.csv', 2, '甲*', 40_000]],
    );
    assert.deepEqual(
      booked.map((row: Record<string, unknown>) => [row.file, row.fen, row.granted_fen, row.booked_from]),
      [[rows[0].file, 40_000, 67_000, '征收.csv']],
    );
    const granted = (await get('bureau', `${address}/differences/2`)).json();
    assert.deepEqual(
      granted.booked.map((row: Record<string, unknown>) => row.receipt),
      ['R1'],
    );
    for (const url of [`${address}/differences/3`, '/api/contribution-reconciliations/999']) {
      assert.equal((await ask(service, 'bureau', { url })).statusCode, 404);
    }
    // one scheme by itself: nothing of employees was paid
    const employees = await post('clerk', '/api/contribution-reconciliations', {
      ...period,
      insutype: '310',
    });
    assert.deepEqual([employees.json().receipts, employees.json().differences], [0, 0]);
    const residents = (
      await post('clerk', '/api/contribution-reconciliations', { ...period, insutype: '390' })
    ).json();
    assert.deepEqual({ ...residents, reconciliationId: 0 }, { ...made, reconciliationId: 0 });
    const sides = (await get('bureau', '/api/contribution-sides?year=2025')).json().rows;
    assert.deepEqual(sides, [
      {
        ...{
          month: '2025-02',
          insutype: '390',
          tax_receipts: 1,
          tax_fen: 40_000,
          treasury_receipts: 0,
          treasury_fen: 0,
        },
        ...{ agency_receipts: 1, agency_fen: 40_000, treasury_granted_fen: 0, agency_granted_fen: 67_000 },
      },
    ]);
    assert.deepEqual((await get('bureau', '/api/contribution-sides?year=2024')).json().rows, []);
    assert.deepEqual(csv.body.split('\n').slice(0, 3), [
      'number,kind,receipt,insutype,file,county,tax,treasury,agency,detail',
      `1,missing-at-treasury,R1,390,${rows[0].file},990101,400.00,,400.00,`,
      '2,subsidy-differs,,390,,,,,670.00,2025',
    ]);
    const transfer = {
      ...{ file: rows[0].file, direction: 'in', insutype: '310', otherArea: '880100', certificate: 'C-1' },
      ...{ monthFrom: '201001', monthTo: '201012', balanceFen: 100 },
    };
    const { transferId } = (await post('clerk', '/api/insurance-transfers', transfer)).json();
    assert.equal((await post('clerk', '/api/insurance-transfers', transfer)).statusCode, 409);
    const seen = async (on = '') =>
      (await get('bureau', `/api/insurance-transfers/${transferId}${on}`)).json();
    const { months, months_after, account } = await seen('?on=2025-03-01');
    assert.deepEqual(
      [months, months_after, account],
      [{ covered: 12, counted: 0, added: 12 }, 12, { change_fen: 100, balance_fen: 0 }],
    );
    const refusal = { isDone: false, on: '2025-03-01' };
    const without = await post('clerk', `/api/insurance-transfers/${transferId}/end`, refusal);
    assert.deepEqual([without.statusCode, without.json().problems[0].field], [400, 'body.note']);
    const outWithBalance = { ...transfer, direction: 'out', certificate: 'C-2' };
    const takes = await post('clerk', '/api/insurance-transfers', outWithBalance);
    assert.deepEqual([takes.statusCode, takes.json().problems[0].field], [400, 'body.balanceFen']);
    const end = { isDone: true, on: '2025-03-01' };
    assert.equal((await post('clerk', `/api/insurance-transfers/${transferId}/end`, end)).statusCode, 200);
    const listed = (await get('bureau', '/api/insurance-transfers?state=done')).json().rows;
    assert.equal(listed[0].psn_name, '甲*');
    // done, it tells the same months, and what came into the account
    const done = await seen();
    assert.deepEqual(
      [done.months, done.months_after, done.account, done.on],
      [{ covered: 12, counted: 0, added: 12 }, 12, { change_fen: 100, balance_fen: 100 }, '2025-03-01'],
    );
    assert.equal(done.wait, null, 'no span of employees follows it');
    // the residents' span here goes on from the year in another area: it is recorded why it does not wait
    const arrives = {
      ...transfer,
      insutype: '390',
      certificate: 'C-3',
      monthFrom: '202301',
      monthTo: '202312',
    };
    const enrolled = async () =>
      (await get('bureau', `/api/persons/${rows[0].file}/enrolments`))
        .json()
        .rows.map((row: Record<string, unknown>) => [
          row.begndate,
          row.waiting_until,
          row.waiting_reason,
          row.gap_months,
        ]);
    const before = await enrolled();
    const arriving = (await post('clerk', '/api/insurance-transfers', { ...arrives, balanceFen: 0 })).json();
    await post('clerk', `/api/insurance-transfers/${arriving.transferId}/end`, end);
    const { wait } = (await get('bureau', `/api/insurance-transfers/${arriving.transferId}`)).json();
    assert.deepEqual(
      [before, await enrolled(), wait],
      [
        [['2024-01-01', null, '', null]],
        [['2024-01-01', null, 'transfer', 0]],
        { begndate: '2024-01-01', waiting_until: null, gap_months: 0, is_repaid: true, settled_in_wait: 0 },
      ],
    );
    assert.equal((await ask(service, 'bureau', { url: '/api/insurance-transfers/999' })).statusCode, 404);
  });

  test('deemed months, a retirement and a list for the tax bureau go through two people and a reason', async () => {
    const header = 'name,certno,insutype,psn_type,begndate,enddate,insuplc_admdvs,psn_no';
    const [WORKER, PAYER] = [identityNumber('1966-02-03', 1), identityNumber('1970-02-03', 3)];
    const text = [
      header,
      `丁四,${WORKER},310,11,2002-01-01,,990100,W4`,
      `戊五,${PAYER},390,15,2025-01-01,2025-12-31,990100,W5`,
    ].join('\n');
    const { store } = service.services;
    await importPersons(store, readPersonRows(text, 'w.csv'), 'w.csv', Temporal.Now.instant());
    await sql`INSERT INTO contribution (psn_no, insutype, paid_on, month_from, month_to, person_fen)
      VALUES ('W4', '310', '2020-01-05', '200001', '202512', 100)`.execute(store);
    const files = await sql<{
      file: number;
    }>`SELECT file_number AS file FROM person WHERE psn_no IN ('W4', 'W5')
      ORDER BY psn_no`.execute(store);
    const [worker, payer] = files.rows.map(({ file }) => file) as [number, number];
    const deemed = {
      ...{ kind: 'deemed', file: worker, monthFrom: '199601', monthTo: '199912' },
      ...{ ground: 'military', document: '退伍证' },
    };
    const retirement = {
      ...{ kind: 'retirement', file: worker, retiresOn: '2026-02-03', wageFen: 720_000 },
      document: '退休审批表',
    };
    // 26 years of the 30 a man needs
    const early = await post('clerk', '/api/approvals', retirement);
    assert.equal(early.statusCode, 409);
    assert.equal(early.json().code, 'enrolment.years-missing');
    assert.equal((await post('reviewer', '/api/approvals', deemed)).statusCode, 403);
    const decide = async (body: unknown) => {
      const opened = await post('clerk', '/api/approvals', body);
      assert.equal(opened.statusCode, 201, opened.body);
      assert.doesNotMatch(opened.body, /"W4"/);
      const steps = `/api/approvals/${opened.json().approval.id}/steps`;
      assert.equal((await post('clerk', steps, { action: 'approve' })).json().code, 'approval.not-allowed');
      const approved = await post('reviewer', steps, { action: 'approve' });
      assert.equal(approved.statusCode, 200, approved.body);
      assert.equal(approved.json().approval.state, 'approved');
    };
    await decide(deemed);
    await decide(retirement);
    assert.equal((await get('bureau', '/api/approvals?kind=retirement')).json().total, 1);
    const spans = (await get('bureau', `/api/persons/${worker}/enrolments`)).json().rows;
    assert.deepEqual(
      spans.map((row: Record<string, unknown>) => [row.psn_type, row.begndate, row.enddate]),
      [
        ['12', '2026-02-03', null],
        ['11', '2002-01-01', '2026-02-02'],
      ],
    );
    const refund = { kind: 'refund', contributionId: 1, reason: 'twice' };
    assert.equal((await post('clerk', '/api/approvals', refund)).json().code, 'enrolment.no-refund');

    const list = { year: 2026, areaCode: '990100', asOf: '2025-10-01' };
    const { listId, persons } = (await made('/api/payable-lists', list)).result;
    const rows = (await get('bureau', `/api/payable-lists/${listId}/rows`)).json().rows;
    assert.equal(rows.length, persons);
    const of5 = rows.find((row: { file: number }) => row.file === payer);
    assert.deepEqual(
      [of5.psn_name, of5.person_fen, of5.subsidy_fen, of5.state],
      ['戊*', 40_000, 67_000, 'made'],
    );
    const sent = await post('clerk', `/api/payable-lists/${listId}/sending`, { reason: '2026 年征收' });
    assert.equal(sent.statusCode, 200, sent.body);
    const csv = Buffer.from(sent.json().content, 'base64').toString('utf8');
    assert.match(csv, new RegExp(`${listId}-${of5.number},戊五,01,${PAYER},990100,2026,400.00`));
    assert.equal((await get('bureau', `/api/payable-lists/${listId}/rows?state=sent`)).json().total, persons);
    assert.equal((await post('bureau', '/api/payable-lists', list)).statusCode, 403);
    // answered and paid, ten yuan short: counted by county and state
    await land('tax-answers', '回执.csv', `应缴编号,处理结果\n${listId}-${of5.number},接收`);
    const { states } = (await get('bureau', `/api/payable-lists/${listId}`)).json();
    const accepted = states.filter((one: { state: string }) => one.state === 'accepted');
    assert.deepEqual(
      accepted.map((one: Record<string, unknown>) => [one.persons, one.person_fen, one.paid_fen]),
      [[1, 40_000, 0]],
    );
    const collected = [
      '姓名,身份证号,票据号,险种,入库日期,费款所属期起,费款所属期止,个人缴费,区划',
      `戊五,${PAYER},R26,居民,2025-11-01,2026-01,2026-12,390,990100`,
    ];
    const paid = await land('tax-collection', '征收2026.csv', collected.join('\n'));
    const booking = `/api/department-files/${paid.result.files[0].fileId}/booking`;
    assert.equal((await post('clerk', booking, { areaCode: '990100' })).json().booked, 1);
    const short = (await get('bureau', `/api/payable-lists/${listId}/rows?file=${payer}`)).json().rows;
    assert.deepEqual(
      short.map((row: Record<string, unknown>) => [
        row.state,
        row.paid_fen,
        row.difference_fen,
        row.receipts,
      ]),
      [['paid-otherwise', 39_000, -1_000, 'R26']],
    );
    assert.equal((await ask(service, 'bureau', { url: '/api/payable-lists/999' })).statusCode, 404);
  });
});
