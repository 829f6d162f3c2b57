import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { Engine } from '#engine/duckdb.ts';
import { explainCase, settleYear } from '#payment/index.ts';
import { randomNumbers } from './support/random-area.ts';
import { settleToFiles } from './support/settle-files.ts';
import { testWithSharedData } from './support/shared-data.ts';

const YEAR = 2025;
const areaOf = (data: string) => join(data, 'payment', 'reference-area', 'area');
const withoutReason = (text: string) =>
  (parse(text, { columns: true }) as Record<string, string>[]).map(({ file, row, setl_id }) => [
    file,
    row,
    setl_id,
  ]);

testWithSharedData('the reference area gives the expected files byte for byte', async (data) => {
  const expected = join(data, 'payment', 'reference-area', 'expected');
  const files = await settleToFiles(areaOf(data), YEAR);
  for (const name of readdirSync(expected)) {
    const text = readFileSync(join(expected, name), 'utf8');
    // the wording of a refusal is ours
    if (name === 'refused.csv') assert.deepEqual(withoutReason(files[name]!), withoutReason(text));
    else assert.equal(files[name], text, name);
  }
});

testWithSharedData(
  'shuffled, split and mixed over the years, the lists of the reference area give the same result',
  async (data) => {
    const original = areaOf(data);
    const folder = mkdtempSync(join(tmpdir(), 'yibao-shuffled-'));
    cpSync(original, folder, { recursive: true });
    const lists = join(folder, 'settlement_lists');
    rmSync(lists, { recursive: true });
    mkdirSync(lists);
    const texts = readdirSync(join(original, 'settlement_lists')).map((name) =>
      readFileSync(join(original, 'settlement_lists', name), 'utf8')
        .trimEnd()
        .split('\n'),
    );
    const header = texts[0]![0]!;
    const random = randomNumbers(2025);
    const rows = texts
      .flatMap((lines) => lines.slice(1))
      .map((row) => ({ row, key: random() }))
      .toSorted((a, b) => a.key - b.key)
      .map(({ row }) => row);
    const FILES = 7;
    for (let file = 0; file < FILES; file += 1) {
      const own = rows.filter((_, index) => index % FILES === file);
      writeFileSync(join(lists, `part ${file}.csv`), `${[header, ...own].join('\r\n')}\r\n`);
    }
    const [first, second] = [await settleToFiles(original, YEAR), await settleToFiles(folder, YEAR)];
    rmSync(folder, { recursive: true });
    for (const name of Object.keys(first)) {
      if (name !== 'manifest.json' && name !== 'refused.csv') assert.equal(second[name], first[name], name);
    }
    const ids = (text: string) =>
      withoutReason(text)
        .map(([, , id]) => id)
        .toSorted();
    assert.deepEqual(ids(second['refused.csv']!), ids(first['refused.csv']!));
  },
);

testWithSharedData(
  'every list of the reference area is explained with the numbers of the run',
  async (data) => {
    const engine = await Engine.open();
    try {
      const settlement = await settleYear(engine, { areaFolder: areaOf(data), year: YEAR });
      const cases = await engine.rows(
        'SELECT setl_id, group_code, kind, deviation, points_text(points4) AS points FROM case_result ORDER BY setl_id',
      );
      const EVERY = 7;
      for (const row of cases.filter((_, index) => index % EVERY === 0)) {
        const explanation = await explainCase(engine, settlement, String(row.setl_id));
        assert.equal(explanation.points, row.points);
        assert.equal(explanation.assignment!.groupCode ?? null, row.group_code);
        assert.equal(explanation.deviation, row.deviation ?? 'ungrouped');
      }
    } finally {
      engine.close();
    }
  },
);
