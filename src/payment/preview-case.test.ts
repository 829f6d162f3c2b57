import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CatalogueIndex, type GroupingProfile, groupCase, REASON_TITLES } from '#grouping/dip/index.ts';
import { DRAFT_OPTIONS, testCatalogue } from '#grouping/dip/testing.ts';
import { fraction } from '#kernel/fraction.ts';
import { DIP_STEPS } from '#policy/index.ts';
import { type PointsPolicy, scoreGroupedCase } from './points/score-case.ts';
import { type PaymentBasis, previewCase } from './preview-case.ts';
import { PREVIEW_ADJUSTMENTS, PREVIEW_TEXTS, previewText } from './preview-text.ts';

/** What a preview must never say: advice to change what was done, written or how long the patient stayed. */
const ADVICE = {
  zh: /建议|推荐|可以|可改|应当|应该|如果|若|增加|补充|加做|添加|补录|补报|延长|缩短|拆分|分解|再次住院|转为|改为|改成|调整|更换|优化|才能|即可|还需|还差|缺少|缺失/,
  en: /\b(should|could|would|may|might|consider|recommend|suggest|advis\w+|add|adding|another|further operation|extend|prolong|split|readmit|change|adjust|instead|need\w*|lack\w*|missing|require\w*|if you|by \w+ing)\b/i,
};

test('no sentence of a preview advises anything', () => {
  for (const [name, text] of [
    ...Object.entries(PREVIEW_TEXTS),
    ...Object.entries(REASON_TITLES),
    ...Object.entries(PREVIEW_ADJUSTMENTS),
  ]) {
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

/** The same, with a type in one group, a step that was taken and one that hangs on other cases. */
const adjustedBasis: PaymentBasis = {
  ...basis,
  paymentOf: (entry) => {
    const payment = basis.paymentOf(entry);
    if (payment.standard === undefined) return payment;
    const { standard, coefficient4 } = payment;
    return {
      ...payment,
      ofCase: (costFen) => {
        const type = entry.groupCode === 'P1' ? { code: 'severe', coefficient4: 12_000n } : undefined;
        const scored = scoreGroupedCase(
          costFen,
          { ...standard, typeCoefficient4: type?.coefficient4 },
          coefficient4,
          points,
        );
        const points4 = scored.points4 + 50_000n;
        return {
          type,
          scored,
          adjusted: {
            points4,
            steps: [{ adjustment: 'add-on', points4, reference: '新药' }],
            notWorkedOut: entry.groupCode === 'P3' ? ['readmission', 'high-share', 'tcm'] : [],
          },
        };
      },
    };
  },
};

describe('a preview', () => {
  test('shows the type and the adjustments that the case has in each group, and what it is paid with them', async () => {
    const catalogue = await testCatalogue(ROWS, OPERATIONS);
    const preview = previewCase(
      {
        principalDiagnosis: 'K35.900',
        otherDiagnoses: [],
        procedures: ['47.0100', '47.0901'],
        costFen: 100_000n,
      },
      catalogue,
      profile,
      adjustedBasis,
    );
    assert.deepEqual(
      preview.candidates.map((each) => [
        each.group_code,
        each.type,
        each.points_before,
        each.points,
        each.amount,
        each.not_worked_out?.join(),
      ]),
      [
        ['P1', 'severe', '108.0000', '113.0000', '1073.50', undefined],
        ['P3', undefined, '90.0000', '95.0000', '902.50', 'readmission,high-share,tcm'],
      ],
    );
    const text = previewText('1', preview, 'zh');
    assert.match(text, /辅助分型 severe，分型系数 1\.2000/);
    assert.match(text, /新药新技术点数 → 113\.0000（新药）/);
    assert.match(text, /未计入：短期再住院、高倍率病例占比上限、中医优势病组条件/);
    assert.match(previewText('1', preview, 'en'), /not counted: readmission, share of high outliers/);
  });

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
        // a basis without the case and one with its type and adjustments alike
        const preview = previewCase(
          each,
          catalogue,
          profile,
          (each.costFen ?? 0n) % 2n === 0n ? basis : adjustedBasis,
        );
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
