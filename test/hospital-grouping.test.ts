import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type JsonObject, reduceList } from '#claims/intake/index.ts';
import { openListMessages } from '#claims/quality/index.ts';
import { generateDemoArea } from '#demo/index.ts';
import { Engine, type Row } from '#engine/duckdb.ts';
import { materialiseViews, openKeptTables } from '#engine/kept-tables.ts';
import { nationalForm } from '#interface/client/send-lists.ts';
import { SILENT } from '#kernel/progress.ts';
import { openBase, openListGrouper } from '#payment/index.ts';

const YEAR = 2025;

test('a list sent through the interface gets the group its settlement gave it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'yibao-grouping-'));
  const engine = await Engine.open();
  try {
    const areaFolder = join(folder, 'area');
    await generateDemoArea({
      engine,
      folder: areaFolder,
      lists: 4000,
      seed: 3,
      year: YEAR,
      format: 'csv',
      progress: SILENT,
    });
    const settled = new Map<string, Row>();
    await openBase({
      areaFolder,
      year: YEAR,
      file: join(folder, 'kept.duckdb'),
      whenSettled: async (settling) => {
        for (const row of await settling.rows('SELECT setl_id, group_code, kind FROM case_result')) {
          settled.set(String(row.setl_id), row);
        }
        await materialiseViews(settling, ['case_result']);
      },
    });

    const kept = await openKeptTables(join(folder, 'kept.duckdb'));
    const groupOf = await openListGrouper(areaFolder, YEAR, kept);
    const reading = await Engine.open();
    const { messages } = await openListMessages(reading, join(areaFolder, 'settlement_lists'), {
      skipBadFiles: false,
      progress: SILENT,
    });
    let compared = 0;
    for await (const some of messages()) {
      for (const { setlId, input } of some) {
        const expected = settled.get(setlId);
        if (expected === undefined) continue;
        const group = groupOf(reduceList(nationalForm(input) as JsonObject).values);
        assert.equal(group.code, String(expected.group_code ?? ''), `${setlId} ${JSON.stringify(group)}`);
        assert.equal(group.isGrouped, group.code !== '');
        compared += 1;
      }
    }
    assert.equal(compared, settled.size);
    assert.ok(compared > 500);
    reading.close();
    kept.close();
    const without = await openListGrouper(areaFolder, YEAR, undefined);
    assert.match(without([]).reason, /尚无已结算/);
  } finally {
    engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
