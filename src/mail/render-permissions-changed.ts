import type { ControllerTable } from '#db/schema/controllers.ts';
import type { LogHead } from '#emails/layout.ts';
import { permissionsChangedMail } from '#emails/permissions-changed.ts';
import type { App } from '#src/app/app.ts';
import { publicId } from '#src/ids/public-id.ts';
import { cellGrounds } from '#src/ledger/cell-grounds.ts';
import { hasInvalidText, type MatrixCell, permissionMatrix } from '#src/ledger/permission-matrix.ts';
import { restrictionOf } from '#src/ledger/person-events.ts';
import { newestCheckpoint } from '#src/log/log-status.ts';
import { decryptJson } from '#src/people/encryption.ts';
import { maskContactPoint } from '#src/people/normalise-contact-point.ts';
import type { AddressedMail } from './addressed-mail.ts';
import type { MailParams } from './outbox.ts';
import type { Renderer } from './rendered-mail.ts';

export const renderPermissionsChanged: Renderer = async (app, mails) => {
  const controllers = await app.db.selectFrom('controllers').selectAll().orderBy('created_at').execute();
  const head = await newestCheckpoint(app.db);
  const log = head && { size: Number(head.size), root: head.root };
  return Promise.all(mails.map((mail) => renderOne(app, mail, controllers, log)));
};

async function renderOne(
  app: App,
  { row, person }: AddressedMail,
  all: ControllerTable[],
  log: LogHead | undefined,
) {
  const { changes, because } = decryptJson<MailParams['permissions-changed']>(person.key, row.params_enc);
  const matrix = await permissionMatrix(app.db, person, row.locale);
  const groundOf = await cellGrounds(app.db, person, matrix);
  const concerned = changes.map(
    (change) =>
      matrix.find((cell) => cell.purpose === change.purpose && cell.channel === change.channel) ??
      matrix.find((cell) => cell.purpose === change.purpose),
  );
  // A company only reports its own permissions.
  const own = all.filter(({ id }) => concerned.some((cell) => cell?.controllerId === id));
  const controllers = own.length > 0 ? own : all;
  const [sender] = controllers;
  const mail = permissionsChangedMail({
    locale: row.locale,
    at: row.created_at,
    changes: changes.map(({ purpose, channel, to }, index) => ({
      // A purpose that was retired since has no title.
      title: concerned[index]?.title ?? purpose,
      channel,
      to,
      basis: concerned[index]?.channel === channel ? concerned[index].basis : null,
    })),
    controllers: controllers.map((controller) => ({
      ...controller,
      cells: matrix
        .filter((cell) => cell.controllerId === controller.id)
        .map((cell) => ({ ...groundOf(cell), ...shown(cell) })),
    })),
    invalidTexts: matrix
      .filter((cell) => hasInvalidText(cell) && controllers.some(({ id }) => id === cell.controllerId))
      .map(({ title, channel }) => ({ title, channel })),
    because,
    restriction: await restrictionOf(app.db, person.id, app.now().toISOString()),
    reference: row.signup_id ? publicId('signup', row.signup_id) : row.id,
    log,
  });
  return { ...mail, replyTo: sender?.privacy_email ?? '' };
}

function shown(cell: MatrixCell) {
  const { channel, contactPoint, verified } = cell;
  const masked = channel === 'email' || !contactPoint ? null : maskContactPoint(channel, contactPoint);
  return { contactPoint: masked, verified, invalid: hasInvalidText(cell) };
}
