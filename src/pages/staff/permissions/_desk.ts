import type { Channel } from '#db/schema/vocabulary.ts';

export const channels: Channel[] = ['email', 'phone', 'sms', 'fax', 'post'];
