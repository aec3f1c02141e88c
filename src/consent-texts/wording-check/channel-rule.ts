import { channelNames, channelSet, channelsIn, type NamedChannel } from './channels.ts';
import type { Channel } from './check-input.ts';
import { detail, type Finding } from './finding.ts';
import type { Reading } from './reading.ts';

/** W09: the channels in the text are those of the box, and the form has a field for each. */
export function channelFindings(reading: Reading): Finding[] {
  const asked = reading.input.channels ?? [];
  const inText = channelsIn(reading.wording, reading.locale);
  const said = channelSet(inText);
  const name = (channel: NamedChannel) => ({ channel: channelNames[reading.reader][channel] });
  if (said.length === 0) return [detail(reading, 'W09', 'none')];
  const missing = asked
    .filter((channel) => !said.includes(channel) && !inText.hinted.has(channel))
    .map((channel) => detail(reading, 'W09', 'missing', name(channel)));
  const extra = said
    .filter((channel) => channel === 'messenger' || (asked.length > 0 && !asked.includes(channel)))
    .map((channel) => detail(reading, 'W09', 'extra', name(channel), { span: inText.named.get(channel) }));
  return [...missing, ...extra, ...fieldless(reading, asked)];
}

const FIELDS: Record<Channel, string[]> = {
  email: ['email'],
  sms: ['phone', 'mobile'],
  phone: ['phone', 'mobile'],
  fax: ['fax'],
  post: ['street', 'postal_code', 'city'],
};

function fieldless(reading: Reading, asked: Channel[]): Finding[] {
  const fields = reading.input.form?.fields;
  if (!fields) return [];
  return asked
    .filter((channel) => !fields.some(({ name }) => FIELDS[channel].includes(name)))
    .map((channel) => detail(reading, 'W09', 'field', { channel: channelNames[reading.reader][channel] }));
}
