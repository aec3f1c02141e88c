import type { Channel } from '#db/schema.ts';

/** The channels that one request asks for, as the figures name them: each once, in one order, `email,phone`. */
export function channelList(channels: Channel[]): string {
  return channelOrder.filter((channel) => channels.includes(channel)).join(',');
}

export const channelOrder: Channel[] = ['email', 'sms', 'phone', 'fax', 'post'];
