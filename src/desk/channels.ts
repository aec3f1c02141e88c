/** In the order in which the desks offer them. */
export const channels = ['email', 'phone', 'sms', 'fax', 'post'] as const;
