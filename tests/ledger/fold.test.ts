import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventKind, EventTable } from '#db/schema/events.ts';
import { fold, type PermissionFacts } from '#src/ledger/fold.ts';

const kinds: EventKind[] = [
  'requested',
  'confirmed',
  'refused',
  'cancelled',
  'granted',
  'withdrawn',
  'objected',
  'renewed',
  'expired',
  'superseded',
  'imported',
  'corrected',
  'used',
];

let count = 0;
function event(kind: EventKind, changes: Partial<EventTable> = {}): EventTable {
  count += 1;
  const at = new Date(Date.UTC(2026, 0, 1) + count * 60_000).toISOString();
  return {
    id: `e${count}`,
    kind,
    occurred_at: at,
    recorded_at: at,
    permission_id: 'p',
    number: count,
    contact_point_id: 'c',
    purpose_id: 'u',
    channel: 'email',
    basis: 'consent',
    text_version_id: 't1',
    form_version_id: null,
    signup_id: null,
    origin: 'web_form',
    actor: 'person',
    evidence_grade: 'A',
    channel_verified: 1,
    valid_until: null,
    evidence_id: null,
    commitment: null,
    hash: '',
    ...changes,
  };
}

const folded = (...events: EventTable[]) =>
  events.reduce<PermissionFacts | undefined>((before, next) => fold(before, next), undefined);

describe('fold', () => {
  it('waits after a request and is granted by its confirmation', () => {
    const requested = event('requested', { signup_id: 's1' });
    expect(folded(requested)).toMatchObject({ state: 'pending', settled_state: 'none' });
    expect(folded(requested, event('confirmed', { signup_id: 's1' }))).toMatchObject({
      state: 'granted',
      pending_signup_id: null,
      text_version_id: 't1',
    });
  });

  it('stays granted while a further request is open', () => {
    const facts = folded(event('granted'), event('requested', { signup_id: 's1' }));
    expect(facts).toMatchObject({ state: 'granted', pending_signup_id: 's1' });
  });

  it('falls back to what it was when a request runs out', () => {
    const expired = (...before: EventTable[]) =>
      folded(...before, event('requested', { signup_id: 's1' }), event('expired', { signup_id: 's1' }))
        ?.state;
    expect(expired()).toBe('none');
    expect(expired(event('granted'), event('withdrawn'))).toBe('withdrawn');
    expect(expired(event('granted'))).toBe('granted');
  });

  it('keeps waiting for the newer request when the older one runs out', () => {
    const facts = folded(
      event('requested', { signup_id: 's1' }),
      event('requested', { signup_id: 's2' }),
      event('expired', { signup_id: 's1' }),
    );
    expect(facts).toMatchObject({ state: 'pending', pending_signup_id: 's2' });
  });

  it('takes nothing away when someone says that a request was not theirs', () => {
    const not = event('refused', { signup_id: 's1' });
    const requested = event('requested', { signup_id: 's1' });
    expect(folded(requested, not)?.state).toBe('refused');
    expect(folded(event('granted'), requested, not)?.state).toBe('granted');
    expect(folded(event('granted'), event('withdrawn'), requested, not)?.state).toBe('withdrawn');
  });

  it('does not let a thin proof push a strong one aside', () => {
    const strong = event('granted', { evidence_grade: 'B', text_version_id: 'signed' });
    const thin = event('renewed', { evidence_grade: 'D', text_version_id: 'typed' });
    expect(folded(strong, thin)).toMatchObject({ evidence_grade: 'B', text_version_id: 'signed' });
    expect(folded(strong, event('withdrawn'), thin)).toMatchObject({ evidence_grade: 'D' });
  });

  it('remembers when it was used last', () => {
    const used = event('used');
    expect(folded(event('granted'), used)).toMatchObject({
      state: 'granted',
      last_used_at: used.occurred_at,
    });
  });

  it('is not prolonged by a use that came after its end', () => {
    const [first, late] = [event('used'), event('used')];
    const tooLate = { ...late, valid_until: first.occurred_at };
    expect(folded(event('granted'), first, tooLate)?.last_used_at).toBe(first.occurred_at);
  });

  it('never leaves a No by anything but a new Yes', () => {
    const anyEvents = fc.array(
      fc.record({ kind: fc.constantFrom(...kinds), signup: fc.constantFrom(null, 's1', 's2') }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(anyEvents, (later) => {
        const yes = ['confirmed', 'granted', 'renewed', 'imported'];
        const harmless = later.filter(({ kind }) => !yes.includes(kind));
        const facts = folded(
          event('granted'),
          event('withdrawn'),
          ...harmless.map(({ kind, signup }) => event(kind, { signup_id: signup })),
        );
        expect(facts?.state).not.toBe('granted');
      }),
    );
  });

  it('is pending exactly while a request is open and nothing is granted', () => {
    const anyEvents = fc.array(
      fc.record({ kind: fc.constantFrom(...kinds), signup: fc.constantFrom(null, 's1', 's2') }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(anyEvents, (events) => {
        const facts = folded(...events.map(({ kind, signup }) => event(kind, { signup_id: signup })));
        expect(facts?.state === 'pending').toBe(
          facts?.pending_signup_id != null && facts.settled_state !== 'granted',
        );
      }),
    );
  });
});
