import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Engine } from '#engine/duckdb.ts';
import { catalogueText } from '#grouping/dip/index.ts';
import { SILENT } from '#kernel/progress.ts';
import { ALL_LISTS, buildAreaCatalogue, explainList, listText, settleYear } from '#payment/index.ts';
import { loadPolicies, policyChain, policyDateOfYear, resolvePolicy } from '#policy/index.ts';
import { answer } from '#workflow/answers/run-questions.ts';
import { settle } from '#workflow/jobs/settlement.ts';
import { randomDrgArea } from './support/drg-area.ts';
import { randomArea } from './support/random-area.ts';
import { settleToFiles } from './support/settle-files.ts';
import { writeArea } from './support/write-area.ts';

const YEAR = 2025;
const language = 'zh';

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const kept = (folder: string): string => {
  folders.push(folder);
  return folder;
};

/** The areas to be settled by the service: every way of grouping, and what makes the points and the money differ. */
const AREAS: Readonly<Record<string, () => Promise<string>>> = {
  ...Object.fromEntries(
    (['plain', 'level-without-history', 'huge-costs'] as const).map((twist) => [
      `DIP, ${twist}`,
      async () => kept(writeArea(randomArea(6, twist), 2)),
    ]),
  ),
  'DIP by a catalogue': async () => {
    const folder = kept(writeArea(randomArea(4, 'plain'), 2));
    const engine = await Engine.open();
    try {
      const policy = resolvePolicy({
        layers: policyChain(loadPolicies(), '000000', 'dip-3.0-draft'),
        asOf: policyDateOfYear(YEAR),
      });
      const options = { areaFolder: folder, year: YEAR, policy, threshold: { cases: 3n } };
      const { catalogue } = await buildAreaCatalogue(engine, options);
      writeFileSync(join(folder, 'catalogue.csv'), catalogueText(catalogue));
    } finally {
      engine.close();
    }
    const area = join(folder, 'area.yaml');
    writeFileSync(area, readFileSync(area, 'utf8').replace(/profile: .*/, 'profile: dip-3.0-draft'));
    return folder;
  },
  'DRG with ambiguous groups of their own': async () => {
    const folder = kept(writeArea(randomDrgArea(48), 1, 'drg-reference'));
    appendFileSync(
      join(folder, 'area.yaml'),
      'documents:\n  local: 随机市办法\noverrides:\n  grouping.ambiguous:\n    unit: choice\n    values:\n' +
        '      2022-01-01: {value: group, from: local, article: 第一条}\n',
    );
    return folder;
  },
};

describe('a run that was settled by the service', () => {
  for (const [name, makeArea] of Object.entries(AREAS)) {
    test(`${name}: has the files of the command line, and explains every kind of list by the same bytes without settling again`, async (t) => {
      const areaFolder = await makeArea();
      const dataFolder = kept(mkdtempSync(join(tmpdir(), 'yibao-kept-')));
      cpSync(areaFolder, join(dataFolder, 'areas', 'a'), { recursive: true });
      const files = await settleToFiles(areaFolder, YEAR);
      await settle({ runId: 1, areaId: 'a', year: YEAR }, { dataFolder, progress: SILENT, language });
      for (const [file, text] of Object.entries(files).filter(([file]) => file.endsWith('.csv'))) {
        assert.equal(readFileSync(join(dataFolder, 'runs', '1', file), 'utf8'), text, file);
      }
      // what happens to the area later is not the run's
      rmSync(join(dataFolder, 'areas'), { recursive: true });
      const engine = await Engine.open();
      try {
        const options = { areaFolder, year: YEAR, keepList: ALL_LISTS } as const;
        const settlement = await settleYear(engine, options);
        const rows = await engine.rows(
          `SELECT c.setl_id FROM case_score AS c LEFT JOIN case_result AS r ON r.setl_id = c.setl_id
           QUALIFY row_number() OVER (PARTITION BY r.deviation, r.kind, c.scheme ORDER BY c.setl_id) <= 2
           ORDER BY c.setl_id`,
        );
        assert.ok(rows.length > 3);
        for (const row of rows) {
          const setlId = String(row.setl_id);
          const explained = await explainList(engine, settlement, setlId);
          const given = await answer({ kind: 'explain', runId: 1, year: YEAR, dataFolder, language, setlId });
          const expected = JSON.stringify(explained.json).replaceAll(`${areaFolder}/`, '');
          const isSame = JSON.stringify(given.explanation) === expected;
          assert.ok(isSame && given.text === listText(explained, language), setlId);
        }
        t.diagnostic(`${rows.length} lists explained`);
      } finally {
        engine.close();
      }
    });
  }
});
