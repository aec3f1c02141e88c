import type { Channel } from '#db/schema/vocabulary.ts';

/** The channels of a request as the figures store them: each once, in a fixed order, `email,phone`. */
export function channelList(channels: Channel[]): string {
  return channelOrder.filter((channel) => channels.includes(channel)).join(',');
}

export const channelOrder: Channel[] = ['email', 'sms', 'phone', 'fax', 'post'];
