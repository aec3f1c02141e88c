import { newId } from '#src/ids/new-id.ts';
import type { OutgoingMail } from '#src/mail/transport.ts';

export function anOutgoingMail(changes: Partial<OutgoingMail> = {}): OutgoingMail {
  const id = newId();
  return {
    id,
    kind: 'confirm-signup',
    from: 'Muster Werkzeuge GmbH <consent@muster-werkzeuge.example>',
    replyTo: 'datenschutz@muster-werkzeuge.example',
    to: 'alice@example.org',
    subject: 'Bitte bestätigen: Neuigkeiten',
    text: 'Grüße\n\nhttps://consent.example/confirm/abc\n',
    html: '<!doctype html><html lang="de"><body><p>Grüße</p></body></html>',
    messageId: `<${id}@muster-werkzeuge.example>`,
    date: new Date('2026-11-02T09:00:00.000Z'),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Jawort-Mail': 'confirm-signup' },
    ...changes,
  };
}
