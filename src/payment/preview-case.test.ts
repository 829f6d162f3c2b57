import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CatalogueIndex, type GroupingProfile, groupCase, REASON_TITLES } from '#grouping/dip/index.ts';
import { DRAFT_OPTIONS, testCatalogue } from '#grouping/dip/testing.ts';
import { fraction } from '#kernel/fraction.ts';
import { DIP_STEPS } from '#policy/index.ts';
import type { PointsPolicy } from './points/score-case.ts';
import { type PaymentBasis, previewCase } from './preview-case.ts';
import { PREVIEW_TEXTS, previewText } from './preview-text.ts';

/** What a preview must never say: advice to change what was done, written or how long the patient stayed. */
const ADVICE = {
  zh: /建议|推荐|可以|可改|应当|应该|如果|若|增加|补充|加做|添加|补录|补报|延长|缩短|拆分|分解|再次住院|转为|改为|改成|调整|更换|优化|才能|即可|还需|还差|缺少|缺失/,
  en: /\b(should|could|would|may|might|consider|recommend|suggest|advis\w+|add|adding|another|further operation|extend|prolong|split|readmit|change|adjust|instead|need\w*|lack\w*|missing|require\w*|if you|by \w+ing)\b/i,
};

test('no sentence of a preview advises anything', () => {
  for (const [name, text] of [...Object.entries(PREVIEW_TEXTS), ...Object.entries(REASON_TITLES)]) {
    for (const language of ['zh', 'en'] as const) assert.doesNotMatch(text[language], ADVICE[language], name);
  }
});

test('the patterns know advice when they see it', () => {
  for (const advice of ['增加 54.2100 可入更高分值的病种', '还差一项手术操作', '延长一天']) {
    assert.match(advice, ADVICE.zh);
  }
  for (const advice of [
    'add 54.2100',
    'a longer stay would pay more: extend it',
    'split the stay',
    'lacks 54.2100',
  ]) {
    assert.match(advice, ADVICE.en);
  }
});

const OPERATIONS = {
  '47.0100': 'surgery',
  '47.0901': 'surgery',
  '54.2100': 'diagnostic',
  '99.2503': 'therapeutic',
};
const ROWS = [
  { group_code: 'P0', kind: 'core', diagnosis: 'K35.9', score: '70', mean_cost: '700' },
  {
    group_code: 'P1',
    kind: 'core',
    diagnosis: 'K35.9',
    operations: '47.0100',
    score: '100',
    mean_cost: '1000',
  },
  {
    group_code: 'P2',
    kind: 'core',
    diagnosis: 'K35.9',
    operations: '47.0100+54.2100',
    score: '120',
    mean_cost: '1200',
  },
  {
    group_code: 'P3',
    kind: 'primary-care',
    diagnosis: 'K35.9',
    operations: '47.0901',
    score: '90',
    mean_cost: '900',
  },
  {
    group_code: 'P4',
    kind: 'diagnosis-assisted',
    diagnosis: 'K35.9',
    other_diagnosis: 'E11',
    operations: '47.0100',
    score: '500',
  },
  {
    group_code: 'P5',
    kind: 'tcm',
    diagnosis: 'K35.9',
    length_of_stay: '>=10',
    operations: '47.0100',
    score: '600',
  },
  { group_code: 'K35-1', kind: 'comprehensive', diagnosis: 'K35', score: '50' },
  { group_code: 'K35-4', kind: 'comprehensive', diagnosis: 'K35', score: '80' },
];
const profile: GroupingProfile = {
  steps: [
    'operation-lists',
    'tcm',
    'diagnosis-assisted',
    'core',
    'conservative',
    'comprehensive',
    'most-matched',
    'higher-score',
  ],
  options: DRAFT_OPTIONS,
};
const points: PointsPolicy = {
  lowRatio: fraction(1n, 2n),
  highRatio: fraction(2n),
  lowBoundary: 'below',
  highBoundary: 'above',
  ratioBase: 'mean-and-coefficient',
  lowPoints: 'with-coefficient',
  highPoints: 'coefficient-times-excess',
  extremeRatio: undefined,
  extremePoints: 'normal',
  typeInBase: false,
  ungroupedRatio: fraction(7n, 10n),
};
const basis: PaymentBasis = {
  paymentOf: ({ kind, score4, meanFen }) => ({
    coefficient4: kind === 'primary-care' ? 10_000n : 9_000n,
    score4,
    standard: meanFen === undefined ? undefined : { meanFen: fraction(meanFen), score4 },
    points,
  }),
  pointValue8: 950_000_000n,
};

describe('a preview', () => {
  test('shows what the chosen and the other satisfied groups would pay, and why these were not chosen', async () => {
    const catalogue = await testCatalogue(ROWS, OPERATIONS);
    const preview = previewCase(
      {
        principalDiagnosis: 'K35.900',
        otherDiagnoses: [],
        procedures: ['47.0100', '47.0901'],
        costFen: 100_000n,
        length_of_stay: 3,
      },
      catalogue,
      profile,
      basis,
    );
    assert.deepEqual(
      preview.candidates.map(({ group_code, state, points, amount }) => [group_code, state, points, amount]),
      [
        ['P1', 'chosen', '90.0000', '855.00'],
        ['P3', 'satisfied', '90.0000', '855.00'],
      ],
    );
    const text = previewText('1', preview, 'zh');
    assert.match(text, /P3 .*higher-score/);
  });

  test('an outlier is paid by its cost', async () => {
    const catalogue = await testCatalogue(ROWS, OPERATIONS);
    const case_ = { principalDiagnosis: 'K35.900', otherDiagnoses: [], procedures: ['47.0100'] };
    const preview = previewCase({ ...case_, costFen: 40_000n }, catalogue, profile, basis);
    assert.deepEqual([preview.candidates[0]!.deviation, preview.candidates[0]!.points], ['low', '40.0000']);
  });

  test('never names an operation, diagnosis or group the case would have to change for', async () => {
    const catalogue = await testCatalogue(ROWS, OPERATIONS);
    const input = fc.record({
      principalDiagnosis: fc.constantFrom('K35.900', 'K35.100', 'Z99.900'),
      otherDiagnoses: fc.subarray(['E11.900', 'I10.x00']),
      procedures: fc.subarray([...Object.keys(OPERATIONS), '77.7777']),
      length_of_stay: fc.option(fc.nat(20), { nil: undefined }),
      costFen: fc.option(fc.bigInt(1n, 10n ** 6n), { nil: undefined }),
    });
    const stepWords = new RegExp(
      Object.values(DIP_STEPS)
        .flatMap(({ zh, en }) => [zh, en])
        .map((words) => words.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('|'),
      'g',
    );
    fc.assert(
      fc.property(input, (each) => {
        const preview = previewCase(each, catalogue, profile, basis);
        for (const language of ['zh', 'en'] as const) {
          // the titles of the steps are those of the policy
          const text = previewText('1', preview, language).replaceAll(stepWords, '');
          assert.doesNotMatch(text, ADVICE[language]);
          for (const code of Object.keys(OPERATIONS).filter((own) => !each.procedures.includes(own))) {
            assert.ok(!text.includes(code), `${code} in ${text}`);
          }
        }
        for (const { group_code } of preview.candidates) {
          const rows = catalogue.entries.filter(({ groupCode }) => groupCode === group_code);
          const asked = rows.flatMap(({ operations }) => operations.parts.flat());
          assert.ok(
            asked.every((code) => each.procedures.includes(code)),
            `${group_code} asks for ${asked}`,
          );
          assert.ok(
            rows.every(
              ({ otherDiagnoses }) => otherDiagnoses.length === 0 || each.otherDiagnoses.includes('E11.900'),
            ),
          );
          assert.ok(rows.every(({ numbers }) => !numbers.length_of_stay || (each.length_of_stay ?? 0) >= 10));
        }
        const grouping = groupCase(each, new CatalogueIndex(catalogue), profile);
        assert.equal(preview.group_code, grouping.groupCode);
        const chosen = preview.candidates.filter(({ state }) => state === 'chosen');
        assert.deepEqual(
          chosen.map(({ group_code }) => group_code),
          grouping.groupCode === undefined ? [] : [grouping.groupCode],
        );
      }),
      { numRuns: 500, seed: 3 },
    );
  });
});
