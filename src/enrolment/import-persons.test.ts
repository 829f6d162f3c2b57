import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import type { Store } from '#engine/postgres/store.ts';
import { YibaoError } from '#kernel/errors.ts';
import { countOf, describeOnStores } from '../../test/support/stores.ts';
import { identityNumber } from '../../test/support/visit-service.ts';
import { importPersons, isIdentityNumber, personOn, readPersonFile, readPersonRows } from './index.ts';

const HEADER =
  'name,certno,insutype,psn_type,begndate,enddate,insuplc_admdvs,psn_no,identities,account_balance';
const [ONE, TWO, THREE, FOUR] = [1, 2, 3, 4].map((serial) => identityNumber('1980-01-02', serial)) as [
  string,
  string,
  string,
  string,
];
const now = Temporal.Instant.from('2025-01-01T00:00:00Z');
const load = (store: Store, lines: readonly string[], name = 'p.csv') =>
  importPersons(store, readPersonRows([HEADER, ...lines].join('\n'), name), name, now);

describe('the file is read whole or not at all', () => {
  test('every wrong cell is named with line, column, value and what is expected', () => {
    const text = [
      HEADER,
      `甲,${ONE},310,11,2025-01-01,,990100,,,12.345`,
      `,${TWO.slice(0, 17)}0,390,15,2025-02-30,,99010,,2303,`,
      `乙,${THREE},390,15,2025-05-01,2025-01-01,990100,,,`,
      `丙,${FOUR},390,15,2025-01-01,2025-12-31,990100,,,`,
      `丙,${FOUR},390,15,2025-06-01,,990100,,,`,
    ].join('\n');
    assert.throws(
      () => readPersonRows(text, 'p.csv'),
      (error: unknown) => {
        assert.ok(error instanceof YibaoError);
        assert.deepEqual(
          error.problems.map(({ row, field, value }) => [row, field, value]),
          [
            [2, 'account_balance', '12.345'],
            [3, 'certno', `${TWO.slice(0, 17)}0`],
            [3, 'begndate', '2025-02-30'],
            [3, 'name', ''],
            [3, 'insuplc_admdvs', '99010'],
            [3, 'identities', '2303'],
            [4, 'enddate', '2025-01-01'],
            [6, 'begndate', '2025-06-01'],
          ],
        );
        return true;
      },
    );
    assert.throws(() => readPersonRows('', 'p.csv'), /at least one person/);
    assert.throws(
      () => readPersonRows('name,colour\n甲,红\n', 'p.csv'),
      /certno: must be a column of the file/,
    );
  });

  test('the check digit of an identity number, published examples and others', () => {
    assert.ok(isIdentityNumber('11010519491231002X'));
    assert.ok(isIdentityNumber('440524188001010014'));
    assert.ok(!isIdentityNumber('110105194912310020'));
    assert.ok(!isIdentityNumber('110105194913310028'));
  });
});

describeOnStores('persons come in', (store) => {
  test('a known certificate links, what is doubtful waits for a person, the same file again changes nothing', async () => {
    const first = [
      `甲,${ONE},310,11,2024-01-01,2024-12-31,990100,A1,2303:2024-01-01/2024-06-30,10.00`,
      `甲,${ONE},390,15,2025-01-01,,990100,,,`,
      `乙,${TWO},390,15,2025-01-01,,990100,,,`,
    ];
    assert.deepEqual(await load(store(), first), { rows: 3, newPersons: 2, linked: 3, toReview: 0 });
    assert.deepEqual(await load(store(), first), { rows: 3, newPersons: 0, linked: 3, toReview: 0 });
    assert.equal(await countOf(store(), 'person'), 2);
    assert.equal(await countOf(store(), 'account_movement'), 1);
    const second = [
      `别名,${ONE},390,15,2026-01-01,,990100,,,`,
      `乙,${THREE},390,15,2025-01-01,,990100,,,`,
      `丁,${FOUR},390,15,2025-01-01,,990100,A1,,`,
    ];
    assert.deepEqual(await load(store(), second, 'q.csv'), {
      rows: 3,
      newPersons: 0,
      linked: 0,
      toReview: 3,
    });
    const { rows } = await sql`SELECT line, reason, jsonb_array_length(candidates) AS n FROM person_review
      ORDER BY line`.execute(store());
    assert.deepEqual(rows, [
      { line: 2, reason: 'name-differs', n: 1 },
      { line: 3, reason: 'same-name-and-birth', n: 1 },
      { line: 4, reason: 'number-taken', n: 1 },
    ]);
    assert.equal(await countOf(store(), 'person'), 2);
  });

  test('the person of a day has the scheme, class, state and identities of that day', async () => {
    const file = (await readPersonFile(store(), 'A1'))!;
    assert.equal(file.balance_fen, 1000);
    assert.equal(personOn(file, '2024-03-01', '310')?.person.status, 'normal');
    assert.equal(personOn(file, '2025-03-01', '310')?.person.entitledTo, '2024-12-31');
    assert.equal(personOn(file, '2024-03-01', '390')?.person.entitledFrom, '2025-01-01');
    assert.equal(personOn(file, '2024-03-01', '510'), undefined);
    assert.deepEqual(personOn(file, '2024-03-01', '310')?.person.identities, [
      { name: 'subsistence', from: '2024-01-01', to: '2024-06-30' },
    ]);
  });

  test('a span that overlaps one on file is refused with its line, and the one on file can be ended in the same file', async () => {
    const next = `乙,${TWO},390,15,2027-03-01,,990100,,,`;
    await assert.rejects(load(store(), [next], 'r.csv'), (error: unknown) => {
      assert.ok(error instanceof YibaoError);
      assert.deepEqual(
        error.problems.map(({ definition, file, row, field, value }) => [
          definition.code,
          file,
          row,
          field,
          value,
        ]),
        [['enrolment.wrong-cell', 'r.csv', 2, 'begndate', '2027-03-01']],
      );
      return true;
    });
    const ended = `乙,${TWO},390,15,2025-01-01,2027-02-28,990100,,,`;
    assert.equal((await load(store(), [ended, next], 'r.csv')).linked, 2);
  });

  test('the database refuses overlapping spans and the loss of a person', async () => {
    await assert.rejects(
      sql`INSERT INTO enrolment (psn_no, insutype, psn_type, begndate, insuplc_admdvs)
        VALUES ('A1', '390', '15', '2026-05-01', '990100')`.execute(store()),
      /overlapping spans/,
    );
    await assert.rejects(sql`DELETE FROM person`.execute(store()), /refused/);
  });
});
