import type { App } from '#src/app/app.ts';
import { type TextVersion, textRef, versionNumber } from '#src/consent-texts/text-version.ts';
import { csvCell } from '#src/decisions/scrub/csv-cell.ts';
import { publicId } from '#src/ids/public-id.ts';
import { maskContactPoint } from '#src/people/normalise-contact-point.ts';
import { affectedPeople } from '#src/permissions/affected-by-text.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { mayDo } from '#src/staff/roles.ts';

const rowsAtOnce = 500;
const cell = csvCell(',');

/**
 * Everybody whose consent rests on this text version, as CSV, with an entry in the audit trail. Addresses are masked unless
 * the actor may export plain ones.
 */
export async function exportAffected(
  app: App,
  actor: Actor,
  version: TextVersion,
): Promise<AsyncGenerator<string>> {
  requireAbility(actor, 'texts.approve');
  const plain = mayDo(actor.role, 'exports.addresses');
  const ref = `${textRef(version)}@${versionNumber(version) ?? ''}`;
  await app.db.transaction().execute(async (tx) => {
    const details = { version: version.id, addresses: plain ? 'plain' : 'masked' };
    await recordAudit(tx, app.now().toISOString(), actor, 'text.affected_exported', `text:${ref}`, details);
  });
  return linesOf(app, version.id, ref, plain);
}

async function* linesOf(app: App, versionId: string, ref: string, plain: boolean): AsyncGenerator<string> {
  const columns = ['permission_id', 'contact_point_id', 'channel', 'contact_point', 'text_version'];
  yield `${[...columns, 'granted_at', 'origin', 'form', 'source'].join(',')}\r\n`;
  for (let after = ''; ; ) {
    const people = await affectedPeople(app, versionId, after, rowsAtOnce);
    const last = people.at(-1);
    if (!last) return;
    after = last.permissionId;
    yield people
      .map((one) => {
        const address = plain ? one.contactPoint : maskContactPoint(one.channel, one.contactPoint);
        const ids = [publicId('permission', one.permissionId), publicId('contactPoint', one.contactPointId)];
        const cells = [...ids, one.channel, address, ref, one.grantedAt, one.origin, one.form, one.source];
        return `${cells.map((text) => cell(text ?? '')).join(',')}\r\n`;
      })
      .join('');
  }
}
