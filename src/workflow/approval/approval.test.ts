import assert from 'node:assert/strict';
import { test } from 'node:test';
import { YibaoError } from '#kernel/errors.ts';
import { describeOnStores } from '../../../test/support/stores.ts';
import { type Actor, advance, approvalSteps, findApproval, nextActions, openApproval } from './approval.ts';
import './tables.ts';
import { FIRST_STATE, LAST_STATES, readTransitions, TRANSITIONS } from './transitions.ts';

const AT = new Date('2026-01-05T08:00:00Z');
const person = (login: string): Actor => ({ login, may: () => true });
const refusedWith = (code: string) => (error: unknown) =>
  error instanceof YibaoError && error.problems[0]!.definition.code === code;

describeOnStores('approvals', (store) => {
  let subject = 0;
  const open = (kind = 'month') =>
    openApproval(store(), { kind, subject: `demo/2025/${subject++}`, content: { runId: 1 } }, 'chen', AT);
  const take = (id: string, action: string, login: string, reason?: string) =>
    advance(store(), { id, action, reason }, person(login), AT);

  test('a month goes through prepare, check, approve, publish and pay by different people', async () => {
    const { id } = await open();
    for (const [action, login] of [
      ['prepare', 'chen'],
      ['check', 'li'],
      ['approve', 'wang'],
      ['publish', 'chen'],
      ['pay', 'chen'],
    ] as const) {
      await take(id, action, login);
    }
    assert.equal((await findApproval(store(), id)).state, 'paid');
    assert.deepEqual(
      (await approvalSteps(store(), id)).map(
        (step) => `${step.number} ${step.login} ${step.from_state}→${step.to_state}`,
      ),
      [
        '1 chen draft→prepared',
        '2 li prepared→checked',
        '3 wang checked→approved',
        '4 chen approved→published',
        '5 chen published→paid',
      ],
    );
  });

  test('nobody controls a step of their own', async () => {
    for (const transition of TRANSITIONS.filter((one) => one.otherThan.length > 0)) {
      for (const earlier of transition.otherThan) {
        const { id } = await open(transition.kind);
        await walkTo(id, transition.kind, transition.from[0]!, earlier);
        await assert.rejects(
          take(id, transition.action, 'same', 'reason'),
          refusedWith('approval.same-eyes'),
          `${transition.kind} ${transition.action} after ${earlier}`,
        );
        const before = await approvalSteps(store(), id);
        const { state } = await findApproval(store(), id);
        const next = nextActions({ kind: transition.kind, state }, before, person('same'));
        assert.equal(
          next.find((one) => one.transition.action === transition.action)?.blockedBy?.login,
          'same',
        );
      }
    }
  });

  test('every action from a state it does not follow is refused and nothing is kept', async () => {
    for (const transition of TRANSITIONS.filter((one) => !one.from.includes(FIRST_STATE))) {
      const { id } = await open(transition.kind);
      await assert.rejects(take(id, transition.action, 'li', 'reason'), refusedWith('approval.not-now'));
      assert.equal((await approvalSteps(store(), id)).length, 0);
    }
  });

  test('a role that may not, an action that is none, a missing reason and an unknown approval are refused', async () => {
    const { id } = await open();
    await assert.rejects(
      advance(store(), { id, action: 'prepare' }, { login: 'li', may: () => false }, AT),
      refusedWith('approval.not-allowed'),
    );
    await assert.rejects(take(id, 'sing', 'li'), refusedWith('approval.no-such-action'));
    await take(id, 'prepare', 'chen');
    await assert.rejects(take(id, 'return', 'li', '  '), refusedWith('approval.reason-missing'));
    await assert.rejects(
      take('00000000-0000-4000-8000-000000000000', 'check', 'li'),
      refusedWith('approval.unknown'),
    );
  });

  test('after a return the round begins anew: who checked before may prepare now, and is then controlled', async () => {
    const { id } = await open();
    await take(id, 'prepare', 'chen');
    await take(id, 'return', 'li', 'totals differ from the minutes');
    await take(id, 'prepare', 'li');
    await assert.rejects(take(id, 'check', 'li'), refusedWith('approval.same-eyes'));
    await take(id, 'check', 'chen');
    assert.equal((await findApproval(store(), id)).state, 'checked');
  });

  test('one subject has one open approval, and another once it is reversed', async () => {
    const first = await open();
    const again = { kind: 'month', subject: first.subject, content: { runId: 2 } };
    await assert.rejects(openApproval(store(), again, 'chen', AT), refusedWith('approval.open-already'));
    for (const [action, login] of [
      ['prepare', 'chen'],
      ['check', 'li'],
      ['approve', 'wang'],
      ['publish', 'wang'],
    ] as const) {
      await take(first.id, action, login);
    }
    await take(first.id, 'reverse', 'wang', 'late lists');
    assert.equal((await openApproval(store(), again, 'chen', AT)).state, FIRST_STATE);
  });

  test('of two people who approve at once one is first and the other is told', async () => {
    const { id } = await open();
    await take(id, 'prepare', 'chen');
    await take(id, 'check', 'li');
    const both = await Promise.allSettled([take(id, 'approve', 'wang'), take(id, 'approve', 'zhao')]);
    assert.deepEqual(both.map((one) => one.status).toSorted(), ['fulfilled', 'rejected']);
    assert.equal((await approvalSteps(store(), id)).length, 3);
  });

  test('a step and what is done with it are kept together or not at all', async () => {
    const { id } = await open();
    await assert.rejects(
      advance(store(), { id, action: 'prepare' }, person('chen'), AT, async () => {
        throw new Error('the disk is full');
      }),
    );
    assert.equal((await findApproval(store(), id)).state, FIRST_STATE);
  });

  test('steps cannot be changed or removed', async () => {
    const { id } = await open();
    await take(id, 'prepare', 'chen');
    await assert.rejects(
      store().updateTable('approval_step').set({ login: 'li' }).where('approval_id', '=', id).execute(),
    );
    await assert.rejects(store().deleteFrom('approval_step').where('approval_id', '=', id).execute());
  });

  /** Leads an approval to a state; `action` on the way is taken by `same`, all else by others. */
  async function walkTo(id: string, kind: string, state: string, action: string): Promise<void> {
    const path = pathTo(kind, state, action);
    for (const [number, step] of path.entries()) {
      await take(id, step, step === action ? 'same' : `other-${number}`, 'reason');
    }
  }

  /** The shortest way from the first state that takes the action. */
  function pathTo(kind: string, state: string, action: string): readonly string[] {
    const queue: { state: string; path: readonly string[] }[] = [{ state: FIRST_STATE, path: [] }];
    for (const { state: at, path } of queue) {
      if (at === state && path.includes(action)) return path;
      for (const one of TRANSITIONS.filter((each) => each.kind === kind && each.from.includes(at))) {
        if (['returned', 'reversed', ...LAST_STATES].includes(one.to) || path.length > 8) continue;
        queue.push({ state: one.to, path: [...path, one.action] });
      }
    }
    throw new Error(`no way to ${state} by ${action} in ${kind}`);
  }
});

test('the table of transitions can be read, and every kind begins', () => {
  const transitions = readTransitions();
  for (const kind of new Set(transitions.map((one) => one.kind))) {
    assert.ok(
      transitions.some((one) => one.kind === kind && one.from.includes(FIRST_STATE)),
      kind,
    );
  }
});
