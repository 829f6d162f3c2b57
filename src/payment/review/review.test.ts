import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { fraction, parseDecimal, roundTo, scaledText } from '#kernel/fraction.ts';
import { parseYuan, yuanText } from '#kernel/money.ts';
import { PARAMETERS, type ParameterDefinition, parseValue } from '#policy/parameters.ts';
import { countVotes, type Vote } from './count-votes.ts';
import { drawPanel, type Expert, type PanelKind, type PanelQuestion } from './draw-panel.ts';
import { type Application, type EligibilityRules, eligibility, type ReviewedCase } from './eligibility.ts';
import { type Cell, publicRows } from './publication.ts';
import { type QuotaRule, quotaLines } from './quota.ts';
import { withinQuota } from './within-quota.ts';

type Texts = Readonly<Record<string, string>>;
type Cases = {
  readonly quota: readonly {
    readonly name: string;
    readonly base: 'area' | 'institution';
    readonly share?: string;
    readonly shares?: string;
    readonly institutions: readonly {
      readonly code: string;
      readonly level: number;
      readonly discharges: number;
    }[];
    readonly expect: readonly number[];
  }[];
  readonly eligibility: readonly {
    readonly name: string;
    readonly given: Readonly<Record<string, string | number>>;
    readonly expect: object;
  }[];
  readonly votes: readonly {
    readonly name: string;
    readonly given: {
      readonly members: number;
      readonly votes: string;
      readonly abstention?: string;
      readonly amount?: string;
    };
    readonly expect: object;
  }[];
  readonly panel: readonly {
    readonly name: string;
    readonly given: {
      readonly experts: string;
      readonly specialties?: string;
      readonly kind?: PanelKind;
      readonly conflicts?: readonly Texts[];
      readonly seats?: readonly Texts[];
    };
    readonly expect: Readonly<Record<string, unknown>>;
  }[];
  readonly publication: readonly {
    readonly name: string;
    readonly minimum: number;
    readonly cells: readonly string[];
    readonly expect: readonly string[];
  }[];
};
const cases = parse(readFileSync(join(import.meta.dirname, 'review.cases.yaml'), 'utf8')) as Cases;
const day = (text: string) => Temporal.PlainDate.from(text);
const codes = (text: string) => text.split('|').filter((code) => code !== '');

describe('quota', () => {
  for (const { name, base, share, shares, institutions, expect } of cases.quota) {
    test(name, () => {
      const definition: ParameterDefinition = PARAMETERS['special_case.level_quotas'];
      const bands = shares === undefined ? undefined : parseValue(definition, shares);
      const rule: QuotaRule =
        base === 'area'
          ? { base, share: parseDecimal(share!)! }
          : {
              base,
              shares: (bands as { readonly bands: Extract<QuotaRule, { base: 'institution' }>['shares'] })
                .bands,
            };
      const lines = quotaLines(
        rule,
        institutions.map(({ code, level, discharges }) => {
          return { fixmedinsCode: code, level, discharges: BigInt(discharges), passed: 0n };
        }),
      );
      assert.deepEqual(
        lines.map(({ quota }) => Number(quota)),
        expect,
      );
    });
  }
});

const RULES: EligibilityRules = {
  grounds: ['reason', 'high-cost', 'low-cost', 'small-group', 'ungrouped'],
  reasons: ['long-stay', 'high-cost', 'new-technology', 'critical', 'multi-discipline'],
  highRatio: fraction(2n),
  ratioReasons: ['high-cost'],
  lowRatio: fraction(4n, 10n),
  smallGroup: 5n,
  stayReasons: ['long-stay'],
  minimumStay: 60n,
  evidenceMinimum: 1n,
  applyDays: 90n,
};
const DISCHARGED = day('2025-03-31');

describe('eligibility of an application', () => {
  for (const { name, given, expect } of cases.eligibility) {
    test(name, () => {
      const grouped = given.standard !== undefined;
      const of: ReviewedCase = {
        setlId: 'L1',
        fixmedinsCode: 'H1',
        level: 3,
        scheme: '310',
        month: 3,
        dischargeDate: DISCHARGED,
        lengthOfStay: Number(given.stay ?? 10),
        costFen: parseYuan(String(given.cost))!,
        fundFen: 0n,
        groupCode: grouped ? 'G' : undefined,
        groupCases: grouped ? BigInt(given.group_cases ?? 100) : undefined,
        points4: 0n,
        standardFen: grouped ? parseYuan(String(given.standard))! : undefined,
        amountPointValue8: 1n,
      };
      const application: Application = {
        row: 2,
        setlId: 'L1',
        appliedAt: DISCHARGED.add({ days: Number(given.days ?? 10) }),
        reasons: codes(String(given.reasons)),
        specialties: ['cardiology'],
        text: 'why',
        evidence: Array.from({ length: Number(given.evidence ?? 1) }, (_, index) => `${index}.pdf`),
      };
      const missing = given.missing === undefined ? [] : ['0.pdf'];
      const { ratio, ...found } = eligibility(of, application, RULES, missing);
      const shown = ratio === undefined ? {} : { ratio: scaledText(roundTo(ratio, 4), 4) };
      assert.deepEqual({ ...found, ...shown }, expect);
    });
  }
});

function voteOf(text: string, index: number): Vote {
  const none = { expertCode: `E${index}`, grant: undefined, amountFen: undefined, points4: undefined };
  if (text === '-') return { ...none, vote: 'reject' };
  if (text === '0') return { ...none, vote: 'abstain' };
  if (text === '+') return { ...none, vote: 'pass', grant: 'cost' };
  if (text.startsWith('+')) {
    return { ...none, vote: 'pass', grant: 'amount', amountFen: parseYuan(text.slice(1))! };
  }
  return { ...none, vote: 'pass', grant: 'points', points4: roundTo(parseDecimal(text.slice(1))!, 4) };
}

describe('votes of a panel', () => {
  for (const { name, given, expect } of cases.votes) {
    test(name, () => {
      const votes = given.votes.split(' ').map(voteOf);
      const rules = {
        minimumVotes: 3,
        abstention: (given.abstention ?? 'as-rejection') as 'as-rejection',
        amount: (given.amount ?? 'median') as 'median',
      };
      const result = countVotes(given.members, votes, rules);
      assert.deepEqual(
        {
          outcome: result.outcome,
          basis: result.basis,
          ...(result.amountFen === undefined ? {} : { amount: yuanText(result.amountFen) }),
          ...(result.points4 === undefined ? {} : { points: scaledText(result.points4, 4) }),
          for: result.votesFor,
          against: result.votesAgainst,
          abstained: result.abstained,
        },
        expect,
      );
      assert.deepEqual(countVotes(given.members, votes.toReversed(), rules), result);
    });
  }
});

describe('drawing a panel', () => {
  for (const { name, given, expect } of cases.panel) {
    test(name, () => {
      const experts = given.experts.split(' ').map((text): Expert => {
        const [code, institutions, specialties] = text.split('/') as [string, string, string];
        return {
          code,
          name: code,
          institutions: codes(institutions),
          specialties: codes(specialties),
          activeFrom: day('2020-01-01'),
          activeUntil: undefined,
        };
      });
      const question: PanelQuestion = {
        setlId: 'L1',
        fixmedinsCode: 'H1',
        specialties: codes(given.specialties ?? 'cardiology'),
        kind: given.kind ?? 'first',
        drawnOn: day('2025-06-10'),
        seed: '1234',
      };
      const drawn = drawPanel(
        experts,
        question,
        { size: 5, minimum: 3, conflictMonths: 3 },
        (given.conflicts ?? []).map((each) => ({
          expertCode: each.expert!,
          fixmedinsCode: each.institution,
          setlId: each.case,
          declaredOn: day(each.declared_on!),
          until: each.until === undefined ? undefined : day(each.until),
        })),
        (given.seats ?? []).map((each) => ({
          expertCode: each.expert!,
          setlId: each.case ?? 'L9',
          fixmedinsCode: each.institution!,
          kind: 'first',
          drawnOn: day(each.drawn_on!),
        })),
      );
      if ('refused' in drawn) {
        const excluded = Object.fromEntries(Object.entries(drawn.excluded).filter(([, count]) => count > 0));
        const { specialties } = drawn;
        assert.deepEqual({ ...drawn, excluded, specialties }, { specialties: [], ...(expect as object) });
        return;
      }
      assert.equal(drawn.members.length, expect.members);
      assert.equal(drawn.candidates, expect.candidates);
      const covered = new Set(drawn.members.flatMap(({ specialties }) => specialties));
      assert.deepEqual([...covered].toSorted(), (expect.covers ?? question.specialties) as string[]);
    });
  }

  test('an expert is active from the first to the last day, both included', () => {
    const expert = (code: string, from: string, until: string | undefined): Expert => ({
      code,
      name: code,
      institutions: [],
      specialties: ['cardiology'],
      activeFrom: day(from),
      activeUntil: until === undefined ? undefined : day(until),
    });
    const drawn = drawPanel(
      [
        expert('A', '2025-06-10', undefined),
        expert('B', '2025-06-11', undefined),
        expert('C', '2020-01-01', '2025-06-10'),
        expert('D', '2020-01-01', '2025-06-09'),
      ],
      {
        setlId: 'L1',
        fixmedinsCode: 'H1',
        specialties: ['cardiology'],
        kind: 'first',
        drawnOn: day('2025-06-10'),
        seed: 's',
      },
      { size: 1, minimum: 1, conflictMonths: 0 },
      [],
      [],
    );
    assert.equal('refused' in drawn ? undefined : drawn.candidates, 2);
  });
});

describe('what stays within the quota', () => {
  const passed = [
    { setlId: 'L1', fixmedinsCode: 'A', appliedAt: day('2025-01-02'), excessFen: 300n },
    { setlId: 'L2', fixmedinsCode: 'A', appliedAt: day('2025-01-01'), excessFen: 100n },
    { setlId: 'L3', fixmedinsCode: 'B', appliedAt: day('2025-01-03'), excessFen: 300n },
  ];
  const counts = [
    { fixmedinsCode: 'A', level: 3, discharges: 200n, passed: 0n },
    { fixmedinsCode: 'B', level: 3, discharges: 200n, passed: 0n },
  ];
  const area: QuotaRule = { base: 'area', share: fraction(5n, 1000n) };
  const kept = (rule: QuotaRule, order: 'earliest' | 'largest-excess') =>
    withinQuota(passed, rule, counts, order).kept.map(({ setlId }) => setlId);

  test('the furthest above the standard, of equal ones the first to apply', () =>
    assert.deepEqual(kept(area, 'largest-excess'), ['L1', 'L3']));
  test('those that applied first', () => assert.deepEqual(kept(area, 'earliest'), ['L2', 'L1']));
  test('each institution has its own quota', () => {
    const shares = [{ upTo: undefined, value: fraction(5n, 1000n) }];
    assert.deepEqual(kept({ base: 'institution', shares }, 'largest-excess'), ['L1', 'L3']);
  });
});

describe('publication', () => {
  for (const { name, minimum, cells, expect } of cases.publication) {
    test(name, () => {
      const rows = publicRows(
        cells.map((text): Cell => {
          const [period, code, applications, passes, discharges] = text.split(' ') as [
            string,
            string,
            string,
            string,
            string,
          ];
          return {
            period: Number(period),
            fixmedinsCode: code,
            applications: Number(applications),
            passes: Number(passes),
            discharges: Number(discharges),
            fundFen: BigInt(discharges) * 1000n,
            reviewedFundFen: BigInt(passes) * 1000n,
            addedFen: 0n,
          };
        }),
        minimum,
      );
      assert.deepEqual(
        rows.map((row) => {
          const who = row.whole ? 'all' : (row.fixmedinsCode ?? 'others');
          const numbers = row.hidden ? 'hidden' : `${row.applications} ${row.passes}`;
          return `${row.from}-${row.to} ${who} ${numbers} ${row.discharges}`;
        }),
        expect,
      );
    });
  }
});
