import type { Locale } from '#db/schema/vocabulary.ts';
import { exactTimeText } from '#src/i18n/dates.ts';
import { inLocale } from '#src/i18n/locales.ts';
import { type Translate, translator } from '#src/i18n/translate.ts';
import type { Story } from '../story.ts';
import { entriesBlocks } from './annex-entries.ts';
import { filesBlocks, importsBlocks, usesBlocks } from './annex-files.ts';
import { formBlocks } from './annex-form.ts';
import { lettersBlocks, mailsBlocks } from './annex-posts.ts';
import { wordsBlocks } from './annex-words.ts';
import { describeBelief, describeLimits } from './describe-belief.ts';
import { describePart, lineOf, personName } from './describe-part.ts';
import { describeTimeline } from './describe-timeline.ts';
import { logBlocks } from './proof-of-log.ts';
import { type Annex, type AnnexName, annexNames, type Block, type Sheet } from './sheet.ts';

/** The story in words. Of the same story always the same sheet. */
export function describeStory(story: Story, locale: Locale): Sheet {
  const t = translator(locale);
  const annexes = annexesOf(story, t);
  const letterOf = (name: AnnexName) => annexes.find((annex) => annex.name === name)?.letter;
  const parts = story.permissions.map((permission) => describePart(story, permission, letterOf, locale));
  const [only, ...others] = story.permissions;
  return {
    locale,
    title: others.length === 0 && parts[0] ? parts[0].title : t('proof.title.person'),
    subject: subjectOf(story, t),
    reference: only && others.length === 0 ? only.publicId : null,
    companies: story.controllers.map(({ legalName }) => legalName).join(', '),
    asOf: t('proof.as_of', { at: exactTimeText(story.at, locale) }),
    at: story.at,
    parts,
    timeline: describeTimeline(story, locale, letterOf('uses')),
    belief: describeBelief(story, letterOf('log') ?? '', t),
    limits: describeLimits(story, t),
    annexes,
  };
}

function subjectOf({ permissions, person }: Story, t: Translate): string {
  const [only, ...others] = permissions;
  const addresses = person.contactPoints.map(({ value }) => lineOf(value));
  if (!only || others.length > 0) return [personName(person), ...addresses].filter(Boolean).join(' · ');
  const own = person.contactPoints.find(({ id }) => id === only.contactPointId);
  return [
    lineOf(own?.value ?? ''),
    t(`channel.${only.channel}`),
    inLocale(only.purpose.titles, t.locale),
  ].join(' · ');
}

const blocksOf: Record<AnnexName, (story: Story, t: Translate) => Block[]> = {
  words: wordsBlocks,
  form: formBlocks,
  entries: entriesBlocks,
  mails: mailsBlocks,
  letters: lettersBlocks,
  files: filesBlocks,
  imports: importsBlocks,
  uses: usesBlocks,
  log: logBlocks,
};

/** Those that have something to show, lettered in this order. */
function annexesOf(story: Story, t: Translate): Annex[] {
  return annexNames
    .map((name) => ({ name, blocks: blocksOf[name](story, t) }))
    .filter(({ blocks }) => blocks.length > 0)
    .map(({ name, blocks }, index) => ({
      name,
      blocks,
      letter: String.fromCharCode('A'.charCodeAt(0) + index),
      title: t(`proof.annex.${name}`),
    }));
}
