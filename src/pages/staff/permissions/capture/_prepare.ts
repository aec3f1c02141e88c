import type { APIContext } from 'astro';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import { openDesk } from '#src/desk/open-desk.ts';
import { findForm, findFormVersion } from '#src/forms/find-form.ts';
import { Problem } from '#src/http/problem.ts';
import { inLocale, isLocale } from '#src/i18n/locales.ts';
import { purposeChannels } from '#src/ledger/permission-matrix.ts';
import type { Block } from '#src/people/find-blocks.ts';
import { blocksAtDesk } from '#src/permissions/blocks-at-desk.ts';
import { type Correctable, findCorrectable } from '#src/permissions/find-correctable.ts';
import { type DeskPerson, findAtDesk } from '#src/permissions/look-up-person.ts';
import { type AskableText, loadUsedTexts } from '#src/permissions/look-up-texts.ts';
import { mayDo } from '#src/staff/roles.ts';
import { channels } from '../_desk.ts';
import { isWay, type Way, type WayName, ways } from '../_ways.ts';
import { answerCapture, answerTakeBack } from './_answer-capture.ts';
import { typedThen, wayOf } from './_correction.ts';
import { type CaptureSubject, contactPointOf, type DeskFault } from './_read-capture.ts';
import { readFields } from './_read-fields.ts';

/** Everything that a capture page shows. */
export interface CapturePage {
  name: WayName;
  way: Way;
  texts: (AskableText & { title: string })[];
  /** The words that were chosen. Without them the page asks for them first. */
  text: AskableText | undefined;
  /** For bases without words: the purposes that have the one channel. */
  purposes: { key: string; title: string }[];
  channel: Channel | undefined;
  /** The form on the sheet of paper that is captured, where its QR code led here. */
  paper: { form: string; number: number; current: boolean } | undefined;
  typed: Record<string, string>;
  faults: DeskFault[];
  /** What stands on the address, which the agent is told before a yes is kept. */
  blocks: Block[];
  /** Who it is taken down for, where that is known already. */
  person: DeskPerson | undefined;
  /** What is mended. */
  corrects: Correctable | undefined;
}

/** Reads what was typed, keeps it if it is whole, and otherwise shows it again. */
export async function prepareCapture(context: APIContext): Promise<Response | CapturePage> {
  const { app, actor, locale } = openDesk(context);
  const mayCapture = mayDo(actor.role, 'permissions.capture');
  const name = context.params.way;
  if (!isWay(name)) throw new Problem(404);
  if (!mayCapture) throw new Problem(403);
  const way: Way = ways[name];
  const posted = context.request.method === 'POST';
  const query = Object.fromEntries(context.url.searchParams);
  const given = posted ? await readFields(context.request) : { typed: query, scan: undefined };
  const corrects = await correctedBy(context, name, given.typed.corrects);
  const then = corrects ? typedThen(name, corrects) : {};
  const typed: Record<string, string> = posted ? given.typed : { ...then, ...given.typed };
  const person = typed.for ? await findAtDesk(app, actor, typed.for, locale) : undefined;
  const sheet = await sheetOf(context, typed);
  const offered = await offers(context, way, locale, sheet?.refs);
  const text = offered.texts.find(({ ref }) => ref === typed.text);
  const channel = way.channel ?? text?.channel;
  const page: CapturePage = {
    name,
    way,
    ...offered,
    text,
    channel,
    paper: sheet?.paper,
    typed,
    faults: [],
    blocks: [],
    person,
    corrects,
  };
  if (posted && typed.action === 'take_back' && corrects) {
    const answer = await answerTakeBack(context, corrects, typed);
    return answer instanceof Response ? answer : { ...page, faults: answer };
  }
  if (posted && typed.action === 'save') {
    const subject = subjectOf(page);
    const unread = text && typed.shown !== text.ref;
    page.blocks = subject ? await blocksOf(context, subject, typed) : [];
    const untold =
      page.blocks.length > 0 && typed.despite_block !== '1' && typed.answer !== 'no' && !corrects;
    if (untold && !unread) {
      const field = subject?.channel === 'post' ? 'street' : 'contact_point';
      return { ...page, faults: [{ field, code: 'blocked' }] };
    }
    const faults = unread
      ? [{ field: 'text', code: 'unread' as const }]
      : subject
        ? await answerCapture(context, name, subject, given, page)
        : [{ field: way.basis === 'consent' ? 'text' : 'purpose', code: 'choose' as const }];
    if (faults instanceof Response) return faults;
    return { ...page, faults };
  }
  if (posted && typed.action === 'text' && !text) page.faults = [{ field: 'text', code: 'choose' }];
  const begun = { ...known(person, channel, actor.name), ...filled(typed, channel) };
  const subject = subjectOf({ ...page, typed: begun });
  return { ...page, typed: begun, blocks: subject ? await blocksOf(context, subject, begun) : [] };
}

/** Those that concern this purpose. */
async function blocksOf(
  context: APIContext,
  { purpose, channel }: CaptureSubject,
  typed: Record<string, string>,
): Promise<Block[]> {
  const { app, actor } = openDesk(context);
  const blocks = await blocksAtDesk(app, actor, contactPointOf(channel, typed), channel);
  return blocks.filter((block) => block.purpose === null || block.purpose === purpose);
}

/** It is mended on the page of the way in which it came. */
async function correctedBy(context: APIContext, name: WayName, eventId: string | undefined) {
  if (eventId === undefined) return undefined;
  const { app, actor } = openDesk(context);
  const found = await findCorrectable(app, actor, eventId);
  if (!found || wayOf(found) !== name) throw new Problem(404);
  return found;
}

function subjectOf({ way, text, purposes, channel, typed }: CapturePage): CaptureSubject | undefined {
  if (way.basis === 'consent') {
    return text && { purpose: text.purpose, channel: text.channel, textRef: text.ref };
  }
  const purpose = purposes.find(({ key }) => key === typed.purpose);
  return purpose && channel && { purpose: purpose.key, channel };
}

/** What was printed on the sheet, by the form version and the language in its QR code. */
async function sheetOf(context: APIContext, { form_version: id = '', paper }: Record<string, string>) {
  const { db } = context.locals.app;
  const version = /^[0-9a-f-]{36}$/.test(id) ? await findFormVersion(db, id) : undefined;
  if (!version || !isLocale(paper)) return undefined;
  const { form, number, consents, locales } = version.definition;
  if (!locales.includes(paper)) return undefined;
  const now = await findForm(db, form);
  return {
    refs: consents.map(({ texts }) => inLocale(texts, paper).ref),
    paper: { form, number, current: now?.version.id === id },
  };
}

async function offers(context: APIContext, way: Way, locale: Locale, printed: string[] | undefined) {
  const { db, now } = context.locals.app;
  const places = await purposeChannels(db, locale);
  const titles = new Map(places.map(({ id, title }) => [id, title]));
  const texts = way.basis === 'consent' ? await loadUsedTexts(db, now().toISOString()) : [];
  return {
    texts: texts
      .filter(({ live, ref }) => (printed ? printed.includes(ref) : live || !way.readAloud))
      .map((text) => ({ ...text, title: titles.get(text.purposeId) ?? text.purpose })),
    purposes: places
      .filter(({ channel }) => channel === way.channel)
      .map(({ key, title }) => ({ key, title })),
  };
}

/** What we know of the person already is not asked twice. */
function known(person: DeskPerson | undefined, channel: Channel | undefined, actorName: string) {
  const same = person?.current.channel === channel ? person?.current : undefined;
  const point = same ?? person?.contactPoints.find((one) => one.channel === channel);
  const number = person?.contactPoints.find((one) => one.channel === 'phone')?.value ?? '';
  return { ...person?.details, captured_by: actorName, contact_point: point?.value ?? '', number };
}

function filled(typed: Record<string, string>, channel: Channel | undefined): Record<string, string> {
  const given = Object.entries(typed).filter(([name, value]) => {
    // What was looked up as a number is no e-mail address.
    const other = name === 'contact_point' && channel && channels.includes(typed.for_channel as Channel);
    return value !== '' && !(other && typed.for_channel !== channel);
  });
  return Object.fromEntries(given);
}
