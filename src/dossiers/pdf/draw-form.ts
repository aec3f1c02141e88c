import type { FieldName, FormConsent } from '#src/forms/form-definition.ts';
import { inLocale } from '#src/i18n/locales.ts';
import { type Translate, translator } from '#src/i18n/translate.ts';
import type { FormCopy } from '../sheet/sheet.ts';
import { colours, margins, type Pdf, room, width, withRule, write } from './page.ts';

const left = margins.left + 14;
const inner = width - 14;

/** A form as one person filled it in: its words as they were, the look of paper. */
export function drawForm(pdf: Pdf, form: FormCopy, t: Translate): void {
  const { definition, locale, typed } = form;
  const own = translator(locale);
  const { heading, intro, notice } = inLocale(definition.words, locale);
  const isMail = ({ name }: { name: FieldName }) => name === 'email';
  const draw = ({ name }: { name: FieldName }) =>
    drawField(pdf, own(`field.${name}`), typed[name] ?? '', t('proof.form.empty'));
  withRule(pdf, colours.line, () => {
    write(pdf, heading, { font: 'bold', size: 13, left, width: inner, gap: 3 });
    if (intro) write(pdf, intro, { size: 9, left, width: inner, gap: 4 });
    for (const field of definition.fields.filter(isMail)) draw(field);
    room(pdf, 130);
    write(pdf, own('form.purposes'), { font: 'bold', size: 11, left, width: inner, gap: 3 });
    for (const group of Map.groupBy(definition.consents, ({ purpose }) => purpose).values()) {
      drawGroup(pdf, group, form, own, t);
    }
    for (const field of definition.fields.filter((one) => !isMail(one))) draw(field);
    write(pdf, notice, { size: 8, left, width: inner, gap: 3, colour: colours.muted });
    const privacy = own('form.privacy', { version: definition.controller.privacy_version });
    write(pdf, `${privacy} (${definition.controller.privacy_url})`, { size: 8, left, width: inner, gap: 4 });
    write(pdf, t('proof.form.button', { label: own('form.submit') }), { size: 8.5, left, width: inner });
  });
  pdf.y += 8;
}

function drawGroup(pdf: Pdf, group: FormConsent[], form: FormCopy, own: Translate, t: Translate): void {
  const [first] = group;
  if (!first) return;
  const { titles, promises, third_parties } = first;
  room(pdf, 70);
  write(pdf, inLocale(titles, form.locale), { font: 'bold', size: 9.5, left, width: inner });
  const parties = third_parties.map((party) => own('form.third_party', { ...party }));
  const promise = [
    inLocale(promises, form.locale),
    ...(parties.length > 0 ? [own('form.third_parties', { count: parties.length })] : []),
    ...parties,
  ];
  write(pdf, promise.join('\n'), { size: 8, left, width: inner, gap: 3, colour: colours.muted });
  for (const { value, texts } of group) {
    drawBox(pdf, inLocale(texts, form.locale).wording, form.ticked.includes(value), t);
  }
}

const side = 10;

function drawBox(pdf: Pdf, wording: string, ticked: boolean, t: Translate): void {
  room(pdf, 36);
  const top = pdf.y + 1;
  pdf.rect(left, top, side, side).lineWidth(0.9).stroke(colours.ink);
  if (ticked) {
    pdf
      .moveTo(left + 2.2, top + 5.2)
      .lineTo(left + 4.4, top + 7.8)
      .lineTo(left + 8.2, top + 2.2)
      .lineWidth(1.7)
      .stroke(colours.ink);
  }
  const beside = { left: left + side + 8, width: inner - side - 8 };
  write(pdf, t(ticked ? 'proof.form.ticked' : 'proof.form.not_ticked'), {
    ...beside,
    font: ticked ? 'bold' : 'text',
    size: 7.5,
    colour: ticked ? colours.ink : colours.muted,
  });
  write(pdf, wording, { ...beside, font: 'quote', size: 8.5, gap: 5 });
}

function drawField(pdf: Pdf, label: string, value: string, empty: string): void {
  room(pdf, 40);
  write(pdf, label, { size: 7.5, left, width: inner, colour: colours.muted, lineGap: 0 });
  const top = pdf.y + 1;
  pdf.y = top + 4;
  const shown = value || empty;
  write(pdf, shown, {
    size: 9.5,
    left: left + 6,
    width: inner - 12,
    colour: value ? colours.ink : colours.muted,
  });
  // A value that went on to the next page has no box around it.
  if (pdf.y > top)
    pdf
      .rect(left, top, inner, pdf.y + 2 - top)
      .lineWidth(0.5)
      .stroke(colours.muted);
  pdf.y += 8;
}
