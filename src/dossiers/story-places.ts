import type { LogPlace } from './log-places.ts';
import type { Story } from './story.ts';

/** Every entry of the log that the story names, by its index. */
export function placesIn(story: Story): LogPlace[] {
  const all = [
    ...story.person.contactPoints,
    ...story.controllers,
    ...story.controllers.flatMap(({ notices }) => notices),
    ...story.permissions.map(({ purpose }) => purpose),
    ...story.events,
    ...story.events.flatMap(({ ground, use }) => [ground ?? [], use ?? []].flat()),
    ...story.personEvents,
    ...story.blocks,
    ...story.mails,
    ...story.letters,
    ...story.files,
    ...story.texts,
    ...story.texts.flatMap(({ steps }) => steps),
    ...story.forms,
    ...story.imports,
  ];
  return all.flatMap(({ log }) => log);
}
