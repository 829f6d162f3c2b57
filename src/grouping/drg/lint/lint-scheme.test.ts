import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Engine } from '#engine/duckdb.ts';
import { SILENT } from '#kernel/progress.ts';
import { temporaryFolder } from '../../../../test/support/run-cli.ts';
import { readScheme } from '../read-scheme.ts';
import { writeScheme } from '../testing.ts';
import { lintScheme } from './lint-scheme.ts';

const HEADER =
  'setl_id,fixmedins_code,psn_no,insutype,gend,age,nwb_age,nwb_adm_wt,adm_time,dscg_time,dscg_way,medfee_sumamt,fund_pay_sumamt,diagnoses,procedures';

/** A list of 2025; `year` moves its discharge. */
const list = (id: string, cost: string, diagnoses: string, procedures: string, year = 2025) =>
  `${id},H1,P1,310,1,60,,,${year}-03-01,${year}-03-05,1,${cost},0,${diagnoses},${procedures}`;

test('what an expert asks of a scheme, on lists worked out by hand', async (t) => {
  const folder = temporaryFolder(t);
  const { scheme } = readScheme(
    writeScheme(join(folder, 'scheme'), {
      'steps.csv': [
        '1,mdc,MDCB,MDCB,principal_diagnosis in @MDCB',
        '2,adrg,MDCB,BB1,any_procedure in @BB1.px',
        '3,drg,MDCB,BB11,has_mcc',
        '4,drg,MDCB,BB13,has_cc',
        '5,drg,MDCB,BB15,always',
        '6,adrg,MDCB,BR1,sex == 1',
        '7,drg,MDCB,BR1,always',
        '8,ambiguous,MDCB,BQY,always',
      ],
    }),
  );
  mkdirSync(join(folder, 'area', 'settlement_lists'), { recursive: true });
  const px = '01.2408';
  const lists = [
    // BB11 (J96.000 is an MCC): mean 300, BB13: mean 290, BB15: mean 100
    list('a', '200', 'I63.900|J96.000', px),
    list('b', '400', 'I63.900|J96.000', px),
    list('c', '280', 'I63.900|E11.900', px),
    list('d', '300', 'I63.900|E11.900', px),
    list('e', '80', 'I63.900', px),
    list('f', '120', 'I63.900', px),
    // BR1: one list; ungrouped: two; not of the year, without cost, id twice: left out
    list('g', '50', 'I63.900', '99.9999'),
    list('h', '10', 'F20.900', ''),
    list('i', '10', 'F20.900', ''),
    list('j', '10', 'I63.900', px, 2024),
    list('k', '0', 'I63.900', px),
    list('l', '10', 'I63.900', px),
    list('l', '10', 'I63.900', px),
  ];
  writeFileSync(join(folder, 'area', 'settlement_lists', 'lists.csv'), `${[HEADER, ...lists].join('\n')}\n`);
  const engine = await Engine.open();
  t.after(() => engine.close());
  const lint = await lintScheme(engine, {
    scheme,
    areaFolder: join(folder, 'area'),
    year: 2025,
    minLists: 2,
    splitDifference: 0.2,
    progress: SILENT,
  });
  assert.deepEqual([lint.lists, lint.grouped, lint.ambiguous, lint.ungrouped], [9, 7, 0, 2]);
  const rounded = (value: number | undefined) => value?.toFixed(4);
  assert.deepEqual(
    lint.groups.map(({ drg, lists: count, meanCost, cv, findings }) => [
      drg,
      count,
      meanCost,
      rounded(cv),
      ...findings,
    ]),
    [
      // standard deviations of the sample: √2·100, √2·10, √2·20
      ['BB11', 2, 300, '0.4714'],
      ['BB13', 2, 290, '0.0488'],
      ['BB15', 2, 100, '0.2828'],
      ['BR1', 1, 50, undefined, 'few-lists'],
    ],
  );
  // mean 1430/7; squares within 20000 + 200 + 800
  const mean = 1430 / 7;
  const between = 2 * (300 - mean) ** 2 + 2 * (290 - mean) ** 2 + 2 * (100 - mean) ** 2 + (50 - mean) ** 2;
  assert.equal(rounded(lint.riv), rounded(between / (between + 21_000)));
  assert.deepEqual(
    lint.splits.map(({ heavier, lighter, difference, hasEffect }) => [
      heavier,
      lighter,
      rounded(difference),
      hasEffect,
    ]),
    [
      ['BB11', 'BB13', '0.0345', false],
      ['BB13', 'BB15', '1.9000', true],
    ],
  );
  assert.deepEqual(lint.ungroupedPrincipals, [{ code: 'F20.900', lists: 2 }]);
  assert.deepEqual(lint.unknownDiagnoses, [{ code: 'F20.900', lists: 2 }]);
  assert.deepEqual(lint.unknownProcedures, [{ code: '99.9999', lists: 1 }]);
  assert.deepEqual(
    lint.codeLists.find(({ list: name }) => name === 'BB1.px'),
    { list: 'BB1.px', codes: 2, used: 1 },
  );
});
