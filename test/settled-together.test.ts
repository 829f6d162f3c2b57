import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import type { StorePlace } from '#engine/postgres/store.ts';
import { verifyLedger } from '#fund/index.ts';
import { postgresFolder, startPostgres } from './support/postgres.ts';
import {
  AREA,
  feeLines,
  type Insured,
  identityNumber,
  ok,
  outpatientVisit,
  PHARMACY,
  settlementOf,
  startVisitService,
  type VisitService,
} from './support/visit-service.ts';

const missing = postgresFolder() === undefined && process.env.CI !== 'true';
const needsPostgres = { skip: missing ? 'no PostgreSQL here: SKIPPED' : false } as const;

const DAY = '2025-03-04';
const persons = Array.from({ length: 14 }, (_, index): Insured => {
  const psn_no = `88${String(index).padStart(8, '0')}`;
  return { psn_no, name: `人${index}`, certno: identityNumber('1970-02-03', index), insutype: '310' };
});
/** Every second has an account, which its neighbour may use, too. */
const csv = `psn_no,name,certno,insutype,psn_type,begndate,insuplc_admdvs,account_balance,family_owner\n${persons
  .map(({ psn_no, name, certno }, index) => {
    const family = index % 2 === 0 ? '200.00,' : `,${persons[index - 1]!.certno}`;
    return `${psn_no},${name},${certno},310,11,2020-01-01,${AREA},${family}\n`;
  })
  .join('')}`;

type Settled = { readonly figures: unknown; readonly answer: { infcode: number; err_msg: string } };
const figuresOf = (answer: { output: { setlinfo: Record<string, unknown> } }) => {
  const { setl_id, mdtrt_id, setl_time, medins_setl_id, ...figures } = answer.output.setlinfo;
  return figures;
};

/** A visit for each of the first persons, a purchase for each of the others: what is sent to settle them. */
async function prepare(service: VisitService) {
  const half = persons.length / 2;
  const visits = [];
  for (const [index, person] of persons.slice(0, half).entries()) {
    const lines = [1, 2, 3].map((line) => ({ yuan: String(100 * line + index), sn: String(line) }));
    const mdtrtId = await outpatientVisit(service.send, person, DAY, lines);
    visits.push(settlementOf(person, mdtrtId, String(600 + 3 * index), { acct_used_flag: '0' }));
  }
  const purchases = persons.slice(half).map((person, index) => ({
    druginfo: {
      ...settlementOf(person, '', String(90 + index)).data,
      begntime: `${DAY} 10:00:00`,
      med_type: '41',
    },
    drugdetail: feeLines(person, '', DAY, [{ yuan: String(90 + index), sn: '1' }]).feedetail,
  }));
  return { visits, purchases };
}

async function settleAll(service: VisitService, isAtOnce: boolean): Promise<Settled[]> {
  const { visits, purchases } = await prepare(service);
  const sending = [
    ...visits.map((input) => () => service.send('2207', input)),
    ...purchases.map((input) => () => service.send('2102', input, { fixmedins_code: PHARMACY })),
  ];
  const settled: Settled[] = [];
  const told = (answer: Awaited<ReturnType<VisitService['send']>>) => {
    ok(answer);
    settled.push({ figures: figuresOf(answer), answer });
  };
  if (isAtOnce) for (const answer of await Promise.all(sending.map((send) => send()))) told(answer);
  else for (const send of sending) told(await send());
  return settled;
}

const transactionsOf = async ({ store }: VisitService) =>
  (
    await sql<{
      n: number;
    }>`SELECT count(*) AS n FROM settlement GROUP BY xmin::text ORDER BY 1 DESC`.execute(store)
  ).rows.map(({ n }) => n);

/** @returns how many settlements each transaction of those at once has, the most first */
async function checkTogether(place: StorePlace): Promise<readonly number[]> {
  const [service, serial] = [
    await startVisitService(place, { persons: csv }),
    await startVisitService({ memory: true }, { persons: csv }),
  ];
  try {
    const [together, oneByOne] = [await settleAll(service, true), await settleAll(serial, false)];
    assert.deepEqual(
      together.map(({ figures }) => figures),
      oneByOne.map(({ figures }) => figures),
    );
    assert.deepEqual(new Set(await transactionsOf(serial)), new Set([1]));
    const { faults, settlements } = await verifyLedger(service.store);
    assert.deepEqual([faults, settlements], [[], persons.length]);
    return await transactionsOf(service);
  } finally {
    await serial.close();
    await service.close();
  }
}

describe('settlements that wait at once', () => {
  test('give the same figures as one after another', async () => {
    await checkTogether({ memory: true });
  });

  test('so they do on a PostgreSQL server, in fewer transactions', needsPostgres, async () => {
    const postgres = await startPostgres();
    try {
      const [most] = await checkTogether({ url: postgres.url });
      assert.ok(most! > 1, 'some were carried out together');
    } finally {
      await postgres.stop();
    }
  });

  test(
    'what is wrong with one is no matter of the others; a copy gets the first answer',
    needsPostgres,
    async () => {
      const postgres = await startPostgres();
      const service = await startVisitService({ url: postgres.url }, { persons: csv });
      try {
        const { visits } = await prepare(service);
        await sql`ALTER TABLE settlement ADD CHECK (invono <> 'breaks the store')`.execute(service.store);
        const [first, second, third, fourth, fifth, sixth, seventh] = visits.map(({ data }) => data);
        const send = (data: unknown, msgid?: string) =>
          service.send('2207', { data }, msgid === undefined ? {} : { msgid });
        const [good, copy, wrongTotal, nobody, broken, otherVisit, last] = await Promise.all([
          send(first, 'SAME'),
          send(first, 'SAME'),
          send({ ...second, medfee_sumamt: '1' }),
          send({ ...third, psn_no: 'nobody' }),
          send({ ...fourth, invono: 'breaks the store' }),
          send({ ...fifth, mdtrt_id: sixth!.mdtrt_id }),
          send(seventh),
        ]);
        ok(good);
        ok(last);
        assert.deepEqual(copy, good);
        assert.match((await send({ ...first, invono: 'other' }, 'SAME')).err_msg, /msgid 重复/);
        assert.match(wrongTotal.err_msg, /medfee_sumamt（医疗费总额）值“1\.00”：与待结算明细之和603\.00不等/);
        assert.match(nobody.err_msg, /psn_no（人员编号）值“nobody”：没有该人员/);
        assert.equal((broken as unknown as { statusCode: number }).statusCode, 500);
        assert.match(otherVisit.err_msg, /本机构没有该人员的这次就诊/);
        // and each of them goes when it is right
        for (const data of [second, third, fourth, fifth, sixth]) ok(await send(data));
        const { faults, settlements } = await verifyLedger(service.store);
        assert.deepEqual([faults, settlements], [[], 7]);
      } finally {
        await service.close();
        await postgres.stop();
      }
    },
  );

  test('a trial waits for nobody and keeps nobody waiting', needsPostgres, async () => {
    const postgres = await startPostgres();
    const service = await startVisitService({ url: postgres.url }, { persons: csv });
    try {
      const { visits } = await prepare(service);
      const trials = await service.store.transaction().execute(async (db) => {
        await sql`SELECT FROM visit FOR UPDATE`.execute(db);
        await sql`SELECT FROM person FOR UPDATE`.execute(db);
        await sql`SELECT FROM personal_account FOR UPDATE`.execute(db);
        return Promise.all(visits.map((input) => service.send('2206', input)));
      });
      const settled: Awaited<ReturnType<VisitService['send']>>[] = [];
      for (const input of visits) settled.push(await service.send('2207', input));
      const moneyOf = (answer: (typeof settled)[number]) => {
        const { psn_cash_pay, fund_pay_sumamt, acct_pay } = ok(answer).setlinfo;
        return { psn_cash_pay, fund_pay_sumamt, acct_pay };
      };
      assert.deepEqual(trials.map(moneyOf), settled.map(moneyOf));
    } finally {
      await service.close();
      await postgres.stop();
    }
  });

  test('several of one person and family follow one another', needsPostgres, async () => {
    const postgres = await startPostgres();
    const service = await startVisitService({ url: postgres.url }, { persons: csv });
    try {
      const [owner, member] = persons as [Insured, Insured, ...Insured[]];
      const visits = [];
      for (const person of [owner, member, owner, member, owner, member]) {
        visits.push({
          person,
          mdtrtId: await outpatientVisit(service.send, person, DAY, [{ yuan: '90', sn: '1' }]),
        });
      }
      const answers = await Promise.all(
        visits.map(({ person, mdtrtId }) => {
          const acct_used_flag = person === owner ? '1' : '2';
          return service.send('2207', settlementOf(person, mdtrtId, '90', { acct_used_flag }));
        }),
      );
      const fromAccount = answers.map((answer) => Number(ok(answer).setlinfo.acct_pay));
      const { rows } = await sql<{ balance_fen: number }>`SELECT balance_fen FROM personal_account
        WHERE psn_no = ${owner.psn_no}`.execute(service.store);
      assert.equal(
        rows[0]!.balance_fen,
        20_000 - Math.round(fromAccount.reduce((sum, each) => sum + each, 0) * 100),
      );
      assert.ok(rows[0]!.balance_fen >= 0);
      const { faults, settlements } = await verifyLedger(service.store);
      assert.deepEqual([faults, settlements], [[], 6]);
    } finally {
      await service.close();
      await postgres.stop();
    }
  });
});
