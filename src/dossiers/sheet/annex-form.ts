import { readDefinition } from '#src/forms/form-definition.ts';
import { exactTimeText } from '#src/i18n/dates.ts';
import { languageName } from '#src/i18n/names.ts';
import type { Translate } from '#src/i18n/translate.ts';
import type { Story } from '../story.ts';
import type { StoryForm } from '../story-documents.ts';
import type { StoryEvent } from '../story-events.ts';
import type { Block, Fact } from './sheet.ts';

/** Each form that was sent, once: one request of several permissions shares its evidence. */
export function formBlocks(story: Story, t: Translate): Block[] {
  const sent = new Map(
    story.events.flatMap((event): [string, StoryEvent][] =>
      event.kind === 'requested' && event.formVersionId && event.evidence?.content
        ? [[event.evidence.id, event]]
        : [],
    ),
  );
  return [...sent.values()].flatMap((event) => {
    const form = story.forms.find(({ versionId }) => versionId === event.formVersionId);
    return form ? copyOf(form, event, t) : [];
  });
}

function copyOf(form: StoryForm, event: StoryEvent, t: Translate): Block[] {
  const locale = event.evidence?.content?.locale ?? t.locale;
  const page = form.pages.find((one) => one.locale === locale);
  return [
    { kind: 'facts', facts: factsOf(form, event, t) },
    {
      kind: 'text',
      text: `${t('proof.form.copy')} ${t(page?.html ? 'proof.form.original' : 'proof.form.not_kept')}`,
    },
    {
      kind: 'form',
      locale,
      definition: readDefinition(form.definition),
      html: page?.html ?? null,
      ticked: event.boxes.flatMap(({ value, ticked }) => (ticked ? [value] : [])),
      typed: Object.fromEntries(event.fields.map(({ name, value }) => [name, value])),
    },
  ];
}

function factsOf(form: StoryForm, event: StoryEvent, t: Translate): Fact[] {
  const content = event.evidence?.content;
  const locale = content?.locale ?? t.locale;
  const page = form.pages.find((one) => one.locale === locale);
  const { key, number, publishedAt, notice } = form;
  return [
    {
      label: t('proof.form.name'),
      value: t('proof.form.name_of', { key, number, at: exactTimeText(publishedAt, t.locale) }),
    },
    { label: t('proof.form.seen'), value: content?.page_url ?? t('proof.form.seen_unknown') },
    { label: t('proof.form.language'), value: languageName(locale, t.locale) },
    { label: t('proof.form.notice'), value: t('proof.form.notice_of', { ...notice }) },
    ...(page?.sha256 ? [{ label: t('proof.form.page_sha256'), value: page.sha256, code: true }] : []),
    { label: t('proof.form.definition_sha256'), value: form.sha256, code: true },
  ];
}
