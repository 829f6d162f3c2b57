import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { fraction } from '#kernel/fraction.ts';
import { countVotes, type Vote } from './count-votes.ts';
import {
  type DeclaredConflict,
  drawPanel,
  type Expert,
  exclusionOf,
  type PanelQuestion,
  type PastSeat,
} from './draw-panel.ts';
import { allocate, type Cell, publicRows } from './publication.ts';
import { type QuotaRule, quotaLines } from './quota.ts';
import { type Passed, withinQuota } from './within-quota.ts';

const SPECIALTIES = ['cardiology', 'neurology', 'surgery'];
const INSTITUTIONS = ['H1', 'H2', 'H3'];
const date = fc
  .integer({ min: 0, max: 400 })
  .map((days) => Temporal.PlainDate.from('2025-01-01').add({ days }));
const some = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
const institution = fc.constantFrom(...INSTITUTIONS);
const code = fc.integer({ min: 0, max: 29 }).map((number) => `E${number}`);

const experts: fc.Arbitrary<Expert[]> = fc.uniqueArray(
  fc.record({
    code,
    name: fc.constant('name'),
    institutions: fc.subarray(INSTITUTIONS),
    specialties: some(SPECIALTIES),
    activeFrom: date,
    activeUntil: fc.option(date, { nil: undefined }),
  }),
  { selector: (expert) => expert.code, maxLength: 30 },
);
const conflicts: fc.Arbitrary<DeclaredConflict[]> = fc.array(
  fc.oneof(
    fc.record({
      expertCode: code,
      fixmedinsCode: institution,
      setlId: fc.constant(undefined),
      declaredOn: date,
      until: fc.option(date, { nil: undefined }),
    }),
    fc.record({
      expertCode: code,
      fixmedinsCode: fc.constant(undefined),
      setlId: fc.constantFrom('L1', 'L2'),
      declaredOn: date,
      until: fc.constant(undefined),
    }),
  ),
  { maxLength: 8 },
);
const kind = fc.constantFrom('first' as const, 'appeal' as const);
const seats: fc.Arbitrary<PastSeat[]> = fc.array(
  fc.record({
    expertCode: code,
    setlId: fc.constantFrom('L1', 'L2'),
    fixmedinsCode: institution,
    kind,
    drawnOn: date,
  }),
  { maxLength: 10 },
);
const question: fc.Arbitrary<PanelQuestion> = fc.record({
  setlId: fc.constant('L1'),
  fixmedinsCode: institution,
  specialties: some(SPECIALTIES),
  kind,
  drawnOn: date,
  seed: fc.string(),
});
const oddNumber = fc.integer({ min: 0, max: 4 }).map((half) => half * 2 + 1);
const rules = fc
  .record({ a: oddNumber, b: oddNumber, conflictMonths: fc.integer({ min: 0, max: 6 }) })
  .map(({ a, b, conflictMonths }) => ({ size: Math.max(a, b), minimum: Math.min(a, b), conflictMonths }));

describe('panels', () => {
  test('are odd, large enough, of every specialty and free of conflicts, or refused because none such can be', () => {
    fc.assert(
      fc.property(experts, question, rules, conflicts, seats, (register, asked, how, declared, past) => {
        const drawn = drawPanel(register, asked, how, declared, past);
        const free = register.filter(
          (expert) => exclusionOf(expert, asked, how, declared, past) === undefined,
        );
        assert.equal(drawn.candidates, free.length);
        const covered = asked.specialties.every((each) => free.some((one) => one.specialties.includes(each)));
        if ('refused' in drawn) {
          assert.ok(!covered || free.length < drawn.needed);
          const excluded = Object.values(drawn.excluded).reduce((a, b) => a + b, 0);
          assert.equal(excluded + free.length, register.length);
          return;
        }
        const members = drawn.members.map(
          (member) => register.find((one) => one.code === member.expertCode)!,
        );
        assert.equal(members.length % 2, 1);
        assert.equal(new Set(members).size, members.length);
        assert.ok(members.length >= how.minimum && members.length <= Math.max(how.size, 3));
        for (const each of asked.specialties)
          assert.ok(members.some((one) => one.specialties.includes(each)));
        for (const member of members) {
          assert.ok(!member.institutions.includes(asked.fixmedinsCode));
          assert.ok(free.includes(member));
          if (asked.kind === 'appeal') {
            assert.ok(
              !past.some(
                (seat) => seat.expertCode === member.code && seat.setlId === 'L1' && seat.kind === 'first',
              ),
            );
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('are the same for the same seed, whatever the order of the files', () => {
    fc.assert(
      fc.property(experts, question, rules, conflicts, seats, (register, asked, how, declared, past) => {
        const drawn = drawPanel(register, asked, how, declared, past);
        const again = drawPanel(
          register.toReversed().map((expert) => ({
            ...expert,
            specialties: expert.specialties.toReversed(),
            institutions: expert.institutions.toReversed(),
          })),
          { ...asked, specialties: asked.specialties.toReversed() },
          how,
          declared.toReversed(),
          past.toReversed(),
        );
        assert.deepEqual(again, drawn);
      }),
      { numRuns: 500 },
    );
  });

  test('give every candidate the same chance', () => {
    const register = Array.from(
      { length: 10 },
      (_, index): Expert => ({
        code: `E${index}`,
        name: '',
        institutions: [],
        specialties: ['surgery'],
        activeFrom: Temporal.PlainDate.from('2020-01-01'),
        activeUntil: undefined,
      }),
    );
    const seatsOf = new Map<string, number>();
    for (let seed = 0; seed < 2000; seed += 1) {
      const drawn = drawPanel(
        register,
        {
          setlId: 'L1',
          fixmedinsCode: 'H1',
          specialties: ['surgery'],
          kind: 'first',
          drawnOn: Temporal.PlainDate.from('2025-01-01'),
          seed: String(seed),
        },
        { size: 5, minimum: 3, conflictMonths: 0 },
        [],
        [],
      );
      assert.ok('members' in drawn);
      for (const { expertCode } of drawn.members) seatsOf.set(expertCode, (seatsOf.get(expertCode) ?? 0) + 1);
    }
    // 1000 of 2000 each; the standard deviation is 22
    for (const seated of seatsOf.values()) assert.ok(Math.abs(seated - 1000) < 110, String(seated));
  });
});

const passes = fc
  .array(
    fc.record({
      fixmedinsCode: institution,
      days: fc.integer({ min: 0, max: 60 }),
      excess: fc.bigInt(-5n, 5n),
    }),
    {
      maxLength: 40,
    },
  )
  .map((list) =>
    list.map(
      ({ fixmedinsCode, days, excess }, index): Passed => ({
        setlId: `L${index}`,
        fixmedinsCode,
        appliedAt: Temporal.PlainDate.from('2025-01-01').add({ days }),
        excessFen: excess,
      }),
    ),
  );
const share = fc.integer({ min: 0, max: 400 }).map((part) => fraction(BigInt(part), 1000n));
const rule: fc.Arbitrary<QuotaRule> = fc.oneof(
  share.map((value) => ({ base: 'area' as const, share: value })),
  fc.tuple(share, share).map(([one, rest]) => ({
    base: 'institution' as const,
    shares: [
      { upTo: fraction(1n), value: one },
      { upTo: undefined, value: rest },
    ],
  })),
);

test('the quota is never exceeded, nothing is lost, and the order of the applications does not matter', () => {
  const order = fc.constantFrom('refuse' as const, 'largest-excess' as const, 'earliest' as const);
  const discharges = fc.tuple(...INSTITUTIONS.map(() => fc.integer({ min: 0, max: 60 })));
  fc.assert(
    fc.property(passes, rule, discharges, order, (passed, quota, numbers, how) => {
      const counts = INSTITUTIONS.map((fixmedinsCode, index) => ({
        fixmedinsCode,
        level: index + 1,
        discharges: BigInt(numbers[index]!),
        passed: 0n,
      }));
      const { kept, dropped } = withinQuota(passed, quota, counts, how);
      const used = counts.map((count) => ({
        ...count,
        passed: BigInt(kept.filter((each) => each.fixmedinsCode === count.fixmedinsCode).length),
      }));
      for (const line of quotaLines(quota, used)) assert.ok(line.passed <= line.quota);
      assert.deepEqual(new Set([...kept, ...dropped]), new Set(passed));
      assert.equal(kept.length + dropped.length, passed.length);
      assert.deepEqual(withinQuota(passed.toReversed(), quota, counts, how), { kept, dropped });
      // nobody is dropped while there is room
      for (const { fixmedinsCode } of dropped) {
        const line = quotaLines(quota, used).find(
          (each) => each.fixmedinsCode === undefined || each.fixmedinsCode === fixmedinsCode,
        )!;
        assert.equal(line.passed, line.quota);
      }
    }),
    { numRuns: 500 },
  );
});

test('votes: the order does not matter, one more vote to pass never makes a case fail', () => {
  const vote: fc.Arbitrary<Vote> = fc
    .constantFrom('pass' as const, 'reject' as const, 'abstain' as const)
    .map((each) => ({
      expertCode: '',
      vote: each,
      grant: each === 'pass' ? 'cost' : undefined,
      amountFen: undefined,
      points4: undefined,
    }));
  const abstention = fc.constantFrom('as-rejection' as const, 'left-out' as const);
  fc.assert(
    fc.property(fc.array(vote, { maxLength: 9 }), fc.nat(4), abstention, (votes, absent, counted) => {
      const how = { minimumVotes: 3, abstention: counted, amount: 'median' as const };
      const members = votes.length + absent;
      const result = countVotes(members, votes, how);
      assert.deepEqual(countVotes(members, votes.toReversed(), how), result);
      assert.equal(result.votesFor + result.votesAgainst + result.abstained, members);
      if (result.outcome === 'cost') assert.ok(result.votesFor > result.votesAgainst);
      const turned = votes.findIndex((each) => each.vote !== 'pass');
      if (result.outcome !== 'cost' || turned < 0) return;
      const more = votes.map((each, index) =>
        index === turned ? { ...each, vote: 'pass', grant: 'cost' } : each,
      );
      assert.equal(countVotes(members, more as Vote[], how).outcome, 'cost');
    }),
    { numRuns: 500 },
  );
});

const cells: fc.Arbitrary<Cell[]> = fc.uniqueArray(
  fc
    .record({
      period: fc.nat(5),
      fixmedinsCode: fc.constantFrom('A', 'B', 'C', 'D', 'E'),
      applications: fc.nat(6),
      passes: fc.nat(6),
      discharges: fc.integer({ min: 6, max: 90 }),
    })
    .map(
      (cell): Cell => ({
        ...cell,
        passes: Math.min(cell.passes, cell.applications),
        fundFen: BigInt(cell.discharges * 100),
        reviewedFundFen: BigInt(Math.min(cell.passes, cell.applications) * 70),
        addedFen: BigInt(Math.min(cell.passes, cell.applications) * 7),
      }),
    ),
  { selector: ({ period, fixmedinsCode }) => `${period}${fixmedinsCode}`, minLength: 1, maxLength: 25 },
);

test('the publication adds up, shows nothing that rests on too few cases, and does not mind the order', () => {
  fc.assert(
    fc.property(cells, fc.integer({ min: 1, max: 6 }), (given, minimum) => {
      const rows = publicRows(given, minimum);
      const names = [
        'applications',
        'passes',
        'discharges',
        'fundFen',
        'reviewedFundFen',
        'addedFen',
      ] as const;
      const sum = (of: readonly Cell[] | typeof rows, name: (typeof names)[number]) =>
        of.reduce((total, each) => total + BigInt(each[name]), 0n);
      const wholes = rows.filter(({ whole }) => whole);
      for (const name of names) {
        assert.equal(sum(wholes, name), sum(given, name));
        for (const whole of wholes) {
          const parts = rows.filter((row) => !row.whole && row.from === whole.from);
          if (parts.length > 0) assert.equal(sum(parts, name), BigInt(whole[name]));
        }
      }
      for (const { hidden, applications, passes: passed } of rows) {
        assert.ok(hidden || applications === 0 || applications >= minimum);
        assert.ok(hidden || passed === 0 || passed >= minimum);
      }
      assert.ok(rows.every(({ hidden }) => !hidden) || rows.length === 1);
      assert.deepEqual(publicRows(given.toReversed(), minimum), rows);
    }),
    { numRuns: 500 },
  );
});

test('parts of an amount add up to the whole, also of a negative one', () => {
  fc.assert(
    fc.property(
      fc.bigInt(-1_000_000n, 1_000_000n),
      fc.array(fc.bigInt(0n, 1000n), { minLength: 1, maxLength: 12 }),
      (whole, weights) => {
        const parts = allocate(whole, weights);
        const total = weights.reduce((a, b) => a + b, 0n);
        assert.equal(
          parts.reduce((a, b) => a + b, 0n),
          total === 0n ? 0n : whole,
        );
        if (total === 0n) return;
        parts.forEach((part, index) => {
          const exact = Number((whole * weights[index]! * 1000n) / total) / 1000;
          assert.ok(Math.abs(Number(part) - exact) <= 1.001);
        });
      },
    ),
  );
});
