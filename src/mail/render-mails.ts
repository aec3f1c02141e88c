import type { MailKind } from '#db/schema/mails.ts';
import type { App } from '#src/app/app.ts';
import type { AddressedMail } from './addressed-mail.ts';
import { renderConfirmSignup } from './render-confirm-signup.ts';
import { renderManageLink } from './render-manage-link.ts';
import { renderPermissionsChanged } from './render-permissions-changed.ts';
import { renderStaffKeyWaiting } from './render-staff-key-waiting.ts';
import { renderStaffLink } from './render-staff-link.ts';
import { renderStaffLogUnwatched } from './render-staff-log-unwatched.ts';
import type { RenderedMail, Renderer } from './rendered-mail.ts';

/** Renders mails. The result, by mail id, is stored and sent unchanged in all attempts. */
export async function renderMails(
  app: App,
  mails: AddressedMail[],
  at: Date,
): Promise<Map<string, RenderedMail>> {
  const byId = new Map<string, RenderedMail>();
  for (const [kind, render] of Object.entries(renderers)) {
    const some = mails.filter(({ row }) => row.kind === kind);
    const rendered = some.length > 0 ? await render(app, some, at) : [];
    for (const [index, mail] of rendered.entries()) {
      const { row, contactPoint, to } = some[index] as AddressedMail;
      const linkGeneration = contactPoint.link_generation;
      const { from } = app.config.mail;
      byId.set(row.id, { ...mail, from, to, renderedAt: at.toISOString(), linkGeneration });
    }
  }
  return byId;
}

const renderers: Record<MailKind, Renderer> = {
  'confirm-signup': renderConfirmSignup,
  'permissions-changed': renderPermissionsChanged,
  'manage-link': renderManageLink,
  'staff-invitation': renderStaffLink,
  'staff-password-reset': renderStaffLink,
  'staff-key-waiting': renderStaffKeyWaiting,
  'staff-log-unwatched': renderStaffLogUnwatched,
};
