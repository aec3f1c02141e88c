/** What a page shows on which a permission is taken down that did not come by a form. */
import type { Channel } from '#db/schema/vocabulary.ts';
import { channels } from '#src/desk/channels.ts';
import type { OpenDesk } from '#src/desk/desk-action.ts';
import { findForm, findFormVersion } from '#src/forms/find-form.ts';
import { Problem } from '#src/http/problem.ts';
import { inLocale, isLocale } from '#src/i18n/locales.ts';
import { purposeChannels } from '#src/ledger/permission-matrix.ts';
import type { Block } from '#src/people/find-blocks.ts';
import { blocksAtDesk } from '#src/permissions/blocks-at-desk.ts';
import { type Correctable, findCorrectable } from '#src/permissions/find-correctable.ts';
import { type DeskPerson, findAtDesk } from '#src/permissions/look-up-person.ts';
import { type AskableText, loadUsedTexts } from '#src/permissions/look-up-texts.ts';
import { typedThen, wayOf } from './correction.ts';
import { type CaptureSubject, contactPointOf } from './read-capture.ts';
import { isWay, type Way, type WayName, ways } from './ways.ts';

type CaptureDesk = Pick<OpenDesk, 'app' | 'actor' | 'locale'>;

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
  /** What stands on the address, which the agent is told before a yes is kept. */
  blocks: Block[];
  /** Who it is taken down for, where that is known already. */
  person: DeskPerson | undefined;
  /** What is mended. */
  corrects: Correctable | undefined;
}

/** The way that the address names. */
export function requireWay(name: string | undefined): WayName {
  if (!isWay(name)) throw new Problem(404);
  return name;
}

/** The page as it is opened: what is mended is filled in, and what the address says counts more. */
export async function openCapture(
  desk: CaptureDesk,
  name: WayName,
  query: URLSearchParams,
): Promise<CapturePage> {
  const asked = Object.fromEntries(query);
  const corrects = await correctedBy(desk, name, asked.corrects);
  return beginCapture(desk, name, { ...(corrects && typedThen(name, corrects)), ...asked });
}

/** The page with what was typed, and in the entries that are still empty what is known already. */
export async function beginCapture(
  desk: CaptureDesk,
  name: WayName,
  typed: Record<string, string>,
): Promise<CapturePage> {
  const page = await loadCapture(desk, name, typed);
  const { person, channel } = page;
  const begun = { ...known(person, channel, desk.actor.name), ...filled(typed, channel) };
  const subject = subjectOf({ ...page, typed: begun });
  return { ...page, typed: begun, blocks: subject ? await blocksOf(desk, subject, begun) : [] };
}

/** The page with what was typed, as it was typed, and without the blocks. */
export async function loadCapture(
  desk: CaptureDesk,
  name: WayName,
  typed: Record<string, string>,
): Promise<CapturePage> {
  const way: Way = ways[name];
  const corrects = await correctedBy(desk, name, typed.corrects);
  const person = typed.for ? await findAtDesk(desk.app, desk.actor, typed.for, desk.locale) : undefined;
  const sheet = await sheetOf(desk, typed);
  const offered = await offers(desk, way, sheet?.refs);
  const text = offered.texts.find(({ ref }) => ref === typed.text);
  const channel = way.channel ?? text?.channel;
  return { name, way, ...offered, text, channel, paper: sheet?.paper, typed, blocks: [], person, corrects };
}

/** Those that concern this purpose. */
export async function blocksOf(
  { app, actor }: CaptureDesk,
  { purpose, channel }: CaptureSubject,
  typed: Record<string, string>,
): Promise<Block[]> {
  const blocks = await blocksAtDesk(app, actor, contactPointOf(channel, typed), channel);
  return blocks.filter((block) => block.purpose === null || block.purpose === purpose);
}

/** It is mended on the page of the way in which it came. */
async function correctedBy({ app, actor }: CaptureDesk, name: WayName, eventId: string | undefined) {
  if (eventId === undefined) return undefined;
  const found = await findCorrectable(app, actor, eventId);
  if (!found || wayOf(found) !== name) throw new Problem(404);
  return found;
}

export function subjectOf({ way, text, purposes, channel, typed }: CapturePage): CaptureSubject | undefined {
  if (way.basis === 'consent') {
    return text && { purpose: text.purpose, channel: text.channel, textRef: text.ref };
  }
  const purpose = purposes.find(({ key }) => key === typed.purpose);
  return purpose && channel && { purpose: purpose.key, channel };
}

/** What was printed on the sheet, by the form version and the language in its QR code. */
async function sheetOf(
  { app: { db } }: CaptureDesk,
  { form_version: id = '', paper }: Record<string, string>,
) {
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

async function offers({ app, locale }: CaptureDesk, way: Way, printed: string[] | undefined) {
  const { db, now } = app;
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
    const other = name === 'contact_point' && channel && channels.some((one) => one === typed.for_channel);
    return value !== '' && !(other && typed.for_channel !== channel);
  });
  return Object.fromEntries(given);
}
