import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { policyOfTexts } from '#benefits/testing.ts';
import { type RefundFacts, refundOf } from './index.ts';

const cases = parse(readFileSync(join(import.meta.dirname, 'refund.cases.yaml'), 'utf8')) as {
  name: string;
  values?: Parameters<typeof policyOfTexts>[0];
  given: RefundFacts;
  expect: Readonly<Record<string, unknown>>;
}[];

describe('refunds of residents’ contributions', () => {
  for (const { name, values = {}, given, expect } of cases) {
    test(name, () => {
      const refund: Readonly<Record<string, unknown>> = refundOf(policyOfTexts(values), given);
      for (const [field, value] of Object.entries(expect)) assert.equal(refund[field], value, field);
    });
  }
});
