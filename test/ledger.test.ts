import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { sql } from 'kysely';
import { openStore } from '#engine/postgres/store.ts';
import { runCli } from './support/run-cli.ts';
import {
  ok,
  outpatientVisit,
  PERSONS_CSV,
  settlementOf,
  startVisitService,
  WORKER,
} from './support/visit-service.ts';

const folder = mkdtempSync(join(tmpdir(), 'yibao-ledger-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const data = join(folder, 'data');
const run = (...argv: string[]) => runCli([...argv, '--data', data]);

test('persons import, ledger close, verify and accounts from the command line; a tampered row is exit code 4', async () => {
  const missing = await run('ledger', 'verify');
  assert.equal(missing.exit, 3);
  assert.match(missing.stderr, /这里没有服务的数据/);
  const file = join(folder, 'persons.csv');
  writeFileSync(file, PERSONS_CSV.replace('1980-05-06', '').replace(WORKER.certno, '110105194912310020'));
  const wrong = await run('persons', 'import', file);
  assert.equal(wrong.exit, 3);
  assert.match(wrong.stderr, /第 2 行，字段 certno，值“110105194912310020”：应为校验位正确/);
  writeFileSync(file, PERSONS_CSV);
  const imported = await run('persons', 'import', file);
  assert.equal(imported.stdout, '5 行：写入 5 行，新建档案 4 份；待复核 0 行\n', imported.stderr);

  const place = { folder: join(data, 'postgres') };
  const service = await startVisitService(place);
  const mdtrtId = await outpatientVisit(service.send, WORKER, '2025-03-04', [{ yuan: 1000, sn: '1' }]);
  ok(await service.send('2207', settlementOf(WORKER, mdtrtId, 1000)));
  await service.close();

  assert.match((await run('ledger', 'close')).stdout, /^第 1 批：封存 1 条分录，链值 [0-9a-f]{64}\n$/);
  assert.equal((await run('ledger', 'close')).stdout, '没有未封存的分录\n');
  assert.match(
    (await run('ledger', 'verify')).stdout,
    /^一致：1 笔结算 = 1 条分录，\d+ 项累计；已封存 1 批，未封存 0 条/,
  );
  const month = Temporal.Now.zonedDateTimeISO('+08:00').toPlainDate().toString().slice(0, 7).replace('-', '');
  const accounts = JSON.parse((await run('ledger', 'accounts', '--month', month, '--json')).stdout);
  assert.deepEqual(
    accounts.map(
      ({ clr_type, insutype, settlements, medfee_fen, fund_fen, cash_fen }: Record<string, unknown>) => ({
        clr_type,
        insutype,
        settlements,
        medfee_fen,
        fund_fen,
        cash_fen,
      }),
    ),
    [
      {
        clr_type: '11',
        insutype: '310',
        settlements: 1,
        medfee_fen: 100_000,
        fund_fen: 36_000,
        cash_fen: 64_000,
      },
    ],
  );

  const store = await openStore(place);
  await sql`ALTER TABLE settlement DISABLE TRIGGER settlement_stays`.execute(store);
  await sql`UPDATE settlement SET policy_hash = 'x'`.execute(store);
  await store.destroy();
  const tampered = await run('ledger', 'verify');
  assert.equal(tampered.exit, 4);
  assert.match(tampered.stderr, /第 1 批（分录 1 至 1）封存后被改动/);
});
