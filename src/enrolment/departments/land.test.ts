import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import type { Store } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { countOf, describeOnStores } from '../../../test/support/stores.ts';
import { identityNumber } from '../../../test/support/visit-service.ts';
import {
  decideReview,
  importPersons,
  landFile,
  mappingOf,
  mergePersons,
  readMappings,
  readPersonFile,
  readPersonRows,
  reviewDetail,
} from '../index.ts';
import { compareRecords, type LinkRecord, sumOf } from '../linkage/compare.ts';
import { weightSql } from '../linkage/weight-sql.ts';
import { LINK_FIELDS, readWeights } from '../linkage/weights.ts';

const folder = mkdtempSync(join(tmpdir(), 'yibao-departments-'));
after(() => rmSync(folder, { recursive: true }));
const now = Temporal.Instant.from('2025-03-01T00:00:00Z');
const problemsOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof YibaoError, String(error));
    return error.problems.map(({ definition, row, field, value }) => [definition.code, row, field, value]);
  }
  return assert.fail('nothing was refused');
};

async function land(store: Store, department: string, content: string | Uint8Array, name = 'file.csv') {
  const path = join(folder, name);
  writeFileSync(path, content);
  return landFile(store, { path, name, mapping: mappingOf(department), login: 'clerk' }, now);
}

describe('mappings and weights are data', () => {
  test('every mapping of the project can be read, and one of an area stands before it', () => {
    assert.ok(readMappings().size >= 7);
    const data = mkdtempSync(join(folder, 'data-'));
    assert.deepEqual(mappingOf('police', data).columns.get('name')!.from, ['姓名', 'XM']);
    mkdirSync(join(data, 'departments'));
    writeFileSync(
      join(data, 'departments', 'police.yaml'),
      'department: police\ntitle: 本市公安\nholds: population\ncolumns:\n  name: [户主或成员姓名]\n',
    );
    assert.deepEqual(mappingOf('police', data).columns.get('name')!.from, ['户主或成员姓名']);
  });

  test('what is wrong with a mapping is named with line and remedy', () => {
    const data = mkdtempSync(join(folder, 'data-'));
    const own = join(data, 'departments');
    mkdirSync(own);
    writeFileSync(
      join(own, 'own.yaml'),
      'department: own\ntitle: 某局\nholds: everything\ncolumns:\n  name: [姓名]\n  colour: [颜色]\n',
    );
    assert.deepEqual(
      problemsOf(() => readMappings(data)).map(([code, row, field]) => [code, row, field]),
      [
        ['policy.unknown-choice', 3, 'holds'],
        ['policy.unknown-key', 6, 'colour'],
      ],
    );
    assert.deepEqual(
      problemsOf(() => mappingOf('nobody')).map(([code]) => code),
      ['enrolment.no-such-department'],
    );
  });

  test('a weight that is not that of its chances, or chances that do not add up, are refused', () => {
    const text = readFileSync(join(import.meta.dirname, '..', 'linkage', 'weights.yaml'), 'utf8');
    const path = join(folder, 'weights.yaml');
    writeFileSync(path, text.replace('weight100: 923', 'weight100: 900'));
    assert.deepEqual(
      problemsOf(() => readWeights(path)).map(([code, , field, value]) => [code, field, value]),
      [['enrolment.wrong-setting', 'weight100', '900']],
    );
    writeFileSync(
      path,
      text.replace('m: 995000, u: 500000, weight100: 99', 'm: 990000, u: 500000, weight100: 99'),
    );
    assert.deepEqual(
      problemsOf(() => readWeights(path)).map(([code, , field, value]) => [code, field, value]),
      [['enrolment.wrong-setting', 'levels', '995000']],
    );
  });
});

describe('how alike two records are', () => {
  const person: LinkRecord = {
    name: '买买提·艾力',
    brdy: '1980-03-04',
    gend: '1',
    tels: ['13800000001'],
    addrs: ['演示市东区幸福路12号3单元'],
    certnos: [identityNumber('1980-03-04', 7)],
  };
  const levels = (row: Partial<LinkRecord>) => {
    const whole = { name: '', brdy: null, gend: '9', tels: [], addrs: [], certnos: [], ...row };
    return Object.fromEntries(
      compareRecords(whole, person, readWeights()).flatMap(({ field, level }) =>
        level ? [[field, level]] : [],
      ),
    );
  };
  const number = person.certnos[0]!;

  test('names without dots, births with a slip, addresses that are part of another, parts of a certificate', () => {
    assert.deepEqual(levels({ name: '买买提 艾力' }), { name: 'same' });
    assert.deepEqual(levels({ name: '买买提·艾里' }), { name: 'one-character' });
    assert.deepEqual(levels({ name: '买买提' }), { name: 'part' });
    assert.deepEqual(levels({ name: '张三' }), { name: 'differs' });
    assert.deepEqual(levels({ brdy: '1980-04-03' }), { brdy: 'day-and-month-swapped' });
    assert.deepEqual(levels({ brdy: '1981-03-04' }), { brdy: 'one-digit' });
    assert.deepEqual(levels({ brdy: '1980-12-31' }), { brdy: 'year' });
    assert.deepEqual(levels({ addrs: ['东区幸福路12号'] }), { addr: 'part' });
    assert.deepEqual(levels({ tels: ['13800000002'] }), { tel: 'differs' });
    assert.deepEqual(levels({ certnos: [number.slice(-6)] }), { certno: 'part' });
    assert.deepEqual(levels({ certnos: [`${number.slice(0, 4)}**********${number.slice(-4)}`] }), {
      certno: 'part',
    });
    assert.deepEqual(levels({ certnos: [`${number.slice(0, 16)}X${number.slice(17)}`] }), {
      certno: 'one-digit',
    });
    assert.deepEqual(levels({ certnos: [identityNumber('1980-03-04', 998)] }).certno, 'area-and-birth');
    assert.deepEqual(levels({}), {});
  });
});

describeOnStores('files of departments', (store) => {
  const [ONE, TWO, THREE, FOUR, FIVE] = [1, 2, 3, 4, 5].map((serial) =>
    identityNumber('1980-01-02', serial),
  ) as [string, string, string, string, string];
  const OLD = `${ONE.slice(0, 6)}${ONE.slice(8, 17)}`;
  const POLICE = '姓名,公民身份号码,性别,出生日期,联系电话,住址,区划,死亡日期';

  test('the file is kept byte by byte, its rows as they stand; the same file again does nothing', async () => {
    const header = 'name,certno,insutype,psn_type,begndate,insuplc_admdvs,psn_no';
    const rows = [`甲一,${ONE},390,15,2025-01-01,990101,A1`, `乙二·买提,${TWO},390,15,2025-01-01,990102,A2`];
    await importPersons(store(), readPersonRows([header, ...rows].join('\n'), 'p.csv'), 'p.csv', now);
    const file = [
      POLICE,
      // the certificate in its old form, and letters of full width
      `甲一,${OLD},男,1980年1月2日,138 0000 0001,演示市东区幸福路1号,990101,`,
      `乙二买提,${TWO},男,19800102,13800000002,演示市东区幸福路2号,990102,2025-02-01`,
      `丙三,${THREE},女,1980/1/2,13800000003,演示市西区和平街3号,990103,`,
      `丁四,${FOUR.slice(0, 17)}a,男,1980-01-02,,,990103,`,
      `,,,,,,,`,
      `丙三,${THREE},女,1980-01-02,13800000009,,990103,`,
    ].join('\r\n');
    const landed = await land(store(), 'police', file);
    const { fileId, ...counts } = landed;
    assert.deepEqual(counts, {
      wasKnown: false,
      rows: 6,
      linked: 2,
      newPersons: 1,
      toReview: 1,
      unusable: 1,
    });
    assert.deepEqual(await land(store(), 'police', file, 'other name.csv'), { ...landed, wasKnown: true });
    const kept = await sql<{
      text: string;
    }>`SELECT convert_from(content, 'UTF8') AS text FROM department_file`.execute(store());
    assert.equal(kept.rows[0]!.text, file);
    const raw = await sql<{ raw: Record<string, string> }>`SELECT raw FROM department_row
      WHERE file_id = ${fileId} AND line = 2`.execute(store());
    assert.equal(raw.rows[0]!.raw.出生日期, '1980年1月2日');
    assert.equal(raw.rows[0]!.raw.公民身份号码, OLD);
    const { rows: known } = await sql`SELECT line, state, reason, psn_no FROM department_row
      WHERE line IN (2, 3) ORDER BY line`.execute(store());
    assert.deepEqual(known, [
      { line: 2, state: 'linked', reason: 'certificate', psn_no: 'A1' },
      { line: 3, state: 'linked', reason: 'certificate', psn_no: 'A2' },
    ]);
    assert.equal((await readPersonFile(store(), 'A2'))!.death_date, '2025-02-01');
    assert.equal(await countOf(store(), 'person'), 3);
    await assert.rejects(sql`UPDATE department_row SET raw = '{}'`.execute(store()), /stays/);
    await assert.rejects(sql`DELETE FROM department_file`.execute(store()), /refused/);
  });

  test('what cannot be read of a cell is a problem of its row with what was expected', async () => {
    const { rows } = await sql<{
      problems: { field: string; value: string }[];
    }>`SELECT problems FROM department_row
      WHERE name = '丁四'`.execute(store());
    assert.deepEqual(
      rows[0]!.problems.map(({ field, value }) => [field, value]),
      [['certno', `${FOUR.slice(0, 17)}A`]],
    );
  });

  test('a file without a needed column, or no table at all, lands nothing and says why', async () => {
    const before = await countOf(store(), 'department_file');
    await assert.rejects(land(store(), 'civil-affairs', '姓名,身份证号\n甲,1\n'), (error: unknown) => {
      assert.ok(error instanceof YibaoError);
      assert.deepEqual(
        error.problems.map(({ definition, file, row, field }) => [definition.code, file, row, field]),
        [
          ['enrolment.missing-column', 'file.csv', 1, 'psn_idet_type'],
          ['enrolment.missing-column', 'file.csv', 1, 'begndate'],
        ],
      );
      return true;
    });
    await assert.rejects(
      land(store(), 'police', '姓名,性别\n"甲,男\n'),
      /file\.csv, line 2.*quotes do not match/s,
    );
    await assert.rejects(land(store(), 'police', ''), /no rows/);
    assert.equal(await countOf(store(), 'department_file'), before);
  });

  test('GB18030 and labels of assistance with their dates', async () => {
    // 姓名,身份证号,救助类别,认定日期,终止日期
    const text = `姓名,身份证号,救助类别,认定日期,终止日期\n甲一,${ONE},低保,2025-01-01,2025-12-31\n`;
    const { linked } = await land(store(), 'civil-affairs', gb18030(text));
    assert.equal(linked, 1);
    assert.deepEqual((await readPersonFile(store(), 'A1'))!.identities, [
      {
        ...{ psn_no: 'A1', psn_idet_type: '2303', psn_type_lv: '' },
        ...{
          begndate: '2025-01-01',
          enddate: '2025-12-31',
          memo: `department file ${await lastFile(store())}`,
        },
      },
    ]);
  });

  test('a row like a known person waits; its candidates are explained field by field; a decision is kept and stays', async () => {
    const row = `甲一,${ONE.slice(0, 16)}${(Number(ONE[16]) + 1) % 10}${ONE[17]},男,1980-01-02,13800000001,东区幸福路1号,990101,`;
    const { toReview } = await land(store(), 'police', `${POLICE}\n${row}\n`, 'second.csv');
    assert.equal(toReview, 1);
    const id = await lastReview(store());
    const { candidates, review } = await reviewDetail(store(), id);
    assert.equal(review.reason, 'similar');
    assert.equal(candidates[0]!.psnNo, 'A1');
    assert.deepEqual(
      candidates[0]!.weights.map(({ field, level, weight100 }) => [field, level, weight100]),
      [
        ['name', 'same', 628],
        ['brdy', 'same', 498],
        ['gend', 'same', 99],
        ['addr', 'part', 364],
        ['tel', 'same', 923],
        ['certno', 'one-digit', 864],
      ],
    );
    assert.equal(candidates[0]!.sum100, 3376);
    const decide = (decision: 'link' | 'new' | 'reject', psnNo?: string) =>
      decideReview(store(), { reviewId: id, decision, psnNo, reason: '电话核实', login: 'reviewer' }, now);
    await assert.rejects(decide('link', 'nobody'), /nobody has the number/);
    assert.deepEqual(await decide('link', 'A1'), { psnNo: 'A1' });
    await assert.rejects(decide('reject'), /reviewer decided it/);
    const { rows } = await sql`SELECT state, psn_no, decided_by, decision_reason,
      jsonb_array_length(decided_on) >= 1 AS has_weights FROM person_review WHERE review_id = ${id}`.execute(
      store(),
    );
    assert.deepEqual(rows, [
      {
        state: 'linked',
        psn_no: 'A1',
        decided_by: 'reviewer',
        decision_reason: '电话核实',
        has_weights: true,
      },
    ]);
    // the wrong number did not become a certificate
    assert.equal((await readPersonFile(store(), 'A1'))!.certificates.length, 1);
  });

  test('a new person, a refusal, and a certificate of somebody else', async () => {
    const rows = [`甲一,${FIVE},男,1980-01-02,,,990101,`, `己六,,女,1999-09-09,13900000001,,990101,`];
    await land(store(), 'police', [POLICE, ...rows].join('\n'), 'third.csv');
    const last = await lastReview(store());
    const decide = (reviewId: number, decision: 'link' | 'new' | 'reject', psnNo?: string) =>
      decideReview(store(), { reviewId, decision, psnNo, reason: '核实', login: 'reviewer' }, now);
    const made = await decide(last - 1, 'new');
    assert.equal((await readPersonFile(store(), made.psnNo!))!.certificates[0]!.certno, FIVE);
    assert.deepEqual(await decide(last, 'reject'), { psnNo: null });
    const { rows: refused } = await sql`SELECT state FROM department_row WHERE name = '己六'`.execute(
      store(),
    );
    assert.deepEqual(refused, [{ state: 'refused' }]);
    await land(store(), 'police', `${POLICE}\n别名,${ONE},男,1980-01-02,,,990101,\n`, 'fourth.csv');
    const id = await lastReview(store());
    assert.equal((await reviewDetail(store(), id)).review.reason, 'name-differs');
    await assert.rejects(decide(id, 'new'), /belongs to another person, A1/);
    await assert.rejects(decide(id, 'link', 'A2'), /belongs to another person, A1/);
    assert.deepEqual(await decide(id, 'link', 'A1'), { psnNo: 'A1' });
  });

  test('rows of a persons file are decided in the same queue, and their spans written', async () => {
    const header = 'name,certno,insutype,psn_type,begndate,insuplc_admdvs';
    const load = (row: string, name: string) =>
      importPersons(store(), readPersonRows(`${header}\n${row}`, name), name, now);
    assert.equal((await load(`甲一改,${ONE},310,11,2026-01-01,990101`, 'q.csv')).toReview, 1);
    const id = await lastReview(store());
    await decideReview(
      store(),
      { reviewId: id, decision: 'link', psnNo: 'A1', reason: '改名', login: 'r' },
      now,
    );
    assert.deepEqual(
      (await readPersonFile(store(), 'A1'))!.enrolments.map(({ insutype, begndate }) => [insutype, begndate]),
      [
        ['390', '2025-01-01'],
        ['310', '2026-01-01'],
      ],
    );
    await load(`甲一改,${ONE},390,11,2025-06-01,990101`, 'r.csv');
    const next = await lastReview(store());
    await assert.rejects(
      decideReview(
        store(),
        { reviewId: next, decision: 'link', psnNo: 'A1', reason: '改名', login: 'r' },
        now,
      ),
      /does not overlap/,
    );
  });

  test('a merge can be seen afterwards, both numbers resolve, and candidates follow it', async () => {
    const { rows } = await sql<{
      psn_no: string;
    }>`SELECT psn_no FROM person_certificate WHERE certno = ${FIVE}`.execute(store());
    const from = rows[0]!.psn_no;
    await mergePersons(store(), from, 'A1', now, { login: 'reviewer', reason: '同一人' });
    assert.equal((await readPersonFile(store(), from))!.psn_no, 'A1');
    const merged = await sql`SELECT from_psn_no, into_psn_no, reason, merged_by,
      (moved -> 'before' ->> 'certificates')::integer AS had, (moved -> 'stayed' ->> 'certificates')::integer AS stayed
      FROM person_merge`.execute(store());
    assert.deepEqual(merged.rows, [
      { from_psn_no: from, into_psn_no: 'A1', reason: '同一人', merged_by: 'reviewer', had: 1, stayed: 0 },
    ]);
    await assert.rejects(sql`UPDATE person_merge SET reason = ''`.execute(store()), /refused/);
  });

  test('the weight of a pair is the same in SQL and field by field', async () => {
    const weights = readWeights();
    const sometimes = <T>(values: readonly T[]) => fc.constantFrom(...values);
    const record = fc.record({
      name: sometimes(['甲一', '甲二', '甲', '', '买买提·艾力', '买买提艾力', '买买提', '甲一A']),
      brdy: sometimes([
        null,
        '1980-01-02',
        '1980-02-01',
        '1980-01-12',
        '1981-01-02',
        '1980-12-30',
        '1999-09-09',
      ]),
      gend: sometimes(['1', '2', '9', '0']),
      tel: sometimes(['', '13800000001', '13800000002']),
      addr: sometimes(['', '演示市东区幸福路1号', '东区幸福路1号', '幸福路1号', '西区和平街3号']),
      certno_given: sometimes([
        ...['', ONE, TWO, FIVE, OLD, ONE.slice(-6), ONE.slice(-4), ONE.slice(-3), `${ONE.slice(0, 17)}*`],
        `${ONE.slice(0, 6)}********${ONE.slice(-4)}`,
        `${'*'.repeat(15)}${ONE.slice(-3)}`,
        `${ONE.slice(0, 15)}99${ONE.slice(-1)}`,
        identityNumber('1980-01-02', 700),
      ]),
    });
    let line = 1_000;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(record, record), { minLength: 5, maxLength: 20 }), async (pairs) => {
        const base = line;
        line += 1_000;
        const text = JSON.stringify(pairs.map(([row], index) => ({ ...row, line: base + index })));
        for (const [index, [, other]] of pairs.entries()) {
          const psnNo = `X${base + index}`;
          await sql`INSERT INTO person (psn_no, name, brdy, gend) VALUES (${psnNo}, ${other.name}, ${other.brdy}, ${other.gend})`.execute(
            store(),
          );
          for (const [kind, value] of [
            ['tel', other.tel],
            ['addr', other.addr],
          ] as const) {
            if (value !== '')
              await sql`INSERT INTO person_contact (psn_no, kind, value) VALUES (${psnNo}, ${kind}, ${value})`.execute(
                store(),
              );
          }
          if (other.certno_given.length >= 15)
            await sql`INSERT INTO person_certificate (psn_cert_type, certno, psn_no)
              VALUES (${`${base + index}`}, ${other.certno_given}, ${psnNo})`.execute(store());
        }
        const { rows } = await sql<{
          line: number;
          weight100: number;
        }>`SELECT r.line, ${sql.raw(weightSql(weights))} AS weight100
          FROM jsonb_to_recordset(${text}::jsonb) AS r (line integer, name text, brdy date, gend text, tel text, addr text,
            certno_given text)
          JOIN person AS p ON p.psn_no = 'X' || r.line ORDER BY r.line`.execute(store());
        const list = (value: string) => (value === '' ? [] : [value]);
        const recordOf = ({ tel, addr, certno_given, ...rest }: (typeof pairs)[number][0]): LinkRecord => ({
          ...rest,
          ...{ tels: list(tel), addrs: list(addr), certnos: list(certno_given) },
        });
        assert.deepEqual(
          rows.map(({ weight100 }) => weight100),
          pairs.map(([row, other]) => {
            const person = recordOf(other);
            const certnos = other.certno_given.length >= 15 ? person.certnos : [];
            return sumOf(compareRecords(recordOf(row), { ...person, certnos }, weights));
          }),
        );
      }),
      { numRuns: 8 },
    );
    assert.equal(LINK_FIELDS.length, 6);
  });
});

const lastReview = async (store: Store): Promise<number> =>
  (await sql<{ id: number }>`SELECT max(review_id) AS id FROM person_review`.execute(store)).rows[0]!.id;
const lastFile = async (store: Store): Promise<number> =>
  (await sql<{ id: number }>`SELECT max(file_id) AS id FROM department_file`.execute(store)).rows[0]!.id;

/** The bytes of a text of the characters used here in GB18030, found by decoding every pair of bytes. */
function gb18030(text: string): Uint8Array {
  const decoder = new TextDecoder('gb18030');
  const pairs = new Map<string, readonly number[]>();
  for (let first = 0x81; first <= 0xfe; first++) {
    for (let second = 0x40; second <= 0xfe; second++) {
      if (second !== 0x7f) pairs.set(decoder.decode(new Uint8Array([first, second])), [first, second]);
    }
  }
  return new Uint8Array(
    [...text].flatMap((letter) => (letter < '\u0080' ? [letter.charCodeAt(0)] : pairs.get(letter)!)),
  );
}
