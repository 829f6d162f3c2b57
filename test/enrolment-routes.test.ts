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

  test('a landing that is cancelled leaves nothing, and lands when it is tried again', async () => {
    const { store, jobs } = service.services;
    const many = Array.from({ length: 9_000 }, (_, index) => `庚${index},,男,,演示市,990101,东街`);
    const answer = await ask(service, 'clerk', {
      method: 'POST',
      url: '/api/department-files?department=police',
      ...upload('many.csv', [FILE.split('\n')[0], ...many].join('\n')),
    });
    const { jobId } = answer.json();
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
    await post('clerk', `/api/jobs/${jobId}/retry`, undefined);
    assert.equal((await jobEnd(service, jobId)).state, 'done');
    const { result } = (await get('clerk', `/api/jobs/${jobId}`)).json();
    assert.deepEqual([result.files[0].rows, result.files[0].unusable], [9_000, 9_000]);
  });

  test('a year is closed by a clerk, looked at person by person, and applied by a reviewer', async () => {
    const closed = await post('clerk', '/api/continuity-closings', { year: 2025 });
    assert.equal(closed.statusCode, 200, closed.body);
    const { closingId, ...counts } = closed.json();
    assert.deepEqual(counts, { persons: 1, zeroClaim: 1, gaps: 0, differs: 1 });
    const rows = (await get('bureau', `/api/continuity-closings/${closingId}/rows?kind=insured`)).json().rows;
    assert.deepEqual(
      rows.map((row: Record<string, unknown>) => [row.psn_name, row.continuous_years, row.zero_claim_years]),
      [['甲*', 3, 1]],
    );
    const decide = (login: string) =>
      post(login, `/api/continuity-closings/${closingId}/decision`, { isApplied: true, reason: '' });
    assert.equal((await decide('clerk')).statusCode, 403);
    assert.equal((await decide('reviewer')).statusCode, 200);
    assert.equal((await decide('reviewer')).statusCode, 409);
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
    assert.equal((await get('bureau', '/api/continuity-closings?state=applied')).json().total, 1);
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

  test('two files are put together with a reason, and it can be seen', async () => {
    const { rows } = await sql<{
      file: number;
      psn_no: string;
    }>`SELECT file_number AS file, psn_no FROM person
      ORDER BY file_number`.execute(service.services.store);
    const body = { fromFile: rows[1]!.file, intoFile: rows[0]!.file, reason: '同一人' };
    assert.equal((await post('clerk', '/api/person-merges', body)).statusCode, 403);
    assert.equal(
      (await post('reviewer', '/api/person-merges', { ...body, fromFile: body.intoFile })).statusCode,
      404,
    );
    assert.equal((await post('reviewer', '/api/person-merges', body)).statusCode, 200);
    const merges = (await get('bureau', '/api/person-merges')).json().rows;
    assert.equal(merges[0].moved, 'certificates 1');
    assert.equal(merges[0].merged_by, 'reviewer');
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
    const end = { isDone: true, on: '2025-03-01' };
    assert.equal((await post('clerk', `/api/insurance-transfers/${transferId}/end`, end)).statusCode, 200);
    const listed = (await get('bureau', '/api/insurance-transfers?state=done')).json().rows;
    assert.equal(listed[0].psn_name, '甲*');
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
    const made = await post('clerk', '/api/payable-lists', list);
    assert.equal(made.statusCode, 200, made.body);
    const { listId, persons } = made.json();
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
  });
});
