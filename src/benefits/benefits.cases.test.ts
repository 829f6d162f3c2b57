import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { parse, stringify } from 'yaml';
import { YibaoError } from '#kernel/errors.ts';
import { parseYuan } from '#kernel/money.ts';
import { loadPolicies, loadPolicyFile, mappingParts, readYaml } from '#policy/index.ts';
import {
  accumulatorsOfYear,
  benefitLayers,
  benefitPolicy,
  explainSteps,
  noAccumulators,
  readPerson,
  readVisits,
  type SettlementTotals,
  settleVisit,
  type WaitingFacts,
  waitingPeriod,
} from './index.ts';

type Sums = Readonly<Record<string, string>>;
/** Totals in yuan by field, the identity chosen, and by step what funds pay and what stays with the person. */
type Expect = {
  readonly steps?: Sums;
  readonly self?: Sums;
  readonly [field: string]: string | Sums | undefined;
};
type Case = {
  readonly name: string;
  readonly source: string;
  readonly area?: string;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly person: unknown;
  readonly published?: Readonly<Record<string, string>>;
  readonly wrong?: string;
  readonly visits: readonly (Readonly<Record<string, unknown>> & { readonly expect: Expect })[];
};
type WaitingCase = {
  readonly name: string;
  readonly given: WaitingFacts;
  readonly expect: Readonly<Record<string, unknown>>;
};

const read = (name: string) => parse(readFileSync(join(import.meta.dirname, name), 'utf8')) as unknown;
const { cases: published, waiting } = read('benefits.cases.yaml') as {
  cases: Case[];
  waiting: WaitingCase[];
};
const { cases: practice } = read('practice.cases.yaml') as { cases: Case[] };
const cases = [...published, ...practice];
const folder = mkdtempSync(join(tmpdir(), 'yibao-benefits-'));
after(() => rmSync(folder, { recursive: true }));
const policies = loadPolicies();
const fen = (text: string): number => Number(parseYuan(text));

/** Writes the case as a user would and reads it as settle-visit does. */
function settleCase({ area, values, person, visits }: Case) {
  const policyFile = join(folder, 'policy.yaml');
  const visitFile = join(folder, 'visits.yaml');
  const source = { from: 'page', article: '算例', starts: '2000-01-01' };
  writeFileSync(policyFile, stringify({ documents: { page: '公开页面' }, source, values: values ?? {} }));
  const plain = visits.map(({ expect: _, ...visit }) => visit);
  writeFileSync(visitFile, stringify({ person, visits: plain }));
  const layers = [
    ...benefitLayers(area ?? '000000', policies),
    loadPolicyFile(policyFile, policies.documents),
  ];
  const first = String(plain[0]!.date);
  const { declared } = benefitPolicy(layers, first);
  const yaml = readYaml(visitFile);
  const visitsRead = readVisits(yaml, declared, 5);
  const part = mappingParts(yaml, yaml.root).find(({ key }) => key === 'person')!;
  const who = readPerson(yaml, part, declared, Number(first.slice(0, 4)));
  if (yaml.problems.length > 0) throw new YibaoError(yaml.problems);
  let accumulators = who!.accumulators ?? noAccumulators(Number(first.slice(0, 4)));
  return visitsRead.map((visit) => {
    accumulators = accumulatorsOfYear(accumulators, Number(visit.date.slice(0, 4)));
    const policy = benefitPolicy(layers, visit.date);
    const result = settleVisit({ policy, person: who!.person, visit, accumulators });
    const before = accumulators;
    accumulators = result.accumulators;
    const { settlement } = result;
    return { settlement, told: explainSteps(settlement, { policy, person: who!.person, visit, before }) };
  });
}

describe('worked cases of benefits', () => {
  for (const each of cases) {
    test(each.name, () => {
      const settlements = settleCase(each);
      for (const [index, { expect }] of each.visits.entries()) {
        const { totals, steps, identity } = settlements[index]!.settlement;
        const where = `visit ${index + 1}`;
        for (const [field, text] of Object.entries(expect)) {
          if (typeof text !== 'string') continue;
          if (field === 'identity') assert.equal(identity, text, `${where} identity`);
          else assert.equal(totals[field as keyof SettlementTotals], fen(text), `${where} ${field}`);
        }
        const sums = (code: string, field: 'fundPayFen' | 'selfPayFen') =>
          steps.filter((step) => step.code === code).reduce((sum, step) => sum + step[field], 0);
        for (const [code, text] of Object.entries(expect.steps ?? {})) {
          assert.equal(sums(code, 'fundPayFen'), fen(text), `${where} fund of ${code}`);
        }
        for (const [code, text] of Object.entries(expect.self ?? {})) {
          assert.equal(sums(code, 'selfPayFen'), fen(text), `${where} self of ${code}`);
        }
      }
      for (const [field, text] of Object.entries(each.published ?? {})) {
        assert.ok(each.wrong, 'a published error says what is wrong');
        assert.notEqual(settlements[0]!.settlement.totals[field as keyof SettlementTotals], fen(text));
      }
    });
  }
});

/** What the words of one language say that somebody pays, added up. */
const saidFen = (texts: readonly string[], pattern: RegExp): number =>
  texts.reduce(
    (sum, text) => sum + [...text.matchAll(pattern)].reduce((part, [, yuan]) => part + fen(yuan!), 0),
    0,
  );

test('the words of the steps add up to what funds and hospital pay and to what the person bears', () => {
  for (const each of cases) {
    for (const { settlement, told } of settleCase(each)) {
      const { fund_pay_sumamt, hosp_part_amt, psn_part_amt, acct_pay } = settlement.totals;
      const zh = told.map(({ text }) => text.zh);
      const en = told.map(({ text }) => text.en);
      const paid = fund_pay_sumamt + hosp_part_amt;
      const first = settlement.steps.find(({ code }) => code === 'TA01')?.selfPayFen ?? 0;
      assert.ok(first <= acct_pay);
      assert.equal(saidFen(zh, /(?<!账户)[支补]付 ([\d.]+) 元/g), paid, each.name);
      assert.equal(saidFen(zh, /([\d.]+) 元由个人负担/g) + first, psn_part_amt, each.name);
      assert.equal(saidFen(en, /pays ([\d.]+)/g), paid, each.name);
      assert.equal(
        saidFen(en, /([\d.]+)(?: yuan)? (?:are )?(?:left to|for) the person/g) + first,
        psn_part_amt,
        each.name,
      );
    }
  }
});

describe('waiting periods', () => {
  const policy = benefitPolicy(benefitLayers('000000', policies), '2027-01-01');
  for (const { name, given, expect } of waiting) {
    test(name, () => {
      const answer = waitingPeriod(policy, given) as unknown as Record<string, unknown>;
      for (const [field, value] of Object.entries(expect)) assert.equal(answer[field], value, field);
    });
  }
});
