import { describe, expect, it } from 'vitest';
import { readCapture } from '#src/actions/desk/permissions/read-capture.ts';

const now = new Date('2026-11-02T09:00:00.000Z');
const card = {
  given_name: 'Wilma',
  family_name: 'Weber',
  street: 'Lindenstraße 3',
  postal_code: '63452',
  city: 'Hanau',
  signed_at: '2026-11-01',
  captured_by: 'Ari Agent',
};
const post = { purpose: 'product-news', channel: 'post', textRef: 'product-news/post/de@1.0' } as const;
const read = (typed: Record<string, string>) =>
  readCapture('postcard', post, { typed: { ...card, ...typed }, scan: undefined }, now);

describe('a postcard that asks for letters', () => {
  it('is taken when the address is typed alike twice, however it is spelled', () => {
    expect(read({ contact_point_again: 'Lindenstr. 3, 63452 Hanau' })).toMatchObject({ ok: true });
    expect(
      read({
        contact_point_again: 'Lindenstr. 3, 8010 Graz',
        postal_code: '8010',
        city: 'Graz',
        country: 'AT',
      }),
    ).toMatchObject({ ok: true });
  });

  it('is not, when a stranger would get the letters', () => {
    const again = (code: string) => ({ ok: false, faults: [{ field: 'contact_point_again', code }] });
    expect(read({ contact_point_again: 'Lindenstr. 5, 63452 Hanau' })).toEqual(again('again'));
    expect(read({})).toEqual(again('required'));
  });

  it('is not, when the date is none', () => {
    const dated = read({ contact_point_again: 'Lindenstr. 3, 63452 Hanau', signed_at: 'yesterday' });
    expect(dated).toMatchObject({ ok: false, faults: [{ field: 'signed_at', code: 'invalid' }] });
  });
});
