import type { App } from '#src/app/app.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { findCaptured } from './correct-capture.ts';

/** A capture with its fields as entered, for correction at the desk. */
export interface Correctable {
  eventId: string;
  occurredAt: string;
  recordedAt: string;
  purpose: string;
  textRef: string | null;
  typed: Record<string, string>;
}

export async function findCorrectable(
  app: App,
  actor: Actor,
  eventId: string,
): Promise<Correctable | undefined> {
  requireAbility(actor, 'permissions.capture');
  const found = await findCaptured(app.db, app, eventId);
  if (!found) return undefined;
  const { event, purpose, textRef, typed } = found;
  const { occurred_at: occurredAt, recorded_at: recordedAt } = event;
  return { eventId, occurredAt, recordedAt, purpose, textRef, typed };
}
